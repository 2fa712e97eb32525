/* Filing: a page that says what happens, the act, and what was filed with its receipt. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/filing.h"
#include "resources/institutions/two_persons.h"
#include "resources/response_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void confirm_show(struct request *request, const struct filing_draft *draft, int status,
                         const struct faults *faults)
{
    static const struct faults none = {0};
    struct rows rows = {0};
    const struct consultation *c = draft->consultation;
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    if (filed_read(request, c, 0, &rows)) {
        json_t *filed = filed_list(request, &rows);
        json_t *page = json_pack(
            "{s:s, s:s, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "digest",
            draft->digest_text, "number", draft->response.number, "publish",
            draft->response.publish, "open", consultation_window(c, now_us) == WINDOW_OPEN, "again",
            rows_count(&rows) > 0, "closes",
            wording_moment(service_of(request)->pages, request->language, MOMENT_END, c->closes_us),
            "error", desk_error(request, faults ? faults : &none, "/sure"), "action",
            filing_address(request, "/filing"), "see", filing_address(request, "/preview"),
            "approval", filing_address(request, "/approval"), "back", filing_address(request, ""),
            "filed", filed);
        filing_show(request, c,
                    &(struct desk_page){.status = status,
                                        .template = "filing_confirm",
                                        .title_key = "filing.file",
                                        .rest = status == 200 ? "/filing" : NULL,
                                        .faults = faults,
                                        .page = page});
    }
    rows_clear(&rows);
}

enum handled filing_confirm_page(struct request *request)
{
    struct filing_draft draft;
    if (filing_draft_read(request, &draft))
        confirm_show(request, &draft, 200, NULL);
    filing_draft_clear(&draft);
    return HANDLED;
}

static void file_now(struct request *request, const struct filing_draft *draft)
{
    struct filing_receipt receipt;
    enum problem_code code = filing_file(request, draft->consultation, draft->bytes, &receipt);
    if (code == PROBLEM_NONE) {
        char own[48], rest[FILING_REST];
        snprintf(own, sizeof own, "/filings/%d", receipt.version);
        filing_rest(request, own, rest);
        desk_redirect(request, rest);
    } else if (code != PROBLEM_COUNT) {
        reply_problem(request, code, NULL);
    }
}

enum handled filing_act_form(struct request *request)
{
    struct filing_draft draft;
    struct faults faults = {0};
    if (filing_draft_read(request, &draft) && filing_is_as_seen(request, &draft)) {
        if (strcmp(form_text(&request->form, "/sure"), "yes") == 0) {
            file_now(request, &draft);
        } else {
            faults_add(&faults, PROBLEM_NOT_SURE, 0, "/sure");
            confirm_show(request, &draft, 422, &faults);
        }
    }
    filing_draft_clear(&draft);
    return HANDLED;
}

/* What was filed under the address, with its document. -1: a reply is set. */
static int filed_open(struct request *request, struct consultation **consultation,
                      struct rows *rows)
{
    *consultation = filing_consultation(request);
    if (!*consultation || !filed_read(request, *consultation, filed_version(request), rows))
        return -1;
    return filed_row(request, rows);
}

/* {digest, key, signature, document, statement, check, arrived, version, number}; NULL: it cannot
 * be signed. */
static json_t *receipt_view(const struct request *request, const struct filing_receipt *receipt)
{
    size_t length = 0;
    json_t *document = filing_receipt_document(service_of(request)->keys, receipt);
    char *text = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
    char *statement = document ? filing_receipt_statement(document, &length) : NULL;
    json_t *view =
        text && statement
            ? json_pack(
                  "{s:O, s:O, s:O, s:s, s:s, s:o, s:o, s:i, s:s}", "digest",
                  json_object_get(document, "digest"), "key", json_object_get(document, "key"),
                  "signature", json_object_get(document, "signature"), "document", text,
                  "statement", statement, "check",
                  json_sprintf("/%s/receipt-check", language_tag(request->language)), "arrived",
                  wording_moments(service_of(request)->pages, request->language,
                                  receipt->arrived_us),
                  "version", receipt->version, "number", receipt->number)
            : NULL;
    free(text);
    free(statement);
    json_decref(document);
    return view;
}

