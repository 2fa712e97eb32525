/* A whole request to its reply: a ready one of the cache, a handler's on this thread, or one that
 * comes after a suspension. */
#include "http/reply.h"
#include "http/response.h"

#include <string.h>

static enum MHD_Result serve_queue(struct connection *c, struct MHD_Connection *mhd, int status,
                                   struct MHD_Response *response, int64_t now)
{
    connection_stage(c, STAGE_REPLIED);
    connection_deadline(c, connection_reply_deadline(c, now));
    atomic_fetch_add_explicit(&c->daemon->requests, 1, memory_order_relaxed);
    if (atomic_load_explicit(&c->daemon->draining, memory_order_relaxed))
        connection_last(c);
    return MHD_queue_response(mhd, (unsigned)status, response);
}

/* A ready reply, or its 304. Takes over the reference. */
static enum MHD_Result serve_queue_cached(struct connection *c, struct MHD_Connection *mhd,
                                          struct cached *cached, int64_t now)
{
    bool unchanged = negotiate_unchanged(c->head.if_none_match, cached_etag(cached));
    enum MHD_Result result =
        serve_queue(c, mhd, unchanged ? 304 : 200, cached_response(cached), now);
    cached_drop(cached);
    return result;
}

static enum MHD_Result serve_queue_reply(struct connection *c, struct MHD_Connection *mhd)
{
    struct reply *reply = &c->request->http->reply;
    int64_t now = connection_now(c);
    if (!reply->set)
        reply_problem(c->request, PROBLEM_INTERNAL, NULL);
    if (reply->cached) {
        struct cached *cached = reply->cached;
        reply->cached = NULL;
        return serve_queue_cached(c, mhd, cached, now);
    }
    if (!reply->response)
        return serve_queue(c, mhd, 500, c->daemon->last_resort, now);
    return serve_queue(c, mhd, reply->status, reply->response,
                       now + connection_rate_us(c, reply->length));
}

/* Also where nothing is found: who reads Chinese is told so in Chinese. */
static enum language path_language(const struct target *target)
{
    char tag[TARGET_LANG] = "";
    if (target->asterisk || target->segments == 0 || target->segment[0].length >= sizeof tag)
        return LANGUAGES;
    memcpy(tag, target->path + target->segment[0].start, target->segment[0].length);
    return language_find(tag);
}

static enum language serve_language(const struct connection *c)
{
    enum language language = c->routed == ROUTED ? c->match.language : path_language(&c->target);
    if (language == LANGUAGES && c->target.lang[0])
        language = language_find(c->target.lang);
    return language == LANGUAGES ? language_match(c->head.accept_language) : language;
}

static enum representation serve_representation(const struct connection *c)
{
    unsigned offered = c->match.route->representations;
    enum representation preferred = (enum representation)__builtin_ctz(offered);
    return c->match.suffix != REPRESENTATIONS
               ? c->match.suffix
               : negotiate_representation(c->head.accept, offered, preferred);
}

/* Which form a problem takes: the route's own; where there is no route, a page for whoever reads
 * pages outside the interface. */
static bool serve_wants_page(const struct connection *c)
{
    if (c->routed != ROUTED_NOWHERE)
        return c->match.route->representations & 1u << REPRESENT_PAGE;
    unsigned either = 1u << REPRESENT_JSON | 1u << REPRESENT_PAGE;
    return c->verdict == TARGET_FINE && strncmp(c->target.path, "/v1/", 4) != 0 &&
           negotiate_representation(c->head.accept, either, REPRESENT_JSON) == REPRESENT_PAGE;
}

