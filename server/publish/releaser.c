/* The thread that makes releases when they are due, and what else follows in its own time: the seal
 * of the record of acts, erasures, the search index; see releaser.h. */
#include "publish/releaser.h"

#include "base/clock.h"
#include "base/log.h"
#include "publish/release.h"
#include "publish/remark_index.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A rehearsal releases every second: a beat is well below. An idle consultation is asked about
 * every few seconds all the same, since a change of state moves the count without anything being
 * received. */
enum {
    BEAT_MS = 250,
    IDLE_ASK_US = 5000000,
    SEAL_US = 5000000,
    SWEEP_US = 5000000,
    PAUSE_US = 2000000
};
enum { CONSULTATIONS_MOST = 256, ERASED_MOST = 500 };

/* The search index of remarks follows at leisure: while many submissions come in it takes a small
 * share of a processor, and what is left over waits for a quiet moment. */
enum {
    INDEX_MOST = 500,      /* remarks a step */
    INDEX_MOST_BUSY = 25,  /* the same, and one step a beat */
    INDEX_BUSY = 50,       /* submissions a beat from which on it is that */
    INDEX_BEAT_US = 100000 /* after so long, the next beat goes on */
};

static const int64_t apart_us =
    2000000; /* how far the machine's clock may be off the database's, which alone decides */
static const int64_t unwell_us = 30000000;
static const int64_t erase_again_us = INT64_C(3600000000);

/* What was last done about a consultation, in monotonic time, and how many submissions it had
 * received then. */
struct asked {
    int consultation_id;
    int64_t received, at_us, erase_us;
    int64_t index_received, index_us; /* when the search index was last behind */
};

struct releaser {
    pthread_t thread;
    pthread_mutex_t lock; /* of `stop`, `kept` and `well_us` */
    pthread_cond_t wake;
    bool stop;
    struct kept_figures kept;
    int64_t well_us; /* monotonic, of the last beat that succeeded */
    /* the thread's own */
    struct catalogue *catalogue;
    struct db *db;
    int64_t next_try_us, next_seal_us, next_sweep_us; /* monotonic */
    size_t asked_count;
    struct asked asked[CONSULTATIONS_MOST];
};

static struct asked *asked_of(struct releaser *releaser, int consultation_id)
{
    for (size_t i = 0; i < releaser->asked_count; i++)
        if (releaser->asked[i].consultation_id == consultation_id)
            return &releaser->asked[i];
    if (releaser->asked_count == CONSULTATIONS_MOST)
        return NULL;
    struct asked *asked = &releaser->asked[releaser->asked_count++];
    *asked = (struct asked){.consultation_id = consultation_id, .received = -1};
    return asked;
}

/* Whether a release may be made at that moment, as far as the server's clock can tell. */
static bool is_time(const struct consultation *consultation, int64_t utc_us)
{
    const struct publication *rules = &consultation->publication;
    if (!consultation->complete || utc_us + apart_us < consultation->opens_us)
        return false;
    if (rules->after_close)
        return !consultation->release && utc_us + apart_us >= consultation_figures_us(consultation);
    return utc_us - apart_us < consultation->closes_us - rules->blackout_s * INT64_C(1000000);
}

/* Whether it is worth asking the database for a release. */
static bool worth_asking(const struct consultation *consultation, const struct asked *asked,
                         int64_t received, int64_t now_us)
{
    int64_t utc_us = clock_utc_us(&clock_system);
    const struct publication *rules = &consultation->publication;
    if (!is_time(consultation, utc_us))
        return false;
    if (consultation->release &&
        utc_us + apart_us <
            consultation->released_us + rules->release_interval_s * INT64_C(1000000))
        return false;
    return received != asked->received || now_us - asked->at_us >= IDLE_ASK_US;
}

