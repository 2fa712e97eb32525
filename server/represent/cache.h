#ifndef REPRESENT_CACHE_H
#define REPRESENT_CACHE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ready replies by key (route, checked parameters, language, representation, encoding). Replies are
 * replaced, never changed; one filler refreshes, the others are served the previous bytes
 * meanwhile. Bounded: the entry least lately used goes. Any thread; one lock, held for a few lines.
 */
struct cache;

enum { ETAG_TEXT = 36 };

/* A whole 200 with all its headers, and the validator of its bytes; as a 304 the same response goes
 * out without its body. Immutable, shared by counted references. */
struct cached;

/* Takes over `response`, also on failure (NULL: no memory). One reference, the caller's. */
struct cached *cached_new(struct MHD_Response *response, const char *etag, size_t bytes);
struct MHD_Response *cached_response(const struct cached *cached);
const char *cached_etag(const struct cached *cached); /* quoted */
void cached_drop(struct cached *cached);              /* takes NULL */

struct cache *cache_new(size_t entries);
void cache_free(struct cache *cache);

enum cache_found {
    CACHE_HIT, /* *out is a new reference */
    CACHE_FILL /* *out is NULL: the caller makes the reply and calls cache_put or cache_give_up */
};

/* `now_us` monotonic. While nothing was ever put under a key, all who ask are told to fill. */
enum cache_found cache_get(struct cache *cache, const char *key, int64_t now_us,
                           struct cached **out);

/* What a reply depends on, besides the id of one consultation. */
enum { CACHE_ANY = 0 /* any consultation's revision makes it stale */, CACHE_NOTHING = -1 };

/* Takes a reference of its own. `depends`: consultation id, or one of these; `fresh_until_us`
 * monotonic, INT64_MAX for ever. What was begun before a cache_expire that touches it is stale at
 * once. */
void cache_put(struct cache *cache, const char *key, int depends, int64_t fresh_until_us,
               struct cached *value);
void cache_give_up(struct cache *cache, const char *key);

/* A revision was raised: what depends on it is refilled at its next reading. */
void cache_expire(struct cache *cache, int consultation_id);

struct cache_figures {
    uint64_t hits, fills, entries, bytes;
};
void cache_figures(struct cache *cache, struct cache_figures *out);

#endif
