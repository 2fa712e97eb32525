/* One submission as officials read it: all that was said, what became of it, and the next ones on
 * both sides that meet the filters of the list it was opened from. */
#include "base/parse.h"
#include "domain/set_aside.h"
#include "domain/submission.h"
#include "http/reply.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/filters.h"
#include "resources/officials/reading.h"
#include "resources/officials/state_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { TRIES = 3, REST = 128 };

struct one {
    const struct consultation *consultation;
    struct list_wanted wanted; /* the filters of the list; none, if they were not right */
    const char *number;
    json_t *model; /* owned */
    struct list_neighbour newer, older;
};

static const json_t *field(const struct one *one, const char *name)
{
    return json_object_get(one->model, name);
}

static bool is(const struct one *one, const char *name)
{
    return json_is_true(field(one, name));
}

static enum db_status one_read(struct request *request, struct one *one)
{
    json_decref(one->model);
    enum db_status status = list_one(request->answers, one->consultation, one->number, &one->model);
    if (status == DB_OK && one->model)
        status = list_neighbours(request->answers, one->consultation, &one->wanted, one->number,
                                 &one->newer, &one->older);
    return status;
}

/* False: a problem is set. */
static bool one_run(struct request *request, struct one *one)
{
    struct faults faults = {0};
    if (!filters_read(request, one->consultation, &one->wanted, &faults))
        one->wanted = (struct list_wanted){0};
    enum db_status status = DB_AGAIN;
    for (int tries = 0; status == DB_AGAIN && tries < TRIES; tries++)
        status = one_read(request, one);
    if (!desk_judge(request, status))
        return false;
    if (one->model)
        return desk_record(request, "submission-read", one->consultation->id,
                           json_pack("{s:s}", "number", one->number));
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

/* Another submission's address, with the filters. */
static json_t *address_of(const struct request *request, const struct one *one, const char *number)
{
    json_t *query = filters_query(&one->wanted.filter, FILTER_FIELDS, NULL, NULL);
    json_t *rest = json_sprintf("/%s%s", number, json_string_value(query));
    json_t *address = reading_address(request, one->consultation, json_string_value(rest));
    json_decref(rest);
    json_decref(query);
    return address;
}

/* The list by the same filters, where `way` (NULL: it begins) a submission. */
static json_t *list_address(const struct request *request, const struct one *one, const char *way,
                            const char *number)
{
    json_t *query = filters_query(&one->wanted.filter, FILTER_FIELDS, way, number);
    json_t *address = reading_address(request, one->consultation, json_string_value(query));
    json_decref(query);
    return address;
}

/* {href, number}; without a number it leads to the list, which looks further; null: there is none.
 */
static json_t *neighbour_view(const struct request *request, const struct one *one,
                              const struct list_neighbour *neighbour, const char *way)
{
    if (*neighbour->number)
        return json_pack("{s:o, s:s}", "href", address_of(request, one, neighbour->number),
                         "number", neighbour->number);
    return neighbour->unfinished ? json_pack("{s:o, s:n}", "href",
                                             list_address(request, one, way, one->number), "number")
                                 : json_null();
}

/* What was said, with what is sought marked in it. */
static json_t *marked_view(const struct one *one, const char *text)
{
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0;
    bool sought = one->wanted.filter.set & 1u << FILTER_TEXT;
    if (!sought || !word_query_match(&one->wanted.words, text, spans, &count))
        count = 0;
    return markup_marked(text, spans, count);
}

/* {text, published: what is shown of it in its place, moderation, reason, withheld}, or null. */
static json_t *remark_view(const struct request *request, const struct one *one, const char *part,
                           const char *code)
{
    json_t *remark;
    size_t i;
    json_array_foreach(field(one, "remarks"), i, remark)
    {
        const char *of = json_string_value(json_object_get(remark, part));
        const char *text = json_string_value(json_object_get(remark, "text"));
        const char *moderation = json_string_value(json_object_get(remark, "moderation"));
        const char *reason = json_string_value(json_object_get(remark, "reason"));
        bool publish = json_is_true(json_object_get(remark, "publish"));
        bool edited = moderation && strcmp(moderation, "edited") == 0;
        if (!of || strcmp(of, code) != 0)
            continue;
        return json_pack(
            "{s:o, s:O, s:o, s:o, s:b}", "text", marked_view(one, text ? text : ""), "published",
            edited ? json_object_get(remark, "published") : json_null(), "moderation",
            publish && moderation ? reading_moderation(request, moderation) : json_null(), "reason",
            reason ? reading_words(request, "moderation.reason-", reason) : json_null(), "withheld",
            !publish && strcmp(json_string_value(field(one, "publication")), "none") != 0);
    }
    return json_null();
}

static bool has(const json_t *codes, const char *code)
{
    json_t *value;
    size_t i;
    json_array_foreach(codes, i,
                       value) if (strcmp(json_string_value(value), code) == 0) return true;
    return false;
}

/* NULL where nothing was said on it. */
static json_t *answer_view(const struct request *request, const struct one *one,
                           const struct measure *measure)
{
    const struct consultation *consultation = one->consultation;
    const json_t *stance = json_object_get(field(one, "answers"), measure->code);
    json_t *remark = remark_view(request, one, "measure", measure->code);
    bool priority = has(field(one, "priorities"), measure->code);
    if (!stance && !priority && !json_is_object(remark)) {
        json_decref(remark);
        return NULL;
    }
    return json_pack(
        "{s:s, s:s, s:s?, s:o, s:b, s:b}", "code", measure->code, "text",
        measure->text.body[request->language], "stance",
        stance ? consultation->stance_labels[json_integer_value(stance)].body[request->language]
               : NULL,
        "remark", remark, "priority", priority, "withheld",
        has(field(one, "withheld"), measure->code));
}

/* [{code, title, answers}] of the directions on which something was said. */
static json_t *directions_view(const struct request *request, const struct one *one)
{
    const struct consultation *consultation = one->consultation;
    json_t *list = json_array();
    for (size_t d = 0; d < consultation->direction_count; d++) {
        const struct direction *direction = &consultation->directions[d];
        json_t *answers = json_array();
        for (size_t m = 0; m < direction->measures; m++) {
            json_t *answer =
                answer_view(request, one, &consultation->measures[direction->first_measure + m]);
            if (answer)
                json_array_append_new(answers, answer);
        }
        if (json_array_size(answers))
            json_array_append_new(list, json_pack("{s:s, s:s, s:O}", "code", direction->code,
                                                  "title", direction->title.body[request->language],
                                                  "answers", answers));
        json_decref(answers);
    }
    return list;
}

/* {list: [{text, remark}]} of the questions that were answered, or null. */
static json_t *views_view(const struct request *request, const struct one *one)
{
    json_t *list = json_array();
    for (size_t i = 0; i < one->consultation->question_count; i++) {
        const struct question *question = &one->consultation->questions[i];
        json_t *remark = remark_view(request, one, "question", question->code);
        if (json_is_object(remark))
            json_array_append_new(list, json_pack("{s:s, s:O}", "text",
                                                  question->text.body[request->language], "remark",
                                                  remark));
        json_decref(remark);
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

static json_t *moment_of(const struct request *request, const struct one *one, const char *name)
{
    const char *text = json_string_value(field(one, name));
    int64_t at_us = 0;
    return text && parse_time(text, &at_us)
               ? wording_moment(service_of(request)->pages, request->language, MOMENT_SECOND, at_us)
               : json_null();
}

/* Why it came to its state, in words. */
static json_t *reason_view(const struct request *request, const struct one *one)
{
    static const char *const reasons[][2] = {{"amended", "reading.reason-amended"},
                                             {"identity proven", "reading.reason-proven"},
                                             {"by its holder", "reading.reason-holder"},
                                             {"by officials", "reading.reason-officials"}};
    const char *reason = json_string_value(field(one, "state_reason"));
    for (size_t i = 0; reason && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reason, reasons[i][0]) == 0)
            return reading_words(request, reasons[i][1], "");
    if (reason && set_aside_find(reason) != SET_ASIDE_REASONS)
        return state_reason_words(request, reason, "");
    return reason ? json_string(reason) : json_null();
}

/* {number, href} of the submission that stands in that member, or null. */
static json_t *link_view(const struct request *request, const struct one *one, const char *name)
{
    const char *number = json_string_value(field(one, name));
    return number
               ? json_pack("{s:s, s:o}", "number", number, "href", address_of(request, one, number))
               : json_null();
}

static json_t *sector_view(const struct request *request, const struct one *one)
{
    const char *code = json_string_value(field(one, "sector"));
    const struct sector *sector = code ? consultation_sector(one->consultation, code) : NULL;
    return sector ? json_string(sector->label.body[request->language]) : json_null();
}

/* Which kind of identity it came with; null: none. */
static json_t *identity_view(const struct request *request, const struct one *one)
{
    static const char *const keys[][2] = {{"email", "answer.identity-email"},
                                          {"mobile", "answer.identity-mobile"},
                                          {"hkid", "answer.identity-hkid"},
                                          {"openid", "reading.identity-openid"}};
    const char *kind = json_string_value(field(one, "identity_kind"));
    for (size_t i = 0; kind && i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(kind, keys[i][0]) == 0)
            return reading_words(request, keys[i][1], "");
    return json_null();
}

/* What stands in the rows above the answers, beside its facts. */
static json_t *rows_view(const struct request *request, const struct one *one)
{
    return json_pack(
        "{s:o, s:o, s:o, s:O, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "reason",
        reason_view(request, one), "changed", moment_of(request, one, "state_changed_at"),
        "arrived", moment_of(request, one, "arrived_at"), "received_on", field(one, "received_on"),
        "identity", identity_view(request, one), "sector", sector_view(request, one), "publication",
        reading_words(request, "answer.publication-", json_string_value(field(one, "publication"))),
        "unchallenged", is(one, "unchallenged"), "within_grace", is(one, "within_grace"), "erased",
        moment_of(request, one, "erased_at"), "supersedes", link_view(request, one, "supersedes"),
        "superseded_by", link_view(request, one, "superseded_by"));
}

/* Where another state is proposed; null where officials cannot change it. */
static json_t *state_link(const struct request *request, const struct one *one)
{
    static const char *const ours[] = {"counted", "held", "set-aside"};
    const char *state = json_string_value(field(one, "state"));
    char rest[REST];
    snprintf(rest, sizeof rest, "/%s/state", one->number);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(state, ours[i]) == 0)
            return reading_address(request, one->consultation, rest);
    return json_null();
}

static json_t *page_view(const struct request *request, const struct one *one)
{
    bool first = !*one->newer.number;
    json_t *page = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "list",
        list_address(request, one, first ? NULL : "before", one->newer.number), "state_href",
        state_link(request, one), "facts", reading_facts(request, one->model), "rows",
        rows_view(request, one), "directions", directions_view(request, one), "views",
        views_view(request, one), "newer", neighbour_view(request, one, &one->newer, "after"),
        "older", neighbour_view(request, one, &one->older, "before"));
    return page;
}