/* False: the connection is of no use. */
static bool release_if_due(struct releaser *releaser, const struct consultation *consultation,
                           struct asked *asked)
{
    int64_t now_us = clock_monotonic_us(&clock_system);
    int64_t received = catalogue_received(releaser->catalogue, consultation->id);
    struct release_made made;
    if (!worth_asking(consultation, asked, received, now_us))
        return true;
    enum release_outcome outcome = release_make(releaser->db, consultation, false, &made);
    /* Refused for the interval or by another server, it may be due at the next beat with nothing
     * more received. */
    if (outcome != RELEASE_NOT_DUE ||
        (strcmp(made.refusal, "interval") != 0 && strcmp(made.refusal, "busy") != 0)) {
        asked->received = received;
        asked->at_us = now_us;
    }
    if (outcome == RELEASE_MADE)
        catalogue_wake(releaser->catalogue);
    return outcome != RELEASE_FAILED;
}

/* What was superseded is erased at the close (DECISIONS.md), some rows at a beat, and looked after
 * again now and then. */
static bool erase_if_closed(struct releaser *releaser, const struct consultation *consultation,
                            struct asked *asked)
{
    int64_t now_us = clock_monotonic_us(&clock_system);
    if (now_us < asked->erase_us || clock_utc_us(&clock_system) - apart_us < consultation->grace_us)
        return true;
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, consultation->id);
    params_int4(&params, ERASED_MOST);
    bool ok = db_run(releaser->db, STATEMENT_SUBMISSION_ERASE_SUPERSEDED, &params, &rows) == DB_OK;
    if (ok && row_int(&rows, 0, 0) < ERASED_MOST)
        asked->erase_us = now_us + erase_again_us;
    rows_clear(&rows);
    params_clear(&params);
    return ok;
}

/* What was received needs a beat or two to be indexed, since it must be sure that nothing earlier
 * can still appear; so after a change it is asked about for a while, and now and then anyway. */
static bool index_if_behind(struct releaser *releaser, const struct consultation *consultation,
                            struct asked *asked)
{
    int64_t now_us = clock_monotonic_us(&clock_system);
    int64_t received = catalogue_received(releaser->catalogue, consultation->id);
    int64_t more = received - asked->index_received;
    if (more != 0 || now_us - asked->index_us >= IDLE_ASK_US)
        asked->index_us = now_us;
    asked->index_received = received;
    if (now_us - asked->index_us > PAUSE_US)
        return true;
    bool busy = more > INDEX_BUSY, some = false;
    size_t made = 0;
    do {
        if (remark_index_step(releaser->db, consultation->id, busy ? INDEX_MOST_BUSY : INDEX_MOST,
                              &made) != DB_OK)
            return false;
        some = some || made > 0;
        if (made > 0)
            asked->index_us = now_us;
    } while (!busy && made >= INDEX_MOST &&
             clock_monotonic_us(&clock_system) - now_us < INDEX_BEAT_US);
    return !some || busy || made >= INDEX_MOST || remark_index_tidy(releaser->db) == DB_OK;
}

static bool look_after_all(struct releaser *releaser)
{
    struct consultation *list[CONSULTATIONS_MOST];
    size_t count = catalogue_all(releaser->catalogue, list, CONSULTATIONS_MOST);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        struct asked *asked = asked_of(releaser, list[i]->id);
        ok = ok && asked && release_if_due(releaser, list[i], asked) &&
             erase_if_closed(releaser, list[i], asked) && index_if_behind(releaser, list[i], asked);
        consultation_release(list[i]);
    }
    return ok;
}

static bool seal_audit(struct releaser *releaser, int64_t now_us)
{
    if (now_us < releaser->next_seal_us)
        return true;
    releaser->next_seal_us = now_us + SEAL_US;
    return db_run(releaser->db, STATEMENT_AUDIT_SEAL, NULL, NULL) == DB_OK;
}

/* Deletes kept forms that are over, and counts what is left. */
static bool sweep_kept(struct releaser *releaser)
{
    struct rows swept = {0}, totals = {0};
    bool ok = db_run(releaser->db, STATEMENT_SAVED_FORM_SWEEP, NULL, &swept) == DB_OK &&
              db_run(releaser->db, STATEMENT_SAVED_FORM_TOTALS, NULL, &totals) == DB_OK;
    if (ok) {
        pthread_mutex_lock(&releaser->lock);
        releaser->kept.forms = row_int(&totals, 0, 0);
        releaser->kept.bytes = row_int(&totals, 0, 1);
        releaser->kept.expired += row_int(&swept, 0, 0);
        pthread_mutex_unlock(&releaser->lock);
    }
    rows_clear(&swept);
    rows_clear(&totals);
    return ok;
}

