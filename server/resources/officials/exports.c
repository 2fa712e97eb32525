/* The exports there are; see exports.h. */
#include "resources/officials/exports_inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t kept_us = EXPORT_KEPT_MINUTES * INT64_C(60000000);

static void record_free(struct export_record *record)
{
    if (record->spooled >= 0)
        close(record->spooled);
    free(record->manifest);
    sodium_memzero(record, sizeof *record);
    free(record);
}

/* The functions up to the next mark: under the lock. */

static void take_out(struct exports *exports, size_t at)
{
    record_free(exports->records[at]);
    exports->count--;
    for (; at < exports->count; at++)
        exports->records[at] = exports->records[at + 1];
}

static bool is_over(const struct export_record *record)
{
    return record->view.state >= EXPORT_DONE && !record->fetched;
}

/* Room for one more: the oldest that is over is forgotten. */
static bool make_room(struct exports *exports)
{
    size_t at = 0;
    if (exports->count < RECORDS_MOST)
        return true;
    while (at < exports->count && !is_over(exports->records[at]))
        at++;
    if (at == exports->count)
        return false;
    take_out(exports, at);
    return true;
}

static struct export_record *add(struct exports *exports, const struct export_order *order,
                                 enum export_state state)
{
    unsigned char random[EXPORT_ID / 2];
    const struct clock *clock = exports->options.clock;
    struct export_record *record = make_room(exports) ? calloc(1, sizeof *record) : NULL;
    if (!record)
        return NULL;
    record->exports = exports;
    record->spooled = -1;
    record->until_us = exports_until_us(clock);
    record->file = (struct export_file){.what = order->what, .format = order->format};
    record->view = (struct export_view){
        .state = state, .order = *order, .file = record->file, .started_us = clock_utc_us(clock)};
    clock_random(clock, random, sizeof random);
    sodium_bin2hex(record->view.id, sizeof record->view.id, random, sizeof random);
    exports->records[exports->count++] = record;
    return record;
}

static struct export_record *find(const struct exports *exports, const char *id)
{
    for (size_t i = 0; i < exports->count; i++)
        if (strcmp(exports->records[i]->view.id, id) == 0)
            return exports->records[i];
    return NULL;
}

static size_t workbooks(const struct exports *exports)
{
    size_t count = 0;
    for (size_t i = 0; i < exports->count; i++)
        count += exports->records[i]->view.order.format == EXPORT_XLSX &&
                 exports->records[i]->view.state < EXPORT_DONE;
    return count;
}

/* The file is gone, whatever comes of the rest. */
static void discard(struct export_record *record, enum export_state state)
{
    if (record->spooled >= 0)
        close(record->spooled);
    record->spooled = -1;
    record->view.state = state;
    record->ended_us = clock_monotonic_us(record->exports->options.clock);
}

static struct export_view seen(const struct export_record *record)
{
    struct export_view view = record->view;
    view.rows = atomic_load(&record->rows);
    view.about = atomic_load(&record->about);
    return view;
}

static bool is_of(const struct export_record *record, const struct official *official)
{
    return record->view.order.official_id == official->id &&
           record->view.order.consultation_id == official->consultation_id;
}

/* Here the mark is. */

bool exports_send(struct exports *exports, struct request *request,
                  const struct export_order *order)
{
    struct export_task *task = calloc(1, sizeof *task);
    pthread_mutex_lock(&exports->lock);
    bool ok = task && exports->sending < exports->options.streams &&
              (task->record = add(exports, order, EXPORT_RUNS)) != NULL;
    if (ok) {
        task->job.run = export_run_send;
        task->request = request;
        request_suspend(request);
        ok = worker_push(exports->senders, &task->job);
        exports->sending += ok;
        if (!ok)
            take_out(exports, exports->count - 1);
    }
    pthread_mutex_unlock(&exports->lock);
    if (!ok)
        free(task);
    return ok;
}

bool exports_make(struct exports *exports, const struct export_order *order, char id[EXPORT_ID + 1])
{
    pthread_mutex_lock(&exports->lock);
    struct export_record *record =
        workbooks(exports) < EXPORT_WORKBOOKS ? add(exports, order, EXPORT_WAITS) : NULL;
    bool ok = record != NULL;
    if (ok) {
        memcpy(id, record->view.id, sizeof record->view.id);
        record->job.run = export_run_make;
        ok = worker_push(exports->binder, &record->job);
        if (!ok)
            take_out(exports, exports->count - 1);
    }
    pthread_mutex_unlock(&exports->lock);
    return ok;
}

enum export_fetched exports_fetch(struct exports *exports, struct request *request, const char *id)
{
    struct export_task *task = calloc(1, sizeof *task);
    enum export_fetched fetched = FETCH_BUSY;
    pthread_mutex_lock(&exports->lock);
    struct export_record *record = find(exports, id);
    if (!record || record->view.state != EXPORT_READY) {
        fetched = FETCH_GONE;
    } else if (task && !record->fetched && exports->sending < exports->options.streams) {
        *task =
            (struct export_task){.job.run = export_run_fetch, .record = record, .request = request};
        request_suspend(request);
        if (worker_push(exports->senders, &task->job)) {
            record->fetched = true;
            exports->sending++;
            fetched = FETCH_HANDED_OVER;
        }
    }
    pthread_mutex_unlock(&exports->lock);
    if (fetched != FETCH_HANDED_OVER)
        free(task);
    return fetched;
}

