/* Ways to the provider and back; see account_visit.h. The cookie is, in base64url: 16 bytes of a
 * keyed digest over the rest, a byte of marks, a byte for the language, the end's eight, 32 random
 * ones, and the session's digest. */
#include "access/account_visit.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { TAG = 16, END = 2, RANDOM = END + 8, SESSION = RANDOM + 32, PLAIN = SESSION + DIGEST_BYTES };
enum { MARK_MEMBER = 1, MARK_CONNECTS = 2 };
enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
static_assert(ACCOUNT_VISIT_TEXT == ((TAG + PLAIN) * 4 + 2) / 3 + 1, "the text has just room");

#define SECOND_US INT64_C(1000000)

static bool plain_derive(const struct keys *keys, int master, const unsigned char plain[PLAIN],
                         struct digest *tag, struct authorization *out)
{
    return keys_derive(keys, master, "account-visit", plain, PLAIN, tag) &&
           authorization_text(keys, master, "account-state", plain, PLAIN, out->state) &&
           authorization_derive(keys, master, "account-nonce", "account-verifier", plain, PLAIN,
                                out);
}

bool account_visit_make(const struct keys *keys, const struct clock *clock, enum language language,
                        bool member, const struct digest *session, struct account_visit *out,
                        char text[ACCOUNT_VISIT_TEXT])
{
    unsigned char bytes[TAG + PLAIN], *plain = bytes + TAG;
    struct digest tag;
    *out = (struct account_visit){.member = member,
                                  .connects = session != NULL,
                                  .until_s = clock_utc_us(clock) / SECOND_US + ACCOUNT_VISIT_S,
                                  .authorization.language = language};
    if (session)
        out->session = *session;
    plain[0] = (unsigned char)((member ? MARK_MEMBER : 0) | (session ? MARK_CONNECTS : 0));
    plain[1] = (unsigned char)language;
    for (int i = 0; i < 8; i++)
        plain[END + i] = (unsigned char)(out->until_s >> (8 * i));
    clock_random(clock, plain + RANDOM, SESSION - RANDOM);
    memcpy(plain + SESSION, out->session.bytes, DIGEST_BYTES);
    bool ok = plain_derive(keys, keys_newest_master(keys), plain, &tag, &out->authorization);
    if (ok) {
        memcpy(bytes, tag.bytes, TAG);
        sodium_bin2base64(text, ACCOUNT_VISIT_TEXT, bytes, sizeof bytes, VARIANT);
    }
    sodium_memzero(bytes, sizeof bytes);
    return ok;
}

static void plain_read(const unsigned char plain[PLAIN], struct account_visit *out)
{
    out->member = plain[0] & MARK_MEMBER;
    out->connects = plain[0] & MARK_CONNECTS;
    out->authorization.language = (enum language)plain[1];
    for (int i = 0; i < 8; i++)
        out->until_s |= (int64_t)plain[END + i] << (8 * i);
    memcpy(out->session.bytes, plain + SESSION, DIGEST_BYTES);
}

bool account_visit_read(const struct keys *keys, const struct clock *clock, bool member,
                        const char *text, const char *state, struct account_visit *out)
{
    unsigned char bytes[TAG + PLAIN], *plain = bytes + TAG;
    struct authorization *authorization = &out->authorization;
    struct digest tag;
    size_t length = 0;
    *out = (struct account_visit){0};
    bool ok = strlen(text) == ACCOUNT_VISIT_TEXT - 1 &&
              sodium_base642bin(bytes, sizeof bytes, text, ACCOUNT_VISIT_TEXT - 1, NULL, &length,
                                NULL, VARIANT) == 0 &&
              length == sizeof bytes &&
              plain_derive(keys, keys_newest_master(keys), plain, &tag, authorization) &&
              sodium_memcmp(tag.bytes, bytes, TAG) == 0 && plain[1] < LANGUAGES;
    if (ok)
        plain_read(plain, out);
    sodium_memzero(bytes, sizeof bytes);
    return ok && out->member == member && clock_utc_us(clock) / SECOND_US < out->until_s &&
           strlen(state) == AUTHORIZATION_TEXT - 1 &&
           sodium_memcmp(state, authorization->state, AUTHORIZATION_TEXT - 1) == 0;
}
