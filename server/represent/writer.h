#ifndef REPRESENT_WRITER_H
#define REPRESENT_WRITER_H

#include "base/buf.h"
#include "represent/document.h"

enum representation {
    REPRESENT_JSON,
    REPRESENT_CSV,
    REPRESENT_PAGE,
    REPRESENT_BYTES,
    REPRESENTATIONS
};

struct pages; /* represent/page: compiled templates and strings */

/* Each turns a document into bytes; false: no memory, or a template that names what is not there.
 */
bool write_json(const struct document *document, struct buf *out);
bool write_csv(const struct document *document, struct buf *out); /* RFC 4180, BOM, formula-safe */
bool write_page(const struct pages *pages, const struct document *document, struct buf *out);
/* The template alone, without the frame: a page that is to be printed and not sent. */
bool write_print(const struct pages *pages, const struct document *document, struct buf *out);

/* One CSV field as decided (DECISIONS.md): quoted where needed; an apostrophe before a dangerous
 * first character. */
void csv_field(struct buf *out, const char *text, size_t length);

#endif