static struct document *one_document(struct request *request, const struct one *one)
{
    json_t *query = filters_query(&one->wanted.filter, FILTER_FIELDS, NULL, NULL);
    json_t *rest = json_sprintf("/consultations/%s/submissions/%s%s", one->consultation->slug,
                                one->number, json_string_value(query));
    json_t *context = json_pack("{s:s}", "number", one->number);
    json_t *title =
        wording_string(service_of(request)->pages, request->language, "reading.one-title", context);
    struct document *document = desk_document(request, &(struct desk_page){
                                                           .status = 200,
                                                           .template = "official_submission",
                                                           .title = json_string_value(title),
                                                           .title_key = "reading.title",
                                                           .rest = json_string_value(rest),
                                                           .page = page_view(request, one),
                                                       });
    json_decref(title);
    json_decref(context);
    json_decref(rest);
    json_decref(query);
    return document;
}

enum handled official_submission_page(struct request *request)
{
    char number[NUMBER_TEXT + 1];
    struct one one = {.number = number};
    struct consultation *consultation =
        catalogue_find(service_of(request)->catalogue, request_part(request, "slug"));
    one.consultation = consultation;
    if (!consultation || !number_read(request_part(request, "number"), number))
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    else if (one_run(request, &one))
        reply_document(request, one_document(request, &one));
    json_decref(one.model);
    consultation_release(consultation);
    return HANDLED;
}
