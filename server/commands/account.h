#ifndef COMMANDS_ACCOUNT_H
#define COMMANDS_ACCOUNT_H

#include "commands/act.h"

/* What is done alike to accounts of officials and of institutions' members. `side`: "officials" or
 * "institution". */

/* Prints the set-up link of an account, once, for what is kept is the ticket's digest. */
void account_link_say(const struct settings *settings, const char *side, const char *ticket);

/* Takes from the account that the act's second word names what it signs in with, and prints a new
 * set-up link. Exit status, as act_finish. */
int account_reset(struct act_run *run, enum statement statement, const char *side,
                  const char *done);

/* Enables or disables it, as the act is called. */
int account_enable(struct act_run *run, enum statement statement);

#endif
