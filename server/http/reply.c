/* The only place that makes replies; see reply.h. */
#include "http/reply.h"

#include "base/log.h"
#include "http/feed.h"
#include "http/response.h"
#include "represent/frame.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE_US = 1000000 };

static void etag_make(const void *bytes, size_t length, char etag[ETAG_TEXT])
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, bytes, length, NULL, 0);
    etag[0] = '"';
    sodium_bin2hex(etag + 1, ETAG_TEXT - 1, hash, sizeof hash);
    memcpy(etag + 1 + 2 * sizeof hash, "\"", 2);
}

/* Until when a kept reply may be served, on the monotonic clock. */
static int64_t fresh_until(const struct request *request, const struct outgoing *out)
{
    const struct clock *clock = request->http->daemon->options.clock;
    int64_t now = clock_monotonic_us(clock);
    int64_t until = request->route->freshness == FRESH_LIVE ? now + LIVE_US : INT64_MAX;
    if (out->ends_us) {
        int64_t left = out->ends_us - clock_utc_us(clock);
        if (left < until - now)
            until = now + left;
    }
    return until;
}

static void reply_compress(const struct request *request, struct outgoing *out)
{
    enum encoding encoding = request->http->encoding;
    void *smaller = NULL;
    size_t smaller_length = 0;
    if (!compress_bytes(encoding, out->bytes, out->length, &smaller, &smaller_length))
        return;
    free(out->bytes);
    out->bytes = smaller;
    out->length = smaller_length;
    out->coding = encoding_name(encoding);
}

/* Marks it with a validator, and keeps it for the others. */
static struct cached *reply_keep(struct request *request, struct outgoing *out)
{
    struct http_state *http = request->http;
    char etag[ETAG_TEXT];
    etag_make(out->bytes, out->length, etag);
    out->etag = etag;
    size_t length = out->length;
    int64_t until = fresh_until(request, out);
    struct cached *cached = cached_new(response_make(request, out), etag, length);
    if (cached) {
        bool never_changes = request->route->freshness == FRESH_RELEASE;
        cache_put(http->daemon->options.cache, http->key,
                  never_changes ? CACHE_NOTHING : out->depends, until, cached);
        http->key[0] = '\0';
    }
    return cached;
}

void reply_forget(struct http_state *http)
{
    if (http->key[0])
        cache_give_up(http->daemon->options.cache, http->key);
    http->key[0] = '\0';
}

/* Takes out->bytes over. The first reply stays. */
static void reply_set(struct request *request, struct outgoing *out)
{
    struct reply *reply = &request->http->reply;
    if (reply->set) {
        free(out->bytes);
        return;
    }
    reply->set = true;
    reply->status = out->status;
    if (out->status == 200)
        reply_compress(request, out);
    if (request->http->key[0] && out->status == 200) {
        reply->cached = reply_keep(request, out);
        return;
    }
    reply_forget(request->http);
    reply->response = response_make(request, out);
}

void reply_clear(struct reply *reply)
{
    if (reply->response)
        MHD_destroy_response(reply->response);
    cached_drop(reply->cached);
    *reply = (struct reply){0};
}

static const char *type_of(enum representation representation)
{
    switch (representation) {
    case REPRESENT_CSV:
        return "text/csv; charset=utf-8; header=present";
    case REPRESENT_PAGE:
        return "text/html; charset=utf-8";
    case REPRESENT_JSON:
    case REPRESENT_BYTES:
    case REPRESENTATIONS:
        break;
    }
    return "application/json";
}

static bool document_write(const struct request *request, const struct document *document,
                           struct buf *out)
{
    const struct pages *pages = request->http->daemon->options.pages;
    switch (request->representation) {
    case REPRESENT_CSV:
        return write_csv(document, out);
    case REPRESENT_PAGE:
        return pages && document->template && write_page(pages, document, out);
    case REPRESENT_JSON:
    case REPRESENT_BYTES:
    case REPRESENTATIONS:
        break;
    }
    return write_json(document, out);
}

/* False: it could not be written, and no reply was set. */
static bool reply_written(struct request *request, const struct document *document,
                          const char *type)
{
    struct buf text = {0};
    struct outgoing out = {.status = document->status,
                           .type = type,
                           .language = document->language,
                           .alternate = document->alternate,
                           .depends = document->depends,
                           .ends_us = document->ends_us};
    if (document_write(request, document, &text))
        out.bytes = buf_take(&text, &out.length);
    buf_clear(&text);
    bool written = out.bytes != NULL;
    if (written)
        reply_set(request, &out);
    return written;
}

void reply_document(struct request *request, struct document *document)
{
    bool written = document && reply_written(request, document, type_of(request->representation));
    document_free(document);
    if (written)
        return;
    log_event(LOG_LEVEL_ERROR, "reply-not-written", "request=%s route=%s", request->id,
              request->route->name);
    reply_problem(request, PROBLEM_INTERNAL, NULL);
}

