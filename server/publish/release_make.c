/* One release, from the lock to the commit; see release.h. */
#include "publish/release.h"

#include "base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* Whose act it is; NULL where nobody's but the program's. */
struct release_by {
    int32_t official;
    const char *network;
};

/* Runs a statement that gives one row. */
static bool run_one(struct db *db, enum statement statement, const struct params *params,
                    struct rows *rows)
{
    return !params->failed && db_run(db, statement, params, rows) == DB_OK && rows_count(rows) == 1;
}

static enum release_outcome refused(const struct rows *rows, struct release_made *made)
{
    if (row_is_null(rows, 0, 0))
        return RELEASE_MADE;
    snprintf(made->refusal, sizeof made->refusal, "%s", row_text(rows, 0, 0));
    return RELEASE_NOT_DUE;
}

/* RELEASE_MADE here means: it is due, go on. */
static enum release_outcome begin(struct db *db, int consultation_id, const struct release_by *by,
                                  struct release_mark *mark, struct release_made *made)
{
    struct params params = {0};
    struct rows rows = {0};
    enum release_outcome outcome = RELEASE_FAILED;
    params_int4(&params, consultation_id);
    if (!by)
        params_bool(&params, mark->final);
    if (run_one(db, by ? STATEMENT_FINAL_RELEASE_BEGIN : STATEMENT_RELEASE_BEGIN, &params, &rows)) {
        outcome = refused(&rows, made);
        mark->number = (int)row_int(&rows, 0, 1);
        mark->released_us = row_time(&rows, 0, 2);
    }
    rows_clear(&rows);
    params_clear(&params);
    return outcome;
}

static bool sums_row(struct release_sums *sums, const struct rows *rows, int row)
{
    enum { COLUMN_PART, COLUMN_ORDINAL, COLUMN_KIND, COLUMN_DAY, COLUMN_FIRST };
    enum { PART_SUBMISSIONS, PART_ANSWERS, PART_REASONS };
    static_assert((int)SET_ASIDE_REASONS <= (int)CELLS, "they stand in one row");
    int64_t figures[CELLS];
    for (int i = 0; i < CELLS; i++)
        figures[i] = row_int(rows, row, COLUMN_FIRST + i);
    int kind = (int)row_int(rows, row, COLUMN_KIND);
    if (row_int(rows, row, COLUMN_PART) == PART_SUBMISSIONS)
        return release_sums_submissions(sums, kind, figures);
    if (row_int(rows, row, COLUMN_PART) == PART_REASONS) {
        release_sums_reasons(sums, figures);
        return true;
    }
    return release_sums_cells(sums, (int)row_int(rows, row, COLUMN_ORDINAL), kind,
                              row_date(rows, row, COLUMN_DAY), figures);
}

/* One statement, hence one snapshot for submissions and answers alike. */
static bool read_sums(struct db *db, int consultation_id, struct release_sums *sums)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, consultation_id);
    bool ok = !params.failed && db_run(db, STATEMENT_RELEASE_SUMS, &params, &rows) == DB_OK;
    for (int row = 0; ok && row < rows_count(&rows); row++)
        ok = sums_row(sums, &rows, row);
    rows_clear(&rows);
    params_clear(&params);
    return ok;
}

/* The bytes that are kept and served: shares with their three decimals, members in the order they
 * were set. */
static char *document_text(const struct consultation *consultation, const struct release_sums *sums,
                           const struct release_mark *mark)
{
    json_t *document = release_document(consultation, sums, mark);
    char *text = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(3)) : NULL;
    json_decref(document);
    return text;
}

static enum release_outcome publish(struct db *db, int consultation_id, const struct release_by *by,
                                    const struct release_mark *mark, const char *document,
                                    struct release_made *made)
{
    struct params params = {0};
    struct rows rows = {0};
    enum release_outcome outcome = RELEASE_FAILED;
    if (by) {
        params_int4(&params, by->official);
        params_text(&params, by->network);
    }
    params_int4(&params, consultation_id);
    params_int4(&params, mark->number);
    params_time(&params, mark->released_us);
    if (!by)
        params_bool(&params, mark->final);
    params_int8(&params, made->respondents);
    params_text(&params, document);
    if (run_one(db, by ? STATEMENT_FINAL_RELEASE_PUBLISH : STATEMENT_RELEASE_PUBLISH, &params,
                &rows))
        outcome = refused(&rows, made);
    rows_clear(&rows);
    params_clear(&params);
    return outcome;
}

/* What happens between release_begin and COMMIT. */
static enum release_outcome make(struct db *db, const struct consultation *consultation,
                                 const struct release_by *by, struct release_mark *mark,
                                 struct release_made *made)
{
    struct release_sums sums = {0};
    char *document = NULL;
    enum release_outcome outcome = begin(db, consultation->id, by, mark, made);
    if (outcome != RELEASE_MADE)
        return outcome;
    outcome = RELEASE_FAILED;
    if (release_sums_init(&sums, consultation, mark->released_us) &&
        read_sums(db, consultation->id, &sums))
        document = document_text(consultation, &sums, mark);
    if (document) {
        made->number = mark->number;
        made->respondents = release_sums_total(&sums, COUNT_COUNTED);
        outcome = publish(db, consultation->id, by, mark, document, made);
    }
    free(document);
    release_sums_clear(&sums);
    return outcome;
}

static enum release_outcome make_whole(struct db *db, const struct consultation *consultation,
                                       const struct release_by *by, bool final,
                                       struct release_made *made)
{
    struct release_mark mark = {.final = final};
    *made = (struct release_made){0};
    if (db_begin(db) != DB_OK)
        return RELEASE_FAILED;
    enum release_outcome outcome = make(db, consultation, by, &mark, made);
    if (outcome != RELEASE_MADE) {
        db_rollback(db);
        return outcome;
    }
    if (db_commit(db) != DB_OK)
        return RELEASE_FAILED;
    log_event(LOG_LEVEL_INFO, "release", "consultation=%s number=%d final=%d", consultation->slug,
              made->number, final);
    return RELEASE_MADE;
}

enum release_outcome release_make(struct db *db, const struct consultation *consultation,
                                  bool final, struct release_made *made)
{
    return make_whole(db, consultation, NULL, final, made);
}

enum release_outcome release_make_final(struct db *db, const struct consultation *consultation,
                                        int32_t official, const char *network,
                                        struct release_made *made)
{
    const struct release_by by = {official, network};
    return make_whole(db, consultation, &by, true, made);
}
