#ifndef REPRESENT_TEMPLATE_H
#define REPRESENT_TEMPLATE_H

#include "base/buf.h"

#include <jansson.h>

/* Mustache (the public specification, v1.4, without lambdas), compiled once, rendered over jansson values. Escapes by
 * default; raw insertion ({{{ and &) is refused at compilation: only a value made by represent/markup stands unescaped. */
struct template;

struct template *template_compile(const char *name, const char *source, char *error, size_t error_size);
void template_free(struct template *template);

/* Finds a partial by name; NULL if there is none. */
typedef const struct template *(*template_partial)(void *context, const char *name);

/* Names of all partials it uses, so that a start fails on an unknown one: called for each. */
void template_partials(const struct template *template, void (*each)(void *context, const char *name),
                       void *context);

/* Renders over a stack of contexts, the last being the innermost. False: no memory, or nesting beyond its bound. */
bool template_render(const struct template *template, json_t *const *contexts, size_t count,
                     template_partial partial, void *partial_context, struct buf *out);

/* HTML-escapes & < > " ' into out. */
void template_escape(struct buf *out, const char *text);

#endif
