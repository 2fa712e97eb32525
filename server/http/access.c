/* One request from its head to its reply: the library's access callback, which is called once with
 * the head, once for each piece of body, once when all has come, and again after a suspension. A
 * reply queued in the first call would cost the connection, so only what is refused outright is
 * answered there. */
#include "http/state.h"

/* Refused on the first call: answered at once, and the connection is closed, whatever the client is
 * still sending. */
static enum MHD_Result access_refuse(struct connection *c, struct MHD_Connection *mhd,
                                     enum problem_code code)
{
    atomic_fetch_add_explicit(&c->daemon->refused, 1, memory_order_relaxed);
    return serve_problem(c, mhd, code, true);
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

/* How much of a body is read: what its route takes, and of any so much that a refusal can be said.
 */
static size_t body_most(const struct connection *c)
{
    size_t taken =
        c->routed == ROUTED && c->refusal == PROBLEM_NONE ? c->match.route->body_limit : 0;
    return taken > DRAIN_MOST ? taken : DRAIN_MOST;
}

/* A body that is to be spooled is begun once there is a file for it. */
static enum MHD_Result access_take(struct connection *c, struct MHD_Connection *mhd)
{
    c->refusal = body_open(c, c->request);
    if (c->refusal != PROBLEM_NONE && (c->head.length > DRAIN_MOST || c->head.expect))
        return access_refuse(c, mhd, c->refusal);
    if (c->refusal != PROBLEM_NONE)
        c->most = DRAIN_MOST;
    body_begin(c);
    return MHD_YES;
}

/* Nothing of a stranger's body is taken where the gate stands. */
static enum MHD_Result access_spooled(struct connection *c, struct MHD_Connection *mhd)
{
    return access_is_official(c->match.route->access) ? serve_gate(c, mhd) : access_take(c, mhd);
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
        connection_stage(c, STAGE_READY);
        return MHD_YES;
    }
    /* Who waits for 100 Continue has not sent the body yet, and need not. */
    c->most = body_most(c);
    if (c->head.length > c->most || (c->refusal != PROBLEM_NONE && c->head.expect))
        return access_refuse(c, mhd,
                             c->refusal != PROBLEM_NONE ? c->refusal : PROBLEM_CONTENT_TOO_LARGE);
    if (c->refusal != PROBLEM_NONE) {
        body_begin(c);
        return MHD_YES;
    }
    c->request = request_new(c, mhd);
    if (!c->request)
        return MHD_NO;
    if (body_is_spooled(c))
        return access_spooled(c, mhd);
    body_begin(c);
    return MHD_YES;
}

/* The gate has looked at the head. What it refused is said as all is: a short body is drained
 * first. */
static enum MHD_Result access_gated(struct connection *c, struct MHD_Connection *mhd)
{
    if (!serve_gate_refused(c))
        return access_take(c, mhd);
    c->refusal = PROBLEM_FORBIDDEN; /* its reply is there already */
    c->most = DRAIN_MOST;
    if (c->head.length > DRAIN_MOST || c->head.expect)
        return serve_refused(c, mhd);
    body_begin(c);
    return MHD_YES;
}

/* A piece of body: kept up to the route's limit, and beyond it only read, so that the refusal can
 * be said. */
static enum MHD_Result access_body(struct connection *c, const char *bytes, size_t *size)
{
    if (c->refusal == PROBLEM_NONE)
        c->refusal = body_add(c, bytes, *size);
    body_more(c, *size);
    if (c->drained > c->most) {
        atomic_fetch_add_explicit(&c->daemon->cut_off, 1, memory_order_relaxed);
        return MHD_NO;
    }
    *size = 0;
    return MHD_YES;
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
    case STAGE_GATE:
        return access_gated(c, mhd);
    case STAGE_BODY:
        return upload ? access_body(c, upload, upload_size) : serve_whole(c, mhd);
    case STAGE_READY:
        return serve_whole(c, mhd);
    case STAGE_RUNNING:
        return serve_resumed(c, mhd);
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
    connection_stage(c, STAGE_IDLE);
    if (atomic_load_explicit(&c->daemon->draining, memory_order_relaxed))
        connection_done(c);
}
