/* A workbook's remarks, a row each, out of the cells of their submission. */
#include "export/sources.h"

#include <assert.h>

enum remark_column {
#define REMARK_COLUMN(name, ...) ITS_##name,
#include "export/columns.def"
    ITS_COLUMNS
};

static const struct column_about remark_columns[] = {
#define REMARK_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};

static_assert((int)ITS_COLUMNS <= (int)FIXED_MOST, "COLUMNS_MOST counts them");

void remarks_table(struct table *table)
{
    *table = (struct table){.name = "remarks"};
    for (size_t i = 0; i < ITS_COLUMNS; i++)
        table_add(table, &remark_columns[i], NULL);
}

bool remarks_rows(const struct consultation *consultation, const struct cell *submission,
                  row_taker *take, void *context)
{
    struct cell cells[ITS_COLUMNS] = {
        [ITS_NUMBER] = submission[SUBMISSION_NUMBER],
        [ITS_STATE] = submission[SUBMISSION_STATE],
        [ITS_DAY] = submission[SUBMISSION_DAY],
        [ITS_KIND] = submission[SUBMISSION_KIND],
        [ITS_LANGUAGE] = submission[SUBMISSION_LANGUAGE],
    };
    const struct cell *at = submission + SUBMISSION_COLUMNS;
    for (size_t m = 0; m < consultation->measure_count; m++, at += ANSWER_COLUMNS) {
        if (at[ANSWER_TEXT].kind == CELL_ABSENT)
            continue;
        cells[ITS_MEASURE] = cell_text(consultation->measures[m].code);
        cells[ITS_STANCE] = at[ANSWER_STANCE];
        cells[ITS_VERSION] = at[ANSWER_VERSION];
        cells[ITS_PUBLISH] = at[ANSWER_PUBLISH];
        cells[ITS_TEXT] = at[ANSWER_TEXT];
        if (!take(context, cells))
            return false;
    }
    cells[ITS_MEASURE] = cells[ITS_STANCE] = cell_text(NULL);
    for (size_t q = 0; q < consultation->question_count; q++, at += VIEW_COLUMNS) {
        if (at[VIEW_TEXT].kind == CELL_ABSENT)
            continue;
        cells[ITS_QUESTION] = cell_text(consultation->questions[q].code);
        cells[ITS_VERSION] = at[VIEW_VERSION];
        cells[ITS_PUBLISH] = at[VIEW_PUBLISH];
        cells[ITS_TEXT] = at[VIEW_TEXT];
        if (!take(context, cells))
            return false;
    }
    return true;
}
