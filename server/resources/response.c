/* One published response: its latest version, and each version at an address that stays. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/printing.h"
#include "resources/response_cite.h"
#include "resources/response_published.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the filing in the address, data and pages alike. `version`: in the address; 0: the latest. */
struct shown {
    const struct consultation *consultation;
    const struct published *published;
    int version;
};

static json_t *links_model(const struct request *request, const struct shown *shown)
{
    const struct published *published = shown->published;
    const char *slug = shown->consultation->slug;
    char rest[PUBLISHED_REST];
    published_rest(published->number, published->version, rest);
    json_t *links = json_pack(
        "{s:o, s:o, s:o, s:o, s:s}", "self", json_sprintf("/v1/consultations/%s%s", slug, rest),
        "document", json_sprintf("/v1/consultations/%s%s/document", slug, rest), "latest",
        json_sprintf("/v1/consultations/%s/responses/%s", slug, published->number), "page",
        consultation_address(request, shown->consultation, rest), "keys",
        "/.well-known/receipt-keys");
    return links;
}

static json_t *whole_model(const struct request *request, const struct shown *shown)
{
    const struct published *published = shown->published;
    char filed[RFC3339_TEXT], at[RFC3339_TEXT], digest[2 * DIGEST_BYTES + 1];
    format_time(published->filed_us, filed);
    format_time(published->published_us, at);
    digest_hex(&published->receipt.digest, digest);
    return json_pack("{s:s, s:s, s:i, s:b, s:i, s:O, s:s, s:s, s:s, s:o, s:O, s:o}", "consultation",
                     shown->consultation->slug, "number", published->number, "version",
                     published->version, "latest", published->latest, "latest_version",
                     published->newest, "institution", published->institution, "filed_at", filed,
                     "published_at", at, "digest", digest, "receipt",
                     filing_receipt_document(service_of(request)->keys, &published->receipt),
                     "document", published->document, "links", links_model(request, shown));
}

/* Every published version: [{version, href, filed, current}]; JSON's null where there is one only.
 */
static json_t *versions_view(struct request *request, const struct shown *shown)
{
    enum { VERSION, ARRIVED_AT };
    struct params params = {0};
    struct rows rows = {0};
    json_t *list = json_array();
    params_int4(&params, shown->consultation->id);
    params_text(&params, shown->published->number);
    if (!published_run(request, STATEMENT_RESPONSE_PUBLISHED_VERSIONS, &params, &rows)) {
        rows_clear(&rows);
        json_decref(list);
        return NULL;
    }
    for (int row = 0; rows_count(&rows) > 1 && row < rows_count(&rows); row++) {
        char rest[PUBLISHED_REST];
        int version = (int)row_int(&rows, row, VERSION);
        published_rest(shown->published->number, version, rest);
        json_array_append_new(
            list, json_pack("{s:i, s:o, s:o, s:b}", "version", version, "href",
                            consultation_address(request, shown->consultation, rest), "filed",
                            wording_moment(service_of(request)->pages, request->language,
                                           MOMENT_MINUTE, row_time(&rows, row, ARRIVED_AT)),
                            "current", version == shown->published->version));
    }
    rows_clear(&rows);
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

/* False: a reply is set, or there is no memory. */
static bool page_fill(struct request *request, const struct shown *shown, json_t *page)
{
    const struct pages *pages = service_of(request)->pages;
    const struct consultation *c = shown->consultation;
    const struct published *published = shown->published;
    char rest[PUBLISHED_REST], latest[PUBLISHED_REST];
    published_rest(published->number, published->version, rest);
    published_rest(published->number, 0, latest);
    json_t *here = consultation_address(request, c, rest);
    json_t *folder = json_sprintf("%s/attachments", json_string_value(here));
    json_t *versions = versions_view(request, shown);
    json_t *response =
        versions
            ? json_pack("{s:s, s:i, s:s, s:O, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:O}", "number",
                        published->number, "version", published->version, "name", published->name,
                        "institution", published->institution, "filed",
                        wording_moments(pages, request->language, published->filed_us), "published",
                        wording_moments(pages, request->language, published->published_us),
                        "superseded", !published->latest, "latest",
                        consultation_address(request, c, latest), "cite",
                        response_cite(request, c, published), "receipt",
                        published_receipt(request, published), "document",
                        json_sprintf("/v1/consultations/%s%s/document", c->slug, rest), "versions",
                        versions)
            : NULL;
    bool ok =
        response && json_object_set_new(page, "response", response) == 0 &&
        json_object_set_new(page, "body", response_view(request, c, published->document)) == 0 &&
        json_object_set_new(page, "attachments",
                            response_attachments(published->document, json_string_value(folder))) ==
            0 &&
        json_object_set_new(page, "list", consultation_address(request, c, "/responses")) == 0;
    if (ok && printing_is_there(request))
        ok = json_object_set_new(page, "pdf", json_sprintf("%s/pdf", json_string_value(here))) == 0;
    json_decref(versions);
    json_decref(folder);
    json_decref(here);
    return ok;
}

/* As schema.org has it. */
static json_t *linked_model(const struct shown *shown, const char *title)
{
    const struct published *published = shown->published;
    char filed[RFC3339_TEXT], at[RFC3339_TEXT];
    format_time(published->filed_us, filed);
    format_time(published->published_us, at);
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:{s:s, s:s}}", "@type", "Report", "name",
                     title, "identifier", published->number, "version", published->version,
                     "dateCreated", filed, "datePublished", at, "inLanguage",
                     language_tag(published->language), "author", "@type", "Organization", "name",
                     published->name);
}

