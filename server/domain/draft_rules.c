/* The table of a consultation document's fields; see draft_rules.h. */
#include "domain/draft_rules.h"

#include "base/parse.h"
#include "domain/window.h"

#include <math.h>
#include <string.h>

enum {
    TEXT_POINTS = 20000,
    NOTE_POINTS = 1000,
    ADDRESS_POINTS = 200,
    TELEPHONE_POINTS = 30,
    EDITOR_SCHEMA = 200
};

bool draft_integer(const json_t *value, long *out)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    if (json_is_integer(value)) {
        *out = (long)json_integer_value(value);
        return true;
    }
    double real = json_is_real(value) ? json_real_value(value) : NAN;
    if (!(fabs(real) <= exact) || floor(real) != real)
        return false;
    *out = (long)real;
    return true;
}

/* Words with no control character but LF, and nothing blank at either end. UTF-8 was checked by the
 * parser. */
static bool good_words(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || strchr(" \n", text[0]) || strchr(" \n", text[length - 1]))
        return false;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if ((*p < 0x20 && *p != '\n') || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0))
            return false;
    return true;
}

static bool good_slug(const char *text)
{
    return parse_slug(text, strlen(text)); /* the rule's `most` bounds it */
}

static bool good_code(const char *text)
{
    return parse_slug(text, SLUG_MOST);
}

