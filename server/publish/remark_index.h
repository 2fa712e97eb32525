#ifndef PUBLISH_REMARK_INDEX_H
#define PUBLISH_REMARK_INDEX_H

#include "store/db.h"

/* Makes the terms of remarks that have none yet, so that officials find them. Behind the
 * submissions and in transactions of its own: taking them never waits for it. Several servers may
 * do it at once; one of them gets the work. Confined to the thread of `db`, a writer's or owner's;
 * blocks. */

/* One step: up to about so many remarks, those of a submission together. *made: how many got their
 * terms; 0 when there is nothing to do, or while it is not yet sure that no earlier submission can
 * still appear. */
enum db_status remark_index_step(struct db *db, int32_t consultation_id, int most, size_t *made);

/* For one who makes them all at once: servers leave that consultation's to them until the
 * connection ends. Terms of a newer version of the program are made anew by the steps that follow.
 */
enum db_status remark_index_claim(struct db *db, int32_t consultation_id);

/* After steps that left nothing over: what waits in the index is put in its place. */
enum db_status remark_index_tidy(struct db *db);

#endif
