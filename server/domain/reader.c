/* Walking a document by tables of fields; see reader.h. */
#include "domain/reader.h"

#include "base/text.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_NAME = 40 };

void reader_fault(struct reader *reader, enum problem_code code, long limit, const char *name)
{
    reader->faulty++;
    faults_add(reader->faults, code, limit, "%s%s%s", reader->place, *name ? "/" : "", name);
}

/* A name that we did not choose is repeated only if it can stand in a pointer as it is. */
static bool name_is_plain(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= FIELD_NAME &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               length;
}

void reader_fault_unknown(struct reader *reader, const char *name)
{
    reader_fault(reader, PROBLEM_UNKNOWN_FIELD, 0, name_is_plain(name) ? name : "");
}

void reader_object(struct reader *reader, json_t *object, const struct field *fields, size_t count)
{
    const char *name;
    json_t *value;
    for (size_t i = 0; i < count; i++) {
        value = json_object_get(object, fields[i].name);
        size_t before = reader->faulty;
        if (value)
            fields[i].read(reader, fields[i].name, value);
        else if (fields[i].required)
            reader_fault(reader, PROBLEM_REQUIRED, 0, fields[i].name);
        if (fields[i].says && reader->faulty != before)
            reader->tried = true;
    }
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (i < count && strcmp(fields[i].name, name) != 0)
            i++;
        if (i == count)
            reader_fault_unknown(reader, name);
    }
}

size_t reader_enter(struct reader *reader, const char *name)
{
    size_t back = strlen(reader->place);
    snprintf(reader->place + back, sizeof reader->place - back, "/%s", name);
    return back;
}

void reader_leave(struct reader *reader, size_t back)
{
    reader->place[back] = '\0';
}

void reader_wipe(struct reader *reader)
{
    if (!reader->faulty && reader->identity_value)
        sodium_memzero((void *)(uintptr_t)json_string_value(reader->identity_value),
                       json_string_length(reader->identity_value));
}

const char *reader_string(struct reader *reader, const char *name, json_t *value)
{
    if (!json_is_string(value))
        reader_fault(reader, PROBLEM_WRONG_TYPE, 0, name);
    return json_string_value(value);
}

int reader_word(struct reader *reader, const char *name, json_t *value, const char *const *words,
                size_t count)
{
    const char *word = reader_string(reader, name, value);
    if (!word)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (words[i] && strcmp(words[i], word) == 0)
            return (int)i;
    reader_fault(reader, PROBLEM_UNKNOWN_VALUE, 0, name);
    return -1;
}

char *reader_text(struct reader *reader, const char *name, json_t *value, int limit)
{
    char *text = NULL;
    size_t length = 0;
    if (!reader_string(reader, name, value))
        return NULL;
    if (!text_normalise(json_string_value(value), json_string_length(value), &text)) {
        reader_fault(reader, PROBLEM_BAD_TEXT, 0, name);
        return NULL;
    }
    const char *first = text_trim(text, &length);
    memmove(text, first, length);
    text[length] = '\0';
    long over = (long)text_points(text) - limit;
    if (length && over <= 0)
        return text;
    if (length) {
        reader_fault(reader, PROBLEM_TOO_LONG, limit, name);
        reader->faults->list[reader->faults->count - 1].over = over;
    }
    sodium_memzero(text, length);
    free(text);
    return NULL;
}
