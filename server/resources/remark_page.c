/* What people say on a measure, as pages: whole, or of one stance or day; see remark.c. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/remark_selection.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

static json_t *remark_view(const struct request *request, const struct rows *rows, int row)
{
    json_t *view = remark_model(rows, row);
    enum language language = (enum language)row_int(rows, row, 1);
    if (language != request->language)
        json_object_set_new(view, "foreign",
                            wording_string(service_of(request)->pages, request->language,
                                           language == LANGUAGE_EN        ? "remark.in-en"
                                           : language == LANGUAGE_ZH_HANS ? "remark.in-zh-Hans"
                                                                          : "remark.in-zh-Hant",
                                           NULL));
    return view;
}

/* One filter to choose: {label, href, current}. */
static json_t *filter_view(const struct request *request, const struct remark_selection *selection,
                           const char *filter, json_t *label)
{
    char rest[REMARK_REST_TEXT];
    remark_rest(selection, filter, 0, rest);
    return json_pack("{s:o, s:o, s:b}", "label", label, "href",
                     consultation_address(request, selection->consultation, rest), "current",
                     strcmp(filter, selection->filter) == 0);
}

static json_t *day_label(const struct request *request, const char *date)
{
    int32_t day = 0;
    parse_date(date, &day);
    return wording_moment(service_of(request)->pages, request->language, MOMENT_DAY,
                          day * INT64_C(86400000000));
}

static json_t *stance_label(const struct request *request, const struct remark_selection *selection,
                            const json_t *heading)
{
    return heading_label(selection->consultation, json_object_get(heading, "code"),
                         request->language, service_of(request)->pages);
}

static void filters_view(const struct request *request, const struct remark_selection *selection,
                         json_t *page)
{
    const json_t *figures = remark_figures(selection);
    json_t *stances = json_array(), *days = json_array(), *item;
    size_t i;
    json_array_append_new(stances,
                          filter_view(request, selection, "all",
                                      wording_string(service_of(request)->pages, request->language,
                                                     "remark.all", NULL)));
    json_array_foreach(json_object_get(figures, "by_stance"), i,
                       item) if (json_is_integer(json_object_get(item, "code")) &&
                                 remark_cell_is_shown(item, "count"))
        json_array_append_new(stances,
                              filter_view(request, selection,
                                          json_string_value(json_object_get(item, "stance")),
                                          stance_label(request, selection, item)));
    json_array_foreach(json_object_get(figures, "by_day"), i, item)
    {
        const char *date = json_string_value(json_object_get(item, "day"));
        if (remark_day_is_shown(item))
            json_array_append_new(days,
                                  filter_view(request, selection, date, day_label(request, date)));
    }
    if (json_array_size(days))
        json_object_set_new(page, "days",
                            json_pack("{s:O, s:b}", "list", days, "open", selection->by_day));
    json_decref(days);
    json_object_set_new(page, "stances", json_pack("{s:o}", "list", stances));
}

static void page_fill(const struct request *request, const struct remark_selection *selection,
                      const struct rows *rows, json_t *page)
{
    const struct consultation *c = selection->consultation;
    const struct measure *measure = selection->measure;
    char rest[REMARK_REST_TEXT];
    json_t *remarks = json_array();
    for (int row = 0; row < remark_shown_count(rows); row++)
        json_array_append_new(remarks, remark_view(request, rows, row));
    if (json_array_size(remarks))
        json_object_set_new(page, "remarks", json_pack("{s:O}", "list", remarks));
    json_decref(remarks);
    json_object_set_new(page, "measure",
                        json_pack("{s:s, s:s, s:o}", "code", measure->code, "text",
                                  measure->text.body[request->language], "href",
                                  measure_address(request, c, measure)));
    json_t *release = release_view(c, request->language, service_of(request)->pages);
    if (release) {
        json_object_set_new(page, "released", release);
        filters_view(request, selection, page);
    } else if (c->publication.after_close) {
        json_object_set_new(page, "none_yet",
                            none_yet_view(c, request->language, service_of(request)->pages));
    }
    if (selection->stance)
        json_object_set_new(page, "only", stance_label(request, selection, selection->stance));
    if (selection->by_day)
        json_object_set_new(page, "only", day_label(request, selection->filter));
    if (selection->from) {
        remark_rest(selection, selection->filter, 0, rest);
        json_object_set_new(page, "first", consultation_address(request, c, rest));
    }
    if (rows_count(rows) > REMARK_PAGE) {
        remark_rest(selection, selection->filter, row_int(rows, REMARK_PAGE, 0), rest);
        json_object_set_new(page, "next", consultation_address(request, c, rest));
    }
}

static struct document *page_document(const struct request *request,
                                      const struct remark_selection *selection,
                                      const struct rows *rows)
{
    const struct consultation *c = selection->consultation;
    char rest[REMARK_REST_TEXT];
    remark_rest(selection, selection->filter, selection->from, rest);
    struct document *document = consultation_document(request, c, 200, "remarks", false);
    if (!document)
        return NULL;
    page_fill(request, selection, rows, document->page);
    json_t *code = json_pack("{s:s}", "code", selection->measure->code);
    json_t *title =
        wording_string(service_of(request)->pages, request->language, "remark.page-title", code);
    json_t *up = measure_address(request, c, selection->measure);
    /* Only the whole list is to be found: the others are parts of it. */
    bool part = selection->from || strcmp(selection->filter, "all") != 0;
    struct frame frame = {
        .title = json_string_value(title), .title_key = "remark.title", .unlisted = part};
    document = consultation_finish(request, c, document, frame, rest);
    json_t *label = json_sprintf("%s %s", selection->measure->code,
                                 selection->measure->text.body[request->language]);
    if (document && !page_crumb(document, json_string_value(label), json_string_value(up))) {
        document_free(document);
        document = NULL;
    }
    json_decref(label);
    json_decref(code);
    json_decref(title);
    json_decref(up);
    return consultation_shared(document, NULL);
}

static enum handled page_reply(struct request *request)
{
    struct remark_selection selection;
    struct rows rows = {0};
    char prefix[16];
    snprintf(prefix, sizeof prefix, "/%s", language_tag(request->language));
    if (remark_selection_read(request, 1, &selection) && remark_query(request, &selection, &rows) &&
        !remark_leads_on(request, &selection, &rows, prefix))
        reply_document(request, page_document(request, &selection, &rows));
    rows_clear(&rows);
    consultation_release(selection.consultation);
    return HANDLED;
}

enum handled remark_page(struct request *request)
{
    return page_reply(request);
}

enum handled remark_page_filtered(struct request *request)
{
    return page_reply(request);
}

enum handled remark_page_from(struct request *request)
{
    return page_reply(request);
}
