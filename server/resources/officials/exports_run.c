/* Exports being made and sent, on their own threads; see exports_inside.h. */
#include "base/spool.h"
#include "http/reply.h"
#include "resources/officials/exports_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ROOM = 256 * 1024, /* between the export and the connection */
    BLOCK = 64 * 1024,
    LOOK_MS = 200, /* how often who waits for a client looks whether to go on */
    HEADER = 256
};

static const char *const types[EXPORT_FORMATS] = {
    [EXPORT_CSV] = "text/csv; charset=utf-8; header=present",
    [EXPORT_NDJSON] = "application/x-ndjson",
    [EXPORT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

/* Whether the database says so. Where it cannot be asked nothing is known: what needs it ends by
 * itself. */
static bool is_barred(const struct export_record *record)
{
    static const struct digest none = {0};
    const struct export_order *order = &record->view.order;
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, order->official_id);
    params_int4(&params, order->consultation_id);
    if (memcmp(&order->session, &none, sizeof none) == 0)
        params_null(&params);
    else
        params_bytes(&params, order->session.bytes, DIGEST_BYTES);
    params_text(&params, order->token);
    bool barred = record->standing && db_ready(record->standing) == DB_OK &&
                  db_run(record->standing, STATEMENT_EXPORT_STANDS, &params, &rows) == DB_OK &&
                  rows_count(&rows) == 1 && !row_bool(&rows, 0, 0);
    rows_clear(&rows);
    params_clear(&params);
    return barred;
}

/* By somebody, the service or the clock, or since its official may not have it any more; else it
 * was the taker, who left. */
static bool was_ended(struct export_record *record)
{
    int64_t now_us = clock_monotonic_us(record->exports->options.clock);
    if (now_us >= record->asked_us + STANDING_MS * INT64_C(1000)) {
        record->asked_us = now_us;
        if (is_barred(record))
            atomic_store(&record->ended, EXPORT_BARRED);
    }
    return atomic_load(&record->ended) != EXPORT_OK || atomic_load(&record->exports->stopping) ||
           now_us >= record->until_us;
}

/* What came of it where it was ended. */
static enum export_result ended_as(const struct export_record *record)
{
    enum export_result ended = atomic_load(&record->ended);
    return ended == EXPORT_OK ? EXPORT_CANCELLED : ended;
}

static bool may_go_on(void *context, const struct export_file *file, int64_t rows, int64_t about)
{
    struct export_record *record = context;
    (void)file;
    atomic_store(&record->rows, rows);
    atomic_store(&record->about, about);
    return !was_ended(record) && (!record->feed || !feed_is_gone(record->feed));
}

/* As export_sink has it. A client that is too slow is cut off by its connection's deadline. */
static bool feed_bytes(void *context, const void *bytes, size_t length)
{
    struct export_record *record = context;
    const char *at = bytes;
    while (length) {
        size_t piece = length < BLOCK ? length : BLOCK;
        enum feed_state state = feed_write(record->feed, at, piece, LOOK_MS);
        if (state == FEED_GONE || was_ended(record))
            return false;
        if (state == FEED_FULL)
            continue;
        at += piece;
        length -= piece;
    }
    return true;
}

/* All of it is on its way. */
static bool feed_is_taken(struct export_record *record)
{
    enum feed_state state = FEED_FULL;
    while (state == FEED_FULL && !was_ended(record))
        state = feed_drain(record->feed, LOOK_MS);
    return state == FEED_TAKEN;
}

static struct export_by by(const struct export_record *record)
{
    const struct export_order *order = &record->view.order;
    return (struct export_by){
        .official_id = order->official_id, .network = order->network, .token = order->token};
}

static struct export_terms terms_of(struct export_record *record, const struct export_by *by)
{
    const struct exports_options *options = &record->exports->options;
    return (struct export_terms){.slug = record->view.order.slug,
                                 .by = by,
                                 .filter = record->view.order.filter,
                                 .spool = {.folder = options->spool_folder,
                                           .bytes_most = options->spool_bytes,
                                           .sheet_rows = SHEET_ROWS},
                                 .files = &record->file,
                                 .file_count = 1,
                                 .progress = may_go_on,
                                 .context = record};
}

static void say_refused(struct request *request, enum export_result result)
{
    switch (result) {
    case EXPORT_UNKNOWN_CONSULTATION:
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return;
    case EXPORT_UNKNOWN_MEASURE:
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/measure");
        return;
    case EXPORT_WORDS:
        reply_problem(request, PROBLEM_BAD_TEXT, "/text");
        return;
    case EXPORT_UNFILTERED:
        reply_problem(request, PROBLEM_NOT_FILTERED, "/what");
        return;
    case EXPORT_MEMORY:
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    case EXPORT_OK:
    case EXPORT_DATABASE:
    case EXPORT_SPOOL:
    case EXPORT_REFUSED:
    case EXPORT_CANCELLED:
        break;
    case EXPORT_BARRED:
        reply_problem(request, PROBLEM_ROLE_MISSING, NULL);
        return;
    }
    reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, "5");
    reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
}

