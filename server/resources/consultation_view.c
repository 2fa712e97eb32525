/* What the pages of a consultation share; see consultation_view.h. */
#include "resources/consultation_view.h"

#include "base/parse.h"
#include "http/reply.h"
#include "represent/frame.h"
#include "represent/markup.h"
#include "represent/share.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t day_us = (int64_t)86400 * 1000000;

/* Address of a page below the consultation's: `kind` and `code`, or a whole rest and "". */
static json_t *address_of(const struct request *request, const struct consultation *consultation,
                          const char *kind, const char *code)
{
    const char *tag = language_tag(request->language);
    if (request->preview)
        return json_sprintf("/%s/officials/consultations/%s/preview%s%s", tag, consultation->slug,
                            kind, code);
    return json_sprintf("/%s/consultations/%s%s%s", tag, consultation->slug, kind, code);
}

json_t *consultation_address(const struct request *request, const struct consultation *consultation,
                             const char *rest)
{
    return address_of(request, consultation, rest, "");
}

json_t *direction_address(const struct request *request, const struct consultation *consultation,
                          const struct direction *direction)
{
    return address_of(request, consultation, "/directions/", direction->code);
}

json_t *measure_address(const struct request *request, const struct consultation *consultation,
                        const struct measure *measure)
{
    return address_of(request, consultation, "/measures/", measure->code);
}

static const char *window_flag(enum window window)
{
    switch (window) {
    case WINDOW_BEFORE:
        return "coming";
    case WINDOW_OPEN:
        return "open";
    case WINDOW_CLOSED:
        return "closed";
    }
    return "closed";
}

const char *consultation_state(const struct request *request,
                               const struct consultation *consultation)
{
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    return window_flag(consultation_window(consultation, now_us));
}

static bool view_window(const struct request *request, const struct consultation *c, json_t *view)
{
    const struct pages *pages = service_of(request)->pages;
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    char opens_at[RFC3339_TEXT], closes_at[RFC3339_TEXT];
    format_time(c->opens_us, opens_at);
    format_time(c->closes_us, closes_at);
    enum window window = request->preview ? WINDOW_BEFORE : consultation_window(c, now_us);
    json_t *more = json_pack("{s:b, s:o, s:s, s:o, s:s}", window_flag(window), 1, "opens",
                             wording_moment(pages, request->language, MOMENT_MINUTE, c->opens_us),
                             "opens_at", opens_at, "closes",
                             wording_moment(pages, request->language, MOMENT_END, c->closes_us),
                             "closes_at", closes_at);
    bool ok = more && json_object_update(view, more) == 0;
    json_decref(more);
    if (ok && window == WINDOW_CLOSED && now_us < c->grace_us)
        ok = json_object_set_new(
                 view, "grace",
                 wording_moment(pages, request->language, MOMENT_MINUTE, c->grace_us)) == 0;
    int64_t days = (c->closes_us - now_us) / day_us;
    if (days < 1)
        return ok && json_object_set_new(view, "last_day", json_true()) == 0;
    if (days == 1)
        return ok && json_object_set_new(view, "one_day", json_true()) == 0;
    return ok && json_object_set_new(view, "days", wording_count(days)) == 0;
}

static bool view_addresses(const struct request *request, const struct consultation *c,
                           json_t *view)
{
    static const char *const addresses[][2] = {
        {"href", ""},          {"answer", "/answer"},
        {"tally", "/tally"},   {"reconciliation", "/reconciliation"},
        {"search", "/search"}, {"glossary", "/glossary"},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        if (json_object_set_new(view, addresses[i][0],
                                consultation_address(request, c, addresses[i][1])) != 0)
            return false;
    return true;
}

json_t *direction_doors(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->direction_count; i++) {
        const struct direction *direction = &c->directions[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:o, s:o}", "code", direction->code, "title",
                                        direction->title.body[request->language], "href",
                                        direction_address(request, c, direction), "measures",
                                        wording_count((int64_t)direction->measures)));
    }
    return list;
}

json_t *question_texts(const struct request *request, const struct consultation *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->question_count; i++)
        json_array_append_new(list, json_string(c->questions[i].text.body[request->language]));
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return NULL;
}

/* The introduction's first paragraph says what the consultation is, those after it why. */
static bool view_introduction(const char *text, enum language language, json_t *view)
{
    const char *end = strstr(text, "\n\n");
    char *first = strndup(text, end ? (size_t)(end - text) : strlen(text));
    bool ok = first &&
              json_object_set_new(view, "introduction", markup_paragraphs(first, language)) == 0 &&
              (!end || json_object_set_new(view, "reasons", markup_paragraphs(end, language)) == 0);
    free(first);
    return ok;
}

