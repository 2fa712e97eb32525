/* Submissions in words, for officials; see reading.h. */
#include "resources/officials/reading.h"

#include "base/parse.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64, REST = 128 };

json_t *reading_words(const struct request *request, const char *prefix, const char *name)
{
    char key[KEY];
    snprintf(key, sizeof key, "%s%s", prefix, name);
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static const char *text_of(const json_t *model, const char *name)
{
    const char *text = json_string_value(json_object_get(model, name));
    return text ? text : "";
}

json_t *reading_address(const struct request *request, const struct consultation *consultation,
                        const char *rest)
{
    char start[REST];
    snprintf(start, sizeof start, "/consultations/%s/submissions", consultation->slug);
    json_t *address = desk_address(request, start);
    json_t *whole = json_sprintf("%s%s", json_string_value(address), rest);
    json_decref(address);
    return whole;
}

static json_t *colour_tag(const struct request *request, const char *prefix, const char *value,
                          const char *const colours[][2], size_t count)
{
    const char *colour = "grey";
    for (size_t i = 0; i < count; i++)
        if (strcmp(colours[i][0], value) == 0)
            colour = colours[i][1];
    return json_pack("{s:o, s:s}", "label", reading_words(request, prefix, value), "colour",
                     colour);
}

json_t *reading_moderation(const struct request *request, const char *moderation)
{
    static const char *const colours[][2] = {
        {"waiting", "yellow"}, {"passed", "green"}, {"edited", "blue"}, {"refused", "red"}};
    return colour_tag(request, "moderation.", moderation, colours,
                      sizeof colours / sizeof colours[0]);
}

json_t *reading_facts(const struct request *request, const json_t *model)
{
    static const char *const colours[][2] = {
        {"counted", "green"}, {"held", "yellow"}, {"set-aside", "red"}};
    const struct pages *pages = service_of(request)->pages;
    const char *at = text_of(model, "arrived_at"), *channel = text_of(model, "channel");
    const json_t *organisation = json_object_get(model, "organisation");
    bool proven = json_is_true(json_object_get(model, "proven"));
    int64_t at_us = 0;
    parse_time(at, &at_us);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:O}", "number",
                     text_of(model, "number"), "at", at, "at_text",
                     wording_moment(pages, request->language, MOMENT_MINUTE, at_us), "state",
                     colour_tag(request, "reconciliation.", text_of(model, "state"), colours,
                                sizeof colours / sizeof colours[0]),
                     "kind", reading_words(request, "kind.", text_of(model, "kind")), "proof",
                     reading_words(request, proven ? "dashboard.proven" : "dashboard.declared", ""),
                     "tag", text_of(model, "language"), "language",
                     reading_words(request, "language.", text_of(model, "language")), "channel",
                     reading_words(request, "dashboard.", channel), "organisation", organisation);
}

json_t *reading_subject(const struct request *request, const struct consultation *consultation,
                        const json_t *remark)
{
    const char *code = json_string_value(json_object_get(remark, "measure"));
    const struct measure *measure = code ? consultation_measure(consultation, code) : NULL;
    if (measure)
        return json_sprintf("%s %s", code, measure->text.body[request->language]);
    code = text_of(remark, "question");
    const struct question *question = consultation_question(consultation, code);
    return json_string(question ? question->text.body[request->language] : code);
}
