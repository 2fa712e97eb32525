/* One request from its head to its reply: the library's access callback, which is called once with
 * the head, once for each piece of body, once when all has come, and again after a suspension. A
 * reply queued in the first call would cost the connection, so only what is refused outright is
 * answered there. */
#include "http/reply.h"
#include "http/response.h"

#include <stdio.h>
#include <string.h>

static int64_t access_now(const struct connection *c)
{
    return clock_monotonic_us(c->daemon->options.clock);
}

static void access_stage(struct connection *c, enum stage stage)
{
    atomic_store_explicit(&c->stage, (int)stage, memory_order_relaxed);
}

static void access_deadline(struct connection *c, int64_t us)
{
    atomic_store_explicit(&c->deadline_us, us, memory_order_relaxed);
}

/* What is sent has to be taken, and the next request's head to come, within this. */
static int64_t reply_deadline(const struct connection *c, int64_t now)
{
    const struct daemon_options *options = &c->daemon->options;
    return now + (int64_t)(options->idle_seconds + options->request_seconds) * 1000000;
}

static enum MHD_Result access_queue(struct connection *c, struct MHD_Connection *mhd, int status,
                                    struct MHD_Response *response, int64_t now)
{
    access_stage(c, STAGE_REPLIED);
    access_deadline(c, reply_deadline(c, now));
    atomic_fetch_add_explicit(&c->daemon->requests, 1, memory_order_relaxed);
    if (atomic_load_explicit(&c->daemon->draining, memory_order_relaxed))
        connection_last(c);
    return MHD_queue_response(mhd, (unsigned)status, response);
}

/* A ready reply, or its 304. Takes over the reference. */
static enum MHD_Result access_queue_cached(struct connection *c, struct MHD_Connection *mhd,
                                           struct cached *cached, int64_t now)
{
    bool unchanged = negotiate_unchanged(c->head.if_none_match, cached_etag(cached));
    enum MHD_Result result =
        access_queue(c, mhd, unchanged ? 304 : 200, cached_response(cached), now);
    cached_drop(cached);
    return result;
}

static enum MHD_Result access_queue_reply(struct connection *c, struct MHD_Connection *mhd)
{
    struct reply *reply = &c->request->http->reply;
    int64_t now = access_now(c);
    if (!reply->set)
        reply_problem(c->request, PROBLEM_INTERNAL, NULL);
    if (reply->cached) {
        struct cached *cached = reply->cached;
        reply->cached = NULL;
        return access_queue_cached(c, mhd, cached, now);
    }
    if (!reply->response)
        return access_queue(c, mhd, 500, c->daemon->last_resort, now);
    return access_queue(c, mhd, reply->status, reply->response, now);
}

static enum language access_language(const struct connection *c)
{
    enum language language = c->routed == ROUTED ? c->match.language : LANGUAGES;
    if (language == LANGUAGES && c->target.lang[0])
        language = language_find(c->target.lang);
    return language == LANGUAGES ? language_match(c->head.accept_language) : language;
}

static enum representation access_representation(const struct connection *c)
{
    unsigned offered = c->match.route->representations;
    enum representation preferred = (enum representation)__builtin_ctz(offered);
    return c->match.suffix != REPRESENTATIONS
               ? c->match.suffix
               : negotiate_representation(c->head.accept, offered, preferred);
}

/* Which form a problem takes: the route's own; where there is no route, a page for whoever reads
 * pages outside the interface. */
static bool access_wants_page(const struct connection *c)
{
    if (c->routed != ROUTED_NOWHERE)
        return c->match.route->representations & 1u << REPRESENT_PAGE;
    unsigned either = 1u << REPRESENT_JSON | 1u << REPRESENT_PAGE;
    return c->verdict == TARGET_FINE && strncmp(c->target.path, "/v1/", 4) != 0 &&
           negotiate_representation(c->head.accept, either, REPRESENT_JSON) == REPRESENT_PAGE;
}

static enum MHD_Result access_problem(struct connection *c, struct MHD_Connection *mhd,
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
    struct choice choice = {.representation = REPRESENT_JSON, .language = access_language(c)};
    if (access_wants_page(c))
        choice.representation = REPRESENT_PAGE;
    request_choose(request, &choice, "");
    reply_problem(request, code, NULL);
    return access_queue_reply(c, mhd);
}

/* Refused on the first call: answered at once, and the connection is closed, whatever the client is
 * still sending. */
static enum MHD_Result access_refuse(struct connection *c, struct MHD_Connection *mhd,
                                     enum problem_code code)
{
    atomic_fetch_add_explicit(&c->daemon->refused, 1, memory_order_relaxed);
    return access_problem(c, mhd, code, true);
}

