#ifndef REPRESENT_CACHE_H
#define REPRESENT_CACHE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* Ready replies by key (route, checked parameters, language, representation, encoding). Replies are replaced, never changed; one
 * filler refreshes, the others are served the previous bytes meanwhile. Bounded: the entry least lately used goes. Any thread; one
 * lock, held for a few lines. */
struct cache;
struct cached {
    struct MHD_Response *response; /* whole 200 with all headers */
    struct MHD_Response *unchanged; /* its 304 */
    char etag[40]; /* quoted strong validator: hash of the bytes */
};

struct cache *cache_new(size_t entries);
void cache_free(struct cache *cache);

enum cache_found { CACHE_HIT, CACHE_FILL /* the caller must cache_put or cache_give_up */ };

/* CACHE_HIT: *out holds references that cached_drop gives back. `now_us` monotonic, for entries of limited age. */
enum cache_found cache_get(struct cache *cache, const char *key, int64_t now_us, struct cached *out);

/* Takes over the references of `value`. `depends`: consultation id or 0; `fresh_until_us` monotonic, INT64_MAX for ever. */
void cache_put(struct cache *cache, const char *key, int depends, int64_t fresh_until_us, const struct cached *value);
void cache_give_up(struct cache *cache, const char *key);
void cached_drop(struct cached *value);

/* A revision was raised: what depends on it is refilled at its next reading. */
void cache_expire(struct cache *cache, int consultation_id);

struct cache_figures { uint64_t hits, fills, entries, bytes; };
void cache_figures(struct cache *cache, struct cache_figures *out);

#endif
