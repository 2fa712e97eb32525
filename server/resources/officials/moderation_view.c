/* One remark before a moderator, as its page has it; see moderation.h. */
#include "resources/officials/moderation.h"

#include "domain/wipe.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64 };

bool remark_place_find(const struct consultation *consultation, const char *number,
                       const char *code, struct place *out)
{
    const struct measure *measure = consultation_measure(consultation, code);
    const struct question *question = measure ? NULL : consultation_question(consultation, code);
    if (!number_read(number, out->number) || (!measure && !question))
        return false;
    out->part = measure ? REMARK_MEASURE : REMARK_QUESTION;
    out->ordinal = measure ? measure->ordinal : question->ordinal;
    out->code = measure ? measure->code : question->code;
    return true;
}

bool remark_place_read(const struct consultation *consultation, const char *text, struct place *out)
{
    char number[NUMBER_TEXT + 1];
    size_t length = strcspn(text, ":");
    if (length != NUMBER_TEXT || !text[length])
        return false;
    snprintf(number, sizeof number, "%s", text);
    return remark_place_find(consultation, number, text + length + 1, out);
}

void remark_place_text(const struct place *place, char text[PLACE_TEXT])
{
    snprintf(text, PLACE_TEXT, "%s:%s", place->number, place->code);
}

bool remark_place_of_row(const struct consultation *consultation, const struct rows *rows, int row,
                         int number, int part, int ordinal, struct place *out)
{
    out->part = (enum remark_part)row_int(rows, row, part);
    out->ordinal = (int)row_int(rows, row, ordinal);
    out->code = NULL;
    for (size_t i = 0; out->part == REMARK_MEASURE && i < consultation->measure_count; i++)
        if (consultation->measures[i].ordinal == out->ordinal)
            out->code = consultation->measures[i].code;
    for (size_t i = 0; out->part == REMARK_QUESTION && i < consultation->question_count; i++)
        if (consultation->questions[i].ordinal == out->ordinal)
            out->code = consultation->questions[i].code;
    return number_read(row_text(rows, row, number), out->number) && out->code;
}

void remark_place_rest(const struct consultation *consultation, const struct place *place,
                       char rest[MODERATION_REST])
{
    snprintf(rest, MODERATION_REST, "/consultations/%s/remarks/%s/%s", consultation->slug,
             place->number, place->code);
}

json_t *moderation_word(const struct request *request, const char *prefix, const char *name)
{
    char key[KEY];
    snprintf(key, sizeof key, "%s%s", prefix, name ? name : "");
    return name ? wording_string(service_of(request)->pages, request->language, key, NULL)
                : json_string("–");
}

json_t *moderation_done_view(const struct request *request, const struct consultation *consultation)
{
    const char *done = request_query(request, "done"), *last = request_query(request, "last");
    enum moderation outcome = done ? moderation_find(done) : MODERATIONS;
    struct place place;
    char rest[MODERATION_REST];
    if (outcome == MODERATIONS || !last || !remark_place_read(consultation, last, &place))
        return json_null();
    remark_place_rest(consultation, &place, rest);
    return json_pack("{s:o, s:o}", "what",
                     moderation_word(request, "moderation.done-", moderation_name(outcome)), "href",
                     outcome == MODERATION_WAITING ? json_null() : desk_address(request, rest));
}

/* The original in pieces, [{text, personal: it looks like personal data}]. */
static json_t *pieces_view(const struct opened *opened)
{
    json_t *pieces = json_array();
    size_t from = 0;
    for (size_t i = 0; i < opened->found_count; i++) {
        const struct personal_finding *found = &opened->found[i];
        if (found->at > from)
            json_array_append_new(
                pieces, json_pack("{s:s%}", "text", opened->original + from, found->at - from));
        json_array_append_new(pieces, json_pack("{s:s%, s:b}", "text", opened->original + found->at,
                                                found->length, "personal", 1));
        from = found->at + found->length;
    }
    json_array_append_new(pieces, json_pack("{s:s}", "text", opened->original + from));
    return pieces;
}

