/* Machine filing: the response document, sent by an institution's own program. An approver
 * confirmed its key, which stands for the approval. */
#include "domain/response.h"
#include "http/reply.h"
#include "resources/body.h"
#include "resources/institutions/attachments.h"
#include "resources/institutions/filing.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NUMBER, INSTITUTION };
enum { ATTACHMENT_ID, SHA256, NAME, MEDIA_TYPE, BYTES };

/* The number of its response, which is begun here where there is none yet. False: a problem is set.
 */
static bool number_of(struct request *request, const struct consultation *consultation,
                      enum language language, char number[NUMBER_TEXT + 1])
{
    struct params params = {0};
    struct rows rows = {0};
    struct uuid key = {{0}};
    number_make(service_of(request)->clock, number);
    parse_uuid(request->official->token, &key);
    params_uuid(&params, &key);
    params_int4(&params, consultation->id);
    params_text(&params, number);
    params_int2(&params, (int)language);
    bool ok = desk_run(request, STATEMENT_RESPONSE_FILING_OF_KEY, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_INSTITUTION_NOT_VERIFIED, NULL);
        ok = false;
    }
    if (ok)
        snprintf(number, NUMBER_TEXT + 1, "%s", row_text(&rows, 0, NUMBER));
    rows_clear(&rows);
    return ok;
}

static json_t *filed_model(const struct request *request, const struct consultation *consultation,
                           const struct filing_receipt *receipt)
{
    return json_pack("{s:o, s:{s:o, s:o}}", "receipt",
                     filing_receipt_document(service_of(request)->keys, receipt), "links", "self",
                     json_sprintf("/v1/institution/consultations/%s/filings/%d", consultation->slug,
                                  receipt->version),
                     "public",
                     json_sprintf("/v1/consultations/%s/responses/%s/versions/%d",
                                  consultation->slug, receipt->number, receipt->version));
}

/* Takes `model` over, NULL is our fault. */
static void say(struct request *request, int status, json_t *model)
{
    struct document *document = model ? document_new(status, request->language) : NULL;
    if (document)
        document_say(document, model);
    else
        json_decref(model);
    reply_document(request, document);
}

/* Whether this row of the list is the attachment that the document names, and its bytes are there.
 */
static bool is_attached(const struct blobs *blobs, const struct rows *rows, int row,
                        const json_t *named)
{
    char hex[2 * DIGEST_BYTES + 1];
    size_t length = 0;
    const struct digest *digest = row_bytes(rows, row, SHA256, &length);
    digest_hex(digest, hex);
    if (strcmp(hex, json_string_value(json_object_get(named, "sha256"))) != 0 ||
        strcmp(row_text(rows, row, NAME), json_string_value(json_object_get(named, "name"))) != 0 ||
        strcmp(row_text(rows, row, MEDIA_TYPE),
               json_string_value(json_object_get(named, "media_type"))) != 0 ||
        row_int(rows, row, BYTES) != json_integer_value(json_object_get(named, "bytes")))
        return false;
    int file = blob_open(blobs, digest);
    if (file >= 0)
        close(file);
    return file >= 0;
}

/* A fault for each file that a checked document names and that is not attached, in the document's
 * own order. False: a problem is set. */
static bool attachments_judge(struct request *request, const json_t *input, struct faults *faults)
{
    const struct blobs *blobs = service_of(request)->attachments.blobs;
    const json_t *named, *list = json_object_get(input, "attachments");
    struct params params = {0};
    struct rows rows = {0};
    size_t at;
    if (json_array_size(list) == 0)
        return true;
    attachment_who(&params, request);
    params_int4(&params, request->official->consultation_id);
    bool ok = desk_run(request, STATEMENT_ATTACHMENT_LIST, &params, &rows);
    json_array_foreach(list, at, named)
    {
        bool there = false;
        for (int row = 0; ok && !there && row < rows_count(&rows); row++)
            there = is_attached(blobs, &rows, row, named);
        if (ok && !there)
            faults_add(faults, PROBLEM_ATTACHMENT_MISSING, 0, "/attachments/%zu", at);
    }
    rows_clear(&rows);
    return ok;
}

