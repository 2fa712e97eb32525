#ifndef SUPPORT_RECORD_H
#define SUPPORT_RECORD_H

#include "support/client.h"

/* Keeps a JSON reply, with what was asked, as a file of the folder that the environment's
 * RECORD_REPLIES names; tests of the contract read them afterwards. Does nothing without it. */
void record_reply(const char *method, const char *path, const struct client_reply *reply);

#endif
