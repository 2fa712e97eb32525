/* Where officials begin: the consultations they have a role on. */
#include "http/reply.h"
#include "represent/frame.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <string.h>

/* Of the rows from `*row` on, all of one consultation. New reference; NULL: no memory. */
static json_t *roles_view(const struct request *request, const struct rows *rows, int *row)
{
    json_t *list = json_array();
    char slug[PART_TEXT];
    snprintf(slug, sizeof slug, "%s", row_text(rows, *row, 0));
    for (; *row < rows_count(rows) && strcmp(row_text(rows, *row, 0), slug) == 0; ++*row)
        json_array_append_new(list, desk_role(request, (enum official_role)row_int(rows, *row, 1)));
    return list;
}

static json_t *consultation_card(const struct request *request, const char *slug, json_t *roles)
{
    struct consultation *consultation = catalogue_find_any(service_of(request)->catalogue, slug);
    const char *title = consultation ? consultation->title.body[request->language] : slug;
    char rest[128];
    snprintf(rest, sizeof rest, "/consultations/%s", slug);
    json_t *card = json_pack("{s:s, s:s, s:b, s:o, s:{s:o}}", "slug", slug, "title", title,
                             "rehearsal", consultation && consultation->rehearsal, "href",
                             desk_address(request, rest), "roles", "list", roles);
    consultation_release(consultation);
    return card;
}

/* {list: […]}, or null where there is none. */
static json_t *consultations_view(const struct request *request, const struct rows *rows)
{
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows);) {
        const char *slug = row_text(rows, row, 0);
        json_t *roles = roles_view(request, rows, &row);
        json_array_append_new(list, consultation_card(request, slug, roles));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

enum handled official_home_page(struct request *request)
{
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, request->official->login);
    if (desk_run(request, STATEMENT_OFFICIAL_GRANTS, &params, &rows))
        reply_document(
            request,
            desk_document(request, &(struct desk_page){
                                       .status = 200,
                                       .template = "official_home",
                                       .title_key = "official.home",
                                       .rest = "",
                                       .page = json_pack("{s:o}", "consultations",
                                                         consultations_view(request, &rows)),
                                   }));
    rows_clear(&rows);
    return HANDLED;
}
