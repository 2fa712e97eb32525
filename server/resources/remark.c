/* What people say on a measure: remarks whose authors agreed, that were moderated, and that have
 * appeared with a release. Pages of them, whole or of one cell that the newest release shows: one
 * stance, or one day. Every address is one that a page links to, or leads on to such a one, so that
 * the cache holds no more pages than there are. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "resources/tally_view.h"
#include "service.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_REMARKS = 20, FILTER_TEXT = 24, REST_TEXT = 128 };

/* What is asked for, checked. */
struct selection {
    struct consultation *consultation; /* a reference */
    const struct measure *measure;
    char filter[FILTER_TEXT]; /* "all", a stance's name or a day, as in addresses */
    const json_t *stance;     /* of the release's by_stance; NULL: not by stance */
    bool by_day;
    int32_t day;
    int64_t from; /* position of the first remark; 0: from the beginning */
};

static bool shows(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member)) > 0;
}

/* A cell of the measure's figures in the newest release that is shown and not empty. */
static const json_t *stance_cell(const json_t *figures, const char *name)
{
    json_t *heading;
    size_t i;
    json_array_foreach(json_object_get(figures, "by_stance"), i, heading)
    {
        const char *stance = json_string_value(json_object_get(heading, "stance"));
        bool has_stance = json_is_integer(json_object_get(heading, "code"));
        if (has_stance && shows(heading, "count") && strcmp(stance, name) == 0)
            return heading;
    }
    return NULL;
}

/* A day by itself: of merged days only the sum is published. */
static bool day_is_shown(const json_t *day)
{
    const char *date = json_string_value(json_object_get(day, "day"));
    const char *span = json_string_value(json_object_get(day, "span"));
    size_t length = strlen(date);
    return shows(day, "answers") && strncmp(span, date, length) == 0 &&
           strcmp(span + length + 1, date) == 0;
}

static bool day_cell(const json_t *figures, const char *name)
{
    json_t *day;
    size_t i;
    json_array_foreach(json_object_get(figures, "by_day"), i,
                       day) if (strcmp(json_string_value(json_object_get(day, "day")), name) ==
                                0) return day_is_shown(day);
    return false;
}

static const json_t *figures_of(const struct selection *selection)
{
    return tally_figures(selection->consultation, TALLY_MEASURE, selection->measure->code);
}

static bool selection_filter(struct selection *selection, const char *filter)
{
    if (strlen(filter) >= sizeof selection->filter)
        return false;
    snprintf(selection->filter, sizeof selection->filter, "%s", filter);
    if (strcmp(filter, "all") == 0)
        return true;
    selection->by_day = parse_date(filter, &selection->day);
    if (selection->by_day)
        return day_cell(figures_of(selection), filter);
    selection->stance = stance_cell(figures_of(selection), filter);
    return selection->stance != NULL;
}

