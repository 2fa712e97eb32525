#ifndef REPRESENT_MARKDOWN_NODES_H
#define REPRESENT_MARKDOWN_NODES_H

#include "base/buf.h"
#include "represent/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdbool.h>

/* What markdown.c and markdown_markup.c share. */

struct markdown {
    cmark_node *root;
    size_t notes; /* footnotes that are referred to */
};

/* What a node is to us, the extensions' ones too, whose numbers are known at run time only. */
enum markdown_kind {
    MARKDOWN_DOCUMENT,
    MARKDOWN_QUOTE,
    MARKDOWN_LIST,
    MARKDOWN_ITEM,
    MARKDOWN_CODE_BLOCK,
    MARKDOWN_HTML_BLOCK,
    MARKDOWN_PARAGRAPH,
    MARKDOWN_HEADING,
    MARKDOWN_BREAK,
    MARKDOWN_NOTE,
    MARKDOWN_TABLE,
    MARKDOWN_HEAD,
    MARKDOWN_ROW,
    MARKDOWN_CELL,
    MARKDOWN_TEXT,
    MARKDOWN_SOFT_BREAK,
    MARKDOWN_LINE_BREAK,
    MARKDOWN_CODE,
    MARKDOWN_HTML,
    MARKDOWN_EMPHASIS,
    MARKDOWN_STRONG,
    MARKDOWN_STRUCK,
    MARKDOWN_LINK,
    MARKDOWN_IMAGE,
    MARKDOWN_REFERENCE,
    MARKDOWN_OTHER,
};

enum markdown_kind markdown_kind_of(cmark_node *node);

/* Never NULL. */
const char *markdown_literal(cmark_node *node);

/* The text within a node, as markdown_plain has it. */
void markdown_plain_of(cmark_node *node, struct buf *out);

/* True if an address may be linked: http or https with a host and nobody's name before it, or
 * mailto with an address alone; printable and short. */
bool markdown_address_is_good(const char *address);

/* The first bare http or https address in text, which begins at *from and has *length bytes; false:
 * none. It is ASCII, and ends before what most likely belongs to the sentence. */
bool markdown_address_find(const char *text, size_t *from, size_t *length);

#endif
