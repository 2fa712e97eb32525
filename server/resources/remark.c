/* What people say on a measure, as data: remarks whose authors agreed, that were moderated, and
 * that have appeared with a release. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/remark_selection.h"
#include "resources/routes.h"
#include "service.h"

/* Names of the filters that may be chosen: {stances: […], days: […]}. */
static json_t *filters_model(const struct remark_selection *selection)
{
    json_t *stances = json_array(), *days = json_array(), *item;
    const json_t *figures = remark_figures(selection);
    size_t i;
    json_array_foreach(json_object_get(figures, "by_stance"), i,
                       item) if (json_is_integer(json_object_get(item, "code")) &&
                                 remark_cell_is_shown(item, "count"))
        json_array_append(stances, json_object_get(item, "stance"));
    json_array_foreach(json_object_get(figures, "by_day"), i, item) if (remark_day_is_shown(item))
        json_array_append(days, json_object_get(item, "day"));
    return json_pack("{s:o, s:o}", "stances", stances, "days", days);
}

static json_t *list_model(const struct request *request, const struct remark_selection *selection,
                          const struct rows *rows)
{
    const struct consultation *c = selection->consultation;
    const json_t *release = json_object_get(c->release, "release");
    char self[REMARK_REST_TEXT], next[REMARK_REST_TEXT];
    json_t *remarks = json_array();
    for (int row = 0; row < remark_shown_count(rows); row++)
        json_array_append_new(remarks, remark_model(rows, row));
    remark_rest(selection, selection->filter, selection->from, self);
    json_t *links =
        json_pack("{s:o, s:o}", "self", json_sprintf("/v1/consultations/%s%s", c->slug, self),
                  "page", consultation_address(request, c, self));
    if (rows_count(rows) > REMARK_PAGE) {
        remark_rest(selection, selection->filter, row_int(rows, REMARK_PAGE, 0), next);
        json_object_set_new(links, "next", json_sprintf("/v1/consultations/%s%s", c->slug, next));
    }
    return json_pack("{s:s, s:s, s:s, s:O?, s:s, s:o, s:o, s:o}", "consultation", c->slug,
                     "language", language_tag(request->language), "measure",
                     selection->measure->code, "release", json_object_get(release, "number"),
                     "filter", selection->filter, "filters", filters_model(selection), "remarks",
                     remarks, "links", links);
}

static enum handled list_reply(struct request *request)
{
    struct remark_selection selection;
    struct rows rows = {0};
    char rest[REMARK_REST_TEXT];
    if (remark_selection_read(request, 0, &selection) && remark_query(request, &selection, &rows) &&
        !remark_leads_on(request, &selection, &rows, "/v1")) {
        remark_rest(&selection, selection.filter, selection.from, rest);
        reply_document(request, consultation_data(request, selection.consultation,
                                                  list_model(request, &selection, &rows), rest));
    }
    rows_clear(&rows);
    consultation_release(selection.consultation);
    return HANDLED;
}

enum handled remark_list(struct request *request)
{
    return list_reply(request);
}

enum handled remark_list_filtered(struct request *request)
{
    return list_reply(request);
}

enum handled remark_list_from(struct request *request)
{
    return list_reply(request);
}
