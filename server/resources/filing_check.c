/* What a genuine receipt of an institution's filing is of, and whether something was filed after
 * it; see filing_check.h. */
#include "resources/filing_check.h"

#include "represent/wording.h"
#include "service.h"

#include <string.h>

enum { CONSULTATION, INSTITUTION, NAMES, VERSIONS = NAMES + LANGUAGES, PUBLISHED };

const json_t *filing_paper(const json_t *document)
{
    const json_t *receipt = json_object_get(document, "receipt");
    if (filing_receipt_is(document) && json_object_get(document, "signature"))
        return document;
    return filing_receipt_is(receipt) ? receipt : NULL;
}

static json_t *arrived_view(const struct request *request, const json_t *receipt)
{
    int64_t arrived_us = 0;
    return parse_time(json_string_value(json_object_get(receipt, "arrived_at")), &arrived_us)
               ? wording_moments(service_of(request)->pages, request->language, arrived_us)
               : json_null();
}

/* False: it could not be asked. */
static bool state_read(const struct request *request, const json_t *receipt, struct rows *rows)
{
    struct params params = {0};
    struct digest digest = {{0}};
    const char *hex = json_string_value(json_object_get(receipt, "digest"));
    if (!hex || !digest_of_hex(hex, &digest))
        return false;
    params_text(&params, json_string_value(json_object_get(receipt, "number")));
    params_int4(&params, (int32_t)json_integer_value(json_object_get(receipt, "version")));
    params_bytes(&params, digest.bytes, DIGEST_BYTES);
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, STATEMENT_RESPONSE_FILING_STATE, &params, rows);
    params_clear(&params);
    return status == DB_OK;
}

json_t *filing_check_view(const struct request *request, const json_t *receipt)
{
    struct rows rows = {0};
    json_t *version = json_object_get(receipt, "version");
    json_t *view = json_pack(
        "{s:O, s:O, s:O, s:O, s:o, s:n}", "name", json_object_get(receipt, "institution"), "number",
        json_object_get(receipt, "number"), "version", version, "digest",
        json_object_get(receipt, "digest"), "arrived", arrived_view(request, receipt), "href");
    bool asked = state_read(request, receipt, &rows);
    if (asked && rows_count(&rows) == 1) {
        bool latest = row_int(&rows, 0, VERSIONS) == json_integer_value(version);
        json_object_set_new(view, latest ? "latest" : "superseded", json_true());
        json_object_set_new(view, "name",
                            json_string(row_text(&rows, 0, NAMES + (int)request->language)));
        if (row_bool(&rows, 0, PUBLISHED))
            json_object_set_new(view, "href",
                                json_sprintf("/%s/consultations/%s/responses/%s/versions/%d",
                                             language_tag(request->language),
                                             row_text(&rows, 0, CONSULTATION),
                                             json_string_value(json_object_get(receipt, "number")),
                                             (int)json_integer_value(version)));
    } else if (asked) {
        json_object_set_new(view, "unknown", json_true());
    }
    rows_clear(&rows);
    return view;
}
