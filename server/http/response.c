/* Responses of the library, whole with their headers; see response.h. */
#include "http/response.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pair {
    const char *name, *value;
};

/* Few bytes, for they go out with every reply. Nothing may be guessed, framed, or sent on: no
 * script and no style but our own files, forms to ourselves only. Referrers stay in the house: with
 * no-referrer browsers would send `Origin: null` with our own forms. */
static const struct pair headers_page[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static const struct pair headers_data[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
};

/* What a worker asks for is governed by its own script's policy, not by the page's. */
static const struct pair headers_script[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
};

/* What somebody attached: opened by itself, in a place that is nobody's, where nothing runs. */
static const struct pair headers_sandboxed[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
};

/* Public reads of the interface may be used by any site's pages; nothing else may. */
static const struct pair headers_open[] = {
    {"Access-Control-Allow-Origin", "*"},
    {"Access-Control-Expose-Headers", "ETag, Link, Retry-After, X-Request-Id"},
    {"Cross-Origin-Resource-Policy", "cross-origin"},
};

static const struct pair headers_closed[] = {{"Cross-Origin-Resource-Policy", "same-origin"}};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_all(struct MHD_Response *response, const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!add(response, pairs[i].name, pairs[i].value))
            return false;
    return true;
}

#define ADD_ALL(response, pairs) add_all(response, pairs, sizeof(pairs) / sizeof((pairs)[0]))

bool response_is_open(const struct route *route)
{
    return route && route->access == ACCESS_PUBLIC && strcmp(route->method, "GET") == 0 &&
           (strncmp(route->pattern, "/v1/", 4) == 0 ||
            strncmp(route->pattern, "/.well-known/", 13) == 0);
}

/* `kept`: it may go into caches, ours and others'. Those of a second's age let a front or a CDN
 * collapse a crowd into one request. */
static const char *cache_control(const struct request *request, bool kept)
{
    if (!kept)
        return "no-store";
    switch (request->route->freshness) {
    case FRESH_RELEASE:
        return "public, max-age=31536000, immutable";
    case FRESH_CONTENT:
    case FRESH_LIVE:
        return "public, max-age=1";
    case FRESH_NEVER:
        break;
    }
    return "no-store";
}

static const char *vary(const struct request *request)
{
    bool words =
        request->representation == REPRESENT_JSON || request->representation == REPRESENT_CSV;
    return words ? "Accept, Accept-Encoding, Accept-Language" : "Accept-Encoding";
}

/* Pages name their other kind in their own head. */
static bool add_link(struct MHD_Response *response, const char *page)
{
    char link[512];
    int length = snprintf(link, sizeof link, "<%s>; rel=\"alternate\"; type=\"text/html\"", page);
    return length > 0 && (size_t)length < sizeof link && add(response, MHD_HTTP_HEADER_LINK, link);
}

static bool is_of_type(const char *type, const char *wanted)
{
    return type && strncmp(type, wanted, strlen(wanted)) == 0;
}

static bool add_kind(struct MHD_Response *response, const char *type, bool sandboxed)
{
    if (sandboxed)
        return ADD_ALL(response, headers_sandboxed);
    if (is_of_type(type, "text/html"))
        return ADD_ALL(response, headers_page);
    if (is_of_type(type, "text/javascript"))
        return ADD_ALL(response, headers_script);
    return ADD_ALL(response, headers_data);
}

/* A handler's own policy takes the place of the house's; everything else is added. */
static bool add_own(struct MHD_Response *response, const char *name, const char *value)
{
    static const char policy[] = "Referrer-Policy";
    const char *house =
        strcmp(name, policy) == 0 ? MHD_get_response_header(response, policy) : NULL;
    return (!house || MHD_del_response_header(response, policy, house) == MHD_YES) &&
           add(response, name, value);
}

static bool add_headers(struct MHD_Response *response, const struct request *request,
                        const struct outgoing *out)
{
    const struct http_state *http = request->http;
    bool page = is_of_type(out->type, "text/html");
    bool kept = out->etag != NULL;
    bool ok = (!out->type || add(response, MHD_HTTP_HEADER_CONTENT_TYPE, out->type)) &&
              add_kind(response, out->type, out->sandboxed) &&
              (page || (response_is_open(request->route) ? ADD_ALL(response, headers_open)
                                                         : ADD_ALL(response, headers_closed))) &&
              add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control(request, kept));
    /* One that is kept goes to many requests, and is nobody's own. */
    if (ok && !kept)
        ok = add(response, "X-Request-Id", request->id);
    if (ok && out->language != LANGUAGES)
        ok = add(response, MHD_HTTP_HEADER_CONTENT_LANGUAGE, language_tag(out->language));
    if (ok && kept)
        ok = add(response, MHD_HTTP_HEADER_VARY, vary(request)) &&
             add(response, MHD_HTTP_HEADER_ETAG, out->etag);
    if (ok && out->coding)
        ok = add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, out->coding);
    if (ok && out->alternate && !page)
        ok = add_link(response, out->alternate);
    if (ok &&
        (http->refused || atomic_load_explicit(&http->daemon->draining, memory_order_relaxed)))
        ok = add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    for (size_t i = 0; ok && i < http->headers; i++)
        ok = add_own(response, http->header[i].name, http->header[i].value);
    return ok;
}

/* Bytes that carry what people wrote are wiped with the response. */
struct body {
    size_t length;
    void *bytes;
};

static void body_free(void *context)
{
    struct body *body = context;
    sodium_memzero(body->bytes, body->length);
    free(body->bytes);
    free(body);
}

/* Takes the bytes over, also on failure. */
static struct MHD_Response *response_new(void *bytes, size_t length, bool wipe)
{
    if (!wipe) {
        struct MHD_Response *response =
            MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_MUST_FREE);
        if (!response)
            free(bytes);
        return response;
    }
    struct body *body = malloc(sizeof *body);
    if (!body) {
        free(bytes);
        return NULL;
    }
    *body = (struct body){.length = length, .bytes = bytes};
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(length, bytes, body_free, body);
    if (!response)
        body_free(body);
    return response;
}

/* Takes the response over, which may be NULL. */
static struct MHD_Response *with_headers(struct MHD_Response *response,
                                         const struct request *request, const struct outgoing *out)
{
    if (response && !add_headers(response, request, out)) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

struct MHD_Response *response_make(const struct request *request, struct outgoing *out)
{
    struct MHD_Response *response = response_new(out->bytes, out->length, out->etag == NULL);
    out->bytes = NULL;
    return with_headers(response, request, out);
}

struct MHD_Response *response_make_fed(const struct request *request, const struct outgoing *out,
                                       struct feed *feed)
{
    return with_headers(feed_response(feed), request, out);
}

struct MHD_Response *response_make_of_file(const struct request *request,
                                           const struct outgoing *out, int file, uint64_t length)
{
    struct MHD_Response *response = MHD_create_response_from_fd64(length, file);
    if (!response)
        close(file);
    return with_headers(response, request, out);
}
