/* Is this receipt genuine? As JSON, and on a page that also takes its file, tells the
 * holder of its code what became of it, and finds one by its number. Whether it is genuine is told
 * without looking anything up. */
#include "resources/receipt_check.h"

#include "http/form.h"
#include "http/multipart.h"
#include "http/reply.h"
#include "represent/form.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/body.h"
#include "resources/filing_check.h"
#include "resources/holder.h"
#include "resources/routes.h"
#include "resources/sending.h"
#include "resources/stored.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { CARRIED_MOST = 64 * 1024 };

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
    struct receipt_papers papers;
    const json_t *filing = filing_paper(body);
    enum receipt_verdict verdict =
        filing ? filing_receipt_verify(service_of(request)->keys, filing)
               : receipt_verify_papers(service_of(request)->keys, body, &papers);
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

/* What was sent, so that the reply is had in another language: [{name, value}]. NULL: it is too
 * long for being sent along on the chance. */
static json_t *check_carried(const char *name, const char *text, const char *code)
{
    if (strlen(text) > CARRIED_MOST)
        return NULL;
    return json_pack("[{s:s, s:s}, {s:s, s:s}]", "name", name, "value", text, "name", "/code",
                     "value", code ? code : "");
}

/* How the reply is had in other languages: by what is `carried`, which is taken over; by `form`,
 * which has what was sent in its fields; else they begin anew at `rest`. */
struct ways {
    json_t *carried;
    const char *form, *rest;
};

/* Takes `page` over. */
static struct document *check_document(const struct request *request, int status, json_t *page,
                                       struct ways ways)
{
    const struct frame frame = {.title_key = "receipt-check.title",
                                .rest = ways.carried || ways.form ? NULL : ways.rest,
                                .action = "/receipt-check",
                                .carried = ways.carried,
                                .form = ways.carried ? NULL : ways.form,
                                .faulty = status >= 400};
    struct document *document = page ? document_new(status, request->language) : NULL;
    if (!document) {
        json_decref(page);
        json_decref(ways.carried);
        return NULL;
    }
    document->template = "receipt_check";
    document->page = page;
    json_object_set_new(page, "action",
                        json_sprintf("/%s/receipt-check", language_tag(request->language)));
    bool ok = page_frame(service_of(request)->pages, document, &frame);
    json_decref(ways.carried);
    if (ok)
        return document;
    document_free(document);
    return NULL;
}

void receipt_check_unknown(struct request *request, const char *typed)
{
    char number[NUMBER_TEXT + 1], rest[32] = "/receipt-check";
    bool readable = number_read(typed, number);
    if (readable)
        snprintf(rest, sizeof rest, "/receipts/%s", number);
    json_t *message = wording_string(
        service_of(request)->pages, request->language,
        readable ? "receipt-check.number-unknown" : "receipt-check.number-unreadable", NULL);
    json_t *page =
        json_pack("{s:s, s:o}", "number_value", readable ? number : typed, "number_error", message);
    reply_document(request, check_document(request, 404, page, (struct ways){.rest = rest}));
}

static const struct ways anew = {.rest = "/receipt-check"};

enum handled receipt_check_page(struct request *request)
{
    reply_document(request, check_document(request, 200, json_object(), anew));
    return HANDLED;
}

/* {at, hkt, utc} of the document's member; NULL: it has none. */
static json_t *time_shown(const struct request *request, const json_t *document, const char *name)
{
    const char *text = json_string_value(json_object_get(document, name));
    int64_t utc_us = 0;
    if (!text || !parse_time(text, &utc_us))
        return NULL;
    return wording_moments(service_of(request)->pages, request->language, utc_us);
}

static json_t *receipt_shown(const struct request *request, const struct receipt_papers *papers)
{
    const json_t *paper = papers->receipt ? papers->receipt : papers->withdrawal;
    const char *number = json_string_value(json_object_get(paper, "number"));
    return json_pack("{s:O, s:s, s:O, s:O, s:o*, s:o*, s:o}", "consultation",
                     json_object_get(paper, "consultation"), "number", number, "commitment",
                     json_object_get(paper, "commitment"), "key_id",
                     json_object_get(paper, "key_id"), "arrived",
                     time_shown(request, papers->receipt, "arrived_at"), "withdrawn",
                     time_shown(request, papers->withdrawal, "withdrawn_at"), "href",
                     json_sprintf("/%s/receipts/%s", language_tag(request->language), number));
}

