/* A submission read back, and withdrawn, by the holder of its code on a page. The code comes by
 * POST, so that no address holds it. */
#include "http/reply.h"
#include "represent/form.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/holder.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/said_view.h"
#include "resources/sending.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page of a submission's, which the same code gives in another language. */
struct submission_framed {
    const struct consultation *consultation;
    const char *title_key;
    const char *number, *code;
    bool faulty;
    bool withdrawn; /* it is the page of the withdrawal, which may be asked for again */
};

static struct document *framed(const struct request *request, struct document *document,
                               const struct submission_framed *page)
{
    char action[RECEIPT_ADDRESS];
    snprintf(action, sizeof action, "/receipts/%s/%s", page->number,
             page->withdrawn || page->faulty ? "withdrawal" : "submission");
    json_t *carried = json_pack("[{s:s, s:s}]", "name", "/code", "value", page->code);
    if (page->withdrawn)
        json_array_append_new(carried, json_pack("{s:s, s:s}", "name", "/confirm", "value", "1"));
    const struct frame frame = {.title_key = page->title_key,
                                .action = action,
                                .carried = carried,
                                .rehearsal = page->consultation->rehearsal,
                                .unlisted = true,
                                .faulty = page->faulty};
    bool ok = document && page_frame(service_of(request)->pages, document, &frame);
    json_decref(carried);
    if (ok)
        return document;
    document_free(document);
    return NULL;
}

static json_t *when(const struct request *request, int64_t utc_us)
{
    return wording_moments(service_of(request)->pages, request->language, utc_us);
}

/* {action, code} of a form under the receipt's number. */
static json_t *form_of(const struct request *request, const char *number, const char *what,
                       const char *code)
{
    return json_pack(
        "{s:o, s:s}", "action",
        json_sprintf("/%s/receipts/%s/%s", language_tag(request->language), number, what), "code",
        code);
}

/* What its holder may do with it besides withdrawing. */
static void forms_add(const struct request *request, const struct stored *stored, const char *code,
                      json_t *page)
{
    bool open = strcmp(consultation_state(request, stored->consultation), "open") == 0;
    json_object_set_new(page, "file", form_of(request, stored->receipt.number, "file", code));
    if (stored->withdrawn || stored->superseded || !open)
        return;
    json_object_set_new(page, "amend", form_of(request, stored->receipt.number, "amendment", code));
    json_object_set_new(page, "amendable", json_true());
}

/* `code` goes along in the forms; `confirm`: the box was not ticked. */
static struct document *submission_document(struct request *request, const struct stored *stored,
                                            const char *code, bool confirm)
{
    struct document *document = consultation_document(request, stored->consultation,
                                                      confirm ? 422 : 200, "submission", false);
    json_t *page = document ? document->page : NULL;
    const struct receipt *receipt = &stored->receipt;
    bool final = json_is_true(
        json_object_get(json_object_get(stored->consultation->release, "release"), "final"));
    bool settled = stored->withdrawn || stored->superseded;
    json_object_set_new(page, "number", json_string(receipt->number));
    json_object_set_new(page, "arrived", when(request, receipt->arrived_us));
    if (settled)
        json_object_set_new(page, stored->withdrawn ? "withdrawn" : "superseded",
                            when(request, stored->changed_us));
    if (receipt->erased)
        json_object_set_new(page, "erased", json_true());
    else
        json_object_set_new(page, "said", said_view(request, &stored->submission));
    if (!settled && final)
        json_object_set_new(page, "late", json_true());
    forms_add(request, stored, code, page);
    if (!settled && !final) {
        json_t *withdraw = form_of(request, stored->receipt.number, "withdrawal", code);
        if (confirm)
            json_object_set_new(withdraw, "error",
                                wording_string(service_of(request)->pages, request->language,
                                               "submission.withdraw-unconfirmed", NULL));
        json_object_set_new(page, "withdraw", withdraw);
    }
    return framed(request, document,
                  &(struct submission_framed){.consultation = stored->consultation,
                                              .title_key = "submission.title",
                                              .number = receipt->number,
                                              .code = code,
                                              .faulty = confirm});
}

enum handled submission_read_form(struct request *request)
{
    struct form form = {0};
    struct stored stored;
    if (holder_open(request, &form, &stored))
        reply_document(request,
                       submission_document(request, &stored, form_value(&form, "/code"), false));
    stored_clear(&stored);
    form_clear(&form);
    return HANDLED;
}

/* What is signed of the withdrawal, and its holder's way to keep it. */
static bool withdrawal_add(const struct request *request, const struct entry *entry,
                           const char *code, json_t *page)
{
    const struct keys *keys = service_of(request)->keys;
    const struct receipt *receipt = &entry->receipt;
    size_t length = 0;
    json_t *withdrawal = withdrawal_document(keys, receipt, entry->withdrawn_us);
    char *text = withdrawal ? json_dumps(withdrawal, JSON_INDENT(2)) : NULL;
    char *statement = withdrawal_statement(receipt, entry->withdrawn_us, &length);
    bool ok = text && statement;
    json_t *more =
        ok ? json_pack("{s:s, s:o, s:O, s:O, s:O, s:s, s:s#, s:o, s:o}", "number", entry->number,
                       "withdrawn", when(request, entry->withdrawn_us), "commitment",
                       json_object_get(withdrawal, "commitment"), "key_id",
                       json_object_get(withdrawal, "key_id"), "signature",
                       json_object_get(withdrawal, "signature"), "document", text, "statement",
                       statement, (int)length, "check",
                       json_sprintf("/%s/receipt-check", language_tag(request->language)), "file",
                       form_of(request, receipt->number, "file", code))
           : NULL;
    ok = more && json_object_update(page, more) == 0;
    json_decref(more);
    free(statement);
    free(text);
    json_decref(withdrawal);
    return ok;
}

/* On the HTTP thread, once the writer has answered. */
static enum handled withdrawn_page(struct request *request)
{
    const struct sending *sending = sending_of(request);
    enum problem_code problem = sending_withdrawn(sending);
    if (problem != PROBLEM_NONE) {
        sending_retry_header(request, problem, 0);
        reply_problem(request, problem, NULL);
        return HANDLED;
    }
    char code[RECEIPT_CODE_TEXT + 1] = "";
    struct document *document =
        consultation_document(request, sending->consultation, 200, "withdrawn", false);
    if (document && !(receipt_code(service_of(request)->keys, &sending->entry.receipt, code) &&
                      withdrawal_add(request, &sending->entry, code, document->page))) {
        document_free(document);
        document = NULL;
    }
    reply_document(request,
                   framed(request, document,
                          &(struct submission_framed){.consultation = sending->consultation,
                                                      .title_key = "withdrawn.title",
                                                      .number = sending->entry.receipt.number,
                                                      .code = code,
                                                      .withdrawn = true}));
    sodium_memzero(code, sizeof code);
    return HANDLED;
}

enum handled submission_withdraw_form(struct request *request)
{
    struct form form = {0};
    struct stored stored;
    enum handled handled = HANDLED;
    if (holder_open(request, &form, &stored)) {
        const char *confirm = form_value(&form, "/confirm");
        if (confirm && *confirm)
            handled = sending_withdraw(request, &stored, withdrawn_page);
        else
            reply_document(request,
                           submission_document(request, &stored, form_value(&form, "/code"), true));
    }
    stored_clear(&stored);
    form_clear(&form);
    return handled;
}