enum MHD_Result serve_problem(struct connection *c, struct MHD_Connection *mhd,
                              enum problem_code code, bool close)
{
    if (!c->request)
        c->request = request_new(c, mhd);
    if (!c->request)
        return MHD_NO;
    struct request *request = c->request;
    request->http->refused = close;
    if (code == PROBLEM_METHOD_NOT_ALLOWED) {
        char allow[ALLOW_TEXT];
        router_allow(c->daemon->router, &c->match, c->side == DAEMON_INNER, allow);
        reply_header(request, MHD_HTTP_HEADER_ALLOW, allow);
    }
    struct choice choice = {.representation = REPRESENT_JSON, .language = serve_language(c)};
    if (serve_wants_page(c))
        choice.representation = REPRESENT_PAGE;
    request_choose(request, &choice, "");
    reply_problem(request, code, NULL);
    return serve_queue_reply(c, mhd);
}

/* The cache's key: nothing else of the request can change the reply. No part holds a line feed, so
 * that no two keys can meet. */
static void serve_key(const struct connection *c, const struct choice *choice, char key[KEY_TEXT])
{
    static_assert(5 + PARTS_MOST * (PART_TEXT + 1) < KEY_TEXT, "a key has room for all parts");
    char *p = key;
    *p++ = (char)('0' + c->match.number / 64);
    *p++ = (char)('0' + c->match.number % 64);
    *p++ = (char)('a' + (int)choice->representation);
    *p++ = (char)('a' + (int)choice->language);
    *p++ = (char)('a' + (int)choice->encoding);
    for (unsigned i = 0; i < c->match.parts; i++) {
        const struct segment *part = &c->match.part[i];
        *p++ = '\n';
        memcpy(p, c->target.path + part->start, part->length);
        p += part->length;
    }
    *p = '\0';
}

static void serve_job(struct job *job, struct db *db)
{
    struct request *request = ((struct task *)job)->request;
    const struct daemon_options *options = &request->http->daemon->options;
    request->db = db;
    request->answers = job->answers;
    bool admitted =
        !access_is_official(request->route->access) || (options->admit && options->admit(request));
    if (!admitted || request->route->handler(request) == HANDLED)
        request_finish(request);
}

/* The gate alone, over a head. */
static void gate_job(struct job *job, struct db *db)
{
    struct request *request = ((struct task *)job)->request;
    const struct daemon_options *options = &request->http->daemon->options;
    request->db = db;
    request->answers = job->answers;
    request->body_awaited = true;
    if (!options->admit)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    else
        options->admit(request);
    request->body_awaited = false;
    request_finish(request);
}

/* Suspended first and handed over then: the worker may be done before this returns. */
static enum MHD_Result serve_worker(struct connection *c, struct worker *worker,
                                    void (*run)(struct job *job, struct db *db))
{
    struct request *request = c->request;
    request_suspend(request);
    request->http->task = (struct task){.job.run = run, .request = request};
    if (!worker || !worker_push(worker, &request->http->task.job)) {
        reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, "1");
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        request_finish(request);
    }
    return MHD_YES;
}

static enum MHD_Result serve_handled(struct connection *c, struct MHD_Connection *mhd,
                                     enum handled handled)
{
    switch (handled) {
    case HANDLED:
        return serve_queue_reply(c, mhd);
    case HANDLED_LATER:
        break;
    }
    return MHD_YES;
}

/* Of a route that does not run here. */
static struct worker *serve_worker_of(const struct connection *c)
{
    const struct daemon_options *options = &c->daemon->options;
    switch (c->match.route->run) {
    case RUN_HERE:
    case RUN_WORKER:
        break;
    case RUN_DESK:
        return options->desk;
    case RUN_PORTER:
        return options->porter;
    }
    return options->worker;
}

static enum MHD_Result serve_run(struct connection *c, struct MHD_Connection *mhd)
{
    connection_stage(c, STAGE_RUNNING);
    connection_deadline(c, INT64_MAX);
    if (c->match.route->run == RUN_HERE)
        return serve_handled(c, mhd, c->match.route->handler(c->request));
    return serve_worker(c, serve_worker_of(c), serve_job);
}

static bool serve_is_kept(const struct connection *c)
{
    return c->match.route->freshness != FRESH_NEVER && c->daemon->options.cache;
}

