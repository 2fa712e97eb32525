/* The tally of a measure, a direction and the whole, as of the newest release: JSON, CSV and the
 * page of the whole. */
#include "http/reply.h"
#include "publish/release.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

static const char *const scope_names[] = {
    [TALLY_WHOLE] = "whole", [TALLY_DIRECTION] = "direction", [TALLY_MEASURE] = "measure"};

static json_t *links(const struct request *request, const struct consultation *consultation,
                     enum tally_scope scope, const char *code)
{
    json_t *links =
        json_pack("{s:o, s:o, s:o, s:o}", "self", tally_address(consultation, scope, code, ""),
                  "csv", tally_address(consultation, scope, code, ".csv"), "page",
                  tally_page_address(consultation, scope, code, request->language), "consultation",
                  json_sprintf("/v1/consultations/%s", consultation->slug));
    const json_t *release = json_object_get(consultation->release, "release");
    if (release)
        json_object_set_new(
            links, "release",
            json_sprintf("/v1/consultations/%s/releases/%d", consultation->slug,
                         (int)json_integer_value(json_object_get(release, "number"))));
    return links;
}

/* The release's list of headings with each one's label. The release itself is shared and never
 * changed. */
static json_t *labelled(const struct request *request, const struct consultation *consultation,
                        const json_t *headings)
{
    json_t *list = json_array(), *heading;
    size_t i;
    json_array_foreach((json_t *)headings, i, heading)
    {
        json_t *copy = json_copy(heading);
        json_object_set_new(copy, "label",
                            heading_label(consultation, json_object_get(heading, "code"),
                                          request->language, service_of(request)->pages));
        json_array_append_new(list, copy);
    }
    return list;
}

static void model_fill(const struct request *request, const struct consultation *consultation,
                       enum tally_scope scope, const char *code, json_t *model)
{
    json_t *release = json_object_get(consultation->release, "release");
    json_t *figures = tally_figures(consultation, scope, code);
    json_t *none = figures ? NULL : release_no_figures();
    json_object_set_new(model, "consultation", json_string(consultation->slug));
    json_object_set_new(model, "language", json_string(language_tag(request->language)));
    json_object_set_new(model, "scope", json_string(scope_names[scope]));
    json_object_set_new(model, "code", scope == TALLY_WHOLE ? json_null() : json_string(code));
    json_object_set(model, "release", release ? release : json_null());
    json_object_set_new(model, "thresholds",
                        json_pack("{s:i, s:i}", "cell_minimum",
                                  consultation->publication.cell_minimum, "percentage_base",
                                  consultation->publication.percentage_base));
    json_object_update(model, figures ? figures : none);
    json_object_set_new(model, "by_stance",
                        labelled(request, consultation, json_object_get(model, "by_stance")));
    json_object_set_new(model, "links", links(request, consultation, scope, code));
    json_decref(none);
}

/* One table for all: a row a heading, for everybody and each kind; then a row a day. What does not
 * apply is empty, and so is what is hidden. */
static const char *const columns[] = {
    "consultation", "release", "released_at", "final", "scope", "code",
    "kind",         "stance",  "day",         "span",  "count", "share",
};
enum {
    COLUMN_KIND = 6,
    COLUMN_STANCE,
    COLUMN_DAY,
    COLUMN_SPAN,
    COLUMN_COUNT,
    COLUMN_SHARE,
    COLUMNS
};

/* A row whose first columns say what it is of; the others are null. */
static json_t *row_new(const json_t *model)
{
    const json_t *release = json_object_get(model, "release");
    json_t *row = json_array();
    json_array_append(row, json_object_get(model, "consultation"));
    for (int i = 1; i <= 3; i++) {
        json_t *value = json_object_get(release, i == 1 ? "number" : columns[i]);
        json_array_append(row, value ? value : json_null());
    }
    json_array_append(row, json_object_get(model, "scope"));
    json_array_append(row, json_object_get(model, "code"));
    while (json_array_size(row) < COLUMNS)
        json_array_append_new(row, json_null());
    return row;
}

static void row_figure(json_t *rows, const json_t *model, const char *kind, const char *stance,
                       json_t *count, const json_t *share)
{
    json_t *row = row_new(model);
    json_array_set_new(row, COLUMN_KIND, json_string(kind));
    json_array_set_new(row, COLUMN_STANCE, json_string(stance));
    json_array_set(row, COLUMN_COUNT, count);
    if (json_is_number(share))
        json_array_set_new(row, COLUMN_SHARE, json_sprintf("%.3f", json_number_value(share)));
    json_array_append_new(rows, row);
}

static void rows_of_kind(json_t *rows, const json_t *model, const json_t *figures, const char *kind)
{
    json_t *heading;
    size_t i;
    json_array_foreach(json_object_get(figures, "by_stance"), i, heading)
        row_figure(rows, model, kind, json_string_value(json_object_get(heading, "stance")),
                   json_object_get(heading, "count"), json_object_get(heading, "share"));
    row_figure(rows, model, kind, "all", json_object_get(figures, "answers"), NULL);
}

static json_t *rows_new(const json_t *model)
{
    json_t *rows = json_array(), *item;
    size_t i;
    rows_of_kind(rows, model, model, "all");
    row_figure(rows, model, "all", "with-remark", json_object_get(model, "remarks"), NULL);
    row_figure(rows, model, "all", "priority", json_object_get(model, "priorities"), NULL);
    json_array_foreach(json_object_get(model, "by_kind"), i, item)
        rows_of_kind(rows, model, item, json_string_value(json_object_get(item, "kind")));
    json_array_foreach(json_object_get(model, "by_day"), i, item)
    {
        json_t *row = row_new(model);
        json_array_set_new(row, COLUMN_KIND, json_string("all"));
        json_array_set_new(row, COLUMN_STANCE, json_string("all"));
        json_array_set(row, COLUMN_DAY, json_object_get(item, "day"));
        json_array_set(row, COLUMN_SPAN, json_object_get(item, "span"));
        json_array_set(row, COLUMN_COUNT, json_object_get(item, "answers"));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void table_fill(struct document *document)
{
    document->columns = json_array();
    for (int i = 0; i < COLUMNS; i++)
        json_array_append_new(document->columns, json_string(columns[i]));
    document->rows = rows_new(document->model);
}

static enum handled tally_reply(struct request *request, struct consultation *consultation,
                                enum tally_scope scope, const char *code)
{
    struct document *document = document_new(200, request->language);
    if (document) {
        document->depends = consultation->id;
        model_fill(request, consultation, scope, code, document->model);
        if (request->representation == REPRESENT_CSV)
            table_fill(document);
    }
    reply_document(request, document);
    return HANDLED;
}

enum handled tally_whole(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 0);
    if (consultation)
        tally_reply(request, consultation, TALLY_WHOLE, NULL);
    consultation_release(consultation);
    return HANDLED;
}

enum handled tally_direction(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 0);
    if (consultation && consultation_direction(consultation, request->parts[1]))
        tally_reply(request, consultation, TALLY_DIRECTION, request->parts[1]);
    else if (consultation)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    consultation_release(consultation);
    return HANDLED;
}

enum handled tally_measure(struct request *request)
{
    struct consultation *consultation = consultation_of(request, 0);
    if (consultation && consultation_measure(consultation, request->parts[1]))
        tally_reply(request, consultation, TALLY_MEASURE, request->parts[1]);
    else if (consultation)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    consultation_release(consultation);
    return HANDLED;
}
