/* A consultation whole on one page, to be printed: all that is put forward and asked, with
 * addresses that can be read from paper. */
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"

/* With scheme and authority. Takes `path` over. */
static json_t *whole_address(const struct request *request, json_t *path)
{
    json_t *address =
        path ? json_sprintf("%s%s", service_of(request)->base_url, json_string_value(path)) : NULL;
    json_decref(path);
    return address;
}

static json_t *measures_whole(const struct request *request, const struct consultation *c,
                              const struct direction *direction)
{
    json_t *list = json_array();
    for (size_t i = 0; i < direction->measures; i++) {
        const struct measure *measure = &c->measures[direction->first_measure + i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:o*, s:o}", "code", measure->code, "text",
                      measure->text.body[request->language], "note",
                      markup_words(measure->text.note[request->language], request->language),
                      "address", whole_address(request, measure_address(request, c, measure))));
    }
    return list;
}

static json_t *directions_whole(const struct request *request, const struct consultation *c)
{
    enum language language = request->language;
    json_t *list = json_array();
    for (size_t i = 0; i < c->direction_count; i++) {
        const struct direction *direction = &c->directions[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:o*, s:o, s:o}", "code", direction->code, "title",
                      direction->full_title.body[language], "title_note",
                      markup_words(direction->full_title.note[language], language), "background",
                      markup_paragraphs(direction->background.body[language], language), "measures",
                      measures_whole(request, c, direction)));
    }
    return list;
}

/* {list: [text]}, or NULL if nothing more is asked. */
static json_t *questions_whole(const struct request *request, const struct consultation *c)
{
    if (!c->question_count)
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < c->question_count; i++)
        json_array_append_new(list, json_string(c->questions[i].text.body[request->language]));
    return json_pack("{s:o}", "list", list);
}

/* In the order of the form: strongly support first, no opinion last. */
static json_t *stances_whole(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (int code = STANCES - 1; code >= 0; code--)
        json_array_append_new(list, json_string(c->stance_labels[code].body[request->language]));
    return list;
}

static bool page_fill(const struct request *request, const struct consultation *c, json_t *page)
{
    json_t *fields = json_pack("{s:o, s:o, s:o*, s:o}", "address",
                               whole_address(request, consultation_address(request, c, "")),
                               "directions", directions_whole(request, c), "questions",
                               questions_whole(request, c), "stances", stances_whole(request, c));
    bool ok = fields && json_object_update(page, fields) == 0;
    json_decref(fields);
    return ok;
}

static struct document *booklet_document(const struct request *request,
                                         const struct consultation *c)
{
    struct document *document = consultation_document(request, c, 200, "booklet", false);
    struct frame frame = {.title_key = "booklet.title"};
    if (document && page_fill(request, c, document->page) &&
        consultation_frame(request, c, document, frame, "/booklet"))
        return document;
    document_free(document);
    return NULL;
}

enum handled booklet_page(struct request *request)
{
    struct consultation *c = consultation_of(request, 1);
    if (c)
        reply_document(request, booklet_document(request, c));
    consultation_release(c);
    return HANDLED;
}
