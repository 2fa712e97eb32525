/* Measures of a consultation. */
#include "resources/measure.h"

#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/glossary_view.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>

enum { REST_TEXT = 64 };

json_t *measure_model(const struct request *request, const struct consultation *consultation,
                      const struct measure *measure)
{
    const struct consultation *c = consultation;
    return json_pack(
        "{s:s, s:s, s:i, s:s, s:s*, s:{s:o, s:o, s:o}}", "code", measure->code, "direction",
        c->directions[measure->direction].code, "version", measure->text.version, "text",
        measure->text.body[request->language], "note", measure->text.note[request->language],
        "links", "self", json_sprintf("/v1/consultations/%s/measures/%s", c->slug, measure->code),
        "tally", json_sprintf("/v1/consultations/%s/measures/%s/tally", c->slug, measure->code),
        "page", measure_address(request, c, measure));
}

static json_t *measure_row(const struct request *request, const struct consultation *c,
                           const struct measure *measure)
{
    return json_pack("[s, s, i, s, s?]", measure->code, c->directions[measure->direction].code,
                     measure->text.version, measure->text.body[request->language],
                     measure->text.note[request->language]);
}

enum handled measure_list(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    if (!c)
        return HANDLED;
    json_t *list = json_array(), *rows = json_array();
    for (size_t i = 0; i < c->measure_count; i++) {
        json_array_append_new(list, measure_model(request, c, &c->measures[i]));
        json_array_append_new(rows, measure_row(request, c, &c->measures[i]));
    }
    struct document *document = consultation_data(
        request, c,
        json_pack("{s:s, s:o}", "language", language_tag(request->language), "measures", list), "");
    if (document) {
        document->columns =
            json_pack("[s, s, s, s, s]", "code", "direction", "version", "text", "note");
        document->rows = json_incref(rows);
    }
    json_decref(rows);
    reply_document(request, document);
    consultation_release(c);
    return HANDLED;
}

/* The measure that the path names, or NULL with 404 set. */
static const struct measure *measure_of(struct request *request, const struct consultation *c,
                                        size_t part)
{
    const struct measure *measure = consultation_measure(c, request->parts[part]);
    if (!measure)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return measure;
}

static json_t *whole_model(const struct request *request, const struct consultation *c,
                           const struct measure *measure)
{
    json_t *model = measure_model(request, c, measure);
    if (model && json_object_set_new(model, "consultation", json_string(c->slug)) == 0 &&
        json_object_set_new(model, "language", json_string(language_tag(request->language))) == 0)
        return model;
    json_decref(model);
    return NULL;
}

enum handled measure_get(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    const struct measure *measure = c ? measure_of(request, c, 1) : NULL;
    if (measure) {
        char rest[REST_TEXT];
        snprintf(rest, sizeof rest, "/measures/%s", measure->code);
        reply_document(request,
                       consultation_data(request, c, whole_model(request, c, measure), rest));
    }
    consultation_release(c);
    return HANDLED;
}

static json_t *neighbour(const struct request *request, const struct consultation *c, size_t at)
{
    if (at >= c->measure_count)
        return NULL;
    const struct measure *measure = &c->measures[at];
    return json_pack("{s:s, s:s, s:o}", "code", measure->code, "title",
                     measure->text.body[request->language], "href",
                     measure_address(request, c, measure));
}

/* What institutions say in public, counted apart from citizens: {href, counts}. */
static json_t *institutions_view(const struct request *request, const struct consultation *c,
                                 const struct measure *measure)
{
    char rest[REST_TEXT];
    snprintf(rest, sizeof rest, "/measures/%s/responses", measure->code);
    return json_pack("{s:o, s:o}", "href", consultation_address(request, c, rest), "counts",
                     stance_counts(request, c, c->measure_stances[measure - c->measures]));
}

static bool page_fill(const struct request *request, const struct consultation *c,
                      const struct measure *measure, json_t *page)
{
    enum language language = request->language;
    const struct direction *direction = &c->directions[measure->direction];
    size_t at = (size_t)(measure - c->measures);
    json_t *fields = json_pack(
        "{s:{s:s, s:s, s:i, s:o*}, s:{s:s, s:s, s:o, s:o}, s:o*, s:o, s:o, s:o, s:b, s:o*, s:o*}",
        "measure", "code", measure->code, "text", measure->text.body[language], "version",
        measure->text.version, "note", markup_words(measure->text.note[language], language),
        "direction", "code", direction->code, "title", direction->title.body[language], "href",
        direction_address(request, c, direction), "background",
        markup_paragraphs(direction->background.body[language], language), "questions",
        question_texts(request, c), "tally",
        tally_view(c, TALLY_MEASURE, measure->code, language, service_of(request)->pages),
        "tally_json", tally_address(c, TALLY_MEASURE, measure->code, ""), "tally_csv",
        tally_address(c, TALLY_MEASURE, measure->code, ".csv"), "has_neighbours",
        c->measure_count > 1, "previous", neighbour(request, c, at - 1), "next",
        neighbour(request, c, at + 1));
    const char *const texts[] = {measure->text.body[language],
                                 direction->background.body[language]};
    json_t *words = glossary_words(request, c, texts, sizeof texts / sizeof *texts);
    char rest[REST_TEXT];
    snprintf(rest, sizeof rest, "/measures/%s/remarks", measure->code);
    if (fields && c->responses > 0)
        json_object_set_new(fields, "institutions", institutions_view(request, c, measure));
    bool ok = fields && json_object_update(page, fields) == 0 &&
              json_object_set_new(page, "remarks", consultation_address(request, c, rest)) == 0 &&
              (!words || json_object_set(page, "words", words) == 0);
    json_decref(words);
    json_decref(fields);
    return ok;
}

/* As schema.org has it; its direction stands in the page's breadcrumbs. */
static json_t *linked_model(const struct request *request, const struct measure *measure)
{
    return json_pack("{s:s, s:s, s:s, s:i}", "@type", "CreativeWork", "identifier", measure->code,
                     "text", measure->text.body[request->language], "version",
                     measure->text.version);
}

static struct document *measure_page_document(const struct request *request,
                                              const struct consultation *c,
                                              const struct measure *measure)
{
    const struct direction *direction = &c->directions[measure->direction];
    char rest[REST_TEXT];
    snprintf(rest, sizeof rest, "/measures/%s", measure->code);
    struct document *document = consultation_document(request, c, 200, "measure", false);
    json_t *title = json_sprintf("%s %s", measure->code, measure->text.body[request->language]);
    json_t *up = direction_address(request, c, direction);
    json_t *shown = json_pack("{s:s}", "title", c->title.body[request->language]);
    json_t *description =
        wording_string(service_of(request)->pages, request->language, "measure.share", shown);
    struct frame frame = {.title = json_string_value(title),
                          .description = json_string_value(description)};
    bool ok = document && title && up && page_fill(request, c, measure, document->page);
    if (!ok) {
        document_free(document);
        document = NULL;
    }
    document = consultation_finish(request, c, document, frame, rest);
    if (document &&
        !page_crumb(document, direction->title.body[request->language], json_string_value(up))) {
        document_free(document);
        document = NULL;
    }
    json_decref(title);
    json_decref(up);
    json_decref(shown);
    json_decref(description);
    return consultation_shared(document, linked_model(request, measure));
}

enum handled measure_page(struct request *request)
{
    struct consultation *c = consultation_of(request, 1);
    const struct measure *measure = c ? measure_of(request, c, 2) : NULL;
    if (measure)
        reply_document(request, measure_page_document(request, c, measure));
    consultation_release(c);
    return HANDLED;
}
