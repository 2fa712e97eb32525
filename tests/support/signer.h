#ifndef SUPPORT_SIGNER_H
#define SUPPORT_SIGNER_H

#include "access/message_signature.h"

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>

/* The other side of server/access/message_signature: signs requests as an institution's machine
 * does. Ed25519 gives the same signature for the same base, so that the RFC's own can be asked of
 * it. */

/* The key pair of 32 secret bytes (RFC 8032's seed) in base 64, either alphabet. */
void signer_key(const char *seed, unsigned char public_half[crypto_sign_PUBLICKEYBYTES],
                unsigned char secret_half[crypto_sign_SECRETKEYBYTES]);

/* The value of Signature for the first signature that `input`, the value of Signature-Input, has:
 * `label=:…:`. False: `input` is not one, or asks for what the request has not. */
bool signer_sign(const struct message *message, const char *input,
                 const unsigned char secret_half[crypto_sign_SECRETKEYBYTES], char *signature,
                 size_t room);

/* The value of Content-Digest by SHA-256. */
void signer_digest(const void *body, size_t length, char *field, size_t room);

#endif
