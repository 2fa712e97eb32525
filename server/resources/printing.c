/* From a page to its PDF, one at a time; see printing.h. */
#include "resources/printing.h"

#include "base/log.h"
#include "http/reply.h"
#include "http/worker.h"
#include "process/print.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 64 };

/* When there may be a place again. */
#define RETRY_S "20"

struct printing {
    struct job job;
    struct request *request;
    char *page;
    size_t length;
    struct digest digest; /* of the page */
    char name[NAME];
};

bool printing_is_there(const struct request *request)
{
    return *service_of(request)->settings.weasyprint != '\0';
}

static void printing_free(struct printing *printing)
{
    free(printing->page);
    free(printing);
}

/* The validator is the page's digest: another page is another PDF. Takes `file` over. */
static void printing_send(const struct printing *printing, int file, uint64_t length)
{
    char hex[2 * DIGEST_BYTES + 1];
    digest_hex(&printing->digest, hex);
    reply_file(printing->request, &(struct reply_file){.file = file,
                                                       .length = length,
                                                       .type = "application/pdf",
                                                       .name = printing->name,
                                                       .digest = hex});
}

static void printing_busy(struct request *request)
{
    reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_S);
    reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
}

static void printing_make(const struct printing *printing)
{
    const struct service *service = service_of(printing->request);
    const struct settings *settings = &service->settings;
    const struct printer printer = {.python = settings->weasyprint,
                                    .folder = settings->programs_folder,
                                    .unconfined = settings->programs_unconfined};
    size_t written = 0;
    int file = printed_file(service->printed);
    enum problem_code code = PROBLEM_INTERNAL;
    if (file >= 0)
        code = print_page(&printer, printing->page, printing->length, file, &written);
    if (code == PROBLEM_NONE) {
        printed_keep(service->printed, &printing->digest, file, written);
        printing_send(printing, file, written);
        return;
    }
    if (file >= 0)
        close(file);
    log_event(LOG_LEVEL_WARNING, "not-printed", "name=%s problem=%s", printing->name,
              problem_slug(code));
    if (code == PROBLEM_UNAVAILABLE) {
        printing_busy(printing->request);
        return;
    }
    printed_fail(service->printed, &printing->digest, clock_monotonic_us(service->clock));
    reply_problem(printing->request, PROBLEM_INTERNAL, NULL);
}

/* Whether it was tried in vain a short while ago; then the reply is set as it was then. */
static bool printing_is_vain(const struct printing *printing, struct request *request)
{
    const struct service *service = service_of(request);
    if (!printed_failed(service->printed, &printing->digest, clock_monotonic_us(service->clock)))
        return false;
    reply_problem(request, PROBLEM_INTERNAL, NULL);
    return true;
}

/* On the printer's thread. Who waited for the same page finds it made. */
static void printing_run(struct job *job, struct db *db)
{
    struct printing *printing = (struct printing *)(void *)job;
    struct request *request = printing->request;
    struct printed *printed = service_of(request)->printed;
    uint64_t length = 0;
    (void)db;
    int file = printed_find(printed, &printing->digest, &length);
    if (file >= 0)
        printing_send(printing, file, length);
    else if (printed_is_quiet(printed))
        printing_busy(request);
    else if (!printing_is_vain(printing, request))
        printing_make(printing);
    printing_free(printing);
    request_finish(request);
}

static struct printing *printing_new(struct request *request, const struct document *document,
                                     const char *name)
{
    struct printing *printing = calloc(1, sizeof *printing);
    struct buf page = {.limit = PRINT_PAGE_MOST};
    bool ok = printing && document && write_print(service_of(request)->pages, document, &page);
    if (ok) {
        printing->page = buf_take(&page, &printing->length);
        printing->request = request;
        printing->job.run = printing_run;
        snprintf(printing->name, sizeof printing->name, "%s", name);
        ok = printing->page != NULL;
    }
    buf_clear(&page);
    if (ok) {
        const struct digest_part part = {printing->page, printing->length};
        digest_parts(NULL, &part, 1, &printing->digest);
        return printing;
    }
    if (printing)
        printing_free(printing);
    return NULL;
}

struct document *printing_document(const struct request *request,
                                   const struct consultation *consultation, json_t *response,
                                   json_t *body, json_t *attachments)
{
    struct document *document = document_new(200, request->language);
    const char *title = consultation->title.body[request->language];
    json_t *named =
        json_pack("{s:O, s:s}", "name", json_object_get(response, "name"), "title", title);
    json_t *page = json_pack(
        "{s:{s:s}, s:o, s:{s:s, s:b}, s:o, s:o, s:o}", "frame", "lang",
        language_tag(request->language), "title",
        wording_string(service_of(request)->pages, request->language, "response.title-of", named),
        "consultation", "title", title, "rehearsal", consultation->rehearsal, "response", response,
        "body", body, "attachments", attachments);
    json_decref(named);
    if (document && page) {
        document->template = "response_print";
        document->page = page;
        return document;
    }
    document_free(document);
    json_decref(page);
    return NULL;
}

enum handled printing_reply(struct request *request, struct document *document, const char *name)
{
    const struct service *service = service_of(request);
    uint64_t length = 0;
    if (!printing_is_there(request)) {
        document_free(document);
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    struct printing *printing = printing_new(request, document, name);
    document_free(document);
    if (!printing) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    int file = printed_find(service->printed, &printing->digest, &length);
    bool vain = file < 0 && printing_is_vain(printing, request);
    if (file < 0 && !vain && worker_push(service->printer, &printing->job))
        return HANDLED_LATER;
    if (file >= 0)
        printing_send(printing, file, length);
    else if (!vain)
        printing_busy(request);
    printing_free(printing);
    return HANDLED;
}
