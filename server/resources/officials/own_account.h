#ifndef RESOURCES_OFFICIALS_OWN_ACCOUNT_H
#define RESOURCES_OFFICIALS_OWN_ACCOUNT_H

#include "resources/officials/desk.h"

/* Replies with the page of one's own account; `faults` (NULL: none) and `typed` (stolen) are of its
 * form for a new token. */
void own_account_show(struct request *request, const struct faults *faults, json_t *typed);

/* Sets `tokens` and `scopes` of that page. False: a problem is set. */
bool own_tokens_read(struct request *request, json_t *page);

#endif
