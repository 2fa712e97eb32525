/* Machine filing: the response document, sent by an institution's own program. An approver
 * confirmed its key, which stands for the approval. */
#include "domain/response.h"
#include "http/reply.h"
#include "resources/body.h"
#include "resources/institutions/filing.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER, INSTITUTION };

/* The number of its response, which is begun here where there is none yet. False: a problem is set.
 */
static bool number_of(struct request *request, const struct consultation *consultation,
                      const json_t *input, char number[NUMBER_TEXT + 1])
{
    struct params params = {0};
    struct rows rows = {0};
    struct uuid key = {{0}};
    const char *tag = json_string_value(json_object_get(input, "language"));
    enum language language = tag ? language_find(tag) : LANGUAGES;
    number_make(service_of(request)->clock, number);
    parse_uuid(request->official->token, &key);
    params_uuid(&params, &key);
    params_int4(&params, consultation->id);
    params_text(&params, number);
    params_int2(&params, language == LANGUAGES ? (int)LANGUAGE_EN : (int)language);
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

static void file_now(struct request *request, const struct consultation *consultation,
                     const struct response *response)
{
    struct filing_receipt receipt;
    size_t length = 0;
    char *bytes = response_canonical(response, &length);
    enum problem_code code =
        bytes ? filing_file(request, consultation, bytes, &receipt) : PROBLEM_INTERNAL;
    free(bytes);
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

enum handled filing_post(struct request *request)
{
    struct consultation *consultation = filing_consultation(request);
    json_t *input = consultation ? body_json(request) : NULL;
    char number[NUMBER_TEXT + 1] = "";
    struct response response;
    struct faults faults = {0};
    if (input && number_of(request, consultation, input, number)) {
        if (response_read(consultation, request->official->institution, number, input, &response,
                          &faults))
            file_now(request, consultation, &response);
        else
            reply_faults(request, PROBLEM_RESPONSE_INVALID, &faults);
        response_clear(&response);
    }
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
