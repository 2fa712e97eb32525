#ifndef PUBLISH_RELEASER_H
#define PUBLISH_RELEASER_H

#include "publish/catalogue.h"

/* A thread that makes releases when they are due and seals the audit chain. Several servers: an
 * advisory lock lets one do it. */
struct releaser;

struct releaser *releaser_start(const char *conninfo, struct catalogue *catalogue);
void releaser_stop(struct releaser *releaser);

#endif
