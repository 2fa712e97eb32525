#ifndef HTTP_STATE_H
#define HTTP_STATE_H

#include "http/daemon.h"
#include "http/guard.h"
#include "http/negotiate.h"
#include "http/router.h"
#include "http/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

/* What the files of this folder share and nobody else includes. */

enum {
    DRAIN_MOST = 2 * 1024 * 1024,  /* bytes of a refused body that are read to be able to say so */
    CONNECTION_MEMORY = 16 * 1024, /* libmicrohttpd's, for one connection: head of the request and
                                      of the reply, a piece of body */
    REPLY_HEADERS_MOST = 8,
    KEY_TEXT = 512
};

/* Where a connection stands; written by its HTTP thread, read by the one that watches deadlines. */
enum stage {
    STAGE_IDLE,    /* no request, or its head is still coming */
    STAGE_LINE,    /* the request line was read */
    STAGE_GATE,    /* the gate looks at the head before any of the body is taken */
    STAGE_BODY,    /* the body is coming */
    STAGE_READY,   /* all is there, nothing was done yet */
    STAGE_RUNNING, /* a handler has it, maybe on another thread */
    STAGE_REPLIED
};

enum { SENT_TARGET = 512 };

/* One connection, from its acceptance to its end; holds what is read of the request it carries just
 * now. */
struct connection {
    struct daemon *daemon;
    enum daemon_side side;
    struct connection *next, *previous; /* under daemon->lock */
    int fd;
    atomic_int stage;
    _Atomic int64_t deadline_us; /* monotonic; cut off when it passes */
    bool from_front;
    char peer[48];
    /* of the request */
    struct request_line line;
    char sent_target[SENT_TARGET]; /* as it came, NUL-terminated; "" if it is longer than we sign */
    enum target_verdict verdict;
    enum method method;
    enum routed routed;
    enum problem_code refusal; /* decided on the head, said once the body was drained */
    uint64_t drained, most;    /* bytes of body that came; beyond the most it is cut off */
    int64_t body_us;           /* monotonic: since when the body is coming */
    struct target target;
    struct head head;
    struct match match;
    struct request *request; /* NULL while none was needed: ready replies need none */
};

struct feed;

struct reply {
    bool set;
    int status;
    struct MHD_Response *response;
    struct cached *cached; /* instead of `response` */
    uint64_t length;       /* of a file; its reader has time for it */
};

/* What was agreed with the client. */
struct choice {
    enum representation representation;
    enum language language;
    enum encoding encoding;
};

struct task {
    struct job job; /* first: the worker gives it back */
    struct request *request;
};

/* A query value that was asked for, decoded. */
struct query {
    struct query *next;
    char text[];
};

/* The daemon's side of a request. */
struct http_state {
    struct daemon *daemon;
    struct connection *connection;
    struct reply reply;
    bool suspended;
    bool refused;         /* Connection: close */
    request_handler next; /* of request_continue */
    enum encoding encoding;
    char key[KEY_TEXT]; /* of the cache; "": not kept */
    size_t headers;
    struct {
        char *name, *value;
    } header[REPLY_HEADERS_MOST];
    struct task task;
    struct query *queries;
};

struct server {
    struct MHD_Daemon *mhd;
    int fd; /* listening, ours to close */
    int port;
    char socket_path[108];
    struct daemon *daemon;
    enum daemon_side side;
};

struct daemon {
    struct daemon_options options;
    char address[256], inner_address[256], base_url[256], trusted_front[64];
    struct router *router;
    struct MHD_Response *last_resort; /* when there is no memory for anything better */
    struct server server[2];          /* by enum daemon_side */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct connection *connections;
    size_t connection_count;
    bool stopping; /* under lock, as are `connections` and their count */
    bool watching;
    pthread_t watcher;
    atomic_bool draining;
    atomic_uint_fast64_t requests, refused, cut_off, suspended, ids;
    atomic_int spools; /* bodies in files now */
    unsigned char id_secret[16];
};

/* listen.c: a listening socket; -1 with a sentence in `error`. */
int listen_open(const char *address, int port, char *error, size_t error_size);
int listen_port(int fd);

