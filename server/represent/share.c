/* A page as others link to it; see share.h. */
#include "represent/share.h"

#include "represent/markup.h"
#include "represent/wording.h"

#include <string.h>

/* Open Graph names a language with a territory. */
static const char *locale_of(enum language language)
{
    switch (language) {
    case LANGUAGE_ZH_HANT:
        return "zh_HK";
    case LANGUAGE_EN:
        return "en_GB";
    case LANGUAGE_ZH_HANS:
        return "zh_CN";
    case LANGUAGES:
        break;
    }
    return "en_GB";
}

static json_t *address_of(const struct frame *frame, enum language language)
{
    return json_sprintf("%s/%s%s", frame->base_url, language_tag(language), frame->rest);
}

/* For readers of none of the three: the address that looks at what they would rather read, where
 * there is one, else English. */
static json_t *fallback_of(const struct frame *frame)
{
    return *frame->rest ? address_of(frame, LANGUAGE_EN) : json_sprintf("%s/", frame->base_url);
}

bool share_add(enum language language, const struct frame *frame, json_t *out)
{
    if (!frame->rest || !frame->base_url || !*frame->base_url)
        return true;
    json_t *alternates = json_array(), *locales = json_array();
    for (int i = 0; i < LANGUAGES; i++) {
        enum language each = (enum language)i;
        json_array_append_new(alternates, json_pack("{s:s, s:o}", "tag", language_tag(each), "href",
                                                    address_of(frame, each)));
        if (each != language)
            json_array_append_new(locales, json_string(locale_of(each)));
    }
    json_t *share = json_pack(
        "{s:o, s:s, s:s, s:o, s:o, s:o, s:s*}", "canonical", address_of(frame, language), "site",
        frame->base_url, "locale", locale_of(language), "other_locales", locales, "alternates",
        alternates, "fallback", fallback_of(frame), "description", frame->description);
    return json_object_set_new(out, "share", share) == 0;
}

/* The steps of the way to a page, itself the last. */
static json_t *steps_of(const json_t *frame, const char *site)
{
    json_t *steps = json_array(), *crumb;
    size_t i, position = 1;
    json_array_foreach(json_object_get(json_object_get(frame, "crumbs"), "list"), i, crumb)
    {
        json_array_append_new(
            steps,
            json_pack(
                "{s:s, s:I, s:O, s:o}", "@type", "ListItem", "position", (json_int_t)position++,
                "name", json_object_get(crumb, "label"), "item",
                json_sprintf("%s%s", site, json_string_value(json_object_get(crumb, "href")))));
    }
    json_array_append_new(steps,
                          json_pack("{s:s, s:I, s:O}", "@type", "ListItem", "position",
                                    (json_int_t)position, "name", json_object_get(frame, "title")));
    return steps;
}

/* What the page's head says already (title, description, site) is not said again. */
static json_t *graph_of(enum language language, const json_t *frame, const json_t *share,
                        const json_t *about)
{
    const char *site = json_string_value(json_object_get(share, "site"));
    json_t *page = json_pack("{s:s, s:O, s:s, s:{s:s, s:o}}", "@type", "WebPage", "url",
                             json_object_get(share, "canonical"), "inLanguage",
                             language_tag(language), "breadcrumb", "@type", "BreadcrumbList",
                             "itemListElement", steps_of(frame, site));
    if (page && about)
        json_object_set(page, "mainEntity", (json_t *)(uintptr_t)about);
    if (page)
        json_object_set_new(page, "@context", json_string("https://schema.org"));
    return page;
}

bool share_linked(struct document *document, json_t *about)
{
    json_t *frame = json_object_get(document->page, "frame");
    const json_t *share = json_object_get(frame, "share");
    bool ok = true;
    if (share && !json_object_get(frame, "unlisted")) {
        json_t *graph = graph_of(document->language, frame, share, about);
        ok = json_object_set_new(frame, "linked", markup_script_json(graph)) == 0;
        json_decref(graph);
    }
    json_decref(about);
    return ok;
}
