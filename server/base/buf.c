/* Growing text with a sticky error; see buf.h. */
#include "base/buf.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256 };

/* Not realloc: the old block may hold a remark or an identity, and is wiped before it is released.
 */
static bool buf_grow(struct buf *b, size_t wanted)
{
    size_t capacity = b->capacity ? b->capacity : BUF_FIRST;
    while (capacity < wanted) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    char *data = malloc(capacity);
    if (!data)
        return false;
    if (b->data) {
        memcpy(data, b->data, b->length + 1);
        sodium_memzero(b->data, b->capacity);
        free(b->data);
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

static bool buf_reserve(struct buf *b, size_t more)
{
    if (b->failed)
        return false;
    bool fits = more < SIZE_MAX - b->length - 1 && (!b->limit || b->length + more <= b->limit);
    if (fits && (b->length + more < b->capacity || buf_grow(b, b->length + more + 1)))
        return true;
    b->failed = true;
    return false;
}

void buf_add(struct buf *b, const void *bytes, size_t length)
{
    if (!buf_reserve(b, length))
        return;
    if (length)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_byte(struct buf *b, char byte)
{
    buf_add(b, &byte, 1);
}

void buf_format(struct buf *b, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0 || !buf_reserve(b, (size_t)length)) {
        b->failed = true;
        return;
    }
    va_start(list, format);
    vsnprintf(b->data + b->length, (size_t)length + 1, format, list);
    va_end(list);
    b->length += (size_t)length;
}

char *buf_take(struct buf *b, size_t *length)
{
    if (!buf_reserve(b, 0)) {
        buf_clear(b);
        return NULL;
    }
    char *data = b->data;
    data[b->length] = '\0';
    if (length)
        *length = b->length;
    *b = (struct buf){.limit = b->limit};
    return data;
}

void buf_reset(struct buf *b)
{
    b->length = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

void buf_clear(struct buf *b)
{
    if (b->data)
        sodium_memzero(b->data, b->capacity);
    free(b->data);
    *b = (struct buf){.limit = b->limit};
}
