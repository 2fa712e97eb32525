/* A receipt to keep, as text and as JSON, for the holder of its code: everything that proves and
 * opens it, which is why it is asked for by POST. `verify` and the check page take the JSON. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/holder.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/said_view.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text under way: `text` grows by lines in the request's words. */
struct writing {
    const struct request *request;
    struct buf text;
};

static void line(struct writing *writing, const char *text)
{
    buf_text(&writing->text, text);
    buf_byte(&writing->text, '\n');
}

static void words(struct writing *writing, const char *key)
{
    const struct request *request = writing->request;
    if (!pages_string(service_of(request)->pages, request->language, key, NULL, &writing->text))
        writing->text.failed = true;
}

static void sentence(struct writing *writing, const char *key)
{
    words(writing, key);
    buf_byte(&writing->text, '\n');
}

static void heading(struct writing *writing, const char *key)
{
    buf_text(&writing->text, "\n== ");
    words(writing, key);
    buf_text(&writing->text, " ==\n");
}

/* Without a value nothing is said. */
static void fact(struct writing *writing, const char *key, const char *value)
{
    if (!value)
        return;
    words(writing, key);
    words(writing, "answer.colon");
    line(writing, value);
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void answers_write(struct writing *writing, const json_t *direction)
{
    size_t i;
    json_t *answer;
    buf_format(&writing->text, "\n%s %s\n", member(direction, "code"), member(direction, "title"));
    json_array_foreach(json_object_get(direction, "answers"), i, answer)
    {
        buf_format(&writing->text, "\n%s %s\n", member(answer, "code"), member(answer, "text"));
        if (member(answer, "stance"))
            line(writing, member(answer, "stance"));
        if (json_is_true(json_object_get(answer, "priority")))
            sentence(writing, "submission.priority");
        if (member(answer, "remark"))
            line(writing, member(answer, "remark"));
        if (json_is_true(json_object_get(answer, "withheld")))
            sentence(writing, "submission.withheld");
    }
}

static void said_write(struct writing *writing, const json_t *said)
{
    size_t i;
    json_t *direction, *view;
    heading(writing, "receipt.said");
    fact(writing, "submission.kind", member(said, "kind"));
    fact(writing, "answer.organisation", member(said, "organisation"));
    fact(writing, "answer.sector", member(said, "sector"));
    fact(writing, "submission.language", member(said, "language"));
    fact(writing, "submission.publication", member(said, "publication"));
    json_array_foreach(json_object_get(said, "directions"), i, direction)
        answers_write(writing, direction);
    json_array_foreach(json_object_get(json_object_get(said, "views"), "list"), i, view)
    {
        buf_format(&writing->text, "\n%s\n", member(view, "text"));
        line(writing, member(view, "view"));
        if (json_is_true(json_object_get(view, "withheld")))
            sentence(writing, "submission.withheld");
    }
}

static void code_write(struct writing *writing, const struct receipt *receipt)
{
    char code[RECEIPT_CODE_TEXT + 1], spoken[CODE_SPOKEN];
    if (!receipt_code(service_of(writing->request)->keys, receipt, code)) {
        writing->text.failed = true;
        return;
    }
    receipt_code_spoken(code, spoken);
    fact(writing, "receipt.code", spoken);
    sentence(writing, "receipt.code-meaning");
    sentence(writing, "receipt.code-aloud");
    sodium_memzero(code, sizeof code);
    sodium_memzero(spoken, sizeof spoken);
}

static void statement_write(struct writing *writing, const struct receipt *receipt)
{
    json_t *document = receipt_document(service_of(writing->request)->keys, receipt);
    size_t length = 0;
    char *statement = receipt_statement(receipt, &length);
    char salt[2 * sizeof receipt->salt + 1];
    sodium_bin2hex(salt, sizeof salt, receipt->salt, sizeof receipt->salt);
    heading(writing, "receipt.states");
    sentence(writing, "receipt.states-meaning");
    fact(writing, "receipt.commitment", member(document, "commitment"));
    fact(writing, "receipt.signature", member(document, "signature"));
    fact(writing, "receipt.key-id", member(document, "key_id"));
    fact(writing, "receipt.salt", receipt->erased ? NULL : salt);
    heading(writing, "receipt.statement");
    if (statement)
        line(writing, statement);
    writing->text.failed |= !document || !statement;
    sodium_memzero(salt, sizeof salt);
    free(statement);
    json_decref(document);
}

static void withdrawal_write(struct writing *writing, const struct stored *stored)
{
    const struct request *request = writing->request;
    const struct service *service = service_of(request);
    const struct receipt *receipt = &stored->receipt;
    size_t length = 0;
    json_t *document = withdrawal_document(service->keys, receipt, stored->changed_us);
    char *statement = withdrawal_statement(receipt, stored->changed_us, &length);
    json_t *moments = wording_moments(service->pages, request->language, stored->changed_us);
    heading(writing, "withdrawn.states");
    sentence(writing, "withdrawn.states-meaning");
    fact(writing, "withdrawn.at", member(moments, "hkt"));
    fact(writing, "withdrawn.at", member(moments, "utc"));
    fact(writing, "receipt.commitment", member(document, "commitment"));
    fact(writing, "receipt.signature", member(document, "signature"));
    fact(writing, "receipt.key-id", member(document, "key_id"));
    heading(writing, "withdrawn.statement");
    if (statement)
        line(writing, statement);
    writing->text.failed |= !document || !statement;
    json_decref(moments);
    free(statement);
    json_decref(document);
}

static void text_write(struct writing *writing, const struct stored *stored)
{
    const struct request *request = writing->request;
    const struct service *service = service_of(request);
    const struct receipt *receipt = &stored->receipt;
    json_t *moments = wording_moments(service->pages, request->language, receipt->arrived_us);
    sentence(writing, "receipt.title");
    buf_byte(&writing->text, '\n');
    fact(writing, "receipt.consultation", stored->consultation->title.body[request->language]);
    fact(writing, "receipt.number", receipt->number);
    code_write(writing, receipt);
    fact(writing, "receipt.arrived", member(moments, "hkt"));
    fact(writing, "receipt.arrived", member(moments, "utc"));
    json_decref(moments);
    buf_format(&writing->text, "%s/%s/receipts/%s\n", service->base_url,
               language_tag(request->language), receipt->number);
    if (receipt->erased) {
        heading(writing, "receipt.said");
        sentence(writing, "submission.erased");
    } else {
        json_t *said = said_view(request, &stored->submission);
        said_write(writing, said);
        json_decref(said);
    }
    statement_write(writing, receipt);
    if (stored->withdrawn)
        withdrawal_write(writing, stored);
}

/* What the interface gives the holder, and the code. */
static void json_write(struct writing *writing, const struct stored *stored)
{
    char code[RECEIPT_CODE_TEXT + 1];
    const struct request *request = writing->request;
    struct document *document = receipt_stored(request, stored);
    char *text = NULL;
    if (document && receipt_code(service_of(request)->keys, &stored->receipt, code) &&
        json_object_set_new(document->model, "code", json_string(code)) == 0)
        text = json_dumps(document->model, JSON_INDENT(2));
    sodium_memzero(code, sizeof code);
    if (text)
        line(writing, text);
    writing->text.failed |= !text;
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
    document_free(document);
}

static void file_reply(struct request *request, const struct stored *stored, bool json)
{
    struct writing writing = {.request = request};
    char name[64];
    if (json)
        json_write(&writing, stored);
    else
        text_write(&writing, stored);
    snprintf(name, sizeof name, "attachment; filename=\"receipt-%s.%s\"", stored->receipt.number,
             json ? "json" : "txt");
    if (buf_ok(&writing.text)) {
        reply_header(request, "Content-Disposition", name);
        reply_bytes(request, 200, json ? "application/json" : "text/plain; charset=utf-8",
                    writing.text.data, writing.text.length);
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    buf_clear(&writing.text);
}

enum handled receipt_file_form(struct request *request)
{
    struct form form = {0};
    struct stored stored;
    if (holder_open(request, &form, &stored)) {
        const char *as = form_value(&form, "/as");
        bool json = as && strcmp(as, "json") == 0;
        if (!json && as && strcmp(as, "text") != 0)
            reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/as");
        else
            file_reply(request, &stored, json);
    }
    stored_clear(&stored);
    form_clear(&form);
    return HANDLED;
}
