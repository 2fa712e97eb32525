/* Parsed Markdown as safe markup. Its safety in one sentence: every `<` that it writes stands in a
 * literal of this file, all else that it writes is escaped by template_escape, and of the text's
 * own the only attribute is a link's address that markdown_address_is_good has let pass. */
#include "base/parse.h"
#include "base/text.h"
#include "domain/language.h"
#include "represent/markdown_nodes.h"
#include "represent/markup_maker.h"
#include "represent/template.h"
#include "represent/wording.h"

#include <stdlib.h>
#include <string.h>

enum { HEADINGS = 6 };

struct writer {
    struct buf out;
    const struct markdown_place *place;
    cmark_node *link;      /* the one we are in; links do not nest */
    int written[HEADINGS]; /* levels, as written, of the headings that we are under */
    int headings, level;   /* how many those are; what the last one became */
    bool head;             /* in a table's first row */
    size_t column;         /* of the next cell */
    size_t note;           /* footnotes begun */
    bool *referred;        /* footnotes whose first reference was written */
    size_t notes;
    bool failed;
};

static void write_escaped(struct writer *w, const char *text)
{
    template_escape(&w->out, text, strlen(text));
}

/* One of our own words, escaped. `number`: NULL, or what it is about. */
static void write_word(struct writer *w, const char *key, const char *number)
{
    json_t *context = number ? json_pack("{s:s}", "number", number) : NULL;
    json_t *word = wording_string(w->place->pages, w->place->page, key, context);
    w->failed |= !word;
    write_escaped(w, word ? json_string_value(word) : "");
    json_decref(word);
    json_decref(context);
}

/* Of an element in whose words or labels the page speaks, not the text. */
static void write_page_language(struct writer *w)
{
    if (w->place->page != w->place->text)
        buf_format(&w->out, " lang=\"%s\"", language_tag(w->place->page));
}

static void write_text_language(struct writer *w)
{
    if (w->place->page != w->place->text)
        buf_format(&w->out, " lang=\"%s\"", language_tag(w->place->text));
}

/* ASCII alone: what browsers would encode anyway, and no mark that turns the direction. */
static void write_address(struct writer *w, const char *address)
{
    for (; *address; address++)
        if ((unsigned char)*address < 0x80)
            template_escape(&w->out, address, 1);
        else
            buf_format(&w->out, "%%%02X", (unsigned char)*address);
}

static void link_open(struct writer *w, const char *address)
{
    buf_text(&w->out, "<a class=\"govuk-link\" href=\"");
    write_address(w, address);
    buf_text(&w->out, "\" rel=\"nofollow noopener\"><bdi>");
}

static void link_close(struct writer *w)
{
    buf_text(&w->out, "</bdi></a>");
}

static void write_text(struct writer *w, const char *text)
{
    size_t from = 0, length = 0;
    while (!w->link && markdown_address_find(text, &from, &length)) {
        char address[MARKDOWN_ADDRESS_MOST + 1];
        memcpy(address, text + from, length);
        address[length] = '\0';
        template_escape(&w->out, text, from);
        link_open(w, address);
        write_escaped(w, address);
        link_close(w);
        text += from + length;
    }
    write_escaped(w, text);
}

/* Lines stay lines. */
static void write_lines(struct writer *w, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        template_escape(&w->out, text, length);
        text += length;
        if (text[0] == '\n' && text[1])
            buf_text(&w->out, "<br>");
        text += *text == '\n';
    }
}

static bool has_words(cmark_node *node)
{
    struct buf words = {0};
    buf_text(&words, "");
    markdown_plain_of(node, &words);
    size_t length = 0;
    if (words.data)
        text_trim(words.data, &length);
    buf_clear(&words);
    return length > 0;
}

/* The level that fits under the headings before it: one below the nearest higher one. */
static int heading_level(struct writer *w, int written)
{
    while (w->headings && w->written[w->headings - 1] >= written)
        w->headings--;
    w->written[w->headings++] = written;
    int level = w->place->heading + w->headings - 1;
    return level > HEADINGS ? HEADINGS : level;
}

