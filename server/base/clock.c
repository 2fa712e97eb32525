/* The machine's time and randomness; see clock.h. */
#include "base/clock.h"

#include <sodium.h>
#include <time.h>

static int64_t clock_read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_monotonic_us(void *context)
{
    (void)context;
    return clock_read_us(CLOCK_MONOTONIC);
}

static int64_t system_utc_us(void *context)
{
    (void)context;
    return clock_read_us(CLOCK_REALTIME);
}

static void system_random(void *context, void *bytes, size_t length)
{
    (void)context;
    randombytes_buf(bytes, length);
}

void clock_uuid(const struct clock *clock, struct uuid *out)
{
    clock_random(clock, out->bytes, sizeof out->bytes);
    out->bytes[6] = (unsigned char)((out->bytes[6] & 0x0f) | 0x40);
    out->bytes[8] = (unsigned char)((out->bytes[8] & 0x3f) | 0x80);
}

const struct clock clock_system = {
    .monotonic_us = system_monotonic_us,
    .utc_us = system_utc_us,
    .random = system_random,
};
