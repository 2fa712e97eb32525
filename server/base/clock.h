#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/parse.h"

#include <stddef.h>
#include <stdint.h>

/* Time and randomness behind pointers, so that tests own them. The functions may be called from any
 * thread; a clock is never changed after it was handed out. */
struct clock {
    int64_t (*monotonic_us)(void *context); /* never goes back; no relation to any date */
    int64_t (*utc_us)(void *context);       /* since 1970; may jump */
    void (*random)(void *context, void *bytes, size_t length);
    void *context;
};

/* The machine's own: CLOCK_MONOTONIC, CLOCK_REALTIME, libsodium's generator. */
extern const struct clock clock_system;

static inline int64_t clock_monotonic_us(const struct clock *c)
{
    return c->monotonic_us(c->context);
}

static inline int64_t clock_utc_us(const struct clock *c)
{
    return c->utc_us(c->context);
}

static inline void clock_random(const struct clock *c, void *bytes, size_t length)
{
    c->random(c->context, bytes, length);
}

/* A random UUID, marked as such (RFC 9562 §5.4). */
void clock_uuid(const struct clock *clock, struct uuid *out);

#endif
