/* Tables of an export; see table.h. */
#include "export/table.h"

#include "base/parse.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct cell cell_text(const char *text)
{
    return text ? cell_bytes(text, strlen(text)) : (struct cell){.kind = CELL_NULL};
}

struct cell cell_bytes(const char *text, size_t length)
{
    return (struct cell){.kind = CELL_TEXT, .text = text, .length = length};
}

struct cell cell_number(enum cell_kind kind, int64_t number)
{
    return (struct cell){.kind = kind, .number = number};
}

void table_add(struct table *table, const struct column_about *about, const char *path)
{
    assert(table->count < COLUMNS_MOST);
    struct column *column = &table->columns[table->count++];
    column->about = about;
    int length = snprintf(column->name, sizeof column->name, "%s%s", path ? path : "", about->name);
    assert(length > 0 && (size_t)length < sizeof column->name);
    (void)length;
}

size_t cell_moment(const struct cell *cell, char text[CELL_TEXT_BYTES])
{
    static_assert((int)CELL_TEXT_BYTES >= (int)RFC3339_TEXT, "a moment fits");
    if (cell->kind == CELL_DATE)
        format_date((int32_t)cell->number, text);
    else
        format_time(cell->number, text);
    return strlen(text);
}