void exports_cancel(struct exports *exports, const char *id)
{
    pthread_mutex_lock(&exports->lock);
    struct export_record *record = find(exports, id);
    if (record && record->view.state == EXPORT_READY && !record->fetched) {
        record->view.result = EXPORT_CANCELLED;
        discard(record, EXPORT_FAILED);
    } else if (record && record->view.state < EXPORT_READY) {
        atomic_store(&record->cancelled, true);
    }
    pthread_mutex_unlock(&exports->lock);
}

bool exports_find(struct exports *exports, const char *id, const struct official *official,
                  struct export_view *out)
{
    pthread_mutex_lock(&exports->lock);
    const struct export_record *record = find(exports, id);
    bool found = record && is_of(record, official);
    if (found)
        *out = seen(record);
    pthread_mutex_unlock(&exports->lock);
    return found;
}

size_t exports_list(struct exports *exports, const struct official *official,
                    struct export_view out[EXPORT_LISTED])
{
    size_t count = 0;
    pthread_mutex_lock(&exports->lock);
    for (size_t i = exports->count; i > 0 && count < EXPORT_LISTED; i--)
        if (is_of(exports->records[i - 1], official))
            out[count++] = seen(exports->records[i - 1]);
    pthread_mutex_unlock(&exports->lock);
    return count;
}

char *exports_manifest(struct exports *exports, const char *id)
{
    pthread_mutex_lock(&exports->lock);
    const struct export_record *record = find(exports, id);
    char *manifest = record && record->manifest ? strdup(record->manifest) : NULL;
    pthread_mutex_unlock(&exports->lock);
    return manifest;
}

int64_t exports_spooled(struct exports *exports)
{
    int64_t bytes = 0;
    pthread_mutex_lock(&exports->lock);
    for (size_t i = 0; i < exports->count; i++)
        bytes += exports->records[i]->spooled >= 0 ? exports->records[i]->view.file.bytes : 0;
    pthread_mutex_unlock(&exports->lock);
    return bytes;
}

void exports_ended(struct export_record *record, enum export_state state, enum export_result result,
                   char *manifest, int spooled)
{
    pthread_mutex_lock(&record->exports->lock);
    record->view.state = state;
    record->view.result = result;
    record->view.file = record->file;
    record->manifest = manifest;
    record->spooled = spooled;
    record->ended_us = clock_monotonic_us(record->exports->options.clock);
    pthread_mutex_unlock(&record->exports->lock);
}

void exports_fetched(struct export_record *record, bool whole)
{
    pthread_mutex_lock(&record->exports->lock);
    record->fetched = false;
    if (whole)
        discard(record, EXPORT_DONE);
    pthread_mutex_unlock(&record->exports->lock);
}

void exports_sent(struct exports *exports)
{
    pthread_mutex_lock(&exports->lock);
    exports->sending--;
    pthread_mutex_unlock(&exports->lock);
}

void exports_sweep(struct exports *exports)
{
    int64_t now_us = clock_monotonic_us(exports->options.clock);
    pthread_mutex_lock(&exports->lock);
    for (size_t i = exports->count; i > 0; i--) {
        struct export_record *record = exports->records[i - 1];
        if (!record->ended_us || record->fetched || now_us - record->ended_us < kept_us)
            continue;
        if (record->view.state == EXPORT_READY)
            discard(record, EXPORT_EXPIRED);
        else
            take_out(exports, i - 1);
    }
    pthread_mutex_unlock(&exports->lock);
}

struct exports *exports_start(const struct exports_options *options)
{
    struct exports *exports = calloc(1, sizeof *exports);
    if (!exports)
        return NULL;
    exports->options = *options;
    pthread_mutex_init(&exports->lock, NULL);
    exports->senders = worker_start(&(struct worker_options){.conninfo = options->conninfo,
                                                             .role = DB_EXPORTER,
                                                             .threads = options->streams,
                                                             .places = (size_t)options->streams,
                                                             .nice = 5});
    exports->binder = worker_start(&(struct worker_options){.conninfo = options->conninfo,
                                                            .role = DB_EXPORTER,
                                                            .threads = 1,
                                                            .places = EXPORT_WORKBOOKS,
                                                            .nice = 10});
    if (exports->senders && exports->binder)
        return exports;
    exports_free(exports);
    return NULL;
}

void exports_stop(struct exports *exports)
{
    if (!exports)
        return;
    atomic_store(&exports->stopping, true);
    worker_stop(exports->senders);
    worker_stop(exports->binder);
}

void exports_free(struct exports *exports)
{
    if (!exports)
        return;
    exports_stop(exports);
    worker_free(exports->senders);
    worker_free(exports->binder);
    while (exports->count)
        take_out(exports, exports->count - 1);
    pthread_mutex_destroy(&exports->lock);
    free(exports);
}
