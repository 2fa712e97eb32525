/* Files of an institution's draft: the page with the list and the form, one file, its removal. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/attachments.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ATTACHMENT_ID, SHA256, NAME, MEDIA_TYPE, BYTES, ADDED_AT, ADDED_BY };
enum { UPLOAD_ID, UPLOAD_SHA256, UPLOAD_NAME, UPLOAD_BYTES, EXPIRES_AT };
enum { REST = 192, SIZE = 32 };

/* "820 KB", "1.4 MB"; the same in all three languages. */
static json_t *size_view(int64_t bytes)
{
    char text[SIZE];
    if (bytes < 1000000)
        snprintf(text, sizeof text, "%d KB", (int)((bytes + 999) / 1000));
    else
        snprintf(text, sizeof text, "%d.%d MB", (int)(bytes / 1000000),
                 (int)(bytes % 1000000 / 100000));
    return json_string(text);
}

static void rest_of(const struct request *request, const char *more, char rest[REST])
{
    snprintf(rest, REST, "/consultations/%s/attachments%s", request_part(request, "slug"), more);
}

static json_t *address(const struct request *request, const char *more)
{
    char rest[REST];
    rest_of(request, more, rest);
    return desk_address(request, rest);
}

static json_t *uploads_address(const struct request *request)
{
    char rest[REST];
    snprintf(rest, sizeof rest, "/consultations/%s/uploads", request_part(request, "slug"));
    return desk_address(request, rest);
}

static json_t *file_view(const struct request *request, const struct rows *rows, int row)
{
    char more[80], hex[2 * DIGEST_BYTES + 1];
    const char *id = row_text(rows, row, ATTACHMENT_ID), *by = row_text(rows, row, ADDED_BY);
    size_t length;
    digest_hex(row_bytes(rows, row, SHA256, &length), hex);
    snprintf(more, sizeof more, "/%s", id);
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s*}", "id", id, "name",
                     row_text(rows, row, NAME), "sha256", hex, "size",
                     size_view(row_int(rows, row, BYTES)), "href", address(request, more), "added",
                     wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                                    row_time(rows, row, ADDED_AT)),
                     "by", by);
}

static json_t *upload_view(const struct request *request, const struct rows *rows, int row)
{
    struct uuid id;
    uint64_t length = 0;
    if (parse_uuid(row_text(rows, row, UPLOAD_ID), &id))
        partial_length(service_of(request)->attachments.blobs, &id, &length);
    return json_pack(
        "{s:s, s:s, s:I, s:o, s:o}", "id", row_text(rows, row, UPLOAD_ID), "name",
        row_text(rows, row, UPLOAD_NAME), "bytes", (json_int_t)row_int(rows, row, UPLOAD_BYTES),
        "size", size_view(row_int(rows, row, UPLOAD_BYTES)), "arrived", size_view((int64_t)length));
}

/* {list: […]}, or null. False: a problem is set. */
static bool list_read(struct request *request, enum statement statement,
                      json_t *(*view)(const struct request *, const struct rows *, int),
                      json_t **out)
{
    struct params params = {0};
    struct rows rows = {0};
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    bool ok = desk_run(request, statement, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++)
        json_array_append_new(list, view(request, &rows, row));
    rows_clear(&rows);
    *out = json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null();
    json_decref(list);
    return ok;
}

/* An institution that could not file attaches nothing. False: a problem is set. */
static bool verified_read(struct request *request, bool *out)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    bool ok = desk_run(request, STATEMENT_INSTITUTION_VERIFICATION, &params, &rows);
    *out = ok && rows_count(&rows) == 1 && !row_is_null(&rows, 0, 0);
    rows_clear(&rows);
    return ok;
}