json_t *extensions_view(const struct request *request, const struct consultation *c)
{
    const struct pages *pages = service_of(request)->pages;
    enum language language = request->language;
    json_t *list = c->extension_count ? json_array() : NULL;
    for (size_t i = c->extension_count; i > 0; i--) {
        const struct extension *extension = &c->extensions[i - 1];
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o, s:s}", "at",
                      wording_moment(pages, language, MOMENT_DAY, extension->extended_us), "from",
                      wording_moment(pages, language, MOMENT_END, extension->previous_us), "to",
                      wording_moment(pages, language, MOMENT_END, extension->closes_us), "reason",
                      extension->reason[language]));
    }
    return list ? json_pack("{s:o}", "list", list) : NULL;
}

/* "tel:" or "mailto:" and the address; NULL: no address, but words. New reference. */
static json_t *contact_href(enum contact_part part, const char *text)
{
    char digits[64];
    size_t count = 0;
    if (part == CONTACT_EMAIL)
        return json_sprintf("mailto:%s", text);
    if (part != CONTACT_TELEPHONE)
        return NULL;
    for (; *text && count + 1 < sizeof digits; text++)
        if (*text != ' ')
            digits[count++] = *text;
    digits[count] = '\0';
    return json_sprintf("tel:%s", digits);
}

json_t *contact_view(const struct request *request, const struct consultation *c)
{
    json_t *list = NULL;
    for (enum contact_part part = 0; part < CONTACT_PARTS; part++) {
        const char *text = c->contact_details[part].body[request->language];
        char key[32];
        if (!text)
            continue;
        snprintf(key, sizeof key, "contact.%s", contact_part_name(part));
        list = list ? list : json_array();
        json_array_append_new(
            list,
            json_pack("{s:o, s:o*, s:o, s:s}", "label",
                      wording_string(service_of(request)->pages, request->language, key, NULL),
                      "reach", contact_href(part, text), "lines",
                      markup_paragraphs(text, request->language), "text", text));
    }
    return list ? json_pack("{s:o}", "list", list) : NULL;
}

json_t *consultation_view(const struct request *request, const struct consultation *consultation,
                          bool live)
{
    const struct consultation *c = consultation;
    enum language language = request->language;
    json_t *view = json_pack("{s:s, s:s, s:s, s:o}", "slug", c->slug, "title",
                             c->title.body[language], "summary", c->summary.body[language],
                             "contact", markup_paragraphs(c->contact.body[language], language));
    bool ok = view && view_introduction(c->introduction.body[language], language, view) &&
              view_window(request, c, view) && view_addresses(request, c, view);
    if (ok && c->rehearsal)
        ok = json_object_set_new(view, "rehearsal", json_true()) == 0;
    if (ok && consultation_is_withheld(request, c))
        ok = json_object_set_new(view, "withheld", json_true()) == 0;
    if (ok && c->responses > 0 && !request->preview)
        ok = json_object_set_new(view, "responses",
                                 consultation_address(request, c, "/responses")) == 0 &&
             json_object_set_new(view, "responses_count", wording_count(c->responses)) == 0;
    json_t *extensions = ok ? extensions_view(request, c) : NULL;
    if (extensions)
        ok = json_object_set_new(view, "extensions", extensions) == 0;
    json_t *details = ok ? contact_view(request, c) : NULL;
    if (details)
        ok = json_object_set_new(view, "contact_details", details) == 0;
    if (ok && live) {
        int64_t received = catalogue_received(service_of(request)->catalogue, c->id);
        ok = json_object_set_new(view, "received", wording_count(received)) == 0;
    }
    if (ok)
        return view;
    json_decref(view);
    return NULL;
}

bool consultation_is_withheld(const struct request *request,
                              const struct consultation *consultation)
{
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    return !request->preview && consultation_window(consultation, now_us) == WINDOW_BEFORE;
}

struct consultation *consultation_announced(struct request *request, size_t part)
{
    struct catalogue *catalogue = service_of(request)->catalogue;
    const char *slug = request->parts[part];
    struct consultation *consultation =
        request->preview ? catalogue_find_any(catalogue, slug) : catalogue_find(catalogue, slug);
    if (!consultation)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return consultation;
}

