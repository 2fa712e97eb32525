#ifndef COMMANDS_LINK_H
#define COMMANDS_LINK_H

#include "settings.h"

/* Prints the set-up link of an account, once, for what is kept is the ticket's digest. `side`:
 * "officials" or "institution". */
void link_say(const struct settings *settings, const char *side, const char *ticket);

#endif
