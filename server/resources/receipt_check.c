/* Is this receipt genuine? As JSON, and on a page that also finds one by its number. Nothing is
 * looked up to tell. */
#include "http/form.h"
#include "http/reply.h"
#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/body.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

/* A receipt by itself, or in the reply to a submission. Borrowed. */
static const json_t *receipt_within(const json_t *document)
{
    const json_t *inner = json_object_get(document, "receipt");
    return json_is_object(inner) ? inner : document;
}

static const char *verdict_name(enum receipt_verdict verdict)
{
    switch (verdict) {
    case RECEIPT_GENUINE:
        return "genuine";
    case RECEIPT_FALSE:
        return "false";
    case RECEIPT_UNREADABLE:
        return "unreadable";
    case RECEIPT_KEY_UNKNOWN:
        return "key-unknown";
    }
    return "unreadable";
}

enum handled receipt_verification_post(struct request *request)
{
    json_t *body = body_json(request);
    if (!body)
        return HANDLED;
    enum receipt_verdict verdict = receipt_verify(service_of(request)->keys, receipt_within(body));
    struct document *document = document_new(200, request->language);
    if (document)
        json_object_set_new(document->model, "verdict", json_string(verdict_name(verdict)));
    json_decref(body);
    reply_document(request, document);
    return HANDLED;
}

/* What a template can ask for: `false` is no name there. */
static const char *verdict_flag(enum receipt_verdict verdict)
{
    switch (verdict) {
    case RECEIPT_GENUINE:
        return "genuine";
    case RECEIPT_FALSE:
        return "forged";
    case RECEIPT_UNREADABLE:
        return "unreadable";
    case RECEIPT_KEY_UNKNOWN:
        return "key_unknown";
    }
    return "unreadable";
}

static struct document *check_document(const struct request *request, int status, json_t *page)
{
    const struct frame frame = {
        .title_key = "receipt-check.title", .rest = "/receipt-check", .faulty = status == 422};
    struct document *document = page ? document_new(status, request->language) : NULL;
    if (!document) {
        json_decref(page);
        return NULL;
    }
    document->template = "receipt_check";
    document->page = page;
    json_object_set_new(page, "action",
                        json_sprintf("/%s/receipt-check", language_tag(request->language)));
    if (page_frame(service_of(request)->pages, document, &frame))
        return document;
    document_free(document);
    return NULL;
}

enum handled receipt_check_page(struct request *request)
{
    reply_document(request, check_document(request, 200, json_object()));
    return HANDLED;
}

static json_t *receipt_shown(const struct request *request, const json_t *receipt)
{
    const char *number = json_string_value(json_object_get(receipt, "number"));
    const char *arrived = json_string_value(json_object_get(receipt, "arrived_at"));
    int64_t arrived_us = 0;
    parse_time(arrived, &arrived_us);
    return json_pack(
        "{s:O, s:s, s:O, s:O, s:o, s:o}", "consultation", json_object_get(receipt, "consultation"),
        "number", number, "commitment", json_object_get(receipt, "commitment"), "key_id",
        json_object_get(receipt, "key_id"), "arrived",
        wording_moments(service_of(request)->pages, request->language, arrived_us), "href",
        json_sprintf("/%s/receipts/%s", language_tag(request->language), number));
}

static void text_check(struct request *request, const char *text)
{
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const json_t *receipt = receipt_within(document);
    enum receipt_verdict verdict = receipt_verify(service_of(request)->keys, receipt);
    json_t *page = json_pack("{s:{s:b}, s:s}", "verdict", verdict_flag(verdict), 1, "value", text);
    if (verdict == RECEIPT_GENUINE)
        json_object_set_new(page, "receipt", receipt_shown(request, receipt));
    json_decref(document);
    reply_document(request, check_document(request, 200, page));
}

/* To the receipt's page, if there can be one of that number. */
static void number_find(struct request *request, const char *typed)
{
    char number[NUMBER_TEXT + 1], address[64];
    if (number_read(typed, number)) {
        snprintf(address, sizeof address, "/%s/receipts/%s", language_tag(request->language),
                 number);
        reply_redirect(request, 303, address);
        return;
    }
    json_t *message = wording_string(service_of(request)->pages, request->language,
                                     "receipt-check.number-unreadable", NULL);
    reply_document(request, check_document(request, 422,
                                           json_pack("{s:s, s:o}", "number_value", typed,
                                                     "number_error", message)));
}

enum handled receipt_check_form(struct request *request)
{
    struct form form = {0};
    bool ok = form_read(request->body.data ? request->body.data : "", request->body.length, &form);
    const char *number = form_value(&form, "/number"), *text = form_value(&form, "/receipt");
    if (!ok)
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    else if (number)
        number_find(request, number);
    else
        text_check(request, text ? text : "");
    form_clear(&form);
    return HANDLED;
}
