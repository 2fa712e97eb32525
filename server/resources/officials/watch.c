/* Tells open dashboards what changed; see watch.h. */
#include "resources/officials/watch.h"

#include "base/log.h"
#include "http/feed.h"
#include "http/reply.h"
#include "resources/service_state.h"
#include "store/db.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BEAT_MS = 1000,
    HEARTBEAT_US = 10000000, /* half of what the front waits for a byte (deploy/nginx/rules.conf) */
    PER_OFFICIAL = 4,        /* tabs that are seen at once, and one that has just been closed */
    EVENT_TEXT = 128,
    FEED_ROOM = 1024
};
static const int64_t second_us = 1000000;

struct listener {
    struct feed *feed;
    struct digest session;
    int32_t official_id, consultation_id;
    int64_t ends_us, told_us; /* monotonic: its end, and when it was last told anything */
    char mark[WATCH_MARK];    /* what it knows; "": nothing yet */
    bool stands;              /* its session and its role do, as of the last beat */
};

struct watch {
    struct watch_options options;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    bool stopping;
    size_t count;
    struct db *db;               /* the thread's own */
    struct listener listeners[]; /* `places` of them */
};

void watch_mark(struct service *service, int64_t figures, char mark[WATCH_MARK])
{
    struct service_state state;
    service_state_read(service, &state);
    snprintf(mark, WATCH_MARK, "%016" PRIx64 "-%04x", (uint64_t)figures, state.well & 0xffffu);
}

/* Under the lock. */
static size_t listeners_of(const struct watch *watch, int32_t official_id)
{
    size_t count = 0;
    for (size_t i = 0; i < watch->count; i++)
        count += watch->listeners[i].official_id == official_id;
    return count;
}

bool watch_join(struct watch *watch, struct request *request, int32_t consultation_id)
{
    const struct official *official = request->official;
    int64_t now_us = clock_monotonic_us(watch->options.clock);
    struct feed *feed = NULL;
    pthread_mutex_lock(&watch->lock);
    bool room = !watch->stopping && watch->count < (size_t)watch->options.places &&
                listeners_of(watch, official->id) < PER_OFFICIAL;
    if (room) {
        reply_header(request, "X-Accel-Buffering", "no");
        feed = reply_feed(request, 200, "text/event-stream", FEED_ROOM);
    }
    if (feed) {
        watch->listeners[watch->count++] = (struct listener){
            .feed = feed,
            .session = official->session,
            .official_id = official->id,
            .consultation_id = consultation_id,
            .ends_us = now_us + watch->options.seconds * second_us,
            .told_us = now_us,
            .stands = true,
        };
        pthread_cond_signal(&watch->wake);
    }
    pthread_mutex_unlock(&watch->lock);
    return room;
}

/* Under the lock. The order of listeners means nothing. */
static void listener_end(struct watch *watch, size_t place)
{
    feed_end(watch->listeners[place].feed, true);
    watch->listeners[place] = watch->listeners[--watch->count];
}

/* Who is asked about: taken under the lock, so that the queries run without it. */
struct asked {
    size_t count;
    struct listener *list; /* owned; copies */
};

static bool asked_take(struct watch *watch, struct asked *asked)
{
    pthread_mutex_lock(&watch->lock);
    asked->count = watch->count;
    asked->list = calloc(asked->count + 1, sizeof *asked->list);
    if (asked->list)
        memcpy(asked->list, watch->listeners, asked->count * sizeof *asked->list);
    pthread_mutex_unlock(&watch->lock);
    return asked->list != NULL;
}

static enum db_status ask_standing(struct watch *watch, struct asked *asked)
{
    struct params params = {0};
    struct rows rows = {0};
    array_begin(&params, ELEMENT_BYTES);
    for (size_t i = 0; i < asked->count; i++)
        array_bytes(&params, asked->list[i].session.bytes, DIGEST_BYTES);
    array_end(&params);
    array_begin(&params, ELEMENT_INT4);
    for (size_t i = 0; i < asked->count; i++)
        array_int4(&params, asked->list[i].consultation_id);
    array_end(&params);
    params_int4(&params, watch->options.idle_minutes);
    enum db_status status = db_run(watch->db, STATEMENT_OFFICIAL_WATCHERS, &params, &rows);
    for (size_t i = 0; status == DB_OK && i < asked->count; i++)
        asked->list[i].stands = false;
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        int64_t place = row_int(&rows, row, 0);
        if (place >= 1 && (size_t)place <= asked->count)
            asked->list[place - 1].stands = true;
    }
    rows_clear(&rows);
    params_clear(&params);
    return status;
}

