/* Nonce and verifier of a way to the provider; see authorization.h. */
#include "domain/authorization.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
static_assert(AUTHORIZATION_TEXT == (DIGEST_BYTES * 4 + 2) / 3 + 1, "base64url of a digest");

bool authorization_text(const struct keys *keys, int master, const char *purpose, const void *plain,
                        size_t length, char out[AUTHORIZATION_TEXT])
{
    struct digest digest;
    bool ok = keys_derive(keys, master, purpose, plain, length, &digest);
    if (ok)
        sodium_bin2base64(out, AUTHORIZATION_TEXT, digest.bytes, sizeof digest.bytes, VARIANT);
    sodium_memzero(&digest, sizeof digest);
    return ok;
}

bool authorization_derive(const struct keys *keys, int master, const char *nonce,
                          const char *verifier, const void *plain, size_t length,
                          struct authorization *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    static_assert(sizeof hash == DIGEST_BYTES, "as long as a digest");
    if (!authorization_text(keys, master, nonce, plain, length, out->nonce) ||
        !authorization_text(keys, master, verifier, plain, length, out->verifier))
        return false;
    crypto_hash_sha256(hash, (const unsigned char *)out->verifier, strlen(out->verifier));
    sodium_bin2base64(out->code_challenge, sizeof out->code_challenge, hash, sizeof hash, VARIANT);
    return true;
}
