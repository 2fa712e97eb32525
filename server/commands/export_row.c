/* One exported record as a line of NDJSON, or as a line of CSV (RFC 4180); see export.h. */
#include "commands/export.h"

#include "base/parse.h"
#include "domain/language.h"
#include "domain/submission.h"
#include "represent/writer.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

const char *export_kind_word(int64_t kind)
{
    return kind == KIND_INDIVIDUAL || kind == KIND_ORGANISATION
               ? respondent_kind_name((enum respondent_kind)kind)
               : "";
}

const char *export_language_word(int64_t language)
{
    return language >= 0 && language < LANGUAGES ? language_tag((enum language)language) : "";
}

const char *export_channel_word(int64_t channel)
{
    static const char *const words[] = {"",        "web",    "api",      "paper",
                                        "counter", "e-mail", "telephone"};
    return channel >= 0 && channel < (int64_t)(sizeof words / sizeof *words) ? words[channel] : "";
}

json_t *export_time(const struct rows *rows, int column)
{
    if (row_is_null(rows, 0, column))
        return json_null();
    char text[RFC3339_TEXT];
    format_time(row_time(rows, 0, column), text);
    return json_string(text);
}

json_t *export_date(const struct rows *rows, int column)
{
    if (row_is_null(rows, 0, column))
        return json_null();
    char text[11];
    format_date(row_date(rows, 0, column), text);
    return json_string(text);
}

json_t *export_text(const struct rows *rows, int column)
{
    const char *text = row_text(rows, 0, column);
    return text ? json_string(text) : json_null();
}

json_t *export_integer(const struct rows *rows, int column)
{
    return row_is_null(rows, 0, column) ? json_null() : json_integer(row_int(rows, 0, column));
}

static bool line_write(struct export *export)
{
    bool ok = buf_ok(&export->line) &&
              fwrite(export->line.data, 1, export->line.length, export->out) == export->line.length;
    buf_reset(&export->line);
    return ok;
}

bool export_write_head(struct export *export)
{
    if (export->format == EXPORT_NDJSON)
        return true;
    buf_text(&export->line, byte_order_mark);
    json_t *name;
    size_t i;
    json_array_foreach(export->columns, i, name)
    {
        if (i)
            buf_byte(&export->line, ',');
        csv_field(&export->line, json_string_value(name));
    }
    buf_text(&export->line, "\r\n");
    return line_write(export);
}

/* The value at a path such as answers/1-3/remark. No name in it holds a slash. */
static const json_t *value_at(const json_t *record, const char *path)
{
    while (record && *path) {
        size_t length = strcspn(path, "/");
        record = json_object_getn(record, path, length);
        path += length + (path[length] == '/');
    }
    return record;
}

/* A list is of codes, which hold no space. */
static void list_field(struct buf *out, const json_t *list)
{
    struct buf text = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (i)
            buf_byte(&text, ' ');
        buf_text(&text, json_string_value(json_array_get(list, i)));
    }
    if (!buf_ok(&text))
        out->failed = true;
    else if (text.length)
        csv_field(out, text.data);
    buf_clear(&text);
}

static void value_field(struct buf *out, const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        csv_field(out, json_string_value(value));
        return;
    case JSON_INTEGER:
        buf_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_TRUE:
        buf_text(out, "true");
        return;
    case JSON_FALSE:
        buf_text(out, "false");
        return;
    case JSON_NULL:
        return;
    case JSON_ARRAY:
        list_field(out, value);
        return;
    case JSON_REAL:
    case JSON_OBJECT:
        out->failed = true; /* no column names one: our bug, told rather than written wrong */
        return;
    }
}

static void csv_line(struct export *export, const json_t *record)
{
    json_t *name;
    size_t i;
    json_array_foreach(export->columns, i, name)
    {
        if (i)
            buf_byte(&export->line, ',');
        value_field(&export->line, value_at(record, json_string_value(name)));
    }
    buf_text(&export->line, "\r\n");
}

static int json_to_line(const char *bytes, size_t length, void *context)
{
    struct buf *line = context;
    buf_add(line, bytes, length);
    return buf_ok(line) ? 0 : -1;
}

bool export_write_record(struct export *export, json_t *record)
{
    bool ok = record != NULL;
    if (ok && export->format == EXPORT_NDJSON) {
        ok = json_dump_callback(record, json_to_line, &export->line, JSON_COMPACT) == 0;
        buf_byte(&export->line, '\n');
    } else if (ok) {
        csv_line(export, record);
    }
    json_decref(record);
    return ok && line_write(export);
}
