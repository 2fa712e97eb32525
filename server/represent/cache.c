/* Ready replies in memory; see cache.h. */
#include "represent/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A filler that has not come back after so long is thought lost, and another one is asked. */
enum { FILL_LOST_US = 2000000 };

struct cached {
    atomic_uint references;
    struct MHD_Response *response;
    size_t bytes;
    char etag[ETAG_TEXT];
};

struct entry {
    struct entry *next;          /* of the same slot */
    struct entry *newer, *older; /* by use */
    struct cached *value;        /* NULL until the first put */
    int64_t fresh_until_us;
    int64_t filling_since_us; /* 0: nobody fills */
    uint64_t fill_generation; /* when the filling began */
    int depends;
    uint32_t hash;
    char key[];
};

struct cache {
    pthread_mutex_t lock;
    size_t most, count, slots;
    uint64_t generation; /* one up with every expiry */
    struct cache_figures figures;
    struct entry *newest, *oldest;
    struct entry *slot[];
};

struct cached *cached_new(struct MHD_Response *response, const char *etag, size_t bytes)
{
    struct cached *cached = response ? calloc(1, sizeof *cached) : NULL;
    if (!cached) {
        if (response)
            MHD_destroy_response(response);
        return NULL;
    }
    atomic_init(&cached->references, 1);
    cached->response = response;
    cached->bytes = bytes;
    strncpy(cached->etag, etag, sizeof cached->etag - 1);
    return cached;
}

struct MHD_Response *cached_response(const struct cached *cached)
{
    return cached->response;
}

const char *cached_etag(const struct cached *cached)
{
    return cached->etag;
}

void cached_drop(struct cached *cached)
{
    if (!cached || atomic_fetch_sub_explicit(&cached->references, 1, memory_order_acq_rel) != 1)
        return;
    MHD_destroy_response(cached->response);
    free(cached);
}

static struct cached *cached_hold(struct cached *cached)
{
    atomic_fetch_add_explicit(&cached->references, 1, memory_order_relaxed);
    return cached;
}

struct cache *cache_new(size_t entries)
{
    size_t slots = 16;
    while (slots < entries * 2)
        slots *= 2;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): the table holds pointers */
    struct cache *cache = calloc(1, sizeof *cache + slots * sizeof cache->slot[0]);
    if (!cache)
        return NULL;
    cache->most = entries;
    cache->slots = slots;
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void entry_free(struct entry *entry)
{
    cached_drop(entry->value);
    free(entry);
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    struct entry *entry = cache->newest;
    while (entry) {
        struct entry *older = entry->older;
        entry_free(entry);
        entry = older;
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* FNV-1a. Keys are made of checked parameters of existing resources, so nobody can aim at one slot.
 */
static uint32_t key_hash(const char *key)
{
    uint32_t hash = 2166136261u;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return hash;
}

static struct entry **slot_of(struct cache *cache, uint32_t hash)
{
    return &cache->slot[hash & (cache->slots - 1)];
}

static struct entry *entry_find(struct cache *cache, const char *key, uint32_t hash)
{
    for (struct entry *entry = *slot_of(cache, hash); entry; entry = entry->next)
        if (entry->hash == hash && strcmp(entry->key, key) == 0)
            return entry;
    return NULL;
}

static void entry_unlink(struct cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void entry_link(struct cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void entry_touch(struct cache *cache, struct entry *entry)
{
    if (cache->newest == entry)
        return;
    entry_unlink(cache, entry);
    entry_link(cache, entry);
}

/* Takes an entry out; the caller frees it outside the lock. */
static struct entry *entry_remove(struct cache *cache, struct entry *entry)
{
    struct entry **place = slot_of(cache, entry->hash);
    while (*place != entry)
        place = &(*place)->next;
    *place = entry->next;
    entry_unlink(cache, entry);
    cache->count--;
    cache->figures.bytes -= entry->value ? entry->value->bytes : 0;
    return entry;
}

/* A new, empty entry. *evicted is to be freed, if set. NULL: no memory. */
static struct entry *entry_add(struct cache *cache, const char *key, uint32_t hash,
                               struct entry **evicted)
{
    size_t length = strlen(key) + 1;
    struct entry *entry = calloc(1, sizeof *entry + length);
    if (!entry)
        return NULL;
    memcpy(entry->key, key, length);
    entry->hash = hash;
    if (cache->count == cache->most)
        *evicted = entry_remove(cache, cache->oldest);
    entry->next = *slot_of(cache, hash);
    *slot_of(cache, hash) = entry;
    entry_link(cache, entry);
    cache->count++;
    return entry;
}

static bool entry_serves(const struct entry *entry, int64_t now_us)
{
    if (!entry->value)
        return false;
    bool being_filled = entry->filling_since_us && now_us - entry->filling_since_us < FILL_LOST_US;
    return now_us < entry->fresh_until_us || being_filled;
}

enum cache_found cache_get(struct cache *cache, const char *key, int64_t now_us,
                           struct cached **out)
{
    uint32_t hash = key_hash(key);
    struct entry *evicted = NULL;
    *out = NULL;
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = entry_find(cache, key, hash);
    if (entry && entry_serves(entry, now_us)) {
        entry_touch(cache, entry);
        cache->figures.hits++;
        *out = cached_hold(entry->value);
    } else {
        if (!entry)
            entry = entry_add(cache, key, hash, &evicted);
        /* Of several first fillers the earliest beginning counts, so that none of them can hide an
         * expiry. */
        if (entry && (!entry->filling_since_us || entry->value)) {
            entry->filling_since_us = now_us ? now_us : 1;
            entry->fill_generation = cache->generation;
        }
        cache->figures.fills++;
    }
    pthread_mutex_unlock(&cache->lock);
    if (evicted)
        entry_free(evicted);
    return *out ? CACHE_HIT : CACHE_FILL;
}

void cache_put(struct cache *cache, const char *key, int depends, int64_t fresh_until_us,
               struct cached *value)
{
    uint32_t hash = key_hash(key);
    struct cached *previous = NULL;
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = entry_find(cache, key, hash);
    if (entry) {
        previous = entry->value;
        entry->value = cached_hold(value);
        entry->depends = depends;
        entry->fresh_until_us =
            entry->fill_generation == cache->generation || depends == CACHE_NOTHING ? fresh_until_us
                                                                                    : 0;
        entry->filling_since_us = 0;
        cache->figures.bytes += value->bytes - (previous ? previous->bytes : 0);
    }
    pthread_mutex_unlock(&cache->lock);
    cached_drop(previous);
}

void cache_give_up(struct cache *cache, const char *key)
{
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = entry_find(cache, key, key_hash(key));
    struct entry *empty = NULL;
    if (entry && entry->value)
        entry->filling_since_us = 0;
    else if (entry)
        empty = entry_remove(cache, entry);
    pthread_mutex_unlock(&cache->lock);
    if (empty)
        entry_free(empty);
}

void cache_expire(struct cache *cache, int consultation_id)
{
    pthread_mutex_lock(&cache->lock);
    cache->generation++;
    for (struct entry *entry = cache->newest; entry; entry = entry->older)
        if (entry->depends == consultation_id || entry->depends == CACHE_ANY)
            entry->fresh_until_us = 0;
    pthread_mutex_unlock(&cache->lock);
}

void cache_figures(struct cache *cache, struct cache_figures *out)
{
    pthread_mutex_lock(&cache->lock);
    *out = cache->figures;
    out->entries = cache->count;
    pthread_mutex_unlock(&cache->lock);
}
