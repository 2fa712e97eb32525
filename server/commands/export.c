/* export: officials' exact figures and submissions, streamed row by row in constant memory; see
 * export.h. */
#include "commands/export.h"

#include "base/clock.h"
#include "commands/commands.h"
#include "commands/options.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t progress_us = 200000;

static const char usage[] =
    "export tallies|submissions SLUG --format csv|ndjson [--output FILE]\n"
    "CSV: a column's name is the path of its value in the NDJSON record; null is an empty field. "
    "In\n"
    "text an apostrophe stands before a leading = + - @ TAB CR LF \xef\xbc\x9d \xef\xbc\x8b "
    "\xef\xbc\x8d \xef\xbc\xa0 or apostrophe: take one off\n"
    "to have what was written. NDJSON is exact.\n"
    "Further";

static void show_progress(struct export *export, bool last)
{
    int64_t now_us = clock_monotonic_us(&clock_system);
    if (!export->terminal || (!last && now_us - export->shown_us < progress_us))
        return;
    export->shown_us = now_us;
    fprintf(stderr, "\r%" PRId64 " rows", export->written);
    if (export->expected > 0)
        fprintf(stderr, " of about %" PRId64, export->expected);
    fputs(last ? "\n" : "", stderr);
}

struct streaming {
    struct export *export;
    const struct export_kind *kind;
    bool failed;
};

static bool each_row(void *context, const struct rows *rows)
{
    struct streaming *streaming = context;
    struct export *export = streaming->export;
    streaming->failed = !export_write_record(export, streaming->kind->record(export, rows));
    if (streaming->failed)
        return false;
    export->written++;
    show_progress(export, false);
    return true;
}

static bool read_parts(struct export *export, const struct params *id)
{
    struct rows rows = {0};
    bool ok = db_run(export->db, STATEMENT_EXPORT_PARTS, id, &rows) == DB_OK;
    for (int row = 0; ok && row < rows_count(&rows); row++) {
        bool measure = row_int(&rows, row, 0) == 0;
        size_t *count = measure ? &export->measure_count : &export->question_count;
        struct export_code *codes = measure ? export->measures : export->questions;
        ok = *count < (size_t)(measure ? MEASURES_MOST : QUESTIONS_MOST);
        if (!ok)
            break;
        struct export_code *code = &codes[(*count)++];
        code->ordinal = (int)row_int(&rows, row, 1);
        snprintf(code->code, sizeof code->code, "%s", row_text(&rows, row, 2));
    }
    rows_clear(&rows);
    return ok;
}

static bool read_size(struct export *export, const struct params *id)
{
    struct rows rows = {0};
    bool ok = db_run(export->db, STATEMENT_EXPORT_SIZE, id, &rows) == DB_OK;
    if (ok)
        export->expected = row_int(&rows, 0, 0);
    rows_clear(&rows);
    return ok;
}

/* A row of the record of who did what: before the first byte, so that an export that is broken off
 * is in it too, and after the last. */
static bool write_down(struct export *export, const char *action, const char *what)
{
    struct params params = {0};
    json_t *detail = json_pack("{s:s, s:s, s:I}", "what", what, "format",
                               export->format == EXPORT_CSV ? "csv" : "ndjson", "rows",
                               (json_int_t) export->written);
    char *text = detail ? json_dumps(detail, JSON_COMPACT) : NULL;
    params_text(&params, action);
    params_int4(&params, export->consultation_id);
    params_text(&params, text);
    bool ok = text && db_run(export->db, STATEMENT_AUDIT_WRITE, &params, NULL) == DB_OK;
    params_clear(&params);
    free(text);
    json_decref(detail);
    return ok;
}

