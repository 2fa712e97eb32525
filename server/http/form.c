/* Form bodies; see form.h. */
#include "http/form.h"

#include "base/parse.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static size_t fields_most(const char *body, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += body[i] == '&';
    return count;
}

/* Decodes one name or value in place. A NUL sent as it is would end the text early for its reader.
 */
static bool piece_read(char *text, size_t length)
{
    if (memchr(text, '\0', length))
        return false;
    return parse_percent(text, &length, true) && parse_utf8(text, length);
}

/* `text` has `length` bytes and room for a NUL behind them. */
static bool field_read(char *text, size_t length, struct field *out)
{
    char *equals = memchr(text, '=', length);
    size_t name = equals ? (size_t)(equals - text) : length;
    char *value = equals ? equals + 1 : text + length;
    size_t value_length = equals ? length - name - 1 : 0;
    text[length] = '\0';
    if (equals)
        *equals = '\0';
    *out = (struct field){.name = text, .value = value};
    return piece_read(text, name) && piece_read(value, value_length);
}

static bool form_fill(struct form *form, size_t length)
{
    for (size_t i = 0; i < length;) {
        char *text = form->memory + i;
        char *end = memchr(text, '&', length - i);
        size_t size = end ? (size_t)(end - text) : length - i;
        if (size && !field_read(text, size, &form->fields[form->count++]))
            return false;
        i += size + 1;
    }
    return true;
}

bool form_read(const char *body, size_t length, struct form *out)
{
    *out = (struct form){0};
    size_t most = fields_most(body, length);
    if (most > FORM_FIELDS_MOST)
        return false;
    out->fields = calloc(most, sizeof *out->fields);
    out->memory = malloc(length + 1);
    out->memory_size = length + 1;
    bool ok = out->fields && out->memory;
    if (ok) {
        if (length)
            memcpy(out->memory, body, length);
        out->memory[length] = '\0';
        ok = form_fill(out, length);
    }
    if (!ok)
        form_clear(out);
    return ok;
}

void form_clear(struct form *form)
{
    if (form->memory)
        sodium_memzero(form->memory, form->memory_size);
    free(form->memory);
    free(form->fields);
    *form = (struct form){0};
}

const char *form_value(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return NULL;
}

const char *form_text(const struct form *form, const char *name)
{
    const char *value = form_value(form, name);
    return value ? value : "";
}
