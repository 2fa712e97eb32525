/* Typed columns of results in PostgreSQL's binary format, that of each type's *_send function; see
 * row.h. */
#include "store/row.h"

/* PostgreSQL counts from 2000-01-01. */
static const int64_t EPOCH_US = INT64_C(946684800000000);
static const int32_t EPOCH_DAY = 10957;

static uint64_t get_number(const unsigned char *at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | at[i];
    return value;
}

void rows_clear(struct rows *rows)
{
    PQclear(rows->result);
    rows->result = NULL;
}

int rows_count(const struct rows *rows)
{
    return rows->result ? PQntuples(rows->result) : 0;
}

bool row_is_null(const struct rows *rows, int row, int column)
{
    return PQgetisnull(rows->result, row, column) != 0;
}

/* A column's value, or NULL. */
static const unsigned char *row_value(const struct rows *rows, int row, int column, size_t *length)
{
    *length = 0;
    if (row_is_null(rows, row, column))
        return NULL;
    *length = (size_t)PQgetlength(rows->result, row, column);
    return (const unsigned char *)PQgetvalue(rows->result, row, column);
}

int64_t row_int(const struct rows *rows, int row, int column)
{
    size_t length = 0;
    const unsigned char *value = row_value(rows, row, column, &length);
    if (!value || length == 0 || length > 8)
        return 0;
    uint64_t bits = get_number(value, length);
    unsigned shift = (unsigned)(64 - 8 * length);
    return (int64_t)(bits << shift) >> shift; /* extends the sign */
}

bool row_bool(const struct rows *rows, int row, int column)
{
    return row_int(rows, row, column) != 0;
}

const char *row_text(const struct rows *rows, int row, int column)
{
    size_t length = 0;
    return (const char *)row_value(rows, row, column, &length);
}

const void *row_bytes(const struct rows *rows, int row, int column, size_t *length)
{
    return row_value(rows, row, column, length);
}

int64_t row_time(const struct rows *rows, int row, int column)
{
    return row_is_null(rows, row, column) ? 0 : row_int(rows, row, column) + EPOCH_US;
}

int32_t row_date(const struct rows *rows, int row, int column)
{
    return row_is_null(rows, row, column) ? 0 : (int32_t)row_int(rows, row, column) + EPOCH_DAY;
}
