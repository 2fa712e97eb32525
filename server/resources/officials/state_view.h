#ifndef RESOURCES_OFFICIALS_STATE_VIEW_H
#define RESOURCES_OFFICIALS_STATE_VIEW_H

#include "domain/receipt.h"
#include "http/request.h"
#include "store/row.h"

#include <jansson.h>

/* What officials who decide on a submission's state see of it: facts of how it came, and what was
 * proposed. Never an answer, never an identity. At the desk, on the consultation in the address. */

struct state_facts {
    char number[NUMBER_TEXT + 1];
    char state[16];  /* "counted", "set aside", … as the database has it */
    char reason[32]; /* why it came to that state; "" for none */
    int64_t arrived_us;
    int kind, language, channel;
    bool proven;
    bool identified;    /* it came under an identity */
    bool other_counted; /* another submission under that identity is counted */
    bool final;         /* the final release is made */
};

/* Of the submission with that number, however it is typed. False: a problem is set, NOT_FOUND where
 * there is none on this consultation. */
bool state_facts_read(struct request *request, const char *number, struct state_facts *out);

/* {number, state, reason, arrived, kind, identity, language, channel, other, href}: in words,
 * `reason` only of what is set aside, `other` null without an identity, `href` the page of its
 * state. New reference; NULL: no memory. */
json_t *state_facts_view(const struct request *request, const struct state_facts *facts);

/* A state ("set aside") and a reason's code in words. New references. */
json_t *state_words(const struct request *request, const char *state);
json_t *state_reason_words(const struct request *request, const char *code, const char *more);

/* Columns of the statement official_state_proposals. */
enum {
    PROPOSAL_ID,
    PROPOSAL_NUMBER,
    PROPOSAL_STATE,
    PROPOSAL_BEFORE,
    PROPOSAL_WANTED,
    PROPOSAL_REASON,
    PROPOSAL_NOTE,
    PROPOSAL_PROPOSER,
    PROPOSAL_PROPOSED_AT,
    PROPOSAL_EXPIRES_AT,
    PROPOSAL_OUTCOME,
    PROPOSAL_DECIDER,
    PROPOSAL_DECIDED_AT
};

/* Which proposals; a NULL leaves out that condition. */
struct proposals_wanted {
    const struct uuid *id;
    const char *number;
    const bool *open;
    const struct uuid *before; /* the page after that one */
    int most;
};
/* The newest first. False: a problem is set; *rows to be cleared whatever comes. */
bool state_proposals_run(struct request *request, const struct proposals_wanted *wanted,
                         struct rows *rows);

/* {id, href, number, before, wanted, reason, note, proposer, proposed, expires, waiting | outcome,
 * decider, decided}, in words. New reference; NULL: no memory. */
json_t *state_proposal_view(const struct request *request, const struct rows *rows, int row);

/* "/consultations/{slug}" and `rest`, of the consultation in the address, for desk_redirect and
 * desk_page; and as a whole address. */
enum { STATE_REST = 192 };
void state_rest(const struct request *request, const char *rest, char out[STATE_REST]);
json_t *state_address(const struct request *request, const char *rest);

/* How many proposals wait for a second person, counted up to `most`. False: a problem is set. */
bool state_waiting(struct request *request, int most, int *count);

#endif