static bool good_moment(const char *text)
{
    int64_t us = 0;
    return window_moment(text, &us);
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* So much of RFC 5321's addresses as departments have: a local part, and a host of two labels at
 * least. */
static bool good_address(const char *text)
{
    size_t local = strspn(text, LETTERS "._%+");
    if (local == 0 || text[local] != '@')
        return false;
    const char *label = text + local + 1;
    for (int labels = 1;; labels++) {
        size_t length = strspn(label, LETTERS);
        if (length == 0 || (label[length] && label[length] != '.'))
            return false;
        if (!label[length])
            return labels > 1;
        label += length + 1;
    }
}

/* Groups of digits, the code of the region before them: "+852 2810 3474". */
static bool good_telephone(const char *text)
{
    text += *text == '+';
    for (;; text++) {
        size_t digits = strspn(text, "0123456789");
        text += digits;
        if (digits == 0 || (*text && *text != ' '))
            return false;
        if (!*text)
            return true;
    }
}

/* A corrected text says what was corrected. */
static bool text_is_noted(const json_t *value, const char **at, enum problem_code *code)
{
    long version = 0;
    *at = "note";
    *code = PROBLEM_REQUIRED;
    return !draft_integer(json_object_get(value, "version"), &version) || version < 2 ||
           json_object_get(value, "note");
}

static bool window_is_forward(const json_t *value, const char **at, enum problem_code *code)
{
    int64_t opens_us = 0, closes_us = 0;
    const char *opens = json_string_value(json_object_get(value, "opens_at"));
    const char *closes = json_string_value(json_object_get(value, "closes_at"));
    *at = "closes_at";
    *code = PROBLEM_UNKNOWN_VALUE;
    return !opens || !closes || !window_moment(opens, &opens_us) ||
           !window_moment(closes, &closes_us) || closes_us > opens_us;
}

/* With every proof off nobody could take part. */
static bool proof_is_taken(const json_t *value, const char **at, enum problem_code *code)
{
    *at = "declared";
    *code = PROBLEM_UNKNOWN_VALUE;
    return !json_is_false(json_object_get(value, "declared")) ||
           !json_is_false(json_object_get(value, "email_code")) ||
           (json_object_get(value, "openid") && !json_is_false(json_object_get(value, "openid")));
}

#define INTEGER(field, low, high)                                                                  \
    {                                                                                              \
        .name = (field), .kind = RULE_INTEGER, .least = (low), .most = (high)                      \
    }
#define WORDS(field, points)                                                                       \
    {                                                                                              \
        .name = (field), .kind = RULE_STRING, .most = (points), .good = good_words                 \
    }
#define WORDS_LATER(field, points)                                                                 \
    {                                                                                              \
        .name = (field), .kind = RULE_STRING, .optional = true, .most = (points),                  \
        .good = good_words                                                                         \
    }
#define OBJECT(field, list)                                                                        \
    {                                                                                              \
        .name = (field), .kind = RULE_OBJECT, .members = (list)                                    \
    }
#define LIST(field, low, high, list)                                                               \
    {                                                                                              \
        .name = (field), .kind = RULE_LIST, .least = (low), .most = (high), .members = (list)      \
    }
#define TEXT(field)                                                                                \
    {                                                                                              \
        .name = (field), .kind = RULE_OBJECT, .members = text_rules, .whole = text_is_noted        \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

static const struct rule note_rules[] = {WORDS("zh-Hant", NOTE_POINTS), WORDS("en", NOTE_POINTS),
                                         WORDS("zh-Hans", NOTE_POINTS), END};

static const struct rule text_rules[] = {
    INTEGER("version", 1, 255),
    WORDS("zh-Hant", TEXT_POINTS),
    WORDS_LATER("en", TEXT_POINTS),
    WORDS_LATER("zh-Hans", TEXT_POINTS),
    {.name = "note", .kind = RULE_OBJECT, .optional = true, .members = note_rules},
    END};

static const struct rule text_rule = TEXT("");

static const struct rule email_rules[] = {
    INTEGER("version", 1, 255),
    {.name = "value", .kind = RULE_STRING, .most = ADDRESS_POINTS, .good = good_address},
    {.name = "note", .kind = RULE_OBJECT, .optional = true, .members = note_rules},
    END};

static const struct rule telephone_rules[] = {
    INTEGER("version", 1, 255),
    {.name = "value", .kind = RULE_STRING, .most = TELEPHONE_POINTS, .good = good_telephone},
    {.name = "note", .kind = RULE_OBJECT, .optional = true, .members = note_rules},
    END};

#define DETAIL(field, list)                                                                        \
    {                                                                                              \
        .name = (field), .kind = RULE_OBJECT, .optional = true, .members = (list),                 \
        .whole = text_is_noted                                                                     \
    }
static const struct rule contact_rules[] = {
    DETAIL("post", text_rules), DETAIL("address", text_rules), DETAIL("telephone", telephone_rules),
    DETAIL("email", email_rules), END};

static const struct rule term_rules[] = {TEXT("word"), TEXT("forms"), TEXT("meaning"), END};
static const struct rule term_rule = OBJECT("", term_rules);

static const struct rule measure_rules[] = {{.name = "code", .kind = RULE_CODE}, TEXT("text"), END};
static const struct rule measure_rule = OBJECT("", measure_rules);

static const struct rule direction_rules[] = {
    {.name = "code", .kind = RULE_CODE},
    TEXT("title"),
    TEXT("full_title"),
    TEXT("background"),
    LIST("measures", 1, DIRECTION_MEASURES_MOST, &measure_rule),
    END};
static const struct rule direction_rule = OBJECT("", direction_rules);

static const struct rule stance_rules[] = {TEXT("5"), TEXT("4"), TEXT("3"), TEXT("2"),
                                           TEXT("1"), TEXT("0"), END};

static const struct rule limit_rules[] = {
    INTEGER("remark_points", 1, 10000), INTEGER("question_points", 1, 20000),
    INTEGER("name_points", 1, 1000), INTEGER("priorities", 0, 3), END};

static const struct rule publication_rules[] = {
    INTEGER("release_interval_s", 1, 86400),
    INTEGER("release_threshold", 1, 1000),
    INTEGER("blackout_s", 0, 604800),
    INTEGER("cell_minimum", 1, 1000),
    INTEGER("percentage_base", 1, 10000),
    {.name = "after_close", .kind = RULE_BOOLEAN, .optional = true},
    END};

static const struct rule identity_rules[] = {{.name = "email", .kind = RULE_BOOLEAN},
                                             {.name = "mobile", .kind = RULE_BOOLEAN},
                                             {.name = "hkid", .kind = RULE_BOOLEAN},
                                             END};

static const struct rule proof_rules[] = {
    {.name = "declared", .kind = RULE_BOOLEAN},
    {.name = "email_code", .kind = RULE_BOOLEAN},
    {.name = "openid", .kind = RULE_BOOLEAN, .optional = true},
    END};

static const struct rule setting_rules[] = {OBJECT("identity", identity_rules),
                                            {.name = "proof",
                                             .kind = RULE_OBJECT,
                                             .optional = true,
                                             .members = proof_rules,
                                             .whole = proof_is_taken},
                                            INTEGER("grace_s", 0, 86400),
                                            INTEGER("entry_days", 0, 365),
                                            OBJECT("publication", publication_rules),
                                            END};

static const struct rule rehearsal_rules[] = {INTEGER("opens_days_back", 0, 365),
                                              OBJECT("publication", publication_rules), END};

static const struct rule window_rules[] = {
    {.name = "opens_at", .kind = RULE_STRING, .most = 25, .good = good_moment},
    {.name = "closes_at", .kind = RULE_STRING, .most = 25, .good = good_moment},
    END};

static const struct rule document_rules[] = {
    {.name = "$schema", .kind = RULE_STRING, .optional = true, .most = EDITOR_SCHEMA},
    {.name = "slug", .kind = RULE_STRING, .most = DRAFT_SLUG_MOST, .good = good_slug},
    TEXT("title"),
    TEXT("summary"),
    TEXT("introduction"),
    TEXT("contact"),
    {.name = "contact_details", .kind = RULE_OBJECT, .optional = true, .members = contact_rules},
    {.name = "window",
     .kind = RULE_OBJECT,
     .nullable = true,
     .members = window_rules,
     .whole = window_is_forward},
    LIST("directions", 1, DIRECTIONS_MOST, &direction_rule),
    LIST("questions", 0, DRAFT_QUESTIONS_MOST, &measure_rule),
    OBJECT("stances", stance_rules),
    {.name = "sectors",
     .kind = RULE_MAP,
     .least = 1,
     .most = SECTORS_MOST,
     .good = good_code,
     .members = &text_rule},
    {.name = "glossary",
     .kind = RULE_MAP,
     .optional = true,
     .least = 1,
     .most = TERMS_MOST,
     .good = good_code,
     .members = &term_rule},
    OBJECT("limits", limit_rules),
    OBJECT("settings", setting_rules),
    {.name = "rehearsal", .kind = RULE_OBJECT, .optional = true, .members = rehearsal_rules},
    END};

const struct rule draft_rule = OBJECT("", document_rules);
