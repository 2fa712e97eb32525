#ifndef DOMAIN_VISIT_H
#define DOMAIN_VISIT_H

#include "base/parse.h"
#include "domain/authorization.h"
#include "domain/consultation.h"

/* One person's way to the OpenID Connect provider and back, for one challenge. All that must be
 * remembered meanwhile comes out of the challenge and the master key again, so that nothing is
 * kept: neither a restart nor another server loses anybody. */

struct visit {
    char slug[SLUG_MOST + 1]; /* of the consultation */
    struct uuid challenge;
    int master;
    struct authorization authorization; /* its state names all of the above, under a keyed hash */
};

/* False: no such master, or a slug that is too long. The caller wipes *out. Any thread. */
bool visit_make(const struct keys *keys, int master, const char *slug, enum language language,
                const struct uuid *challenge, struct visit *out);

/* A state that came back. False: not one that the newest master made. The caller wipes *out. Any
 * thread. */
bool visit_read(const struct keys *keys, const char *state, struct visit *out);

#endif
