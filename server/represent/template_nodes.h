#ifndef REPRESENT_TEMPLATE_NODES_H
#define REPRESENT_TEMPLATE_NODES_H

#include <stdbool.h>
#include <stddef.h>

/* A compiled template, shared by template_compile.c and template_render.c only. */

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

enum { SECTIONS_MOST = 32 };

struct node {
    enum node_kind kind;
    const char
        *text;     /* literal, or the tag's name (NUL-terminated); lies in the template's source */
    size_t length; /* of text */
    bool starts_line;   /* NODE_TEXT: an enclosing partial's indentation goes before it */
    size_t end;         /* sections: index of the first node after it */
    const char *indent; /* NODE_PARTIAL that stands alone on its line: the white space before it */
    size_t indent_length;
};

struct template
{
    char *name;
    char *source; /* copy, with NULs after the names */
    struct node *nodes;
    size_t count, capacity;
    bool is_text; /* a string: its literals are plain text, escaped when they are written */
};

#endif
