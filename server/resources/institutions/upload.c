/* Attachments in pieces, after the IETF's resumable uploads (draft-ietf-httpbis-resumable-upload):
 * POST promises one and says where; PATCH with Upload-Offset brings the piece that follows; GET or
 * HEAD says how much has come; DELETE gives it up. The piece that makes it whole is answered with
 * the attachment, or with why it is none. Of the draft there are no interim replies, and what has
 * come of a piece that broke off is not kept: pieces are small. */
#include "domain/receipt.h"
#include "http/reply.h"
#include "resources/institutions/attachments.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ID, SHA256, NAME, BYTES, EXPIRES_AT };
enum { UPLOADS_MOST = 8, MIB = 1048576, NAME_MOST = 1000 };

/* The one in the address. */
struct pending {
    struct uuid id;
    uint64_t bytes, arrived;
    bool has_digest;
    struct digest digest;
    char name[NAME_MOST * 4 + 1];
};

static void offset_say(struct request *request, uint64_t offset)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)offset);
    reply_header(request, "Upload-Offset", text);
}

static void state_say(struct request *request, int status, const struct pending *pending,
                      json_t *attachment)
{
    char id[UUID_TEXT + 1];
    struct document *document = document_new(status, request->language);
    format_uuid(&pending->id, id);
    offset_say(request, pending->arrived);
    if (document)
        document_say(document, json_pack("{s:s, s:I, s:I, s:o*}", "upload", id, "bytes",
                                         (json_int_t)pending->bytes, "offset",
                                         (json_int_t)pending->arrived, "attachment", attachment));
    reply_document(request, document);
}

/* False: a reply is set. */
static bool begin_read(struct request *request, struct pending *out)
{
    const struct service *service = service_of(request);
    const char *name = form_text(&request->form, "/name"),
               *sha256 = form_text(&request->form, "/sha256");
    int64_t bytes = 0;
    *out = (struct pending){0};
    struct faults faults = {0};
    if (!*name)
        faults_add(&faults, PROBLEM_REQUIRED, 0, "/name");
    if (strlen(name) > NAME_MOST)
        faults_add(&faults, PROBLEM_TOO_LONG, NAME_MOST, "/name");
    if (!parse_integer(form_text(&request->form, "/bytes"), 1, INT64_MAX, &bytes))
        faults_add(&faults, PROBLEM_UNKNOWN_VALUE, 0, "/bytes");
    else if ((uint64_t)bytes > service->attachments.bytes_most)
        faults_add(&faults, PROBLEM_FILE_TOO_LARGE, 0, "/bytes");
    if (*sha256 && !digest_of_hex(sha256, &out->digest))
        faults_add(&faults, PROBLEM_UNKNOWN_VALUE, 0, "/sha256");
    if (faults.count) {
        reply_problem(request, faults.list[0].code, faults.list[0].pointer);
        return false;
    }
    clock_uuid(service->clock, &out->id);
    out->bytes = (uint64_t)bytes;
    out->has_digest = *sha256;
    snprintf(out->name, sizeof out->name, "%s", name);
    return true;
}

/* False: a reply is set. */
static bool begin_promise(struct request *request, const struct pending *pending)
{
    const struct settings *settings = &service_of(request)->settings;
    char number[NUMBER_TEXT + 1];
    struct params params = {0};
    struct rows rows = {0};
    number_make(service_of(request)->clock, number);
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    params_text(&params, number);
    params_int2(&params, (int)request->language);
    params_uuid(&params, &pending->id);
    if (pending->has_digest)
        params_bytes(&params, pending->digest.bytes, DIGEST_BYTES);
    else
        params_null(&params);
    params_text(&params, pending->name);
    params_int8(&params, (int64_t)pending->bytes);
    params_int4(&params, (int32_t)settings->attachments_most);
    params_int8(&params, (int64_t)settings->attachments_mib * MIB);
    params_int4(&params, UPLOADS_MOST);
    bool ok = desk_run(request, STATEMENT_UPLOAD_BEGIN, &params, &rows);
    if (ok && !row_is_null(&rows, 0, 0)) {
        reply_problem(request, desk_outcome(row_text(&rows, 0, 0)), NULL);
        ok = false;
    }
    rows_clear(&rows);
    return ok;
}

static void row_end(struct request *request, const struct uuid *id, struct rows *rows)
{
    struct params params = {0};
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    params_uuid(&params, id);
    desk_run(request, STATEMENT_UPLOAD_END, &params, rows);
}

static enum problem_code problem_of(enum partial_status status)
{
    switch (status) {
    case PARTIAL_DONE:
        return PROBLEM_NONE;
    case PARTIAL_BUSY:
        return PROBLEM_UNAVAILABLE;
    case PARTIAL_OFFSET:
        return PROBLEM_UPLOAD_OFFSET;
    case PARTIAL_MISSING:
        return PROBLEM_NOT_FOUND;
    case PARTIAL_FULL:
        return PROBLEM_STORAGE_FULL;
    case PARTIAL_FAULT:
        break;
    }
    return PROBLEM_INTERNAL;
}

