/* Document to CSV (RFC 4180), in UTF-8 with a byte-order mark, which spreadsheets need to read
 * Chinese; see writer.h. */
#include "represent/writer.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* First characters that make a spreadsheet calculate, ASCII and full-width, and the apostrophe
 * itself, so that the apostrophe put before them can be taken off again without doubt. */
static bool is_dangerous(const char *text, size_t length)
{
    static const char full_width[][4] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                         "\xef\xbc\xa0"};
    if (!length)
        return false;
    if (memchr("=+-@\t\r\n'", *text, 8))
        return true;
    for (size_t i = 0; i < sizeof full_width / sizeof *full_width; i++)
        if (length >= 3 && !memcmp(text, full_width[i], 3))
            return true;
    return false;
}

static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n')
            return true;
    return !length;
}

/* An empty text is written "" and so differs from a missing value, which is nothing at all. */
void csv_field(struct buf *out, const char *text, size_t length)
{
    bool quoted = needs_quotes(text, length);
    if (quoted)
        buf_byte(out, '"');
    if (is_dangerous(text, length))
        buf_byte(out, '\'');
    for (const char *quote; quoted && (quote = memchr(text, '"', length));) {
        size_t before = (size_t)(quote - text) + 1;
        buf_add(out, text, before);
        buf_byte(out, '"');
        text += before;
        length -= before;
    }
    buf_add(out, text, length);
    if (quoted)
        buf_byte(out, '"');
}

static void csv_value(struct buf *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        csv_field(out, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        buf_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_REAL:
        buf_format(out, "%.15g", json_real_value(value));
        return;
    case JSON_TRUE:
        buf_text(out, "true");
        return;
    case JSON_FALSE:
        buf_text(out, "false");
        return;
    case JSON_NULL:
        return;
    case JSON_OBJECT:
    case JSON_ARRAY:
        out->failed = true; /* no cell can hold one: our bug, told rather than written wrong */
        return;
    }
}

static void csv_row(struct buf *out, const json_t *row)
{
    for (size_t i = 0; i < json_array_size(row); i++) {
        if (i)
            buf_byte(out, ',');
        csv_value(out, json_array_get(row, i));
    }
    buf_text(out, "\r\n");
}

bool write_csv(const struct document *document, struct buf *out)
{
    if (!document->columns)
        return false;
    buf_text(out, byte_order_mark);
    csv_row(out, document->columns);
    for (size_t i = 0; i < json_array_size(document->rows); i++)
        csv_row(out, json_array_get(document->rows, i));
    return buf_ok(out);
}
