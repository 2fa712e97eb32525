#ifndef SUPPORT_TABLES_H
#define SUPPORT_TABLES_H

#include <jansson.h>

/* Exported tables read back, for the suites of exports. All abort where something is not as it
 * must be. */

/* First characters that make a spreadsheet calculate, apostrophes, quotes, lines, markup, what XML
 * and workbooks cannot say plainly, characters beyond the first plane, directions. */
enum { HOSTILE = 26 };
extern const char *const tables_hostile[HOSTILE];

/* All lines of a CSV (RFC 4180, or with LF alone) without a byte-order mark: [[field]], null for an
 * empty field without quotes. New reference. */
json_t *tables_csv(const char *text);
/* All records. New reference. */
json_t *tables_ndjson(const char *text);
/* The value at a path such as answers/1-3/remark, or NULL. Borrowed. */
const json_t *tables_value(const json_t *record, const char *path);
/* A CSV field is what the record says at the column's path, by the rules of the codebook. */
void tables_field_equals(const json_t *field, const json_t *value, const char *path);

#endif