/* connection.c: libmicrohttpd's callbacks, and the watch over deadlines. */
void connection_notify(void *server, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code);
void *connection_target(void *server, const char *target, struct MHD_Connection *mhd);
void *connection_watch(void *daemon);
bool connection_any_busy(const struct daemon *daemon); /* under daemon->lock */
void connection_last(struct connection *connection);
void connection_done(struct connection *connection); /* while draining: a request has ended */
void connection_resume(struct daemon *daemon);

static inline int64_t connection_now(const struct connection *c)
{
    return clock_monotonic_us(c->daemon->options.clock);
}

static inline void connection_stage(struct connection *c, enum stage stage)
{
    atomic_store_explicit(&c->stage, (int)stage, memory_order_relaxed);
}

static inline void connection_deadline(struct connection *c, int64_t us)
{
    atomic_store_explicit(&c->deadline_us, us, memory_order_relaxed);
}

/* What is sent has to be taken, and the next request's head to come, by then. */
static inline int64_t connection_reply_deadline(const struct connection *c, int64_t now)
{
    const struct daemon_options *options = &c->daemon->options;
    return now + (int64_t)(options->idle_seconds + options->request_seconds) * 1000000;
}

/* How much longer so many bytes may take, either way. */
static inline int64_t connection_rate_us(const struct connection *c, uint64_t bytes)
{
    int rate = c->daemon->options.spool_rate;
    return rate > 0 ? (int64_t)(bytes * 1000000 / (uint64_t)rate) : 0;
}

/* serve.c: queues a reply, or leaves the request suspended. `close`: nothing more is read of this
 * client. */
enum MHD_Result serve_whole(struct connection *c, struct MHD_Connection *mhd);
enum MHD_Result serve_resumed(struct connection *c, struct MHD_Connection *mhd);
enum MHD_Result serve_problem(struct connection *c, struct MHD_Connection *mhd,
                              enum problem_code code, bool close);

/* The gate over the head of a request whose body is to be spooled: suspends it until it was
 * admitted or has a reply. */
enum MHD_Result serve_gate(struct connection *c, struct MHD_Connection *mhd);
/* After that: it has a reply, which is not queued yet. */
bool serve_gate_refused(struct connection *c);
enum MHD_Result serve_refused(struct connection *c, struct MHD_Connection *mhd);

/* body.c: what comes of a body, into memory or into the route's file. */
static inline bool body_is_spooled(const struct connection *c)
{
    return c->routed == ROUTED && c->match.route->representations & ROUTE_SPOOLED;
}
/* 503 or 507 where a file for it cannot be had; PROBLEM_NONE, and the request has it. */
enum problem_code body_open(struct connection *c, struct request *request);
/* The time for the body begins to run. */
void body_begin(struct connection *c);
/* So many more bytes came, kept or not. */
void body_more(struct connection *c, size_t size);
/* PROBLEM_NONE, or why this piece was not taken; nothing is kept then. */
enum problem_code body_add(struct connection *c, const char *bytes, size_t size);
void body_close(struct request *request);

/* access.c: the access and completion callbacks. */
enum MHD_Result access_call(void *server, struct MHD_Connection *mhd, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_size, void **context);
void access_completed(void *server, struct MHD_Connection *mhd, void **context,
                      enum MHD_RequestTerminationCode code);

/* request.c */
struct request *request_new(struct connection *connection, struct MHD_Connection *mhd);
void request_free(struct request *request);
void request_forget(
    struct request *request); /* what the gate found, so that it can be asked again */
void request_choose(struct request *request, const struct choice *choice, const char *key);

/* reply.c */
void reply_options(struct request *request, const char *allow, bool open);
void reply_forget(
    struct http_state *http); /* what was to be kept will not be: let another one fill */
void reply_clear(struct reply *reply);

/* feed.c: both halves, and the response that is the reading one, which it stays also on failure. */
struct feed *feed_new(struct request *request, size_t room);
struct MHD_Response *feed_response(struct feed *feed);

/* compress.c: *out is the caller's to free; false: no memory, or it would not be smaller. */
bool compress_bytes(enum encoding encoding, const void *bytes, size_t length, void **out,
                    size_t *out_length);

#endif
