#ifndef COMMANDS_RECOUNT_H
#define COMMANDS_RECOUNT_H

#include "store/db.h"

#include <stddef.h>

/* Counts a consultation's submissions anew and names every figure in which the tallies differ, one
 * line each on standard output. `db` of the owner. Blocks; one statement, so it may run while
 * submissions come in. */
enum db_status recount_consultation(struct db *db, int32_t consultation_id, const char *slug,
                                    size_t *differences);

#endif
