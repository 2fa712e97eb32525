/* The words of the officials' dashboard; see dashboard.h. */
#include "resources/officials/dashboard.h"

#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>

enum { TRIES = 3, KEY = 64 };

const char *const dashboard_state_keys[DASHBOARD_COUNTS] = {
    "dashboard.received",        "reconciliation.counted",   "reconciliation.held",
    "reconciliation.superseded", "reconciliation.withdrawn", "reconciliation.set-aside"};

/* Heads of the column that names a row. */
static const char *const name_keys[FIGURES] = {
    [FIGURE_DAYS] = "tally.day",
    [FIGURE_KINDS] = "reconciliation.kind",
    [FIGURE_PROOF] = "dashboard.identity",
    [FIGURE_LANGUAGES] = "dashboard.language",
    [FIGURE_CHANNELS] = "dashboard.channel",
    [FIGURE_DIRECTIONS] = "dashboard.direction",
    [FIGURE_SUPPORT] = "tally.measure",
    [FIGURE_OPPOSITION] = "tally.measure",
    [FIGURE_DISAGREEMENT] = "tally.measure",
    [FIGURE_PRIORITY] = "tally.measure",
};

struct consultation *dashboard_of(struct request *request, struct dashboard *dashboard)
{
    *dashboard = (struct dashboard){0};
    struct consultation *consultation =
        catalogue_find_any(service_of(request)->catalogue, request_part(request, "slug"));
    if (!consultation) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return NULL;
    }
    enum db_status status = DB_AGAIN;
    for (int tries = 0; status == DB_AGAIN && tries < TRIES; tries++) {
        dashboard_clear(dashboard);
        status = dashboard_read(request->db, consultation, dashboard);
    }
    if (desk_judge(request, status))
        return consultation;
    consultation_release(consultation);
    return NULL;
}

json_t *dashboard_words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

/* A row's name in words: what a table has of the model's own names. New reference. */
static json_t *row_label(const struct request *request, const struct consultation *consultation,
                         enum dashboard_figure figure, const char *name)
{
    char key[KEY];
    switch (figure) {
    case FIGURE_DAYS:
        return json_string(name);
    case FIGURE_KINDS:
        snprintf(key, sizeof key, "kind.%s", name);
        return dashboard_words(request, key);
    case FIGURE_LANGUAGES:
        snprintf(key, sizeof key, "language.%s", name);
        return dashboard_words(request, key);
    case FIGURE_PROOF:
    case FIGURE_CHANNELS:
        snprintf(key, sizeof key, "dashboard.%s", name);
        return dashboard_words(request, key);
    case FIGURE_DIRECTIONS: {
        const struct direction *direction = consultation_direction(consultation, name);
        return json_sprintf("%s %s", name,
                            direction ? direction->title.body[request->language] : "");
    }
    case FIGURE_SUPPORT:
    case FIGURE_OPPOSITION:
    case FIGURE_DISAGREEMENT:
    case FIGURE_PRIORITY: {
        const struct measure *measure = consultation_measure(consultation, name);
        return json_sprintf("%s %s", name, measure ? measure->text.body[request->language] : "");
    }
    case FIGURES:
        break;
    }
    return NULL;
}

json_t *dashboard_heads(const struct request *request, const struct consultation *consultation,
                        enum dashboard_figure figure)
{
    json_t *heads = json_array();
    if (dashboard_figure_is_ranking(figure)) {
        char key[KEY];
        snprintf(key, sizeof key, "dashboard.%s-value", dashboard_figure_name(figure));
        json_array_append_new(heads, dashboard_words(request, key));
        json_array_append_new(heads, dashboard_words(request, "tally.answers"));
        return heads;
    }
    if (figure != FIGURE_DIRECTIONS) {
        for (int i = 0; i < DASHBOARD_COUNTS; i++)
            json_array_append_new(heads, dashboard_words(request, dashboard_state_keys[i]));
        return heads;
    }
    for (int stance = 0; stance <= DASHBOARD_REMARK_ONLY; stance++) {
        json_t *code = stance < DASHBOARD_REMARK_ONLY ? json_integer(stance) : json_null();
        json_array_append_new(heads, heading_label(consultation, code, request->language,
                                                   service_of(request)->pages));
        json_decref(code);
    }
    json_array_append_new(heads, dashboard_words(request, "tally.remarks"));
    json_array_append_new(heads, dashboard_words(request, "tally.priorities"));
    return heads;
}

json_t *dashboard_number(const json_t *value)
{
    if (json_is_integer(value))
        return wording_count(json_integer_value(value));
    json_t *share = share_view(value);
    return share ? share : json_string("–");
}

json_t *dashboard_drawn(enum dashboard_figure figure, const json_t *row, const json_t *cells)
{
    if (figure == FIGURE_DIRECTIONS)
        return wording_count(dashboard_answers_of(row, 1));
    return json_incref(json_array_get(cells, 0));
}

static json_t *cells_view(enum dashboard_figure figure, const json_t *row)
{
    json_t *cells = json_array();
    if (dashboard_figure_is_ranking(figure)) {
        json_array_append_new(cells, dashboard_number(json_array_get(row, 2)));
        json_array_append_new(cells, wording_count(dashboard_answers_of(row, 3)));
        return cells;
    }
    for (size_t i = 1; i < json_array_size(row); i++)
        json_array_append_new(cells, dashboard_number(json_array_get(row, i)));
    return cells;
}

json_t *dashboard_rows(const struct request *request, const struct consultation *consultation,
                       enum dashboard_figure figure, const json_t *table)
{
    json_t *list = json_array(), *row;
    size_t i;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        const char *name =
            json_string_value(json_array_get(row, dashboard_figure_is_ranking(figure) ? 1 : 0));
        json_array_append_new(list, json_pack("{s:o, s:o}", "label",
                                              row_label(request, consultation, figure, name),
                                              "cells", cells_view(figure, row)));
    }
    return list;
}

json_t *dashboard_heading(const struct request *request, enum dashboard_figure figure)
{
    char key[KEY];
    snprintf(key, sizeof key, "dashboard.%s", dashboard_figure_name(figure));
    return dashboard_words(request, key);
}

json_t *dashboard_first_head(const struct request *request, enum dashboard_figure figure)
{
    return dashboard_words(request, name_keys[figure]);
}
