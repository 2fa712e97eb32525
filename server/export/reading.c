/* Submissions with their remarks, a stretch at a time: first the submissions, then their remarks,
 * both in the order of the key; see sources.h. Without a filter a stretch is what comes next, with
 * one it is what officials' list finds next, so that the filters on screen are the filters of the
 * file. */
#include "export/sources.h"

#include "base/buf.h"
#include "domain/receipt.h" /* NUMBER_TEXT */

#include <stdio.h>
#include <stdlib.h>

enum {
    STRETCH = 2000,
    FOUND_MOST = 500,  /* asked for at once with a filter: these may be remarks with their texts */
    PATIENCE_MS = 500, /* then it is said how far the search came, and whether it is to go on */
    REMARKS_MOST = MEASURES_MOST + QUESTIONS_MOST
};

/* Of the statement export_remarks. */
enum { COLUMN_ID, COLUMN_PART, COLUMN_ORDINAL, COLUMN_VERSION, COLUMN_PUBLISH, COLUMN_TEXT };

struct reading {
    struct db *db;
    const struct consultation *consultation;
    const struct submissions_wanted *wanted;
    bool refused;               /* by take or looked */
    bool over;                  /* there are no more */
    int64_t after;              /* key of the last one, without a filter */
    char from[NUMBER_TEXT + 1]; /* number of the last one that was looked at, with one */
    struct rows rows;           /* the stretch */
    int *picks;                 /* those of its rows that are submissions to be passed on */
    int pick_count;
    int next;   /* the one of them whose remarks are gathered */
    int64_t id; /* its key */
    struct row row;
    size_t remark_count;
    struct remark_row remarks[REMARKS_MOST];
    struct buf texts; /* of the remarks, each with its NUL */
};

static int64_t pick(struct reading *reading, int place)
{
    return submissions_row(reading->consultation, &reading->rows, reading->picks[place],
                           &reading->row);
}

/* Fills the row of the submission that comes next; false: there is none in this stretch. */
static bool begin(struct reading *reading)
{
    reading->remark_count = 0;
    buf_reset(&reading->texts);
    if (reading->next == reading->pick_count)
        return false;
    reading->id = pick(reading, reading->next);
    return true;
}

/* Passes it on with its remarks. */
static bool finish(struct reading *reading)
{
    const char *text = reading->texts.data;
    for (size_t i = 0; i < reading->remark_count; i++) {
        reading->remarks[i].text = text;
        text += reading->remarks[i].length;
        submissions_remark(reading->consultation, &reading->remarks[i], &reading->row);
    }
    reading->refused = !buf_ok(&reading->texts) ||
                       !reading->wanted->take(reading->wanted->context, reading->row.cells);
    reading->next++;
    return !reading->refused;
}

static bool each_remark(void *context, const struct rows *rows)
{
    struct reading *reading = context;
    int64_t id = row_int(rows, 0, COLUMN_ID);
    while (reading->id < id)
        if (!finish(reading) || !begin(reading))
            return false;
    if (reading->id != id || reading->remark_count == REMARKS_MOST)
        return true;
    size_t length = 0;
    const void *text = row_bytes(rows, 0, COLUMN_TEXT, &length);
    reading->remarks[reading->remark_count++] =
        (struct remark_row){.part = row_int(rows, 0, COLUMN_PART),
                            .ordinal = row_int(rows, 0, COLUMN_ORDINAL),
                            .version = row_int(rows, 0, COLUMN_VERSION),
                            .publish = row_int(rows, 0, COLUMN_PUBLISH),
                            .length = length};
    buf_add(&reading->texts, text, length);
    return true;
}

static enum db_status find_next(struct reading *reading)
{
    struct params params = {0};
    params_int4(&params, reading->consultation->id);
    params_int8(&params, reading->after);
    params_int4(&params, STRETCH);
    enum db_status status =
        db_run(reading->db, STATEMENT_EXPORT_SUBMISSIONS, &params, &reading->rows);
    params_clear(&params);
    int count = status == DB_OK ? rows_count(&reading->rows) : 0;
    reading->over = count < STRETCH;
    for (int row = 0; row < count; row++)
        reading->picks[reading->pick_count++] = row;
    if (count)
        reading->after = pick(reading, count - 1);
    return status;
}

