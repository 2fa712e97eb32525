/* Remarks that wait for a moderator, or were decided on, oldest first, without their words. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/moderation.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum {
    LIST_NUMBER,
    LIST_DAY,
    LIST_LANGUAGE,
    LIST_PART,
    LIST_ORDINAL,
    LIST_LENGTH,
    LIST_MODERATION,
    LIST_REASON,
    LIST_AT,
    LIST_BY,
    LIST_SHOWN
};
enum { PAGE_REMARKS = 50, COUNTED_MOST = 10000 };
static const int64_t day_us = INT64_C(86400000000);

static const char *const shows[] = {"waiting", "decided", "all"};
enum { SHOW_WAITING, SHOW_DECIDED, SHOW_ALL, SHOWS };

static json_t *moment(const struct request *request, enum moment kind, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, kind, us);
}

/* {href, number, code, question, day, language, length, label, reason, who, when, public} */
static json_t *row_view(const struct request *request, const struct consultation *consultation,
                        const struct rows *rows, int row)
{
    struct place place;
    char rest[MODERATION_REST];
    if (!remark_place_of_row(consultation, rows, row, LIST_NUMBER, LIST_PART, LIST_ORDINAL, &place))
        return NULL;
    remark_place_rest(consultation, &place, rest);
    const char *state = moderation_name((enum moderation)row_int(rows, row, LIST_MODERATION));
    const char *reason = row_text(rows, row, LIST_REASON);
    const char *tag = language_tag((enum language)row_int(rows, row, LIST_LANGUAGE));
    json_t *view = json_pack(
        "{s:o, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:b}", "href", desk_address(request, rest),
        "number", place.number, "code", place.code, "question", place.part == REMARK_QUESTION,
        "day", moment(request, MOMENT_DAY, row_date(rows, row, LIST_DAY) * day_us), "language",
        moderation_word(request, "language.", tag), "length",
        wording_count(row_int(rows, row, LIST_LENGTH)), "label",
        moderation_word(request, "moderation.", state), "public", row_bool(rows, row, LIST_SHOWN));
    if (reason)
        json_object_set_new(view, "reason", moderation_word(request, "moderation.reason-", reason));
    if (!row_is_null(rows, row, LIST_AT)) {
        json_object_set_new(view, "who", json_string(row_text(rows, row, LIST_BY)));
        json_object_set_new(view, "when",
                            moment(request, MOMENT_MINUTE, row_time(rows, row, LIST_AT)));
    }
    return view;
}

/* {list: […], first: the first one's address, next: the next page's query or null}; null: none. */
static json_t *rows_view(const struct request *request, const struct consultation *consultation,
                         const struct rows *rows, const char *show)
{
    json_t *list = json_array();
    int count = rows_count(rows), here = count < PAGE_REMARKS ? count : PAGE_REMARKS;
    for (int row = 0; row < here; row++)
        json_array_append_new(list, row_view(request, consultation, rows, row));
    if (!json_array_size(list)) {
        json_decref(list);
        return json_null();
    }
    struct place last;
    char after[PLACE_TEXT];
    json_t *next = json_null();
    if (count > PAGE_REMARKS && remark_place_of_row(consultation, rows, here - 1, LIST_NUMBER,
                                                    LIST_PART, LIST_ORDINAL, &last)) {
        remark_place_text(&last, after);
        next = json_sprintf("?show=%s&after=%s", show, after);
    }
    json_t *first = json_object_get(json_array_get(list, 0), "href");
    return json_pack("{s:O, s:o, s:o}", "first", first, "list", list, "next", next);
}

/* [{label, href, current}] */
static json_t *shows_view(const struct request *request, unsigned show)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < SHOWS; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:b}", "label",
                            moderation_word(request, "moderation.show-", shows[i]), "href",
                            json_sprintf("?show=%s", shows[i]), "current", i == show));
    return list;
}

static bool list_run(struct request *request, const struct consultation *consultation,
                     unsigned show, const struct place *after, struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, request->official->id);
    params_int4(&params, consultation->id);
    if (show == SHOW_ALL)
        params_null(&params);
    else
        params_int2(&params, show == SHOW_DECIDED);
    if (after) {
        params_text(&params, after->number);
        params_int2(&params, (int)after->part);
        params_int2(&params, after->ordinal);
    } else {
        params_null(&params);
        params_null(&params);
        params_null(&params);
    }
    params_int4(&params, PAGE_REMARKS + 1);
    return desk_run(request, STATEMENT_MODERATION_LIST, &params, rows);
}

/* How many wait, counted up to `most`; -1: a problem is set. */
bool moderation_waiting(struct request *request, int most, int *count)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->id);
    params_int4(&params, request->official->consultation_id);
    params_int4(&params, most);
    bool ok = desk_run(request, STATEMENT_MODERATION_COUNT, &params, &rows);
    *count = ok ? (int)row_int(&rows, 0, 0) : 0;
    rows_clear(&rows);
    return ok;
}

static void queue_show(struct request *request, const struct consultation *consultation,
                       unsigned show, const struct rows *rows, int waiting)
{
    char rest[MODERATION_REST];
    snprintf(rest, sizeof rest, "/consultations/%s/remarks", consultation->slug);
    bool more = waiting > COUNTED_MOST;
    json_t *page = json_pack("{s:o, s:b, s:o, s:b, s:o, s:o}", "waiting",
                             wording_count(more ? COUNTED_MOST : waiting), "more", more, "shows",
                             shows_view(request, show), "queue", show == SHOW_WAITING, "remarks",
                             rows_view(request, consultation, rows, shows[show]), "done",
                             moderation_done_view(request, consultation));
    reply_document(
        request, desk_document(request, &(struct desk_page){.status = 200,
                                                            .template = "official_moderation_queue",
                                                            .title_key = "moderation.title",
                                                            .rest = rest,
                                                            .page = page}));
}

static void queue_run(struct request *request, const struct consultation *consultation)
{
    const char *show = request_query(request, "show"), *after = request_query(request, "after");
    struct place place;
    struct rows rows = {0};
    unsigned which = SHOW_WAITING;
    while (show && which < SHOWS && strcmp(show, shows[which]) != 0)
        which++;
    if (which == SHOWS || (after && !remark_place_read(consultation, after, &place))) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, which == SHOWS ? "/show" : "/after");
        return;
    }
    int waiting = 0;
    if (moderation_waiting(request, COUNTED_MOST + 1, &waiting) &&
        list_run(request, consultation, which, after ? &place : NULL, &rows) &&
        desk_record(request, "remarks-listed", consultation->id,
                    json_pack("{s:s, s:i}", "show", shows[which], "remarks", rows_count(&rows))))
        queue_show(request, consultation, which, &rows, waiting);
    rows_clear(&rows);
}

enum handled moderation_queue_page(struct request *request)
{
    struct consultation *consultation =
        catalogue_find(service_of(request)->catalogue, request_part(request, "slug"));
    if (consultation)
        queue_run(request, consultation);
    else
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    consultation_release(consultation);
    return HANDLED;
}
