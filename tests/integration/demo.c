/* server/http over a table of its own; see demo.h. */
#include "demo.h"

#include "http/feed.h"
#include "http/form.h"
#include "http/reply.h"
#include "http/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAIT_SECONDS = 10, WAITERS = 4096, FEEDS = 512 };

/* Requests that are held until it opens. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open;
    size_t count, seen;
    struct request *waiting[WAITERS];
    size_t feeds, feeds_given;
    struct feed *feed[FEEDS];
    atomic_uint posts;
};

static struct demo *demo_of(const struct request *request)
{
    return request->service;
}

static enum handled thing_get(struct request *request)
{
    struct document *document = document_new(200, request->language);
    char *fill = malloc(demo_of(request)->body + 1);
    memset(fill, 'x', demo_of(request)->body);
    fill[demo_of(request)->body] = '\0';
    json_object_set_new(document->model, "thing", json_string(request_part(request, "thing")));
    json_object_set_new(document->model, "path", json_string(request->path));
    json_object_set_new(document->model, "language", json_string(language_tag(request->language)));
    json_object_set_new(document->model, "fill", json_string(fill));
    document->columns = json_pack("[s]", "thing");
    document->rows = json_pack("[[s]]", request_part(request, "thing"));
    free(fill);
    if (strcmp(request_part(request, "thing"), "none") == 0) {
        document_free(document);
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    reply_document(request, document);
    return HANDLED;
}

static enum handled echo_get(struct request *request)
{
    struct document *document = document_new(200, request->language);
    const char *word = request_query(request, "word");
    json_object_set_new(document->model, "word", word ? json_string(word) : json_null());
    json_object_set_new(document->model, "address", json_string(request->address));
    json_object_set_new(document->model, "language", json_string(language_tag(request->language)));
    reply_document(request, document);
    return HANDLED;
}

static enum handled thing_post(struct request *request)
{
    struct document *document = document_new(201, request->language);
    atomic_fetch_add(&demo_of(request)->gate->posts, 1);
    json_object_set_new(document->model, "length", json_integer((json_int_t)request->body.length));
    json_object_set_new(document->model, "form", json_boolean(request->is_form));
    reply_header(request, "Location", "/v1/things/new");
    reply_document(request, document);
    return HANDLED;
}

static enum handled thing_delete(struct request *request)
{
    reply_bytes(request, 200, "text/plain; charset=utf-8", "gone", 4);
    return HANDLED;
}

static enum handled thing_page(struct request *request)
{
    char page[256];
    int length = snprintf(page, sizeof page, "<!doctype html><title>%s</title>",
                          request_part(request, "thing"));
    reply_bytes(request, 200, "text/html; charset=utf-8", page, (size_t)length);
    return HANDLED;
}

static enum handled thing_form(struct request *request)
{
    struct form form;
    if (!form_read(request->body.data ? request->body.data : "", request->body.length, &form)) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
        return HANDLED;
    }
    const char *name = form_value(&form, "name");
    reply_bytes(request, 200, "text/plain; charset=utf-8", name ? name : "",
                name ? strlen(name) : 0);
    form_clear(&form);
    return HANDLED;
}

static enum handled gate_answer(struct request *request)
{
    reply_bytes(request, 200, "text/plain; charset=utf-8", "waited", 6);
    return HANDLED;
}

static enum handled gate_wait(struct request *request)
{
    struct gate *gate = demo_of(request)->gate;
    request_suspend(request);
    pthread_mutex_lock(&gate->lock);
    bool open = gate->open || gate->count == WAITERS;
    gate->seen++;
    if (!open)
        gate->waiting[gate->count++] = request;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
    if (open)
        request_continue(request, gate_answer);
    return HANDLED_LATER;
}

static enum handled gate_work(struct request *request)
{
    struct gate *gate = demo_of(request)->gate;
    pthread_mutex_lock(&gate->lock);
    gate->seen++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return gate_answer(request);
}

/* What lies in the file, and nothing in memory. */
static enum handled file_put(struct request *request)
{
    struct document *document = document_new(201, request->language);
    unsigned char piece[4096];
    uint64_t sum = 0, at = 0;
    for (int64_t got; (got = upload_read(&request->upload, at, piece, sizeof piece)) > 0;) {
        for (int64_t i = 0; i < got; i++)
            sum += piece[i];
        at += (uint64_t)got;
    }
    atomic_fetch_add(&demo_of(request)->gate->posts, 1);
    json_object_set_new(document->model, "length", json_integer((json_int_t)at));
    json_object_set_new(document->model, "sum", json_integer((json_int_t)sum));
    json_object_set_new(document->model, "memory", json_integer((json_int_t)request->body.length));
    reply_document(request, document);
    return HANDLED;
}