static enum problem_code access_method(const struct connection *c)
{
    if (c->method == METHODS)
        return PROBLEM_NOT_IMPLEMENTED;
    if (c->method == METHOD_OPTIONS && (c->target.asterisk || c->routed != ROUTED_NOWHERE))
        return PROBLEM_NONE;
    switch (c->routed) {
    case ROUTED_NOWHERE:
        return PROBLEM_NOT_FOUND;
    case ROUTED_METHOD:
        return PROBLEM_METHOD_NOT_ALLOWED;
    case ROUTED:
        break;
    }
    return PROBLEM_NONE;
}

/* All that can be said of a request before its body: by method and path, by origin, by the body's
 * size and kind. */
static enum problem_code access_decide(const struct connection *c)
{
    static const struct route no_body = {.body_limit = 0};
    enum problem_code code = access_method(c);
    if (code != PROBLEM_NONE)
        return code;
    bool routed = c->routed == ROUTED;
    if (routed && c->method != METHOD_GET && c->method != METHOD_HEAD &&
        c->method != METHOD_OPTIONS)
        code = guard_origin(&c->head, c->daemon->base_url);
    if (code == PROBLEM_NONE)
        code = guard_body(&c->head, routed ? c->match.route : &no_body);
    return code;
}

static enum MHD_Result access_head(struct connection *c, struct MHD_Connection *mhd,
                                   const char *method, const char *version)
{
    c->line.method = method;
    c->line.version = version;
    c->routed = ROUTED_NOWHERE;
    c->method = method_find(method);
    bool whole = c->line.target && guard_head(mhd, &c->line, &c->head);
    if (!whole || c->verdict == TARGET_ODD)
        return access_refuse(c, mhd, PROBLEM_BAD_REQUEST);
    if (c->verdict == TARGET_FINE && c->method != METHODS)
        c->routed = router_find(c->daemon->router, &c->target, c->method, c->side == DAEMON_INNER,
                                &c->match);
    c->refusal = access_decide(c);
    if (!c->head.chunked && c->head.length == 0) {
        access_stage(c, STAGE_READY);
        return MHD_YES;
    }
    /* Who waits for 100 Continue has not sent the body yet, and need not. */
    if (c->head.length > DRAIN_MOST || (c->refusal != PROBLEM_NONE && c->head.expect))
        return access_refuse(c, mhd,
                             c->refusal != PROBLEM_NONE ? c->refusal : PROBLEM_CONTENT_TOO_LARGE);
    access_stage(c, STAGE_BODY);
    access_deadline(c, access_now(c) + (int64_t)c->daemon->options.request_seconds * 1000000);
    if (c->refusal != PROBLEM_NONE)
        return MHD_YES;
    c->request = request_new(c, mhd);
    return c->request ? MHD_YES : MHD_NO;
}

/* A piece of body: kept up to the route's limit, and beyond it only read, so that the refusal can
 * be said. */
static enum MHD_Result access_body(struct connection *c, const char *bytes, size_t *size)
{
    if (c->refusal == PROBLEM_NONE) {
        buf_add(&c->request->body, bytes, *size);
        if (!buf_ok(&c->request->body)) {
            c->refusal = PROBLEM_CONTENT_TOO_LARGE;
            buf_clear(&c->request->body);
        } else {
            c->request->arrived_us = access_now(c);
        }
    }
    c->drained += *size;
    if (c->drained > DRAIN_MOST) {
        atomic_fetch_add_explicit(&c->daemon->cut_off, 1, memory_order_relaxed);
        return MHD_NO;
    }
    *size = 0;
    return MHD_YES;
}

/* The cache's key: nothing else of the request can change the reply. No part holds a line feed, so
 * that no two keys can meet. */
static void access_key(const struct connection *c, const struct choice *choice, char key[KEY_TEXT])
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

static void access_job(struct job *job, struct db *db)
{
    struct request *request = ((struct task *)job)->request;
    request->db = db;
    if (request->route->handler(request) == HANDLED)
        request_finish(request);
}

/* Suspended first and handed over then: the worker may be done before this returns. */
static enum MHD_Result access_worker(struct connection *c)
{
    struct request *request = c->request;
    struct worker *worker = c->daemon->options.worker;
    request_suspend(request);
    request->http->task = (struct task){.job.run = access_job, .request = request};
    if (!worker || !worker_push(worker, &request->http->task.job)) {
        reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, "1");
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        request_finish(request);
    }
    return MHD_YES;
}

