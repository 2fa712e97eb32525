/* Token buckets by network prefix; see limiter.h. */
#include "http/limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A key has only these places to go; a full row forgets one of its own. */
enum { ROW_PLACES = 8 };

/* A bucket as one moment: when it will be full again (the generic cell rate algorithm). Taking one
 * moves it `window / most` later; a bucket that is full now equals no bucket at all. */
struct bucket {
    uint64_t key; /* 0: free */
    int64_t full_us;
};

struct limiter {
    const struct clock *clock;
    pthread_mutex_t lock;
    size_t rows;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at one row */
    struct bucket buckets[];
};

struct limiter *limiter_new(size_t places, const struct clock *clock)
{
    size_t rows = 1;
    while (rows * ROW_PLACES < places)
        rows *= 2;
    struct limiter *limiter =
        calloc(1, sizeof *limiter + rows * ROW_PLACES * sizeof limiter->buckets[0]);
    if (!limiter)
        return NULL;
    limiter->clock = clock;
    limiter->rows = rows;
    clock_random(clock, limiter->secret, sizeof limiter->secret);
    pthread_mutex_init(&limiter->lock, NULL);
    return limiter;
}

void limiter_free(struct limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

size_t limiter_prefix(const char *address, unsigned char prefix[8])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct in6_addr six;
    if (inet_pton(AF_INET, address, prefix) == 1)
        return 4;
    if (inet_pton(AF_INET6, address, &six) != 1)
        return 0;
    if (memcmp(six.s6_addr, mapped, sizeof mapped) == 0) {
        memcpy(prefix, six.s6_addr + 12, 4);
        return 4;
    }
    memcpy(prefix, six.s6_addr, 8);
    return 8;
}

static uint64_t key_of(const struct limiter *limiter, const struct limit *limit,
                       const char *address)
{
    unsigned char input[128] = {0};
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t key = 0;
    input[0] = (unsigned char)limiter_prefix(address, input + 1);
    strncpy((char *)input + 16, limit->purpose, 31);
    if (limit->about)
        strncpy((char *)input + 48, limit->about, 79);
    crypto_shorthash(hash, input, sizeof input, limiter->secret);
    memcpy(&key, hash, sizeof key);
    return key ? key : 1;
}

/* The key's bucket, or the one to use for it: a free one, or the one nearest to being full. */
static struct bucket *bucket_find(struct limiter *limiter, uint64_t key)
{
    struct bucket *row = &limiter->buckets[(key & (limiter->rows - 1)) * ROW_PLACES];
    struct bucket *best = row;
    for (size_t i = 0; i < ROW_PLACES; i++) {
        if (row[i].key == key)
            return &row[i];
        if (row[i].full_us < best->full_us)
            best = &row[i];
    }
    return best;
}

static int limiter_ask(struct limiter *limiter, const struct limit *limit, const char *address,
                       bool take)
{
    if (limit->most <= 0)
        return 0;
    int64_t now = clock_monotonic_us(limiter->clock);
    int64_t window = (int64_t)limit->window_s * 1000000;
    int64_t each = window / limit->most * (limit->cost ? limit->cost : 1);
    uint64_t key = key_of(limiter, limit, address);
    pthread_mutex_lock(&limiter->lock);
    struct bucket *bucket = bucket_find(limiter, key);
    int64_t full = bucket->key == key && bucket->full_us > now ? bucket->full_us : now;
    int64_t late = full + each - now - window;
    if (late <= 0 && take)
        *bucket = (struct bucket){.key = key, .full_us = full + each};
    pthread_mutex_unlock(&limiter->lock);
    return late <= 0 ? 0 : (int)((late + 999999) / 1000000);
}

int limiter_take(struct limiter *limiter, const struct limit *limit, const char *address)
{
    return limiter_ask(limiter, limit, address, true);
}

int limiter_wait(struct limiter *limiter, const struct limit *limit, const char *address)
{
    return limiter_ask(limiter, limit, address, false);
}