/* Whether a row that the list found belongs to the file: a remark found by the index may not have
 * the words after all. */
static bool fits(const struct reading *reading, int row)
{
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0;
    return !(reading->wanted->filter->set & 1u << FILTER_TEXT) ||
           word_query_match(reading->wanted->words,
                            row_text(&reading->rows, row, SUBMISSIONS_ORIGINAL), spans, &count);
}

static enum db_status find_filtered(struct reading *reading)
{
    struct params params = {0};
    params_int4(&params, reading->consultation->id);
    params_text(&params, *reading->from ? reading->from : NULL);
    filter_params(reading->consultation, reading->wanted->filter, reading->wanted->words, &params);
    params_int4(&params, FOUND_MOST);
    params_int4(&params, PATIENCE_MS);
    enum db_status status = db_run(reading->db, STATEMENT_EXPORT_FILTERED, &params, &reading->rows);
    params_clear(&params);
    int count = status == DB_OK ? rows_count(&reading->rows) : 0;
    int64_t last = 0;
    reading->over = count < FOUND_MOST;
    for (int row = 0; row < count; row++) {
        int64_t id = row_int(&reading->rows, row, 0);
        snprintf(reading->from, sizeof reading->from, "%s",
                 row_text(&reading->rows, row, SUBMISSIONS_LOOKED_AT));
        if (row_bool(&reading->rows, row, SUBMISSIONS_UNFINISHED)) {
            reading->over = false;
        } else if (id != last && fits(reading, row)) {
            reading->picks[reading->pick_count++] = row;
            last = id;
        }
    }
    return status;
}

static enum db_status read_remarks(struct reading *reading, bool filtered)
{
    struct params params = {0};
    params_int4(&params, reading->consultation->id);
    if (filtered) {
        array_begin(&params, ELEMENT_INT8);
        for (int i = 0; i < reading->pick_count; i++)
            array_int8(&params, pick(reading, i));
        array_end(&params);
    } else {
        params_int8(&params, pick(reading, 0));
        params_int8(&params, reading->after);
    }
    begin(reading);
    enum db_status status =
        db_stream(reading->db, filtered ? STATEMENT_EXPORT_REMARKS_OF : STATEMENT_EXPORT_REMARKS,
                  &params, each_remark, reading);
    params_clear(&params);
    while (status == DB_OK && !reading->refused && reading->next < reading->pick_count)
        if (finish(reading))
            begin(reading);
    return status;
}

static enum db_status stretch(struct reading *reading)
{
    bool filtered = reading->wanted->filter->set != 0;
    reading->next = reading->pick_count = 0;
    enum db_status status = filtered ? find_filtered(reading) : find_next(reading);
    if (status == DB_OK && !reading->wanted->looked(reading->wanted->context))
        reading->refused = true;
    if (status == DB_OK && !reading->refused && reading->pick_count)
        status = read_remarks(reading, filtered);
    rows_clear(&reading->rows);
    return status;
}

enum db_status submissions_read(struct db *db, const struct consultation *consultation,
                                const struct submissions_wanted *wanted)
{
    struct reading *reading = calloc(1, sizeof *reading);
    enum db_status status = DB_FAULT;
    if (!reading)
        return status;
    *reading = (struct reading){.db = db, .consultation = consultation, .wanted = wanted};
    /* A submission that is found has all its remarks found, so these may be some more. */
    reading->picks = calloc(STRETCH + REMARKS_MOST, sizeof *reading->picks);
    if (reading->picks)
        status = DB_OK;
    while (status == DB_OK && !reading->refused && !reading->over)
        status = stretch(reading);
    buf_clear(&reading->texts);
    free(reading->picks);
    free(reading);
    return status;
}
