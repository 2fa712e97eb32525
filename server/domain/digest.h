#ifndef DOMAIN_DIGEST_H
#define DOMAIN_DIGEST_H

/* Kinds of 32 bytes that must not be taken for one another. */
enum { DIGEST_BYTES = 32 };

struct digest {
    unsigned char bytes[DIGEST_BYTES];
};

/* Lower-case hexadecimal, NUL-terminated. */
void digest_hex(const struct digest *digest, char text[2 * DIGEST_BYTES + 1]);

#endif
