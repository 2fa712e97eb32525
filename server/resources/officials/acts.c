/* The record of acts, newest first: as a page, as JSON and CSV for scripts, and as files. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "represent/writer.h"
#include "resources/officials/act_words.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER, AT, WHO, IS_OFFICIAL, ACTION, SLUG, FROM, DETAIL, POSITION };
enum {
    PAGE_ACTS = 50,
    FILE_ACTS = 50000, /* in one file; the next goes on before its last */
    FILTERS = 5,
    QUERY_TEXT = 512
};
static const int64_t day_us = INT64_C(86400000000), hong_kong_us = INT64_C(28800000000);

/* What is asked for, as it stands in the address; empty: everything. */
struct filter {
    const char *who, *what, *from, *to, *consultation;
    int32_t from_day, to_day;
    bool has_from, has_to;
    int64_t before; /* 0: from the newest */
};

static const char *word(const struct request *request, const char *name)
{
    const char *value = request_query(request, name);
    return value ? value : "";
}

static void filter_read(const struct request *request, struct filter *out, struct faults *faults)
{
    *out = (struct filter){.who = word(request, "who"),
                           .what = word(request, "what"),
                           .from = word(request, "from"),
                           .to = word(request, "to"),
                           .consultation = word(request, "consultation")};
    const char *before = word(request, "before");
    out->has_from = parse_date(out->from, &out->from_day);
    out->has_to = parse_date(out->to, &out->to_day);
    if (*out->from && !out->has_from)
        faults_add(faults, PROBLEM_DATE_INVALID, 0, "/from");
    if (*out->to && !out->has_to)
        faults_add(faults, PROBLEM_DATE_INVALID, 0, "/to");
    if (*before && !parse_integer(before, 1, INT64_MAX, &out->before))
        faults_add(faults, PROBLEM_UNKNOWN_VALUE, 0, "/before");
}

static void text_or_null(struct params *params, const char *text)
{
    params_text(params, *text ? text : NULL);
}

/* Days are Hong Kong's, both inclusive. */
static bool acts_run(struct request *request, const struct filter *filter, int most,
                     struct rows *rows)
{
    struct params params = {0};
    if (filter->before)
        params_int8(&params, filter->before);
    else
        params_null(&params);
    text_or_null(&params, filter->who);
    text_or_null(&params, filter->what);
    if (filter->has_from)
        params_time(&params, filter->from_day * day_us - hong_kong_us);
    else
        params_null(&params);
    if (filter->has_to)
        params_time(&params, (filter->to_day + 1) * day_us - hong_kong_us);
    else
        params_null(&params);
    text_or_null(&params, filter->consultation);
    params_int4(&params, most + 1);
    return desk_run(request, STATEMENT_OFFICIAL_ACTS, &params, rows);
}

/* The same filter's next page: what is typed has no place in an address but escaped. */
static json_t *address_next(const struct filter *filter, int64_t before)
{
    const struct {
        const char *name, *value;
    } parts[FILTERS] = {{"who", filter->who},
                        {"what", filter->what},
                        {"from", filter->from},
                        {"to", filter->to},
                        {"consultation", filter->consultation}};
    struct buf out = {.limit = QUERY_TEXT};
    buf_format(&out, "?");
    for (size_t i = 0; i < FILTERS; i++) {
        if (!*parts[i].value)
            continue;
        buf_format(&out, "%s=", parts[i].name);
        for (const char *p = parts[i].value; *p; p++)
            buf_format(&out, "%%%02X", (unsigned char)*p);
        buf_byte(&out, '&');
    }
    if (before)
        buf_format(&out, "before=%" PRId64, before);
    json_t *address = buf_ok(&out) ? json_stringn(out.data, out.length) : NULL;
    buf_clear(&out);
    return address ? address : json_string("?");
}

/* One act as scripts read it. New reference. */
static json_t *act_model(const struct rows *rows, int row)
{
    char at[RFC3339_TEXT];
    format_time(row_time(rows, row, AT), at);
    return json_pack("{s:I, s:s, s:s, s:b, s:s, s:s?, s:s?, s:o, s:o}", "number",
                     (json_int_t)row_int(rows, row, NUMBER), "at", at, "who",
                     row_text(rows, row, WHO), "official", row_bool(rows, row, IS_OFFICIAL),
                     "action", row_text(rows, row, ACTION), "consultation",
                     row_text(rows, row, SLUG), "from", row_text(rows, row, FROM), "detail",
                     json_loads(row_text(rows, row, DETAIL), 0, NULL), "position",
                     row_is_null(rows, row, POSITION) ? json_null()
                                                      : json_integer(row_int(rows, row, POSITION)));
}

static int64_t last_number(const struct rows *rows, int most)
{
    return rows_count(rows) > most ? row_int(rows, most - 1, NUMBER) : 0;
}

static json_t *act_view(const struct request *request, const struct rows *rows, int row)
{
    return json_pack("{s:o, s:s, s:b, s:o, s:s, s:s?, s:s?, s:o}", "at",
                     wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND,
                                    row_time(rows, row, AT)),
                     "who", row_text(rows, row, WHO), "command", !row_bool(rows, row, IS_OFFICIAL),
                     "what", desk_act(request, row_text(rows, row, ACTION)), "action",
                     row_text(rows, row, ACTION), "consultation", row_text(rows, row, SLUG), "from",
                     row_text(rows, row, FROM), "detail",
                     act_words(request, row_text(rows, row, DETAIL)));
}

