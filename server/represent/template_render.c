/* Nodes and values to text; see template.h. */
#include "represent/markup.h"
#include "represent/template.h"
#include "represent/template_nodes.h"

#include <string.h>

enum { CONTEXTS_MOST = 64, PARTIALS_MOST = 32 };

struct render {
    template_partial partial;
    void *partial_context;
    const json_t *contexts[CONTEXTS_MOST];
    size_t depth;
    size_t partials;   /* inside one another */
    struct buf indent; /* of the partials we are in */
    bool plain;
    bool too_deep;
    struct buf *out;
};

void template_escape(struct buf *out, const char *text, size_t length)
{
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        const char *entity;
        switch (text[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        buf_add(out, text + from, i - from);
        buf_text(out, entity);
        from = i + 1;
    }
    buf_add(out, text + from, length - from);
}

static const json_t *value_step(const json_t *value, const char **name)
{
    size_t length = strcspn(*name, ".");
    const json_t *next = json_object_getn(value, *name, length);
    *name += length + ((*name)[length] == '.');
    return next;
}

/* A dotted name's first part is looked for from the innermost context outwards; the rest only
 * within what was found. */
static const json_t *value_find(const struct render *r, const char *name)
{
    if (!strcmp(name, "."))
        return r->contexts[r->depth - 1];
    const json_t *value = NULL;
    const char *rest = name;
    for (size_t i = r->depth; i > 0 && !value; i--) {
        rest = name;
        value = value_step(r->contexts[i - 1], &rest);
    }
    while (value && *rest)
        value = value_step(value, &rest);
    return value;
}

static bool value_is_true(const json_t *value)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return false;
    if (json_is_array(value))
        return json_array_size(value) > 0;
    return !json_is_string(value) || json_string_length(value) > 0;
}

static void write_escaped(struct render *r, const char *text, size_t length)
{
    if (r->plain)
        buf_add(r->out, text, length);
    else
        template_escape(r->out, text, length);
}

/* Objects and lists say nothing, unless the object is safe markup. */
static void write_value(struct render *r, const json_t *value)
{
    if (!value)
        return;
    switch (json_typeof(value)) {
    case JSON_STRING:
        write_escaped(r, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        buf_format(r->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_REAL:
        buf_format(r->out, "%.15g", json_real_value(value));
        return;
    case JSON_TRUE:
        buf_text(r->out, "true");
        return;
    case JSON_FALSE:
        buf_text(r->out, "false");
        return;
    case JSON_OBJECT: {
        const char *markup = markup_text(value);
        if (markup)
            buf_text(r->out, markup);
        return;
    }
    case JSON_ARRAY:
    case JSON_NULL:
        return;
    }
}

static void write_text(struct render *r, const struct node *node, bool is_text)
{
    const char *text = node->text, *end = text + node->length;
    bool starts_line = node->starts_line;
    do {
        if (starts_line && r->indent.length)
            buf_add(r->out, r->indent.data, r->indent.length);
        const char *newline = r->indent.length ? memchr(text, '\n', (size_t)(end - text)) : NULL;
        const char *next = newline ? newline + 1 : end;
        if (is_text)
            write_escaped(r, text, (size_t)(next - text));
        else
            buf_add(r->out, text, (size_t)(next - text));
        text = next;
        starts_line = true;
    } while (text < end);
}

static void render_nodes(struct render *r, const struct template *t, size_t from, size_t to);

static void render_in(struct render *r, const struct template *t, size_t from, size_t to,
                      const json_t *context)
{
    if (r->depth == CONTEXTS_MOST) {
        r->too_deep = true;
        return;
    }
    r->contexts[r->depth++] = context;
    render_nodes(r, t, from, to);
    r->depth--;
}

static void render_section(struct render *r, const struct template *t, size_t at)
{
    const struct node *node = &t->nodes[at];
    const json_t *value = value_find(r, node->text);
    if (!value_is_true(value))
        return;
    if (!json_is_array(value)) {
        render_in(r, t, at + 1, node->end, value);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        render_in(r, t, at + 1, node->end, json_array_get(value, i));
}

static void render_partial(struct render *r, const struct node *node)
{
    const struct template *t = r->partial ? r->partial(r->partial_context, node->text) : NULL;
    if (!t)
        return;
    if (r->partials == PARTIALS_MOST) {
        r->too_deep = true;
        return;
    }
    size_t indent = r->indent.length;
    if (node->indent_length)
        buf_add(&r->indent, node->indent, node->indent_length);
    r->partials++;
    render_nodes(r, t, 0, t->count);
    r->partials--;
    r->indent.length = indent;
}

static void render_nodes(struct render *r, const struct template *t, size_t from, size_t to)
{
    for (size_t i = from; i < to && !r->too_deep; i++) {
        const struct node *node = &t->nodes[i];
        switch (node->kind) {
        case NODE_TEXT:
            write_text(r, node, t->is_text);
            break;
        case NODE_VALUE:
            write_value(r, value_find(r, node->text));
            break;
        case NODE_SECTION:
            render_section(r, t, i);
            i = node->end - 1;
            break;
        case NODE_INVERTED:
            /* Its content stands in the same context: true leaves it out, false goes on into it. */
            if (value_is_true(value_find(r, node->text)))
                i = node->end - 1;
            break;
        case NODE_PARTIAL:
            render_partial(r, node);
            break;
        }
    }
}

static bool render(const struct template *template, json_t *const *contexts, size_t count,
                   template_partial partial, void *partial_context, bool plain, struct buf *out)
{
    struct render r = {
        .partial = partial, .partial_context = partial_context, .plain = plain, .out = out};
    for (size_t i = 0; i < count; i++)
        if (contexts[i] && r.depth < CONTEXTS_MOST)
            r.contexts[r.depth++] = contexts[i];
    if (r.depth == 0)
        r.contexts[r.depth++] = json_null();
    render_nodes(&r, template, 0, template->count);
    bool ok = !r.too_deep && buf_ok(out) && buf_ok(&r.indent);
    buf_clear(&r.indent);
    return ok;
}

bool template_render(const struct template *template, json_t *const *contexts, size_t count,
                     template_partial partial, void *partial_context, struct buf *out)
{
    return render(template, contexts, count, partial, partial_context, false, out);
}

bool template_render_plain(const struct template *template, json_t *const *contexts, size_t count,
                           template_partial partial, void *partial_context, struct buf *out)
{
    return render(template, contexts, count, partial, partial_context, true, out);
}