/* What a form or a code brought is sent as it is: where a secret stands beside what another could
 * have put there, the compressed length tells of it (BREACH). */
static bool serve_is_compressed(const struct connection *c)
{
    return c->match.route->access == ACCESS_PUBLIC && c->method != METHOD_POST;
}

/* A reply is ready, or a handler is to make one. */
static enum MHD_Result serve_routed(struct connection *c, struct MHD_Connection *mhd)
{
    struct choice choice = {.representation = serve_representation(c),
                            .language = serve_language(c)};
    char key[KEY_TEXT] = "";
    if (choice.representation == REPRESENTATIONS)
        return serve_problem(c, mhd, PROBLEM_NOT_ACCEPTABLE, false);
    if (serve_is_compressed(c))
        choice.encoding = negotiate_encoding(c->head.accept_encoding);
    if (serve_is_kept(c)) {
        int64_t now = connection_now(c);
        struct cached *cached = NULL;
        serve_key(c, &choice, key);
        if (cache_get(c->daemon->options.cache, key, now, &cached) == CACHE_HIT)
            return serve_queue_cached(c, mhd, cached, now);
    }
    if (!c->request)
        c->request = request_new(c, mhd);
    if (!c->request) {
        if (key[0])
            cache_give_up(c->daemon->options.cache, key);
        return MHD_NO;
    }
    request_choose(c->request, &choice, key);
    return serve_run(c, mhd);
}

static enum MHD_Result serve_options(struct connection *c, struct MHD_Connection *mhd)
{
    char allow[ALLOW_TEXT] = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    c->request = request_new(c, mhd);
    if (!c->request)
        return MHD_NO;
    if (!c->target.asterisk)
        router_allow(c->daemon->router, &c->match, c->side == DAEMON_INNER, allow);
    reply_options(c->request, allow, !c->target.asterisk && response_is_open(c->match.route));
    return serve_queue_reply(c, mhd);
}

/* It was resumed: this thread owns it again. */
static void serve_back(struct connection *c)
{
    struct http_state *http = c->request->http;
    c->request->db = NULL;
    if (!http->suspended)
        return;
    http->suspended = false;
    atomic_fetch_sub_explicit(&c->daemon->suspended, 1, memory_order_relaxed);
}

enum MHD_Result serve_gate(struct connection *c, struct MHD_Connection *mhd)
{
    struct choice choice = {.representation = serve_representation(c),
                            .language = serve_language(c)};
    if (choice.representation == REPRESENTATIONS)
        return serve_problem(c, mhd, PROBLEM_NOT_ACCEPTABLE, true);
    request_choose(c->request, &choice, "");
    connection_stage(c, STAGE_GATE);
    connection_deadline(c, INT64_MAX);
    return serve_worker(c, serve_worker_of(c), gate_job);
}

bool serve_gate_refused(struct connection *c)
{
    serve_back(c);
    if (c->request->http->reply.set)
        return true;
    request_forget(c->request);
    return false;
}

enum MHD_Result serve_refused(struct connection *c, struct MHD_Connection *mhd)
{
    return serve_queue_reply(c, mhd);
}

/* All of the request is there. */
enum MHD_Result serve_whole(struct connection *c, struct MHD_Connection *mhd)
{
    if (c->request && c->request->http->reply.set)
        return serve_queue_reply(c, mhd);
    if (c->refusal != PROBLEM_NONE)
        return serve_problem(c, mhd, c->refusal, false);
    return c->method == METHOD_OPTIONS ? serve_options(c, mhd) : serve_routed(c, mhd);
}

/* After a suspension: the reply was set, or a handler goes on with it here. */
enum MHD_Result serve_resumed(struct connection *c, struct MHD_Connection *mhd)
{
    struct http_state *http = c->request->http;
    serve_back(c);
    request_handler next = http->next;
    http->next = NULL;
    if (next && !http->reply.set)
        return serve_handled(c, mhd, next(c->request));
    return serve_queue_reply(c, mhd);
}