static enum handled file_form(struct request *request)
{
    char line[128];
    const struct upload *upload = &request->upload;
    struct form form;
    if (!upload_read_form(request_header(request, "Content-Type"), &request->upload, &form)) {
        reply_problem(request, PROBLEM_MALFORMED, NULL);
        return HANDLED;
    }
    int length = snprintf(line, sizeof line, "%s %zu %s %llu", form_text(&form, "code"),
                          upload->count, upload->count ? upload->files[0].name : "",
                          upload->count ? (unsigned long long)upload->files[0].length : 0);
    reply_bytes(request, 200, "text/plain; charset=utf-8", line, (size_t)length);
    form_clear(&form);
    return HANDLED;
}

/* As the officials' gate does: it looks at the head alone first, then at the whole. */
static bool demo_admit(struct request *request)
{
    const char *sent = request_header(request, "Authorization");
    request->official = calloc(1, sizeof *request->official);
    if (request->official && sent && strcmp(sent, "Bearer good") == 0)
        return true;
    reply_problem(request, PROBLEM_UNAUTHORIZED, NULL);
    return false;
}

static enum handled feed_get(struct request *request)
{
    struct gate *gate = demo_of(request)->gate;
    struct feed *feed =
        reply_feed(request, 200, "text/plain; charset=utf-8", (size_t)DEMO_FEED_ROOM);
    pthread_mutex_lock(&gate->lock);
    if (feed && gate->feeds < FEEDS)
        gate->feed[gate->feeds++] = feed;
    else if (feed)
        feed_end(feed, false);
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
    return HANDLED;
}

static enum handled asset_get(struct request *request)
{
    reply_bytes(request, 200, "text/css; charset=utf-8", "body{}", 6);
    return HANDLED;
}

static enum handled inner_get(struct request *request)
{
    reply_bytes(request, 200, "text/plain; charset=utf-8", "inner", 5);
    return HANDLED;
}

#define JSON (1u << REPRESENT_JSON)
#define CSV (1u << REPRESENT_CSV)
#define PAGE (1u << REPRESENT_PAGE)
#define BYTES (1u << REPRESENT_BYTES)
#define ROW(method_, pattern_, handler_, access_, limit_, representations_, freshness_, run_)      \
    {                                                                                              \
        .method = method_, .pattern = pattern_, .handler = handler_, .name = #handler_,            \
        .access = ACCESS_##access_, .body_limit = limit_, .representations = representations_,     \
        .freshness = FRESH_##freshness_, .run = RUN_##run_                                         \
    }

static const struct route demo_routes[] = {
    ROW("GET", "/v1/things/{thing}", thing_get, PUBLIC, 0, JSON | CSV, CONTENT, HERE),
    ROW("DELETE", "/v1/things/{thing}", thing_delete, CODE, 0, JSON, NEVER, HERE),
    ROW("POST", "/v1/things", thing_post, PUBLIC, 512 * 1024, JSON, NEVER, HERE),
    ROW("GET", "/v1/echo", echo_get, PUBLIC, 0, JSON, NEVER, HERE),
    ROW("GET", "/v1/waits", gate_wait, PUBLIC, 0, JSON, NEVER, HERE),
    ROW("POST", "/v1/waits", gate_wait, PUBLIC, 1024, JSON, NEVER, HERE),
    ROW("GET", "/v1/works", gate_work, PUBLIC, 0, JSON, NEVER, WORKER),
    ROW("GET", "/v1/feed", feed_get, PUBLIC, 0, BYTES, NEVER, HERE),
    ROW("GET", "/v1/live", echo_get, PUBLIC, 0, JSON, LIVE, HERE),
    ROW("GET", "/{language}", thing_page, PUBLIC, 0, PAGE, NEVER, HERE),
    ROW("GET", "/{language}/things/{thing}", thing_page, PUBLIC, 0, PAGE, CONTENT, HERE),
    ROW("POST", "/{language}/things", thing_form, PUBLIC, 16 * 1024, PAGE, NEVER, HERE),
    ROW("GET", "/static/{name}", asset_get, PUBLIC, 0, BYTES, RELEASE, HERE),
    ROW("PUT", "/v1/files/{thing}", file_put, PUBLIC, DEMO_FILE_MOST, JSON | ROUTE_SPOOLED, NEVER,
        WORKER),
    ROW("PUT", "/v1/own-files/{thing}", file_put, OFFICIAL, DEMO_FILE_MOST, JSON | ROUTE_SPOOLED,
        NEVER, DESK),
    ROW("POST", "/{language}/files", file_form, PUBLIC, DEMO_FILE_MOST,
        PAGE | ROUTE_TAKES_FILES | ROUTE_SPOOLED, NEVER, WORKER),
    ROW("GET", "/metrics", inner_get, INNER, 0, BYTES, NEVER, HERE),
};

