/* Structured Fields, the writing half; see structured_field.h. Section numbers are RFC 9651's. */
#include "base/structured_field.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

/* §4.1.6 */
static void write_string(struct buf *out, const struct structured_value *value)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < value->length; i++) {
        if (value->text[i] == '"' || value->text[i] == '\\')
            buf_byte(out, '\\');
        buf_byte(out, value->text[i]);
    }
    buf_byte(out, '"');
}

/* §4.1.8 */
static void write_bytes(struct buf *out, const struct structured_value *value)
{
    size_t room = sodium_base64_encoded_len(value->length, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);
    if (!text) {
        out->failed = true;
        return;
    }
    sodium_bin2base64(text, room, (const unsigned char *)value->text, value->length,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_format(out, ":%s:", text);
    free(text);
}

static void write_value(struct buf *out, const struct structured_value *value)
{
    switch (value->kind) {
    case STRUCTURED_INTEGER:
        buf_format(out, "%" PRId64, value->integer);
        return;
    case STRUCTURED_BOOLEAN:
        buf_text(out, value->integer ? "?1" : "?0");
        return;
    case STRUCTURED_STRING:
        write_string(out, value);
        return;
    case STRUCTURED_TOKEN:
        buf_text(out, value->text);
        return;
    case STRUCTURED_BYTES:
        write_bytes(out, value);
        return;
    case STRUCTURED_LIST:
        break;
    }
}

/* §4.1.1.2: of what is true, the key alone */
static void write_parameters(struct buf *out, const struct structured_item *item)
{
    for (size_t i = 0; i < item->parameter_count; i++) {
        const struct structured_parameter *next = &item->parameters[i];
        buf_format(out, ";%s", next->key);
        if (next->value.kind == STRUCTURED_BOOLEAN && next->value.integer)
            continue;
        buf_byte(out, '=');
        write_value(out, &next->value);
    }
}

void structured_write_item(struct buf *out, const struct structured_item *item)
{
    write_value(out, &item->value);
    write_parameters(out, item);
}

void structured_write_list(struct buf *out, const struct structured_member *list)
{
    buf_byte(out, '(');
    for (size_t i = 0; i < list->item_count; i++) {
        if (i)
            buf_byte(out, ' ');
        structured_write_item(out, &list->items[i]);
    }
    buf_byte(out, ')');
    write_parameters(out, &list->item);
}
