/* The exact counts at the finest grain, nothing hidden. */
#include "export/sources.h"

#include <assert.h>

enum tally_column {
#define TALLY_COLUMN(name, ...) TALLY_##name,
#include "export/columns.def"
    TALLY_COLUMNS
};

static const struct column_about tally_columns[] = {
#define TALLY_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};

/* Of the statement export_tallies; after the ordinal come the figures, in the order of their
 * columns. */
enum {
    COLUMN_DAY,
    COLUMN_KIND,
    COLUMN_PROVEN,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_MEASURE,
    COLUMN_FIGURES = 7
};

static_assert((int)TALLY_COLUMNS <= (int)FIXED_MOST, "COLUMNS_MOST counts them");

void tallies_table(struct table *table)
{
    *table = (struct table){.name = "tallies"};
    for (size_t i = 0; i < TALLY_COLUMNS; i++)
        table_add(table, &tally_columns[i], NULL);
}

void tallies_row(const struct rows *rows, struct row *row)
{
    struct cell *cells = row->cells;
    cells[TALLY_DAY] = column_date(rows, 0, COLUMN_DAY);
    cells[TALLY_KIND] = cell_text(kind_word(row_int(rows, 0, COLUMN_KIND)));
    cells[TALLY_PROVEN] = column_bool(rows, 0, COLUMN_PROVEN);
    cells[TALLY_LANGUAGE] = cell_text(language_word(row_int(rows, 0, COLUMN_LANGUAGE)));
    cells[TALLY_CHANNEL] = cell_text(channel_name(row_int(rows, 0, COLUMN_CHANNEL)));
    cells[TALLY_MEASURE] = column_text(rows, 0, COLUMN_MEASURE);
    for (int i = TALLY_STRONGLY_SUPPORT; i < TALLY_COLUMNS; i++) {
        int column = COLUMN_FIGURES + i - TALLY_STRONGLY_SUPPORT;
        cells[i] = row_is_null(rows, 0, column)
                       ? cell_text(NULL)
                       : cell_number(CELL_INTEGER, row_int(rows, 0, column));
    }
}