static void attachments_show(struct request *request, enum problem_code fault)
{
    const struct settings *settings = &service_of(request)->settings;
    struct consultation *consultation =
        catalogue_find_any(service_of(request)->catalogue, request_part(request, "slug"));
    struct faults faults = {0};
    json_t *files = NULL, *uploads = NULL;
    char rest[REST];
    bool verified = false;
    if (!consultation || consultation->rehearsal != request->official->fictitious) {
        consultation_release(consultation);
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return;
    }
    enum window window =
        consultation_window(consultation, clock_utc_us(service_of(request)->clock));
    bool open = window == WINDOW_OPEN;
    if (fault != PROBLEM_NONE)
        faults_add(&faults, fault, 0, "/file");
    bool ok = verified_read(request, &verified) &&
              list_read(request, STATEMENT_ATTACHMENT_LIST, file_view, &files) &&
              list_read(request, STATEMENT_UPLOAD_LIST, upload_view, &uploads);
    const char *done = request_query(request, "done");
    rest_of(request, "", rest);
    json_t *page = json_pack(
        "{s:s, s:o, s:o, s:o?, s:o?, s:b, s:i, s:i, s:i, s:o, s:b, s:b}", "consultation",
        consultation->title.body[request->language], "action", address(request, ""),
        "uploads_action", uploads_address(request), "files", files, "uploads", uploads,
        "may_change",
        open && verified &&
            (request->official->member_roles & (MEMBER_COORDINATOR | MEMBER_DRAFTER)) != 0,
        "files_most", (int)settings->attachments_most, "mib_most", (int)settings->attachments_mib,
        "file_mib", (int)settings->attachment_mib, "error",
        fault ? desk_error(request, &faults, "/file") : json_null(), "attached",
        done && strcmp(done, "attached") == 0, "removed", done && strcmp(done, "removed") == 0);
    json_object_set_new(page, "over", json_boolean(window == WINDOW_CLOSED));
    json_object_set_new(page, "unverified", json_boolean(open && !verified));
    consultation_release(consultation);
    if (!ok) {
        json_decref(page);
        return;
    }
    reply_document(
        request,
        desk_document(request, &(struct desk_page){.status = fault ? problem_status(fault) : 200,
                                                   .template = "institution_attachments",
                                                   .title_key = "attachment.title",
                                                   .rest = fault ? NULL : rest,
                                                   .faults = fault ? &faults : NULL,
                                                   .page = page}));
}

enum handled attachment_list_page(struct request *request)
{
    attachments_show(request, PROBLEM_NONE);
    return HANDLED;
}

enum handled attachment_form(struct request *request)
{
    const struct upload_file *file = request->upload.files;
    struct attachment kept;
    enum problem_code code = PROBLEM_REQUIRED;
    char rest[REST];
    if (request->upload.count > 0)
        code = attachment_take(request,
                               &(struct attachment_sent){.file = request->upload.file,
                                                         .start = file->start,
                                                         .length = file->length,
                                                         .name = file->name},
                               NULL, &kept);
    rest_of(request, "?done=attached", rest);
    if (code == PROBLEM_NONE)
        desk_redirect(request, rest);
    else if (attachment_is_fault(code))
        attachments_show(request, code);
    else if (code != PROBLEM_COUNT)
        reply_problem(request, code, NULL);
    return HANDLED;
}

/* The row of the list that the address names; -1: a reply is set. */
static int row_find(struct request *request, struct rows *rows)
{
    struct params params = {0};
    struct uuid id;
    const char *wanted = request_part(request, "attachment");
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    if (!desk_run(request, STATEMENT_ATTACHMENT_LIST, &params, rows))
        return -1;
    for (int row = 0; parse_uuid(wanted, &id) && row < rows_count(rows); row++)
        if (strcasecmp(row_text(rows, row, ATTACHMENT_ID), wanted) == 0)
            return row;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return -1;
}

enum handled attachment_file(struct request *request)
{
    struct rows rows = {0};
    char hex[2 * DIGEST_BYTES + 1];
    size_t length;
    int row = row_find(request, &rows);
    const struct digest *digest = row >= 0 ? row_bytes(&rows, row, SHA256, &length) : NULL;
    int file = digest ? blob_open(service_of(request)->attachments.blobs, digest) : -1;
    if (digest && file < 0)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    if (file >= 0) {
        digest_hex(digest, hex);
        reply_file(request, &(struct reply_file){.file = file,
                                                 .length = (uint64_t)row_int(&rows, row, BYTES),
                                                 .type = row_text(&rows, row, MEDIA_TYPE),
                                                 .name = row_text(&rows, row, NAME),
                                                 .digest = hex});
    }
    rows_clear(&rows);
    return HANDLED;
}

enum handled attachment_removal_form(struct request *request)
{
    struct params params = {0};
    struct rows rows = {0};
    struct uuid id;
    char rest[REST];
    rest_of(request, "?done=removed", rest);
    if (!parse_uuid(request_part(request, "attachment"), &id)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    params_int4(&params, request->official->id);
    params_int4(&params, request->official->consultation_id);
    params_uuid(&params, &id);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_ATTACHMENT_REMOVE, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0)
            desk_redirect(request, rest);
        else
            reply_problem(request, desk_outcome(outcome), NULL);
    }
    rows_clear(&rows);
    return HANDLED;
}
