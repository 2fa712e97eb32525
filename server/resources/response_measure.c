/* What institutions say on one measure, tallied apart from citizens. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/response_published.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "service.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { STANCE = PUBLISHED_VERSION + 1, WORDS };
enum { REST = 64, PREFIX = 16, HEADING = 4 };

static int stance_of(const struct rows *rows, int row)
{
    return row_is_null(rows, row, STANCE) ? (int)STANCE_ABSENT : (int)row_int(rows, row, STANCE);
}

static void counts_fill(const struct rows *rows, int counts[STANCES])
{
    memset(counts, 0, STANCES * sizeof *counts);
    for (int row = 0; row < rows_count(rows); row++)
        if (stance_of(rows, row) < STANCES)
            counts[stance_of(rows, row)]++;
}

static json_t *item_model(const struct request *request, const struct rows *rows, int row)
{
    json_t *item =
        json_pack("{s:s, s:I, s:o, s:s, s:s*}", "number", row_text(rows, row, PUBLISHED_NUMBER),
                  "version", (json_int_t)row_int(rows, row, PUBLISHED_VERSION), "institution",
                  published_institution(request, rows, row), "language",
                  language_tag((enum language)row_int(rows, row, PUBLISHED_LANGUAGE)), "text",
                  row_text(rows, row, WORDS));
    if (item && stance_of(rows, row) < STANCES)
        json_object_set_new(item, "stance", json_integer(stance_of(rows, row)));
    return item;
}

static json_t *measure_responses_model(const struct request *request, const struct consultation *c,
                                       const struct measure *measure, const struct rows *rows,
                                       const char *rest)
{
    int counts[STANCES];
    char code[2] = "0";
    json_t *list = json_array(), *tally = json_object();
    counts_fill(rows, counts);
    for (int row = 0; row < rows_count(rows); row++)
        json_array_append_new(list, item_model(request, rows, row));
    for (int stance = 0; stance < STANCES; stance++) {
        code[0] = (char)('0' + stance);
        json_object_set_new(tally, code, json_integer(counts[stance]));
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:{s:o, s:o}}", "consultation", c->slug, "language",
                     language_tag(request->language), "measure", measure->code,
                     "responses_by_stance", tally, "responses", list, "links", "self",
                     json_sprintf("/v1/consultations/%s%s", c->slug, rest), "page",
                     consultation_address(request, c, rest));
}

static json_t *item_view(const struct request *request, const struct consultation *c,
                         const struct measure *measure, const struct rows *rows, int row)
{
    char prefix[PREFIX];
    const char *number = row_text(rows, row, PUBLISHED_NUMBER), *text = row_text(rows, row, WORDS);
    enum language language = (enum language)row_int(rows, row, PUBLISHED_LANGUAGE);
    json_t *view = published_view(request, c, rows, row);
    size_t length = (size_t)snprintf(prefix, sizeof prefix, "r%s", number);
    for (size_t i = 0; i < length; i++)
        prefix[i] = (char)tolower((unsigned char)prefix[i]);
    json_object_set_new(view, "language", json_string(language_tag(language)));
    json_object_set_new(view, "stance", stance_mark(request, c, stance_of(rows, row)));
    json_object_set_new(view, "body",
                        text ? response_markup(request, text, language, prefix, HEADING)
                             : json_null());
    json_object_set_new(view, "whole",
                        json_sprintf("%s#measure-%s",
                                     json_string_value(json_object_get(view, "href")),
                                     measure->code));
    return view;
}

static struct document *page_document(const struct request *request, const struct consultation *c,
                                      const struct measure *measure, const struct rows *rows,
                                      const char *rest)
{
    struct document *document = consultation_document(request, c, 200, "measure_responses", false);
    if (!document)
        return NULL;
    int counts[STANCES];
    json_t *list = json_array(), *page = document->page;
    counts_fill(rows, counts);
    for (int row = 0; row < rows_count(rows); row++)
        json_array_append_new(list, item_view(request, c, measure, rows, row));
    json_t *up = measure_address(request, c, measure);
    json_object_set_new(page, "measure",
                        json_pack("{s:s, s:s, s:O}", "code", measure->code, "text",
                                  measure->text.body[request->language], "href", up));
    json_object_set_new(page, "matrix", consultation_address(request, c, "/responses/matrix"));
    if (json_array_size(list))
        json_object_set_new(
            page, "responses",
            json_pack("{s:O, s:o}", "list", list, "counts", stance_counts(request, c, counts)));
    json_decref(list);
    json_t *code = json_pack("{s:s}", "code", measure->code);
    json_t *title =
        wording_string(service_of(request)->pages, request->language, "response.on-measure", code);
    const struct frame frame = {.title = json_string_value(title),
                                .title_key = "response.on-measure"};
    document = consultation_finish(request, c, document, frame, rest);
    json_t *label = json_sprintf("%s %s", measure->code, measure->text.body[request->language]);
    if (document && !page_crumb(document, json_string_value(label), json_string_value(up))) {
        document_free(document);
        document = NULL;
    }
    json_decref(label);
    json_decref(code);
    json_decref(title);
    json_decref(up);
    return consultation_shared(document, NULL);
}

static enum handled measure_reply(struct request *request, size_t part)
{
    struct consultation *c = consultation_of(request, part);
    const struct measure *measure =
        c ? consultation_measure(c, request_part(request, "measure")) : NULL;
    struct params params = {0};
    struct rows rows = {0};
    char rest[REST], section[REST];
    if (c && !measure)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    if (measure) {
        snprintf(rest, sizeof rest, "/measures/%s/responses", measure->code);
        snprintf(section, sizeof section, "measure-%s", measure->code);
        params_int4(&params, c->id);
        params_text(&params, section);
        if (published_run(request, STATEMENT_RESPONSE_PUBLISHED_SECTION, &params, &rows))
            reply_document(request, request->representation == REPRESENT_PAGE
                                        ? page_document(request, c, measure, &rows, rest)
                                        : consultation_data(request, c,
                                                            measure_responses_model(
                                                                request, c, measure, &rows, rest),
                                                            rest));
    }
    rows_clear(&rows);
    consultation_release(c);
    return HANDLED;
}

enum handled measure_response_list(struct request *request)
{
    return measure_reply(request, 0);
}

enum handled measure_response_page(struct request *request)
{
    return measure_reply(request, 1);
}
