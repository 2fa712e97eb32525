/* From what somebody typed to a keyed hash. The normalisation is a security rule (one person, one
 * form): its version is fixed when a consultation is made, and a change of rules is a new version
 * beside this one. */
#include "domain/identity.h"

#include "base/text.h"
#include "domain/digest.h"
#include "domain/identity_key.h"
#include "domain/normalise.h"

#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

/* RFC 5321 §4.5.3.1: an address has at most 254 bytes; ours may be sent decomposed or full-width.
 */
enum { IDENTITY_BYTES_MOST = 1024 };

static const char tag[] = "consultation-identity";

const char *identity_kind_name(enum identity_kind kind)
{
    static const char *const names[IDENTITY_KINDS] = {
        [IDENTITY_NONE] = "none", [IDENTITY_EMAIL] = "email",   [IDENTITY_MOBILE] = "mobile",
        [IDENTITY_HKID] = "hkid", [IDENTITY_OPENID] = "openid",
    };
    return names[kind];
}

static void erase(char *text)
{
    sodium_memzero(text, strlen(text));
    free(text);
}

/* Without what cannot be seen (bidi marks and joiners come along when an address is copied), dashes
 * as '-', any white space as ' '. In place: no replacement is longer. False on a control character.
 */
static bool make_plain(char *text)
{
    uint8_t *out = (uint8_t *)text;
    const uint8_t *in = out, *const end = in + strlen(text);
    while (in < end) {
        ucs4_t c;
        int step = u8_mbtouc(&c, in, (size_t)(end - in));
        if (uc_is_property_white_space(c))
            *out++ = ' ';
        else if (uc_is_general_category(c, UC_CATEGORY_Cc))
            return false;
        else if (uc_is_property_dash(c))
            *out++ = '-';
        else if (!uc_is_property_default_ignorable_code_point(c)) {
            memmove(out, in, (size_t)step);
            out += step;
        }
        in += step;
    }
    sodium_memzero(out, (size_t)(end - out));
    *out = '\0';
    return true;
}

static char *compatible(const char *value)
{
    char *text = NULL;
    if (strlen(value) > IDENTITY_BYTES_MOST || !text_compatible(value, strlen(value), &text))
        return NULL;
    if (!make_plain(text)) {
        erase(text);
        return NULL;
    }
    size_t whole = strlen(text), length = 0;
    const char *first = text_trim(text, &length);
    memmove(text, first, length);
    sodium_memzero(text + length, whole - length);
    return text;
}

char *identity_normalise(enum identity_kind kind, const char *value)
{
    char *text = compatible(value);
    char *normal = NULL;
    if (!text)
        return NULL;
    switch (kind) {
    case IDENTITY_EMAIL:
        normal = email_normalise(text);
        break;
    case IDENTITY_MOBILE:
        normal = mobile_normalise(text);
        break;
    case IDENTITY_HKID:
        normal = hkid_normalise(text);
        break;
    case IDENTITY_OPENID: /* its subject is taken as it is */
    case IDENTITY_NONE:
    case IDENTITY_KINDS:
        break;
    }
    erase(text);
    return normal;
}

/* A number as one part of the hash: its own four bytes, so that its length never varies. */
static struct digest_part part_of(uint32_t number, unsigned char bytes[4])
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> (24 - 8 * i));
    return (struct digest_part){bytes, 4};
}

enum { VALUE_PARTS_MOST = 2, FIRST_PARTS = 4 };

static void parts_hash(const struct identity_key *key, int normalisation, int consultation_id,
                       enum identity_kind kind, const char *const *values, size_t count,
                       struct respondent_hash *out)
{
    unsigned char version[4], consultation[4], kind_bytes[4];
    struct digest_part parts[FIRST_PARTS + VALUE_PARTS_MOST] = {
        {tag, sizeof tag - 1},
        part_of((uint32_t)normalisation, version),
        part_of((uint32_t)consultation_id, consultation),
        part_of((uint32_t)kind, kind_bytes),
    };
    for (size_t i = 0; i < count; i++)
        parts[FIRST_PARTS + i] = (struct digest_part){values[i], strlen(values[i])};
    struct digest digest;
    digest_parts(key->bytes, parts, FIRST_PARTS + count, &digest);
    static_assert((int)IDENTITY_HASH_BYTES == (int)DIGEST_BYTES, "a respondent hash is a digest");
    memcpy(out->bytes, digest.bytes, sizeof out->bytes);
    sodium_memzero(&digest, sizeof digest);
}

enum problem_code identity_hash(const struct identity_key *key, int normalisation,
                                int consultation_id, enum identity_kind kind, char *value,
                                struct respondent_hash *out)
{
    char *normal = normalisation == IDENTITY_NORMALISATION ? identity_normalise(kind, value) : NULL;
    sodium_memzero(value, strlen(value));
    if (!normal)
        return PROBLEM_IDENTITY_INVALID;
    parts_hash(key, normalisation, consultation_id, kind, (const char *const[]){normal}, 1, out);
    erase(normal);
    return PROBLEM_NONE;
}

void identity_hash_subject(const struct identity_key *key, int normalisation, int consultation_id,
                           const char *issuer, const char *subject, struct respondent_hash *out)
{
    parts_hash(key, normalisation, consultation_id, IDENTITY_OPENID,
               (const char *const[]){issuer, subject}, 2, out);
}