static void heading_enter(struct writer *w, cmark_node *node)
{
    static const char *const classes[] = {"m", "m", "s"};
    w->level = 0;
    if (!has_words(node))
        return;
    w->level = heading_level(w, cmark_node_get_heading_level(node));
    buf_format(&w->out, "<h%d class=\"govuk-heading-%s\">", w->level,
               w->level <= 3 ? classes[w->level - 1] : "s");
}

static void heading_exit(struct writer *w, cmark_node *node)
{
    (void)node;
    if (w->level)
        buf_format(&w->out, "</h%d>\n", w->level);
}

static void list_exit(struct writer *w, cmark_node *node)
{
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    buf_text(&w->out, ordered ? "</ol>\n" : "</ul>\n");
}

static void list_enter(struct writer *w, cmark_node *node)
{
    int start = cmark_node_get_list_start(node);
    if (cmark_node_get_list_type(node) != CMARK_ORDERED_LIST)
        buf_text(&w->out, "<ul class=\"govuk-list govuk-list--bullet\">\n");
    else if (start == 1)
        buf_text(&w->out, "<ol class=\"govuk-list govuk-list--number\">\n");
    else
        buf_format(&w->out, "<ol class=\"govuk-list govuk-list--number\" start=\"%d\">\n", start);
}

static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return item && markdown_kind_of(item) == MARKDOWN_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

static void paragraph_enter(struct writer *w, cmark_node *node)
{
    if (!is_tight(node))
        buf_text(&w->out, "<p class=\"govuk-body\">");
}

static void paragraph_exit(struct writer *w, cmark_node *node)
{
    if (!is_tight(node))
        buf_text(&w->out, "</p>\n");
}

static void text_enter(struct writer *w, cmark_node *node)
{
    write_text(w, markdown_literal(node));
}

static void literal_enter(struct writer *w, cmark_node *node)
{
    write_escaped(w, markdown_literal(node));
}

static void lines_enter(struct writer *w, cmark_node *node)
{
    write_lines(w, markdown_literal(node));
}

/* The number that the library gave a reference; 0: none of ours. */
static size_t note_number(struct writer *w, cmark_node *reference)
{
    int64_t number = 0;
    return parse_integer(markdown_literal(reference), 1, (int64_t)w->notes, &number)
               ? (size_t)number
               : 0;
}

static void reference_write(struct writer *w, cmark_node *node)
{
    size_t number = note_number(w, node);
    const char *prefix = w->place->prefix;
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    if (!number || w->link) { /* a link in a link is none */
        buf_text(&w->out, "[");
        write_escaped(w, markdown_literal(node));
        buf_text(&w->out, "]");
        return;
    }
    buf_text(&w->out, "<sup");
    if (!w->referred[number - 1])
        buf_format(&w->out, " id=\"%s-reference-%zu\"", prefix, number);
    w->referred[number - 1] = true;
    buf_format(&w->out, "><a class=\"govuk-link\" href=\"#%s-note-%zu\"", prefix, number);
    write_page_language(w);
    buf_text(&w->out, " aria-label=\"");
    write_word(w, "markdown.note", digits);
    buf_format(&w->out, "\">[%zu]</a></sup>", number);
}

static void note_enter(struct writer *w, cmark_node *node)
{
    (void)node;
    w->headings = 0;
    if (w->note++ == 0) {
        buf_text(&w->out, "<p class=\"govuk-body-s app-markdown__notes\"");
        write_page_language(w);
        buf_text(&w->out, ">");
        write_word(w, "markdown.notes", NULL);
        buf_text(&w->out, "</p>\n<ol class=\"govuk-list govuk-list--number\">\n");
    }
    buf_format(&w->out, "<li id=\"%s-note-%zu\">", w->place->prefix, w->note);
}