/* {recorded: true | withdrawn, superseded: {at, hkt, utc}}: what became of it, for the holder of
 * its code; or the fault of the code's field. Counted, held and displaced are all recorded. */
static void state_add(struct request *request, const char *number, const char *code, json_t *page)
{
    const struct pages *pages = service_of(request)->pages;
    struct stored stored;
    int retry_s = 0;
    enum problem_code problem = stored_open(request, number, code, &stored, &retry_s);
    if (problem == PROBLEM_NONE) {
        const char *name = stored.withdrawn    ? "withdrawn"
                           : stored.superseded ? "superseded"
                                               : "recorded";
        bool changed = stored.withdrawn || stored.superseded;
        json_object_set_new(
            page, "state",
            json_pack("{s:o}", name,
                      changed ? wording_moments(pages, request->language, stored.changed_us)
                              : json_true()));
    } else {
        sending_retry_header(request, problem, retry_s);
        json_object_set_new(page, "code_error", holder_code_error(request, problem));
    }
    stored_clear(&stored);
}

/* Some programs begin a text file with a byte order mark. */
static const char *text_begin(const char *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(text, mark, sizeof mark - 1) == 0 ? text + sizeof mark - 1 : text;
}

/* `typed`: the code, if somebody gave it; a file that was downloaded here has it too. What was
 * pasted is shown again; a file its owner still has, and it may be large. */
static void text_check(struct request *request, const char *text, const char *typed, bool file)
{
    json_t *document = json_loads(text_begin(text), JSON_REJECT_DUPLICATES, NULL);
    const json_t *filing = filing_paper(document);
    struct receipt_papers papers;
    enum receipt_verdict verdict =
        filing ? filing_receipt_verify(service_of(request)->keys, filing)
               : receipt_verify_papers(service_of(request)->keys, document, &papers);
    const char *code =
        typed && *typed ? typed : json_string_value(json_object_get(document, "code"));
    json_t *page =
        json_pack("{s:{s:b}, s:s}", "verdict", verdict_flag(verdict), 1, "value", file ? "" : text);
    if (verdict == RECEIPT_GENUINE && filing) {
        code = NULL; /* there is none to it */
        json_object_del(page, "verdict");
        json_object_set_new(page, "filing", filing_check_view(request, filing));
    } else if (verdict == RECEIPT_GENUINE) {
        json_t *shown = receipt_shown(request, &papers);
        if (code)
            state_add(request, json_string_value(json_object_get(shown, "number")), code, page);
        json_object_set_new(page, "receipt", shown);
    }
    json_decref(document);
    int status = json_object_get(page, "code_error") ? 422 : 200;
    struct ways ways = anew;
    ways.carried = check_carried(file ? "/file" : "/receipt", text, typed);
    ways.form = file ? NULL : "check";
    if (file && !ways.carried)
        json_object_set_new(page, "file_again", json_true());
    reply_document(request, check_document(request, status, page, ways));
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
    reply_document(
        request,
        check_document(
            request, 422, json_pack("{s:s, s:o}", "number_value", typed, "number_error", message),
            (struct ways){.carried = check_carried("/number", typed, NULL), .rest = anew.rest}));
}

/* `key`: what is wrong with the file, or that there is none, nor a text. */
static void file_refuse(struct request *request, const char *key)
{
    json_t *message = wording_string(service_of(request)->pages, request->language, key, NULL);
    reply_document(request,
                   check_document(request, 422, json_pack("{s:o}", "file_error", message), anew));
}

enum handled receipt_check_form(struct request *request)
{
    struct form form = {0};
    const char *type = request_header(request, "Content-Type");
    const char *body = request->body.data ? request->body.data : "";
    bool file = multipart_is(type);
    bool ok = file ? multipart_read(type, body, request->body.length, &form)
                   : form_read(body, request->body.length, &form);
    const char *number = form_value(&form, "/number"), *text = form_value(&form, "/file");
    bool uploaded = text && *text;
    if (!uploaded)
        text = form_value(&form, "/receipt");
    if (!ok && file)
        file_refuse(request, "receipt-check.file-unreadable");
    else if (!ok)
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    else if (number)
        number_find(request, number);
    else if (!text || !*text)
        file_refuse(request, "receipt-check.nothing");
    else
        text_check(request, text, form_value(&form, "/code"), uploaded);
    form_clear(&form);
    return HANDLED;
}