enum handled upload_begin_form(struct request *request)
{
    struct pending pending;
    struct blobs *blobs = service_of(request)->attachments.blobs;
    char id[UUID_TEXT + 1], location[512], most[48];
    if (!begin_read(request, &pending) || !begin_promise(request, &pending))
        return HANDLED;
    enum problem_code code = problem_of(partial_new(blobs, &pending.id, pending.bytes));
    if (code != PROBLEM_NONE) {
        struct rows rows = {0};
        row_end(request, &pending.id, &rows);
        rows_clear(&rows);
        reply_problem(request, code, NULL);
        return HANDLED;
    }
    format_uuid(&pending.id, id);
    snprintf(location, sizeof location, "%s/%s", request->path, id);
    snprintf(most, sizeof most, "max-append-size=%d", UPLOAD_PIECE);
    reply_header(request, MHD_HTTP_HEADER_LOCATION, location);
    reply_header(request, "Upload-Limit", most);
    state_say(request, 201, &pending, NULL);
    return HANDLED;
}

/* Theirs, and not over. False: a reply is set. */
static bool pending_read(struct request *request, struct pending *out)
{
    struct params params = {0};
    struct rows rows = {0};
    bool found = false;
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    *out = (struct pending){0};
    bool ok = desk_run(request, STATEMENT_UPLOAD_LIST, &params, &rows);
    for (int row = 0; ok && row < rows_count(&rows) && !found; row++) {
        size_t length = 0;
        found = strcasecmp(row_text(&rows, row, ID), request_part(request, "upload")) == 0 &&
                parse_uuid(row_text(&rows, row, ID), &out->id);
        const void *digest = row_bytes(&rows, row, SHA256, &length);
        out->bytes = (uint64_t)row_int(&rows, row, BYTES);
        snprintf(out->name, sizeof out->name, "%s", row_text(&rows, row, NAME));
        out->has_digest = digest && length == DIGEST_BYTES;
        if (out->has_digest)
            memcpy(&out->digest, digest, DIGEST_BYTES);
    }
    found = found && partial_length(service_of(request)->attachments.blobs, &out->id,
                                    &out->arrived) == PARTIAL_DONE;
    rows_clear(&rows);
    if (ok && !found)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return ok && found;
}

enum handled upload_get(struct request *request)
{
    struct pending pending;
    if (pending_read(request, &pending))
        state_say(request, 200, &pending, NULL);
    return HANDLED;
}

enum handled upload_delete(struct request *request)
{
    struct pending pending;
    struct rows rows = {0};
    if (!pending_read(request, &pending))
        return HANDLED;
    row_end(request, &pending.id, &rows);
    partial_remove(service_of(request)->attachments.blobs, &pending.id);
    rows_clear(&rows);
    reply_bytes(request, 200, "text/plain; charset=utf-8", "", 0);
    return HANDLED;
}

/* It is whole. What is the file's own fault ends the upload; what is ours leaves it, so that an
 * empty piece at the end tries again. */
static void upload_finish(struct request *request, struct pending *pending)
{
    struct blobs *blobs = service_of(request)->attachments.blobs;
    struct attachment kept;
    char hex[2 * DIGEST_BYTES + 1];
    int file = partial_open(blobs, &pending->id);
    if (file < 0) {
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        return;
    }
    enum problem_code code = attachment_take(
        request,
        &(struct attachment_sent){.file = file,
                                  .length = pending->bytes,
                                  .name = pending->name,
                                  .expected = pending->has_digest ? &pending->digest : NULL},
        &pending->id, &kept);
    close(file);
    if (code == PROBLEM_NONE) {
        partial_remove(blobs, &pending->id);
        digest_hex(&kept.digest, hex);
        state_say(request, 201, pending,
                  json_pack("{s:s, s:s, s:I, s:s}", "name", kept.name, "media_type",
                            media_type_name(kept.type), "bytes", (json_int_t)kept.length, "sha256",
                            hex));
        return;
    }
    if (attachment_is_fault(code) && code != PROBLEM_ATTACHMENTS_FULL) {
        struct rows rows = {0};
        row_end(request, &pending->id, &rows);
        rows_clear(&rows);
        partial_remove(blobs, &pending->id);
    }
    if (code != PROBLEM_COUNT)
        reply_problem(request, code, "/file");
}

enum handled upload_patch(struct request *request)
{
    struct pending pending;
    int64_t offset;
    const char *sent = request_header(request, "Upload-Offset");
    uint64_t size = request->upload.length;
    if (!sent || !parse_integer(sent, 0, INT64_MAX, &offset)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "Upload-Offset");
        return HANDLED;
    }
    if (!pending_read(request, &pending))
        return HANDLED;
    enum problem_code code = PROBLEM_FILE_TOO_LARGE;
    if ((uint64_t)offset <= pending.bytes && size <= pending.bytes - (uint64_t)offset)
        code =
            problem_of(partial_add(service_of(request)->attachments.blobs, &pending.id,
                                   (uint64_t)offset, request->upload.file, size, &pending.arrived));
    if (code != PROBLEM_NONE) {
        offset_say(request, pending.arrived);
        reply_problem(request, code, code == PROBLEM_UPLOAD_OFFSET ? "Upload-Offset" : NULL);
    } else if (pending.arrived == pending.bytes) {
        upload_finish(request, &pending);
    } else {
        state_say(request, 200, &pending, NULL);
    }
    return HANDLED;
}
