#ifndef RESOURCES_OFFICIALS_OWN_ACCOUNT_H
#define RESOURCES_OFFICIALS_OWN_ACCOUNT_H

#include "resources/officials/desk.h"

/* Replies with the page of one's own account; `faults` (NULL: none) and `typed` (stolen) are of its
 * form for a new token. */
void own_account_show(struct request *request, const struct faults *faults, json_t *typed);

/* Who sits down at an open browser must not be able to change what opens the account: the present
 * password is asked for (field /present), within bounds. False: a fault was added, or, if *replied,
 * a reply is set. On the porter's thread. */
bool own_present_is_right(struct request *request, struct faults *faults, bool *replied);

/* Sets `tokens` and `scopes` of that page. False: a problem is set. */
bool own_tokens_read(struct request *request, json_t *page);

#endif
