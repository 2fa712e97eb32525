#ifndef RESOURCES_OFFICIALS_RECOVERY_H
#define RESOURCES_OFFICIALS_RECOVERY_H

#include "access/ticket.h"
#include "http/request.h"
#include "store/row.h"

/* Ten recovery codes: made, stored as digests, shown once. The caller wipes the set. */
struct recovery_set {
    char codes[RECOVERY_CODES][RECOVERY_TEXT + 1];
    struct digest digests[RECOVERY_CODES];
};

void recovery_set_make(const struct clock *clock, struct recovery_set *out);
/* Their digests as one parameter, an array; an empty one unless `used`. */
void recovery_set_params(const struct recovery_set *set, bool used, struct params *params);
/* The page that shows them; NULL: none are needed, the set-up is done all the same. */
struct document *recovery_document(struct request *request, const struct recovery_set *set);

#endif
