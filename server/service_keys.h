#ifndef SERVICE_KEYS_H
#define SERVICE_KEYS_H

#include "domain/keys.h"
#include "publish/catalogue.h"
#include "settings.h"

/* Holds the keys of the folder against the check values in the database: a wrong or a missing key
 * must not start, or one person would be two. False with a sentence in `error`. Blocks: for the
 * start only. */
bool service_keys_check(const struct settings *settings, const struct keys *keys, char *error,
                        size_t error_size);

/* The same for consultations that came since: takes the keys of those that have none yet. Returns
 * how many are left without, whose submissions are refused until their keys are put right; logs
 * which, when that number is not `missing`, the one of the last time. Watcher's thread. */
unsigned service_keys_follow(const struct settings *settings, struct keys *keys,
                             struct catalogue *catalogue, unsigned missing);

#endif
