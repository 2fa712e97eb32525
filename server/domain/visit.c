/* Ways to the provider and back; see visit.h. The state is, in base64url: 16 bytes of a keyed hash
 * over the rest, a byte for the language, the challenge's 16, and the consultation's slug. */
#include "domain/visit.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { TAG = 16, HEAD = 1 + UUID_BYTES, PLAIN_MOST = HEAD + SLUG_MOST };
enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
static_assert(AUTHORIZATION_STATE >= ((TAG + PLAIN_MOST) * 4 + 2) / 3 + 1,
              "the longest state has room");

static bool secrets_derive(const struct keys *keys, const unsigned char *plain, size_t length,
                           struct visit *out)
{
    return authorization_derive(keys, out->master, "openid-nonce", "openid-verifier", plain, length,
                                &out->authorization);
}

bool visit_make(const struct keys *keys, int master, const char *slug, enum language language,
                const struct uuid *challenge, struct visit *out)
{
    unsigned char bytes[TAG + PLAIN_MOST], *plain = bytes + TAG;
    struct digest tag;
    size_t length = strlen(slug);
    *out = (struct visit){
        .challenge = *challenge, .master = master, .authorization.language = language};
    if (length > SLUG_MOST)
        return false;
    memcpy(out->slug, slug, length + 1);
    plain[0] = (unsigned char)language;
    memcpy(plain + 1, challenge->bytes, UUID_BYTES);
    memcpy(plain + HEAD, slug, length);
    length += HEAD;
    if (!keys_derive(keys, master, "openid-state", plain, length, &tag) ||
        !secrets_derive(keys, plain, length, out))
        return false;
    memcpy(bytes, tag.bytes, TAG);
    sodium_bin2base64(out->authorization.state, sizeof out->authorization.state, bytes,
                      TAG + length, VARIANT);
    return true;
}

bool visit_read(const struct keys *keys, const char *state, struct visit *out)
{
    unsigned char bytes[TAG + PLAIN_MOST + 1], *plain = bytes + TAG;
    struct digest tag;
    size_t length = 0;
    *out = (struct visit){.master = keys_newest_master(keys)};
    if (strlen(state) >= sizeof out->authorization.state ||
        sodium_base642bin(bytes, sizeof bytes - 1, state, strlen(state), NULL, &length, NULL,
                          VARIANT) != 0 ||
        length <= TAG + HEAD)
        return false;
    bytes[length] = '\0';
    length -= TAG;
    if (!keys_derive(keys, out->master, "openid-state", plain, length, &tag) ||
        sodium_memcmp(tag.bytes, bytes, TAG) != 0 || plain[0] >= LANGUAGES)
        return false;
    out->authorization.language = (enum language)plain[0];
    memcpy(out->challenge.bytes, plain + 1, UUID_BYTES);
    memcpy(out->slug, plain + HEAD, length - HEAD + 1);
    memcpy(out->authorization.state, state, strlen(state) + 1);
    return secrets_derive(keys, plain, length, out);
}
