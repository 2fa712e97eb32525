/* Typed parameters in PostgreSQL's binary format; see row.h. The format of each type is
 * that of its *_send and *_recv functions: network byte order, times in microseconds since 2000,
 * arrays as in array_send. */
#include "store/row.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* PostgreSQL counts from 2000-01-01. */
static const int64_t EPOCH_US = INT64_C(946684800000000);
static const int32_t EPOCH_DAY = 10957;

enum { DATA_FIRST = 4096, DATA_MOST = 1 << 28, ARRAY_HEADER = 20 };

/* The types' object identifiers, fixed in pg_type.dat. */
static const int32_t element_types[] = {
    [ELEMENT_INT2] = 21,   [ELEMENT_INT4] = 23,   [ELEMENT_INT8] = 20,
    [ELEMENT_BOOL] = 16,   [ELEMENT_TEXT] = 25,   [ELEMENT_BYTES] = 17,
    [ELEMENT_UUID] = 2950, [ELEMENT_TIME] = 1184, [ELEMENT_DATE] = 1082,
};

static_assert(UUID_BYTES == 16, "uuid_send writes 16 bytes");

/* Not realloc: the old block holds remarks, and is wiped before it is given back. */
static bool params_grow(struct params *params, size_t wanted)
{
    if (wanted > DATA_MOST)
        return false;
    size_t capacity = params->capacity ? params->capacity : DATA_FIRST;
    while (capacity < wanted)
        capacity *= 2;
    unsigned char *data = malloc(capacity);
    if (!data)
        return false;
    if (params->data) {
        memcpy(data, params->data, params->length);
        sodium_memzero(params->data, params->capacity);
        free(params->data);
    }
    params->data = data;
    params->capacity = capacity;
    return true;
}

/* Room for `length` more bytes, or NULL and `failed`. */
static unsigned char *params_room(struct params *params, size_t length)
{
    if (params->failed)
        return NULL;
    bool fits = length <= DATA_MOST && params->length + length <= params->capacity;
    if (!fits && (length > DATA_MOST || !params_grow(params, params->length + length))) {
        params->failed = true;
        return NULL;
    }
    unsigned char *room = params->data + params->length;
    params->length += length;
    return room;
}

static void put_number(unsigned char *at, uint64_t value, size_t width)
{
    for (size_t i = width; i-- > 0; value >>= 8)
        at[i] = (unsigned char)(value & 0xff);
}

void params_clear(struct params *params)
{
    if (params->data)
        sodium_memzero(params->data, params->capacity);
    free(params->data);
    *params = (struct params){0};
}

void params_reset(struct params *params)
{
    params->count = 0;
    params->failed = false;
    params->length = 0;
}

/* Opens the next parameter at the data's end; its length is set here or, for an array, by
 * array_end. */
static bool params_next(struct params *params, int length)
{
    if (params->count == PARAMS_MOST)
        params->failed = true;
    if (params->failed)
        return false;
    params->offsets[params->count] = params->length;
    params->lengths[params->count++] = length;
    return true;
}

static void params_number(struct params *params, uint64_t value, size_t width)
{
    if (!params_next(params, (int)width))
        return;
    unsigned char *room = params_room(params, width);
    if (room)
        put_number(room, value, width);
}

void params_null(struct params *params)
{
    params_next(params, -1);
}

void params_int2(struct params *params, int value)
{
    if (value < INT16_MIN || value > INT16_MAX)
        params->failed = true;
    params_number(params, (uint64_t)value, 2);
}

void params_int4(struct params *params, int32_t value)
{
    params_number(params, (uint64_t)value, 4);
}

void params_int8(struct params *params, int64_t value)
{
    params_number(params, (uint64_t)value, 8);
}

void params_bool(struct params *params, bool value)
{
    params_number(params, value ? 1 : 0, 1);
}

void params_bytes(struct params *params, const void *bytes, size_t length)
{
    if (length > DATA_MOST) {
        params->failed = true;
        return;
    }
    if (!params_next(params, (int)length) || length == 0)
        return;
    unsigned char *room = params_room(params, length);
    if (room)
        memcpy(room, bytes, length);
}

void params_text(struct params *params, const char *text)
{
    if (text)
        params_bytes(params, text, strlen(text));
    else
        params_null(params);
}

void params_uuid(struct params *params, const struct uuid *uuid)
{
    params_bytes(params, uuid->bytes, UUID_BYTES);
}

void params_time(struct params *params, int64_t utc_us)
{
    params_number(params, (uint64_t)(utc_us - EPOCH_US), 8);
}

void params_date(struct params *params, int32_t day)
{
    params_number(params, (uint64_t)(int64_t)(day - EPOCH_DAY), 4);
}

void array_begin(struct params *params, enum element element)
{
    if (!params_next(params, 0))
        return;
    params->array_start = params->length;
    params->array_count = 0;
    params->array_nulls = false;
    unsigned char *room = params_room(params, ARRAY_HEADER);
    if (room)
        put_number(room + 8, (uint64_t)element_types[element], 4);
}

/* Room for an element of `length` bytes behind its length; -1 is NULL. */
static unsigned char *array_room(struct params *params, int32_t length)
{
    unsigned char *room = params_room(params, 4 + (length > 0 ? (size_t)length : 0));
    if (!room)
        return NULL;
    put_number(room, (uint64_t)(int64_t)length, 4);
    params->array_count++;
    return room + 4;
}

void array_null(struct params *params)
{
    params->array_nulls = true;
    array_room(params, -1);
}

static void array_number(struct params *params, uint64_t value, int32_t width)
{
    unsigned char *room = array_room(params, width);
    if (room)
        put_number(room, value, (size_t)width);
}

void array_int2(struct params *params, int value)
{
    if (value < INT16_MIN || value > INT16_MAX)
        params->failed = true;
    array_number(params, (uint64_t)value, 2);
}

void array_int4(struct params *params, int32_t value)
{
    array_number(params, (uint64_t)value, 4);
}

void array_int8(struct params *params, int64_t value)
{
    array_number(params, (uint64_t)value, 8);
}

void array_bool(struct params *params, bool value)
{
    array_number(params, value ? 1 : 0, 1);
}

void array_bytes(struct params *params, const void *bytes, size_t length)
{
    if (length > DATA_MOST) {
        params->failed = true;
        return;
    }
    unsigned char *room = array_room(params, (int32_t)length);
    if (room && length > 0)
        memcpy(room, bytes, length);
}

void array_text(struct params *params, const char *text)
{
    if (text)
        array_bytes(params, text, strlen(text));
    else
        array_null(params);
}

void array_uuid(struct params *params, const struct uuid *uuid)
{
    array_bytes(params, uuid->bytes, UUID_BYTES);
}

void array_time(struct params *params, int64_t utc_us)
{
    array_number(params, (uint64_t)(utc_us - EPOCH_US), 8);
}

void array_date(struct params *params, int32_t day)
{
    array_number(params, (uint64_t)(int64_t)(day - EPOCH_DAY), 4);
}

void array_end(struct params *params)
{
    if (params->failed)
        return;
    unsigned char *start = params->data + params->array_start;
    bool empty = params->array_count == 0;
    put_number(start, empty ? 0 : 1, 4); /* dimensions */
    put_number(start + 4, params->array_nulls ? 1 : 0, 4);
    if (empty) /* without a dimension there are no bounds */
        params->length = params->array_start + 12;
    else {
        put_number(start + 12, (uint64_t)params->array_count, 4);
        put_number(start + 16, 1, 4); /* lower bound */
    }
    params->lengths[params->count - 1] = (int)(params->length - params->array_start);
}
