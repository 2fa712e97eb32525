#ifndef DOMAIN_PROOF_H
#define DOMAIN_PROOF_H

#include "base/clock.h"
#include "base/parse.h"
#include "domain/keys.h"
#include "domain/submission.h"

/* Codes that prove an identity, and what is sent to ask for one. */

enum { PROOF_MINUTES = 10, PROOF_ADDRESS = 256 };

/* Six decimal digits, each value as likely as any other. */
void proof_code_make(const struct clock *clock, char code[PROOF_CODE + 1]);

/* As somebody types it: full-width digits, spaces and hyphens are fine. False: not six digits. */
bool proof_code_read(const char *text, char code[PROOF_CODE + 1]);

/* Keyed hash of challenge and code under a key derived from the master. False: no such master. */
bool proof_code_hash(const struct keys *keys, int master, const struct uuid *challenge,
                     const char code[PROOF_CODE + 1], struct digest *out);

/* A checked request for a code, or for a sign-in (IDENTITY_OPENID): then there is neither hash nor
 * address yet. `address` is the one form of what was typed, so that the code goes to the very
 * mailbox that the hash stands for. */
struct challenge {
    struct uuid submission_key; /* of the form it is for */
    enum identity_kind identity_kind;
    struct respondent_hash respondent;
    enum language language;
    char address[PROOF_ADDRESS];
    bool send_number; /* the receipt's number is wanted by mail, once there is one */
};

/* Reads {identity: {kind, value}, submission_key, language, send_number}; the kind must be one that
 * a code can be sent to, or "openid" without a value, and without a language the letter is in
 * `usual`. As submission_read otherwise: `input`'s value is wiped on success, `key` may be NULL
 * (unavailable). *out is to be wiped by the caller, whatever the outcome. */
bool challenge_read(struct consultation *consultation, const struct identity_key *key,
                    json_t *input, enum language usual, struct challenge *out,
                    struct faults *faults);

/* What is sent with a proof to renew a lost code: {proof: {challenge, code}}. */
struct renewal {
    struct uuid challenge;
    char code[PROOF_CODE + 1];
};

/* False after faults. *out is to be wiped by the caller. */
bool renewal_read(struct consultation *consultation, json_t *input, struct renewal *out,
                  struct faults *faults);

#endif