/* `part`: of {slug}; the measure, the filter and the place follow it. False: the problem is set. */
static bool selection_read(struct request *request, size_t part, struct selection *out)
{
    const char *filter = request_part(request, "filter"), *from = request_part(request, "from");
    *out = (struct selection){.consultation = consultation_of(request, part)};
    if (!out->consultation)
        return false;
    out->measure = consultation_measure(out->consultation, request->parts[part + 1]);
    if (out->measure && selection_filter(out, filter ? filter : "all") &&
        (!from || parse_integer(from, 1, INT64_MAX, &out->from)))
        return true;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

/* "/measures/1-3/remarks", with the filter and the place that are needed. */
static void rest_of(const struct selection *selection, const char *filter, int64_t from,
                    char rest[REST_TEXT])
{
    const char *code = selection->measure->code;
    if (from)
        snprintf(rest, REST_TEXT, "/measures/%s/remarks/%s/%" PRId64, code, filter, from);
    else if (strcmp(filter, "all") != 0)
        snprintf(rest, REST_TEXT, "/measures/%s/remarks/%s", code, filter);
    else
        snprintf(rest, REST_TEXT, "/measures/%s/remarks", code);
}

static bool query(struct request *request, const struct selection *selection, struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, selection->consultation->id);
    params_int2(&params, selection->measure->ordinal);
    params_int8(&params, selection->from);
    params_int4(&params, PAGE_REMARKS + 1);
    if (selection->stance)
        params_int2(&params, (int)json_integer_value(json_object_get(selection->stance, "code")));
    else
        params_null(&params);
    if (selection->by_day)
        params_date(&params, selection->day);
    else
        params_null(&params);
    enum db_status status = db_ready(request->db);
    if (status == DB_OK)
        status = db_run(request->db, STATEMENT_REMARK_PAGE, &params, rows);
    params_clear(&params);
    if (status == DB_OK)
        return true;
    reply_problem(request, status == DB_FAULT ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    return false;
}

/* A page begins at a remark that is there. Where that one is gone, or there never was one, the next
 * one's page is the answer. True: the redirect is set. */
static bool leads_on(struct request *request, const struct selection *selection,
                     const struct rows *rows, const char *prefix)
{
    int64_t first = rows_count(rows) ? row_int(rows, 0, 0) : 0;
    char rest[REST_TEXT], location[2 * REST_TEXT + CONSULTATION_ADDRESS];
    if (!selection->from || first == selection->from)
        return false;
    rest_of(selection, selection->filter, first, rest);
    snprintf(location, sizeof location, "%s/consultations/%s%s", prefix,
             selection->consultation->slug, rest);
    reply_redirect(request, 302, location);
    return true;
}

static int shown_count(const struct rows *rows)
{
    return rows_count(rows) > PAGE_REMARKS ? PAGE_REMARKS : rows_count(rows);
}

/* {language, organisation, text} of a row. */
static json_t *remark_model(const struct rows *rows, int row)
{
    return json_pack("{s:s, s:s?, s:s}", "language",
                     language_tag((enum language)row_int(rows, row, 1)), "organisation",
                     row_is_null(rows, row, 2) ? NULL : row_text(rows, row, 2), "text",
                     row_text(rows, row, 3));
}

/* Names of the filters that may be chosen: {stances: […], days: […]}. */
static json_t *filters_model(const struct selection *selection)
{
    json_t *stances = json_array(), *days = json_array(), *item;
    const json_t *figures = figures_of(selection);
    size_t i;
    json_array_foreach(json_object_get(figures, "by_stance"), i,
                       item) if (json_is_integer(json_object_get(item, "code")) &&
                                 shows(item, "count"))
        json_array_append(stances, json_object_get(item, "stance"));
    json_array_foreach(json_object_get(figures, "by_day"), i, item) if (day_is_shown(item))
        json_array_append(days, json_object_get(item, "day"));
    return json_pack("{s:o, s:o}", "stances", stances, "days", days);
}

static json_t *list_model(const struct request *request, const struct selection *selection,
                          const struct rows *rows)
{
    const struct consultation *c = selection->consultation;
    const json_t *release = json_object_get(c->release, "release");
    char self[REST_TEXT], next[REST_TEXT];
    json_t *remarks = json_array();
    for (int row = 0; row < shown_count(rows); row++)
        json_array_append_new(remarks, remark_model(rows, row));
    rest_of(selection, selection->filter, selection->from, self);
    json_t *links =
        json_pack("{s:o, s:o}", "self", json_sprintf("/v1/consultations/%s%s", c->slug, self),
                  "page", consultation_address(request, c, self));
    if (rows_count(rows) > PAGE_REMARKS) {
        rest_of(selection, selection->filter, row_int(rows, PAGE_REMARKS, 0), next);
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
    struct selection selection;
    struct rows rows = {0};
    char rest[REST_TEXT];
    if (selection_read(request, 0, &selection) && query(request, &selection, &rows) &&
        !leads_on(request, &selection, &rows, "/v1")) {
        rest_of(&selection, selection.filter, selection.from, rest);
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
static json_t *filter_view(const struct request *request, const struct selection *selection,
                           const char *filter, json_t *label)
{
    char rest[REST_TEXT];
    rest_of(selection, filter, 0, rest);
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

static json_t *stance_label(const struct request *request, const struct selection *selection,
                            const json_t *heading)
{
    return heading_label(selection->consultation, json_object_get(heading, "code"),
                         request->language, service_of(request)->pages);
}

static void filters_view(const struct request *request, const struct selection *selection,
                         json_t *page)
{
    const json_t *figures = figures_of(selection);
    json_t *stances = json_array(), *days = json_array(), *item;
    size_t i;
    json_array_append_new(stances,
                          filter_view(request, selection, "all",
                                      wording_string(service_of(request)->pages, request->language,
                                                     "remark.all", NULL)));
    json_array_foreach(json_object_get(figures, "by_stance"), i,
                       item) if (json_is_integer(json_object_get(item, "code")) &&
                                 shows(item, "count"))
        json_array_append_new(stances,
                              filter_view(request, selection,
                                          json_string_value(json_object_get(item, "stance")),
                                          stance_label(request, selection, item)));
    json_array_foreach(json_object_get(figures, "by_day"), i, item)
    {
        const char *date = json_string_value(json_object_get(item, "day"));
        if (day_is_shown(item))
            json_array_append_new(days,
                                  filter_view(request, selection, date, day_label(request, date)));
    }
    if (json_array_size(days))
        json_object_set_new(page, "days",
                            json_pack("{s:O, s:b}", "list", days, "open", selection->by_day));
    json_decref(days);
    json_object_set_new(page, "stances", json_pack("{s:o}", "list", stances));
}

static void page_fill(const struct request *request, const struct selection *selection,
                      const struct rows *rows, json_t *page)
{
    const struct consultation *c = selection->consultation;
    const struct measure *measure = selection->measure;
    char rest[REST_TEXT];
    json_t *remarks = json_array();
    for (int row = 0; row < shown_count(rows); row++)
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
    }
    if (selection->stance)
        json_object_set_new(page, "only", stance_label(request, selection, selection->stance));
    if (selection->by_day)
        json_object_set_new(page, "only", day_label(request, selection->filter));
    if (selection->from) {
        rest_of(selection, selection->filter, 0, rest);
        json_object_set_new(page, "first", consultation_address(request, c, rest));
    }
    if (rows_count(rows) > PAGE_REMARKS) {
        rest_of(selection, selection->filter, row_int(rows, PAGE_REMARKS, 0), rest);
        json_object_set_new(page, "next", consultation_address(request, c, rest));
    }
}

static struct document *page_document(const struct request *request,
                                      const struct selection *selection, const struct rows *rows)
{
    const struct consultation *c = selection->consultation;
    char rest[REST_TEXT];
    rest_of(selection, selection->filter, selection->from, rest);
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
    return consultation_shared(request, document, NULL);
}

static enum handled page_reply(struct request *request)
{
    struct selection selection;
    struct rows rows = {0};
    char prefix[16];
    snprintf(prefix, sizeof prefix, "/%s", language_tag(request->language));
    if (selection_read(request, 1, &selection) && query(request, &selection, &rows) &&
        !leads_on(request, &selection, &rows, prefix))
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
