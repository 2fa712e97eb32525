#ifndef RESOURCES_OFFICIALS_SESSION_H
#define RESOURCES_OFFICIALS_SESSION_H

#include "http/request.h"

/* What signing in has in common, by password and at a provider. At the desk, the porter or the
 * usher. */

enum { SESSION_AGENT = 48 };

/* A word each for browser and system. */
void session_agent(const struct request *request, char agent[SESSION_AGENT]);

/* Bounds hold for a name and a network together, so that nobody uses up a colleague's elsewhere,
 * and for a network; they are the same for names that do not exist. Only what was wrong counts.
 * `login` NULL: no name was given. */

/* 0: go on; else seconds. */
int session_limits_wait(const struct request *request, const char *login);
void session_limits_take(const struct request *request, const char *login);

#endif