static struct document *page_document(struct request *request, const struct shown *shown)
{
    const struct consultation *c = shown->consultation;
    char rest[PUBLISHED_REST];
    published_rest(shown->published->number, shown->version, rest);
    struct document *document = consultation_document(request, c, 200, "response", false);
    if (document && !page_fill(request, shown, document->page)) {
        document_free(document);
        return NULL;
    }
    json_t *named = json_pack("{s:s, s:s}", "name", shown->published->name, "title",
                              c->title.body[request->language]);
    json_t *title =
        wording_string(service_of(request)->pages, request->language, "response.title-of", named);
    json_t *label =
        wording_string(service_of(request)->pages, request->language, "response.list", NULL);
    json_t *up = consultation_address(request, c, "/responses");
    /* One that was superseded stays where it is cited, and is not to be found beside the latest. */
    struct frame frame = {.title = json_string_value(title), .unlisted = !shown->published->latest};
    document = consultation_finish(request, c, document, frame, rest);
    if (document && !page_crumb(document, json_string_value(label), json_string_value(up))) {
        document_free(document);
        document = NULL;
    }
    document = consultation_shared(document, linked_model(shown, json_string_value(title)));
    json_decref(named);
    json_decref(title);
    json_decref(label);
    json_decref(up);
    return document;
}

/* What was public and was taken back says so under its address, and why. */
static struct document *withheld_document(const struct request *request,
                                          const struct consultation *c, const char *rest,
                                          const json_t *withheld)
{
    int64_t at_us = json_integer_value(json_object_get(withheld, "at_us"));
    if (request->representation != REPRESENT_PAGE) {
        char at[RFC3339_TEXT];
        format_time(at_us, at);
        return consultation_data(request, c,
                                 json_pack("{s:s, s:O, s:{s:s, s:O}}", "consultation", c->slug,
                                           "version", json_object_get(withheld, "version"),
                                           "withheld", "at", at, "reason",
                                           json_object_get(withheld, "reason")),
                                 rest);
    }
    struct document *document = consultation_document(request, c, 200, "response_withheld", false);
    if (!document)
        return NULL;
    json_t *view = json_pack(
        "{s:O, s:O, s:O, s:o}", "name", json_object_get(withheld, "institution"), "version",
        json_object_get(withheld, "version"), "reason", json_object_get(withheld, "reason"), "at",
        wording_moment(service_of(request)->pages, request->language, MOMENT_DAY, at_us));
    json_object_set_new(document->page, "withheld", view);
    json_object_set_new(document->page, "list", consultation_address(request, c, "/responses"));
    const struct frame frame = {.title_key = "response.withheld", .unlisted = true};
    return consultation_finish(request, c, document, frame, rest);
}

static enum handled one_reply(struct request *request, size_t part)
{
    char number[NUMBER_TEXT + 1], rest[PUBLISHED_REST];
    int version = 0;
    struct published published = {0};
    json_t *withheld = NULL;
    struct consultation *c = consultation_of(request, part);
    if (c && published_address(request, number, &version)) {
        struct shown shown = {.consultation = c, .published = &published, .version = version};
        published_rest(number, version, rest);
        if (published_find(request, c, number, version, &published, &withheld))
            reply_document(request,
                           request->representation == REPRESENT_PAGE
                               ? page_document(request, &shown)
                               : consultation_data(request, c, whole_model(request, &shown), rest));
        else if (withheld)
            reply_document(request, withheld_document(request, c, rest, withheld));
    }
    json_decref(withheld);
    published_clear(&published);
    consultation_release(c);
    return HANDLED;
}

enum handled response_get(struct request *request)
{
    return one_reply(request, 0);
}

enum handled response_page(struct request *request)
{
    return one_reply(request, 1);
}

enum handled response_version_get(struct request *request)
{
    return one_reply(request, 0);
}

enum handled response_version_page(struct request *request)
{
    return one_reply(request, 1);
}
