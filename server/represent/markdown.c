/* Markdown parsed within bounds, and what it says; see markdown.h. */
#include "represent/markdown.h"

#include "base/parse.h"
#include "base/text.h"
#include "represent/markdown_nodes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* cmark looks at each open block again on each line, gives each row of a table all its columns, and
 * looks for the end of each `<?` and `<!` as far as the text goes: three that grow with the square
 * of a text (seen: 30 s for 100,000 bytes). All are known before it begins: lines times the deepest
 * place a line may begin at, lines times columns, and how many of those marks there are. */
enum { WORK_MOST = 1000000, MARKS_MOST = 200, ADDRESSES_MOST = 1 << 20 };

/* How deep in quotes and lists a line's beginning may lie at the most: each takes a marker, or two
 * columns. */
static size_t line_depth(const char *line, const char *end)
{
    size_t markers = 0, columns = 0;
    while (line < end) {
        const char *digits = line;
        while (digits < end && digits - line < 9 && *digits >= '0' && *digits <= '9')
            digits++;
        if (*line == ' ') {
            columns++;
        } else if (*line == '\t') {
            columns += 4;
        } else if (strchr(">-*+", *line)) {
            markers++;
        } else if (digits > line && digits < end && (*digits == '.' || *digits == ')')) {
            markers++;
            line = digits;
        } else {
            break;
        }
        line++;
    }
    return markers + columns / 2;
}

static bool is_work_bounded(const char *text)
{
    size_t lines = 0, deepest = 0, widest = 0, marks = 0;
    while (*text) {
        size_t length = strcspn(text, "\n"), columns = 0;
        size_t depth = line_depth(text, text + length);
        for (size_t i = 0; i < length; i++) {
            columns += text[i] == '|';
            marks += text[i] == '<' && (text[i + 1] == '?' || text[i + 1] == '!');
        }
        lines++;
        deepest = depth > deepest ? depth : deepest;
        widest = columns > widest ? columns : widest;
        text += length + (text[length] == '\n');
    }
    return lines * (deepest + widest) <= WORK_MOST && marks <= MARKS_MOST;
}

/* The library's register of extensions is filled once, and only read afterwards. */
static cmark_syntax_extension *table, *struck;

static void extensions_find(void)
{
    cmark_gfm_core_extensions_ensure_registered();
    table = cmark_find_syntax_extension("table");
    struck = cmark_find_syntax_extension("strikethrough");
}

/* Not its extension for bare addresses: it reads before the text's begin (CVE-2023-22485 in the
 * version that Debian 12 has). Ours are markdown_address_find's. */
static cmark_node *document_parse(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, extensions_find);
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES);
    cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_attach_syntax_extension(parser, struck);
    cmark_parser_feed(parser, text, length);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

/* Counts what is in it; false: too much. */
static bool is_within_bounds(struct markdown *markdown)
{
    size_t nodes = 0, addresses = 0;
    int deepest = 0;
    cmark_iter *iter = cmark_iter_new(markdown->root);
    for (cmark_event_type event;
         nodes <= MARKDOWN_NODES_MOST && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_EXIT)
            continue;
        enum markdown_kind kind = markdown_kind_of(node);
        const char *address = cmark_node_get_url(node);
        nodes++;
        addresses += address ? strlen(address) : 0;
        markdown->notes += kind == MARKDOWN_NOTE;
        int depth = 0;
        for (cmark_node *up = node; up && depth <= MARKDOWN_DEPTH_MOST; up = cmark_node_parent(up))
            depth++;
        deepest = depth > deepest ? depth : deepest;
    }
    cmark_iter_free(iter);
    return nodes <= MARKDOWN_NODES_MOST && deepest <= MARKDOWN_DEPTH_MOST &&
           addresses <= ADDRESSES_MOST;
}

enum problem_code markdown_parse(const char *text, struct markdown **out)
{
    size_t length = strlen(text);
    if (length > MARKDOWN_BYTES_MOST)
        return PROBLEM_TOO_LONG;
    if (!parse_utf8(text, length))
        return PROBLEM_BAD_TEXT;
    if (!is_work_bounded(text))
        return PROBLEM_TOO_COMPLEX;
    struct markdown *markdown = calloc(1, sizeof *markdown);
    if (!markdown)
        return PROBLEM_INTERNAL;
    markdown->root = document_parse(text, length);
    if (!is_within_bounds(markdown)) {
        markdown_free(markdown);
        return PROBLEM_TOO_COMPLEX;
    }
    *out = markdown;
    return PROBLEM_NONE;
}

void markdown_free(struct markdown *markdown)
{
    if (markdown)
        cmark_node_free(markdown->root);
    free(markdown);
}

/* The extensions' nodes: their numbers are not in the library's headers. */
static enum markdown_kind extension_kind(cmark_node *node)
{
    static const struct {
        const char *type;
        enum markdown_kind kind;
    } kinds[] = {
        {"table", MARKDOWN_TABLE},          {"table_header", MARKDOWN_HEAD},
        {"table_row", MARKDOWN_ROW},        {"table_cell", MARKDOWN_CELL},
        {"strikethrough", MARKDOWN_STRUCK},
    };
    const char *type = cmark_node_get_type_string(node);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].type, type) == 0)
            return kinds[i].kind;
    return MARKDOWN_OTHER;
}