static json_t *filed_view(struct request *request, const struct consultation *consultation,
                          const struct rows *rows, int row)
{
    struct filing_receipt receipt;
    char own[64];
    json_t *document = json_loads(row_text(rows, row, FILED_DOCUMENT), 0, NULL);
    json_t *shown =
        filed_receipt(consultation, rows, row, &receipt) ? receipt_view(request, &receipt) : NULL;
    if (!document || !shown) {
        json_decref(document);
        json_decref(shown);
        return NULL;
    }
    json_t *list = filed_list(request, rows);
    json_t *state =
        json_object_get(json_array_get(json_object_get(list, "list"), (size_t)row), "state");
    json_t *page = json_pack(
        "{s:o, s:s, s:s?, s:s?, s:O, s:s?, s:b, s:o, s:o}", "receipt", shown, "name",
        request->official->institution_name, "filed_by", row_text(rows, row, FILED_BY),
        "approved_by", row_text(rows, row, FILED_APPROVED_BY), "state", state, "reason",
        row_text(rows, row, FILED_WITHHELD_REASON), "latest", row_bool(rows, row, FILED_LATEST),
        "body", response_view(request, consultation, document), "attachments",
        response_attachments(document, NULL));
    snprintf(own, sizeof own, "/filings/%d/document", receipt.version);
    json_object_set_new(page, "document", filing_address(request, own));
    snprintf(own, sizeof own, "/filings/%d/receipt", receipt.version);
    json_object_set_new(page, "receipt_file", filing_address(request, own));
    json_object_set_new(page, "filed", list);
    json_object_set_new(
        page, "persons",
        two_persons_view(request, rows, row, FILED_TWO, row_is_null(rows, row, FILED_BY)));
    json_object_set_new(page, "back", filing_address(request, ""));
    json_decref(document);
    return page;
}

enum handled filing_page(struct request *request)
{
    struct consultation *consultation = NULL;
    struct rows rows = {0};
    int row = filed_open(request, &consultation, &rows);
    if (row >= 0) {
        char own[48];
        json_t *page = filed_view(request, consultation, &rows, row);
        snprintf(own, sizeof own, "/filings/%d", filed_version(request));
        if (page)
            filing_show(request, consultation,
                        &(struct desk_page){.status = 200,
                                            .template = "filing",
                                            .title_key = "filing.filed",
                                            .rest = own,
                                            .page = page});
        else
            reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}

static void file_reply(struct request *request, const char *name, const char *bytes)
{
    char disposition[96];
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s-%d.json\"", name,
             filed_version(request));
    reply_header(request, "Content-Disposition", disposition);
    reply_bytes(request, 200, "application/json", bytes, strlen(bytes));
}

enum handled filing_document_file(struct request *request)
{
    struct consultation *consultation = NULL;
    struct rows rows = {0};
    int row = filed_open(request, &consultation, &rows);
    if (row >= 0)
        file_reply(request, row_text(&rows, row, FILED_NUMBER),
                   row_text(&rows, row, FILED_DOCUMENT));
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}

enum handled filing_receipt_file(struct request *request)
{
    struct consultation *consultation = NULL;
    struct rows rows = {0};
    struct filing_receipt receipt;
    int row = filed_open(request, &consultation, &rows);
    if (row >= 0) {
        json_t *document = filed_receipt(consultation, &rows, row, &receipt)
                               ? filing_receipt_document(service_of(request)->keys, &receipt)
                               : NULL;
        char *text = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
        if (text)
            file_reply(request, "receipt", text);
        else
            reply_problem(request, PROBLEM_INTERNAL, NULL);
        free(text);
        json_decref(document);
    }
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}
