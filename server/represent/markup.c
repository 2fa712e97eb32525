/* Values that stand unescaped in a page; see markup.h. */
#include "represent/markup.h"

#include "domain/search.h"
#include "represent/markup_maker.h"
#include "represent/script_json.h"
#include "represent/template.h"

#include <qrcodegen.h>
#include <sodium.h>
#include <string.h>

/* The mark of such a value is a key that is not UTF-8: nothing that was parsed can hold it, since
 * parsers refuse such bytes. Its text begins with such a byte too, so that it cannot be written as
 * JSON. */
static const char markup_key[] = "\xffmarkup";
static const char markup_begin = '\xff';

enum { BAR_ROW = 46, BAR_TEXT_Y = 15, BAR_Y = 22, BAR_HEIGHT = 14 };

json_t *markup_new(struct buf *b)
{
    size_t length = 0;
    char *text = buf_take(b, &length);
    json_t *value = json_object();
    if (!text || !value ||
        json_object_set_new_nocheck(value, markup_key, json_stringn_nocheck(text, length)) != 0) {
        json_decref(value);
        value = NULL;
    }
    free(text);
    return value;
}

struct buf markup_start(void)
{
    struct buf b = {0};
    buf_byte(&b, markup_begin);
    return b;
}

const char *markup_text(const json_t *value)
{
    const char *text = json_string_value(json_object_get(value, markup_key));
    return text ? text + 1 : NULL;
}

/* A share of the widest bar in hundredths of a percent, rounded. */
static int64_t bar_share(int64_t count, int64_t most)
{
    if (count <= 0 || most <= 0)
        return 0;
    return count >= most ? 10000 : (int64_t)((double)count * 10000 / (double)most + 0.5);
}

/* In percent, with no more digits than it takes: bars are many. */
static void bar_width(struct buf *b, int64_t share)
{
    buf_format(b, " width=\"%d", (int)(share / 100));
    if (share % 10)
        buf_format(b, ".%02d", (int)(share % 100));
    else if (share % 100)
        buf_format(b, ".%d", (int)(share % 100 / 10));
    buf_text(b, "%\"");
}

static void bar_rect(struct buf *b, const char *class, int64_t share, size_t y)
{
    buf_format(b, "<rect class=\"%s\" y=\"%zu\"", class, y);
    bar_width(b, share);
    buf_format(b, " height=\"%d\"/>", BAR_HEIGHT);
}

/* Widths in percent and heights in pixels, without a view box: the text keeps its size on a narrow
 * screen. */
json_t *markup_bars(const char *const *labels, const int64_t *counts, size_t count, int64_t whole)
{
    int64_t most = whole;
    for (size_t i = 0; i < count && !whole; i++)
        most = counts[i] > most ? counts[i] : most;
    struct buf b = markup_start();
    buf_format(&b, "<svg class=\"chart\" width=\"100%%\" height=\"%zu\" aria-hidden=\"true\">",
               count * BAR_ROW);
    for (size_t i = 0; i < count; i++) {
        size_t top = i * BAR_ROW;
        buf_format(&b, "<text y=\"%zu\">", top + BAR_TEXT_Y);
        template_escape(&b, labels[i], strlen(labels[i]));
        buf_text(&b, "</text>");
        bar_rect(&b, counts[i] < 0 ? "hidden" : "track", 10000, top + BAR_Y);
        if (counts[i] < 0)
            continue;
        char class[16];
        snprintf(class, sizeof class, "fill h%u", (unsigned)i % 10);
        bar_rect(&b, class, bar_share(counts[i], most), top + BAR_Y);
    }
    buf_text(&b, "</svg>");
    return markup_new(&b);
}

/* The track is the drawing's own ground: a table has one of these in every row. */
json_t *markup_bar(int64_t count, int64_t most)
{
    struct buf b = markup_start();
    int64_t share = bar_share(count, most);
    buf_text(&b, "<svg class=\"bar\" aria-hidden=\"true\">");
    if (count >= 0) {
        buf_text(&b, "<rect");
        bar_width(&b, share);
        buf_text(&b, " height=\"100%\"/>");
    }
    buf_text(&b, "</svg>");
    return markup_new(&b);
}

enum { LINE_WIDTH = 6000, LINE_HEIGHT = 1600, LINE_TOP = 100 };

/* The outline of one step a day, from the left end of the ground to its right end. The stroke keeps
 * its width however the drawing is stretched. */
static void line_path(struct buf *b, const char *class, const int64_t *values, size_t count,
                      int64_t most)
{
    buf_format(b, "<path class=\"%s\" vector-effect=\"non-scaling-stroke\" d=\"M0 %d", class,
               LINE_HEIGHT);
    for (size_t i = 0; i < count; i++) {
        int64_t height = bar_share(values[i], most) * (LINE_HEIGHT - LINE_TOP) / 10000;
        buf_format(b, "V%dH%zu", (int)(LINE_HEIGHT - height), (i + 1) * LINE_WIDTH / count);
    }
    buf_format(b, "V%d\"/>", LINE_HEIGHT);
}

json_t *markup_line(const int64_t *values, size_t count)
{
    int64_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = values[i] > most ? values[i] : most;
    struct buf b = markup_start();
    buf_format(&b,
               "<svg class=\"steps\" viewBox=\"0 0 %d %d\" width=\"100%%\" height=\"160\" "
               "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
               LINE_WIDTH, LINE_HEIGHT);
    line_path(&b, "line", values, count, most);
    buf_text(&b, "</svg>");
    return markup_new(&b);
}

