#ifndef EXPORT_TABLE_H
#define EXPORT_TABLE_H

#include "domain/consultation.h"

#include <stddef.h>
#include <stdint.h>

/* One table of an export: its columns, and a row's cells in their order. What makes rows
 * (submissions.c, tallies.c, codebook.c) knows no format, and a writer (csv.c, ndjson.c,
 * book.c) no database. */

enum column_type {
    TYPE_TEXT,
    TYPE_INTEGER,
    TYPE_BOOLEAN,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_LIST /* of codes, none of which holds a space */
};

/* A line of columns.def; static. */
struct column_about {
    const char *name;
    enum column_type type;
    const char *list; /* of codes, see codebook.c; or NULL */
    const char *meaning[LANGUAGES];
};

enum {
    COLUMN_NAME = 32,
    ANSWER_COLUMNS = 4, /* of each measure; columns.def, asserted where they are made */
    VIEW_COLUMNS = 3,
    FIXED_MOST = 24,
    COLUMNS_MOST = FIXED_MOST + ANSWER_COLUMNS * MEASURES_MOST + VIEW_COLUMNS * QUESTIONS_MOST
};

/* Its name is the path of its value in a record of NDJSON: number, or answers/1-3/stance. */
struct column {
    char name[COLUMN_NAME];
    const struct column_about *about;
};

enum cell_kind {
    CELL_ABSENT, /* not answered: nothing in CSV, no member in NDJSON */
    CELL_NULL,   /* known to be none */
    CELL_INTEGER,
    CELL_BOOLEAN,
    CELL_DATE, /* days since 1970 */
    CELL_TIME, /* microseconds since 1970 UTC; written to the second */
    CELL_TEXT,
    CELL_LIST /* text: codes parted by spaces */
};

/* The text is borrowed: it lives while the row is written. */
struct cell {
    enum cell_kind kind;
    int64_t number;
    const char *text;
    size_t length;
};

/* A row of a table, and what its lists of codes are written in. */
enum { ROW_CODES = MEASURES_MOST * CODE_TEXT };
struct row {
    struct cell cells[COLUMNS_MOST];
    char codes[ROW_CODES];
};

struct table {
    const char *name; /* "submissions" */
    size_t count;
    struct column columns[COLUMNS_MOST];
};

struct cell cell_text(const char *text); /* null for NULL */
struct cell cell_bytes(const char *text, size_t length);
struct cell cell_number(enum cell_kind kind, int64_t number);

/* A column more; `path` stands before the name, such as "answers/1-3/", or NULL. */
void table_add(struct table *table, const struct column_about *about, const char *path);

/* CELL_DATE and CELL_TIME as ISO 8601. Gives the length. */
enum { CELL_TEXT_BYTES = 32 };
size_t cell_moment(const struct cell *cell, char text[CELL_TEXT_BYTES]);

#endif
