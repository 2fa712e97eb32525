/* A browser's form as the API's submission; see form_input.h. */
#include "resources/form_input.h"

#include "base/parse.h"

#include <sodium.h>
#include <stdbool.h>
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

/* The object below `parent`, made if it is missing; NULL if something else stands there. Borrowed.
 */
static json_t *object_below(json_t *parent, const char *name)
{
    json_t *object = json_object_get(parent, name);
    if (!object) {
        json_object_set_new(parent, name, json_object());
        object = json_object_get(parent, name);
    }
    return json_is_object(object) ? object : NULL;
}

/* Numbers are sent as text; what is none stays text, and is refused as such. */
static json_t *number_of(const char *value)
{
    int64_t number = 0;
    return parse_integer(value, INT32_MIN, INT32_MAX, &number) ? json_integer(number)
                                                               : json_string(value);
}

static void said_put(json_t *said, const char *name, const char *value)
{
    if (strcmp(name, "stance") == 0 || strcmp(name, "version") == 0)
        json_object_set_new(said, name, number_of(value));
    else if (strcmp(name, "withhold") == 0)
        json_object_set_new(said, "publish", json_false());
    else
        json_object_set_new(said, name, json_string(value));
}

static void priority_put(json_t *input, const char *code)
{
    json_t *list = json_object_get(input, "priorities");
    if (!list) {
        json_object_set_new(input, "priorities", json_array());
        list = json_object_get(input, "priorities");
    }
    json_array_append_new(list, json_string(code));
}

static void field_put(json_t *input, const struct field *field)
{
    struct pointer at;
    if (!pointer_read(field->name, &at)) {
        json_object_set_new(input, field->name, json_string(field->value));
        return;
    }
    bool says = strcmp(at.token[0], "answers") == 0 || strcmp(at.token[0], "views") == 0;
    if (at.count == 1) {
        json_object_set_new(input, at.token[0], json_string(field->value));
    } else if (at.count == 2 && strcmp(at.token[0], "priorities") == 0) {
        priority_put(input, at.token[1]);
    } else {
        json_t *object = object_below(input, at.token[0]);
        if (at.count == 3)
            object = object_below(object, at.token[1]);
        if (at.count == 3 && says)
            said_put(object, at.token[2], field->value);
        else
            json_object_set_new(object, at.token[at.count - 1], json_string(field->value));
    }
}

/* Members that say nothing: only a version, and a box to withhold it. */
static void silent_drop(json_t *input, const char *name, const char *const *words)
{
    json_t *members = json_object_get(input, name), *said;
    const char *code;
    void *next;
    json_object_foreach_safe(members, next, code, said)
    {
        if (!json_object_get(said, words[0]) && !json_object_get(said, words[1]) &&
            json_is_object(said))
            json_object_del(members, code);
    }
    if (json_is_object(members) && json_object_size(members) == 0)
        json_object_del(input, name);
}

json_t *form_input(const struct form *form, enum language language)
{
    static const char *const answer_words[] = {"stance", "remark"}, *const view_words[] = {"text",
                                                                                           "text"};
    json_t *input = json_object();
    for (size_t i = 0; input && i < form->count; i++) {
        const struct field *field = &form->fields[i];
        bool blank = field->value[strspn(field->value, " \t\r\n")] == '\0';
        if (!blank && strcmp(field->name, "/submission_key") != 0 && *field->name)
            field_put(input, field);
    }
    silent_drop(input, "answers", answer_words);
    silent_drop(input, "views", view_words);
    json_object_set_new(input, "language", json_string(language_tag(language)));
    return input;
}

void form_forget(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            sodium_memzero((void *)(uintptr_t)form->fields[i].value, strlen(form->fields[i].value));
}
