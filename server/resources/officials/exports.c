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

/* The oldest that is over is forgotten; `official_id` 0: whoever's. False: none is. */
static bool forget_one(struct exports *exports, int32_t official_id)
{
    for (size_t at = 0; at < exports->count; at++)
        if (is_over(exports->records[at]) &&
            (!official_id || exports->records[at]->view.order.official_id == official_id)) {
            take_out(exports, at);
            return true;
        }
    return false;
}

/* Room for one more: so many of an official's are known, that one who asks for many has none of the
 * others' forgotten. */
static bool make_room(struct exports *exports, int32_t official_id)
{
    size_t own = 0;
    for (size_t i = 0; i < exports->count; i++)
        own += exports->records[i]->view.order.official_id == official_id;
    if (own >= EXPORT_LISTED)
        forget_one(exports, official_id);
    return exports->count < RECORDS_MOST || forget_one(exports, 0);
}

static struct export_record *add(struct exports *exports, const struct export_order *order,
                                 enum export_state state)
{
    unsigned char random[EXPORT_ID / 2];
    const struct clock *clock = exports->options.clock;
    struct export_record *record =
        make_room(exports, order->official_id) ? calloc(1, sizeof *record) : NULL;
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

struct export_record *exports_record(const struct exports *exports, const char *id)
{
    for (size_t i = 0; i < exports->count; i++)
        if (strcmp(exports->records[i]->view.id, id) == 0)
            return exports->records[i];
    return NULL;
}

static bool is_workbook(const struct export_record *record)
{
    return record->view.order.format == EXPORT_XLSX && record->view.state < EXPORT_DONE;
}

static bool is_sent(const struct export_record *record)
{
    return record->fetched ||
           (record->view.order.format != EXPORT_XLSX && record->view.state == EXPORT_RUNS);
}

/* Those of which it is true; `official_id` 0: anybody's. */
static int count(const struct exports *exports, int32_t official_id,
                 bool (*is)(const struct export_record *record))
{
    int all = 0;
    for (size_t i = 0; i < exports->count; i++)
        all += (!official_id || exports->records[i]->view.order.official_id == official_id) &&
               is(exports->records[i]);
    return all;
}

static enum problem_code workbook_refused(const struct exports *exports, int32_t official_id)
{
    if (count(exports, official_id, is_workbook) >= EXPORT_WORKBOOKS_OWN)
        return PROBLEM_EXPORTS_OWN;
    return count(exports, 0, is_workbook) >= EXPORT_WORKBOOKS ? PROBLEM_EXPORTS_BUSY : PROBLEM_NONE;
}

static enum problem_code sending_refused(const struct exports *exports, int32_t official_id)
{
    int streams = exports->options.streams;
    if (streams > 1 && count(exports, official_id, is_sent) >= streams - 1)
        return PROBLEM_EXPORTS_OWN;
    return exports->sending >= streams ? PROBLEM_EXPORTS_BUSY : PROBLEM_NONE;
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

/* Here the mark is. */

enum problem_code exports_send(struct exports *exports, struct request *request,
                               const struct export_order *order)
{
    struct export_task *task = calloc(1, sizeof *task);
    pthread_mutex_lock(&exports->lock);
    enum problem_code refused = sending_refused(exports, order->official_id);
    if (!refused && (!task || !(task->record = add(exports, order, EXPORT_RUNS))))
        refused = PROBLEM_EXPORTS_BUSY;
    if (!refused) {
        task->job.run = export_run_send;
        task->request = request;
        request_suspend(request);
        if (worker_push(exports->senders, &task->job)) {
            exports->sending++;
        } else {
            take_out(exports, exports->count - 1);
            refused = PROBLEM_EXPORTS_BUSY;
        }
    }
    pthread_mutex_unlock(&exports->lock);
    if (refused)
        free(task);
    return refused;
}

/* Its making ends with the rights of whoever asked for it, not with the session. */
enum problem_code exports_make(struct exports *exports, const struct export_order *order,
                               char id[EXPORT_ID + 1])
{
    struct export_record *record = NULL;
    pthread_mutex_lock(&exports->lock);
    enum problem_code refused = workbook_refused(exports, order->official_id);
    if (!refused && !(record = add(exports, order, EXPORT_WAITS)))
        refused = PROBLEM_EXPORTS_BUSY;
    if (record) {
        memcpy(id, record->view.id, sizeof record->view.id);
        record->view.order.session = (struct digest){0};
        record->job.run = export_run_make;
        if (!worker_push(exports->binder, &record->job)) {
            take_out(exports, exports->count - 1);
            refused = PROBLEM_EXPORTS_BUSY;
        }
    }
    pthread_mutex_unlock(&exports->lock);
    return refused;
}

/* Under the lock. */
static enum problem_code fetch_refused(const struct exports *exports,
                                       const struct export_record *record)
{
    if (!record || record->view.state != EXPORT_READY)
        return PROBLEM_NOT_FOUND;
    return record->fetched ? PROBLEM_EXPORTS_BUSY
                           : sending_refused(exports, record->view.order.official_id);
}

enum problem_code exports_fetch(struct exports *exports, struct request *request, const char *id)
{
    struct export_task *task = calloc(1, sizeof *task);
    pthread_mutex_lock(&exports->lock);
    struct export_record *record = exports_record(exports, id);
    enum problem_code refused = fetch_refused(exports, record);
    if (!refused && !task)
        refused = PROBLEM_EXPORTS_BUSY;
    if (!refused) {
        *task =
            (struct export_task){.job.run = export_run_fetch, .record = record, .request = request};
        request_suspend(request);
        record->view.order.session = request->official->session;
        record->fetched = worker_push(exports->senders, &task->job);
        exports->sending += record->fetched;
        if (!record->fetched)
            refused = PROBLEM_EXPORTS_BUSY;
    }
    pthread_mutex_unlock(&exports->lock);
    if (refused)
        free(task);
    return refused;
}

void exports_cancel(struct exports *exports, const char *id)
{
    pthread_mutex_lock(&exports->lock);
    struct export_record *record = exports_record(exports, id);
    if (record && record->view.state == EXPORT_READY && !record->fetched) {
        record->view.result = EXPORT_CANCELLED;
        discard(record, EXPORT_FAILED);
    } else if (record && (record->view.state < EXPORT_READY || record->fetched)) {
        atomic_store(&record->ended, EXPORT_CANCELLED);
    }
    pthread_mutex_unlock(&exports->lock);
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
    enum export_result ended = atomic_load(&record->ended);
    record->fetched = false;
    if (whole) {
        discard(record, EXPORT_DONE);
    } else if (ended != EXPORT_OK) {
        record->view.result = ended;
        discard(record, EXPORT_FAILED);
    }
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
                                                             .answers_ms = STANDING_ANSWER_MS,
                                                             .threads = options->streams,
                                                             .places = (size_t)options->streams,
                                                             .nice = 5});
    exports->binder = worker_start(&(struct worker_options){.conninfo = options->conninfo,
                                                            .role = DB_EXPORTER,
                                                            .answers_ms = STANDING_ANSWER_MS,
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
