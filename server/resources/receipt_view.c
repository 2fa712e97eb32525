/* Receipts as documents and pages; see receipt_view.h. */
#include "resources/receipt_view.h"

#include "domain/wipe.h"
#include "represent/form.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/holder.h"
#include "resources/said_view.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void receipt_address(const char *number, char address[RECEIPT_ADDRESS])
{
    snprintf(address, RECEIPT_ADDRESS, "/v1/receipts/%s", number);
}

static json_t *salt_text(const struct receipt *receipt)
{
    char hex[2 * sizeof receipt->salt + 1];
    if (receipt->erased)
        return NULL;
    sodium_bin2hex(hex, sizeof hex, receipt->salt, sizeof receipt->salt);
    return json_string(hex);
}

static json_t *links_of(const struct receipt *receipt, bool to_submission)
{
    json_t *links =
        json_pack("{s:o, s:o, s:s}", "receipt", json_sprintf("/v1/receipts/%s", receipt->number),
                  "consultation", json_sprintf("/v1/consultations/%s", receipt->consultation),
                  "keys", "/.well-known/receipt-keys");
    if (to_submission) {
        json_object_set_new(links, "submission",
                            json_sprintf("/v1/submissions/%s", receipt->number));
        json_object_set_new(links, "amendments",
                            json_sprintf("/v1/submissions/%s/amendments", receipt->number));
    }
    return links;
}

/* Takes `model` over. */
static struct document *document_of(const struct request *request, int status, json_t *model)
{
    struct document *document = document_new(status, request->language);
    if (document && document_say(document, model))
        return document;
    if (!document)
        json_decref(model);
    document_free(document);
    return NULL;
}

struct document *receipt_recorded(const struct request *request, const struct receipt *receipt)
{
    const struct keys *keys = service_of(request)->keys;
    char code[RECEIPT_CODE_TEXT + 1];
    json_t *signed_receipt = receipt_document(keys, receipt);
    if (!signed_receipt || !receipt_code(keys, receipt, code)) {
        json_decref(signed_receipt);
        return NULL;
    }
    json_t *model = json_pack("{s:o, s:s, s:o*, s:o}", "receipt", signed_receipt, "code", code,
                              "salt", salt_text(receipt), "links", links_of(receipt, true));
    sodium_memzero(code, sizeof code);
    return document_of(request, 201, model);
}

/* The very bytes that the commitment covers, so that its holder can compute it. */
static json_t *content_text(const struct stored *stored)
{
    size_t length = 0;
    char *canonical = submission_canonical(&stored->submission, &length);
    json_t *text = canonical ? json_stringn(canonical, length) : NULL;
    wipe_free(canonical);
    return text;
}

/* What moderation did with each remark that may be published. */
static json_t *moderation_list(const struct request *request, const struct submission *submission)
{
    const struct consultation *c = submission->consultation;
    json_t *list = json_array();
    for (size_t i = 0; i < submission->remark_count; i++) {
        const struct remark *remark = &submission->remarks[i];
        if (!remark_is_for_publication(submission, remark))
            continue;
        json_t *item = json_pack("{s:s, s:s*}", "state", moderation_name(remark->moderation),
                                 "published", remark->published);
        if (remark->part == REMARK_MEASURE)
            json_object_set_new(item, "measure",
                                json_string(c->measures[remark->ordinal - 1].code));
        else
            json_object_set_new(item, "question",
                                json_string(c->questions[remark->ordinal - 1].code));
        if (remark->moderation_reason) {
            char key[64];
            snprintf(key, sizeof key, "%s%s", "moderation.reason-", remark->moderation_reason);
            json_object_set_new(item, "reason", json_string(remark->moderation_reason));
            json_object_set_new(
                item, "reason_text",
                wording_string(service_of(request)->pages, request->language, key, NULL));
        }
        json_array_append_new(list, item);
    }
    return list;
}

