/* An institutional response as every page shows it; see response_view.h. */
#include "resources/response_view.h"

#include "domain/response.h"
#include "represent/markdown.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "service.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { KEY = 48, LEVEL_FIRST = 2 };

/* Signs that differ in shape, so that colour is never needed. */
static const char *const signs[STANCES] = {"?", "\u2212\u2212", "\u2212", "\u25cb", "+", "++"};

/* In the order in which stances are shown everywhere. */
static const int stance_order[STANCES] = {5, 4, 3, 2, 1, 0};

json_t *stance_mark(const struct request *request, const struct consultation *consultation,
                    int stance)
{
    if (stance < 0 || stance >= STANCES)
        return json_null();
    return json_pack("{s:i, s:s, s:s}", "code", stance, "sign", signs[stance], "label",
                     consultation->stance_labels[stance].body[request->language]);
}

json_t *stance_counts(const struct request *request, const struct consultation *consultation,
                      const int counts[STANCES])
{
    json_t *list = json_array();
    for (size_t i = 0; i < STANCES; i++) {
        json_t *mark = stance_mark(request, consultation, stance_order[i]);
        json_object_set_new(mark, "count", wording_count(counts[stance_order[i]]));
        json_array_append_new(list, mark);
    }
    return list;
}

json_t *response_markup(const struct request *request, const char *text, enum language language,
                        const char *prefix, int heading)
{
    struct markdown *markdown = NULL;
    if (markdown_parse(text, &markdown) != PROBLEM_NONE)
        return markup_paragraphs(text, language);
    json_t *markup =
        markdown_markup(markdown, &(struct markdown_place){.pages = service_of(request)->pages,
                                                           .page = request->language,
                                                           .text = language,
                                                           .prefix = prefix,
                                                           .heading = heading});
    markdown_free(markdown);
    return markup;
}

static json_t *words(const struct request *request, const char *key, json_t *context)
{
    json_t *text = wording_string(service_of(request)->pages, request->language, key, context);
    json_decref(context);
    return text;
}

static json_t *heading_of(const struct request *request, const struct consultation *c,
                          const struct section *section)
{
    char key[KEY];
    switch (section->kind) {
    case SECTION_DIRECTION:
        return json_string(c->directions[section->index].full_title.body[request->language]);
    case SECTION_MEASURE:
        return json_string(c->measures[section->index].text.body[request->language]);
    case SECTION_QUESTION:
        return json_string(c->questions[section->index].text.body[request->language]);
    case SECTION_SUMMARY:
    case SECTION_EVIDENCE:
    case SECTION_INTERESTS:
    case SECTION_APPROVER:
    case SECTION_KINDS:
        break;
    }
    snprintf(key, sizeof key, "response.section-%s", section->code);
    return words(request, key, NULL);
}

/* "Direction 1", "Measure 1-3", "Question 2"; JSON's null for the others. */
static json_t *kicker_of(const struct request *request, const struct consultation *c,
                         const struct section *section)
{
    static const char *const keys[SECTION_KINDS] = {
        [SECTION_DIRECTION] = "response.of-direction",
        [SECTION_MEASURE] = "response.of-measure",
        [SECTION_QUESTION] = "response.of-question",
    };
    if (!keys[section->kind])
        return json_null();
    const char *code = section->kind == SECTION_DIRECTION ? c->directions[section->index].code
                       : section->kind == SECTION_MEASURE ? c->measures[section->index].code
                                                          : c->questions[section->index].code;
    return words(request, keys[section->kind], json_pack("{s:s}", "code", code));
}

json_t *section_heading(const struct request *request, const struct consultation *consultation,
                        const char *code)
{
    size_t at = section_find(consultation, code);
    if (at == SIZE_MAX)
        return json_string(code);
    struct section section = section_at(consultation, at);
    json_t *heading = heading_of(request, consultation, &section);
    json_t *kicker = kicker_of(request, consultation, &section);
    json_t *both = json_is_string(kicker) ? json_sprintf("%s  %s", json_string_value(kicker),
                                                         json_string_value(heading))
                                          : json_incref(heading);
    json_decref(heading);
    json_decref(kicker);
    return both;
}

static json_t *section_view(const struct request *request, const struct consultation *c,
                            const struct section *section, const json_t *said,
                            enum language language)
{
    bool below = section->kind == SECTION_MEASURE;
    const json_t *stance = json_object_get(said, "stance");
    const char *text = json_string_value(json_object_get(said, "text"));
    json_t *body =
        text ? response_markup(request, text, language, section->code, LEVEL_FIRST + 1 + below)
             : json_null();
    return json_pack(
        "{s:s, s:b, s:o, s:o, s:o, s:o}", "code", section->code, below ? "level3" : "level2", 1,
        "heading", heading_of(request, c, section), "kicker", kicker_of(request, c, section),
        "stance",
        stance_mark(request, c,
                    json_is_integer(stance) ? (int)json_integer_value(stance) : (int)STANCE_ABSENT),
        "body", body);
}

/* A direction that nothing is said of is named all the same above its measures. */
static bool measure_is_said(const struct consultation *c, const struct direction *direction,
                            const json_t *sections)
{
    char code[SECTION_TEXT];
    for (size_t i = 0; i < direction->measures; i++) {
        snprintf(code, sizeof code, "measure-%s", c->measures[direction->first_measure + i].code);
        if (json_object_get(sections, code))
            return true;
    }
    return false;
}

json_t *response_view(const struct request *request, const struct consultation *consultation,
                      const json_t *document)
{
    const json_t *sections = json_object_get(document, "sections");
    const char *tag = json_string_value(json_object_get(document, "language"));
    enum language language = tag ? language_find(tag) : LANGUAGES;
    if (!json_is_object(sections) || language == LANGUAGES)
        return NULL;
    json_t *list = json_array();
    for (size_t at = 0; at < sections_count(consultation); at++) {
        struct section section = section_at(consultation, at);
        const json_t *said = json_object_get(sections, section.code);
        bool named =
            section.kind == SECTION_DIRECTION &&
            measure_is_said(consultation, &consultation->directions[section.index], sections);
        if (said || named)
            json_array_append_new(list,
                                  section_view(request, consultation, &section, said, language));
    }
    return json_pack("{s:s, s:o}", "language", tag, "sections", list);
}

static json_t *size_text(json_int_t bytes)
{
    if (bytes >= 10 << 20)
        return json_sprintf("%lld MB", (long long)(bytes >> 20));
    if (bytes >= 1 << 20)
        return json_sprintf("%.1f MB", (double)bytes / (1 << 20));
    return json_sprintf("%lld kB", (long long)(bytes + 1023) / 1024);
}

json_t *response_attachments(const json_t *document, const char *folder)
{
    json_t *list = json_array(), *attachment;
    size_t i;
    json_array_foreach(json_object_get(document, "attachments"), i, attachment)
    {
        json_t *view = json_copy(attachment);
        json_object_set_new(view, "size",
                            size_text(json_integer_value(json_object_get(view, "bytes"))));
        json_object_set_new(
            view, "href",
            folder
                ? json_sprintf("%s/%s", folder, json_string_value(json_object_get(view, "sha256")))
                : json_null());
        json_array_append_new(list, view);
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}