static enum MHD_Result access_handled(struct connection *c, struct MHD_Connection *mhd,
                                      enum handled handled)
{
    switch (handled) {
    case HANDLED:
        return access_queue_reply(c, mhd);
    case HANDLED_LATER:
        break;
    }
    return MHD_YES;
}

static enum MHD_Result access_run(struct connection *c, struct MHD_Connection *mhd)
{
    access_stage(c, STAGE_RUNNING);
    access_deadline(c, INT64_MAX);
    switch (c->match.route->run) {
    case RUN_HERE:
        return access_handled(c, mhd, c->match.route->handler(c->request));
    case RUN_WORKER:
        break;
    }
    return access_worker(c);
}

static bool access_is_kept(const struct connection *c)
{
    return c->match.route->freshness != FRESH_NEVER && c->daemon->options.cache;
}

/* A reply is ready, or a handler is to make one. */
static enum MHD_Result access_serve(struct connection *c, struct MHD_Connection *mhd)
{
    struct choice choice = {.representation = access_representation(c),
                            .language = access_language(c)};
    char key[KEY_TEXT] = "";
    if (choice.representation == REPRESENTATIONS)
        return access_problem(c, mhd, PROBLEM_NOT_ACCEPTABLE, false);
    if (access_is_kept(c)) {
        int64_t now = access_now(c);
        struct cached *cached = NULL;
        choice.encoding = negotiate_encoding(c->head.accept_encoding);
        access_key(c, &choice, key);
        if (cache_get(c->daemon->options.cache, key, now, &cached) == CACHE_HIT)
            return access_queue_cached(c, mhd, cached, now);
    }
    if (!c->request)
        c->request = request_new(c, mhd);
    if (!c->request) {
        if (key[0])
            cache_give_up(c->daemon->options.cache, key);
        return MHD_NO;
    }
    request_choose(c->request, &choice, key);
    return access_run(c, mhd);
}

static enum MHD_Result access_options(struct connection *c, struct MHD_Connection *mhd)
{
    char allow[ALLOW_TEXT] = "GET, HEAD, POST, DELETE, OPTIONS";
    c->request = request_new(c, mhd);
    if (!c->request)
        return MHD_NO;
    if (!c->target.asterisk)
        router_allow(c->daemon->router, &c->match, c->side == DAEMON_INNER, allow);
    reply_options(c->request, allow, !c->target.asterisk && response_is_open(c->match.route));
    return access_queue_reply(c, mhd);
}

/* All of the request is there. */
static enum MHD_Result access_whole(struct connection *c, struct MHD_Connection *mhd)
{
    if (c->refusal != PROBLEM_NONE)
        return access_problem(c, mhd, c->refusal, false);
    return c->method == METHOD_OPTIONS ? access_options(c, mhd) : access_serve(c, mhd);
}

/* After a suspension: the reply was set, or a handler goes on with it here. */
static enum MHD_Result access_resumed(struct connection *c, struct MHD_Connection *mhd)
{
    struct http_state *http = c->request->http;
    c->request->db = NULL;
    if (http->suspended) {
        http->suspended = false;
        atomic_fetch_sub_explicit(&c->daemon->suspended, 1, memory_order_relaxed);
    }
    request_handler next = http->next;
    http->next = NULL;
    if (next && !http->reply.set)
        return access_handled(c, mhd, next(c->request));
    return access_queue_reply(c, mhd);
}

enum MHD_Result access_call(void *server, struct MHD_Connection *mhd, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_size, void **context)
{
    (void)server;
    (void)url;
    struct connection *c = *context;
    if (!c)
        return MHD_NO;
    switch ((enum stage)atomic_load_explicit(&c->stage, memory_order_relaxed)) {
    case STAGE_LINE:
        return access_head(c, mhd, method, version);
    case STAGE_BODY:
        return upload ? access_body(c, upload, upload_size) : access_whole(c, mhd);
    case STAGE_READY:
        return access_whole(c, mhd);
    case STAGE_RUNNING:
        return access_resumed(c, mhd);
    case STAGE_IDLE:
    case STAGE_REPLIED:
        break;
    }
    return MHD_NO;
}

void access_completed(void *server, struct MHD_Connection *mhd, void **context,
                      enum MHD_RequestTerminationCode code)
{
    (void)server;
    (void)mhd;
    (void)code;
    struct connection *c = *context;
    if (!c)
        return;
    if (c->request) {
        request_free(c->request);
        c->request = NULL;
    }
    access_stage(c, STAGE_IDLE);
    if (atomic_load_explicit(&c->daemon->draining, memory_order_relaxed))
        connection_done(c);
}
