#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "base/parse.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Typed parameters and columns of prepared statements, in PostgreSQL's binary format. */

enum { PARAMS_MOST = 40 };

/* Filled in the statement's order, one call a parameter. Text must have no NUL (it is checked:
 * `failed`). The values are copied into one buffer; `= {0}` starts, params_clear wipes. Confined to
 * one thread. */
struct params {
    int count;
    bool failed; /* no memory, too many, or a NUL in a text; db_run then gives DB_FAULT */
    size_t offsets[PARAMS_MOST];
    int lengths[PARAMS_MOST]; /* -1 is NULL */
    unsigned char *data;
    size_t length, capacity;
    size_t array_start; /* of the array being built */
    int32_t array_count;
    bool array_nulls;
};

void params_clear(struct params *params);
void params_reset(struct params *params); /* keeps the memory */
void params_null(struct params *params);
void params_int2(struct params *params, int value);
void params_int4(struct params *params, int32_t value);
void params_int8(struct params *params, int64_t value);
void params_bool(struct params *params, bool value);
void params_text(struct params *params, const char *text); /* NULL pointer is NULL */
void params_bytes(struct params *params, const void *bytes, size_t length);
void params_uuid(struct params *params, const struct uuid *uuid);
void params_time(struct params *params, int64_t utc_us); /* timestamptz; since 1970 */
void params_date(struct params *params, int32_t day);    /* since 1970 */

/* A one-dimensional array: array_begin, an element call for each, array_end. */
enum element {
    ELEMENT_INT2,
    ELEMENT_INT4,
    ELEMENT_INT8,
    ELEMENT_BOOL,
    ELEMENT_TEXT,
    ELEMENT_BYTES,
    ELEMENT_UUID,
    ELEMENT_TIME,
    ELEMENT_DATE
};
void array_begin(struct params *params, enum element element);
void array_null(struct params *params);
void array_int2(struct params *params, int value);
void array_int4(struct params *params, int32_t value);
void array_int8(struct params *params, int64_t value);
void array_bool(struct params *params, bool value);
void array_text(struct params *params, const char *text);
void array_bytes(struct params *params, const void *bytes, size_t length);
void array_uuid(struct params *params, const struct uuid *uuid);
void array_time(struct params *params, int64_t utc_us);
void array_date(struct params *params, int32_t day);
void array_end(struct params *params);

/* A result; `= {0}`. Columns by number, from 0. A NULL reads as 0, false, NULL: ask row_is_null
 * where it matters. Integers of 2, 4 and 8 bytes read alike. Pointers live until rows_clear. */
struct rows {
    PGresult *result;
};

void rows_clear(struct rows *rows);
int rows_count(const struct rows *rows);
bool row_is_null(const struct rows *rows, int row, int column);
int64_t row_int(const struct rows *rows, int row, int column);
bool row_bool(const struct rows *rows, int row, int column);
const char *row_text(const struct rows *rows, int row, int column);
const void *row_bytes(const struct rows *rows, int row, int column, size_t *length);
int64_t row_time(const struct rows *rows, int row, int column); /* microseconds since 1970 UTC */
int32_t row_date(const struct rows *rows, int row, int column); /* days since 1970 */

#endif
