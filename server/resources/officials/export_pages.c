/* Where officials ask for files, see how far they are and end them. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/export_view.h"
#include "resources/officials/exports.h"
#include "resources/officials/filters.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REST = 192, BUSY_SECONDS = 30 };

/* What was asked for on the page. */
struct asked {
    struct consultation *consultation; /* one reference */
    struct list_wanted wanted;
    struct faults faults;
    const char *what, *format; /* as typed */
};

/* False: a reply is set. */
static bool asked_read(struct request *request, struct asked *asked)
{
    *asked = (struct asked){.consultation = catalogue_find(service_of(request)->catalogue,
                                                           request_part(request, "slug"))};
    if (!asked->consultation) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    asked->what = form_value(&request->form, "/what");
    asked->format = form_value(&request->form, "/format");
    /* Nobody types filters here: they come along from the list. */
    if (filters_read(request, asked->consultation, &asked->wanted, &asked->faults))
        return true;
    reply_problem(request, asked->faults.list[0].code, asked->faults.list[0].pointer);
    consultation_release(asked->consultation);
    return false;
}

static void rest_of(const struct consultation *consultation, const char *tail, char rest[REST])
{
    snprintf(rest, REST, "/consultations/%s/%s", consultation->slug, tail);
}

static json_t *list_view(const struct request *request)
{
    struct export_view *exports = calloc(EXPORT_LISTED, sizeof *exports);
    if (!exports)
        return NULL;
    json_t *list = json_array();
    size_t count = exports_list(service_of(request)->exports, request->official, exports);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, export_view_model(request, &exports[i]));
    free(exports);
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

static json_t *page_view(const struct request *request, const struct asked *asked)
{
    char rest[REST];
    const struct consultation *consultation = asked->consultation;
    const struct submission_filter *filter = &asked->wanted.filter;
    rest_of(consultation, "exports", rest);
    json_t *own = desk_address(request, rest);
    json_t *page =
        json_pack("{s:O, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "all", own, "action",
                  export_address(request, consultation, "exports", filter), "reading",
                  export_address(request, consultation, "submissions", filter), "words",
                  filters_words(request, consultation, filter, json_string_value(own)), "whats",
                  export_whats_view(request, asked->what ? asked->what : "submissions"), "formats",
                  export_formats_view(request, asked->format ? asked->format : "csv"), "what_error",
                  desk_error(request, &asked->faults, "/what"), "format_error",
                  desk_error(request, &asked->faults, "/format"), "exports", list_view(request),
                  "minutes", wording_count(EXPORT_KEPT_MINUTES));
    json_decref(own);
    return page;
}

static void asked_show(struct request *request, const struct asked *asked)
{
    char rest[REST];
    rest_of(asked->consultation, "exports", rest);
    bool form = strcmp(request->route->method, "POST") == 0;
    reply_document(
        request,
        desk_document(
            request,
            &(struct desk_page){
                .status = asked->faults.count ? problem_status(asked->faults.list[0].code) : 200,
                .template = "official_exports",
                .title_key = "export.title",
                .rest = form ? NULL : rest,
                .faults = &asked->faults,
                .page = page_view(request, asked),
            }));
}

enum handled export_list_page(struct request *request)
{
    struct asked asked;
    if (asked_read(request, &asked)) {
        asked_show(request, &asked);
        consultation_release(asked.consultation);
    }
    return HANDLED;
}

static enum export_what what_read(struct asked *asked)
{
    enum export_what what = export_what_find(asked->what ? asked->what : "");
    if (what == EXPORT_WHATS)
        faults_add(&asked->faults, asked->what ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0,
                   "/what");
    else if (!export_is_filtered(what, &asked->wanted.filter))
        faults_add(&asked->faults, PROBLEM_NOT_FILTERED, 0, "/what");
    return what;
}

static enum export_format format_read(struct asked *asked)
{
    enum export_format format = export_format_find(asked->format ? asked->format : "");
    if (format == EXPORT_FORMATS)
        faults_add(&asked->faults, asked->format ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0,
                   "/format");
    return format;
}

/* False: there is no room for one more, and the fault says whose doing that is. */
static bool workbook_make(struct request *request, struct asked *asked, enum export_what what)
{
    char id[EXPORT_ID + 1], rest[REST], tail[REST / 2];
    struct export_order order;
    export_order_of(request, asked->consultation, &asked->wanted.filter, &order);
    order.what = what;
    order.format = EXPORT_XLSX;
    enum problem_code refused = exports_make(service_of(request)->exports, &order, id);
    if (refused) {
        faults_add(&asked->faults, refused, 0, "/format");
        desk_retry(request, BUSY_SECONDS);
        return false;
    }
    snprintf(tail, sizeof tail, "exports/%s", id);
    rest_of(asked->consultation, tail, rest);
    desk_redirect(request, rest);
    return true;
}

/* What streams is at an address of its own, to which the filters go along. */
static void file_redirect(struct request *request, const struct asked *asked)
{
    char tail[REST / 2];
    snprintf(tail, sizeof tail, "files/%s/%s", asked->what, asked->format);
    json_t *address = export_address(request, asked->consultation, tail, &asked->wanted.filter);
    reply_redirect(request, 303, json_string_value(address));
    json_decref(address);
}

enum handled export_form(struct request *request)
{
    struct asked asked;
    if (!asked_read(request, &asked))
        return HANDLED;
    enum export_what what = what_read(&asked);
    enum export_format format = format_read(&asked);
    bool faulty = asked.faults.count != 0;
    if (!faulty && format == EXPORT_XLSX)
        faulty = !workbook_make(request, &asked, what);
    if (faulty)
        asked_show(request, &asked);
    else if (format != EXPORT_XLSX)
        file_redirect(request, &asked);
    consultation_release(asked.consultation);
    return HANDLED;
}

/* The export of the address, if it is this official's. False: a reply is set. */
static bool export_of(struct request *request, struct export_view *out)
{
    if (exports_find(service_of(request)->exports, request_part(request, "export"),
                     request->official, out))
        return true;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

enum handled export_page(struct request *request)
{
    struct export_view export;
    char rest[REST];
    if (!export_of(request, &export))
        return HANDLED;
    json_t *page = json_pack("{s:o, s:o}", "export", export_view_model(request, &export), "minutes",
                             wording_count(EXPORT_KEPT_MINUTES));
    snprintf(rest, sizeof rest, "/consultations/%s/exports/%s", export.order.slug, export.id);
    reply_document(request,
                   desk_document(request, &(struct desk_page){.status = 200,
                                                              .template = "official_export",
                                                              .title_key = "export.one-title",
                                                              .rest = rest,
                                                              .page = page}));
    return HANDLED;
}

enum handled export_end_form(struct request *request)
{
    struct export_view export;
    char rest[REST];
    if (!export_of(request, &export))
        return HANDLED;
    if (desk_record(request, "export-ended", export.order.consultation_id,
                    json_pack("{s:s, s:s}", "what", export_what_name(export.order.what), "format",
                              export_format_name(export.order.format)))) {
        exports_cancel(service_of(request)->exports, export.id);
        snprintf(rest, sizeof rest, "/consultations/%s/exports/%s", export.order.slug, export.id);
        desk_redirect(request, rest);
    }
    return HANDLED;
}
