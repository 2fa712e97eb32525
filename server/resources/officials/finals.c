/* Final releases being made; see finals.h. */
#include "resources/officials/finals.h"

#include "http/worker.h"
#include "publish/release.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    KNOWN = 16,        /* consultations of which something is known */
    FINAL_MS = 300000, /* the longest that a recount may take */
    NICE = 5
};

struct final {
    struct finals *finals;
    struct job job;
    struct consultation *consultation; /* held while it is going */
    int32_t consultation_id;
    int32_t official_id;
    char network[NETWORK_TEXT];
    struct final_view view; /* under the lock */
};

struct finals {
    struct worker *worker;
    struct catalogue *catalogue;
    const struct clock *clock;
    atomic_bool stopping;
    pthread_mutex_t lock;
    pthread_cond_t over;
    struct final known[KNOWN];
};

/* What is final must add up. */
static enum problem_code judge(struct db *db, int32_t consultation_id)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, consultation_id);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_FINAL_RELEASE_AGREES, &params, &rows);
    enum problem_code code = status != DB_OK         ? PROBLEM_UNAVAILABLE
                             : row_bool(&rows, 0, 0) ? PROBLEM_NONE
                                                     : PROBLEM_TALLIES_DIFFER;
    params_clear(&params);
    rows_clear(&rows);
    return code;
}

static enum problem_code make(const struct final *final, struct db *db)
{
    struct release_made made;
    enum problem_code refused = judge(db, final->consultation_id);
    if (refused)
        return refused;
    switch (
        release_make_final(db, final->consultation, final->official_id, final->network, &made)) {
    case RELEASE_MADE:
        return PROBLEM_NONE;
    case RELEASE_NOT_DUE:
        refused = problem_find(made.refusal);
        return refused ? refused : PROBLEM_INTERNAL;
    case RELEASE_FAILED:
        break;
    }
    return PROBLEM_UNAVAILABLE;
}

static void run(struct job *job, struct db *db)
{
    struct final *final = (struct final *)((char *)job - offsetof(struct final, job));
    struct finals *finals = final->finals;
    db_set_timeout(db, FINAL_MS);
    enum problem_code why = atomic_load(&finals->stopping) ? PROBLEM_UNAVAILABLE : make(final, db);
    catalogue_wake(finals->catalogue);
    consultation_release(final->consultation);
    pthread_mutex_lock(&finals->lock);
    final->consultation = NULL;
    final->view.why = why;
    final->view.state = why ? FINAL_REFUSED : FINAL_MADE;
    pthread_cond_broadcast(&finals->over);
    pthread_mutex_unlock(&finals->lock);
}

/* The functions up to the next mark: under the lock. */

static struct final *find(struct finals *finals, int32_t consultation_id)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (finals->known[i].view.state != FINAL_UNKNOWN &&
            finals->known[i].consultation_id == consultation_id)
            return &finals->known[i];
    return NULL;
}

/* The place of one that nothing is known of, or of the one that has been over for longest. */
static struct final *place(struct finals *finals)
{
    struct final *oldest = NULL;
    for (size_t i = 0; i < KNOWN; i++) {
        struct final *one = &finals->known[i];
        if (one->view.state == FINAL_UNKNOWN)
            return one;
        if (one->view.state != FINAL_GOING &&
            (!oldest || one->view.started_us < oldest->view.started_us))
            oldest = one;
    }
    return oldest;
}

static struct final_view view_of(struct finals *finals, int32_t consultation_id)
{
    const struct final *final = find(finals, consultation_id);
    return final ? final->view : (struct final_view){0};
}

/* Here the mark is. */

bool finals_make(struct finals *finals, struct consultation *consultation,
                 const struct official *official)
{
    pthread_mutex_lock(&finals->lock);
    struct final *final = find(finals, consultation->id);
    bool going = final && final->view.state == FINAL_GOING;
    if (!final)
        final = place(finals);
    if (final && !going) {
        *final = (struct final){
            .finals = finals,
            .job.run = run,
            .consultation = consultation_hold(consultation),
            .consultation_id = consultation->id,
            .official_id = official->id,
            .view = {.state = FINAL_GOING, .started_us = clock_utc_us(finals->clock)}};
        memcpy(final->network, official->network, sizeof final->network);
        going = worker_push(finals->worker, &final->job);
        if (!going) {
            consultation_release(final->consultation);
            *final = (struct final){0};
        }
    }
    pthread_mutex_unlock(&finals->lock);
    return going;
}

struct final_view finals_view(struct finals *finals, int32_t consultation_id)
{
    pthread_mutex_lock(&finals->lock);
    struct final_view view = view_of(finals, consultation_id);
    pthread_mutex_unlock(&finals->lock);
    return view;
}

struct final_view finals_wait(struct finals *finals, int32_t consultation_id, int wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    pthread_mutex_lock(&finals->lock);
    while (view_of(finals, consultation_id).state == FINAL_GOING &&
           pthread_cond_timedwait(&finals->over, &finals->lock, &until) != ETIMEDOUT)
        ;
    struct final_view view = view_of(finals, consultation_id);
    pthread_mutex_unlock(&finals->lock);
    return view;
}

struct finals *finals_start(const char *conninfo, struct catalogue *catalogue,
                            const struct clock *clock)
{
    struct finals *finals = calloc(1, sizeof *finals);
    pthread_condattr_t attributes;
    if (!finals)
        return NULL;
    finals->catalogue = catalogue;
    finals->clock = clock;
    pthread_mutex_init(&finals->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&finals->over, &attributes);
    pthread_condattr_destroy(&attributes);
    finals->worker = worker_start(&(struct worker_options){
        .conninfo = conninfo, .role = DB_OFFICIAL, .threads = 1, .places = KNOWN, .nice = NICE});
    if (finals->worker)
        return finals;
    finals_free(finals);
    return NULL;
}

void finals_stop(struct finals *finals)
{
    if (!finals)
        return;
    atomic_store(&finals->stopping, true);
    worker_stop(finals->worker);
}

void finals_free(struct finals *finals)
{
    if (!finals)
        return;
    finals_stop(finals);
    worker_free(finals->worker);
    pthread_cond_destroy(&finals->over);
    pthread_mutex_destroy(&finals->lock);
    free(finals);
}
