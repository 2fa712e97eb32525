/* The service itself: start page, privacy statement, what problems mean, files and the contract. */
#include "http/reply.h"
#include "represent/share.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { CONSULTATIONS_MOST = 100, ADDRESS_TEXT = 128 };

/* By Accept-Language, which the request's language already follows where no path names one. */
enum handled about_root(struct request *request)
{
    char location[ADDRESS_TEXT];
    snprintf(location, sizeof location, "/%s", language_tag(request->language));
    reply_header(request, "Vary", "Accept-Language");
    reply_redirect(request, 302, location);
    return HANDLED;
}

/* {list: …} of the views of one kind; absent if there are none. */
static bool start_list(json_t *page, const char *name, json_t *list)
{
    if (!json_array_size(list))
        return true;
    return json_object_set_new(page, name, json_pack("{s:O}", "list", list)) == 0;
}

static bool start_fill(const struct request *request, struct document *document)
{
    struct consultation *all[CONSULTATIONS_MOST];
    size_t count = catalogue_all(service_of(request)->catalogue, all, CONSULTATIONS_MOST);
    json_t *real = json_array(), *rehearsals = json_array();
    bool ok = real && rehearsals;
    for (size_t i = 0; i < count; i++) {
        json_t *view = consultation_view(request, all[i], true);
        if (view && !all[i]->rehearsal && !consultation_is_withheld(request, all[i]))
            json_object_set_new(view, "directions", direction_doors(request, all[i]));
        ok = ok && json_array_append_new(all[i]->rehearsal ? rehearsals : real, view) == 0;
        consultation_release(all[i]);
    }
    ok = ok && start_list(document->page, "consultations", real) &&
         start_list(document->page, "rehearsals", rehearsals);
    json_decref(real);
    json_decref(rehearsals);
    return ok;
}

/* A page of nothing but strings and its frame; NULL: no memory. */
static struct document *about_document(const struct request *request, const char *template,
                                       const struct frame *frame)
{
    struct document *document = document_new(200, request->language);
    if (!document)
        return NULL;
    document->template = template;
    if (page_frame(service_of(request)->pages, document, frame))
        return document;
    document_free(document);
    return NULL;
}

enum handled about_start(struct request *request)
{
    const struct pages *pages = service_of(request)->pages;
    json_t *lead = wording_string(pages, request->language, "start.lead", NULL);
    struct frame frame = {.title_key = "start.title",
                          .rest = "",
                          .json = "/v1/consultations",
                          .base_url = service_of(request)->base_url,
                          .description = json_string_value(lead)};
    struct document *document = about_document(request, "start", &frame);
    json_decref(lead);
    if (document && !start_fill(request, document)) {
        document_free(document);
        document = NULL;
    }
    if (document && !share_linked(document, NULL)) {
        document_free(document);
        document = NULL;
    }
    if (document)
        document_alternate(document, "/v1/consultations");
    reply_document(request, document);
    return HANDLED;
}

/* Whom to ask: of each consultation that says so, but for rehearsals, which have the same words. */
static bool privacy_contacts(const struct request *request, struct document *document)
{
    struct consultation *all[CONSULTATIONS_MOST];
    size_t count = catalogue_all(service_of(request)->catalogue, all, CONSULTATIONS_MOST);
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; i < count; i++) {
        json_t *details = all[i]->rehearsal ? NULL : contact_view(request, all[i]);
        if (details)
            ok =
                json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "title",
                                                      all[i]->title.body[request->language], "href",
                                                      consultation_address(request, all[i], ""),
                                                      "contact_details", details)) == 0 &&
                ok;
        consultation_release(all[i]);
    }
    ok = ok && start_list(document->page, "contacts", list);
    json_decref(list);
    return ok;
}

enum handled about_privacy(struct request *request)
{
    struct frame frame = {.title_key = "privacy.title",
                          .rest = "/privacy",
                          .base_url = service_of(request)->base_url};
    struct document *document = about_document(request, "privacy", &frame);
    if (document && !privacy_contacts(request, document)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}

/* Kept by the service worker, which shows it in the place of pages that cannot be reached; so could
 * not be its fellows in other languages, and it links to none. */
enum handled about_offline(struct request *request)
{
    struct frame frame = {.title_key = "offline.title", .unlisted = true};
    reply_document(request, about_document(request, "offline", &frame));
    return HANDLED;
}

enum handled about_problem(struct request *request)
{
    const struct pages *pages = service_of(request)->pages;
    enum problem_code code = problem_find(request->parts[1]);
    if (code == PROBLEM_NONE) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    const char *slug = problem_slug(code);
    char title_key[ADDRESS_TEXT], detail_key[ADDRESS_TEXT], rest[ADDRESS_TEXT];
    snprintf(title_key, sizeof title_key, "problem.%s.title", slug);
    snprintf(detail_key, sizeof detail_key, "problem.%s.detail", slug);
    snprintf(rest, sizeof rest, "/problems/%s", slug);
    struct frame frame = {.title_key = title_key, .rest = rest, .unlisted = true};
    struct document *document = about_document(request, "problem_code", &frame);
    json_t *any = json_pack("{s:s}", "limit", "…");
    if (document &&
        !document_say(document,
                      json_pack("{s:s, s:i, s:o, s:o}", "code", slug, "status",
                                problem_status(code), "title",
                                wording_string(pages, request->language, title_key, any), "detail",
                                wording_string(pages, request->language, detail_key, any)))) {
        document_free(document);
        document = NULL;
    }
    json_decref(any);
    reply_document(request, document);
    return HANDLED;
}

/* The `type` of a problem document names no language. */
enum handled about_problem_root(struct request *request)
{
    enum problem_code code = problem_find(request->parts[0]);
    if (code == PROBLEM_NONE) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    char location[ADDRESS_TEXT];
    snprintf(location, sizeof location, "/%s/problems/%s", language_tag(request->language),
             problem_slug(code));
    reply_header(request, "Vary", "Accept-Language");
    reply_redirect(request, 302, location);
    return HANDLED;
}

static enum handled about_file(struct request *request, const struct asset *asset)
{
    if (asset)
        reply_bytes(request, 200, asset->type, asset->bytes, asset->length);
    else
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return HANDLED;
}

enum handled about_asset(struct request *request)
{
    struct asset asset;
    bool found = pages_file(service_of(request)->pages, request->parts[0], &asset);
    return about_file(request, found ? &asset : NULL);
}

enum handled about_contract(struct request *request)
{
    struct asset asset;
    bool found = pages_root_file(service_of(request)->pages, "openapi.yaml", &asset);
    return about_file(request, found ? &asset : NULL);
}

/* The service worker, under an address that stays: browsers look there for a newer one, and its
 * folder is what it may be asked to stand by for. */
enum handled about_offline_worker(struct request *request)
{
    struct asset asset;
    bool found = pages_root_file(service_of(request)->pages, "offline.worker.js", &asset);
    return about_file(request, found ? &asset : NULL);
}
