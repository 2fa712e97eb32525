/* The context of the frame around every page; see frame.h. */
#include "represent/frame.h"

#include "represent/share.h"
#include "represent/wording.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS_MOST = 2560 };

static json_t *frame_address(const char *tag, const char *rest)
{
    char address[ADDRESS_MOST];
    int n = snprintf(address, sizeof address, "/%s%s", tag, rest);
    return n > 0 && n < ADDRESS_MOST ? json_string(address) : NULL;
}

/* Its own name in its own language. */
static const char *language_key(enum language language)
{
    switch (language) {
    case LANGUAGE_ZH_HANT:
        return "language.zh-Hant";
    case LANGUAGE_EN:
        return "language.en";
    case LANGUAGE_ZH_HANS:
        return "language.zh-Hans";
    case LANGUAGES:
        break;
    }
    return "language.en";
}

static json_t *frame_language(const struct pages *pages, enum language language, bool current,
                              const struct frame *frame)
{
    const char *tag = language_tag(language);
    json_t *item = json_pack("{s:s, s:o}", "tag", tag, "label",
                             wording_string(pages, language, language_key(language), NULL));
    int failed = item == NULL;
    if (!failed && current)
        failed = json_object_set_new(item, "current", json_true());
    else if (!failed && (frame->form || frame->carried))
        failed = json_object_set_new(item, "language_action", frame_address(tag, frame->action));
    else if (!failed)
        failed = json_object_set_new(item, "language_href", frame_address(tag, frame->rest));
    if (!failed)
        return item;
    json_decref(item);
    return NULL;
}

static bool frame_languages(const struct pages *pages, enum language current,
                            const struct frame *frame, json_t *out)
{
    if (!frame->rest && !frame->form && !frame->carried)
        return true;
    json_t *list = json_array();
    bool ok = list != NULL;
    for (int i = 0; ok && i < LANGUAGES; i++) {
        enum language language = (enum language)i;
        ok = json_array_append_new(
                 list, frame_language(pages, language, language == current, frame)) == 0;
    }
    if (!ok) {
        json_decref(list);
        return false;
    }
    json_t *languages = json_pack("{s:o}", "list", list);
    if (languages && frame->carried)
        json_object_set_new(languages, "carried", json_pack("{s:O}", "list", frame->carried));
    return json_object_set_new(out, "languages", languages) == 0;
}

static bool frame_flags(const struct frame *frame, json_t *out)
{
    const struct {
        const char *name;
        bool is_set;
    } flags[] = {
        {"rehearsal", frame->rehearsal},
        {"unlisted", frame->unlisted || frame->rehearsal},
        {"faulty", frame->faulty},
        {"anew", frame->anew},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].is_set && json_object_set_new(out, flags[i].name, json_true()) != 0)
            return false;
    return true;
}

bool page_frame(const struct pages *pages, struct document *document, const struct frame *frame)
{
    enum language language = document->language;
    const char *tag = language_tag(language);
    json_t *title = frame->title ? json_string(frame->title)
                                 : wording_string(pages, language, frame->title_key, NULL);
    json_t *out =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s*, s:s*}", "lang", tag, "title", title,
                  "home", frame_address(tag, ""), "privacy", frame_address(tag, "/privacy"),
                  "receipt_check", frame_address(tag, "/receipt-check"), "saved_answers",
                  frame_address(tag, "/saved-answers"), "institutions",
                  frame_address(tag, "/institutions"), "form", frame->form, "json", frame->json);
    if (!document->page)
        document->page = json_object();
    if (out && document->page && frame_flags(frame, out) &&
        frame_languages(pages, language, frame, out) && share_add(language, frame, out))
        return json_object_set_new(document->page, "frame", out) == 0;
    json_decref(out);
    return false;
}

/* What follows the language of a page's path, if it can be written into an address as it is. */
static const char *path_rest(const char *path)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    if (!path || path[0] != '/' || path[strspn(path, plain)])
        return NULL;
    for (int i = 0; i < LANGUAGES; i++) {
        const char *tag = language_tag((enum language)i);
        size_t length = strlen(tag);
        if (!strncmp(path + 1, tag, length) && (!path[1 + length] || path[1 + length] == '/'))
            return path + 1 + length;
    }
    return NULL;
}

bool page_problem(const struct pages *pages, struct document *document, const char *path,
                  const char *back, const char *retry_after)
{
    struct frame frame = {
        .title = json_string_value(json_object_get(document->model, "title")),
        .title_key = "frame.service",
        .rest = path_rest(path),
        .unlisted = true,
    };
    const char *code = json_string_value(json_object_get(document->model, "code"));
    json_t *errors = json_object_get(document->model, "errors");
    if (!code || !page_frame(pages, document, &frame))
        return false;
    json_t *page = document->page;
    return json_object_set_new(
               page, "problem_href",
               json_sprintf("/%s/problems/%s", language_tag(document->language), code)) == 0 &&
           json_object_set_new(page, "has_errors", json_boolean(json_array_size(errors) > 0)) ==
               0 &&
           (!path_rest(back) ||
            json_object_set_new(page, "back", json_pack("{s:s}", "href", back)) == 0) &&
           (!retry_after ||
            json_object_set_new(page, "retry",
                                wording_retry(pages, document->language, retry_after)) == 0);
}

bool page_crumb(struct document *document, const char *label, const char *href)
{
    json_t *frame = json_object_get(document->page, "frame");
    json_t *crumbs = json_object_get(frame, "crumbs");
    if (!crumbs) {
        crumbs = json_pack("{s:[]}", "list");
        if (!crumbs || json_object_set_new(frame, "crumbs", crumbs) != 0)
            return false;
    }
    return json_array_append_new(json_object_get(crumbs, "list"),
                                 json_pack("{s:s, s:s}", "label", label, "href", href)) == 0;
}
