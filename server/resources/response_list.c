/* The list of published responses: all, or those of one kind of institution. */
#include "domain/institution.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/response_published.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64, REST = 64 };

static void kind_rest(enum institution_kind kind, char rest[REST])
{
    if (kind == INSTITUTION_KINDS)
        snprintf(rest, REST, "/responses");
    else
        snprintf(rest, REST, "/responses/kinds/%s", institution_kind_name(kind));
}

static json_t *kind_label(const struct request *request, enum institution_kind kind)
{
    char key[KEY];
    snprintf(key, sizeof key, "institution.kind-%s", institution_kind_name(kind));
    return wording_string(service_of(request)->pages, request->language,
                          kind == INSTITUTION_KINDS ? "response.all-kinds" : key, NULL);
}

static bool kind_is(const struct rows *rows, int row, enum institution_kind kind)
{
    return kind == INSTITUTION_KINDS || row_int(rows, row, PUBLISHED_KIND) == (int64_t)kind;
}

static json_t *item_model(const struct request *request, const struct consultation *c,
                          const struct rows *rows, int row)
{
    char filed[RFC3339_TEXT], published[RFC3339_TEXT], rest[PUBLISHED_REST];
    const char *number = row_text(rows, row, PUBLISHED_NUMBER);
    int version = (int)row_int(rows, row, PUBLISHED_VERSION);
    format_time(row_time(rows, row, PUBLISHED_ARRIVED_AT), filed);
    format_time(row_time(rows, row, PUBLISHED_AT), published);
    published_rest(number, 0, rest);
    return json_pack("{s:s, s:i, s:o, s:s, s:s, s:s, s:{s:o, s:o}}", "number", number, "version",
                     version, "institution", published_institution(request, rows, row), "language",
                     language_tag((enum language)row_int(rows, row, PUBLISHED_LANGUAGE)),
                     "filed_at", filed, "published_at", published, "links", "self",
                     json_sprintf("/v1/consultations/%s%s", c->slug, rest), "page",
                     consultation_address(request, c, rest));
}

static json_t *list_model(const struct request *request, const struct consultation *c,
                          const struct rows *rows, enum institution_kind kind)
{
    char rest[REST];
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows); row++)
        if (kind_is(rows, row, kind))
            json_array_append_new(list, item_model(request, c, rows, row));
    kind_rest(kind, rest);
    return json_pack("{s:s, s:s, s:o, s:{s:o, s:o, s:o}}", "consultation", c->slug, "language",
                     language_tag(request->language), "responses", list, "links", "self",
                     json_sprintf("/v1/consultations/%s%s", c->slug, rest), "page",
                     consultation_address(request, c, rest), "matrix",
                     json_sprintf("/v1/consultations/%s/responses/matrix", c->slug));
}

static json_t *item_view(const struct request *request, const struct consultation *c,
                         const struct rows *rows, int row)
{
    const struct pages *pages = service_of(request)->pages;
    json_t *view = published_view(request, c, rows, row);
    json_object_set_new(view, "filed",
                        wording_moment(pages, request->language, MOMENT_DAY,
                                       row_time(rows, row, PUBLISHED_ARRIVED_AT)));
    json_object_set_new(view, "version", wording_count(row_int(rows, row, PUBLISHED_VERSION)));
    char key[KEY];
    snprintf(key, sizeof key, "language.%s",
             language_tag((enum language)row_int(rows, row, PUBLISHED_LANGUAGE)));
    json_object_set_new(view, "written", wording_string(pages, request->language, key, NULL));
    return view;
}

/* What is published of each kind, as groups; and the kinds there are, to choose from. */
static void page_fill(const struct request *request, const struct consultation *c,
                      const struct rows *rows, enum institution_kind chosen, json_t *page)
{
    json_t *groups = json_array(), *kinds = json_array();
    for (int k = 0; k <= INSTITUTION_KINDS; k++) {
        enum institution_kind kind = (enum institution_kind)k;
        char rest[REST];
        json_t *list = json_array();
        for (int row = 0; row < rows_count(rows); row++)
            if (kind_is(rows, row, kind))
                json_array_append_new(list, item_view(request, c, rows, row));
        kind_rest(kind, rest);
        if (json_array_size(list)) {
            json_t *choice =
                json_pack("{s:o, s:o, s:o, s:b}", "label", kind_label(request, kind), "href",
                          consultation_address(request, c, rest), "count",
                          wording_count((int64_t)json_array_size(list)), "current", kind == chosen);
            json_array_insert_new(kinds, kind == INSTITUTION_KINDS ? 0 : json_array_size(kinds),
                                  choice);
        }
        if (json_array_size(list) && kind != INSTITUTION_KINDS &&
            (chosen == INSTITUTION_KINDS || chosen == kind))
            json_array_append_new(groups,
                                  json_pack("{s:s, s:o, s:O}", "kind", institution_kind_name(kind),
                                            "label", kind_label(request, kind), "list", list));
        json_decref(list);
    }
    json_object_set_new(page, "matrix", consultation_address(request, c, "/responses/matrix"));
    if (json_array_size(groups))
        json_object_set_new(page, "responses",
                            json_pack("{s:O, s:O}", "groups", groups, "kinds", kinds));
    json_decref(groups);
    json_decref(kinds);
}

static struct document *page_document(const struct request *request, const struct consultation *c,
                                      const struct rows *rows, enum institution_kind kind)
{
    char rest[REST];
    kind_rest(kind, rest);
    struct document *document = consultation_document(request, c, 200, "responses", false);
    if (!document)
        return NULL;
    page_fill(request, c, rows, kind, document->page);
    const struct frame frame = {.title_key = "response.list",
                                .unlisted = kind != INSTITUTION_KINDS};
    return consultation_shared(consultation_finish(request, c, document, frame, rest), NULL);
}

static enum handled list_reply(struct request *request, size_t part)
{
    struct consultation *c = consultation_of(request, part);
    const char *name = request_part(request, "kind");
    enum institution_kind kind = name ? institution_kind_find(name) : INSTITUTION_KINDS;
    struct params params = {0};
    struct rows rows = {0};
    if (!c)
        return HANDLED;
    params_int4(&params, c->id);
    if (name && kind == INSTITUTION_KINDS) {
        params_clear(&params);
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    } else if (published_run(request, STATEMENT_RESPONSE_PUBLISHED_LIST, &params, &rows)) {
        char rest[REST];
        kind_rest(kind, rest);
        reply_document(request, request->representation == REPRESENT_PAGE
                                    ? page_document(request, c, &rows, kind)
                                    : consultation_data(request, c,
                                                        list_model(request, c, &rows, kind), rest));
    }
    rows_clear(&rows);
    consultation_release(c);
    return HANDLED;
}

enum handled response_list(struct request *request)
{
    return list_reply(request, 0);
}

enum handled response_list_page(struct request *request)
{
    return list_reply(request, 1);
}

enum handled response_list_kind(struct request *request)
{
    return list_reply(request, 0);
}

enum handled response_list_kind_page(struct request *request)
{
    return list_reply(request, 1);
}