enum markdown_kind markdown_kind_of(cmark_node *node)
{
    static const struct {
        cmark_node_type type;
        enum markdown_kind kind;
    } kinds[] = {
        {CMARK_NODE_DOCUMENT, MARKDOWN_DOCUMENT},
        {CMARK_NODE_BLOCK_QUOTE, MARKDOWN_QUOTE},
        {CMARK_NODE_LIST, MARKDOWN_LIST},
        {CMARK_NODE_ITEM, MARKDOWN_ITEM},
        {CMARK_NODE_CODE_BLOCK, MARKDOWN_CODE_BLOCK},
        {CMARK_NODE_HTML_BLOCK, MARKDOWN_HTML_BLOCK},
        {CMARK_NODE_PARAGRAPH, MARKDOWN_PARAGRAPH},
        {CMARK_NODE_HEADING, MARKDOWN_HEADING},
        {CMARK_NODE_THEMATIC_BREAK, MARKDOWN_BREAK},
        {CMARK_NODE_FOOTNOTE_DEFINITION, MARKDOWN_NOTE},
        {CMARK_NODE_TEXT, MARKDOWN_TEXT},
        {CMARK_NODE_SOFTBREAK, MARKDOWN_SOFT_BREAK},
        {CMARK_NODE_LINEBREAK, MARKDOWN_LINE_BREAK},
        {CMARK_NODE_CODE, MARKDOWN_CODE},
        {CMARK_NODE_HTML_INLINE, MARKDOWN_HTML},
        {CMARK_NODE_EMPH, MARKDOWN_EMPHASIS},
        {CMARK_NODE_STRONG, MARKDOWN_STRONG},
        {CMARK_NODE_LINK, MARKDOWN_LINK},
        {CMARK_NODE_IMAGE, MARKDOWN_IMAGE},
        {CMARK_NODE_FOOTNOTE_REFERENCE, MARKDOWN_REFERENCE},
    };
    cmark_node_type type = cmark_node_get_type(node);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == type)
            return kinds[i].kind;
    return extension_kind(node);
}

const char *markdown_literal(cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    return literal ? literal : "";
}

static void plain_enter(cmark_node *node, struct buf *out)
{
    switch (markdown_kind_of(node)) {
    case MARKDOWN_TEXT:
    case MARKDOWN_CODE:
    case MARKDOWN_HTML:
    case MARKDOWN_CODE_BLOCK:
    case MARKDOWN_HTML_BLOCK:
        buf_text(out, markdown_literal(node));
        return;
    case MARKDOWN_SOFT_BREAK:
        buf_byte(out, ' ');
        return;
    case MARKDOWN_LINE_BREAK:
        buf_byte(out, '\n');
        return;
    case MARKDOWN_REFERENCE:
        buf_format(out, "[%s]", markdown_literal(node));
        return;
    case MARKDOWN_CELL:
        if (cmark_node_previous(node))
            buf_byte(out, '\t');
        return;
    case MARKDOWN_DOCUMENT:
    case MARKDOWN_QUOTE:
    case MARKDOWN_LIST:
    case MARKDOWN_ITEM:
    case MARKDOWN_PARAGRAPH:
    case MARKDOWN_HEADING:
    case MARKDOWN_BREAK:
    case MARKDOWN_NOTE:
    case MARKDOWN_TABLE:
    case MARKDOWN_HEAD:
    case MARKDOWN_ROW:
    case MARKDOWN_EMPHASIS:
    case MARKDOWN_STRONG:
    case MARKDOWN_STRUCK:
    case MARKDOWN_LINK:
    case MARKDOWN_IMAGE:
    case MARKDOWN_OTHER:
        return;
    }
}

void markdown_plain_of(cmark_node *node, struct buf *out)
{
    cmark_iter *iter = cmark_iter_new(node);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *at = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER) {
            plain_enter(at, out);
            continue;
        }
        enum markdown_kind kind = markdown_kind_of(at);
        if (at != node && (kind == MARKDOWN_PARAGRAPH || kind == MARKDOWN_HEADING ||
                           kind == MARKDOWN_HEAD || kind == MARKDOWN_ROW))
            buf_byte(out, '\n');
    }
    cmark_iter_free(iter);
}

char *markdown_plain(const struct markdown *markdown)
{
    struct buf out = {0};
    buf_text(&out, "");
    markdown_plain_of(markdown->root, &out);
    while (out.length && out.data[out.length - 1] == '\n')
        out.data[--out.length] = '\0';
    return buf_take(&out, NULL);
}

size_t markdown_words(const struct markdown *markdown)
{
    char *plain = markdown_plain(markdown);
    size_t words = plain ? text_words(plain) : 0;
    free(plain);
    return words;
}
