/* Searching a consultation's texts. A query is no checked parameter: there are endlessly many, so a
 * cache of replies would let a stranger push all others out of it. The texts lie folded in memory,
 * and looking through them costs less than writing the page. */
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"

#include "domain/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *key;
} kinds[SEARCH_KINDS] = {
    [SEARCH_DIRECTION] = {"direction", "search.direction"},
    [SEARCH_MEASURE] = {"measure", "search.measure"},
    [SEARCH_QUESTION] = {"question", "search.question"},
    [SEARCH_TERM] = {"term", "glossary.title"},
    [SEARCH_BACKGROUND] = {"background", "search.background"},
};

/* What was asked for, and what came of it. */
struct search {
    const char *query; /* as it was sent; "" if nothing was */
    enum search_outcome outcome;
    struct search_found *found; /* owned */
};

static bool search_init(struct request *request, const struct consultation *c,
                        struct search *search)
{
    const char *query = request_query(request, "q");
    *search = (struct search){.query = query ? query : "", .outcome = SEARCH_EMPTY};
    search->found = malloc(sizeof *search->found);
    if (search->found)
        search->outcome = search_run(c->index, search->query, request->language, search->found);
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    return search->found != NULL;
}

/* Where the text of a unit can be read. New reference. */
static json_t *unit_address(const struct request *request, const struct consultation *c,
                            const struct search_unit *unit)
{
    char rest[96];
    switch (unit->kind) {
    case SEARCH_DIRECTION:
        snprintf(rest, sizeof rest, "/directions/%s", unit->code);
        break;
    case SEARCH_MEASURE:
        snprintf(rest, sizeof rest, "/measures/%s", unit->code);
        break;
    case SEARCH_TERM:
        snprintf(rest, sizeof rest, "/glossary#%s", unit->code);
        break;
    case SEARCH_BACKGROUND:
        snprintf(rest, sizeof rest, "/directions/%s#background", unit->code);
        break;
    case SEARCH_QUESTION:
    case SEARCH_KINDS:
        snprintf(rest, sizeof rest, "#questions");
        break;
    }
    return consultation_address(request, c, rest);
}

static json_t *hit_model(const struct request *request, const struct consultation *c,
                         const struct search_hit *hit)
{
    json_t *matches = json_array();
    for (size_t i = 0; i < hit->span_count; i++)
        json_array_append_new(matches,
                              json_pack("{s:I, s:I}", "from", (json_int_t)hit->spans[i].from,
                                        "length", (json_int_t)hit->spans[i].length));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:{s:o}}", "kind", kinds[hit->unit->kind].name,
                     "code", hit->unit->code, "language", language_tag(hit->language), "text",
                     hit->unit->in[hit->language].text, "matches", matches, "links", "page",
                     unit_address(request, c, hit->unit));
}

static struct document *search_document(const struct request *request, const struct consultation *c,
                                        const struct search *search)
{
    json_t *hits = json_array();
    for (size_t i = 0; i < search->found->count; i++)
        json_array_append_new(hits, hit_model(request, c, &search->found->hits[i]));
    return consultation_data(request, c,
                             json_pack("{s:s, s:s, s:s, s:b, s:o}", "consultation", c->slug,
                                       "language", language_tag(request->language), "query",
                                       search->query, "partial",
                                       search->found->some && search->found->count, "hits", hits),
                             "/search");
}

enum handled search_get(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    struct search search = {0};
    struct faults faults = {0};
    if (c && search_init(request, c, &search)) {
        if (search.outcome == SEARCH_TOO_LONG) {
            faults_add(&faults, PROBLEM_TOO_LONG, SEARCH_QUERY_POINTS, "q");
            reply_faults(request, PROBLEM_BAD_REQUEST, &faults);
        } else {
            reply_document(request, search_document(request, c, &search));
        }
    }
    free(search.found);
    consultation_release(c);
    return HANDLED;
}

static json_t *hit_view(const struct request *request, const struct consultation *c,
                        const struct search_hit *hit)
{
    json_t *code = json_pack("{s:s}", "code", hit->unit->code);
    json_t *view =
        json_pack("{s:o, s:o, s:o}", "label",
                  wording_string(service_of(request)->pages, request->language,
                                 kinds[hit->unit->kind].key, code),
                  "href", unit_address(request, c, hit->unit), "text",
                  markup_marked(hit->unit->in[hit->language].text, hit->spans, hit->span_count));
    if (view && hit->language != request->language)
        json_object_set_new(view, "tag", json_string(language_tag(hit->language)));
    json_decref(code);
    return view;
}

/* The query as part of an address, RFC 3986 §2.1. New reference. */
static json_t *rest_of(const char *query)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    struct buf out = {0};
    buf_text(&out, *query ? "/search?q=" : "/search");
    for (const unsigned char *p = (const unsigned char *)query; *p; p++)
        if (strchr(plain, *p))
            buf_byte(&out, (char)*p);
        else
            buf_format(&out, "%%%02X", *p);
    json_t *rest = buf_ok(&out) ? json_string(out.data) : NULL;
    buf_clear(&out);
    return rest;
}

static void page_fill(const struct request *request, const struct consultation *c,
                      const struct search *search, json_t *page)
{
    json_object_set_new(page, "query", json_string(search->query));
    json_object_set_new(page, "directions", direction_doors(request, c));
    if (search->outcome == SEARCH_TOO_LONG)
        json_object_set_new(page, "too_long",
                            json_pack("{s:o}", "limit", wording_count(SEARCH_QUERY_POINTS)));
    if (search->outcome == SEARCH_EMPTY)
        json_object_set_new(page, "nothing_asked", json_true());
    if (search->outcome != SEARCH_FOUND)
        return;
    if (!search->found->count) {
        json_object_set_new(page, "nothing_found", json_true());
        return;
    }
    json_t *hits = json_array();
    for (size_t i = 0; i < search->found->count; i++)
        json_array_append_new(hits, hit_view(request, c, &search->found->hits[i]));
    json_object_set_new(page, "found",
                        json_pack("{s:o, s:o, s:b}", "list", hits, "count",
                                  wording_count((int64_t)search->found->count), "partial",
                                  search->found->some));
}

static struct document *page_document(const struct request *request, const struct consultation *c,
                                      const struct search *search)
{
    bool faulty = search->outcome == SEARCH_TOO_LONG;
    struct document *document =
        consultation_document(request, c, faulty ? 422 : 200, "search", false);
    /* What was too long is not written into addresses again. */
    json_t *rest = rest_of(faulty ? "" : search->query);
    struct frame frame = {.title_key = "search.title", .unlisted = true, .faulty = faulty};
    if (document && rest) {
        page_fill(request, c, search, document->page);
        document = consultation_finish(request, c, document, frame, json_string_value(rest));
    } else {
        document_free(document);
        document = NULL;
    }
    json_decref(rest);
    return document;
}

enum handled search_page(struct request *request)
{
    struct consultation *c = consultation_of(request, 1);
    struct search search = {0};
    if (c && search_init(request, c, &search))
        reply_document(request, page_document(request, c, &search));
    free(search.found);
    consultation_release(c);
    return HANDLED;
}
