/* Which remarks are asked for, and reading them; see remark_selection.h. */
#include "resources/remark_selection.h"

#include "base/parse.h"
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/tally_view.h"
#include "service.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool remark_cell_is_shown(const json_t *object, const char *member)
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
        if (has_stance && remark_cell_is_shown(heading, "count") && strcmp(stance, name) == 0)
            return heading;
    }
    return NULL;
}

bool remark_day_is_shown(const json_t *day)
{
    const char *date = json_string_value(json_object_get(day, "day"));
    const char *span = json_string_value(json_object_get(day, "span"));
    size_t length = strlen(date);
    return remark_cell_is_shown(day, "answers") && strncmp(span, date, length) == 0 &&
           strcmp(span + length + 1, date) == 0;
}

static bool day_cell(const json_t *figures, const char *name)
{
    json_t *day;
    size_t i;
    json_array_foreach(json_object_get(figures, "by_day"), i,
                       day) if (strcmp(json_string_value(json_object_get(day, "day")), name) ==
                                0) return remark_day_is_shown(day);
    return false;
}

const json_t *remark_figures(const struct remark_selection *selection)
{
    return tally_figures(selection->consultation, TALLY_MEASURE, selection->measure->code);
}

static bool selection_filter(struct remark_selection *selection, const char *filter)
{
    if (strlen(filter) >= sizeof selection->filter)
        return false;
    snprintf(selection->filter, sizeof selection->filter, "%s", filter);
    if (strcmp(filter, "all") == 0)
        return true;
    selection->by_day = parse_date(filter, &selection->day);
    if (selection->by_day)
        return day_cell(remark_figures(selection), filter);
    selection->stance = stance_cell(remark_figures(selection), filter);
    return selection->stance != NULL;
}

bool remark_selection_read(struct request *request, size_t part, struct remark_selection *out)
{
    const char *filter = request_part(request, "filter"), *from = request_part(request, "from");
    *out = (struct remark_selection){.consultation = consultation_of(request, part)};
    if (!out->consultation)
        return false;
    out->measure = consultation_measure(out->consultation, request->parts[part + 1]);
    if (out->measure && selection_filter(out, filter ? filter : "all") &&
        (!from || parse_integer(from, 1, INT64_MAX, &out->from)))
        return true;
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

void remark_rest(const struct remark_selection *selection, const char *filter, int64_t from,
                 char rest[REMARK_REST_TEXT])
{
    const char *code = selection->measure->code;
    if (from)
        snprintf(rest, REMARK_REST_TEXT, "/measures/%s/remarks/%s/%" PRId64, code, filter, from);
    else if (strcmp(filter, "all") != 0)
        snprintf(rest, REMARK_REST_TEXT, "/measures/%s/remarks/%s", code, filter);
    else
        snprintf(rest, REMARK_REST_TEXT, "/measures/%s/remarks", code);
}

bool remark_query(struct request *request, const struct remark_selection *selection,
                  struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, selection->consultation->id);
    params_int2(&params, selection->measure->ordinal);
    params_int8(&params, selection->from);
    params_int4(&params, REMARK_PAGE + 1);
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

bool remark_leads_on(struct request *request, const struct remark_selection *selection,
                     const struct rows *rows, const char *prefix)
{
    int64_t first = rows_count(rows) ? row_int(rows, 0, 0) : 0;
    char rest[REMARK_REST_TEXT], location[2 * REMARK_REST_TEXT + CONSULTATION_ADDRESS];
    if (!selection->from || first == selection->from)
        return false;
    remark_rest(selection, selection->filter, first, rest);
    snprintf(location, sizeof location, "%s/consultations/%s%s", prefix,
             selection->consultation->slug, rest);
    reply_redirect(request, 302, location);
    return true;
}

int remark_shown_count(const struct rows *rows)
{
    return rows_count(rows) > REMARK_PAGE ? REMARK_PAGE : rows_count(rows);
}

json_t *remark_model(const struct rows *rows, int row)
{
    return json_pack("{s:s, s:s?, s:s}", "language",
                     language_tag((enum language)row_int(rows, row, 1)), "organisation",
                     row_is_null(rows, row, 2) ? NULL : row_text(rows, row, 2), "text",
                     row_text(rows, row, 3));
}
