#ifndef PUBLISH_RELEASER_H
#define PUBLISH_RELEASER_H

#include "publish/catalogue.h"

/* A thread that makes releases when they are due, erases what was superseded after the close, seals
 * the audit chain, makes the search index of remarks follow, and deletes challenges, their record
 * and kept forms that are over. Several
 * servers: advisory locks, and rows that another one has taken are passed over. */
struct releaser;

struct releaser *releaser_start(const char *conninfo, struct catalogue *catalogue);
/* What is kept for people who come back, as of the last sweep (every five seconds), and how many of
 * them were not come back for in time. Any thread. */
struct kept_figures {
    int64_t forms, bytes, expired;
};
void releaser_kept(struct releaser *releaser, struct kept_figures *out);

/* Whether its work succeeded within the last half minute. Any thread. */
bool releaser_is_well(struct releaser *releaser);

void releaser_stop(struct releaser *releaser);

#endif
