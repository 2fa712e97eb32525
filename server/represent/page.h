#ifndef REPRESENT_PAGE_H
#define REPRESENT_PAGE_H

#include "represent/writer.h"

/* All templates, strings, styles, scripts and images of the folder that static/build.mjs makes,
 * read and compiled once; immutable afterwards. A string is a template too: {{> s.key}} says the
 * string `key` in the page's language, with the context's values in it, its literal text escaped.
 * {{> static.app.css}} is a file's address. frame.mustache is rendered for every page; its {{>
 * content}} is the template that the document names. NULL with a sentence in `error` on anything
 * missing: a template that names an unknown partial, a string without its three languages. */
struct pages *pages_load(const char *static_folder, char *error, size_t error_size);
void pages_free(struct pages *pages);

/* A string of one language without markup, its values from `context` (NULL: none): for problem
 * titles and labels in documents. Appends to out; false if the key is unknown. */
bool pages_string(const struct pages *pages, enum language language, const char *key,
                  json_t *context, struct buf *out);

/* A static file by its hashed name ("app.3f9c….css"), for the route that serves them; false if
 * there is none. Borrowed. */
struct asset {
    const char *type; /* media type, static */
    const void *bytes;
    size_t length;
};
bool pages_file(const struct pages *pages, const char *hashed_name, struct asset *out);
/* The same by its plain name, for what has an address of its own: openapi.yaml, robots.txt. */
bool pages_root_file(const struct pages *pages, const char *name, struct asset *out);

#endif