struct consultation *consultation_of(struct request *request, size_t part)
{
    struct consultation *consultation = consultation_announced(request, part);
    if (!consultation || !consultation_is_withheld(request, consultation))
        return consultation;
    if (request->representation == REPRESENT_PAGE) {
        json_t *address = consultation_address(request, consultation, "");
        reply_redirect(request, 303, json_string_value(address));
        json_decref(address);
    } else {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    }
    consultation_release(consultation);
    return NULL;
}

int64_t consultation_turns(const struct request *request, const struct consultation *consultation)
{
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    switch (consultation_window(consultation, now_us)) {
    case WINDOW_BEFORE:
        return consultation->opens_us;
    case WINDOW_OPEN:
        return consultation->closes_us;
    case WINDOW_CLOSED:
        break;
    }
    return now_us < consultation->grace_us ? consultation->grace_us : 0;
}

struct document *consultation_document(const struct request *request,
                                       const struct consultation *consultation, int status,
                                       const char *template, bool live)
{
    struct document *document = document_new(status, request->language);
    if (!document)
        return NULL;
    document->template = template;
    document->depends = consultation->id;
    document->ends_us = consultation_turns(request, consultation);
    document->page =
        json_pack("{s:o}", "consultation", consultation_view(request, consultation, live));
    if (document->page)
        return document;
    document_free(document);
    return NULL;
}

/* What preview.mustache says: {opens, back, complete}. */
static bool preview_view(const struct request *request, const struct consultation *c, json_t *page)
{
    return json_object_set_new(
               page, "preview",
               json_pack("{s:o, s:o, s:b}", "opens",
                         wording_moment(service_of(request)->pages, request->language,
                                        MOMENT_MINUTE, c->opens_us),
                         "back",
                         json_sprintf("/%s/officials/consultations/%s",
                                      language_tag(request->language), c->slug),
                         "complete", c->complete)) == 0;
}

bool consultation_frame(const struct request *request, const struct consultation *consultation,
                        struct document *document, struct frame frame, const char *rest)
{
    const struct pages *pages = service_of(request)->pages;
    char address[CONSULTATION_ADDRESS];
    if (rest) {
        int n = snprintf(address, sizeof address,
                         request->preview ? "/officials/consultations/%s/preview%s"
                                          : "/consultations/%s%s",
                         consultation->slug, rest);
        if (n < 0 || n >= CONSULTATION_ADDRESS)
            return false;
        frame.rest = address;
    }
    frame.rehearsal = consultation->rehearsal;
    frame.base_url = request->preview ? NULL : service_of(request)->base_url;
    frame.unlisted = frame.unlisted || request->preview;
    if (!frame.description)
        frame.description = consultation->summary.body[request->language];
    if (!page_frame(pages, document, &frame) ||
        (request->preview && !preview_view(request, consultation, document->page)))
        return false;
    json_t *start = wording_string(pages, request->language, "start.title", NULL);
    json_t *home = json_object_get(json_object_get(document->page, "frame"), "home");
    json_t *href = consultation_address(request, consultation, "");
    bool ok =
        start && href && page_crumb(document, json_string_value(start), json_string_value(home));
    if (ok && !(rest && !*rest))
        ok = page_crumb(document, consultation->title.body[request->language],
                        json_string_value(href));
    json_decref(start);
    json_decref(href);
    return ok;
}

struct document *consultation_data(const struct request *request,
                                   const struct consultation *consultation, json_t *model,
                                   const char *rest)
{
    struct document *document = model ? document_new(200, request->language) : NULL;
    if (!document) {
        json_decref(model);
        return NULL;
    }
    document_say(document, model);
    document->depends = consultation->id;
    document->ends_us = consultation_turns(request, consultation);
    if (document_alternate(document, "/%s/consultations/%s%s", language_tag(request->language),
                           consultation->slug, rest))
        return document;
    document_free(document);
    return NULL;
}

struct document *consultation_finish(const struct request *request,
                                     const struct consultation *consultation,
                                     struct document *document, struct frame frame,
                                     const char *rest)
{
    if (!document)
        return NULL;
    if (request->preview) {
        if (consultation_frame(request, consultation, document, frame, rest))
            return document;
    } else if (document_alternate(document, "/v1/consultations/%s%s", consultation->slug, rest)) {
        frame.json = document->alternate;
        if (consultation_frame(request, consultation, document, frame, rest))
            return document;
    }
    document_free(document);
    return NULL;
}

struct document *consultation_shared(struct document *document, json_t *about)
{
    if (!document) {
        json_decref(about);
        return NULL;
    }
    if (share_linked(document, about))
        return document;
    document_free(document);
    return NULL;
}
