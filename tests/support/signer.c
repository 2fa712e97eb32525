/* Signs requests; see signer.h. */
#include "support/signer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void signer_key(const char *seed, unsigned char public_half[crypto_sign_PUBLICKEYBYTES],
                unsigned char secret_half[crypto_sign_SECRETKEYBYTES])
{
    unsigned char bytes[crypto_sign_SEEDBYTES];
    int variant = strpbrk(seed, "-_") ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
                                      : sodium_base64_VARIANT_ORIGINAL;
    size_t length = 0;
    if (sodium_base642bin(bytes, sizeof bytes, seed, strlen(seed), NULL, &length, NULL, variant) !=
            0 ||
        length != sizeof bytes)
        abort();
    crypto_sign_seed_keypair(public_half, secret_half, bytes);
}

bool signer_sign(const struct message *message, const char *input,
                 const unsigned char secret_half[crypto_sign_SECRETKEYBYTES], char *signature,
                 size_t room)
{
    unsigned char bytes[crypto_sign_BYTES];
    char text[crypto_sign_BYTES * 2];
    struct fault fault;
    struct buf base = {0};
    struct structured_dictionary *read = structured_read(input, strlen(input));
    bool ok = read && read->count && read->members[0].item.value.kind == STRUCTURED_LIST &&
              message_signature_base(message, &read->members[0], &base, &fault);
    if (ok) {
        crypto_sign_detached(bytes, NULL, (const unsigned char *)base.data, base.length,
                             secret_half);
        sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
        snprintf(signature, room, "%s=:%s:", read->members[0].key, text);
    }
    structured_free(read);
    buf_clear(&base);
    return ok;
}

void signer_digest(const void *body, size_t length, char *field, size_t room)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[crypto_hash_sha256_BYTES * 2];
    crypto_hash_sha256(hash, body, length);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    snprintf(field, room, "sha-256=:%s:", text);
}
