#ifndef DOMAIN_IDENTITY_KEY_H
#define DOMAIN_IDENTITY_KEY_H

#include "domain/identity.h"

/* Between keys.c, which owns it in guarded memory, and identity.c, which hashes with it; nobody
 * else includes this. */
struct identity_key {
    char consultation[SLUG_MOST + 1];
    unsigned char bytes[IDENTITY_KEY_BYTES];
};

#endif
