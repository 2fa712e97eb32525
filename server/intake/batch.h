#ifndef INTAKE_BATCH_H
#define INTAKE_BATCH_H

#include "intake/queue.h"
#include "store/row.h"

/* Entries to the parameters of submission_accept, and its rows back to entries. */

/* The machine's monotonic clock laid beside the database's. */
struct clock_pair {
    int64_t monotonic_us;
    int64_t database_us; /* since 1970 UTC, at that moment */
};

struct batch_terms {
    int slot;         /* of the tallies that this connection moves */
    int wait_most_ms; /* longest permitted wait */
    int receipt_key, master;
    struct clock_pair pair;
};

/* Arrival in the database's time. */
int64_t batch_arrived(const struct clock_pair *pair, int64_t monotonic_us);

/* All parameters of submission_accept for entries of ENTRY_SUBMIT. What failed, params remembers.
 */
void batch_params(struct params *params, const struct batch_terms *terms,
                  struct entry *const *entries, size_t count);

/* Fills each entry's problem and receipt from the rows. An entry without a row is our bug:
 * PROBLEM_INTERNAL. Those whose number is taken by somebody else's receipt are moved to the front
 * of `entries`; returns how many. */
size_t batch_outcomes(const struct rows *rows, struct entry **entries, size_t count);

#endif
