/* Walks a document along the table of fields; see draft.h. */
#include "domain/draft_rules.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LISTS_MOST = 2 };

struct walk {
    const struct draft_report *report;
    struct buf path; /* JSON Pointer of what is being looked at */
    size_t faults;
    size_t places[LISTS_MOST]; /* from 0, in the lists around it */
    size_t lists;
};

static void walk_fault(struct walk *walk, enum problem_code code, long limit)
{
    walk->faults++;
    if (walk->report)
        walk->report->fault(walk->report->context, walk->path.length ? walk->path.data : "", code,
                            limit);
}

/* RFC 6901 §3: ~ and / are written ~0 and ~1. Gives what walk_up takes. */
static size_t walk_down(struct walk *walk, const char *name)
{
    size_t back = walk->path.length;
    buf_byte(&walk->path, '/');
    for (; *name; name++) {
        if (*name == '~' || *name == '/')
            buf_text(&walk->path, *name == '~' ? "~0" : "~1");
        else
            buf_byte(&walk->path, *name);
    }
    return back;
}

static void walk_up(struct walk *walk, size_t back)
{
    if (buf_ok(&walk->path)) {
        walk->path.length = back;
        walk->path.data[back] = '\0';
    }
}

static void walk_value(struct walk *walk, const struct rule *rule, const json_t *value);

static void walk_member(struct walk *walk, const struct rule *rule, const json_t *value)
{
    size_t back = walk_down(walk, rule->name);
    if (value)
        walk_value(walk, rule, value);
    else if (!rule->optional)
        walk_fault(walk, PROBLEM_REQUIRED, 0);
    walk_up(walk, back);
}

static const struct rule *rule_of(const struct rule *members, const char *name)
{
    for (; members->name; members++)
        if (strcmp(members->name, name) == 0)
            return members;
    return NULL;
}

/* jansson's iterators want an object they may change. */
static json_t *changeable(const json_t *value)
{
    return (json_t *)value; /* NOLINT(cppcoreguidelines-pro-type-const-cast) */
}

static void walk_object(struct walk *walk, const struct rule *rule, const json_t *value)
{
    const char *name = NULL;
    json_t *member = NULL;
    for (const struct rule *each = rule->members; each->name; each++)
        walk_member(walk, each, json_object_get(value, each->name));
    json_object_foreach(changeable(value), name, member)
    {
        if (rule_of(rule->members, name))
            continue;
        size_t back = walk_down(walk, name);
        walk_fault(walk, PROBLEM_UNKNOWN_FIELD, 0);
        walk_up(walk, back);
    }
    const char *at = NULL;
    enum problem_code code = PROBLEM_NONE;
    if (rule->whole && !rule->whole(value, &at, &code)) {
        size_t back = walk_down(walk, at);
        walk_fault(walk, code, 0);
        walk_up(walk, back);
    }
}

static void walk_size(struct walk *walk, const struct rule *rule, size_t size)
{
    if (size < (size_t)rule->least)
        walk_fault(walk, PROBLEM_REQUIRED, rule->least);
    if (size > (size_t)rule->most)
        walk_fault(walk, PROBLEM_TOO_MANY, rule->most);
}

static void walk_list(struct walk *walk, const struct rule *rule, const json_t *value)
{
    size_t place = 0;
    const json_t *item = NULL;
    walk_size(walk, rule, json_array_size(value));
    json_array_foreach(value, place, item)
    {
        char name[24];
        snprintf(name, sizeof name, "%zu", place);
        size_t back = walk_down(walk, name);
        walk->places[walk->lists++] = place;
        walk_value(walk, rule->members, item);
        walk->lists--;
        walk_up(walk, back);
    }
}

static void walk_map(struct walk *walk, const struct rule *rule, const json_t *value)
{
    const char *name = NULL;
    json_t *member = NULL;
    walk_size(walk, rule, json_object_size(value));
    json_object_foreach(changeable(value), name, member)
    {
        size_t back = walk_down(walk, name);
        if (!rule->good(name))
            walk_fault(walk, PROBLEM_UNKNOWN_VALUE, 0);
        walk_value(walk, rule->members, member);
        walk_up(walk, back);
    }
}

static void walk_integer(struct walk *walk, const struct rule *rule, const json_t *value)
{
    long number = 0;
    if (!draft_integer(value, &number))
        walk_fault(walk, PROBLEM_WRONG_TYPE, 0);
    else if (number < rule->least)
        walk_fault(walk, PROBLEM_UNKNOWN_VALUE, rule->least);
    else if (number > rule->most)
        walk_fault(walk, PROBLEM_UNKNOWN_VALUE, rule->most);
}

static void walk_string(struct walk *walk, const struct rule *rule, const json_t *value)
{
    const char *text = json_string_value(value);
    if (text_points(text) > (size_t)rule->most)
        walk_fault(walk, PROBLEM_TOO_LONG, rule->most);
    if (rule->good && !rule->good(text))
        walk_fault(walk, PROBLEM_BAD_TEXT, 0);
}

static void walk_code(struct walk *walk, const json_t *value)
{
    char code[CODE_TEXT];
    if (walk->lists == 1)
        draft_direction_code(walk->places[0], code);
    else
        draft_measure_code(walk->places[0], walk->places[1], code);
    if (strcmp(json_string_value(value), code) != 0)
        walk_fault(walk, PROBLEM_UNKNOWN_VALUE, 0);
}

static bool type_fits(enum rule_kind kind, const json_t *value)
{
    switch (kind) {
    case RULE_BOOLEAN:
        return json_is_boolean(value);
    case RULE_INTEGER:
        return json_is_number(value);
    case RULE_STRING:
    case RULE_CODE:
        return json_is_string(value);
    case RULE_OBJECT:
    case RULE_MAP:
        return json_is_object(value);
    case RULE_LIST:
        return json_is_array(value);
    }
    return false;
}

static void walk_value(struct walk *walk, const struct rule *rule, const json_t *value)
{
    if (rule->nullable && json_is_null(value))
        return;
    if (!type_fits(rule->kind, value)) {
        walk_fault(walk, PROBLEM_WRONG_TYPE, 0);
        return;
    }
    switch (rule->kind) {
    case RULE_BOOLEAN:
        break;
    case RULE_INTEGER:
        walk_integer(walk, rule, value);
        break;
    case RULE_STRING:
        walk_string(walk, rule, value);
        break;
    case RULE_CODE:
        walk_code(walk, value);
        break;
    case RULE_OBJECT:
        walk_object(walk, rule, value);
        break;
    case RULE_LIST:
        walk_list(walk, rule, value);
        break;
    case RULE_MAP:
        walk_map(walk, rule, value);
        break;
    }
}

json_t *draft_parse(const char *bytes, size_t length, const struct draft_report *report)
{
    struct walk walk = {.report = report};
    json_t *document =
        length <= DRAFT_BYTES_MOST ? json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!document)
        walk_fault(&walk, PROBLEM_MALFORMED, 0);
    return document;
}

bool draft_check(const json_t *document, const struct draft_report *report)
{
    struct walk walk = {.report = report};
    walk_value(&walk, &draft_rule, document);
    bool good = walk.faults == 0 && buf_ok(&walk.path);
    buf_clear(&walk.path);
    return good;
}
