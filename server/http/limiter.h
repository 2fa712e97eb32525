#ifndef HTTP_LIMITER_H
#define HTTP_LIMITER_H

#include "base/clock.h"

#include <stddef.h>
#include <stdint.h>

/* Token buckets by network prefix (IPv4 whole, IPv6 its first 64 bits), in memory only and never by
 * identity. Bounded: when the table is full the bucket that is nearest to being full again is
 * forgotten, which is lenient. Any thread; one lock. */
struct limiter;

/* Which limit it is: `purpose` keeps limits apart ("submission", "code"); `about` narrows it to one
 * thing (a receipt's number), NULL is none. `most` per `window_s` seconds, given back evenly;
 * `most` 0 is no limit. `cost`: how many are taken at once; 0 is one. */
struct limit {
    const char *purpose;
    const char *about;
    long most;
    int window_s;
    long cost;
};

struct limiter *limiter_new(size_t places, const struct clock *clock);
void limiter_free(struct limiter *limiter);

/* Takes its cost. 0: taken; else the seconds until there is so much again (for Retry-After), and
 * nothing was taken. `address` as in request->address; a text that is no address shares one bucket
 * with all such. */
int limiter_take(struct limiter *limiter, const struct limit *limit, const char *address);

/* The same question without taking: for tries of which only wrong ones count. */
int limiter_wait(struct limiter *limiter, const struct limit *limit, const char *address);

/* What counts as one network: of IPv4 (also as ::ffff:a.b.c.d) its 4 bytes, of IPv6 the first 8, of
 * anything else nothing. Gives how many. */
size_t limiter_prefix(const char *address, unsigned char prefix[8]);

#endif
