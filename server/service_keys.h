#ifndef SERVICE_KEYS_H
#define SERVICE_KEYS_H

#include "domain/keys.h"
#include "settings.h"

/* Holds the keys of the folder against the check values in the database: a wrong or a missing key
 * must not start, or one person would be two. False with a sentence in `error`. Blocks: for the
 * start only. */
bool service_keys_check(const struct settings *settings, const struct keys *keys, char *error,
                        size_t error_size);

#endif