static void demo_fail(const char *what)
{
    fprintf(stderr, "demo: %s\n", what);
    exit(1);
}

struct demo *demo_start(const struct demo_options *options)
{
    struct demo *demo = calloc(1, sizeof *demo);
    struct gate *gate = calloc(1, sizeof *gate);
    char error[256] = "no memory";
    if (!demo || !gate)
        demo_fail(error);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
    demo->gate = gate;
    demo->body = options->body ? options->body : 2000;
    demo->cache = cache_new(64);
    demo->worker = worker_start(&(struct worker_options){
        .threads = 2, .places = options->worker_places ? options->worker_places : 100});
    const char *address = options->address ? options->address : "127.0.0.1";
    demo->daemon = daemon_start(
        &(struct daemon_options){
            .routes = demo_routes,
            .route_count = sizeof demo_routes / sizeof demo_routes[0],
            .service = demo,
            .cache = demo->cache,
            .clock = &clock_system,
            .worker = demo->worker,
            .desk = demo->worker,
            .admit = demo_admit,
            .spool_folder = options->spool_folder ? options->spool_folder : "/var/tmp",
            .spools = options->spools ? options->spools : 8,
            .spool_rate = options->spool_rate ? options->spool_rate : 16 * 1024,
            .spool_reserve = options->spool_reserve,
            .address = address,
            .port = options->port,
            .inner_address = options->inner_address ? options->inner_address : "127.0.0.1",
            .trusted_front = options->trusted_front,
            .threads = options->threads ? options->threads : 2,
            .connections = options->connections ? options->connections : 4096,
            .connections_per_address = options->connections_per_address,
            .idle_seconds = options->idle_seconds ? options->idle_seconds : 15,
            .request_seconds = options->request_seconds ? options->request_seconds : 30,
        },
        error, sizeof error);
    if (!demo->cache || !demo->worker || !demo->daemon)
        demo_fail(error);
    if (strncmp(address, "unix:", 5) == 0)
        snprintf(demo->url, sizeof demo->url, "%s", address);
    else
        snprintf(demo->url, sizeof demo->url, "http://%s:%d", address,
                 daemon_port(demo->daemon, DAEMON_PUBLIC));
    snprintf(demo->inner_url, sizeof demo->inner_url, "http://127.0.0.1:%d",
             daemon_port(demo->daemon, DAEMON_INNER));
    return demo;
}

void demo_gate(struct demo *demo, bool open)
{
    struct gate *gate = demo->gate;
    pthread_mutex_lock(&gate->lock);
    gate->open = open;
    for (size_t i = 0; open && i < gate->count; i++)
        request_continue(gate->waiting[i], gate_answer);
    if (open)
        gate->count = 0;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

void demo_release(struct demo *demo, size_t count)
{
    struct gate *gate = demo->gate;
    pthread_mutex_lock(&gate->lock);
    for (; count > 0 && gate->count > 0; count--)
        request_continue(gate->waiting[--gate->count], gate_answer);
    pthread_mutex_unlock(&gate->lock);
}

bool demo_waiting(struct demo *demo, size_t count)
{
    struct gate *gate = demo->gate;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&gate->lock);
    int late = 0;
    while (gate->seen < count && late == 0)
        late = pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
    bool there = gate->seen >= count;
    pthread_mutex_unlock(&gate->lock);
    return there;
}

struct feed *demo_feed(struct demo *demo)
{
    struct gate *gate = demo->gate;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&gate->lock);
    int late = 0;
    while (gate->feeds == gate->feeds_given && late == 0)
        late = pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
    if (late != 0)
        demo_fail("nobody asked for a feed");
    struct feed *feed = gate->feed[gate->feeds_given++];
    pthread_mutex_unlock(&gate->lock);
    return feed;
}

unsigned demo_posts(struct demo *demo)
{
    return atomic_load(&demo->gate->posts);
}

void demo_stop(struct demo *demo)
{
    daemon_quiesce(demo->daemon);
    demo_gate(demo, true);
    worker_stop(demo->worker);
    daemon_stop(demo->daemon);
    worker_free(demo->worker);
    cache_free(demo->cache);
    pthread_cond_destroy(&demo->gate->changed);
    pthread_mutex_destroy(&demo->gate->lock);
    free(demo->gate);
    free(demo);
}
