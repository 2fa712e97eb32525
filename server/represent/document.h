#ifndef REPRESENT_DOCUMENT_H
#define REPRESENT_DOCUMENT_H

#include "domain/language.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a resource says, once, for three writers: JSON writes `model` as it is; a page renders
 * `template` over `model` with `page` laid beside it; CSV writes `columns` and `rows`. Confined to
 * one thread; owned by whoever made it until handed to the reply. */
struct document {
    int status;             /* HTTP */
    enum language language; /* of the words in it */
    json_t *model;          /* object */
    json_t *page; /* object: what only the page needs (addresses, bars, field values); NULL for JSON
                     and CSV */
    const char *template; /* page template's name, static */
    json_t *columns;      /* array of column names for CSV; NULL if the resource is no table */
    json_t *rows;         /* array of arrays, one a row, strings, integers and null */
    char *alternate; /* owned; path of the page of this JSON or the JSON of this page, or NULL */
    int depends;     /* consultation id whose revision makes it stale; 0: none */
    int64_t ends_us; /* UTC moment at which it changes by itself: the next opening, closing or end
                        of a grace; 0: never */
};

struct document *document_new(int status, enum language language);
void document_free(struct document *document);

/* Takes `model` over in place of the one there is; false if it is NULL. */
bool document_say(struct document *document, json_t *model);
/* Sets `alternate`; false: no memory. */
bool document_alternate(struct document *document, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
