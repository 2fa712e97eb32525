#ifndef RESOURCES_OFFICIALS_FINALS_H
#define RESOURCES_OFFICIALS_FINALS_H

#include "access/official.h"
#include "domain/consultation.h"
#include "publish/catalogue.h"

/* Final releases being made, one after the other on a thread of their own: the recount before one
 * takes a minute and more where there are very many submissions, and two at once take the database
 * from each other and from everybody else. What is known of them lies in this process's memory and
 * ends with it; what was made says the database. Any thread. */
struct finals;

enum final_state {
    FINAL_UNKNOWN, /* nobody has asked here */
    FINAL_GOING,
    FINAL_MADE,
    FINAL_REFUSED
};

struct final_view {
    enum final_state state;
    enum problem_code why; /* of FINAL_REFUSED */
    int64_t started_us;    /* UTC */
};

/* Arguments are borrowed. NULL: no memory or thread. */
struct finals *finals_start(const char *conninfo, struct catalogue *catalogue,
                            const struct clock *clock);
/* Waits for the one that is being made; none is begun any more. NULL is nothing. */
void finals_stop(struct finals *finals);
void finals_free(struct finals *finals);

/* Begins one as that official's act, unless one of this consultation is under way: then that one
 * goes on. False: no place. */
bool finals_make(struct finals *finals, struct consultation *consultation,
                 const struct official *official);

/* How it stands. */
struct final_view finals_view(struct finals *finals, int32_t consultation_id);
/* The same, once it is over or `wait_ms` have passed. */
struct final_view finals_wait(struct finals *finals, int32_t consultation_id, int wait_ms);

#endif
