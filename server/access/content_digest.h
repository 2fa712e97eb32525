#ifndef ACCESS_CONTENT_DIGEST_H
#define ACCESS_CONTENT_DIGEST_H

#include "base/problem.h"

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>

/* Content-Digest (RFC 9530 §2): what the sender says the body hashes to, by SHA-256, SHA-512 or
 * both. Any thread. */

struct content_digest {
    bool sha256_given, sha512_given;
    unsigned char sha256[crypto_hash_sha256_BYTES], sha512[crypto_hash_sha512_BYTES];
};

/* `field`: the field's lines joined by ", "; NULL: there is none. Algorithms that we do not know,
 * and those that are too weak to say anything, are passed over; a digest of one that we know must
 * be of the right length. PROBLEM_DIGEST_MISSING: no field, an empty one or none that we know;
 * PROBLEM_DIGEST_MALFORMED. */
enum problem_code content_digest_read(const char *field, struct content_digest *out);

/* The body as it comes, however long it is. */
struct content_hash {
    crypto_hash_sha256_state sha256;
    crypto_hash_sha512_state sha512;
};

void content_hash_begin(struct content_hash *hash);
void content_hash_add(struct content_hash *hash, const void *bytes, size_t length);
/* Ends it. PROBLEM_NONE if every digest that was read is the body's, else PROBLEM_DIGEST_WRONG. */
enum problem_code content_hash_check(struct content_hash *hash,
                                     const struct content_digest *expected);

/* All of it for a body that is there as a whole. */
enum problem_code content_digest_check(const char *field, const void *body, size_t length);

#endif
