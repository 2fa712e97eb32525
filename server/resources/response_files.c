/* What is downloaded of a published response: the document byte for byte as it was filed, an
 * attachment that it names, and the page as a PDF. */
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
#include <string.h>

enum { FILE_NAME = 64 };

/* The filing of the address while it is public. False: a reply is set, 404 also for one that was
 * taken back. *out, *consultation: to be cleared and released whatever comes. */
static bool file_find(struct request *request, size_t part, struct consultation **consultation,
                      struct published *out)
{
    char number[NUMBER_TEXT + 1];
    int version = 0;
    json_t *withheld = NULL;
    *out = (struct published){0};
    *consultation = consultation_of(request, part);
    bool found = *consultation && published_address(request, number, &version) &&
                 published_find(request, *consultation, number, version, out, &withheld);
    if (withheld)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    json_decref(withheld);
    return found;
}

/* The bytes that the digest is of. */
enum handled response_document_file(struct request *request)
{
    struct consultation *c = NULL;
    struct published published;
    if (file_find(request, 0, &c, &published)) {
        char name[FILE_NAME];
        snprintf(name, sizeof name, "attachment; filename=\"%s-%d.json\"", published.number,
                 published.version);
        reply_header(request, "Content-Disposition", name);
        reply_bytes(request, 200, "application/json", published.bytes, published.length);
    }
    published_clear(&published);
    consultation_release(c);
    return HANDLED;
}

/* The document's own entry of that digest; NULL: it names none such. Borrowed. */
static const json_t *attachment_named(const json_t *document, const char *sha256)
{
    const json_t *attachment;
    size_t i;
    json_array_foreach(json_object_get(document, "attachments"), i, attachment)
    {
        if (strcmp(json_string_value(json_object_get(attachment, "sha256")), sha256) == 0)
            return attachment;
    }
    return NULL;
}

/* Name, type and length are what was filed, and so signed. */
static void attachment_send(struct request *request, const json_t *attachment)
{
    const char *sha256 = json_string_value(json_object_get(attachment, "sha256"));
    struct digest digest;
    int file = -1;
    if (digest_of_hex(sha256, &digest))
        file = blob_open(service_of(request)->attachments.blobs, &digest);
    if (file < 0) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    }
    reply_file(request,
               &(struct reply_file){
                   .file = file,
                   .length = (uint64_t)json_integer_value(json_object_get(attachment, "bytes")),
                   .type = json_string_value(json_object_get(attachment, "media_type")),
                   .name = json_string_value(json_object_get(attachment, "name")),
                   .digest = sha256});
}

enum handled response_attachment_file(struct request *request)
{
    struct consultation *c = NULL;
    struct published published;
    if (file_find(request, 1, &c, &published)) {
        const json_t *attachment =
            attachment_named(published.document, request_part(request, "sha256"));
        if (attachment)
            attachment_send(request, attachment);
        else
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    }
    published_clear(&published);
    consultation_release(c);
    return HANDLED;
}

/* As response.mustache's `response`, but for what leads elsewhere. New reference. */
static json_t *print_view(const struct request *request, const struct consultation *c,
                          const struct published *published)
{
    const struct pages *pages = service_of(request)->pages;
    return json_pack("{s:s, s:i, s:s, s:O, s:o, s:o, s:b, s:o, s:o}", "number", published->number,
                     "version", published->version, "name", published->name, "institution",
                     published->institution, "filed",
                     wording_moments(pages, request->language, published->filed_us), "published",
                     wording_moments(pages, request->language, published->published_us),
                     "superseded", !published->latest, "cite", response_cite(request, c, published),
                     "receipt", published_receipt(request, published));
}

/* With addresses in whole: paper is read elsewhere. */
static struct document *print_document(const struct request *request, const struct consultation *c,
                                       const struct published *published)
{
    const struct service *service = service_of(request);
    char rest[PUBLISHED_REST];
    published_rest(published->number, published->version, rest);
    json_t *folder = json_sprintf("%s/%s/consultations/%s%s/attachments", service->base_url,
                                  language_tag(request->language), c->slug, rest);
    json_t *files = response_attachments(published->document,
                                         *service->base_url ? json_string_value(folder) : NULL);
    json_decref(folder);
    return printing_document(request, c, print_view(request, c, published),
                             response_view(request, c, published->document), files);
}

enum handled response_pdf_file(struct request *request)
{
    enum handled handled = HANDLED;
    struct consultation *c = NULL;
    struct published published;
    if (file_find(request, 1, &c, &published)) {
        char name[FILE_NAME];
        snprintf(name, sizeof name, "%s-%d.pdf", published.number, published.version);
        handled = printing_reply(request, print_document(request, c, &published), name);
    }
    published_clear(&published);
    consultation_release(c);
    return handled;
}
