/* Personal data in any text: findings lie within it, in order, on the borders of characters, and a
 * text in which all of them are masked is shorter and ends up without any. */
#include "base/buf.h"
#include "base/parse.h"
#include "domain/personal_data.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 };

/* Masks what is found; how many that were. */
static size_t mask(struct buf *text)
{
    struct personal_finding found[MOST];
    size_t count = personal_data_find(text->data, found, MOST), from = 0;
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        if (found[i].at < from || found[i].length < 4 ||
            found[i].at + found[i].length > text->length ||
            !parse_utf8(text->data + found[i].at, found[i].length))
            abort();
        buf_add(&out, text->data + from, found[i].at - from);
        buf_text(&out, "***");
        from = found[i].at + found[i].length;
    }
    buf_text(&out, text->data + from);
    if (!parse_utf8(out.data, out.length))
        abort();
    buf_clear(text);
    *text = out;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (memchr(data, '\0', size) || !parse_utf8((const char *)data, size))
        return 0;
    struct buf text = {0};
    buf_add(&text, data, size);
    buf_text(&text, "");
    while (text.length && mask(&text) > 0)
        ;
    buf_clear(&text);
    return 0;
}
