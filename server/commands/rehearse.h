#ifndef COMMANDS_REHEARSE_H
#define COMMANDS_REHEARSE_H

#include "domain/keys.h"
#include "domain/submission.h"
#include "store/db.h"

/* Generated submissions of a rehearsal: the same place always gives the same answers. */

struct stage {
    struct consultation *consultation;
    const struct identity_key *key; /* NULL where no kind of identity is taken */
    int64_t now_us;                 /* the database's clock */
    uint64_t crowd;                 /* so many neighbouring places came on one day; at least 1 */
    bool thorough; /* every measure is answered, and three have a remark of several sentences */
};

/* Fills *out, sealed; arrived_us is UTC, within the window and not after now. False: no memory.
 * submission_clear, whatever the outcome. */
bool rehearse_submission(const struct stage *stage, uint64_t place, struct submission *out);

/* Words that nobody said; static. `chance` chooses. */
const char *rehearse_remark(enum language language, unsigned chance);
const char *rehearse_view(enum language language, unsigned chance);
const char *rehearse_organisation(enum language language);

/* Responses of made-up institutions, which are registered for it, filed and published; what is
 * there already stays. As the owner. */
enum db_status rehearse_responses(struct db *db, const struct stage *stage, int receipt_key);

#endif
