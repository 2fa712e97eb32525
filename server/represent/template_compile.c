/* Mustache source to nodes; see template.h. */
#include "represent/template.h"
#include "represent/template_nodes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DELIMITER_MOST = 8 };

struct compiler {
    struct template *template;
    size_t length; /* of the source */
    size_t at;
    char open[DELIMITER_MOST + 1], close[DELIMITER_MOST + 1];
    size_t sections[SECTIONS_MOST]; /* indexes of the open ones */
    size_t depth;
    char *error;
    size_t error_size;
};

struct tag {
    size_t open_at;  /* of the opening delimiter */
    size_t after;    /* the first byte behind the closing one */
    char kind;       /* 'v' for a value, else the sign after the delimiter */
    char *content;   /* trimmed and NUL-terminated, in the source */
    size_t line_at;  /* standing alone: begin of its line; else open_at */
    size_t line_end; /* standing alone: begin of the next line; else after */
    bool alone;
};

__attribute__((format(printf, 3, 4))) static bool compile_fail(struct compiler *c, size_t at,
                                                               const char *format, ...)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < c->length; i++)
        line += c->template->source[i] == '\n';
    int n = snprintf(c->error, c->error_size, "%s, line %zu: ", c->template->name, line);
    if (n < 0 || (size_t)n >= c->error_size)
        return false;
    va_list list;
    va_start(list, format);
    vsnprintf(c->error + n, c->error_size - (size_t)n, format, list);
    va_end(list);
    return false;
}

static bool node_add(struct compiler *c, const struct node *node)
{
    struct template *t = c->template;
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 32;
        struct node *nodes = realloc(t->nodes, capacity * sizeof *nodes);
        if (!nodes)
            return compile_fail(c, c->at, "no memory");
        t->nodes = nodes;
        t->capacity = capacity;
    }
    t->nodes[t->count++] = *node;
    return true;
}

/* Literal text; an empty one is kept only at the start of a line, where indentation may have to go.
 */