/* The latest filing is this document: its receipt is given again, whatever became of its files. */
static bool is_filed(struct request *request, const struct consultation *consultation,
                     const char *bytes, size_t length)
{
    struct digest digest;
    struct filing_receipt latest;
    struct rows rows = {0};
    response_digest(bytes, length, &digest);
    bool filed = filed_read(request, consultation, 0, &rows) && rows_count(&rows) > 0 &&
                 filed_receipt(consultation, &rows, 0, &latest) &&
                 memcmp(latest.digest.bytes, digest.bytes, DIGEST_BYTES) == 0;
    rows_clear(&rows);
    return filed;
}

static void file_now(struct request *request, const struct consultation *consultation,
                     const char *bytes)
{
    struct filing_receipt receipt;
    enum problem_code code = filing_file(request, consultation, bytes, &receipt);
    if (code == PROBLEM_NONE) {
        char location[160];
        snprintf(location, sizeof location, "/v1/institution/consultations/%s/filings/%d",
                 consultation->slug, receipt.version);
        reply_header(request, "Location", location);
        say(request, 201, filed_model(request, consultation, &receipt));
    } else if (code != PROBLEM_COUNT) {
        reply_problem(request, code, NULL);
    }
}

/* The document as it will be filed. A response is begun for one without faults only. False: a reply
 * is set. */
static bool response_take(struct request *request, struct consultation *consultation, json_t *input,
                          struct response *response)
{
    char number[NUMBER_TEXT + 1] = "";
    struct faults faults = {0};
    if (response_read(consultation, request->official->institution, "", input, response, &faults))
        filing_complexity(response, &faults);
    if (faults.count == 0) {
        if (!number_of(request, consultation, response->language, number))
            return false;
        if (*response->number && strcmp(response->number, number) != 0)
            faults_add(&faults, PROBLEM_UNKNOWN_VALUE, 0, "/number");
        memcpy(response->number, number, sizeof number);
    }
    if (faults.count > 0)
        reply_faults(request, PROBLEM_RESPONSE_INVALID, &faults);
    return faults.count == 0;
}

enum handled filing_post(struct request *request)
{
    struct consultation *consultation = filing_consultation(request);
    json_t *input = consultation ? body_json(request) : NULL;
    struct response response = {0};
    struct faults faults = {0};
    size_t length = 0;
    if (input && response_take(request, consultation, input, &response) &&
        attachments_judge(request, input, &faults)) {
        char *bytes = response_canonical(&response, &length);
        if (!bytes)
            reply_problem(request, PROBLEM_INTERNAL, NULL);
        else if (faults.count > 0 && !is_filed(request, consultation, bytes, length))
            reply_faults(request, PROBLEM_ATTACHMENT_MISSING, &faults);
        else
            file_now(request, consultation, bytes);
        free(bytes);
    }
    if (input)
        response_clear(&response);
    json_decref(input);
    consultation_release(consultation);
    return HANDLED;
}

enum handled filing_get(struct request *request)
{
    struct consultation *consultation = filing_consultation(request);
    struct rows rows = {0};
    struct filing_receipt receipt;
    int row = -1;
    if (consultation && filed_read(request, consultation, filed_version(request), &rows))
        row = filed_row(request, &rows);
    if (row >= 0 && filed_receipt(consultation, &rows, row, &receipt)) {
        json_t *model = filed_model(request, consultation, &receipt);
        json_object_set_new(model, "latest", json_boolean(row_bool(&rows, row, FILED_LATEST)));
        json_object_set_new(model, "published",
                            json_boolean(!row_is_null(&rows, row, FILED_PUBLISHED_AT) &&
                                         row_is_null(&rows, row, FILED_WITHHELD_AT)));
        json_object_set_new(model, "document",
                            json_loads(row_text(&rows, row, FILED_DOCUMENT), 0, NULL));
        say(request, 200, model);
    } else if (row >= 0) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}
