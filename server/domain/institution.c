/* What an institution is; see institution.h. */
#include "domain/institution.h"

#include "domain/identity.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[INSTITUTION_KINDS] = {
#define KIND(name, text) [INSTITUTION_KIND_##name] = text,
#include "domain/institution_kinds.def"
};

const char *institution_kind_name(enum institution_kind kind)
{
    return kinds[kind];
}

enum institution_kind institution_kind_find(const char *name)
{
    int kind = 0;
    while (kind < INSTITUTION_KINDS && strcmp(name, kinds[kind]) != 0)
        kind++;
    return (enum institution_kind)kind;
}

/* By the rules of addresses, so that an address and its domain are never of two minds. */
bool institution_domain(const char *text, char out[DOMAIN_TEXT])
{
    char address[2 + 4 * DOMAIN_TEXT];
    const char *domain = text + strspn(text, " \t@");
    if (strlen(domain) > sizeof address - 3 || strchr(domain, '@'))
        return false;
    snprintf(address, sizeof address, "x@%s", domain);
    char *normal = identity_normalise(IDENTITY_EMAIL, address);
    bool ok = normal && strlen(normal + 2) < DOMAIN_TEXT;
    if (ok)
        snprintf(out, DOMAIN_TEXT, "%s", normal + 2);
    free(normal);
    return ok;
}

bool institution_code_hash(const struct keys *keys, int32_t institution_id, int32_t member_id,
                           const char code[PROOF_CODE + 1], struct digest *out)
{
    unsigned char input[2 * sizeof(int32_t) + PROOF_CODE];
    memcpy(input, &institution_id, sizeof institution_id);
    memcpy(input + sizeof institution_id, &member_id, sizeof member_id);
    memcpy(input + 2 * sizeof(int32_t), code, PROOF_CODE);
    bool ok =
        keys_derive(keys, keys_newest_master(keys), "institution-code", input, sizeof input, out);
    sodium_memzero(input, sizeof input);
    return ok;
}

/* RFC 8410 §4, §10.1: SubjectPublicKeyInfo of Ed25519 is this and the key. */
static const unsigned char spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                     0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
enum { TYPED_MOST = 512, SPKI_BYTES = sizeof spki + PUBLIC_KEY_BYTES };

/* Without the lines that frame PEM, and without white space. */
static void typed_pack(const char *text, char out[TYPED_MOST])
{
    size_t length = 0;
    for (const char *p = text; *p && length < TYPED_MOST - 1;) {
        if (strncmp(p, "-----", 5) == 0) {
            const char *end = strstr(p + 5, "-----");
            p = end ? end + 5 : p + strlen(p);
        } else if (strchr(" \t\r\n", *p)) {
            p++;
        } else {
            out[length++] = *p++;
        }
    }
    out[length] = '\0';
}

/* Its bytes; 0: neither hexadecimal nor base64. */
static size_t typed_decode(const char *text, unsigned char out[SPKI_BYTES])
{
    static const int variants[] = {
        sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
        sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING};
    size_t length = strlen(text), got = 0;
    if (length == 2 * PUBLIC_KEY_BYTES &&
        sodium_hex2bin(out, SPKI_BYTES, text, length, NULL, &got, NULL) == 0 &&
        got == PUBLIC_KEY_BYTES)
        return got;
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        if (sodium_base642bin(out, SPKI_BYTES, text, length, NULL, &got, NULL, variants[i]) == 0)
            return got;
    return 0;
}

bool public_key_read(const char *text, unsigned char out[PUBLIC_KEY_BYTES])
{
    char typed[TYPED_MOST];
    unsigned char bytes[SPKI_BYTES];
    const unsigned char *key = bytes;
    if (strlen(text) >= TYPED_MOST)
        return false;
    typed_pack(text, typed);
    size_t length = typed_decode(typed, bytes);
    if (length == SPKI_BYTES && memcmp(bytes, spki, sizeof spki) == 0)
        key = bytes + sizeof spki;
    else if (length != PUBLIC_KEY_BYTES)
        return false;
    if (crypto_core_ed25519_is_valid_point(key) != 1)
        return false;
    memcpy(out, key, PUBLIC_KEY_BYTES);
    return true;
}
