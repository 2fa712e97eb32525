/* Submissions as officials read them; see submission_list.h for the models. */
#include "resources/submission_list_view.h"

#include "base/parse.h"
#include "domain/submission.h"
#include "resources/submission_list.h"

#include <string.h>

/* Of the statements submission_list_one and submission_list_remarks. */
enum {
    ONE_NUMBER,
    ONE_STATE,
    ONE_STATE_REASON,
    ONE_STATE_CHANGED_AT,
    ONE_ARRIVED_AT,
    ONE_DAY,
    ONE_RECEIVED_ON,
    ONE_KIND,
    ONE_IDENTITY_KIND,
    ONE_PROVEN,
    ONE_UNCHALLENGED,
    ONE_WITHIN_GRACE,
    ONE_LANGUAGE,
    ONE_CHANNEL,
    ONE_SECTOR,
    ONE_ORGANISATION,
    ONE_CONSENT,
    ONE_ERASED_AT,
    ONE_STANCES,
    ONE_VERSIONS,
    ONE_WITHHELD,
    ONE_PRIORITIES,
    ONE_SUPERSEDES,
    ONE_SUPERSEDED_BY
};
enum {
    REMARK_PART,
    REMARK_ORDINAL,
    REMARK_VERSION,
    REMARK_PUBLISH,
    REMARK_MODERATION,
    REMARK_ORIGINAL,
    REMARK_PUBLISHED,
    REMARK_RELEASE,
    REMARK_REASON
};

static json_t *channel_of(const struct rows *rows, int row, int column)
{
    const char *name = channel_name(row_int(rows, row, column));
    return name ? json_string(name) : json_null();
}

static json_t *moderation_of(const struct rows *rows, int row, int column)
{
    return json_string(moderation_name((enum moderation)row_int(rows, row, column)));
}

static json_t *time_of(const struct rows *rows, int row, int column)
{
    char text[RFC3339_TEXT];
    if (row_is_null(rows, row, column))
        return json_null();
    format_time(row_time(rows, row, column), text);
    return json_string(text);
}

static json_t *date_of(const struct rows *rows, int row, int column)
{
    char text[11];
    if (row_is_null(rows, row, column))
        return json_null();
    format_date(row_date(rows, row, column), text);
    return json_string(text);
}

static json_t *text_of(const struct rows *rows, int row, int column)
{
    const char *text = row_text(rows, row, column);
    return text ? json_string(text) : json_null();
}

/* {code: stance} of what was answered. */
static json_t *answers_of(const struct consultation *c, const struct rows *rows, int row,
                          int column)
{
    size_t length = 0;
    const unsigned char *stances = row_bytes(rows, row, column, &length);
    json_t *answers = json_object();
    for (size_t i = 0; stances && i < c->measure_count; i++) {
        size_t at = (size_t)c->measures[i].ordinal - 1;
        if (at < length && stances[at] != STANCE_ABSENT)
            json_object_set_new(answers, c->measures[i].code, json_integer(stances[at]));
    }
    return answers;
}

static json_t *measures_of(const struct consultation *c, const struct rows *rows, int row,
                           int column)
{
    uint64_t mask = (uint64_t)row_int(rows, row, column);
    json_t *list = json_array();
    for (size_t i = 0; i < c->measure_count; i++)
        if (mask >> (c->measures[i].ordinal - 1) & 1)
            json_array_append_new(list, json_string(c->measures[i].code));
    return list;
}

/* Names what a remark is on. */
static void subject_set(const struct consultation *c, json_t *model, int64_t part, int64_t ordinal)
{
    if (part == REMARK_MEASURE) {
        for (size_t i = 0; i < c->measure_count; i++)
            if (c->measures[i].ordinal == ordinal)
                json_object_set_new(model, "measure", json_string(c->measures[i].code));
    } else {
        for (size_t i = 0; i < c->question_count; i++)
            if (c->questions[i].ordinal == ordinal)
                json_object_set_new(model, "question", json_string(c->questions[i].code));
    }
}

/* What a list and a single submission both say; columns are given by number. */
struct base_columns {
    int number, arrived_at, day, state, kind, proven, language, channel, organisation, stances,
        priorities;
};

static json_t *base_model(const struct consultation *c, const struct rows *rows, int row,
                          const struct base_columns *of)
{
    json_t *state = json_string(row_text(rows, row, of->state));
    const char *word = json_string_value(state);
    if (word && strcmp(word, "set aside") == 0)
        json_string_set(state, "set-aside");
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:s, s:b, s:s, s:o, s:o, s:o, s:o}", "number",
        text_of(rows, row, of->number), "arrived_at", time_of(rows, row, of->arrived_at), "day",
        date_of(rows, row, of->day), "state", state, "kind",
        respondent_kind_name((enum respondent_kind)row_int(rows, row, of->kind)), "proven",
        row_bool(rows, row, of->proven), "language",
        language_tag((enum language)row_int(rows, row, of->language)), "channel",
        channel_of(rows, row, of->channel), "organisation", text_of(rows, row, of->organisation),
        "answers", answers_of(c, rows, row, of->stances), "priorities",
        measures_of(c, rows, row, of->priorities));
}