/* Challenges and kept forms that are over, and the record of tries a day later. */
static bool sweep(struct releaser *releaser, int64_t now_us)
{
    if (now_us < releaser->next_sweep_us)
        return true;
    releaser->next_sweep_us = now_us + SWEEP_US;
    return db_run(releaser->db, STATEMENT_CHALLENGE_SWEEP, NULL, NULL) == DB_OK &&
           sweep_kept(releaser);
}

static void beat(struct releaser *releaser)
{
    int64_t now_us = clock_monotonic_us(&clock_system);
    if (now_us < releaser->next_try_us)
        return;
    bool ok = db_ready(releaser->db) == DB_OK;
    if (ok) {
        /* One consultation that fails holds up neither the seal nor what is to be forgotten. */
        bool released = look_after_all(releaser);
        ok = seal_audit(releaser, now_us) && sweep(releaser, now_us) && released;
    }
    if (ok) {
        pthread_mutex_lock(&releaser->lock);
        releaser->well_us = now_us;
        pthread_mutex_unlock(&releaser->lock);
        return;
    }
    log_event(LOG_LEVEL_WARNING, "releaser-pause", "ms=%d", PAUSE_US / 1000);
    db_drop(releaser->db);
    releaser->next_try_us = now_us + PAUSE_US;
}

/* Waits for the next beat; true when it is time to stop. */
static bool releaser_wait(struct releaser *releaser)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += BEAT_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&releaser->lock);
    int waited = 0;
    while (!releaser->stop && waited == 0)
        waited = pthread_cond_timedwait(&releaser->wake, &releaser->lock, &until);
    bool stop = releaser->stop;
    pthread_mutex_unlock(&releaser->lock);
    return stop;
}

static void *releaser_run(void *context)
{
    struct releaser *releaser = context;
    while (!releaser_wait(releaser))
        beat(releaser);
    return NULL;
}

static void releaser_free(struct releaser *releaser)
{
    pthread_cond_destroy(&releaser->wake);
    pthread_mutex_destroy(&releaser->lock);
    db_free(releaser->db);
    free(releaser);
}

struct releaser *releaser_start(const char *conninfo, struct catalogue *catalogue)
{
    struct releaser *releaser = calloc(1, sizeof *releaser);
    if (!releaser)
        return NULL;
    releaser->db = db_new(conninfo, DB_WRITER, "consultation-releaser");
    if (!releaser->db) {
        free(releaser);
        return NULL;
    }
    releaser->catalogue = catalogue;
    releaser->well_us = clock_monotonic_us(&clock_system);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&releaser->lock, NULL);
    pthread_cond_init(&releaser->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!pthread_create(&releaser->thread, NULL, releaser_run, releaser))
        return releaser;
    releaser_free(releaser);
    return NULL;
}

void releaser_kept(struct releaser *releaser, struct kept_figures *out)
{
    pthread_mutex_lock(&releaser->lock);
    *out = releaser->kept;
    pthread_mutex_unlock(&releaser->lock);
}

bool releaser_is_well(struct releaser *releaser)
{
    pthread_mutex_lock(&releaser->lock);
    bool well = clock_monotonic_us(&clock_system) - releaser->well_us <= unwell_us;
    pthread_mutex_unlock(&releaser->lock);
    return well;
}

void releaser_stop(struct releaser *releaser)
{
    if (!releaser)
        return;
    pthread_mutex_lock(&releaser->lock);
    releaser->stop = true;
    pthread_cond_signal(&releaser->wake);
    pthread_mutex_unlock(&releaser->lock);
    pthread_join(releaser->thread, NULL);
    releaser_free(releaser);
}
