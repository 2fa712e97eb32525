#ifndef INTEGRATION_DEMO_H
#define INTEGRATION_DEMO_H

#include "http/daemon.h"

/* server/http alone, over a small table of routes of its own: what is tested with it is the
 * transport, not what is said. Its handlers tell back what reached them. */

struct demo_options {
    const char *address; /* NULL: 127.0.0.1 */
    const char *inner_address;
    const char *trusted_front;
    int port;
    int threads; /* 0: 2 */
    int connections;
    int connections_per_address;
    int idle_seconds;
    int request_seconds;
    size_t worker_places;
    const char *spool_folder; /* NULL: /var/tmp */
    int spools, spool_rate;
    uint64_t spool_reserve;
    size_t body; /* bytes of GET /v1/things/{thing}; 0: 2,000 */
};

/* The most that PUT /v1/files/{thing} takes, and POST /{language}/files. */
enum { DEMO_FILE_MOST = 100 * 1024 * 1024 };

struct demo {
    struct daemon *daemon;
    struct cache *cache;
    struct worker *worker;
    struct gate *gate;
    size_t body;
    char url[64];
    char inner_url[64];
};

/* Exits on failure. */
struct demo *demo_start(const struct demo_options *options);
void demo_stop(struct demo *demo);

/* GET /v1/waits (on the HTTP thread, suspended) and GET /v1/works (on a worker) are answered once
 * the gate is open. */
void demo_gate(struct demo *demo, bool open);
/* Answers the `count` that came to /v1/waits last. */
void demo_release(struct demo *demo, size_t count);
/* Waits, boundedly, until so many came to it in all. */
bool demo_waiting(struct demo *demo, size_t count);

/* GET /v1/feed gives the writing half of its reply to whoever asks for it here, in the order in
 * which they came; waits, boundedly. The caller ends it. */
enum { DEMO_FEED_ROOM = 4096 };
struct feed *demo_feed(struct demo *demo);

/* How often a handler was asked for POST /v1/things. */
unsigned demo_posts(struct demo *demo);

#endif
