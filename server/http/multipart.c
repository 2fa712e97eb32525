/* Forms with files; see multipart.h. */
#include "http/multipart.h"

#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char media_type[] = "multipart/form-data";

bool multipart_is(const char *content_type)
{
    size_t length = sizeof media_type - 1;
    return content_type && strncasecmp(content_type, media_type, length) == 0 &&
           strchr("; \t", content_type[length]);
}

bool multipart_delimiter(const char *content_type, char delimiter[MULTIPART_DELIMITER])
{
    const char *at = strcasestr(content_type, "boundary=");
    if (!multipart_is(content_type) || !at)
        return false;
    at += strlen("boundary=");
    bool quoted = *at == '"';
    at += quoted;
    size_t length = strcspn(at, quoted ? "\"" : "; \t");
    if (length == 0 || length > MULTIPART_DELIMITER - 5 || (quoted && at[length] != '"'))
        return false;
    snprintf(delimiter, MULTIPART_DELIMITER, "\r\n--%.*s", (int)length, at);
    return true;
}

/* A quoted parameter's value, cut off where it ends: browsers percent-encode the quotation mark and
 * line ends (WHATWG HTML), so the next mark ends it. NULL: none. */
static char *value_cut(char *at, const char *parameter)
{
    char *value = at ? at + strlen(parameter) : NULL;
    char *quote = value ? strchr(value, '"') : NULL;
    if (!quote)
        return NULL;
    *quote = '\0';
    return value;
}

bool multipart_names_read(char *headers, struct multipart_names *out)
{
    static const char disposition[] = "content-disposition:";
    static const char field_is[] = " name=\"", file_is[] = " filename=\"";
    *out = (struct multipart_names){0};
    for (char *line = headers; line;
         line = strstr(line, "\r\n") ? strstr(line, "\r\n") + 2 : NULL) {
        if (strncasecmp(line, disposition, sizeof disposition - 1) != 0)
            continue;
        char *end = strstr(line, "\r\n");
        if (end)
            *end = '\0';
        char *field = strstr(line, field_is), *file = strstr(line, file_is);
        out->field = value_cut(field, field_is);
        out->file = value_cut(file, file_is);
        return out->field && !file == !out->file;
    }
    return false;
}

/* One part without its delimiters: headers, an empty line, and the value. */
static bool part_read(char *part, size_t length, struct field *out)
{
    part[length] = '\0';
    if (strlen(part) != length || !parse_utf8(part, length))
        return false;
    char *blank = strstr(part, "\r\n\r\n");
    if (!blank)
        return false;
    *blank = '\0';
    struct multipart_names names;
    bool named = multipart_names_read(part, &names);
    *out = (struct field){.name = names.field, .value = blank + 4};
    return named;
}

/* `memory` is CR LF, the body and a NUL. */
static bool parts_read(struct form *form, const char *delimiter)
{
    size_t around = strlen(delimiter);
    char *at = form->memory, *end = form->memory + form->memory_size - 1;
    if (strncmp(at, delimiter, around) != 0)
        return false;
    for (;;) {
        at += around;
        if (end - at >= 2 && memcmp(at, "--", 2) == 0)
            return true;
        if (end - at < 2 || memcmp(at, "\r\n", 2) != 0 || form->count == MULTIPART_PARTS_MOST)
            return false;
        at += 2;
        char *next = memmem(at, (size_t)(end - at), delimiter, around);
        if (!next || !part_read(at, (size_t)(next - at), &form->fields[form->count++]))
            return false;
        at = next;
    }
}

bool multipart_read(const char *content_type, const char *body, size_t length, struct form *out)
{
    char delimiter[MULTIPART_DELIMITER];
    *out = (struct form){0};
    if (!content_type || !multipart_delimiter(content_type, delimiter))
        return false;
    out->memory_size = length + 3;
    out->fields = calloc(MULTIPART_PARTS_MOST, sizeof *out->fields);
    out->memory = malloc(out->memory_size);
    bool ok = out->fields && out->memory;
    if (ok) {
        memcpy(out->memory, "\r\n", 2);
        if (length)
            memcpy(out->memory + 2, body, length);
        out->memory[length + 2] = '\0';
        ok = parts_read(out, delimiter);
    }
    if (!ok)
        form_clear(out);
    return ok;
}
