/* The sums that the officials' dashboard shows, from the database; see dashboard_view.h. */
#include "resources/dashboard_view.h"

/* Of the statement dashboard_sums. */
enum {
    COLUMN_PART,
    COLUMN_DAY,
    COLUMN_KIND,
    COLUMN_PROVEN,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_ORDINAL,
    COLUMN_AGE,
    COLUMN_AT,
    COLUMN_SUMS
};
enum { PART_MOMENT, PART_SUBMISSIONS, PART_ANSWERS };

static bool row_add(struct dashboard *dashboard, const struct rows *rows, int row)
{
    int64_t sums[DASHBOARD_CELLS];
    for (int i = 0; i < DASHBOARD_CELLS; i++)
        sums[i] = row_int(rows, row, COLUMN_SUMS + i);
    switch (row_int(rows, row, COLUMN_PART)) {
    case PART_MOMENT:
        dashboard->mark = sums[0];
        return true;
    case PART_SUBMISSIONS:
        return dashboard_submissions(
            dashboard, row_date(rows, row, COLUMN_DAY), (int)row_int(rows, row, COLUMN_KIND),
            row_bool(rows, row, COLUMN_PROVEN), (int)row_int(rows, row, COLUMN_LANGUAGE),
            (int)row_int(rows, row, COLUMN_CHANNEL), sums);
    case PART_ANSWERS:
        return dashboard_answers(dashboard, (int)row_int(rows, row, COLUMN_ORDINAL),
                                 (int)row_int(rows, row, COLUMN_AGE), sums);
    default:
        return false;
    }
}

static bool rows_add(const struct consultation *consultation, struct dashboard *dashboard,
                     const struct rows *rows)
{
    int32_t today = row_date(rows, 0, COLUMN_DAY), first = today, last = today;
    bool some = false;
    for (int row = 0; row < rows_count(rows); row++) {
        int32_t day = row_date(rows, row, COLUMN_DAY);
        if (row_int(rows, row, COLUMN_PART) != PART_SUBMISSIONS)
            continue;
        first = !some || day < first ? day : first;
        last = !some || day > last ? day : last;
        some = true;
    }
    bool ok = rows_count(rows) > 0 &&
              dashboard_init(dashboard, consultation, row_time(rows, 0, COLUMN_AT), today,
                             some ? first : INT32_MAX, some ? last : INT32_MIN);
    for (int row = 0; ok && row < rows_count(rows); row++)
        ok = row_add(dashboard, rows, row);
    return ok;
}

enum db_status dashboard_read(struct db *db, const struct consultation *consultation,
                              struct dashboard *dashboard)
{
    struct params params = {0};
    struct rows rows = {0};
    *dashboard = (struct dashboard){0};
    params_int4(&params, consultation->id);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_DASHBOARD_SUMS, &params, &rows);
    if (status == DB_OK && !rows_add(consultation, dashboard, &rows))
        status = DB_FAULT;
    rows_clear(&rows);
    params_clear(&params);
    return status;
}
