/* Submissions with their remarks, a stretch at a time: first the submissions, then all remarks
 * between the first and the last of them, both in the order of the key; see sources.h. */
#include "export/sources.h"

#include "base/buf.h"

#include <stdlib.h>

enum { STRETCH = 2000, REMARKS_MOST = MEASURES_MOST + QUESTIONS_MOST };

/* Of the statement export_remarks. */
enum { COLUMN_ID, COLUMN_PART, COLUMN_ORDINAL, COLUMN_VERSION, COLUMN_PUBLISH, COLUMN_TEXT };

struct reading {
    struct db *db;
    const struct consultation *consultation;
    const struct submission_filter *filter;
    row_taker *take;
    void *context;
    bool refused;     /* by take */
    struct rows rows; /* the stretch */
    int next;         /* the submission of it whose remarks are gathered */
    int64_t id;       /* its key */
    struct row row;
    size_t remark_count;
    struct remark_row remarks[REMARKS_MOST];
    struct buf texts; /* of the remarks, each with its NUL */
};

/* Fills the row of the submission that comes next; false: there is none in this stretch. */
static bool begin(struct reading *reading)
{
    reading->remark_count = 0;
    buf_reset(&reading->texts);
    if (reading->next == rows_count(&reading->rows))
        return false;
    reading->id =
        submissions_row(reading->consultation, &reading->rows, reading->next, &reading->row);
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
    reading->refused =
        !buf_ok(&reading->texts) || !reading->take(reading->context, reading->row.cells);
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
        return true; /* of a submission that the filter left out */
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

/* One stretch after the key; gives its last key. */
static enum db_status stretch(struct reading *reading, int64_t *after)
{
    struct params params = {0};
    submissions_params(reading->consultation->id, reading->filter, *after, STRETCH, &params);
    enum db_status status =
        db_run(reading->db, STATEMENT_EXPORT_SUBMISSIONS, &params, &reading->rows);
    params_reset(&params);
    int count = status == DB_OK ? rows_count(&reading->rows) : 0;
    reading->next = 0;
    if (count) {
        *after = submissions_row(reading->consultation, &reading->rows, count - 1, &reading->row);
        begin(reading);
        params_int4(&params, reading->consultation->id);
        params_int8(&params, reading->id);
        params_int8(&params, *after);
        status = db_stream(reading->db, STATEMENT_EXPORT_REMARKS, &params, each_remark, reading);
    }
    while (status == DB_OK && !reading->refused && reading->next < count)
        if (finish(reading))
            begin(reading);
    params_clear(&params);
    return status;
}

enum db_status submissions_read(struct db *db, const struct consultation *consultation,
                                const struct submission_filter *filter, row_taker *take,
                                void *context)
{
    struct reading *reading = calloc(1, sizeof *reading);
    enum db_status status = reading ? DB_OK : DB_FAULT;
    int64_t after = 0;
    if (reading)
        *reading = (struct reading){.db = db,
                                    .consultation = consultation,
                                    .filter = filter,
                                    .take = take,
                                    .context = context};
    for (int count = STRETCH; status == DB_OK && !reading->refused && count == STRETCH;) {
        status = stretch(reading, &after);
        count = rows_count(&reading->rows);
        rows_clear(&reading->rows);
    }
    if (reading)
        buf_clear(&reading->texts);
    free(reading);
    return status;
}
