#ifndef HTTP_DAEMON_H
#define HTTP_DAEMON_H

#include "base/clock.h"
#include "http/request.h"
#include "represent/cache.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The two HTTP servers over one table of routes: the public one, and the inner one that serves only
 * routes of ACCESS_INNER. Everything in the options is borrowed and must outlive the daemon, but
 * the texts of addresses, which are copied. */

struct pages;
struct worker;

struct daemon_options {
    const struct route *routes;
    size_t route_count;
    void *service; /* handed to every request */
    struct cache *cache;
    const struct pages *pages; /* NULL: problems have their code for a title (tests) */
    const struct clock *clock;
    struct worker *worker;        /* for RUN_WORKER routes; NULL if there are none */
    struct worker *desk, *porter; /* for RUN_DESK and RUN_PORTER routes; the same */
    /* The gate of officials' routes, on the thread that runs the handler next: true, and the
     * request has its official; or a reply was set. NULL: there are no such routes. */
    bool (*admit)(struct request *request);
    const char *address;                    /* IPv4, IPv6 or unix:PATH */
    int port;                               /* 0 takes a free one */
    void (*bound)(void *service, int port); /* NULL, or called as soon as the public port is known
                                               and before any request can come */
    const char *inner_address;              /* "" or NULL: no inner server */
    int inner_port;
    const char *base_url;      /* scheme and authority under which pages' forms are sent from; "" is
                                  whatever Host says */
    const char *trusted_front; /* peer whose X-Forwarded-For is believed; "unix:" any of a unix
                                  socket; "" none */
    int threads;
    int connections;             /* at once, public server */
    int connections_per_address; /* 0: no limit */
    int idle_seconds;            /* without a byte */
    int request_seconds;         /* from the head's end to the body's last byte */
    const char *spool_folder;    /* of bodies that are spooled; NULL if no route's is */
    int spools;                  /* at once; more are answered 503 */
    int spool_rate;              /* bytes a second that such a body brings at least, beyond
                                    request_seconds */
    uint64_t spool_reserve;      /* bytes that stay free on that disk; else 507 */
};

/* NULL with a sentence in `error`. The threads run from here on. */
struct daemon *daemon_start(const struct daemon_options *options, char *error, size_t error_size);

/* The bound port, also when 0 was asked for; 0 for a unix socket. */
enum daemon_side { DAEMON_PUBLIC, DAEMON_INNER };
int daemon_port(const struct daemon *daemon, enum daemon_side side);

/* Closes each new connection at once; requests under way go on, suspended ones too, and each reply
 * is its connection's last. */
void daemon_quiesce(struct daemon *daemon);

/* After daemon_quiesce and after everything that may finish requests has stopped: waits, boundedly,
 * for replies to be sent, answers 503 to what is still suspended, stops, frees. NULL is nothing. */
void daemon_stop(struct daemon *daemon);

struct daemon_figures {
    uint64_t requests;    /* replied to */
    uint64_t refused;     /* by the guard: ambiguous or malformed */
    uint64_t cut_off;     /* deadline passed, or more body than is drained */
    uint64_t suspended;   /* now */
    uint64_t connections; /* now */
};
void daemon_figures(struct daemon *daemon, struct daemon_figures *out);

#endif
