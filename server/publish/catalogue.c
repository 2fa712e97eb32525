/* All consultations in memory, and the thread that watches for changes; see catalogue.h. */
#include "publish/catalogue.h"

#include "base/clock.h"
#include "base/log.h"
#include "publish/load.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* SOON keeps a flood of commits, each of which wakes the watcher, from becoming a flood of queries.
 */
enum { CONSULTATIONS_MOST = 256, BEAT_MS = 500, SOON_MS = 50 };

static const int64_t away_us = 10000000;

struct shelf {
    int id;
    int64_t revision; /* as the last poll saw it */
    int64_t received;
    struct consultation *consultation; /* NULL until it was loaded */
};

struct catalogue {
    struct catalogue_options options;
    struct db *db; /* the watcher's own */
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake;
    bool stopping, woken, loaded, full;
    int64_t seen_us; /* monotonic, of the last poll that succeeded */
    size_t count;
    struct shelf shelves[CONSULTATIONS_MOST]; /* by id; written by the watcher alone */
};

static struct timespec after_ms(int ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += (long)ms * 1000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

/* Waits for the next beat, a waking or the end; false at the end. */
static bool catalogue_wait(struct catalogue *catalogue)
{
    struct timespec soon = after_ms(SOON_MS), beat = after_ms(BEAT_MS);
    pthread_mutex_lock(&catalogue->lock);
    while (!catalogue->stopping &&
           pthread_cond_timedwait(&catalogue->wake, &catalogue->lock, &soon) == 0)
        ;
    while (!catalogue->stopping && !catalogue->woken &&
           pthread_cond_timedwait(&catalogue->wake, &catalogue->lock, &beat) == 0)
        ;
    catalogue->woken = false;
    bool more = !catalogue->stopping;
    pthread_mutex_unlock(&catalogue->lock);
    return more;
}

static struct shelf *shelf_of(struct catalogue *catalogue, int id)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->shelves[i].id == id)
            return &catalogue->shelves[i];
    if (catalogue->count == CONSULTATIONS_MOST) {
        if (!catalogue->full)
            log_event(LOG_LEVEL_ERROR, "catalogue-full", "most=%d", CONSULTATIONS_MOST);
        catalogue->full = true;
        return NULL;
    }
    struct shelf *shelf = &catalogue->shelves[catalogue->count];
    *shelf = (struct shelf){.id = id, .revision = -1};
    catalogue->count++;
    return shelf;
}

/* Puts a newly loaded consultation in place of the one before, which lives on with those who hold
 * it. */
static void catalogue_put(struct catalogue *catalogue, int id, struct consultation *consultation)
{
    pthread_mutex_lock(&catalogue->lock);
    struct shelf *shelf = shelf_of(catalogue, id);
    struct consultation *before = shelf ? shelf->consultation : consultation;
    if (shelf) {
        shelf->consultation = consultation;
        shelf->revision = consultation->revision;
    }
    pthread_mutex_unlock(&catalogue->lock);
    consultation_release(before);
    if (catalogue->options.changed)
        catalogue->options.changed(catalogue->options.context, id);
}

/* Whether this revision must be loaded. Notes the received count on the way. */
static bool catalogue_note(struct catalogue *catalogue, int id, int64_t revision, int64_t received)
{
    pthread_mutex_lock(&catalogue->lock);
    struct shelf *shelf = shelf_of(catalogue, id);
    bool raised = shelf && shelf->revision != revision;
    if (shelf)
        shelf->received = received;
    pthread_mutex_unlock(&catalogue->lock);
    return raised;
}

static enum db_status catalogue_poll(struct catalogue *catalogue)
{
    struct rows rows = {0};
    enum db_status status = db_ready(catalogue->db);
    if (status == DB_OK)
        status = db_run(catalogue->db, STATEMENT_CONSULTATION_POLL, NULL, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        int id = (int)row_int(&rows, row, 0);
        if (!catalogue_note(catalogue, id, row_int(&rows, row, 2), row_int(&rows, row, 3)))
            continue;
        struct consultation *consultation = NULL;
        status = load_consultation(catalogue->db, id, &consultation);
        if (consultation)
            catalogue_put(catalogue, id, consultation);
    }
    rows_clear(&rows);
    return status;
}

