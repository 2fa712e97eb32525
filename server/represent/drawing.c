/* Figures as files of their own; see drawing.h. Colours and sizes are attributes, since not every
 * program that opens SVG reads styles. */
#include "represent/drawing.h"

#include "represent/template.h"

#include <string.h>

enum {
    WIDTH = 960,
    MARGIN = 32,
    INNER = WIDTH - 2 * MARGIN,
    BAR_MOST = 760, /* its number stands right of it */
    BAR_HEIGHT = 18,
    ROW_GAP = 18,
    TITLE_SIZE = 24,
    TEXT_SIZE = 16,
    PLOT_HEIGHT = 320,
    PLOT_LEFT = MARGIN + 64 /* the scale's numbers stand left of it */
};

#define INK "#0b0c0c"
#define GREY "#505a5f"
#define TRACK "#f3f2f1"
#define FILL "#1d70b8"

/* Bytes of the first character of `text`, and whether it is as wide as it is high. */
static size_t character(const char *text, bool *wide)
{
    size_t length = 1;
    while (((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    *wide = length > 2;
    return length;
}

/* What may not begin a line hangs over its end instead, into the margin. */
static bool hangs(const char *text)
{
    static const char *const marks[] = {"，", "。", "、", "；", "：", "）",
                                        "」", "』", "》", "！", "？"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

/* Bytes of `text` that go on one line; at least one character. No font is known here: a letter is
 * taken for 0.56 of its height, which sans-serif ones keep below on average. */
static size_t line_length(const char *text, int size)
{
    int room = INNER * 100, taken = 0;
    size_t at = 0, space = 0;
    while (text[at]) {
        bool wide = false;
        size_t next = character(text + at, &wide);
        taken += size * (wide ? 100 : 56);
        if (taken > room && at > 0 && !hangs(text + at))
            return space && !wide ? space : at;
        at += next;
        if (text[at] == ' ')
            space = at;
    }
    return at;
}

struct pen {
    struct buf *out;
    int y; /* of the next thing's upper edge */
};

static void words_at(struct pen *pen, int x, int y, const char *attributes, const char *text,
                     size_t length)
{
    buf_format(pen->out, "<text x=\"%d\" y=\"%d\" %s>", x, y, attributes);
    template_escape(pen->out, text, length);
    buf_text(pen->out, "</text>\n");
}

static void paragraph(struct pen *pen, int size, const char *attributes, const char *text)
{
    while (*text) {
        size_t length = line_length(text, size);
        pen->y += size;
        words_at(pen, MARGIN, pen->y, attributes, text, length);
        pen->y += size * 2 / 5;
        text += length;
        text += strspn(text, " ");
    }
}

static int64_t most_of(const struct drawing *drawing)
{
    int64_t most = drawing->most;
    for (size_t i = 0; i < drawing->count && !drawing->most; i++)
        most = drawing->values[i] > most ? drawing->values[i] : most;
    return most;
}

static int scaled(int64_t value, int64_t most, int length)
{
    return most > 0 && value > 0 ? (int)((double)value / (double)most * length + 0.5) : 0;
}

static void rect(struct pen *pen, int y, int width, const char *colour)
{
    buf_format(pen->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n",
               MARGIN, y, width, BAR_HEIGHT, colour);
}

static void bars(struct pen *pen, const struct drawing *drawing)
{
    int64_t most = most_of(drawing);
    for (size_t i = 0; i < drawing->count; i++) {
        const char *shown = drawing->shown[i];
        paragraph(pen, TEXT_SIZE, "font-size=\"16\" fill=\"" INK "\"", drawing->labels[i]);
        rect(pen, pen->y, BAR_MOST, TRACK);
        rect(pen, pen->y, scaled(drawing->values[i], most, BAR_MOST), FILL);
        words_at(pen, MARGIN + BAR_MOST + 12, pen->y + BAR_HEIGHT - 3,
                 "font-size=\"16\" font-weight=\"bold\" fill=\"" INK "\"", shown, strlen(shown));
        pen->y += BAR_HEIGHT + ROW_GAP;
    }
}

static void scale_line(struct pen *pen, int y, const char *number)
{
    buf_format(pen->out,
               "<path d=\"M%d %dH%d\" fill=\"none\" stroke=\"#b1b4b6\" stroke-width=\"1\"/>\n",
               PLOT_LEFT, y, WIDTH - MARGIN);
    words_at(pen, PLOT_LEFT - 10, y + 5, "font-size=\"16\" text-anchor=\"end\" fill=\"" GREY "\"",
             number, strlen(number));
}

/* The largest number's place, to say it on the scale as people read it. */
static size_t place_of(const struct drawing *drawing, int64_t value)
{
    size_t i = 0;
    while (i + 1 < drawing->count && drawing->values[i] != value)
        i++;
    return i;
}

static void steps(struct pen *pen, const struct drawing *drawing)
{
    int64_t most = most_of(drawing);
    int base = pen->y + 12 + PLOT_HEIGHT, width = WIDTH - MARGIN - PLOT_LEFT;
    size_t last = drawing->count - 1;
    if (most > 0)
        scale_line(pen, base - PLOT_HEIGHT, drawing->shown[place_of(drawing, most)]);
    scale_line(pen, base, "0");
    buf_format(pen->out, "<path d=\"M%d %d", PLOT_LEFT, base);
    for (size_t i = 0; i < drawing->count; i++)
        buf_format(pen->out, "V%dH%d", base - scaled(drawing->values[i], most, PLOT_HEIGHT),
                   PLOT_LEFT + (int)((size_t)width * (i + 1) / drawing->count));
    buf_format(pen->out, "V%d\" fill=\"none\" stroke=\"" FILL "\" stroke-width=\"3\"/>\n", base);
    pen->y = base + 26;
    words_at(pen, PLOT_LEFT, pen->y, "font-size=\"16\" fill=\"" GREY "\"", drawing->labels[0],
             strlen(drawing->labels[0]));
    if (last > 0)
        words_at(pen, WIDTH - MARGIN, pen->y,
                 "font-size=\"16\" text-anchor=\"end\" fill=\"" GREY "\"", drawing->labels[last],
                 strlen(drawing->labels[last]));
}

static void head(struct buf *out, const struct drawing *drawing, int height)
{
    buf_format(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 "
               "%d %d\" xml:lang=\"%s\" role=\"img\" aria-labelledby=\"title about\" "
               "font-family=\"sans-serif\">\n<title id=\"title\">",
               WIDTH, height, WIDTH, height, drawing->language);
    template_escape(out, drawing->title, strlen(drawing->title));
    buf_text(out, "</title>\n<desc id=\"about\">");
    template_escape(out, drawing->about, strlen(drawing->about));
    buf_text(out, "</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
}

/* The words say how high it is, so they are written first. */
void drawing_write(const struct drawing *drawing, struct buf *out)
{
    struct buf body = {0};
    struct pen pen = {.out = &body, .y = MARGIN};
    paragraph(&pen, TITLE_SIZE, "font-size=\"24\" font-weight=\"bold\" fill=\"" INK "\"",
              drawing->title);
    pen.y += 4;
    paragraph(&pen, TEXT_SIZE, "font-size=\"16\" fill=\"" GREY "\"", drawing->about);
    pen.y += 12;
    paragraph(&pen, TEXT_SIZE, "font-size=\"16\" font-weight=\"bold\" fill=\"" INK "\"",
              drawing->unit);
    pen.y += 12;
    if (drawing->line && drawing->count)
        steps(&pen, drawing);
    else
        bars(&pen, drawing);
    head(out, drawing, pen.y + MARGIN);
    buf_add(out, body.data ? body.data : "", body.length);
    buf_text(out, "</svg>\n");
    out->failed |= !buf_ok(&body);
    buf_clear(&body);
}
