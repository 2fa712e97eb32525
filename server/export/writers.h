#ifndef EXPORT_WRITERS_H
#define EXPORT_WRITERS_H

#include "export/stream.h"
#include "export/table.h"

/* A table's rows in the two formats of lines. All append to the stream's buffer; the caller passes
 * it on. */

/* Byte-order mark and the columns' names (RFC 4180). */
void csv_head(struct stream *stream, const struct table *table);
void csv_row(struct stream *stream, const struct table *table, const struct cell *cells);

/* One JSON object a line; a column's path is the way to its value. An object at the first level is
 * there though it be empty, one below only with a value. */
void ndjson_row(struct stream *stream, const struct table *table, const struct cell *cells);

#endif
