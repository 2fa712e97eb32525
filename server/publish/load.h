#ifndef PUBLISH_LOAD_H
#define PUBLISH_LOAD_H

#include "domain/consultation.h"
#include "store/db.h"

/* Reads one consultation whole. *out: one reference, the caller's; NULL with DB_OK when it is not
 * there, changed meanwhile or is no whole yet (the next beat tries again). Watcher's thread. */
enum db_status load_consultation(struct db *db, int consultation_id, struct consultation **out);

/* Its lists, and the texts of all that is in them; for load.c. *whole: every text stands in every
 * language, be it, in one that is not complete, by another. */
enum db_status load_parts(struct db *db, const struct params *id, struct consultation *consultation,
                          bool *whole);

#endif
