/* Which entries were made on a consultation, the newest first: number, channel, day and by whom; no
 * word of what was said. */
#include "domain/receipt.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/officials/entry.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>

enum { NUMBER, CHANNEL, RECEIVED_ON, ENTERED_AT, LOGIN, NAME };
enum { PAGE_ENTRIES = 50, QUERY = 96 };

static bool entries_run(struct request *request, int32_t consultation_id, bool own,
                        const char *before, struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, consultation_id);
    if (own)
        params_int4(&params, request->official->id);
    else
        params_null(&params);
    params_text(&params, before);
    params_int4(&params, PAGE_ENTRIES + 1);
    return desk_run(request, STATEMENT_OFFICIAL_ENTRIES, &params, rows);
}

static json_t *row_view(const struct request *request, const struct rows *rows, int row)
{
    const struct pages *pages = service_of(request)->pages;
    char key[32];
    const char *channel = channel_name(row_int(rows, row, CHANNEL));
    snprintf(key, sizeof key, "dashboard.%s", channel ? channel : "");
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:s, s:s}", "number", row_text(rows, row, NUMBER), "channel",
        wording_string(pages, request->language, key, NULL), "received_on",
        wording_moment(pages, request->language, MOMENT_DAY,
                       row_date(rows, row, RECEIVED_ON) * INT64_C(86400000000)),
        "entered",
        wording_moment(pages, request->language, MOMENT_MINUTE, row_time(rows, row, ENTERED_AT)),
        "login", row_text(rows, row, LOGIN), "name", row_text(rows, row, NAME));
}

/* {list: […]}, or null where there is none. */
static json_t *rows_view(const struct request *request, const struct rows *rows)
{
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows) && row < PAGE_ENTRIES; row++)
        json_array_append_new(list, row_view(request, rows, row));
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

static json_t *next_view(const struct rows *rows, bool own)
{
    if (rows_count(rows) <= PAGE_ENTRIES)
        return json_null();
    return json_sprintf("?%sbefore=%s", own ? "by=me&" : "",
                        row_text(rows, PAGE_ENTRIES - 1, NUMBER));
}

static void entries_show(struct request *request, const struct consultation *consultation, bool own,
                         const struct rows *rows)
{
    char rest[ENTRY_ADDRESS], fresh[ENTRY_ADDRESS];
    entry_address(consultation, "/entries", rest);
    entry_address(consultation, "/entries/new", fresh);
    json_t *page = json_pack("{s:o, s:o, s:b, s:o, s:o}", "action", desk_address(request, rest),
                             "fresh", desk_address(request, fresh), "own", own, "entries",
                             rows_view(request, rows), "next", next_view(rows, own));
    reply_document(request,
                   desk_document(request, &(struct desk_page){.status = 200,
                                                              .template = "official_entries",
                                                              .title_key = "entry.list",
                                                              .rest = rest,
                                                              .page = page}));
}

enum handled official_entry_list_page(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 1);
    struct rows rows = {0};
    char before[NUMBER_TEXT + 1];
    const char *asked = request_query(request, "before"), *by = request_query(request, "by");
    bool own = by && *by;
    if (!consultation)
        return HANDLED;
    if (asked && !number_read(asked, before))
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    else if (entries_run(request, consultation->id, own, asked ? before : NULL, &rows) &&
             desk_record(request, "entries-listed", consultation->id, NULL))
        entries_show(request, consultation, own, &rows);
    rows_clear(&rows);
    consultation_release(consultation);
    return HANDLED;
}