/* {list: [{at, kind, text, checked}]}, all ticked where nothing was sent yet; null: none. */
static json_t *found_view(const struct request *request, const struct opened *opened,
                          const struct decision *decision)
{
    json_t *list = json_array();
    for (size_t i = 0; i < opened->found_count; i++) {
        const struct personal_finding *found = &opened->found[i];
        json_array_append_new(list, json_pack("{s:I, s:o, s:s%, s:b}", "at", (json_int_t)i, "kind",
                                              moderation_word(request, "answer.personal-",
                                                              personal_kind_name(found->kind)),
                                              "text", opened->original + found->at, found->length,
                                              "checked", decision ? decision->ticked[i] : true));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

/* {error, options: [{value, label, checked, first}]} */
static json_t *outcomes_view(const struct request *request, const struct decision *decision,
                             const struct faults *faults)
{
    json_t *options = json_array();
    for (enum moderation m = MODERATION_PASSED; m < MODERATIONS; m++)
        json_array_append_new(
            options,
            json_pack("{s:s, s:o, s:b, s:b}", "value", moderation_name(m), "label",
                      moderation_word(request, "moderation.decide-", moderation_name(m)), "checked",
                      decision && decision->outcome == m, "first", m == MODERATION_PASSED));
    return json_pack("{s:o, s:o}", "error", desk_error(request, faults, "/decision"), "options",
                     options);
}

static json_t *reasons_view(const struct request *request, const struct decision *decision,
                            const struct faults *faults)
{
    size_t count = 0;
    const char *const *reasons = moderation_reasons(&count);
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(options,
                              json_pack("{s:s, s:o, s:b, s:b}", "value", reasons[i], "label",
                                        moderation_word(request, "moderation.reason-", reasons[i]),
                                        "checked", decision && decision->reason == reasons[i],
                                        "first", i == 0));
    return json_pack("{s:o, s:o}", "error", desk_error(request, faults, "/reason"), "options",
                     options);
}

/* What is proposed: all that was found removed; null where nothing was. */
static json_t *proposal_view(const struct opened *opened)
{
    struct removals removals = {0};
    for (size_t i = 0; i < opened->found_count; i++)
        removals_add_bytes(&removals, opened->original, opened->found[i].at,
                           opened->found[i].length);
    char *text = removals.count ? removals_apply(opened->original, &removals) : NULL;
    json_t *view = text ? json_string(text) : json_null();
    wipe_free(text);
    return view;
}

/* {seen, outcomes, found, proposal, text: {value, error}, reasons, preview} */
static json_t *form_view(const struct request *request, const struct opened *opened,
                         const struct decision *decision, const struct faults *faults,
                         const char *preview)
{
    const char *text = decision && decision->text ? decision->text : opened->original;
    return json_pack("{s:I, s:o, s:o, s:o, s:{s:s, s:o}, s:o, s:s?}", "seen",
                     (json_int_t)row_int(&opened->rows, 0, OPEN_DECISIONS), "outcomes",
                     outcomes_view(request, decision, faults), "found",
                     found_view(request, opened, decision), "proposal",
                     preview ? json_null() : proposal_view(opened), "text", "value", text, "error",
                     desk_error(request, faults, "/text"), "reasons",
                     reasons_view(request, decision, faults), "preview", preview);
}

/* {what, seen, reason, who, when, published, public} */
static json_t *decided_view(const struct request *request, const struct opened *opened)
{
    const struct rows *rows = &opened->rows;
    enum moderation state = (enum moderation)row_int(rows, 0, OPEN_MODERATION);
    const char *reason = row_text(rows, 0, OPEN_REASON);
    const char *published = row_text(rows, 0, OPEN_PUBLISHED);
    json_t *view = json_pack("{s:o, s:I, s:s?, s:b}", "what",
                             moderation_word(request, "moderation.", moderation_name(state)),
                             "seen", (json_int_t)row_int(rows, 0, OPEN_DECISIONS), "published",
                             state == MODERATION_EDITED ? published : NULL, "public",
                             row_bool(rows, 0, OPEN_SHOWN) && state != MODERATION_REFUSED);
    if (reason)
        json_object_set_new(view, "reason", moderation_word(request, "moderation.reason-", reason));
    if (!row_is_null(rows, 0, OPEN_AT)) {
        json_object_set_new(view, "who", json_string(row_text(rows, 0, OPEN_BY)));
        json_object_set_new(view, "when",
                            wording_moment(service_of(request)->pages, request->language,
                                           MOMENT_MINUTE, row_time(rows, 0, OPEN_AT)));
    }
    return view;
}

/* What somebody sent who was too late, so that nothing they typed is lost: {what, reason, text}. */
static json_t *late_view(const struct request *request, const struct opened *opened,
                         const struct decision *decision)
{
    if (!decision || decision->outcome == MODERATION_WAITING || decision->outcome == MODERATIONS)
        return json_null();
    bool edited = decision->text && strcmp(decision->text, opened->original) != 0;
    json_t *view = json_pack(
        "{s:o, s:s?}", "what",
        moderation_word(request, "moderation.decide-", moderation_name(decision->outcome)), "text",
        edited ? decision->text : NULL);
    if (decision->reason)
        json_object_set_new(view, "reason",
                            moderation_word(request, "moderation.reason-", decision->reason));
    return view;
}

/* The measure or the question that the remark is on: {code, text, href}; a question has no href. */
static json_t *subject_view(const struct request *request, const struct opened *opened)
{
    const struct consultation *c = opened->consultation;
    const struct place *place = &opened->place;
    if (place->part == REMARK_QUESTION)
        return json_pack("{s:s}", "text",
                         consultation_question(c, place->code)->text.body[request->language]);
    const struct measure *measure = consultation_measure(c, place->code);
    return json_pack("{s:s, s:s, s:o}", "code", place->code, "text",
                     measure->text.body[request->language], "href",
                     measure_address(request, c, measure));
}

static json_t *facts_view(const struct request *request, const struct opened *opened)
{
    static const int64_t day_us = INT64_C(86400000000);
    const struct rows *rows = &opened->rows;
    const char *tag = language_tag((enum language)row_int(rows, 0, OPEN_LANGUAGE));
    const char *kind = respondent_kind_name((enum respondent_kind)row_int(rows, 0, OPEN_KIND));
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:s?, s:o}", "number", opened->place.number, "day",
                     wording_moment(service_of(request)->pages, request->language, MOMENT_DAY,
                                    row_date(rows, 0, OPEN_DAY) * day_us),
                     "language", moderation_word(request, "language.", tag), "tag", tag, "kind",
                     moderation_word(request, "kind.", kind), "organisation",
                     row_text(rows, 0, OPEN_ORGANISATION), "pieces", pieces_view(opened));
}

json_t *moderation_view(struct request *request, const struct opened *opened,
                        const struct decision *decision, const struct faults *faults,
                        const char *preview)
{
    char rest[MODERATION_REST];
    bool waits = row_int(&opened->rows, 0, OPEN_MODERATION) == MODERATION_WAITING;
    remark_place_rest(opened->consultation, &opened->place, rest);
    json_t *page =
        json_pack("{s:o, s:o, s:o, s:o}", "action", desk_address(request, rest), "remark",
                  facts_view(request, opened), "subject", subject_view(request, opened), "done",
                  decision ? json_null() : moderation_done_view(request, opened->consultation));
    if (waits) {
        json_object_set_new(page, "form", form_view(request, opened, decision, faults, preview));
    } else {
        json_object_set_new(page, "decided", decided_view(request, opened));
        json_object_set_new(page, "late", late_view(request, opened, decision));
    }
    return page;
}
