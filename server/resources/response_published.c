/* Published responses out of the database; see response_published.h. */
#include "resources/response_published.h"

#include "domain/institution.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 64, VERSION_MOST = 1000000 };
/* response_published_get after the columns that the list has as well. */
enum { DIGEST = PUBLISHED_AT + 1, RECEIPT_KEY, LATEST, DOCUMENT, NEWEST };
/* response_published_withheld */
enum { WITHHELD_VERSION = LANGUAGES, WITHHELD_AT, WITHHELD_REASON };

bool published_run(struct request *request, enum statement statement, struct params *params,
                   struct rows *rows)
{
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, statement, params, rows);
    params_clear(params);
    if (status == DB_OK)
        return true;
    bool fault = status == DB_FAULT || status == DB_REFUSED;
    reply_problem(request, fault ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    return false;
}

static const char *kind_name(const struct rows *rows, int row)
{
    int64_t kind = row_int(rows, row, PUBLISHED_KIND);
    return institution_kind_name(kind >= 0 && kind < INSTITUTION_KINDS ? (enum institution_kind)kind
                                                                       : INSTITUTION_KIND_OTHER);
}

static const char *name_of(const struct request *request, const struct rows *rows, int row,
                           int names)
{
    return row_text(rows, row, names + (int)request->language);
}

json_t *published_institution(const struct request *request, const struct rows *rows, int row)
{
    return json_pack("{s:s, s:s, s:s, s:b}", "slug", row_text(rows, row, PUBLISHED_INSTITUTION),
                     "name", name_of(request, rows, row, PUBLISHED_NAMES), "kind",
                     kind_name(rows, row), "fictitious", row_bool(rows, row, PUBLISHED_FICTITIOUS));
}

json_t *published_view(const struct request *request, const struct consultation *consultation,
                       const struct rows *rows, int row)
{
    char key[KEY], rest[PUBLISHED_REST];
    json_t *view = published_institution(request, rows, row);
    snprintf(key, sizeof key, "institution.kind-%s", kind_name(rows, row));
    published_rest(row_text(rows, row, PUBLISHED_NUMBER), 0, rest);
    json_object_set_new(view, "kind_label",
                        wording_string(service_of(request)->pages, request->language, key, NULL));
    json_object_set_new(view, "href", consultation_address(request, consultation, rest));
    return view;
}

static bool published_take(const struct request *request, const struct consultation *consultation,
                           const struct rows *rows, struct published *out)
{
    size_t length = 0;
    const void *digest = row_bytes(rows, 0, DIGEST, &length);
    const char *document = row_text(rows, 0, DOCUMENT);
    struct filing_receipt *receipt = &out->receipt;
    out->version = (int)row_int(rows, 0, PUBLISHED_VERSION);
    out->newest = (int)row_int(rows, 0, NEWEST);
    out->latest = row_bool(rows, 0, LATEST);
    out->language = (enum language)row_int(rows, 0, PUBLISHED_LANGUAGE);
    out->filed_us = row_time(rows, 0, PUBLISHED_ARRIVED_AT);
    out->published_us = row_time(rows, 0, PUBLISHED_AT);
    out->institution = published_institution(request, rows, 0);
    snprintf(out->name, sizeof out->name, "%s", name_of(request, rows, 0, PUBLISHED_NAMES));
    out->bytes = strdup(document);
    out->length = strlen(document);
    out->document = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    *receipt = (struct filing_receipt){.version = out->version,
                                       .arrived_us = out->filed_us,
                                       .receipt_key = (int)row_int(rows, 0, RECEIPT_KEY)};
    snprintf(receipt->consultation, sizeof receipt->consultation, "%s", consultation->slug);
    snprintf(receipt->institution, sizeof receipt->institution, "%s",
             row_text(rows, 0, PUBLISHED_INSTITUTION));
    memcpy(receipt->number, out->number, sizeof receipt->number);
    if (length != DIGEST_BYTES || !out->bytes || !out->document)
        return false;
    memcpy(receipt->digest.bytes, digest, DIGEST_BYTES);
    return true;
}

/* {institution: name, version, at, at_us, reason}, or NULL where nothing such was public. */
static json_t *withheld_find(struct request *request, const struct consultation *consultation,
                             const char *number, int version)
{
    struct params params = {0};
    struct rows rows = {0};
    json_t *out = NULL;
    params_int4(&params, consultation->id);
    params_text(&params, number);
    if (version)
        params_int4(&params, version);
    else
        params_null(&params);
    if (published_run(request, STATEMENT_RESPONSE_PUBLISHED_WITHHELD, &params, &rows)) {
        if (rows_count(&rows) == 1)
            out = json_pack("{s:s, s:I, s:I, s:s}", "institution", name_of(request, &rows, 0, 0),
                            "version", (json_int_t)row_int(&rows, 0, WITHHELD_VERSION), "at_us",
                            (json_int_t)row_time(&rows, 0, WITHHELD_AT), "reason",
                            row_text(&rows, 0, WITHHELD_REASON));
        else
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    }
    rows_clear(&rows);
    return out;
}

bool published_find(struct request *request, const struct consultation *consultation,
                    const char *number, int version, struct published *out, json_t **withheld)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = (struct published){0};
    *withheld = NULL;
    snprintf(out->number, sizeof out->number, "%s", number);
    params_int4(&params, consultation->id);
    params_text(&params, number);
    if (version)
        params_int4(&params, version);
    else
        params_null(&params);
    bool ok = published_run(request, STATEMENT_RESPONSE_PUBLISHED_GET, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        ok = false;
        *withheld = withheld_find(request, consultation, number, version);
    } else if (ok && !published_take(request, consultation, &rows, out)) {
        ok = false;
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    rows_clear(&rows);
    return ok;
}

json_t *published_receipt(const struct request *request, const struct published *published)
{
    size_t length = 0;
    json_t *receipt = filing_receipt_document(service_of(request)->keys, &published->receipt);
    char *text = receipt ? json_dumps(receipt, JSON_INDENT(2)) : NULL;
    char *statement = receipt ? filing_receipt_statement(receipt, &length) : NULL;
    json_t *view =
        text && statement
            ? json_pack("{s:O, s:O, s:O, s:s, s:s, s:o}", "digest",
                        json_object_get(receipt, "digest"), "key", json_object_get(receipt, "key"),
                        "signature", json_object_get(receipt, "signature"), "document", text,
                        "statement", statement, "check",
                        json_sprintf("/%s/receipt-check", language_tag(request->language)))
            : NULL;
    free(text);
    free(statement);
    json_decref(receipt);
    return view;
}

void published_clear(struct published *published)
{
    json_decref(published->institution);
    json_decref(published->document);
    free(published->bytes);
    *published = (struct published){0};
}

bool published_address(struct request *request, char number[NUMBER_TEXT + 1], int *version)
{
    const char *text = request_part(request, "version");
    int64_t value = 0;
    *version = 0;
    if (number_read(request_part(request, "number"), number) &&
        strcmp(number, request_part(request, "number")) == 0 &&
        (!text || parse_integer(text, 1, VERSION_MOST, &value))) {
        *version = (int)value;
        return true;
    }
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

void published_rest(const char *number, int version, char rest[PUBLISHED_REST])
{
    if (version)
        snprintf(rest, PUBLISHED_REST, "/responses/%s/versions/%d", number, version);
    else
        snprintf(rest, PUBLISHED_REST, "/responses/%s", number);
}