static enum db_status ask_marks(struct watch *watch, struct asked *asked)
{
    struct params params = {0};
    struct rows rows = {0};
    array_begin(&params, ELEMENT_INT4);
    for (size_t i = 0; i < asked->count; i++)
        array_int4(&params, asked->list[i].consultation_id);
    array_end(&params);
    enum db_status status = db_run(watch->db, STATEMENT_DASHBOARD_MARKS, &params, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        char mark[WATCH_MARK];
        watch_mark(watch->options.service, row_int(&rows, row, 1), mark);
        for (size_t i = 0; i < asked->count; i++)
            if (asked->list[i].consultation_id == row_int(&rows, row, 0))
                memcpy(asked->list[i].mark, mark, sizeof mark);
    }
    rows_clear(&rows);
    params_clear(&params);
    return status;
}

/* Without the database nobody is sent away and no mark is known; what is known of the service is
 * told all the same. */
static void ask(struct watch *watch, struct asked *asked)
{
    enum db_status status = db_ready(watch->db);
    if (status == DB_OK)
        status = ask_standing(watch, asked);
    if (status == DB_OK)
        status = ask_marks(watch, asked);
    if (status == DB_OK)
        return;
    for (size_t i = 0; i < asked->count; i++)
        watch_mark(watch->options.service, 0, asked->list[i].mark);
}

/* False: it is to be ended. */
static bool listener_tell(struct listener *listener, const char *mark, int64_t now_us)
{
    char event[EVENT_TEXT];
    int length = 0;
    if (strcmp(listener->mark, mark) != 0)
        length = snprintf(event, sizeof event, "%sevent: figures\ndata: %s\n\n",
                          listener->mark[0] ? "" : "retry: 3000\n", mark);
    else if (now_us - listener->told_us >= HEARTBEAT_US)
        length = snprintf(event, sizeof event, ":\n\n");
    if (length == 0)
        return !feed_is_gone(listener->feed);
    memcpy(listener->mark, mark, WATCH_MARK);
    listener->told_us = now_us;
    return feed_write(listener->feed, event, (size_t)length, 0) == FEED_TAKEN;
}

/* Listeners only leave on this thread, and new ones come at the end: the first ones still are who
 * was asked about. Backwards, since the last one takes an ended one's place. */
static void tell(struct watch *watch, const struct asked *asked)
{
    int64_t now_us = clock_monotonic_us(watch->options.clock);
    pthread_mutex_lock(&watch->lock);
    for (size_t i = asked->count; i-- > 0;) {
        struct listener *listener = &watch->listeners[i];
        const struct listener *found = &asked->list[i];
        if (!found->stands || now_us >= listener->ends_us ||
            !listener_tell(listener, found->mark, now_us))
            listener_end(watch, i);
    }
    pthread_mutex_unlock(&watch->lock);
}

/* Waits for the next beat, or while there is nobody to tell; false: stop. */
static bool watch_wait(struct watch *watch)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += BEAT_MS % 1000 * 1000000L;
    until.tv_sec += BEAT_MS / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&watch->lock);
    int late = 0;
    while (!watch->stopping && late == 0)
        late = pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
    while (!watch->stopping && watch->count == 0)
        pthread_cond_wait(&watch->wake, &watch->lock);
    bool go_on = !watch->stopping;
    pthread_mutex_unlock(&watch->lock);
    return go_on;
}

static void *watch_run(void *context)
{
    struct watch *watch = context;
    while (watch_wait(watch)) {
        struct asked asked = {0};
        if (asked_take(watch, &asked)) {
            ask(watch, &asked);
            tell(watch, &asked);
        }
        free(asked.list);
    }
    return NULL;
}

struct watch *watch_start(const struct watch_options *options)
{
    struct watch *watch =
        calloc(1, sizeof *watch + (size_t)options->places * sizeof watch->listeners[0]);
    if (!watch)
        return NULL;
    pthread_condattr_t monotonic;
    watch->options = *options;
    watch->db = db_new(options->conninfo, DB_OFFICIAL, "consultation-watch");
    pthread_mutex_init(&watch->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (watch->db && pthread_create(&watch->thread, NULL, watch_run, watch) == 0)
        return watch;
    watch_free(watch);
    return NULL;
}

size_t watch_listeners(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    size_t count = watch->count;
    pthread_mutex_unlock(&watch->lock);
    return count;
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_mutex_lock(&watch->lock);
    while (watch->count)
        listener_end(watch, watch->count - 1);
    pthread_mutex_unlock(&watch->lock);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    db_free(watch->db);
    free(watch);
}
