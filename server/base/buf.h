#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* Growing text. An error (no memory, or more than `limit` bytes) sticks: later calls do nothing,
 * and the caller asks once, at the end, with buf_ok or by buf_take returning NULL. The text always
 * ends in a NUL that `length` does not count. Confined to one thread. `= {0}` is an empty buffer
 * without limit. */
struct buf {
    char *data;
    size_t length;
    size_t capacity;
    size_t limit; /* bytes; 0 is none */
    bool failed;
};

void buf_add(struct buf *b, const void *bytes, size_t length);
void buf_text(struct buf *b, const char *text);
void buf_byte(struct buf *b, char byte);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

/* Hands the text over: the caller frees it. NULL if anything failed. The buffer is empty
 * afterwards. `length` may be NULL. */
char *buf_take(struct buf *b, size_t *length);

/* Empties but keeps the memory, for the next use. */
void buf_reset(struct buf *b);

/* Wipes and releases: buffers carry what people wrote. */
void buf_clear(struct buf *b);

#endif