static bool text_add(struct compiler *c, size_t from, size_t to)
{
    const char *source = c->template->source;
    bool starts_line = from == 0 || source[from - 1] == '\n';
    if (from == to && !starts_line)
        return true;
    return node_add(c, &(struct node){.kind = NODE_TEXT,
                                      .text = source + from,
                                      .length = to - from,
                                      .starts_line = starts_line});
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

/* A tag that only steers and has its line for itself takes the whole line with it. */
static void tag_stand(const struct compiler *c, struct tag *tag)
{
    const char *source = c->template->source;
    tag->line_at = tag->open_at;
    tag->line_end = tag->after;
    size_t before = tag->open_at, after = tag->after;
    while (before > 0 && is_blank(source[before - 1]))
        before--;
    while (after < c->length && is_blank(source[after]))
        after++;
    if (after + 1 < c->length && source[after] == '\r' && source[after + 1] == '\n')
        after++;
    bool line_starts = before == 0 || source[before - 1] == '\n';
    bool line_ends = after == c->length || source[after] == '\n';
    if (tag->kind == 'v' || !line_starts || !line_ends)
        return;
    tag->alone = true;
    tag->line_at = before;
    tag->line_end = after == c->length ? after : after + 1;
}

/* Trims in place and ends the content with a NUL, which falls inside the tag. */
static char *tag_trim(char *from, char *to)
{
    while (from < to && is_space(*from))
        from++;
    while (to > from && is_space(to[-1]))
        to--;
    *to = '\0';
    return from;
}

/* The next tag at or after c->at; *found false at the end of the source. */
static bool tag_next(struct compiler *c, struct tag *tag, bool *found)
{
    char *source = c->template->source;
    char *open = strstr(source + c->at, c->open);
    *found = open != NULL;
    if (!open)
        return true;
    *tag = (struct tag){.open_at = (size_t)(open - source), .kind = 'v', .content = ""};
    char *content = open + strlen(c->open);
    while (is_space(*content))
        content++;
    if (*content && strchr("#^/>!=", *content))
        tag->kind = *content++;
    else if (*content == '{' || *content == '&')
        return compile_fail(c, tag->open_at, "raw insertion is refused; make safe markup instead");
    char ending[DELIMITER_MOST + 2];
    snprintf(ending, sizeof ending, "%s%s", tag->kind == '=' ? "=" : "", c->close);
    char *close = strstr(content, ending);
    if (!close)
        return compile_fail(c, tag->open_at, "a tag is not closed");
    tag->after = (size_t)(close - source) + strlen(ending);
    tag_stand(c, tag);
    tag->content = tag_trim(content, close);
    return true;
}

static bool delimiters_set(struct compiler *c, const struct tag *tag)
{
    char extra;
    if (sscanf(tag->content, "%8s %8s %c", c->open, c->close, &extra) != 2 ||
        strchr(c->open, '=') || strchr(c->close, '='))
        return compile_fail(c, tag->open_at, "delimiters are two words of at most 8 bytes");
    return true;
}

/* "." or parts of [A-Za-z0-9_-] joined by dots: what the specification reserves for later stays an
 * error. */
static bool name_check(struct compiler *c, const struct tag *tag)
{
    const char *name = tag->content;
    if (!strcmp(name, "."))
        return true;
    size_t length = strlen(name);
    bool ok = length > 0 && name[0] != '.' && name[length - 1] != '.' && !strstr(name, "..");
    for (size_t i = 0; ok && i < length; i++)
        ok = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') ||
             (name[i] >= '0' && name[i] <= '9') || strchr("_-.", name[i]);
    return ok || compile_fail(c, tag->open_at, "'%s' is no name", name);
}

static bool section_open(struct compiler *c, const struct tag *tag)
{
    if (c->depth == SECTIONS_MOST)
        return compile_fail(c, tag->open_at, "more than %d sections in one another", SECTIONS_MOST);
    c->sections[c->depth++] = c->template->count;
    return node_add(c, &(struct node){.kind = tag->kind == '#' ? NODE_SECTION : NODE_INVERTED,
                                      .text = tag->content,
                                      .length = strlen(tag->content)});
}

static bool section_close(struct compiler *c, const struct tag *tag)
{
    if (!c->depth)
        return compile_fail(c, tag->open_at, "'%s' is closed but was not opened", tag->content);
    struct node *node = &c->template->nodes[c->sections[--c->depth]];
    if (strcmp(node->text, tag->content) != 0)
        return compile_fail(c, tag->open_at, "'%s' is closed where '%s' is open", tag->content,
                            node->text);
    node->end = c->template->count;
    return true;
}

static bool partial_add(struct compiler *c, const struct tag *tag)
{
    return node_add(c, &(struct node){.kind = NODE_PARTIAL,
                                      .text = tag->content,
                                      .length = strlen(tag->content),
                                      .indent = c->template->source + tag->line_at,
                                      .indent_length = tag->open_at - tag->line_at});
}

static bool tag_compile(struct compiler *c, const struct tag *tag)
{
    if (tag->kind == '!')
        return true;
    if (tag->kind == '=')
        return delimiters_set(c, tag);
    if (!name_check(c, tag))
        return false;
    switch (tag->kind) {
    case '#':
    case '^':
        return section_open(c, tag);
    case '/':
        return section_close(c, tag);
    case '>':
        return partial_add(c, tag);
    default:
        return node_add(c, &(struct node){.kind = NODE_VALUE,
                                          .text = tag->content,
                                          .length = strlen(tag->content)});
    }
}

static bool compile_all(struct compiler *c)
{
    for (;;) {
        struct tag tag;
        bool found;
        if (!tag_next(c, &tag, &found))
            return false;
        if (!found)
            break;
        bool text = tag.line_at > c->at;
        if ((text && !text_add(c, c->at, tag.line_at)) ||
            (!tag.alone && !text_add(c, tag.open_at, tag.open_at)) || !tag_compile(c, &tag))
            return false;
        c->at = tag.line_end;
    }
    if (c->depth)
        return compile_fail(c, c->length, "'%s' is not closed",
                            c->template->nodes[c->sections[c->depth - 1]].text);
    return c->at == c->length || text_add(c, c->at, c->length);
}

static struct template *compile(const char *name, const char *source, bool is_text, char *error,
                                size_t error_size)
{
    struct template *t = calloc(1, sizeof *t);
    if (t) {
        t->is_text = is_text;
        t->name = strdup(name);
        t->source = strdup(source);
    }
    if (!t || !t->name || !t->source) {
        snprintf(error, error_size, "%s: no memory", name);
        template_free(t);
        return NULL;
    }
    struct compiler c = {.template = t,
                         .length = strlen(source),
                         .open = "{{",
                         .close = "}}",
                         .error = error,
                         .error_size = error_size};
    if (compile_all(&c))
        return t;
    template_free(t);
    return NULL;
}

struct template *template_compile(const char *name, const char *source, char *error,
                                  size_t error_size)
{
    return compile(name, source, false, error, error_size);
}

struct template *template_compile_text(const char *name, const char *source, char *error,
                                       size_t error_size)
{
    return compile(name, source, true, error, error_size);
}

void template_free(struct template *template)
{
    if (!template)
        return;
    free(template->nodes);
    free(template->source);
    free(template->name);
    free(template);
}

void template_partials(const struct template *template,
                       void (*each)(void *context, const char *name), void *context)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->nodes[i].kind == NODE_PARTIAL)
            each(context, template->nodes[i].text);
}