static void note_exit(struct writer *w, cmark_node *node)
{
    (void)node;
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", w->note);
    if (w->referred[w->note - 1]) {
        buf_format(&w->out, "<a class=\"govuk-link\" href=\"#%s-reference-%zu\"", w->place->prefix,
                   w->note);
        write_page_language(w);
        buf_text(&w->out, " aria-label=\"");
        write_word(w, "markdown.back", digits);
        buf_text(&w->out, "\">↩</a>");
    }
    buf_text(&w->out, w->note == w->notes ? "</li>\n</ol>\n" : "</li>\n");
}

static void table_enter(struct writer *w, cmark_node *node)
{
    (void)node;
    buf_text(&w->out, "<div class=\"app-scroll\" role=\"group\" tabindex=\"0\"");
    write_page_language(w);
    buf_text(&w->out, " aria-label=\"");
    write_word(w, "markdown.table", NULL);
    buf_text(&w->out, "\"><table class=\"govuk-table\"");
    write_text_language(w);
    buf_text(&w->out, ">\n");
}

static void row_enter(struct writer *w, cmark_node *node)
{
    w->column = 0;
    w->head = markdown_kind_of(node) == MARKDOWN_HEAD;
    if (w->head)
        buf_text(&w->out, "<thead class=\"govuk-table__head\">\n");
    else if (markdown_kind_of(cmark_node_previous(node)) == MARKDOWN_HEAD)
        buf_text(&w->out, "<tbody class=\"govuk-table__body\">\n");
    buf_text(&w->out, "<tr class=\"govuk-table__row\">");
}

static void row_exit(struct writer *w, cmark_node *node)
{
    buf_text(&w->out, "</tr>\n");
    if (w->head)
        buf_text(&w->out, "</thead>\n");
    else if (!cmark_node_next(node))
        buf_text(&w->out, "</tbody>\n");
}

static void cell_enter(struct writer *w, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(cmark_node_parent(node));
    const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(parent);
    size_t columns = cmark_gfm_extensions_get_table_columns(parent), column = w->column++;
    uint8_t alignment = alignments && column < columns ? alignments[column] : 0;
    const char *class = alignment == 'r'   ? " app-markdown__right"
                        : alignment == 'c' ? " app-markdown__centre"
                                           : "";
    if (w->head)
        buf_format(&w->out, "<th class=\"govuk-table__header%s\" scope=\"col\">", class);
    else
        buf_format(&w->out, "<td class=\"govuk-table__cell%s\">", class);
}

static void cell_exit(struct writer *w, cmark_node *node)
{
    (void)node;
    buf_text(&w->out, w->head ? "</th>" : "</td>");
}

/* An image is a link to it, if it may be one, under the words that stand for it. */
static void link_enter(struct writer *w, cmark_node *node)
{
    const char *address = cmark_node_get_url(node);
    if (w->link || !address || !markdown_address_is_good(address))
        return;
    w->link = node;
    link_open(w, address);
    if (!has_words(node))
        write_escaped(w, address);
}

/* What may be no link says where it wanted to lead: nothing is dropped unseen. */
static void link_exit(struct writer *w, cmark_node *node)
{
    if (w->link == node) {
        link_close(w);
        w->link = NULL;
    } else if (!w->link && markdown_kind_of(node) == MARKDOWN_LINK) {
        const char *address = cmark_node_get_url(node);
        buf_text(&w->out, " <bdi>(");
        write_escaped(w, address ? address : "");
        buf_text(&w->out, ")</bdi>");
    }
}

/* What is written where a node begins and ends: the words first, then what the function writes; at
 * the end the other way round. Nothing for a kind that is not here. */