/* The reply's head; the request is gone then. False: another reply was made. */
static bool begin(struct export_record *record, struct request *request)
{
    char header[HEADER], name[EXPORT_FILE_NAME];
    const struct export_order *order = &record->view.order;
    export_file_name(&record->file, name);
    snprintf(header, sizeof header, "attachment; filename=\"%s-%s\"", order->slug, name);
    reply_header(request, MHD_HTTP_HEADER_CONTENT_DISPOSITION, header);
    /* A front that gathered it would keep on its disk what respondents wrote. */
    reply_header(request, "X-Accel-Buffering", "no");
    if (*order->token) {
        snprintf(header, sizeof header, "</v1/consultations/%s/exports/%s>; rel=\"describedby\"",
                 order->slug, record->view.id);
        reply_header(request, MHD_HTTP_HEADER_LINK, header);
    }
    record->feed = reply_feed(request, 200, types[order->format], ROOM);
    request_finish(request);
    return record->feed != NULL;
}

static enum export_result write_all(struct export_record *record, struct export *export,
                                    char **manifest)
{
    enum export_result result = EXPORT_MEMORY;
    if (record->feed)
        result = export_write(export, (struct export_sink){feed_bytes, record});
    if (result == EXPORT_OK && !feed_is_taken(record))
        result = EXPORT_REFUSED;
    if (result == EXPORT_CANCELLED || result == EXPORT_REFUSED)
        result = was_ended(record) ? ended_as(record) : EXPORT_REFUSED;
    if (result == EXPORT_OK)
        *manifest = export_manifest(export);
    else
        export_fail(export, result);
    return export_close(export);
}

/* The end is written down, and known to the others, before the client is told that it was the end.
 */
void export_run_send(struct job *job, struct db *db)
{
    struct export_task *task = (struct export_task *)job;
    struct export_record *record = task->record;
    struct request *request = task->request;
    struct exports *exports = record->exports;
    struct export *export = NULL;
    struct feed *feed = NULL;
    char *manifest = NULL;
    const struct export_by whose = by(record);
    const struct export_terms terms = terms_of(record, &whose);
    record->standing = job->answers;
    free(task);
    enum export_result result =
        atomic_load(&exports->stopping) ? EXPORT_CANCELLED : export_open(db, &terms, &export);
    if (export) {
        begin(record, request);
        result = write_all(record, export, &manifest);
        feed = record->feed;
        record->feed = NULL;
    } else {
        say_refused(request, result);
        request_finish(request);
    }
    exports_ended(record, result == EXPORT_OK ? EXPORT_DONE : EXPORT_FAILED, result, manifest, -1);
    exports_sent(exports);
    if (feed)
        feed_end(feed, result == EXPORT_OK);
}

void export_run_fetch(struct job *job, struct db *db)
{
    struct export_task *task = (struct export_task *)job;
    struct export_record *record = task->record;
    struct exports *exports = record->exports;
    char *block = malloc(BLOCK);
    bool ok = begin(record, task->request) && block;
    (void)db;
    record->standing = job->answers;
    record->asked_us = 0;
    free(task);
    record->until_us = exports_until_us(exports->options.clock);
    for (off_t at = 0; ok && at < record->file.bytes;) {
        ssize_t got = pread(record->spooled, block, BLOCK, at);
        ok = got > 0 && feed_bytes(record, block, (size_t)got);
        at += got;
    }
    ok = ok && feed_is_taken(record);
    free(block);
    struct feed *feed = record->feed;
    record->feed = NULL;
    exports_fetched(record, ok);
    exports_sent(exports);
    if (feed)
        feed_end(feed, ok);
}

/* Where a workbook is kept until it is fetched. */
struct shelf {
    struct exports *exports;
    int file;
    int64_t bytes;
};

static bool shelf_write(void *context, const void *bytes, size_t length)
{
    struct shelf *shelf = context;
    const char *at = bytes;
    shelf->bytes += (int64_t)length;
    if (exports_spooled(shelf->exports) + shelf->bytes > shelf->exports->options.spool_bytes)
        return false;
    while (length) {
        ssize_t put = write(shelf->file, at, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        length -= (size_t)put;
    }
    return true;
}

static enum export_result make(struct export_record *record, struct db *db, struct shelf *shelf,
                               char **manifest)
{
    struct export *export = NULL;
    const struct export_by whose = by(record);
    const struct export_terms terms = terms_of(record, &whose);
    if (!may_go_on(record, NULL, 0, 0))
        return ended_as(record);
    if (shelf->file < 0)
        return EXPORT_SPOOL;
    enum export_result result = export_open(db, &terms, &export);
    if (!export)
        return result;
    result = export_write(export, (struct export_sink){shelf_write, shelf});
    if (result == EXPORT_REFUSED)
        result = EXPORT_SPOOL;
    if (result == EXPORT_CANCELLED)
        result = ended_as(record);
    if (result == EXPORT_OK)
        *manifest = export_manifest(export);
    else
        export_fail(export, result);
    return export_close(export);
}

void export_run_make(struct job *job, struct db *db)
{
    struct export_record *record =
        (struct export_record *)((char *)job - offsetof(struct export_record, job));
    struct exports *exports = record->exports;
    struct shelf shelf = {.exports = exports, .file = spool_open(exports->options.spool_folder)};
    char *manifest = NULL;
    record->standing = job->answers;
    pthread_mutex_lock(&exports->lock);
    record->view.state = EXPORT_RUNS;
    record->until_us = exports_until_us(exports->options.clock);
    pthread_mutex_unlock(&exports->lock);
    enum export_result result = make(record, db, &shelf, &manifest);
    if (result != EXPORT_OK && shelf.file >= 0) {
        close(shelf.file);
        shelf.file = -1;
    }
    exports_ended(record, result == EXPORT_OK ? EXPORT_READY : EXPORT_FAILED, result, manifest,
                  shelf.file);
}
