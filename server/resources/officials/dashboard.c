/* What has come in on a consultation, exact and of this moment, for officials: the page where work
 * on it begins. */
#include "resources/officials/dashboard.h"

#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/officials/doors.h"
#include "resources/officials/watch.h"
#include "resources/routes.h"
#include "resources/service_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 64, REST = 160, TIME_TEXT = 16 };

/* A bar bears the row's name and its number; a measure's and a direction's name is its code, as the
 * words stand beside it. New reference. */
static json_t *bar_label(enum dashboard_figure figure, const json_t *row, const json_t *shown)
{
    bool ranking = dashboard_figure_is_ranking(figure);
    const json_t *name = figure < FIGURE_DIRECTIONS ? json_object_get(shown, "label")
                                                    : json_array_get(row, ranking ? 1 : 0);
    json_t *number = dashboard_drawn(figure, row, json_object_get(shown, "cells"));
    json_t *label = json_sprintf("%s · %s", json_string_value(name), json_string_value(number));
    json_decref(number);
    return label;
}

/* Safe markup, or null for days of which none has anything; new reference. */
static json_t *chart_of(const struct dashboard *dashboard, enum dashboard_figure figure,
                        const json_t *table, const json_t *rows)
{
    if (figure == FIGURE_DAYS && dashboard->all[DASHBOARD_RECEIVED] == 0)
        return json_null();
    size_t count = json_array_size(rows);
    const char **labels = calloc(count + 1, sizeof *labels);
    json_t *texts = json_array();
    for (size_t i = 0; labels && i < count; i++) {
        const json_t *row = json_array_get(json_object_get(table, "rows"), i);
        json_array_append_new(texts, bar_label(figure, row, json_array_get(rows, i)));
        labels[i] = json_string_value(json_array_get(texts, i));
    }
    bool ok = labels && json_array_size(texts) == count;
    json_t *chart = ok ? dashboard_chart(figure, table, labels) : NULL;
    json_decref(texts);
    free(labels);
    return chart;
}

/* {name, heading, first, heads, rows, chart, line, long, file}. New reference. */
static json_t *figure_view(const struct request *request, const struct consultation *consultation,
                           const struct dashboard *dashboard, enum dashboard_figure figure)
{
    const char *name = dashboard_figure_name(figure);
    char rest[REST];
    snprintf(rest, sizeof rest, "/consultations/%s/figures/%s", consultation->slug, name);
    json_t *table = dashboard_table(consultation, dashboard, figure);
    json_t *rows = dashboard_rows(request, consultation, figure, table);
    json_t *chart = chart_of(dashboard, figure, table, rows);
    json_t *view = json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "name", name, "heading",
        dashboard_heading(request, figure), "first", dashboard_first_head(request, figure), "heads",
        dashboard_heads(request, consultation, figure), "rows", rows, "chart", chart, "line",
        figure == FIGURE_DAYS, "long", figure == FIGURE_DAYS || dashboard_figure_is_ranking(figure),
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
                "{s:o, s:o, s:o}", "label", dashboard_words(request, rows[i].key), "today",
                dashboard_number(json_object_get(json_object_get(since, "today"), rows[i].name)),
                "yesterday",
                dashboard_number(
                    json_object_get(json_object_get(since, "yesterday"), rows[i].name))));
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
        json_array_append_new(totals, json_pack("{s:o, s:o}", "label",
                                                dashboard_words(request, dashboard_state_keys[i]),
                                                "count", wording_count(dashboard->all[i])));
    return totals;
}

/* One part of the service: {label, well, waiting (how many; queues only)}. New reference. */
static json_t *part_view(const struct request *request, const struct service_state *state,
                         enum service_part part)
{
    char key[KEY];
    snprintf(key, sizeof key, "dashboard.part-%s", service_part_name(part));
    for (char *c = key; *c; c++)
        *c = *c == '_' ? '-' : *c;
    json_t *view = json_pack("{s:o, s:b}", "label", dashboard_words(request, key), "well",
                             (state->well & 1u << part) != 0);
    if (part == PART_QUEUE)
        json_object_set_new(view, "waiting", wording_count(state->submissions));
    if (part == PART_MAIL)
        json_object_set_new(view, "waiting", wording_count(state->mails));
    return view;
}

/* {parts: [part], trouble: something is not well}. New reference. */
static json_t *state_view(const struct request *request)
{
    struct service_state state;
    json_t *parts = json_array();
    service_state_read(service_of(request), &state);
    for (int part = 0; part < SERVICE_PARTS; part++)
        if (state.there & 1u << part)
            json_array_append_new(parts, part_view(request, &state, (enum service_part)part));
    return json_pack("{s:o, s:b}", "parts", parts, "trouble", state.well != state.there);
}

/* What the page's script goes by: addresses, what is shown, and Hong Kong's time of it. New
 * reference. */
static json_t *live_view(const struct request *request, const struct dashboard *dashboard,
                         const char *rest)
{
    char mark[WATCH_MARK], address[REST + 16], time[TIME_TEXT];
    unsigned second = (unsigned)((dashboard->at_us / 1000000 + 8 * 3600) % 86400);
    snprintf(time, sizeof time, "%02u:%02u:%02u", second / 3600 % 24, second / 60 % 60,
             second % 60);
    watch_mark(service_of(request), dashboard->mark, mark);
    snprintf(address, sizeof address, "%s/events", rest);
    json_t *events = desk_address(request, address);
    snprintf(address, sizeof address, "%s/figures", rest);
    return json_pack("{s:o, s:o, s:s, s:s}", "events", events, "figures",
                     desk_address(request, address), "mark", mark, "time", time);
}

static json_t *page_view(const struct request *request, const struct consultation *consultation,
                         const struct dashboard *dashboard, const char *rest)
{
    json_t *model = dashboard_model(consultation, dashboard), *figures = json_array();
    for (int figure = 0; figure < FIGURES; figure++)
        json_array_append_new(
            figures, figure_view(request, consultation, dashboard, (enum dashboard_figure)figure));
    json_t *page = json_pack(
        "{s:{s:o}, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "roles", "list",
        roles_view(request), "title", consultation->title.body[request->language], "public",
        consultation_address(request, consultation, ""), "refresh", desk_address(request, rest),
        "at_text",
        wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND,
                       dashboard->at_us),
        "totals", totals_view(request, dashboard), "since", since_view(request, model), "figures",
        figures, "state", state_view(request), "live", live_view(request, dashboard, rest));
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
    struct consultation *consultation = dashboard_of(request, &dashboard);
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

/* The same for the page's own script, which takes the figures out of it. */
enum handled official_figures_page(struct request *request)
{
    return official_consultation_page(request);
}
