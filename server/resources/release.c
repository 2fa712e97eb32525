/* The numbered releases of a consultation, and each one byte for byte as it was published. */
#include "base/parse.h"
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"
#include "store/db.h"

#include <string.h>

static const char type_json[] = "application/json";

/* A statement of this consultation and, if not 0, release; false: the problem is set. */
static bool query(struct request *request, enum statement statement, int consultation_id,
                  int64_t number, struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, consultation_id);
    if (number)
        params_int4(&params, (int32_t)number);
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, statement, &params, rows);
    params_clear(&params);
    if (status == DB_OK)
        return true;
    reply_problem(request, status == DB_FAULT ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    return false;
}

static json_t *list_row(const struct consultation *consultation, const struct rows *rows, int row)
{
    char released_at[RFC3339_TEXT];
    int number = (int)row_int(rows, row, 0);
    format_time(row_time(rows, row, 1), released_at);
    return json_pack("{s:i, s:s, s:b, s:{s:o}}", "number", number, "released_at", released_at,
                     "final", row_bool(rows, row, 2), "links", "self",
                     json_sprintf("/v1/consultations/%s/releases/%d", consultation->slug, number));
}

enum handled release_list(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 0);
    struct rows rows = {0};
    if (consultation && query(request, STATEMENT_RELEASE_LIST, consultation->id, 0, &rows)) {
        struct document *document = document_new(200, request->language);
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(list, list_row(consultation, &rows, row));
        if (document) {
            json_object_set_new(document->model, "consultation", json_string(consultation->slug));
            json_object_set(document->model, "releases", list);
        }
        json_decref(list);
        reply_document(request, document);
    }
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}

enum handled release_get(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 0);
    struct rows rows = {0};
    int64_t number = 0;
    if (consultation && !parse_integer(request->parts[1], 1, INT32_MAX, &number))
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    else if (consultation &&
             query(request, STATEMENT_RELEASE_DOCUMENT, consultation->id, number, &rows)) {
        if (rows_count(&rows) == 1)
            reply_bytes(request, 200, type_json, row_text(&rows, 0, 0),
                        strlen(row_text(&rows, 0, 0)));
        else
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    }
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}
