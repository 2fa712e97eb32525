/* Which submissions are meant; see filter.h. */
#include "domain/filter.h"

#include "base/parse.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[FILTER_FIELDS] = {
    [FILTER_MEASURE] = "measure", [FILTER_STANCE] = "stance",         [FILTER_KIND] = "kind",
    [FILTER_STATE] = "state",     [FILTER_LANGUAGE] = "language",     [FILTER_FROM] = "from",
    [FILTER_TO] = "to",           [FILTER_MODERATION] = "moderation", [FILTER_TEXT] = "text",
};

/* As in addresses, and as the database writes them. */
static const struct {
    const char *word, *state;
} states[] = {{"counted", "counted"},
              {"held", "held"},
              {"superseded", "superseded"},
              {"withdrawn", "withdrawn"},
              {"set-aside", "set aside"}};

enum { STATES = sizeof states / sizeof *states };

/* 1-3, as schema/migrations has it. */
static bool set_measure(struct submission_filter *filter, const char *value)
{
    size_t length = strlen(value), digits = strspn(value, "0123456789");
    bool ok = length < sizeof filter->measure && digits > 0 && value[digits] == '-' &&
              digits + 1 + strspn(value + digits + 1, "0123456789") == length &&
              digits + 1 < length;
    if (ok)
        memcpy(filter->measure, value, length + 1);
    return ok;
}

static bool set_stance(struct submission_filter *filter, const char *value)
{
    int64_t stance = 0;
    bool ok = parse_integer(value, STANCE_NO_OPINION, STANCE_LAST, &stance);
    filter->stance = (int)stance;
    return ok;
}

static bool set_kind(struct submission_filter *filter, const char *value)
{
    for (int kind = KIND_INDIVIDUAL; kind <= KIND_ORGANISATION; kind++)
        if (strcmp(value, respondent_kind_name((enum respondent_kind)kind)) == 0) {
            filter->kind = (enum respondent_kind)kind;
            return true;
        }
    return false;
}

static bool set_state(struct submission_filter *filter, const char *value)
{
    for (size_t i = 0; i < STATES; i++)
        if (strcmp(value, states[i].word) == 0) {
            filter->state = states[i].state;
            return true;
        }
    return false;
}

static bool set_language(struct submission_filter *filter, const char *value)
{
    filter->language = language_find(value);
    return filter->language != LANGUAGES;
}

static bool set_moderation(struct submission_filter *filter, const char *value)
{
    enum moderation moderation = moderation_find(value);
    if (moderation == MODERATIONS)
        return false;
    filter->moderation = moderation;
    return true;
}

static enum problem_code set_text(struct submission_filter *filter, const char *value)
{
    char *text = NULL;
    if (!text_normalise(value, strlen(value), &text))
        return PROBLEM_BAD_TEXT;
    bool fits = text_points(text) <= FILTER_POINTS;
    if (fits)
        snprintf(filter->text, sizeof filter->text, "%s", text);
    free(text);
    return fits ? PROBLEM_NONE : PROBLEM_TOO_LONG;
}

static enum problem_code set_field(struct submission_filter *filter, enum filter_field field,
                                   const char *value)
{
    bool ok = false;
    switch (field) {
    case FILTER_MEASURE:
        ok = set_measure(filter, value);
        break;
    case FILTER_STANCE:
        ok = set_stance(filter, value);
        break;
    case FILTER_KIND:
        ok = set_kind(filter, value);
        break;
    case FILTER_STATE:
        ok = set_state(filter, value);
        break;
    case FILTER_LANGUAGE:
        ok = set_language(filter, value);
        break;
    case FILTER_FROM:
        ok = parse_date(value, &filter->from);
        break;
    case FILTER_TO:
        ok = parse_date(value, &filter->to);
        break;
    case FILTER_MODERATION:
        ok = set_moderation(filter, value);
        break;
    case FILTER_TEXT:
        return set_text(filter, value);
    case FILTER_FIELDS:
        break;
    }
    return ok ? PROBLEM_NONE : PROBLEM_UNKNOWN_VALUE;
}

enum problem_code submission_filter_set(struct submission_filter *filter, const char *name,
                                        const char *value)
{
    unsigned field = 0;
    while (field < FILTER_FIELDS && strcmp(name, names[field]) != 0)
        field++;
    if (field == FILTER_FIELDS)
        return PROBLEM_UNKNOWN_FIELD;
    if (!*value)
        return PROBLEM_NONE;
    if (filter->set & 1u << field)
        return PROBLEM_DUPLICATE;
    enum problem_code problem = set_field(filter, (enum filter_field)field, value);
    if (problem == PROBLEM_NONE)
        filter->set |= 1u << field;
    return problem;
}

const char *submission_filter_name(enum filter_field field)
{
    return names[field];
}

static const char *state_word(const char *state)
{
    for (size_t i = 0; i < STATES; i++)
        if (strcmp(state, states[i].state) == 0)
            return states[i].word;
    return NULL;
}

const char *submission_filter_value(const struct submission_filter *filter, enum filter_field field,
                                    char scratch[FILTER_TEXT_BYTES + 1])
{
    if (!(filter->set & 1u << field))
        return NULL;
    switch (field) {
    case FILTER_MEASURE:
        return filter->measure;
    case FILTER_STANCE:
        snprintf(scratch, FILTER_TEXT_BYTES, "%d", filter->stance);
        return scratch;
    case FILTER_KIND:
        return respondent_kind_name(filter->kind);
    case FILTER_STATE:
        return state_word(filter->state);
    case FILTER_LANGUAGE:
        return language_tag(filter->language);
    case FILTER_FROM:
    case FILTER_TO:
        format_date(field == FILTER_FROM ? filter->from : filter->to, scratch);
        return scratch;
    case FILTER_MODERATION:
        return moderation_name(filter->moderation);
    case FILTER_TEXT:
        return filter->text;
    case FILTER_FIELDS:
        break;
    }
    return NULL;
}
