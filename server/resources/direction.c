/* Policy directions of a consultation. */
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/glossary_view.h"
#include "resources/measure.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>

enum { REST_TEXT = 64 };

static json_t *direction_model(const struct request *request, const struct consultation *c,
                               const struct direction *direction)
{
    enum language language = request->language;
    return json_pack(
        "{s:s, s:s, s:s, s:i, s:{s:o, s:o, s:o}}", "code", direction->code, "title",
        direction->title.body[language], "full_title", direction->full_title.body[language],
        "version", direction->full_title.version, "links", "self",
        json_sprintf("/v1/consultations/%s/directions/%s", c->slug, direction->code), "tally",
        json_sprintf("/v1/consultations/%s/directions/%s/tally", c->slug, direction->code), "page",
        direction_address(request, c, direction));
}

enum handled direction_list(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    if (!c)
        return HANDLED;
    json_t *list = json_array();
    for (size_t i = 0; i < c->direction_count; i++)
        json_array_append_new(list, direction_model(request, c, &c->directions[i]));
    reply_document(request,
                   consultation_data(request, c,
                                     json_pack("{s:s, s:o}", "language",
                                               language_tag(request->language), "directions", list),
                                     ""));
    consultation_release(c);
    return HANDLED;
}

/* The direction that the path names, or NULL with 404 set. */
static const struct direction *direction_of(struct request *request, const struct consultation *c,
                                            size_t part)
{
    const struct direction *direction = consultation_direction(c, request->parts[part]);
    if (!direction)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return direction;
}

static json_t *whole_model(const struct request *request, const struct consultation *c,
                           const struct direction *direction)
{
    json_t *model = direction_model(request, c, direction);
    json_t *measures = json_array();
    for (size_t i = 0; i < direction->measures; i++)
        json_array_append_new(
            measures, measure_model(request, c, &c->measures[direction->first_measure + i]));
    json_t *more = json_pack("{s:s, s:s, s:s, s:o}", "consultation", c->slug, "language",
                             language_tag(request->language), "background",
                             direction->background.body[request->language], "measures", measures);
    bool ok = model && more && json_object_update(model, more) == 0;
    json_decref(more);
    if (ok)
        return model;
    json_decref(model);
    return NULL;
}

enum handled direction_get(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    const struct direction *direction = c ? direction_of(request, c, 1) : NULL;
    if (direction) {
        char rest[REST_TEXT];
        snprintf(rest, sizeof rest, "/directions/%s", direction->code);
        reply_document(request,
                       consultation_data(request, c, whole_model(request, c, direction), rest));
    }
    consultation_release(c);
    return HANDLED;
}

static json_t *measure_links(const struct request *request, const struct consultation *c,
                             const struct direction *direction)
{
    json_t *list = json_array();
    for (size_t i = 0; i < direction->measures; i++) {
        const struct measure *measure = &c->measures[direction->first_measure + i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "code", measure->code, "text",
                                              measure->text.body[request->language], "href",
                                              measure_address(request, c, measure)));
    }
    return list;
}

static json_t *neighbour(const struct request *request, const struct consultation *c, size_t at)
{
    if (at >= c->direction_count)
        return NULL;
    const struct direction *direction = &c->directions[at];
    return json_pack("{s:s, s:s, s:o}", "code", direction->code, "title",
                     direction->title.body[request->language], "href",
                     direction_address(request, c, direction));
}

/* The terms of all that the page says. */
static json_t *words_of(const struct request *request, const struct consultation *c,
                        const struct direction *direction)
{
    const char *texts[MEASURES_MOST + 2];
    size_t count = 0;
    texts[count++] = direction->full_title.body[request->language];
    texts[count++] = direction->background.body[request->language];
    for (size_t i = 0; i < direction->measures && count < sizeof texts / sizeof *texts; i++)
        texts[count++] = c->measures[direction->first_measure + i].text.body[request->language];
    return glossary_words(request, c, texts, count);
}

static bool page_fill(const struct request *request, const struct consultation *c,
                      const struct direction *direction, json_t *page)
{
    enum language language = request->language;
    size_t at = (size_t)(direction - c->directions);
    json_t *fields = json_pack(
        "{s:{s:s, s:s, s:s, s:o, s:o*}, s:o, s:o, s:o, s:o, s:b, s:o*, s:o*}", "direction", "code",
        direction->code, "title", direction->title.body[language], "full_title",
        direction->full_title.body[language], "background",
        markup_paragraphs(direction->background.body[language], language), "note",
        markup_words(direction->full_title.note[language], language), "measures",
        measure_links(request, c, direction), "tally",
        tally_view(c, TALLY_DIRECTION, direction->code, language, service_of(request)->pages),
        "tally_json", tally_address(c, TALLY_DIRECTION, direction->code, ""), "tally_csv",
        tally_address(c, TALLY_DIRECTION, direction->code, ".csv"), "has_neighbours",
        c->direction_count > 1, "previous", neighbour(request, c, at - 1), "next",
        neighbour(request, c, at + 1));
    json_t *words = words_of(request, c, direction);
    bool ok = fields && json_object_update(page, fields) == 0 &&
              (!words || json_object_set(page, "words", words) == 0);
    json_decref(words);
    json_decref(fields);
    return ok;
}

/* As schema.org has it: a work whose parts are the measures. */
static json_t *linked_model(const struct request *request, const struct consultation *c,
                            const struct direction *direction)
{
    json_t *parts = json_array();
    for (size_t i = 0; i < direction->measures; i++) {
        const struct measure *measure = &c->measures[direction->first_measure + i];
        json_t *address = measure_address(request, c, measure);
        json_array_append_new(parts, json_pack("{s:s, s:s, s:s, s:o}", "@type", "CreativeWork",
                                               "identifier", measure->code, "text",
                                               measure->text.body[request->language], "url",
                                               json_sprintf("%s%s", service_of(request)->base_url,
                                                            json_string_value(address))));
        json_decref(address);
    }
    return json_pack("{s:s, s:s, s:s, s:o}", "@type", "CreativeWork", "identifier", direction->code,
                     "name", direction->full_title.body[request->language], "hasPart", parts);
}

static struct document *direction_page_document(const struct request *request,
                                                const struct consultation *c,
                                                const struct direction *direction)
{
    char rest[REST_TEXT];
    snprintf(rest, sizeof rest, "/directions/%s", direction->code);
    struct document *document = consultation_document(request, c, 200, "direction", false);
    if (document && !page_fill(request, c, direction, document->page)) {
        document_free(document);
        return NULL;
    }
    json_t *shown = json_pack("{s:s}", "title", c->title.body[request->language]);
    json_t *description =
        wording_string(service_of(request)->pages, request->language, "direction.share", shown);
    struct frame frame = {.title = direction->full_title.body[request->language],
                          .description = json_string_value(description)};
    document = consultation_finish(request, c, document, frame, rest);
    json_decref(description);
    json_decref(shown);
    return consultation_shared(document, linked_model(request, c, direction));
}

enum handled direction_page(struct request *request)
{
    struct consultation *c = consultation_of(request, 1);
    const struct direction *direction = c ? direction_of(request, c, 2) : NULL;
    if (direction)
        reply_document(request, direction_page_document(request, c, direction));
    consultation_release(c);
    return HANDLED;
}
