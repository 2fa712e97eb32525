#ifndef EXPORT_SOURCES_H
#define EXPORT_SOURCES_H

#include "domain/consultation.h"
#include "domain/filter.h"
#include "domain/remark_words.h"
#include "domain/submission.h"
#include "export/table.h"
#include "store/db.h"

/* What makes the rows of each table. */

/* The enums of columns.def, in whose order the cells stand. */
enum submission_column {
#define SUBMISSION_COLUMN(name, ...) SUBMISSION_##name,
#include "export/columns.def"
    SUBMISSION_COLUMNS
};
enum answer_column {
#define ANSWER_COLUMN(name, ...) ANSWER_##name,
#include "export/columns.def"
    ANSWER_COLUMN_COUNT
};
enum view_column {
#define VIEW_COLUMN(name, ...) VIEW_##name,
#include "export/columns.def"
    VIEW_COLUMN_COUNT
};
/* Takes a row's cells; false ends it. */
typedef bool row_taker(void *context, const struct cell *cells);

/* Columns of a table. The consultation decides how many there are. */
void submissions_table(const struct consultation *consultation, struct table *table);
void remarks_table(struct table *table); /* of a workbook */
void tallies_table(struct table *table);
void codebook_table(struct table *table);
void about_table(struct table *table); /* of a workbook */

/* Of the statement export_filtered, after the columns that submissions_row reads. */
enum { SUBMISSIONS_UNFINISHED = 24, SUBMISSIONS_LOOKED_AT, SUBMISSIONS_ORIGINAL };

/* A row of the statement's result. Of a submission without its remarks, which submissions_remark
 * adds one by one; gives its key, which stays within. */
int64_t submissions_row(const struct consultation *consultation, const struct rows *rows, int at,
                        struct row *row);
void tallies_row(const struct rows *rows, struct row *row);

struct remark_row {
    int64_t part, ordinal, version, publish;
    const char *text;
    size_t length;
};
void submissions_remark(const struct consultation *consultation, const struct remark_row *remark,
                        struct row *submission);

/* All submissions that pass the filter, with their remarks, in the order of arrival and in constant
 * memory; within a snapshot. Stops when `take` refuses, or `looked`, which is called now and then
 * although nothing may have been found; that is their own affair: DB_OK. The filter's measure is
 * the consultation's, and `words` what its text says. */
struct submissions_wanted {
    const struct submission_filter *filter;
    const struct word_query *words;
    row_taker *take;
    bool (*looked)(void *context);
    void *context;
};
enum db_status submissions_read(struct db *db, const struct consultation *consultation,
                                const struct submissions_wanted *wanted);

/* A filter as parameters, from the measure's ordinal to the words' terms, in the order that
 * submission_list_page takes them (schema/functions). `words` where its text is set. */
void filter_params(const struct consultation *consultation, const struct submission_filter *filter,
                   const struct word_query *words, struct params *params);
/* The tallies' grain has not all that a filter can set, but these. */
void tallies_params(int consultation_id, const struct submission_filter *filter,
                    struct params *params);
enum {
    TALLIES_FILTERS = 1 << FILTER_MEASURE | 1 << FILTER_KIND | 1 << FILTER_LANGUAGE |
                      1 << FILTER_FROM | 1 << FILTER_TO
};

/* The remarks and views among a submission's cells, a row each. */
bool remarks_rows(const struct consultation *consultation, const struct cell *submission,
                  row_taker *take, void *context);

/* All of the codebook: columns, codes, rules. */
bool codebook_rows(const struct consultation *consultation, row_taker *take, void *context);

/* A column of a row. */
struct cell column_text(const struct rows *rows, int row, int column);
struct cell column_time(const struct rows *rows, int row, int column);
struct cell column_date(const struct rows *rows, int row, int column);
struct cell column_bool(const struct rows *rows, int row, int column);

/* Words for the database's codes; static. NULL for one that is unknown. */
const char *kind_word(int64_t kind);
const char *language_word(int64_t language);

#endif
