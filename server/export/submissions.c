/* What each submission says, and what became of it. No hash, no key, no code, no identity. */
#include "export/sources.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Of the statements export_submissions and export_filtered. */
enum {
    COLUMN_ID,
    COLUMN_NUMBER,
    COLUMN_STATE,
    COLUMN_STATE_REASON,
    COLUMN_STATE_CHANGED_AT,
    COLUMN_ARRIVED_AT,
    COLUMN_DAY,
    COLUMN_RECEIVED_ON,
    COLUMN_KIND,
    COLUMN_IDENTITY_KIND,
    COLUMN_PROVEN,
    COLUMN_UNCHALLENGED,
    COLUMN_WITHIN_GRACE,
    COLUMN_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_SECTOR,
    COLUMN_ORGANISATION,
    COLUMN_CONSENT,
    COLUMN_SUPERSEDES,
    COLUMN_ERASED_AT,
    COLUMN_STANCES,
    COLUMN_VERSIONS,
    COLUMN_WITHHELD,
    COLUMN_PRIORITIES
};

static const struct column_about submission_columns[] = {
#define SUBMISSION_COLUMN(enum_name, name, type, list, ...)                                        \
    {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};
static const struct column_about answer_columns[] = {
#define ANSWER_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};
static const struct column_about view_columns[] = {
#define VIEW_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};

static_assert((int)SUBMISSION_COLUMNS <= (int)FIXED_MOST &&
                  (int)ANSWER_COLUMN_COUNT == (int)ANSWER_COLUMNS &&
                  (int)VIEW_COLUMN_COUNT == (int)VIEW_COLUMNS,
              "COLUMNS_MOST counts them");
static_assert((int)COLUMN_PRIORITIES + 1 == (int)SUBMISSIONS_UNFINISHED,
              "the list's columns follow");
static_assert(LANGUAGE_ZH_HANT == 0 && LANGUAGE_EN == 1 && LANGUAGE_ZH_HANS == 2,
              "meanings stand in this order in columns.def");

void submissions_table(const struct consultation *consultation, struct table *table)
{
    char path[COLUMN_NAME];
    *table = (struct table){.name = "submissions"};
    for (size_t i = 0; i < SUBMISSION_COLUMNS; i++)
        table_add(table, &submission_columns[i], NULL);
    for (size_t m = 0; m < consultation->measure_count; m++) {
        snprintf(path, sizeof path, "answers/%s/", consultation->measures[m].code);
        for (size_t i = 0; i < ANSWER_COLUMNS; i++)
            table_add(table, &answer_columns[i], path);
    }
    for (size_t q = 0; q < consultation->question_count; q++) {
        snprintf(path, sizeof path, "views/%s/", consultation->questions[q].code);
        for (size_t i = 0; i < VIEW_COLUMNS; i++)
            table_add(table, &view_columns[i], path);
    }
}

/* The cells of a measure or question. */
static struct cell *answer_cells(struct cell *cells, size_t measure)
{
    return cells + SUBMISSION_COLUMNS + ANSWER_COLUMNS * measure;
}

static struct cell *view_cells(const struct consultation *consultation, struct cell *cells,
                               size_t question)
{
    return answer_cells(cells, consultation->measure_count) + VIEW_COLUMNS * question;
}

static bool bit(uint64_t mask, int ordinal)
{
    return (mask >> (ordinal - 1) & 1) != 0;
}

/* Consent as it binds: of the submission, narrowed for this answer. */
static void stances(const struct consultation *consultation, const struct rows *rows, int place,
                    struct cell *cells)
{
    size_t count = 0, version_count = 0;
    const unsigned char *stance = row_bytes(rows, place, COLUMN_STANCES, &count);
    const unsigned char *version = row_bytes(rows, place, COLUMN_VERSIONS, &version_count);
    uint64_t withheld = (uint64_t)row_int(rows, place, COLUMN_WITHHELD);
    bool consents = row_int(rows, place, COLUMN_CONSENT) != CONSENT_NONE;
    for (size_t m = 0; m < consultation->measure_count; m++) {
        int ordinal = consultation->measures[m].ordinal;
        size_t at = (size_t)ordinal - 1;
        if (at >= count || at >= version_count || stance[at] == STANCE_ABSENT)
            continue;
        struct cell *answer = answer_cells(cells, m);
        answer[ANSWER_STANCE] = cell_number(CELL_INTEGER, stance[at]);
        answer[ANSWER_VERSION] = cell_number(CELL_INTEGER, version[at]);
        answer[ANSWER_PUBLISH] = cell_number(CELL_BOOLEAN, consents && !bit(withheld, ordinal));
    }
}

/* Place of an ordinal in the list; `count` if it is not in it. */
static size_t measure_at(const struct consultation *consultation, int64_t ordinal)
{
    size_t at = 0;
    while (at < consultation->measure_count && consultation->measures[at].ordinal != ordinal)
        at++;
    return at;
}

static size_t question_at(const struct consultation *consultation, int64_t ordinal)
{
    size_t at = 0;
    while (at < consultation->question_count && consultation->questions[at].ordinal != ordinal)
        at++;
    return at;
}

void submissions_remark(const struct consultation *consultation, const struct remark_row *row,
                        struct row *submission)
{
    struct cell *cells = submission->cells;
    if (row->part == REMARK_MEASURE) {
        size_t at = measure_at(consultation, row->ordinal);
        if (at == consultation->measure_count)
            return;
        struct cell *answer = answer_cells(cells, at);
        answer[ANSWER_VERSION] = cell_number(CELL_INTEGER, row->version);
        answer[ANSWER_PUBLISH] = cell_number(CELL_BOOLEAN, row->publish);
        answer[ANSWER_TEXT] = cell_bytes(row->text, row->length);
    } else {
        size_t at = question_at(consultation, row->ordinal);
        if (at == consultation->question_count)
            return;
        struct cell *view = view_cells(consultation, cells, at);
        view[VIEW_VERSION] = cell_number(CELL_INTEGER, row->version);
        view[VIEW_PUBLISH] = cell_number(CELL_BOOLEAN, row->publish);
        view[VIEW_TEXT] = cell_bytes(row->text, row->length);
    }
}

static struct cell priorities(const struct consultation *consultation, uint64_t mask,
                              char codes[ROW_CODES])
{
    size_t length = 0;
    for (size_t m = 0; mask && m < consultation->measure_count; m++)
        if (bit(mask, consultation->measures[m].ordinal))
            length += (size_t)snprintf(codes + length, ROW_CODES - length, "%s%s",
                                       length ? " " : "", consultation->measures[m].code);
    struct cell cell = cell_bytes(codes, length);
    cell.kind = CELL_LIST;
    return cell;
}

static struct cell identity(const struct rows *rows, int at)
{
    int64_t kind = row_int(rows, at, COLUMN_IDENTITY_KIND);
    return kind > IDENTITY_NONE && kind < IDENTITY_KINDS
               ? cell_text(identity_kind_name((enum identity_kind)kind))
               : cell_text(NULL);
}

static void respondent(const struct rows *rows, int at, struct cell *cells)
{
    cells[SUBMISSION_KIND] = cell_text(kind_word(row_int(rows, at, COLUMN_KIND)));
    cells[SUBMISSION_IDENTITY_KIND] = identity(rows, at);
    cells[SUBMISSION_PROVEN] = column_bool(rows, at, COLUMN_PROVEN);
    cells[SUBMISSION_UNCHALLENGED] = column_bool(rows, at, COLUMN_UNCHALLENGED);
    cells[SUBMISSION_WITHIN_GRACE] = column_bool(rows, at, COLUMN_WITHIN_GRACE);
    cells[SUBMISSION_LANGUAGE] = cell_text(language_word(row_int(rows, at, COLUMN_LANGUAGE)));
    cells[SUBMISSION_CHANNEL] = cell_text(channel_name(row_int(rows, at, COLUMN_CHANNEL)));
    cells[SUBMISSION_SECTOR] = column_text(rows, at, COLUMN_SECTOR);
    cells[SUBMISSION_ORGANISATION] = column_text(rows, at, COLUMN_ORGANISATION);
    cells[SUBMISSION_PUBLICATION] =
        cell_text(consent_name((enum consent)row_int(rows, at, COLUMN_CONSENT)));
}

int64_t submissions_row(const struct consultation *consultation, const struct rows *rows, int at,
                        struct row *row)
{
    struct cell *cells = row->cells;
    size_t count = SUBMISSION_COLUMNS + ANSWER_COLUMNS * consultation->measure_count +
                   VIEW_COLUMNS * consultation->question_count;
    memset(cells, 0, count * sizeof *cells);
    cells[SUBMISSION_NUMBER] = column_text(rows, at, COLUMN_NUMBER);
    cells[SUBMISSION_STATE] = column_text(rows, at, COLUMN_STATE);
    cells[SUBMISSION_STATE_REASON] = column_text(rows, at, COLUMN_STATE_REASON);
    cells[SUBMISSION_STATE_CHANGED_AT] = column_time(rows, at, COLUMN_STATE_CHANGED_AT);
    cells[SUBMISSION_ARRIVED_AT] = column_time(rows, at, COLUMN_ARRIVED_AT);
    cells[SUBMISSION_DAY] = column_date(rows, at, COLUMN_DAY);
    cells[SUBMISSION_RECEIVED_ON] = column_date(rows, at, COLUMN_RECEIVED_ON);
    respondent(rows, at, cells);
    cells[SUBMISSION_SUPERSEDES] = column_text(rows, at, COLUMN_SUPERSEDES);
    cells[SUBMISSION_ERASED_AT] = column_time(rows, at, COLUMN_ERASED_AT);
    cells[SUBMISSION_PRIORITIES] =
        priorities(consultation, (uint64_t)row_int(rows, at, COLUMN_PRIORITIES), row->codes);
    stances(consultation, rows, at, cells);
    return row_int(rows, at, COLUMN_ID);
}
