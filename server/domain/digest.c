/* Digests of lists of parts; see digest.h. */
#include "domain/digest.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

void digest_hex(const struct digest *digest, char text[2 * DIGEST_BYTES + 1])
{
    sodium_bin2hex(text, 2 * DIGEST_BYTES + 1, digest->bytes, DIGEST_BYTES);
}

bool digest_of_hex(const char *text, struct digest *out)
{
    size_t length = 2 * (size_t)DIGEST_BYTES;
    return strspn(text, "0123456789abcdef") == length && text[length] == '\0' &&
           sodium_hex2bin(out->bytes, DIGEST_BYTES, text, length, NULL, NULL, NULL) == 0;
}

void digest_parts(const unsigned char *key, const struct digest_part *parts, size_t count,
                  struct digest *out)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, key ? DIGEST_BYTES : 0, DIGEST_BYTES);
    for (size_t i = 0; i < count; i++) {
        unsigned char length[8];
        for (size_t n = 0; n < sizeof length; n++)
            length[n] = (unsigned char)((uint64_t)parts[i].length >> (56 - 8 * n));
        crypto_generichash_update(&state, length, sizeof length);
        crypto_generichash_update(&state, parts[i].bytes, parts[i].length);
    }
    crypto_generichash_final(&state, out->bytes, DIGEST_BYTES);
    sodium_memzero(&state, sizeof state);
}
