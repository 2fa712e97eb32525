/* What has come in on a consultation, exact and of this moment, for officials: the page where work
 * on it begins, and each figure as a file. */
#include "http/reply.h"
#include "represent/wording.h"
#include "represent/writer.h"
#include "resources/consultation_view.h"
#include "resources/dashboard_view.h"
#include "resources/officials/desk.h"
#include "resources/officials/doors.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>

enum { TRIES = 3, KEY = 64, REST = 160 };

static const char *const state_keys[DASHBOARD_COUNTS] = {
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

/* One moment's sums of the consultation in the address. *dashboard: dashboard_clear, whatever
 * comes. NULL: a problem is set. */
static struct consultation *figures_of(struct request *request, struct dashboard *dashboard)
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

static json_t *words(const struct request *request, const char *key)
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
        return words(request, key);
    case FIGURE_LANGUAGES:
        snprintf(key, sizeof key, "language.%s", name);
        return words(request, key);
    case FIGURE_PROOF:
    case FIGURE_CHANNELS:
        snprintf(key, sizeof key, "dashboard.%s", name);
        return words(request, key);
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

static bool is_ranking(enum dashboard_figure figure)
{
    return figure >= FIGURE_SUPPORT;
}

/* Heads of the columns after the row's name. New reference. */
static json_t *heads_view(const struct request *request, const struct consultation *consultation,
                          enum dashboard_figure figure)
{
    json_t *heads = json_array();
    if (is_ranking(figure)) {
        char key[KEY];
        snprintf(key, sizeof key, "dashboard.%s-value", dashboard_figure_name(figure));
        json_array_append_new(heads, words(request, key));
        json_array_append_new(heads, words(request, "tally.answers"));
        return heads;
    }
    if (figure != FIGURE_DIRECTIONS) {
        for (int i = 0; i < DASHBOARD_COUNTS; i++)
            json_array_append_new(heads, words(request, state_keys[i]));
        return heads;
    }
    for (int stance = 0; stance <= DASHBOARD_REMARK_ONLY; stance++) {
        json_t *code = stance < DASHBOARD_REMARK_ONLY ? json_integer(stance) : json_null();
        json_array_append_new(heads, heading_label(consultation, code, request->language,
                                                   service_of(request)->pages));
        json_decref(code);
    }
    json_array_append_new(heads, words(request, "tally.remarks"));
    json_array_append_new(heads, words(request, "tally.priorities"));
    return heads;
}

/* A table's number as people read it; what there is none of is a dash. New reference. */
static json_t *number_view(const json_t *value)
{
    if (json_is_integer(value))
        return wording_count(json_integer_value(value));
    json_t *share = share_view(value);
    return share ? share : json_string("–");
}

/* All answers of a row whose cells begin at `first`. */
static int64_t answers_of(const json_t *row, size_t first)
{
    int64_t sum = 0;
    for (size_t cell = 0; cell <= DASHBOARD_REMARK_ONLY; cell++)
        sum += json_integer_value(json_array_get(row, first + cell));
    return sum;
}

static json_t *cells_view(enum dashboard_figure figure, const json_t *row)
{
    json_t *cells = json_array();
    if (is_ranking(figure)) {
        json_array_append_new(cells, number_view(json_array_get(row, 2)));
        json_array_append_new(cells, wording_count(answers_of(row, 3)));
        return cells;
    }
    for (size_t i = 1; i < json_array_size(row); i++)
        json_array_append_new(cells, number_view(json_array_get(row, i)));
    return cells;
}

/* {label, cells: [text]}, one a row. New reference. */
static json_t *rows_view(const struct request *request, const struct consultation *consultation,
                         enum dashboard_figure figure, const json_t *table)
{
    json_t *list = json_array(), *row;
    size_t i;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        const char *name = json_string_value(json_array_get(row, is_ranking(figure) ? 1 : 0));
        json_array_append_new(list, json_pack("{s:o, s:o}", "label",
                                              row_label(request, consultation, figure, name),
                                              "cells", cells_view(figure, row)));
    }
    return list;
}

/* Bars bear the row's name; a measure's and a direction's is its code, as the words stand beside
 * it. Safe markup, or null for days of which none has anything; new reference. */
static json_t *chart_of(const struct dashboard *dashboard, enum dashboard_figure figure,
                        const json_t *table, const json_t *rows)
{
    if (figure == FIGURE_DAYS && dashboard->all[DASHBOARD_RECEIVED] == 0)
        return json_null();
    size_t count = json_array_size(rows);
    const char **labels = calloc(count + 1, sizeof *labels);
    if (!labels)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(json_object_get(table, "rows"), i);
        labels[i] = figure < FIGURE_DIRECTIONS
                        ? json_string_value(json_object_get(json_array_get(rows, i), "label"))
                        : json_string_value(json_array_get(row, is_ranking(figure) ? 1 : 0));
    }
    json_t *chart = dashboard_chart(figure, table, labels);
    free(labels);
    return chart;
}

