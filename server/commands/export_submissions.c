/* export submissions: what each one says, and what became of it. No hash, no key, no code, no
 * identity; see export.h. */
#include "commands/export.h"

#include "domain/submission.h"

#include <string.h>

/* Of the statement export_submissions. */
enum {
    COLUMN_NUMBER,
    COLUMN_STATE,
    COLUMN_STATE_REASON,
    COLUMN_STATE_CHANGED_AT,
    COLUMN_ARRIVED_AT,
    COLUMN_DAY,
    COLUMN_RECEIVED_ON,
    COLUMN_KIND,
    COLUMN_IDENTITY_KIND,
    COLUMN_PROVEN,
    COLUMN_UNCHALLENGED,
    COLUMN_WITHIN_GRACE,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_SECTOR,
    COLUMN_ORGANISATION,
    COLUMN_CONSENT,
    COLUMN_SUPERSEDES,
    COLUMN_ERASED_AT,
    COLUMN_STANCES,
    COLUMN_VERSIONS,
    COLUMN_WITHHELD,
    COLUMN_PRIORITIES,
    COLUMN_REMARKS
};

static void columns(const struct export *export, json_t *names)
{
    static const char *const of_all[] = {
        "number",       "state",        "state_reason", "state_changed_at", "arrived_at",
        "day",          "received_on",  "kind",         "identity_kind",    "proven",
        "unchallenged", "within_grace", "language",     "channel",          "sector",
        "organisation", "publication",  "supersedes",   "erased_at",        "priorities",
    };
    static const char *const of_answer[] = {"stance", "version", "publish", "remark"};
    static const char *const of_view[] = {"version", "publish", "text"};
    for (size_t i = 0; i < sizeof of_all / sizeof *of_all; i++)
        json_array_append_new(names, json_string(of_all[i]));
    for (size_t m = 0; m < export->measure_count; m++)
        for (size_t i = 0; i < sizeof of_answer / sizeof *of_answer; i++)
            json_array_append_new(
                names, json_sprintf("answers/%s/%s", export->measures[m].code, of_answer[i]));
    for (size_t q = 0; q < export->question_count; q++)
        for (size_t i = 0; i < sizeof of_view / sizeof *of_view; i++)
            json_array_append_new(
                names, json_sprintf("views/%s/%s", export->questions[q].code, of_view[i]));
}

static const char *code_of(const struct export_code *codes, size_t count, int ordinal)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i].ordinal == ordinal)
            return codes[i].code;
    return NULL;
}

static bool bit(uint64_t mask, int ordinal)
{
    return (mask >> (ordinal - 1) & 1) != 0;
}

/* The object of one measure or question within `list`, made at its first mention. Borrowed. */
static json_t *part(json_t *list, const char *code)
{
    json_t *object = json_object_get(list, code);
    if (object)
        return object;
    json_object_set_new(list, code, json_object());
    return json_object_get(list, code);
}

/* Consent as it binds: of the submission, narrowed for this answer. */
static json_t *stances(const struct export *export, const struct rows *rows)
{
    size_t count = 0, version_count = 0;
    json_t *answers = json_object();
    const unsigned char *stance = row_bytes(rows, 0, COLUMN_STANCES, &count);
    const unsigned char *version = row_bytes(rows, 0, COLUMN_VERSIONS, &version_count);
    uint64_t withheld = (uint64_t)row_int(rows, 0, COLUMN_WITHHELD);
    bool consents = row_int(rows, 0, COLUMN_CONSENT) != CONSENT_NONE;
    for (size_t m = 0; m < export->measure_count; m++) {
        int ordinal = export->measures[m].ordinal;
        size_t at = (size_t)ordinal - 1;
        if (at >= count || at >= version_count || stance[at] == STANCE_ABSENT)
            continue;
        json_t *answer = part(answers, export->measures[m].code);
        json_object_set_new(answer, "stance", json_integer(stance[at]));
        json_object_set_new(answer, "version", json_integer(version[at]));
        json_object_set_new(answer, "publish", json_boolean(consents && !bit(withheld, ordinal)));
    }
    return answers;
}

