/* Document to CSV (RFC 4180), in UTF-8 with a byte-order mark, which spreadsheets need to read
 * Chinese; see writer.h. */
#include "represent/writer.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* First characters that make a spreadsheet calculate, ASCII and full-width, and the apostrophe
 * itself, so that the apostrophe put before them can be taken off again without doubt. */
static const char *const dangerous[] = {"=",
                                        "+",
                                        "-",
                                        "@",
                                        "\t",
                                        "\r",
                                        "\n",
                                        "\xef\xbc\x9d",
                                        "\xef\xbc\x8b",
                                        "\xef\xbc\x8d",
                                        "\xef\xbc\xa0",
                                        "'"};

static bool is_dangerous(const char *text)
{
    for (size_t i = 0; i < sizeof dangerous / sizeof *dangerous; i++)
        if (!strncmp(text, dangerous[i], strlen(dangerous[i])))
            return true;
    return false;
}

/* An empty text is written "" and so differs from a missing value, which is nothing at all. */
void csv_field(struct buf *out, const char *text)
{
    bool quoted = !*text || strpbrk(text, ",\"\r\n");
    if (quoted)
        buf_byte(out, '"');
    if (is_dangerous(text))
        buf_byte(out, '\'');
    for (size_t length; *text; text += length) {
        length = strcspn(text, "\"");
        buf_add(out, text, length);
        if (text[length]) {
            buf_text(out, "\"\"");
            length++;
        }
    }
    if (quoted)
        buf_byte(out, '"');
}

static void csv_value(struct buf *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        csv_field(out, json_string_value(value));
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
