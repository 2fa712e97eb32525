/* The snapshot that an export's files are of, and its place in the record of who did what; see
 * export.h. */
#include "export/inside.h"

#include "publish/load.h"

#include <stdlib.h>

/* What was searched for stays out of the record. New reference. */
static json_t *filters_told(const struct submission_filter *filter)
{
    json_t *filters = manifest_filters(filter);
    if (filter->set & 1u << FILTER_TEXT)
        json_object_set_new(filters, submission_filter_name(FILTER_TEXT), json_true());
    return filters;
}

static json_t *detail_of(const struct export *export, const struct export_file *file,
                         enum export_result result)
{
    const struct export_by *by = export->terms->by;
    json_t *detail =
        json_pack("{s:s, s:s, s:I, s:o}", "what", export_what_name(file->what), "format",
                  export_format_name(file->format), "rows", (json_int_t)file->rows, "filters",
                  filters_told(&export->terms->filter));
    if (*file->sha256)
        json_object_set_new(detail, "sha256", json_string(file->sha256));
    if (result != EXPORT_OK)
        json_object_set_new(detail, "why", json_string(export_result_name(result)));
    if (by && *by->token)
        json_object_set_new(detail, "token", json_string(by->token));
    return detail;
}

/* A row of the record: before the first byte, so that an export that is broken off is in it too,
 * and after the last. */
static bool write_down(struct export *export, const char *action, const struct export_file *file,
                       enum export_result result)
{
    const struct export_by *by = export->terms->by;
    struct params params = {0};
    json_t *detail = detail_of(export, file, result);
    char *text = detail ? json_dumps(detail, JSON_COMPACT) : NULL;
    if (by) {
        params_int4(&params, by->official_id);
        params_text(&params, by->network);
    }
    params_text(&params, action);
    params_int4(&params, export->consultation->id);
    params_text(&params, text);
    bool ok = text && db_run(export->db, by ? STATEMENT_OFFICIAL_AUDIT : STATEMENT_AUDIT_WRITE,
                             &params, NULL) == DB_OK;
    params_clear(&params);
    free(text);
    json_decref(detail);
    return ok;
}

static bool write_all_down(struct export *export, const char *action)
{
    bool ok = true;
    for (size_t i = 0; ok && i < export->terms->file_count; i++)
        ok = write_down(export, action, &export->terms->files[i], EXPORT_OK);
    return ok;
}

/* Reads one integer or time of a statement that takes the consultation, or nothing. */
static bool ask(struct export *export, enum statement statement, const struct params *params,
                int64_t *number, int64_t *time_us)
{
    struct rows rows = {0};
    bool ok = db_run(export->db, statement, params, &rows) == DB_OK && rows_count(&rows) == 1;
    if (ok && number)
        *number = row_int(&rows, 0, 0);
    if (ok && time_us)
        *time_us = row_time(&rows, 0, 0);
    rows_clear(&rows);
    return ok;
}

static enum export_result find(struct export *export, int *id)
{
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, export->terms->slug);
    enum db_status status = db_ready(export->db);
    if (status == DB_OK)
        status = db_run(export->db, STATEMENT_CONSULTATION_NAMED, &params, &rows);
    enum export_result result = status != DB_OK          ? EXPORT_DATABASE
                                : rows_count(&rows) != 1 ? EXPORT_UNKNOWN_CONSULTATION
                                                         : EXPORT_OK;
    if (result == EXPORT_OK)
        *id = (int)row_int(&rows, 0, 0);
    rows_clear(&rows);
    params_clear(&params);
    return result;
}

bool export_is_filtered(enum export_what what, const struct submission_filter *filter)
{
    return what != EXPORT_TALLIES || !(filter->set & ~(unsigned)TALLIES_FILTERS);
}

static enum export_result check_filter(struct export *export)
{
    const struct submission_filter *filter = &export->terms->filter;
    if (filter->set & 1u << FILTER_MEASURE &&
        !consultation_measure(export->consultation, filter->measure))
        return EXPORT_UNKNOWN_MEASURE;
    for (size_t i = 0; i < export->terms->file_count; i++)
        if (!export_is_filtered(export->terms->files[i].what, filter))
            return EXPORT_UNFILTERED;
    if (filter->set & 1u << FILTER_TEXT &&
        word_query_read(filter->text, &export->words) != WORDS_READ)
        return EXPORT_WORDS;
    return EXPORT_OK;
}

static enum export_result load(struct export *export, int id)
{
    enum db_status status = load_consultation(export->db, id, &export->consultation);
    return status == DB_OK && export->consultation ? EXPORT_OK : EXPORT_DATABASE;
}

/* Before anything is written down; of one moment too, for what changes meanwhile would be refused.
 */
static enum export_result look(struct export *export, int id)
{
    if (db_begin_snapshot(export->db) != DB_OK)
        return EXPORT_DATABASE;
    enum export_result result = load(export, id);
    db_rollback(export->db);
    return result == EXPORT_OK ? check_filter(export) : result;
}

/* From here on all is of one moment: the consultation is read again in it. */
static enum export_result snapshot(struct export *export)
{
    int id = export->consultation->id;
    struct params params = {0};
    params_int4(&params, id);
    consultation_release(export->consultation);
    export->consultation = NULL;
    bool ok = db_run(export->db, STATEMENT_EXPORT_BY_KEY, NULL, NULL) == DB_OK &&
              db_begin_snapshot(export->db) == DB_OK &&
              ask(export, STATEMENT_EXPORT_MOMENT, NULL, NULL, &export->moment_us) &&
              ask(export, STATEMENT_EXPORT_SIZE, &params, &export->expected, NULL);
    params_clear(&params);
    return ok ? load(export, id) : EXPORT_DATABASE;
}

enum export_result export_open(struct db *db, const struct export_terms *terms, struct export **out)
{
    struct export *export = calloc(1, sizeof *export);
    int id = 0;
    *out = NULL;
    if (!export)
        return EXPORT_MEMORY;
    export->db = db;
    export->terms = terms;
    enum export_result result = find(export, &id);
    if (result == EXPORT_OK)
        result = look(export, id);
    if (result == EXPORT_OK)
        result = write_all_down(export, "export") ? snapshot(export) : EXPORT_DATABASE;
    if (result == EXPORT_OK) {
        *out = export;
        return result;
    }
    consultation_release(export->consultation);
    db_rollback(db);
    free(export);
    return result;
}

void export_fail(struct export *export, enum export_result result)
{
    export->failed = result;
}

/* How far it came: the file that was being written, if one was. */
static void write_broken_off(struct export *export)
{
    size_t at = export->written < export->terms->file_count ? export->written
                                                            : export->terms->file_count - 1;
    if (db_ready(export->db) == DB_OK)
        write_down(export, "export-broken-off", &export->terms->files[at], export->failed);
}

enum export_result export_close(struct export *export)
{
    if (!export)
        return EXPORT_OK;
    db_rollback(export->db); /* it only read */
    if (export->failed == EXPORT_OK && export->written < export->terms->file_count)
        export->failed = EXPORT_CANCELLED;
    enum export_result result = export->failed;
    if (result != EXPORT_OK)
        write_broken_off(export);
    else if (!write_all_down(export, "export-finished"))
        result = EXPORT_DATABASE;
    consultation_release(export->consultation);
    free(export);
    return result;
}