enum handled act_list_page(struct request *request)
{
    struct filter filter;
    struct faults faults = {0};
    struct rows rows = {0};
    filter_read(request, &filter, &faults);
    if (faults.count || acts_run(request, &filter, PAGE_ACTS, &rows)) {
        json_t *list = json_array();
        int64_t next = faults.count ? 0 : last_number(&rows, PAGE_ACTS);
        for (int row = 0; !faults.count && row < rows_count(&rows) && row < PAGE_ACTS; row++)
            json_array_append_new(list, act_view(request, &rows, row));
        json_t *page = json_pack(
            "{s:o, s:o, s:o, s:{s:s, s:s, s:s, s:s, s:s}, s:o}", "action",
            desk_address(request, "/acts"), "files", address_next(&filter, 0), "next",
            next ? address_next(&filter, next) : json_null(), "filter", "who", filter.who, "what",
            filter.what, "from", filter.from, "to", filter.to, "consultation", filter.consultation,
            "acts", json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null());
        json_decref(list);
        reply_document(
            request, desk_document(request, &(struct desk_page){.status = faults.count ? 422 : 200,
                                                                .template = "official_acts",
                                                                .title_key = "official.acts",
                                                                .rest = "/acts",
                                                                .faults = &faults,
                                                                .page = page}));
    }
    rows_clear(&rows);
    return HANDLED;
}

/* Columns and rows of a table, and the same as objects. NULL: no memory. */
static struct document *acts_document(const struct request *request, const struct rows *rows,
                                      int most)
{
    static const char *const names[] = {"number",       "at",   "who",    "official", "action",
                                        "consultation", "from", "detail", "position"};
    struct document *document = document_new(200, request->language);
    json_t *acts = json_array();
    int64_t next = last_number(rows, most);
    if (!document) {
        json_decref(acts);
        return NULL;
    }
    document->columns = json_array();
    document->rows = json_array();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_array_append_new(document->columns, json_string(names[i]));
    for (int row = 0; row < rows_count(rows) && row < most; row++) {
        json_t *act = act_model(rows, row), *cells = json_array();
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            json_t *value = json_object_get(act, names[i]);
            if (i == 3)
                value = json_string(json_is_true(value) ? "yes" : "no");
            else if (i == 7)
                value = json_string(row_text(rows, row, DETAIL));
            else
                json_incref(value);
            json_array_append_new(cells, value);
        }
        json_array_append_new(acts, act);
        json_array_append_new(document->rows, cells);
    }
    if (document_say(document, json_pack("{s:o, s:o}", "acts", acts, "before",
                                         next ? json_integer(next) : json_null())))
        return document;
    document_free(document);
    return NULL;
}

/* GET /v1/acts, as JSON or CSV. */
enum handled act_list(struct request *request)
{
    struct filter filter;
    struct faults faults = {0};
    struct rows rows = {0};
    filter_read(request, &filter, &faults);
    if (faults.count)
        reply_problem(request, faults.list[0].code, faults.list[0].pointer);
    else if (acts_run(request, &filter, 1000, &rows))
        reply_document(request, acts_document(request, &rows, 1000));
    rows_clear(&rows);
    return HANDLED;
}

static bool acts_write(const struct document *document, bool csv, struct buf *out)
{
    json_t *act;
    size_t i;
    if (csv)
        return write_csv(document, out);
    json_array_foreach(json_object_get(document->model, "acts"), i, act)
    {
        char *line = json_dumps(act, JSON_COMPACT);
        buf_format(out, "%s\n", line ? line : "");
        free(line);
    }
    return buf_ok(out);
}

/* A file is an export, which is an act itself. */
static enum handled acts_file(struct request *request, bool csv)
{
    struct filter filter;
    struct faults faults = {0};
    struct rows rows = {0};
    struct buf out = {0};
    filter_read(request, &filter, &faults);
    if (faults.count) {
        reply_problem(request, faults.list[0].code, faults.list[0].pointer);
        return HANDLED;
    }
    if (desk_record(request, "official-acts-exported", 0,
                    json_pack("{s:s}", "format", csv ? "csv" : "ndjson")) &&
        acts_run(request, &filter, FILE_ACTS, &rows)) {
        struct document *document = acts_document(request, &rows, FILE_ACTS);
        reply_header(request, "Content-Disposition",
                     csv ? "attachment; filename=\"acts.csv\""
                         : "attachment; filename=\"acts.ndjson\"");
        if (document && acts_write(document, csv, &out))
            reply_bytes(request, 200,
                        csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson",
                        out.data ? out.data : "", out.length);
        else
            reply_problem(request, PROBLEM_INTERNAL, NULL);
        document_free(document);
    }
    buf_clear(&out);
    rows_clear(&rows);
    return HANDLED;
}

enum handled act_file_csv(struct request *request)
{
    return acts_file(request, true);
}

enum handled act_file_ndjson(struct request *request)
{
    return acts_file(request, false);
}