json_t *list_item_model(const struct consultation *consultation, const struct rows *rows, int row,
                        bool hits)
{
    static const struct base_columns of = {LIST_NUMBER,   LIST_ARRIVED_AT, LIST_DAY,
                                           LIST_STATE,    LIST_KIND,       LIST_PROVEN,
                                           LIST_LANGUAGE, LIST_CHANNEL,    LIST_ORGANISATION,
                                           LIST_STANCES,  LIST_PRIORITIES};
    json_t *model = base_model(consultation, rows, row, &of);
    if (hits)
        json_object_set_new(model, "hits", json_array());
    else
        json_object_set_new(model, "remarks", json_integer(row_int(rows, row, LIST_REMARKS)));
    return model;
}

json_t *list_hit_model(const struct consultation *consultation, const struct rows *rows, int row,
                       const struct search_span *spans, size_t count)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            marks, json_pack("[I, I]", (json_int_t)spans[i].from, (json_int_t)spans[i].length));
    json_t *model =
        json_pack("{s:o, s:o, s:o}", "moderation", moderation_of(rows, row, LIST_MODERATION),
                  "text", text_of(rows, row, LIST_ORIGINAL), "marks", marks);
    subject_set(consultation, model, row_int(rows, row, LIST_PART),
                row_int(rows, row, LIST_ORDINAL));
    return model;
}

static json_t *one_model(const struct consultation *c, const struct rows *rows)
{
    static const struct base_columns of = {
        ONE_NUMBER,   ONE_ARRIVED_AT, ONE_DAY,          ONE_STATE,   ONE_KIND,      ONE_PROVEN,
        ONE_LANGUAGE, ONE_CHANNEL,    ONE_ORGANISATION, ONE_STANCES, ONE_PRIORITIES};
    int64_t identity = row_int(rows, 0, ONE_IDENTITY_KIND);
    json_t *model = base_model(c, rows, 0, &of);
    json_t *more = json_pack(
        "{s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:s, s:o, s:o, s:o, s:o}", "state_reason",
        text_of(rows, 0, ONE_STATE_REASON), "state_changed_at",
        time_of(rows, 0, ONE_STATE_CHANGED_AT), "received_on", date_of(rows, 0, ONE_RECEIVED_ON),
        "identity_kind",
        identity > IDENTITY_NONE && identity < IDENTITY_KINDS
            ? json_string(identity_kind_name((enum identity_kind)identity))
            : json_null(),
        "unchallenged", row_bool(rows, 0, ONE_UNCHALLENGED), "within_grace",
        row_bool(rows, 0, ONE_WITHIN_GRACE), "sector", text_of(rows, 0, ONE_SECTOR), "publication",
        consent_name((enum consent)row_int(rows, 0, ONE_CONSENT)), "erased_at",
        time_of(rows, 0, ONE_ERASED_AT), "withheld", measures_of(c, rows, 0, ONE_WITHHELD),
        "supersedes", text_of(rows, 0, ONE_SUPERSEDES), "superseded_by",
        text_of(rows, 0, ONE_SUPERSEDED_BY));
    json_object_update(model, more);
    json_decref(more);
    return model;
}

static json_t *remarks_model(const struct consultation *c, const struct rows *rows)
{
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows); row++) {
        json_t *remark = json_pack("{s:I, s:b, s:o, s:o, s:o, s:o, s:o}", "version",
                                   (json_int_t)row_int(rows, row, REMARK_VERSION), "publish",
                                   row_bool(rows, row, REMARK_PUBLISH), "moderation",
                                   moderation_of(rows, row, REMARK_MODERATION), "text",
                                   text_of(rows, row, REMARK_ORIGINAL), "published",
                                   text_of(rows, row, REMARK_PUBLISHED), "release",
                                   row_is_null(rows, row, REMARK_RELEASE)
                                       ? json_null()
                                       : json_integer(row_int(rows, row, REMARK_RELEASE)),
                                   "reason", text_of(rows, row, REMARK_REASON));
        subject_set(c, remark, row_int(rows, row, REMARK_PART), row_int(rows, row, REMARK_ORDINAL));
        json_array_append_new(list, remark);
    }
    return list;
}

enum db_status list_one(struct db *db, const struct consultation *consultation, const char *number,
                        json_t **model)
{
    struct params params = {0};
    struct rows one = {0}, remarks = {0};
    *model = NULL;
    params_int4(&params, consultation->id);
    params_text(&params, number);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_SUBMISSION_LIST_ONE, &params, &one);
    if (status == DB_OK && rows_count(&one) == 1)
        status = db_run(db, STATEMENT_SUBMISSION_LIST_REMARKS, &params, &remarks);
    if (status == DB_OK && rows_count(&one) == 1) {
        *model = one_model(consultation, &one);
        json_object_set_new(*model, "remarks", remarks_model(consultation, &remarks));
        if (!*model)
            status = DB_FAULT;
    }
    rows_clear(&remarks);
    rows_clear(&one);
    params_clear(&params);
    return status;
}
