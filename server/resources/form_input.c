/* A browser's form as the API's submission; see form_input.h. */
#include "resources/form_input.h"

#include "base/parse.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { TOKENS_MOST = 3, TOKEN_TEXT = 64 };

/* "/answers/1-3/stance" in its parts. */
struct pointer {
    size_t count;
    char token[TOKENS_MOST][TOKEN_TEXT];
};

static bool pointer_read(const char *name, struct pointer *out)
{
    out->count = 0;
    while (*name == '/' && out->count < TOKENS_MOST) {
        size_t length = strcspn(++name, "/~");
        if (length == 0 || length >= TOKEN_TEXT || name[length] == '~')
            return false;
        memcpy(out->token[out->count], name, length);
        out->token[out->count++][length] = '\0';
        name += length;
    }
    return *name == '\0' && out->count > 0;
}

static bool listed(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

/* A box withholds what the API's `publish` lets out. */
static const char *member_of(const char *field)
{
    return strcmp(field, "withhold") == 0 ? "publish" : field;
}

/* Numbers are sent as text; what is none stays text, and is refused as such. */
static json_t *value_of(const char *field, const char *value)
{
    int64_t number = 0;
    if (strcmp(field, "withhold") == 0)
        return json_false();
    if ((strcmp(field, "stance") == 0 || strcmp(field, "version") == 0) &&
        parse_integer(value, INT32_MIN, INT32_MAX, &number))
        return json_integer(number);
    return json_string(value);
}

static bool is_blank(const char *value)
{
    return value[strspn(value, " \t\r\n")] == '\0';
}

static void member_put(json_t *object, const char *field, const char *value)
{
    if (is_blank(value))
        json_object_del(object, member_of(field));
    else
        json_object_set_new(object, member_of(field), value_of(field, value));
}

/* The object below `parent`, made if it is missing. Borrowed; NULL: no memory. */
static json_t *object_below(json_t *parent, const char *name)
{
    json_t *object = json_object_get(parent, name);
    if (!json_is_object(object)) {
        json_object_set_new(parent, name, json_object());
        object = json_object_get(parent, name);
    }
    return object;
}

static void priority_put(json_t *answers, const char *code)
{
    json_t *list = json_object_get(answers, "priorities"), *each;
    size_t at;
    if (!json_is_array(list)) {
        json_object_set_new(answers, "priorities", json_array());
        list = json_object_get(answers, "priorities");
    }
    json_array_foreach(list, at, each) if (strcmp(json_string_value(each), code) == 0) return;
    json_array_append_new(list, json_string(code));
}

/* False: no field of any step. */
static bool field_put(const struct consultation *consultation, json_t *answers,
                      const struct field *field)
{
    static const char *const whole[] = {"kind", "organisation", "sector", "publication", NULL};
    static const char *const of_answer[] = {"stance", "remark", "version", "withhold", NULL};
    static const char *const of_view[] = {"text", "version", "withhold", NULL};
    struct pointer at;
    if (!pointer_read(field->name, &at))
        return false;
    const char *first = at.token[0], *code = at.token[1], *last = at.token[2];
    if (at.count == 1 && listed(first, whole)) {
        member_put(answers, first, field->value);
        return true;
    }
    bool priority = at.count == 2 && strcmp(first, "priorities") == 0;
    bool answer = at.count == 3 && strcmp(first, "answers") == 0 && listed(last, of_answer);
    bool view = at.count == 3 && strcmp(first, "views") == 0 && listed(last, of_view);
    if ((priority || answer) && !consultation_measure(consultation, code))
        return false;
    if (view && !consultation_question(consultation, code))
        return false;
    if (priority && !is_blank(field->value))
        priority_put(answers, code);
    if (answer || view)
        member_put(object_below(object_below(answers, first), code), last, field->value);
    return priority || answer || view;
}

/* Members that say nothing: only a version, and a box to withhold it. */
static void silent_drop(json_t *answers, const char *name, const char *const *words)
{
    json_t *members = json_object_get(answers, name), *said;
    const char *code;
    void *next;
    json_object_foreach_safe(members, next, code, said)
    {
        if (!json_object_get(said, words[0]) && !json_object_get(said, words[1]))
            json_object_del(members, code);
    }
    if (json_is_object(members) && json_object_size(members) == 0)
        json_object_del(answers, name);
}

const char *const form_carried[] = {"/state",
                                    "/step",
                                    "/go",
                                    "/way",
                                    "/from",
                                    "/personal/",
                                    "/identity/kind",
                                    "/identity/value",
                                    "/leave_empty",
                                    "/proof_of_work",
                                    "/proof/challenge",
                                    "/proof/code",
                                    "/send_number",
                                    NULL};

static bool field_is_carried(const char *name, const char *const *carried)
{
    for (; *carried; carried++) {
        size_t length = strlen(*carried);
        bool begins = (*carried)[length - 1] == '/';
        if (strncmp(name, *carried, length) == 0 && (begins || !name[length]))
            return true;
    }
    return false;
}

void form_take(const struct form *form, const struct consultation *consultation,
               const char *const *carried, json_t *answers, struct faults *faults)
{
    static const char *const answer_words[] = {"stance", "remark"};
    static const char *const view_words[] = {"text", "text"};
    for (size_t i = 0; i < form->count; i++) {
        const struct field *field = &form->fields[i];
        if (!field_is_carried(field->name, carried) && !field_put(consultation, answers, field))
            faults_add(faults, PROBLEM_UNKNOWN_FIELD, 0, "%s", "");
    }
    silent_drop(answers, "answers", answer_words);
    silent_drop(answers, "views", view_words);
}

void form_forget_field(json_t *answers, const char *pattern)
{
    struct pointer at;
    if (!pointer_read(pattern, &at))
        return;
    json_t *members = json_object_get(answers, at.token[0]), *said;
    const char *code;
    if (at.count < TOKENS_MOST) {
        json_object_del(answers, at.token[0]);
        return;
    }
    json_object_foreach(members, code, said)
    {
        if (strcmp(at.token[1], "*") == 0 || strcmp(at.token[1], code) == 0)
            json_object_del(said, member_of(at.token[2]));
    }
}

bool form_pointer_matches(const char *pattern, const char *pointer)
{
    struct pointer of_pattern, of_pointer;
    if (!pointer_read(pattern, &of_pattern) || !pointer_read(pointer, &of_pointer) ||
        of_pointer.count < of_pattern.count)
        return false;
    for (size_t i = 0; i < of_pattern.count; i++)
        if (strcmp(of_pattern.token[i], "*") != 0 &&
            strcmp(member_of(of_pattern.token[i]), member_of(of_pointer.token[i])) != 0)
            return false;
    return true;
}

static bool array_has(const json_t *list, const char *code)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), code) == 0)
            return true;
    return false;
}

const char *form_shown(const json_t *answers, const char *name, char number[FORM_NUMBER])
{
    struct pointer at;
    if (!pointer_read(name, &at))
        return "";
    const json_t *value = json_object_get(answers, at.token[0]);
    if (at.count == 2)
        return array_has(value, at.token[1]) ? "1" : "";
    if (at.count == 3)
        value = json_object_get(json_object_get(value, at.token[1]), member_of(at.token[2]));
    if (json_is_integer(value)) {
        snprintf(number, FORM_NUMBER, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return number;
    }
    if (json_is_false(value))
        return "1";
    return json_is_string(value) ? json_string_value(value) : "";
}

void form_forget(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            sodium_memzero((void *)(uintptr_t)form->fields[i].value, strlen(form->fields[i].value));
}
