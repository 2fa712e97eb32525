#ifndef INTAKE_SESSION_H
#define INTAKE_SESSION_H

#include "base/clock.h"
#include "intake/batch.h"
#include "store/db.h"

/* The writer's connection: its slot, its clock, and what it commits. Confined to the writer's
 * thread. */
struct session {
    struct db *db;
    const struct clock *clock;
    const struct keys *keys;
    struct batch_terms terms;
    struct params params;
    bool open;
    int64_t next_try_us; /* monotonic: no new connection before */
    int64_t pause_us;    /* until the try after that; doubles */
    uint64_t retries;
    /* Called once, as soon as the next transaction is on its way: there is time now. NULL: nothing
     * to do. */
    void (*meanwhile)(void *context);
    void *context;
};

bool session_init(struct session *session, const char *conninfo, const struct keys *keys,
                  const struct clock *clock, int wait_most_ms);
void session_clear(struct session *session);

/* Connected, with a slot, and the clocks compared just now; connects again if it is time to. False:
 * no database now, and it took no time to find out, but for the first try of each pause. Under load
 * the clocks are compared every 50 ms, not each batch. */
bool session_ready(struct session *session);

/* Stores entries of ENTRY_SUBMIT and sets each one's problem or receipt; after it returns nothing
 * is open. Entries that cannot be stored are found by halving, so that their neighbours are.
 * Reorders `entries`. */
void session_accept(struct session *session, struct entry **entries, size_t count);

/* One entry of ENTRY_WITHDRAW. */
void session_withdraw(struct session *session, struct entry *entry);

/* Machine's UTC against the database's when they were last compared. */
int64_t session_clock_apart_us(const struct session *session);

#endif