/* Bytes of the character at `at` if it is Han (Unicode's unified and compatibility ideographs), or,
 * `marks` being true, a mark or letter of full width between such; 0: another, or the end. */
static size_t han_at(const char *at, bool marks)
{
    const unsigned char *u = (const unsigned char *)at;
    if (u[0] >= 0xe4 && u[0] <= 0xe9)
        return 3;
    if (u[0] == 0xe3 && u[1] >= 0x80)
        return marks || u[1] >= 0x90 ? 3 : 0;
    if (u[0] == 0xef && ((u[1] >= 0xa4 && u[1] <= 0xab) || (marks && u[1] >= 0xbc && u[1] <= 0xbe)))
        return 3;
    return u[0] == 0xf0 && u[1] >= 0xa0 && u[1] <= 0xaf ? 4 : 0;
}

/* Escapes, with Chinese words in an English text marked as such, for a voice and for the face they
 * are set in. What is quoted is the text in force, which is in traditional characters. */
static void escape_words(struct buf *b, const char *text, size_t length, enum language language)
{
    const char *end = text + length, *plain = text;
    for (const char *at = text; language == LANGUAGE_EN && at < end;) {
        const char *run = at;
        for (size_t more = 0; at < end && (more = han_at(at, at > run)) > 0;)
            at += more;
        if (at == run) {
            at++;
            continue;
        }
        template_escape(b, plain, (size_t)(run - plain));
        buf_text(b, "<span lang=\"zh-Hant\">");
        template_escape(b, run, (size_t)(at - run));
        buf_text(b, "</span>");
        plain = at;
    }
    template_escape(b, plain, (size_t)(end - plain));
}

json_t *markup_words(const char *text, enum language language)
{
    if (!text)
        return NULL;
    struct buf b = markup_start();
    escape_words(&b, text, strlen(text), language);
    return markup_new(&b);
}

json_t *markup_paragraphs(const char *text, enum language language)
{
    struct buf b = markup_start();
    bool open = false;
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length) {
            buf_text(&b, open ? "<br>" : "<p>");
            escape_words(&b, text, length, language);
            open = true;
        } else if (open) {
            buf_text(&b, "</p>\n");
            open = false;
        }
        text += length + (text[length] == '\n');
    }
    if (open)
        buf_text(&b, "</p>\n");
    return markup_new(&b);
}

json_t *markup_script_json(const json_t *value)
{
    struct buf b = markup_start();
    if (script_json(value, &b))
        return markup_new(&b);
    buf_clear(&b);
    return NULL;
}

/* The byte at which code point number `point` begins, from `at`, which begins number `from`. */
static size_t byte_of(const char *text, size_t at, size_t from, size_t point)
{
    for (; from < point && text[at]; from++)
        do
            at++;
        while (((unsigned char)text[at] & 0xc0) == 0x80);
    return at;
}

json_t *markup_marked(const char *text, const struct search_span *spans, size_t count)
{
    struct buf b = markup_start();
    size_t at = 0, point = 0;
    for (size_t i = 0; i < count; i++) {
        size_t begin = byte_of(text, at, point, spans[i].from);
        size_t end = byte_of(text, begin, spans[i].from, spans[i].from + spans[i].length);
        template_escape(&b, text + at, begin - at);
        buf_text(&b, "<mark>");
        template_escape(&b, text + begin, end - begin);
        buf_text(&b, "</mark>");
        at = end;
        point = spans[i].from + spans[i].length;
    }
    template_escape(&b, text + at, strlen(text + at));
    return markup_new(&b);
}

enum { QR_QUIET = 4 };

/* One path of runs, each a rectangle of one module's height: a fraction of the bytes that one
 * element a module would take. */
static void qr_path(struct buf *b, const uint8_t *code, int width)
{
    for (int y = 0; y < width; y++)
        for (int x = 0, run; x < width; x += run) {
            bool dark = qrcodegen_getModule(code, x, y);
            run = 1;
            while (x + run < width && qrcodegen_getModule(code, x + run, y) == dark)
                run++;
            if (dark)
                buf_format(b, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, run, run);
        }
}

/* What is encoded may be a secret: the library works in these two alone, and allocates nothing. */
struct qr_room {
    uint8_t code[qrcodegen_BUFFER_LEN_MAX], work[qrcodegen_BUFFER_LEN_MAX];
};

static json_t *qr_svg(const uint8_t *code, const char *label)
{
    int width = qrcodegen_getSize(code), side = width + 2 * QR_QUIET;
    struct buf b = markup_start();
    buf_text(&b, "<svg class=\"app-qr\" role=\"img\" aria-label=\"");
    template_escape(&b, label, strlen(label));
    buf_format(&b,
               "\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
               "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
               side, side, side, side);
    qr_path(&b, code, width);
    buf_text(&b, "\"/></svg>");
    return markup_new(&b);
}

json_t *markup_qr(const char *text, const char *label)
{
    struct qr_room room;
    bool fits = qrcodegen_encodeText(text, room.work, room.code, qrcodegen_Ecc_MEDIUM,
                                     qrcodegen_VERSION_MIN, qrcodegen_VERSION_MAX,
                                     qrcodegen_Mask_AUTO, false);
    json_t *value = fits ? qr_svg(room.code, label) : NULL;
    sodium_memzero(&room, sizeof room);
    return value;
}