struct document *receipt_stored(const struct request *request, const struct stored *stored)
{
    const struct receipt *receipt = &stored->receipt;
    json_t *signed_receipt = receipt_document(service_of(request)->keys, receipt);
    if (!signed_receipt)
        return NULL;
    json_t *model = json_pack("{s:o, s:b, s:b, s:b, s:o}", "receipt", signed_receipt, "withdrawn",
                              stored->withdrawn, "superseded", stored->superseded, "erased",
                              receipt->erased, "links", links_of(receipt, true));
    if (model && stored->withdrawn)
        json_object_set_new(
            model, "withdrawal",
            withdrawal_document(service_of(request)->keys, receipt, stored->changed_us));
    if (model && !receipt->erased) {
        json_object_set_new(model, "salt", salt_text(receipt));
        json_object_set_new(model, "submission", stored_document(stored));
        json_object_set_new(model, "content", content_text(stored));
        if (stored->submission.moderated)
            json_object_set_new(model, "moderation", moderation_list(request, &stored->submission));
    }
    return document_of(request, 200, model);
}

void receipt_code_spoken(const char *code, char spoken[CODE_SPOKEN])
{
    snprintf(spoken, CODE_SPOKEN, "%.4s %.4s %.4s", code, code + 4, code + 8);
}

/* The code behind a # is never sent to a server: the page's script puts it into its field. */
static json_t *qr_of(const struct request *request, const struct receipt *receipt, const char *code)
{
    const struct service *service = service_of(request);
    char address[sizeof service->base_url + RECEIPT_ADDRESS];
    snprintf(address, sizeof address, "%s/%s/receipts/%s#%s", service->base_url,
             language_tag(request->language), receipt->number, code);
    json_t *label = wording_string(service->pages, request->language, "receipt.qr", NULL);
    json_t *qr = label ? markup_qr(address, json_string_value(label)) : NULL;
    json_decref(label);
    sodium_memzero(address, sizeof address);
    return qr;
}

static const char shown_renewed[] = "renewed", shown_replayed[] = "replayed";
static const char letter_sent[] = "sent", letter_failed[] = "failed";

void receipt_page_carried(const struct form *form, struct receipt_page *page)
{
    const char *shown = form_text(form, "/shown"), *letter = form_text(form, "/letter");
    page->renewed = strcmp(shown, shown_renewed) == 0;
    page->replayed = strcmp(shown, shown_replayed) == 0;
    if (strcmp(letter, letter_sent) == 0)
        page->letter = NUMBER_LETTER_SENT;
    else if (strcmp(letter, letter_failed) == 0)
        page->letter = NUMBER_LETTER_FAILED;
}

static const char *letter_name(enum number_letter letter)
{
    switch (letter) {
    case NUMBER_LETTER_NONE:
        return "";
    case NUMBER_LETTER_SENT:
        return letter_sent;
    case NUMBER_LETTER_FAILED:
        return letter_failed;
    }
    return "";
}

/* The holder's page in another language: the code opens it, which no address may have. */
static json_t *carried_of(const struct receipt_page *page, const char *spoken)
{
    const char *shown = page->renewed ? shown_renewed : page->replayed ? shown_replayed : "";
    return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "name", "/code", "value", spoken,
                     "name", "/shown", "value", shown, "name", "/letter", "value",
                     letter_name(page->letter));
}

static bool holder_add(const struct request *request, const struct receipt *receipt,
                       const struct receipt_page *shown, json_t **carried, json_t *page)
{
    const struct submission *submission = shown->submission;
    char code[RECEIPT_CODE_TEXT + 1], spoken[CODE_SPOKEN];
    if (!receipt_code(service_of(request)->keys, receipt, code))
        return false;
    receipt_code_spoken(code, spoken);
    *carried = carried_of(shown, spoken);
    json_t *salt = salt_text(receipt);
    json_t *holder = json_pack(
        "{s:s, s:o, s:o, s:o}", "code", spoken, salt ? "salt" : "erased", salt ? salt : json_true(),
        "qr", qr_of(request, receipt, code), "file_action",
        json_sprintf("/%s/receipts/%s/file", language_tag(request->language), receipt->number));
    sodium_memzero(code, sizeof code);
    sodium_memzero(spoken, sizeof spoken);
    if (holder && submission && !receipt->erased)
        json_object_set_new(page, "said", said_view(request, submission));
    if (submission && *submission->supersedes)
        json_object_set_new(page, "replaces", json_string(submission->supersedes));
    return json_object_set_new(page, "holder", holder) == 0;
}

