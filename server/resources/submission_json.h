#ifndef RESOURCES_SUBMISSION_JSON_H
#define RESOURCES_SUBMISSION_JSON_H

#include "resources/stored.h"

/* Takes the request's JSON body and Idempotency-Key as a submission to the consultation, or as an
 * amendment of `amends` (NULL: none), on its way to the writer. What it replies is said. */
enum handled submission_take(struct request *request, struct consultation *consultation,
                             const struct stored *amends);

/* The submission that the path's {number} names, for the holder of the code in `Authorization:
 * Receipt …`. False after a reply. *out: stored_clear, whatever the outcome. */
bool submission_held(struct request *request, struct stored *out);

#endif
