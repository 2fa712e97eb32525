/* The public register of institutions: what it is called, what it is, whether it is verified; none
 * of its people. As JSON, CSV and a page. */
#include "domain/institution.h"
#include "http/reply.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/routes.h"
#include "service.h"
#include "store/db.h"

#include <stdio.h>

enum { SLUG, KIND, NAMES, FICTITIOUS = NAMES + LANGUAGES, VERIFIED };

/* False: the problem is set. */
static bool register_read(struct request *request, struct rows *rows)
{
    struct params params = {0};
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, STATEMENT_INSTITUTION_REGISTER_PUBLIC, &params, rows);
    params_clear(&params);
    if (status == DB_OK)
        return true;
    reply_problem(request, status == DB_FAULT ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    return false;
}

static const char *kind_name(const struct rows *rows, int row)
{
    return institution_kind_name((enum institution_kind)row_int(rows, row, KIND));
}

static json_t *list_row(const struct rows *rows, int row)
{
    json_t *name = json_object();
    for (int i = 0; i < LANGUAGES; i++)
        json_object_set_new(name, language_tag((enum language)i),
                            json_string(row_text(rows, row, NAMES + i)));
    return json_pack("{s:s, s:s, s:o, s:b, s:b}", "institution", row_text(rows, row, SLUG), "kind",
                     kind_name(rows, row), "name", name, "fictitious",
                     row_bool(rows, row, FICTITIOUS), "verified", row_bool(rows, row, VERIFIED));
}

static json_t *table_row(const struct rows *rows, int row)
{
    return json_pack("[s, s, s, s, s, i, i]", row_text(rows, row, SLUG), kind_name(rows, row),
                     row_text(rows, row, NAMES + LANGUAGE_ZH_HANT),
                     row_text(rows, row, NAMES + LANGUAGE_EN),
                     row_text(rows, row, NAMES + LANGUAGE_ZH_HANS),
                     (int)row_bool(rows, row, FICTITIOUS), (int)row_bool(rows, row, VERIFIED));
}

enum handled register_list(struct request *request)
{
    struct rows rows = {0};
    if (register_read(request, &rows)) {
        struct document *document = document_new(200, request->language);
        json_t *list = json_array(), *table = json_array();
        for (int row = 0; row < rows_count(&rows); row++) {
            json_array_append_new(list, list_row(&rows, row));
            json_array_append_new(table, table_row(&rows, row));
        }
        if (document) {
            json_object_set(document->model, "institutions", list);
            document->columns =
                json_pack("[s, s, s, s, s, s, s]", "institution", "kind", "name_zh_hant", "name_en",
                          "name_zh_hans", "fictitious", "verified");
            document->rows = json_incref(table);
            document_alternate(document, "/%s/institutions", language_tag(request->language));
        }
        json_decref(list);
        json_decref(table);
        reply_document(request, document);
    }
    rows_clear(&rows);
    return HANDLED;
}

static json_t *page_row(const struct request *request, const struct rows *rows, int row)
{
    char key[64];
    snprintf(key, sizeof key, "institution.kind-%s", kind_name(rows, row));
    return json_pack("{s:s, s:o, s:b}", "name", row_text(rows, row, NAMES + (int)request->language),
                     "kind",
                     wording_string(service_of(request)->pages, request->language, key, NULL),
                     "verified", row_bool(rows, row, VERIFIED));
}

/* {list: …}, absent where it is empty. */
static void page_list(json_t *page, const char *name, json_t *list)
{
    if (json_array_size(list))
        json_object_set_new(page, name, json_pack("{s:O}", "list", list));
    json_decref(list);
}

enum handled register_page(struct request *request)
{
    const struct service *service = service_of(request);
    const struct frame frame = {.title_key = "institution.public-title",
                                .rest = "/institutions",
                                .json = "/v1/institutions",
                                .base_url = service->base_url};
    struct rows rows = {0};
    if (register_read(request, &rows)) {
        struct document *document = document_new(200, request->language);
        json_t *lists[2] = {json_array(), json_array()}; /* of bodies, of made-up ones */
        for (int row = 0; row < rows_count(&rows); row++)
            json_array_append_new(lists[row_bool(&rows, row, FICTITIOUS)],
                                  page_row(request, &rows, row));
        if (document) {
            document->template = "institutions";
            document->page = json_object();
            page_list(document->page, "institutions", lists[0]);
            page_list(document->page, "fictitious", lists[1]);
            document_alternate(document, "/v1/institutions");
        }
        if (document && !page_frame(service->pages, document, &frame)) {
            document_free(document);
            document = NULL;
        }
        reply_document(request, document);
    }
    rows_clear(&rows);
    return HANDLED;
}
