#ifndef ACCESS_SUBJECT_H
#define ACCESS_SUBJECT_H

#include "domain/keys.h"

/* Who signed in to an account at an OpenID Connect provider, as the database knows them. */

enum { SUBJECT_HASHES = 16 };

/* Keyed digests of issuer and subject (OpenID Connect Core 1.0 §5.7: only both together name
 * somebody), one under each master key that is there, the newest first. Says how many: 0 where they
 * are too long, or there is no master. Any thread. */
int subject_hashes(const struct keys *keys, const char *issuer, const char *subject,
                   struct digest out[SUBJECT_HASHES]);

#endif
