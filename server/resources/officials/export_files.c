/* The files themselves: streamed, or made before; and their manifests. The same for a session's
 * pages and for a token's scripts. */
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "resources/officials/exports.h"
#include "resources/officials/filters.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_SECONDS = 30 };

void export_order_of(const struct request *request, const struct consultation *consultation,
                     const struct submission_filter *filter, struct export_order *out)
{
    const struct official *official = request->official;
    *out = (struct export_order){
        .consultation_id = consultation->id, .filter = *filter, .official_id = official->id};
    snprintf(out->slug, sizeof out->slug, "%s", consultation->slug);
    snprintf(out->network, sizeof out->network, "%s", official->network);
    snprintf(out->token, sizeof out->token, "%s", official->token);
    out->session = official->session;
}

static enum handled say(struct request *request, enum problem_code code, const char *field)
{
    if (code == PROBLEM_EXPORTS_BUSY || code == PROBLEM_EXPORTS_OWN)
        desk_retry(request, BUSY_SECONDS);
    reply_problem(request, code, field);
    return HANDLED;
}

static enum handled file_send(struct request *request, const struct consultation *consultation,
                              enum export_what what, enum export_format format)
{
    struct list_wanted wanted;
    struct faults faults = {0};
    struct export_order order;
    if (!filters_read(request, consultation, &wanted, &faults))
        return say(request, faults.list[0].code, faults.list[0].pointer);
    if (!export_is_filtered(what, &wanted.filter))
        return say(request, PROBLEM_NOT_FILTERED, "/what");
    export_order_of(request, consultation, &wanted.filter, &order);
    order.what = what;
    order.format = format;
    enum problem_code refused = exports_send(service_of(request)->exports, request, &order);
    return refused ? say(request, refused, NULL) : HANDLED_LATER;
}

/* Workbooks are made first. */
enum handled export_file(struct request *request)
{
    enum export_what what = export_what_find(request_part(request, "what"));
    enum export_format format = export_format_find(request_part(request, "format"));
    struct consultation *consultation =
        catalogue_find(service_of(request)->catalogue, request_part(request, "slug"));
    enum handled handled =
        consultation && what != EXPORT_WHATS && format != EXPORT_FORMATS && format != EXPORT_XLSX
            ? file_send(request, consultation, what, format)
            : say(request, PROBLEM_NOT_FOUND, NULL);
    consultation_release(consultation);
    return handled;
}

/* That it leaves the house is written down beside that it was made. */
enum handled export_workbook(struct request *request)
{
    struct exports *exports = service_of(request)->exports;
    struct export_view export;
    if (!exports_find(exports, request_part(request, "export"), request->official, &export) ||
        export.state != EXPORT_READY)
        return say(request, PROBLEM_NOT_FOUND, NULL);
    if (!desk_record(request, "export-fetched", export.order.consultation_id,
                     json_pack("{s:s, s:s, s:s}", "what", export_what_name(export.order.what),
                               "format", export_format_name(export.order.format), "sha256",
                               export.file.sha256)))
        return HANDLED;
    enum problem_code refused = exports_fetch(exports, request, export.id);
    return refused ? say(request, refused, NULL) : HANDLED_LATER;
}

static enum handled manifest_send(struct request *request, bool file)
{
    struct exports *exports = service_of(request)->exports;
    const char *id = request_part(request, "export");
    struct export_view export;
    char *manifest = exports_find(exports, id, request->official, &export)
                         ? exports_manifest(exports, id)
                         : NULL;
    if (!manifest)
        return say(request, PROBLEM_NOT_FOUND, NULL);
    if (file)
        reply_header(request, MHD_HTTP_HEADER_CONTENT_DISPOSITION,
                     "attachment; filename=\"manifest.json\"");
    reply_bytes(request, 200, "application/json", manifest, strlen(manifest));
    free(manifest);
    return HANDLED;
}

enum handled export_manifest_file(struct request *request)
{
    return manifest_send(request, true);
}

enum handled export_get(struct request *request)
{
    return manifest_send(request, false);
}
