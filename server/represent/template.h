#ifndef REPRESENT_TEMPLATE_H
#define REPRESENT_TEMPLATE_H

#include "base/buf.h"

#include <jansson.h>

/* Mustache (the public specification, v1.4, without lambdas), compiled once, rendered over jansson
 * values by any thread. Escapes by default; raw insertion ({{{ and &) is refused at compilation:
 * only a value made by represent/markup stands unescaped. False are: false, null, what is missing,
 * an empty list, an empty string. */
struct template;

/* NULL with a sentence in `error`. The source is copied. */
struct template *template_compile(const char *name, const char *source, char *error,
                                  size_t error_size);
/* The same for a text whose literal parts are not HTML: they are escaped where the text becomes
 * part of a page. */
struct template *template_compile_text(const char *name, const char *source, char *error,
                                       size_t error_size);
void template_free(struct template *template);

/* Finds a partial by name; NULL if there is none, which then says nothing. */
typedef const struct template *(*template_partial)(void *context, const char *name);

/* Names of all partials it uses, so that a start fails on an unknown one: called for each. */
void template_partials(const struct template *template,
                       void (*each)(void *context, const char *name), void *context);

/* Renders over a stack of contexts, the last being the innermost. False: no memory, or nesting
 * beyond its bound. */
bool template_render(const struct template *template, json_t *const *contexts, size_t count,
                     template_partial partial, void *partial_context, struct buf *out);
/* The same without any escaping, for what is not HTML. */
bool template_render_plain(const struct template *template, json_t *const *contexts, size_t count,
                           template_partial partial, void *partial_context, struct buf *out);

/* HTML-escapes & < > " ' into out. */
void template_escape(struct buf *out, const char *text, size_t length);

#endif