static json_t *statement_text(const struct receipt *receipt)
{
    size_t length = 0;
    char *statement = receipt_statement(receipt, &length);
    json_t *text = statement ? json_stringn(statement, length) : NULL;
    free(statement);
    return text;
}

/* What is signed, and the addresses around it. */
static bool receipt_add(const struct request *request, const struct receipt *receipt, json_t *page)
{
    const struct pages *pages = service_of(request)->pages;
    json_t *signed_receipt = receipt_document(service_of(request)->keys, receipt);
    char *text = signed_receipt ? json_dumps(signed_receipt, JSON_INDENT(2)) : NULL;
    const char *tag = language_tag(request->language);
    json_t *more = text ? json_pack("{s:s, s:O, s:O, s:O, s:s, s:o, s:o, s:o, s:o, s:o}", "number",
                                    receipt->number, "commitment",
                                    json_object_get(signed_receipt, "commitment"), "key_id",
                                    json_object_get(signed_receipt, "key_id"), "signature",
                                    json_object_get(signed_receipt, "signature"), "document", text,
                                    "statement", statement_text(receipt), "arrived",
                                    wording_moments(pages, request->language, receipt->arrived_us),
                                    "json", json_sprintf("/v1/receipts/%s", receipt->number),
                                    "check", json_sprintf("/%s/receipt-check", tag), "page",
                                    json_sprintf("%s/%s/receipts/%s", service_of(request)->base_url,
                                                 tag, receipt->number))
                        : NULL;
    free(text);
    json_decref(signed_receipt);
    bool ok = more && json_object_update(page, more) == 0;
    json_decref(more);
    return ok;
}

bool receipt_holder_fields(const struct request *request, const struct receipt *receipt,
                           const struct submission *submission, json_t *page)
{
    json_t *carried = NULL;
    const struct receipt_page shown = {.holder = true, .submission = submission};
    bool ok =
        receipt_add(request, receipt, page) && holder_add(request, receipt, &shown, &carried, page);
    json_decref(carried);
    return ok;
}

static bool read_form_add(const struct request *request, const struct receipt *receipt,
                          enum problem_code problem, json_t *page)
{
    json_object_set_new(page, "read_action",
                        json_sprintf("/%s/receipts/%s/submission", language_tag(request->language),
                                     receipt->number));
    json_object_set_new(
        page, "renewal",
        json_sprintf("/%s/receipts/%s/renewal", language_tag(request->language), receipt->number));
    if (problem == PROBLEM_NONE)
        return true;
    return json_object_set_new(page, "code_error", holder_code_error(request, problem)) == 0;
}

struct document *receipt_page_document(const struct request *request,
                                       const struct consultation *consultation,
                                       const struct receipt *receipt,
                                       const struct receipt_page *page)
{
    struct document *document =
        consultation_document(request, consultation, page->status, "receipt", false);
    if (!document)
        return NULL;
    char rest[RECEIPT_ADDRESS], json[RECEIPT_ADDRESS];
    json_t *carried = NULL;
    snprintf(rest, sizeof rest, "/receipts/%s", receipt->number);
    receipt_address(receipt->number, json);
    bool ok = receipt_add(request, receipt, document->page);
    if (ok && page->holder)
        ok = holder_add(request, receipt, page, &carried, document->page);
    else if (ok)
        ok = read_form_add(request, receipt, page->code_problem, document->page);
    const struct frame frame = {
        .title_key = page->renewed  ? "renewal.done"
                     : page->holder ? "receipt.done"
                                    : "receipt.title",
        .rest = page->holder ? NULL : rest,
        .action = rest,
        .carried = carried,
        .json = json,
        .rehearsal = consultation->rehearsal,
        .unlisted = true,
        .faulty = page->code_problem != PROBLEM_NONE,
    };
    json_object_set_new(document->page, "replayed", json_boolean(page->replayed));
    if (page->letter != NUMBER_LETTER_NONE)
        json_object_set_new(
            document->page, "letter",
            json_pack("{s:b}", page->letter == NUMBER_LETTER_SENT ? "sent" : "failed", 1));
    json_object_set_new(document->page, "renewed", json_boolean(page->renewed));
    ok = ok && page_frame(service_of(request)->pages, document, &frame);
    json_decref(carried);
    if (ok)
        return document;
    document_free(document);
    return NULL;
}
