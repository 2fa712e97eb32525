#ifndef DOMAIN_PROOF_OF_WORK_H
#define DOMAIN_PROOF_OF_WORK_H

#include "base/clock.h"
#include "base/parse.h"
#include "base/problem.h"
#include "domain/keys.h"

#include <jansson.h>

/* Proof-of-work in the form of ALTCHA's first protocol (SHA-256): the client looks for the number
 * whose SHA-256 behind the salt is the challenge, and sends what it was given together with the
 * number as base64 of JSON. Dear for whoever sends very many, free of any question to a person.
 *
 * The server remembers nothing: the challenge is signed by HMAC-SHA256 (RFC 2104) under a key that
 * is derived from the master, the day, the consultation and *the submission key*. So a solution
 * serves one submission key, which the database takes once; it is good once whichever server is
 * asked. Functions may be called from any thread. */

enum {
    PROOF_OF_WORK_SECONDS = 4 * 60 * 60, /* as long as an answer may take to write */
    PROOF_OF_WORK_PAYLOAD_MOST = 1024    /* bytes of base64; ours has about 400 */
};

/* A new challenge for one submission to that consultation, as ALTCHA's document {algorithm,
 * challenge, maxnumber, salt, signature}; its number lies between 0 and `most`, so that finding it
 * takes half as many tries on average. New reference; NULL: no memory, or no master. */
json_t *proof_of_work_challenge(const struct keys *keys, const struct clock *clock,
                                const char *slug, const struct uuid *submission_key, long most);

/* Judges a solution. PROBLEM_PROOF_OF_WORK_EXPIRED: it was right, but longer ago than
 * PROOF_OF_WORK_SECONDS. PROBLEM_PROOF_OF_WORK_WRONG: anything else that is not right: no solution
 * at all, forged, or of another submission key or consultation. */
enum problem_code proof_of_work_check(const struct keys *keys, const struct clock *clock,
                                      const char *slug, const struct uuid *submission_key,
                                      const char *payload);

#endif