static void *catalogue_watch(void *argument)
{
    struct catalogue *catalogue = argument;
    bool away = false;
    do {
        enum db_status status = catalogue_poll(catalogue);
        if (status == DB_OK && catalogue->options.looked)
            catalogue->options.looked(catalogue->options.context, catalogue);
        if (status == DB_OK) {
            pthread_mutex_lock(&catalogue->lock);
            catalogue->loaded = true;
            catalogue->seen_us = clock_monotonic_us(&clock_system);
            pthread_mutex_unlock(&catalogue->lock);
        }
        if ((status != DB_OK) != away)
            log_event(away ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
                      away ? "catalogue-database-back" : "catalogue-database-away", "status=%d",
                      (int)status);
        away = status != DB_OK;
    } while (catalogue_wait(catalogue));
    return NULL;
}

/* The condition waits by the monotonic clock: a date that is set must not stop the beat. */
static bool catalogue_sync_init(struct catalogue *catalogue)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&catalogue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&catalogue->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    return failed == 0;
}

struct catalogue *catalogue_start(const struct catalogue_options *options)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (!catalogue)
        return NULL;
    catalogue->options = *options;
    catalogue->db = db_new(options->conninfo, DB_READER, "consultation catalogue");
    if (catalogue->db && catalogue_sync_init(catalogue) &&
        pthread_create(&catalogue->thread, NULL, catalogue_watch, catalogue) == 0)
        return catalogue;
    db_free(catalogue->db);
    free(catalogue);
    return NULL;
}

void catalogue_stop(struct catalogue *catalogue)
{
    if (!catalogue)
        return;
    pthread_mutex_lock(&catalogue->lock);
    catalogue->stopping = true;
    pthread_cond_signal(&catalogue->wake);
    pthread_mutex_unlock(&catalogue->lock);
    pthread_join(catalogue->thread, NULL);
    for (size_t i = 0; i < catalogue->count; i++)
        consultation_release(catalogue->shelves[i].consultation);
    db_free(catalogue->db);
    pthread_cond_destroy(&catalogue->wake);
    pthread_mutex_destroy(&catalogue->lock);
    free(catalogue);
}

/* An incomplete one without an index has holes that nothing could stand in for. */
static struct consultation *find(struct catalogue *catalogue, const char *slug, bool any)
{
    struct consultation *found = NULL;
    pthread_mutex_lock(&catalogue->lock);
    for (size_t i = 0; i < catalogue->count && !found; i++) {
        struct consultation *each = catalogue->shelves[i].consultation;
        if (each && (each->complete || (any && each->index)) && strcmp(each->slug, slug) == 0)
            found = consultation_hold(each);
    }
    pthread_mutex_unlock(&catalogue->lock);
    return found;
}

struct consultation *catalogue_find(struct catalogue *catalogue, const char *slug)
{
    return find(catalogue, slug, false);
}

struct consultation *catalogue_find_any(struct catalogue *catalogue, const char *slug)
{
    return find(catalogue, slug, true);
}

static bool shown_before(const struct consultation *a, const struct consultation *b)
{
    return a->rehearsal != b->rehearsal ? b->rehearsal : a->id > b->id;
}

size_t catalogue_all(struct catalogue *catalogue, struct consultation **list, size_t most)
{
    struct consultation *all[CONSULTATIONS_MOST];
    size_t count = 0;
    pthread_mutex_lock(&catalogue->lock);
    for (size_t i = 0; i < catalogue->count; i++) {
        struct consultation *each = catalogue->shelves[i].consultation;
        if (!each || !each->complete)
            continue;
        size_t place = count++;
        for (; place > 0 && shown_before(each, all[place - 1]); place--)
            all[place] = all[place - 1];
        all[place] = each;
    }
    count = count < most ? count : most;
    for (size_t i = 0; i < count; i++)
        list[i] = consultation_hold(all[i]);
    pthread_mutex_unlock(&catalogue->lock);
    return count;
}

int64_t catalogue_received(struct catalogue *catalogue, int consultation_id)
{
    int64_t received = 0;
    pthread_mutex_lock(&catalogue->lock);
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->shelves[i].id == consultation_id)
            received = catalogue->shelves[i].received;
    pthread_mutex_unlock(&catalogue->lock);
    return received;
}

void catalogue_wake(struct catalogue *catalogue)
{
    pthread_mutex_lock(&catalogue->lock);
    catalogue->woken = true;
    pthread_cond_signal(&catalogue->wake);
    pthread_mutex_unlock(&catalogue->lock);
}

bool catalogue_ready(struct catalogue *catalogue)
{
    pthread_mutex_lock(&catalogue->lock);
    bool ready =
        catalogue->loaded && clock_monotonic_us(&clock_system) - catalogue->seen_us <= away_us;
    pthread_mutex_unlock(&catalogue->lock);
    return ready;
}
