#ifndef DOMAIN_KEYS_MEMORY_H
#define DOMAIN_KEYS_MEMORY_H

#include "domain/identity_key.h"
#include "domain/keys.h"

#include <sodium.h>
#include <stdatomic.h>

/* What struct keys is made of, for keys.c (using them), keys_load.c (reading the folder) and
 * keys_jwks.c alone. */

enum {
    MASTER_BYTES = IDENTITY_KEY_BYTES,
    PUBLIC_BYTES = crypto_sign_PUBLICKEYBYTES,
    SECRET_BYTES = crypto_sign_SECRETKEYBYTES,
    KEY_ID_MOST = 9999
};

struct master_key {
    int id;
    unsigned char bytes[MASTER_BYTES];
};

struct receipt_key {
    int id;
    bool has_public, has_secret;
    unsigned char public_half[PUBLIC_BYTES];
    unsigned char secret_half[SECRET_BYTES];
};

/* An identity key that came later, in guarded memory of its own. */
struct added_key {
    struct added_key *next;
    struct identity_key key;
};

/* The arrays lie in guarded memory, sorted by id, the highest last. */
struct keys {
    size_t master_count, receipt_count, identity_count;
    struct master_key *masters;
    struct receipt_key *receipts;
    struct identity_key *identities;
    _Atomic(struct added_key *) added; /* the newest first; written whole, then put here */
};

/* keys.c: is it the one that the consultation's rows are hashed with? */
bool keys_identity_fits(const struct identity_key *key, const struct consultation *consultation);

#endif
