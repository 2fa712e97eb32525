/* A result's columns as cells, and words for its codes; see sources.h. */
#include "export/sources.h"

struct cell column_text(const struct rows *rows, int row, int column)
{
    size_t length = 0;
    const char *text = row_bytes(rows, row, column, &length);
    return text ? cell_bytes(text, length) : (struct cell){.kind = CELL_NULL};
}

struct cell column_time(const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return (struct cell){.kind = CELL_NULL};
    return cell_number(CELL_TIME, row_time(rows, row, column));
}

struct cell column_date(const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return (struct cell){.kind = CELL_NULL};
    return cell_number(CELL_DATE, row_date(rows, row, column));
}

struct cell column_bool(const struct rows *rows, int row, int column)
{
    return cell_number(CELL_BOOLEAN, row_bool(rows, row, column));
}

const char *kind_word(int64_t kind)
{
    return kind == KIND_INDIVIDUAL || kind == KIND_ORGANISATION
               ? respondent_kind_name((enum respondent_kind)kind)
               : NULL;
}

const char *language_word(int64_t language)
{
    return language >= 0 && language < LANGUAGES ? language_tag((enum language)language) : NULL;
}
