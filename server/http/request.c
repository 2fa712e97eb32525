/* One request: its memory, its values, its suspension; see request.h. */
#include "http/request.h"

#include "base/parse.h"
#include "http/state.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One block for both halves. */
struct whole {
    struct request request;
    struct http_state http;
};

/* Unlike a counter it tells nobody how many requests there were; unlike fresh randomness it costs
 * no system call. */
static void request_name(struct daemon *daemon, char id[REQUEST_ID_TEXT])
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t number = atomic_fetch_add_explicit(&daemon->ids, 1, memory_order_relaxed);
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)&number, sizeof number,
                     daemon->id_secret);
    for (int i = 0; i < 13; i++, hash >>= 5)
        id[i] = digits[hash & 31];
    id[13] = '\0';
}

/* The client's address: the connection's, or behind the trusted front what it forwards, if that is
 * one address and nothing else. */
static void request_address(const struct connection *c, char address[48])
{
    unsigned char bytes[16];
    const char *forwarded = c->from_front ? c->head.forwarded_for : NULL;
    bool is_one =
        forwarded && strlen(forwarded) < 48 &&
        (inet_pton(AF_INET, forwarded, bytes) == 1 || inet_pton(AF_INET6, forwarded, bytes) == 1);
    const char *text = is_one ? forwarded : c->peer;
    memcpy(address, text, strlen(text) + 1);
}

struct request *request_new(struct connection *c, struct MHD_Connection *mhd)
{
    struct whole *whole = calloc(1, sizeof *whole);
    if (!whole)
        return NULL;
    struct request *request = &whole->request;
    request->connection = mhd;
    request->upload.file = -1;
    request->service = c->daemon->options.service;
    request->http = &whole->http;
    request->http->daemon = c->daemon;
    request->http->connection = c;
    request->language = LANGUAGE_ZH_HANT;
    request->arrived_us = clock_monotonic_us(c->daemon->options.clock);
    request_name(c->daemon, request->id);
    request_address(c, request->address);
    request->method = c->line.method;
    memcpy(request->path, c->target.path, c->target.length + 1);
    if (c->routed == ROUTED) {
        request->route = c->match.route;
        request->method = c->match.route->method;
        request->path[c->match.path_length] = '\0';
        request->is_form = guard_is_form(&c->head);
        request->body.limit = c->match.route->body_limit;
        for (unsigned i = 0; i < c->match.parts; i++)
            memcpy(request->parts[i], c->target.path + c->match.part[i].start,
                   c->match.part[i].length);
    }
    return request;
}

void request_choose(struct request *request, const struct choice *choice, const char *key)
{
    request->representation = choice->representation;
    request->language = choice->language;
    request->http->encoding = choice->encoding;
    memcpy(request->http->key, key, strlen(key) + 1);
}

void request_forget(struct request *request)
{
    form_clear(&request->form);
    if (request->official)
        sodium_memzero(request->official, sizeof *request->official);
    free(request->official);
    request->official = NULL;
}

void request_free(struct request *request)
{
    struct http_state *http = request->http;
    if (request->private && request->private_free)
        request->private_free(request->private);
    reply_forget(http);
    if (http->suspended)
        atomic_fetch_sub_explicit(&http->daemon->suspended, 1, memory_order_relaxed);
    reply_clear(&http->reply);
    for (size_t i = 0; i < http->headers; i++) {
        free(http->header[i].name);
        free(http->header[i].value);
    }
    while (http->queries) {
        struct query *next = http->queries->next;
        free(http->queries);
        http->queries = next;
    }
    buf_clear(&request->body);
    body_close(request);
    request_forget(request);
    sodium_memzero(request, sizeof *request);
    free(request);
}

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct line_search {
    const char *name, *found;
    size_t left;
};

static enum MHD_Result line_match(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct line_search *search = context;
    (void)kind;
    if (strcasecmp(name, search->name) != 0)
        return MHD_YES;
    if (search->left-- > 0)
        return MHD_YES;
    search->found = value ? value : "";
    return MHD_NO;
}

const char *request_header_line(const struct request *request, const char *name, size_t nth)
{
    struct line_search search = {.name = name, .left = nth};
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, line_match, &search);
    return search.found;
}

const char *request_target(const struct request *request)
{
    return request->http->connection->sent_target;
}

/* The library leaves values as they were sent, but for '+' (see daemon.c's unescape callback);
 * escapes were checked on arrival. */
const char *request_query(const struct request *request, const char *name)
{
    bool kept = request->route && request->route->freshness != FRESH_NEVER;
    if (kept && strcmp(name, "lang") != 0)
        return NULL;
    const char *sent =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
    if (!sent)
        return NULL;
    size_t length = strlen(sent);
    struct query *query = malloc(sizeof *query + length + 1);
    if (!query)
        return NULL;
    memcpy(query->text, sent, length + 1);
    query->next = request->http->queries;
    request->http->queries = query;
    return parse_percent(query->text, &length, false) ? query->text : NULL;
}

const char *request_part(const struct request *request, const char *name)
{
    size_t number = 0, length = strlen(name);
    for (const char *p = strchr(request->route->pattern, '{'); p; p = strchr(p + 1, '{'), number++)
        if (strncmp(p + 1, name, length) == 0 && p[length + 1] == '}')
            return request->parts[number];
    return NULL;
}

void request_suspend(struct request *request)
{
    struct http_state *http = request->http;
    if (http->suspended)
        return;
    http->suspended = true;
    atomic_fetch_add_explicit(&http->daemon->suspended, 1, memory_order_relaxed);
    MHD_suspend_connection(request->connection);
}

void request_finish(struct request *request)
{
    MHD_resume_connection(request->connection);
}

void request_continue(struct request *request, request_handler next)
{
    request->http->next = next;
    MHD_resume_connection(request->connection);
}
