#ifndef DOMAIN_IDENTITY_H
#define DOMAIN_IDENTITY_H

#include "base/problem.h"
#include "domain/consultation.h"

enum { IDENTITY_HASH_BYTES = 32, IDENTITY_KEY_BYTES = 32, IDENTITY_NORMALISATION = 1 };

/* The only form in which a person is known beyond this module. */
struct respondent_hash {
    unsigned char bytes[IDENTITY_HASH_BYTES];
};

struct identity_key; /* domain/keys: guarded memory */

/* Normalises `value` (NUL-terminated; wiped before return), checks it for its kind and hashes it
 * with the consultation's key. PROBLEM_NONE, PROBLEM_IDENTITY_INVALID, or PROBLEM_INTERNAL (no
 * memory). Any thread. */
enum problem_code identity_hash(const struct identity_key *key, int normalisation,
                                int consultation_id, enum identity_kind kind, char *value,
                                struct respondent_hash *out);

/* The same of an OpenID Connect subject: issuer and subject as they are, each with its length
 * (OpenID Connect Core 1.0 §5.7: only both together name somebody). The caller wipes them. Any
 * thread. */
void identity_hash_subject(const struct identity_key *key, int normalisation, int consultation_id,
                           const char *issuer, const char *subject, struct respondent_hash *out);

/* The one form of a value: what is hashed, and where a code is sent. Caller wipes and frees. NULL
 * if not valid. */
char *identity_normalise(enum identity_kind kind, const char *value);

const char *identity_kind_name(enum identity_kind kind); /* "email", "mobile", …; static */

#endif
