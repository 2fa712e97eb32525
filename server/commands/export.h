#ifndef COMMANDS_EXPORT_H
#define COMMANDS_EXPORT_H

#include "base/buf.h"
#include "domain/consultation.h"
#include "store/db.h"

#include <jansson.h>
#include <stdio.h>

/* The exporter's own: export.c opens, writes down and streams; export_row.c writes one record in
 * either format; export_submissions.c and export_tallies.c make a record of a row. Confined to one
 * thread. */

enum export_format { EXPORT_CSV, EXPORT_NDJSON };

struct export_code {
    int ordinal;
    char code[CODE_TEXT];
};

struct export
{
    struct db *db; /* of the exporter */
    int32_t consultation_id;
    enum export_format format;
    FILE *out;
    bool terminal; /* standard error is one: progress is shown */
    int64_t expected, written;
    int64_t shown_us; /* monotonic, of the progress shown last */
    json_t *columns; /* names of the CSV columns: each the path of its value in the NDJSON record */
    struct buf line;
    size_t measure_count, question_count;
    struct export_code measures[MEASURES_MOST], questions[QUESTIONS_MOST];
};

/* What can be exported. `columns` appends the CSV's column names; `record` makes one row's record:
 * a new reference, NULL if there was no memory. */
struct export_kind {
    const char *name;
    enum statement statement;
    void (*columns)(const struct export *export, json_t *columns);
    json_t *(*record)(const struct export *export, const struct rows *rows);
};

extern const struct export_kind export_submissions, export_tallies;

/* Byte-order mark and column names; nothing for NDJSON. False: not written. */
bool export_write_head(struct export *export);
/* One record, released here. False: not written, or no memory. */
bool export_write_record(struct export *export, json_t *record);

/* Words for the database's codes; static. "" for one that is unknown. */
const char *export_kind_word(int64_t kind);
const char *export_language_word(int64_t language);
const char *export_channel_word(int64_t channel);

/* New references; null for a NULL column. */
json_t *export_time(const struct rows *rows, int column); /* RFC 3339, to the second */
json_t *export_date(const struct rows *rows, int column);
json_t *export_text(const struct rows *rows, int column);
json_t *export_integer(const struct rows *rows, int column);

#endif
