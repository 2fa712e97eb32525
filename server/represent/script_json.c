/* JSON inside a page's script element; see script_json.h. */
#include "represent/script_json.h"

#include <string.h>

/* How many bytes stand for a character that is escaped, and its escape; 0: not one of them. */
static size_t escape_at(const char *text, size_t length, const char **escape)
{
    static const struct {
        const char *bytes, *escape;
    } table[] = {{"<", "\\u003c"},
                 {">", "\\u003e"},
                 {"&", "\\u0026"},
                 {"\xe2\x80\xa8", "\\u2028"},
                 {"\xe2\x80\xa9", "\\u2029"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        size_t size = strlen(table[i].bytes);
        if (size <= length && memcmp(text, table[i].bytes, size) == 0) {
            *escape = table[i].escape;
            return size;
        }
    }
    return 0;
}

/* jansson hands whole characters over: a string's run between two escapes, or a bracket. */
static int script_write(const char *bytes, size_t length, void *context)
{
    struct buf *out = context;
    for (size_t i = 0; i < length;) {
        const char *escape = NULL;
        size_t size = escape_at(bytes + i, length - i, &escape);
        if (size)
            buf_text(out, escape);
        else
            buf_byte(out, bytes[i]);
        i += size ? size : 1;
    }
    return buf_ok(out) ? 0 : -1;
}

bool script_json(const json_t *value, struct buf *out)
{
    return json_dump_callback(value, script_write, out, JSON_COMPACT) == 0;
}