bool reply_page_above(const struct request *request, char path[TARGET_PATH])
{
    const struct target *target = &request->http->connection->target;
    size_t length = router_above(request->http->daemon->router, target);
    memcpy(path, target->path, length);
    path[length] = '\0';
    return length > 0;
}

/* What the page of a problem needs besides: its other languages, a way on, and when to try again.
 */
static bool problem_frame(const struct request *request, struct document *document)
{
    const struct pages *pages = request->http->daemon->options.pages;
    const char *retry_after = reply_header_set(request, MHD_HTTP_HEADER_RETRY_AFTER);
    bool can_be_asked_again = request->method && strcmp(request->method, "POST") != 0 &&
                              strcmp(request->method, "PUT") != 0;
    /* What one of theirs was told about a form concerns the page that the form is on. */
    bool is_form =
        !can_be_asked_again && request->route && route_side(request->route) != SIDE_PUBLIC;
    char above[TARGET_PATH];
    bool back = (is_form || document->status == MHD_HTTP_METHOD_NOT_ALLOWED) &&
                reply_page_above(request, above);
    const char *path = can_be_asked_again ? request->path : is_form && back ? above : NULL;
    return pages && page_problem(pages, document, path, back ? above : NULL, retry_after);
}

/* As a page where one is asked for; where none can be made of it, JSON says the same. Takes over
 * `model`, which may be NULL. */
static void reply_problem_model(struct request *request, int status, json_t *model)
{
    struct document *document = model ? document_new(status, request->language) : NULL;
    bool written = false;
    if (document) {
        json_object_update(document->model, model);
        document->template = "problem";
        if (request->representation != REPRESENT_PAGE)
            request->representation = REPRESENT_JSON;
        written = request->representation == REPRESENT_PAGE && problem_frame(request, document) &&
                  reply_written(request, document, type_of(REPRESENT_PAGE));
        if (!written) {
            request->representation = REPRESENT_JSON;
            written = reply_written(request, document, "application/problem+json");
        }
    }
    document_free(document);
    json_decref(model);
    if (!written)
        request->http->reply.set =
            true; /* without a response: the daemon has one for a lack of memory */
}

void reply_problem(struct request *request, enum problem_code code, const char *field)
{
    reply_problem_model(request, problem_status(code),
                        problem_document(request, code, field, NULL));
}

void reply_faults(struct request *request, enum problem_code code, const struct faults *faults)
{
    reply_problem_model(request, problem_status(code),
                        problem_document(request, code, NULL, faults));
}

void reply_redirect(struct request *request, int status, const char *location)
{
    struct outgoing out = {.status = status, .language = LANGUAGES};
    reply_header(request, MHD_HTTP_HEADER_LOCATION, location);
    reply_set(request, &out);
}

void reply_bytes(struct request *request, int status, const char *type, const void *bytes,
                 size_t length)
{
    struct outgoing out = {.status = status, .type = type, .length = length, .language = LANGUAGES};
    out.bytes = malloc(length + 1);
    if (!out.bytes) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    }
    memcpy(out.bytes, bytes, length);
    reply_set(request, &out);
}

struct feed *reply_feed(struct request *request, int status, const char *type, size_t room)
{
    struct reply *reply = &request->http->reply;
    struct outgoing out = {.status = status, .type = type, .language = LANGUAGES};
    struct feed *feed = reply->set ? NULL : feed_new(request, room);
    reply->response = feed ? response_make_fed(request, &out, feed) : reply->response;
    if (feed && reply->response) {
        reply->set = true;
        reply->status = status;
        reply_forget(request->http);
        return feed;
    }
    if (feed)
        feed_end(feed, false);
    reply_problem(request, PROBLEM_INTERNAL, NULL);
    return NULL;
}

/* Preflights are answered for what is open; for all else the silence of a plain 204 says no. */
void reply_options(struct request *request, const char *allow, bool open)
{
    struct outgoing out = {.status = 204, .language = LANGUAGES};
    reply_header(request, MHD_HTTP_HEADER_ALLOW, allow);
    if (open) {
        reply_header(request, "Access-Control-Allow-Origin", "*");
        reply_header(request, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        reply_header(request, "Access-Control-Allow-Headers",
                     "Accept, Accept-Language, If-None-Match");
        reply_header(request, "Access-Control-Max-Age", "86400");
    }
    reply_set(request, &out);
}

void reply_header(struct request *request, const char *name, const char *value)
{
    struct http_state *http = request->http;
    if (http->headers == REPLY_HEADERS_MOST)
        return;
    char *name_copy = strdup(name), *value_copy = strdup(value);
    if (!name_copy || !value_copy) {
        free(name_copy);
        free(value_copy);
        return;
    }
    http->header[http->headers].name = name_copy;
    http->header[http->headers++].value = value_copy;
}

const char *reply_header_set(const struct request *request, const char *name)
{
    for (size_t i = request->http->headers; i-- > 0;)
        if (strcmp(request->http->header[i].name, name) == 0)
            return request->http->header[i].value;
    return NULL;
}