static const struct {
    const char *open;
    void (*enter)(struct writer *w, cmark_node *node);
    void (*exit)(struct writer *w, cmark_node *node);
    const char *close;
} kinds[MARKDOWN_OTHER + 1] = {
    [MARKDOWN_QUOTE] = {.open = "<blockquote class=\"govuk-inset-text\">\n",
                        .close = "</blockquote>\n"},
    [MARKDOWN_LIST] = {.enter = list_enter, .exit = list_exit},
    [MARKDOWN_ITEM] = {.open = "<li>", .close = "</li>\n"},
    [MARKDOWN_CODE_BLOCK] = {.open = "<pre class=\"app-markdown__code\"><code>",
                             .enter = literal_enter,
                             .close = "</code></pre>\n"},
    [MARKDOWN_HTML_BLOCK] = {.open = "<p class=\"govuk-body\">",
                             .enter = lines_enter,
                             .close = "</p>\n"},
    [MARKDOWN_PARAGRAPH] = {.enter = paragraph_enter, .exit = paragraph_exit},
    [MARKDOWN_HEADING] = {.enter = heading_enter, .exit = heading_exit},
    [MARKDOWN_BREAK] = {.open = "<hr class=\"govuk-section-break govuk-section-break--m "
                                "govuk-section-break--visible\">\n"},
    [MARKDOWN_NOTE] = {.enter = note_enter, .exit = note_exit},
    [MARKDOWN_TABLE] = {.enter = table_enter, .close = "</table></div>\n"},
    [MARKDOWN_HEAD] = {.enter = row_enter, .exit = row_exit},
    [MARKDOWN_ROW] = {.enter = row_enter, .exit = row_exit},
    [MARKDOWN_CELL] = {.enter = cell_enter, .exit = cell_exit},
    [MARKDOWN_TEXT] = {.enter = text_enter},
    [MARKDOWN_SOFT_BREAK] = {.open = "\n"},
    [MARKDOWN_LINE_BREAK] = {.open = "<br>\n"},
    [MARKDOWN_CODE] = {.open = "<code>", .enter = literal_enter, .close = "</code>"},
    [MARKDOWN_HTML] = {.enter = literal_enter},
    [MARKDOWN_EMPHASIS] = {.open = "<em>", .close = "</em>"},
    [MARKDOWN_STRONG] = {.open = "<strong>", .close = "</strong>"},
    [MARKDOWN_STRUCK] = {.open = "<s>", .close = "</s>"},
    [MARKDOWN_LINK] = {.enter = link_enter, .exit = link_exit},
    [MARKDOWN_IMAGE] = {.enter = link_enter, .exit = link_exit},
    [MARKDOWN_REFERENCE] = {.enter = reference_write},
};

static void write_begin(struct writer *w, cmark_node *node)
{
    enum markdown_kind kind = markdown_kind_of(node);
    if (kinds[kind].open)
        buf_text(&w->out, kinds[kind].open);
    if (kinds[kind].enter)
        kinds[kind].enter(w, node);
}

static void write_end(struct writer *w, cmark_node *node)
{
    enum markdown_kind kind = markdown_kind_of(node);
    if (kinds[kind].exit)
        kinds[kind].exit(w, node);
    if (kinds[kind].close)
        buf_text(&w->out, kinds[kind].close);
}

/* The library tells of the end of those only that may hold others. */
static bool is_leaf(cmark_node *node)
{
    enum markdown_kind kind = markdown_kind_of(node);
    return kind == MARKDOWN_CODE_BLOCK || kind == MARKDOWN_HTML_BLOCK || kind == MARKDOWN_BREAK ||
           kind == MARKDOWN_CODE;
}

json_t *markdown_markup(const struct markdown *markdown, const struct markdown_place *place)
{
    struct writer w = {.out = markup_start(), .place = place, .notes = markdown->notes};
    w.referred = calloc(w.notes + 1, sizeof *w.referred);
    w.failed = !w.referred;
    buf_text(&w.out, "<div class=\"app-markdown\" dir=\"auto\"");
    write_text_language(&w);
    buf_text(&w.out, ">\n");
    cmark_iter *iter = cmark_iter_new(markdown->root);
    for (cmark_event_type event;
         !w.failed && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER)
            write_begin(&w, node);
        if (event == CMARK_EVENT_EXIT || is_leaf(node))
            write_end(&w, node);
    }
    cmark_iter_free(iter);
    free(w.referred);
    buf_text(&w.out, "</div>\n");
    if (!w.failed)
        return markup_new(&w.out);
    buf_clear(&w.out);
    return NULL;
}
