/* Reads exported tables back; see tables.h. */
#include "support/tables.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const tables_hostile[HOSTILE] = {
    "=1+1",
    "'=1+1",
    "''",
    "'",
    "+852 2000 0000",
    "-1",
    "@SUM(A1)",
    "=1\t2",
    "@1\n2",
    "\xef\xbc\x9d!",
    "\xef\xbc\x8b",
    "\xef\xbc\x8d",
    "\xef\xbc\xa0",
    "plain, with \"quotes\"",
    "two\nlines, \"both\"",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac \xe4\xbd\xa0\xe5\xa5\xbd",
    "true",
    "12",
    "null",
    "\xe2\x80\x8fright to left",
    "tab\tinside",
    "_x0041_ and _x000a_",
    "\xef\xbf\xbe \xef\xbf\xbf",
    "<a>&amp;\"</a>]]>",
    "\xe2\x80\xaeoverride\xe2\x80\xac",
    "\xf0\xa0\xae\xb7 \xf0\x9f\x87\xad\xf0\x9f\x87\xb0",
};

/* Reads one CSV field (RFC 4180) at *p into a string, or null if it is empty and unquoted. Moves *p
 * behind the comma or the line's end, and says which. */
static json_t *csv_read(const char **p, bool *line_ends)
{
    size_t length = 0;
    bool quoted = **p == '"';
    const char *from = *p + quoted;
    char *text = malloc(strlen(from) < 65536 ? strlen(from) + 1 : 65536);
    ck_assert_ptr_nonnull(text);
    for (; *from && (quoted || (*from != ',' && *from != '\r' && *from != '\n')); from++) {
        if (quoted && *from == '"' && *++from != '"')
            break;
        text[length++] = *from;
        ck_assert_uint_lt(length, 65535);
    }
    text[length] = '\0';
    json_t *value = length || quoted ? json_string(text) : json_null();
    free(text);
    *line_ends = *from == '\r' || *from == '\n';
    ck_assert_msg(*from == ',' || (*line_ends && (*from == '\n' || from[1] == '\n')), "'%.20s'",
                  from);
    *p = from + (*from == '\r' ? 2 : 1);
    return value;
}

json_t *tables_csv(const char *text)
{
    json_t *lines = json_array(), *line = json_array();
    for (const char *p = text; *p;) {
        bool line_ends = false;
        json_array_append_new(line, csv_read(&p, &line_ends));
        if (line_ends) {
            json_array_append_new(lines, line);
            line = json_array();
        }
    }
    json_decref(line);
    return lines;
}

json_t *tables_ndjson(const char *text)
{
    json_t *lines = json_array();
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        json_t *record = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES, NULL);
        ck_assert_ptr_nonnull(record);
        json_array_append_new(lines, record);
    }
    ck_assert_str_eq(text, "");
    return lines;
}

const json_t *tables_value(const json_t *record, const char *path)
{
    char name[64];
    int length = 0;
    while (record && *path && sscanf(path, "%63[^/]%n", name, &length) == 1) {
        record = json_object_get(record, name);
        path += length + (path[length] == '/');
    }
    return record;
}

void tables_field_equals(const json_t *field, const json_t *value, const char *path)
{
    const char *text = json_string_value(field);
    char joined[256] = "", number[32];
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
        ck_assert_msg(json_is_null(field), "%s: %s", path, text ? text : "");
        return;
    case JSON_STRING:
        ck_assert_ptr_nonnull(text);
        ck_assert_str_eq(*text == '\'' ? text + 1 : text, json_string_value(value));
        ck_assert_ptr_null(strchr("=+-@\t\r\n", *text ? *text : 'x'));
        ck_assert_msg(strncmp(text, "\xef\xbc\x9d", 3) != 0 &&
                          strncmp(text, "\xef\xbc\x8b", 3) != 0,
                      "%s", text);
        return;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        ck_assert_str_eq(text, number);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        ck_assert_str_eq(text, json_is_true(value) ? "true" : "false");
        return;
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(value); i++)
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "",
                     json_string_value(json_array_get(value, i)));
        ck_assert_str_eq(text ? text : "", joined);
        return;
    case JSON_REAL:
    case JSON_OBJECT:
        break;
    }
    ck_abort_msg("%s: no value", path);
}
