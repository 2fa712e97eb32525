/* What search engines are told: every page worth finding, in each language (sitemaps.org 0.9, with
 * Google's xhtml:link for the other languages), and robots.txt, which points there. */
#include "http/reply.h"
#include "represent/template.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdlib.h>
#include <string.h>

enum { CONSULTATIONS_MOST = 100 };

static const char type_xml[] = "application/xml; charset=utf-8";
static const char type_text[] = "text/plain; charset=utf-8";

static void address_add(struct buf *out, const char *base_url, enum language language,
                        const char *rest)
{
    template_escape(out, base_url, strlen(base_url));
    buf_format(out, "/%s", language_tag(language));
    template_escape(out, rest, strlen(rest));
}

/* One page: an entry a language, each with links to all of them. */
static void page_add(struct buf *out, const char *base_url, const char *rest)
{
    for (int i = 0; i < LANGUAGES; i++) {
        buf_text(out, "<url><loc>");
        address_add(out, base_url, (enum language)i, rest);
        buf_text(out, "</loc>");
        for (int other = 0; other < LANGUAGES; other++) {
            buf_format(out, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"",
                       language_tag((enum language)other));
            address_add(out, base_url, (enum language)other, rest);
            buf_text(out, "\"/>");
        }
        buf_text(out, "</url>\n");
    }
}

/* `withheld`: it has not opened, and its own page is all there is. */
static void pages_of(struct buf *out, const char *base_url, const struct consultation *c,
                     bool withheld)
{
    static const char *const rests[] = {"", "/glossary", "/tally", "/reconciliation"};
    char rest[192];
    for (size_t i = 0; i < (withheld ? 1 : sizeof rests / sizeof *rests); i++) {
        snprintf(rest, sizeof rest, "/consultations/%s%s", c->slug, rests[i]);
        page_add(out, base_url, rest);
    }
    if (!withheld && c->responses > 0) {
        snprintf(rest, sizeof rest, "/consultations/%s/responses", c->slug);
        page_add(out, base_url, rest);
        snprintf(rest, sizeof rest, "/consultations/%s/responses/matrix", c->slug);
        page_add(out, base_url, rest);
    }
    for (size_t i = 0; !withheld && i < c->direction_count; i++) {
        snprintf(rest, sizeof rest, "/consultations/%s/directions/%s", c->slug,
                 c->directions[i].code);
        page_add(out, base_url, rest);
    }
    for (size_t i = 0; !withheld && i < c->measure_count; i++) {
        snprintf(rest, sizeof rest, "/consultations/%s/measures/%s", c->slug, c->measures[i].code);
        page_add(out, base_url, rest);
        snprintf(rest, sizeof rest, "/consultations/%s/measures/%s/remarks", c->slug,
                 c->measures[i].code);
        page_add(out, base_url, rest);
    }
}

static void reply_buf(struct request *request, const char *type, struct buf *out)
{
    if (buf_ok(out))
        reply_bytes(request, 200, type, out->data, out->length);
    else
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    buf_clear(out);
}

/* Rehearsals ask not to be listed, so they are left out. Addresses in a sitemap are absolute: a
 * service that does not know its own has none. */
enum handled sitemap_get(struct request *request)
{
    static const char *const rests[] = {"", "/privacy", "/receipt-check", "/institutions"};
    const char *base_url = service_of(request)->base_url;
    struct consultation *all[CONSULTATIONS_MOST];
    struct buf out = {0};
    if (!*base_url) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    buf_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""
                   " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
        page_add(&out, base_url, rests[i]);
    size_t count = catalogue_all(service_of(request)->catalogue, all, CONSULTATIONS_MOST);
    for (size_t i = 0; i < count; i++) {
        if (!all[i]->rehearsal)
            pages_of(&out, base_url, all[i], consultation_is_withheld(request, all[i]));
        consultation_release(all[i]);
    }
    buf_text(&out, "</urlset>\n");
    reply_buf(request, type_xml, &out);
    return HANDLED;
}

enum handled sitemap_robots(struct request *request)
{
    struct asset asset;
    struct buf out = {0};
    if (!pages_root_file(service_of(request)->pages, "robots.txt", &asset)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    buf_add(&out, asset.bytes, asset.length);
    if (*service_of(request)->base_url)
        buf_format(&out, "\nSitemap: %s/sitemap.xml\n", service_of(request)->base_url);
    reply_buf(request, type_text, &out);
    return HANDLED;
}
