#ifndef DOMAIN_DIGEST_H
#define DOMAIN_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

/* Kinds of 32 bytes that must not be taken for one another. */
enum { DIGEST_BYTES = 32 };

struct digest {
    unsigned char bytes[DIGEST_BYTES];
};

/* Lower-case hexadecimal, NUL-terminated. */
void digest_hex(const struct digest *digest, char text[2 * DIGEST_BYTES + 1]);

/* The other way round, and no other spelling; false: it is none. */
bool digest_of_hex(const char *text, struct digest *out);

struct digest_part {
    const void *bytes;
    size_t length;
};

/* BLAKE2b-256 (RFC 7693) over the parts, each after its length in eight bytes, so that no two lists
 * of parts share their bytes. `key`: 32 bytes, or NULL for a plain hash. */
void digest_parts(const unsigned char *key, const struct digest_part *parts, size_t count,
                  struct digest *out);

#endif