static bool run(struct export *export, const struct export_kind *kind)
{
    struct params id = {0};
    struct streaming streaming = {.export = export, .kind = kind};
    params_int4(&id, export->consultation_id);
    bool ok = db_run(export->db, STATEMENT_EXPORT_BY_KEY, NULL, NULL) == DB_OK &&
              read_parts(export, &id) && write_down(export, "export", kind->name);
    if (ok && kind == &export_submissions)
        ok = read_size(export, &id);
    if (!ok) {
        fprintf(stderr, "consultation: the database could not be asked; nothing was exported\n");
        params_clear(&id);
        return false;
    }
    export->columns = json_array();
    kind->columns(export, export->columns);
    streaming.failed = !export_write_head(export);
    if (!streaming.failed)
        ok = db_stream(export->db, kind->statement, &id, each_row, &streaming) == DB_OK;
    params_clear(&id);
    show_progress(export, true);
    if (streaming.failed || fflush(export->out) != 0) {
        fprintf(stderr, "consultation: the export could not be written: %s\n", strerror(errno));
        return false;
    }
    if (!ok || !write_down(export, "export-finished", kind->name)) {
        fprintf(stderr, "consultation: the export broke off; it is not whole\n");
        return false;
    }
    return true;
}

/* The id, or 0 with a sentence. */
static int32_t find(struct db *db, const char *slug)
{
    struct params params = {0};
    struct rows rows = {0};
    int32_t id = 0;
    params_text(&params, slug);
    if (db_ready(db) != DB_OK || db_run(db, STATEMENT_CONSULTATION_NAMED, &params, &rows) != DB_OK)
        fprintf(stderr, "consultation: the database could not be asked\n");
    else if (rows_count(&rows) != 1)
        fprintf(stderr, "consultation: there is no consultation '%s'\n", slug);
    else
        id = (int32_t)row_int(&rows, 0, 0);
    rows_clear(&rows);
    params_clear(&params);
    return id;
}

/* A new file only its owner reads: nothing that is there is overwritten. */
static FILE *open_output(const char *path)
{
    if (!path)
        return stdout;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    if (!out) {
        fprintf(stderr, "consultation: %s: %s\n", path, strerror(errno));
        if (file >= 0)
            close(file);
    }
    return out;
}

/* Half an export is none: its file goes. */
static int export_to(struct export *export, const struct export_kind *kind, const char *path)
{
    export->out = open_output(path);
    if (!export->out)
        return 1;
    bool ok = run(export, kind);
    if (path && fclose(export->out) != 0 && ok) {
        fprintf(stderr, "consultation: %s: %s\n", path, strerror(errno));
        ok = false;
    }
    if (path && !ok)
        unlink(path);
    json_decref(export->columns);
    buf_clear(&export->line);
    return ok ? 0 : 1;
}

static const struct export_kind *kind_of(const char *name)
{
    if (strcmp(name, export_submissions.name) == 0)
        return &export_submissions;
    return strcmp(name, export_tallies.name) == 0 ? &export_tallies : NULL;
}

int command_export(int argc, char **argv)
{
    const char *format = NULL, *output = NULL;
    const struct option_row rows[] = {{.name = "--format", .text = &format},
                                      {.name = "--output", .text = &output}};
    struct options options = {
        .usage = usage, .rows = rows, .row_count = 2, .words_least = 2, .words_most = 2};
    if (!options_read(&options, argc, argv))
        return 2;
    const struct export_kind *kind = kind_of(options.words[0]);
    bool csv = format && strcmp(format, "csv") == 0;
    if (!kind || !format || (!csv && strcmp(format, "ndjson") != 0)) {
        fprintf(stderr, "usage: consultation %s\n", usage);
        return 2;
    }
    struct export export = {
        .db = db_new(options.settings.database, DB_EXPORTER, "consultation-export"),
        .format = csv ? EXPORT_CSV : EXPORT_NDJSON,
        .terminal = isatty(STDERR_FILENO) == 1,
    };
    if (export.db)
        export.consultation_id = find(export.db, options.words[1]);
    int result = export.consultation_id ? export_to(&export, kind, output) : 1;
    db_free(export.db);
    return result;
}
