#ifndef SUPPORT_SOLVER_H
#define SUPPORT_SOLVER_H

#include <jansson.h>

/* Does the work of a challenge (see domain/proof_of_work.h) as a client does, written a second
 * time: nothing here is the server's. */

/* The number whose hash behind the salt is the challenge; -1: none up to its maxnumber. */
json_int_t solver_number(const json_t *challenge);

/* {algorithm, challenge, number, salt, signature} of the challenge and that number; new reference.
 */
json_t *solver_solution(const json_t *challenge, json_int_t number);

/* The document as base64 of its JSON; steals it. Caller frees. */
char *solver_payload(json_t *solution);

#endif