/* One of the statement's list: part, ordinal, publish, version, text. */
static void remark_add(const struct export *export, const json_t *remark, json_t *answers,
                       json_t *views)
{
    int kind = (int)json_integer_value(json_array_get(remark, 0));
    int ordinal = (int)json_integer_value(json_array_get(remark, 1));
    bool of_measure = kind == REMARK_MEASURE;
    const char *code = of_measure ? code_of(export->measures, export->measure_count, ordinal)
                                  : code_of(export->questions, export->question_count, ordinal);
    if (!code)
        return;
    json_t *object = part(of_measure ? answers : views, code);
    json_object_set(object, "publish", json_array_get(remark, 2));
    json_object_set(object, "version", json_array_get(remark, 3));
    json_object_set(object, of_measure ? "remark" : "text", json_array_get(remark, 4));
}

static json_t *priorities(const struct export *export, uint64_t mask)
{
    json_t *list = json_array();
    for (size_t m = 0; m < export->measure_count; m++)
        if (bit(mask, export->measures[m].ordinal))
            json_array_append_new(list, json_string(export->measures[m].code));
    return list;
}

static json_t *respondent(const struct rows *rows)
{
    int64_t identity = row_int(rows, 0, COLUMN_IDENTITY_KIND);
    return json_pack("{s:s, s:o, s:b, s:b, s:b, s:s, s:s, s:o, s:o, s:s}", "kind",
                     export_kind_word(row_int(rows, 0, COLUMN_KIND)), "identity_kind",
                     identity > IDENTITY_NONE && identity < IDENTITY_KINDS
                         ? json_string(identity_kind_name((enum identity_kind)identity))
                         : json_null(),
                     "proven", row_bool(rows, 0, COLUMN_PROVEN), "unchallenged",
                     row_bool(rows, 0, COLUMN_UNCHALLENGED), "within_grace",
                     row_bool(rows, 0, COLUMN_WITHIN_GRACE), "language",
                     export_language_word(row_int(rows, 0, COLUMN_LANGUAGE)), "channel",
                     export_channel_word(row_int(rows, 0, COLUMN_CHANNEL)), "sector",
                     export_text(rows, COLUMN_SECTOR), "organisation",
                     export_text(rows, COLUMN_ORGANISATION), "publication",
                     consent_name((enum consent)row_int(rows, 0, COLUMN_CONSENT)));
}

static json_t *record(const struct export *export, const struct rows *rows)
{
    json_t *out = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number", export_text(rows, COLUMN_NUMBER), "state",
        export_text(rows, COLUMN_STATE), "state_reason", export_text(rows, COLUMN_STATE_REASON),
        "state_changed_at", export_time(rows, COLUMN_STATE_CHANGED_AT), "arrived_at",
        export_time(rows, COLUMN_ARRIVED_AT), "day", export_date(rows, COLUMN_DAY), "received_on",
        export_date(rows, COLUMN_RECEIVED_ON));
    json_t *more = respondent(rows);
    json_t *answers = stances(export, rows), *views = json_object();
    const char *text = row_text(rows, 0, COLUMN_REMARKS);
    json_t *remarks = text ? json_loads(text, 0, NULL) : NULL, *remark;
    size_t i;
    json_array_foreach(remarks, i, remark) remark_add(export, remark, answers, views);
    bool ok =
        out && more && (remarks || !text) && !json_object_update(out, more) &&
        !json_object_set_new(out, "supersedes", export_text(rows, COLUMN_SUPERSEDES)) &&
        !json_object_set_new(out, "erased_at", export_time(rows, COLUMN_ERASED_AT)) &&
        !json_object_set_new(out, "priorities",
                             priorities(export, (uint64_t)row_int(rows, 0, COLUMN_PRIORITIES))) &&
        !json_object_set(out, "answers", answers) && !json_object_set(out, "views", views);
    json_decref(remarks);
    json_decref(views);
    json_decref(answers);
    json_decref(more);
    if (ok)
        return out;
    json_decref(out);
    return NULL;
}

const struct export_kind export_submissions = {"submissions", STATEMENT_EXPORT_SUBMISSIONS, columns,
                                               record};
