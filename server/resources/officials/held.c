/* The held submissions of a consultation, a page at a time, and which of them could be counted. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/state_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_HELD = 50, LOOKED_AT = 5000, KEY = 48 };
enum { UNFINISHED, NUMBER, ARRIVED_AT, KIND, LANGUAGE, CHANNEL, OTHER_COUNTED, PROPOSED };

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static json_t *row_view(const struct request *request, const struct rows *rows, int row)
{
    char rest[STATE_REST], language[KEY];
    const char *number = row_text(rows, row, NUMBER);
    snprintf(rest, sizeof rest, "/submissions/%s/state", number);
    snprintf(language, sizeof language, "language.%s",
             language_tag((enum language)row_int(rows, row, LANGUAGE)));
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "number", number, "href",
        state_address(request, rest), "day",
        wording_moment(service_of(request)->pages, request->language, MOMENT_DAY,
                       row_time(rows, row, ARRIVED_AT)),
        "kind",
        words(request, row_int(rows, row, KIND) == KIND_ORGANISATION ? "kind.organisation"
                                                                     : "kind.individual"),
        "language", words(request, language), "other",
        words(request,
              row_bool(rows, row, OTHER_COUNTED) ? "state.other-counted" : "state.other-none"),
        "free", !row_bool(rows, row, OTHER_COUNTED), "proposed", row_bool(rows, row, PROPOSED));
}

/* Where the next page goes on; NULL: nowhere. Of the rows, the last one may only say how far was
 * looked. */
static const char *next_from(const struct rows *rows)
{
    int count = rows_count(rows);
    if (count > PAGE_HELD)
        return row_text(rows, PAGE_HELD - 1, NUMBER);
    return count && row_bool(rows, count - 1, UNFINISHED) ? row_text(rows, count - 1, NUMBER)
                                                          : NULL;
}

static json_t *page_view(const struct request *request, const struct rows *rows, bool free)
{
    json_t *list = json_array();
    const char *next = next_from(rows);
    for (int row = 0; row < rows_count(rows) && row < PAGE_HELD; row++)
        if (!row_bool(rows, row, UNFINISHED))
            json_array_append_new(list, row_view(request, rows, row));
    json_t *page = json_pack(
        "{s:o, s:b, s:o, s:o, s:b}", "here", state_address(request, "/held"), "free", free, "held",
        json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null(), "next",
        next ? json_sprintf("?%sbefore=%s", free ? "show=free&" : "", next) : json_null(), "more",
        next != NULL);
    json_decref(list);
    return page;
}

/* False: a problem is set. */
static bool list_read(struct request *request, bool *free, char before[NUMBER_TEXT + 1])
{
    const char *show = request_query(request, "show"), *from = request_query(request, "before");
    *free = show && strcmp(show, "free") == 0;
    *before = '\0';
    if (show && *show && !*free && strcmp(show, "all") != 0) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/show");
        return false;
    }
    if (from && *from && !number_read(from, before)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/before");
        return false;
    }
    return true;
}

enum handled held_list_page(struct request *request)
{
    bool free;
    char before[NUMBER_TEXT + 1], rest[STATE_REST];
    struct params params = {0};
    struct rows rows = {0};
    if (!list_read(request, &free, before))
        return HANDLED;
    params_int4(&params, request->official->consultation_id);
    params_text(&params, *before ? before : NULL);
    params_bool(&params, free);
    params_int4(&params, PAGE_HELD + 1);
    params_int4(&params, LOOKED_AT);
    if (desk_record(request, "official-held-listed", request->official->consultation_id,
                    json_pack("{s:s, s:s*}", "show", free ? "free" : "all", "before",
                              *before ? before : NULL)) &&
        desk_run(request, STATEMENT_OFFICIAL_STATE_HELD, &params, &rows)) {
        state_rest(request, "/held", rest);
        reply_document(
            request,
            desk_document(request, &(struct desk_page){.status = 200,
                                                       .template = "official_held",
                                                       .title_key = "held.title",
                                                       .rest = rest,
                                                       .page = page_view(request, &rows, free)}));
    }
    params_clear(&params);
    rows_clear(&rows);
    return HANDLED;
}