/* {name, heading, first, heads, rows, chart, line, long, file}. New reference. */
static json_t *dashboard_figure_view(const struct request *request,
                                     const struct consultation *consultation,
                                     const struct dashboard *dashboard,
                                     enum dashboard_figure figure)
{
    const char *name = dashboard_figure_name(figure);
    char key[KEY], rest[REST];
    snprintf(key, sizeof key, "dashboard.%s", name);
    snprintf(rest, sizeof rest, "/consultations/%s/figures/%s", consultation->slug, name);
    json_t *table = dashboard_table(consultation, dashboard, figure);
    json_t *rows = rows_view(request, consultation, figure, table);
    json_t *chart = chart_of(dashboard, figure, table, rows);
    json_t *view =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "name", name, "heading",
                  words(request, key), "first", words(request, name_keys[figure]), "heads",
                  heads_view(request, consultation, figure), "rows", rows, "chart", chart, "line",
                  figure == FIGURE_DAYS, "long", figure == FIGURE_DAYS || is_ranking(figure),
                  "file", desk_address(request, rest));
    json_decref(table);
    return view;
}

/* What came in today and yesterday, from the model: {label, today, yesterday}. New reference. */
static json_t *since_view(const struct request *request, const json_t *model)
{
    static const struct {
        const char *name, *key;
    } rows[] = {{"received", "dashboard.received"},
                {"counted", "reconciliation.counted"},
                {"answers", "tally.answers"}};
    const json_t *since = json_object_get(model, "since_yesterday");
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        json_array_append_new(
            list,
            json_pack(
                "{s:o, s:o, s:o}", "label", words(request, rows[i].key), "today",
                number_view(json_object_get(json_object_get(since, "today"), rows[i].name)),
                "yesterday",
                number_view(json_object_get(json_object_get(since, "yesterday"), rows[i].name))));
    return list;
}

static json_t *roles_view(const struct request *request)
{
    json_t *roles = json_array();
    for (int role = 0; role < ROLE_ADMINISTRATOR; role++)
        if (official_has(request->official, (enum official_role)role))
            json_array_append_new(roles, desk_role(request, (enum official_role)role));
    return roles;
}

static json_t *totals_view(const struct request *request, const struct dashboard *dashboard)
{
    json_t *totals = json_array();
    for (int i = 0; i < DASHBOARD_COUNTS; i++)
        json_array_append_new(totals,
                              json_pack("{s:o, s:o}", "label", words(request, state_keys[i]),
                                        "count", wording_count(dashboard->all[i])));
    return totals;
}

static json_t *page_view(const struct request *request, const struct consultation *consultation,
                         const struct dashboard *dashboard, const char *rest)
{
    json_t *model = dashboard_model(consultation, dashboard), *figures = json_array();
    for (int figure = 0; figure < FIGURES; figure++)
        json_array_append_new(figures, dashboard_figure_view(request, consultation, dashboard,
                                                             (enum dashboard_figure)figure));
    json_t *page = json_pack(
        "{s:{s:o}, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "roles", "list", roles_view(request),
        "title", consultation->title.body[request->language], "rehearsal", consultation->rehearsal,
        "public", consultation_address(request, consultation, ""), "refresh",
        desk_address(request, rest), "at_text",
        wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND,
                       dashboard->at_us),
        "totals", totals_view(request, dashboard), "since", since_view(request, model), "figures",
        figures);
    char preview[REST];
    snprintf(preview, sizeof preview, "/consultations/%s/preview", consultation->slug);
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    if (!consultation->complete || consultation_window(consultation, now_us) == WINDOW_BEFORE)
        json_object_set_new(page, "preview", desk_address(request, preview));
    json_decref(model);
    return page;
}

enum handled official_consultation_page(struct request *request)
{
    struct dashboard dashboard;
    struct consultation *consultation = figures_of(request, &dashboard);
    if (!consultation)
        return HANDLED;
    char rest[REST];
    snprintf(rest, sizeof rest, "/consultations/%s", consultation->slug);
    json_t *work = doors_view(request);
    if (work) {
        json_t *page = page_view(request, consultation, &dashboard, rest);
        json_object_set_new(page, "work", work);
        reply_document(
            request,
            desk_document(request, &(struct desk_page){
                                       .status = 200,
                                       .template = "official_consultation",
                                       .title = consultation->title.body[request->language],
                                       .rest = rest,
                                       .page = page,
                                   }));
    }
    dashboard_clear(&dashboard);
    consultation_release(consultation);
    return HANDLED;
}

/* A figure's table as CSV. False: no memory. */
static bool table_write(const struct request *request, const struct consultation *consultation,
                        const struct dashboard *dashboard, enum dashboard_figure figure,
                        struct buf *out)
{
    struct document *document = document_new(200, request->language);
    json_t *table = dashboard_table(consultation, dashboard, figure);
    bool ok = document && table;
    if (ok) {
        document->columns = json_incref(json_object_get(table, "columns"));
        document->rows = json_incref(json_object_get(table, "rows"));
        ok = write_csv(document, out);
    }
    document_free(document);
    json_decref(table);
    return ok;
}

enum handled official_figure_csv(struct request *request)
{
    struct dashboard dashboard;
    struct buf out = {0};
    enum dashboard_figure figure = dashboard_figure_find(request_part(request, "figure"));
    if (figure == FIGURES) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return HANDLED;
    }
    struct consultation *consultation = figures_of(request, &dashboard);
    if (!consultation)
        return HANDLED;
    char name[REST];
    snprintf(name, sizeof name, "attachment; filename=\"%s-%s.csv\"", consultation->slug,
             dashboard_figure_name(figure));
    if (table_write(request, consultation, &dashboard, figure, &out)) {
        reply_header(request, "Content-Disposition", name);
        reply_bytes(request, 200, "text/csv; charset=utf-8; header=present",
                    out.data ? out.data : "", out.length);
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    buf_clear(&out);
    dashboard_clear(&dashboard);
    consultation_release(consultation);
    return HANDLED;
}
