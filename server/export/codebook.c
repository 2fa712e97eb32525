/* The codebook: every column, every code with its label in three languages, and the rules of the
 * files. Made of the same tables as the files. */
#include "export/sources.h"

#include <assert.h>
#include <string.h>

enum codebook_column {
#define CODEBOOK_COLUMN(name, ...) CODEBOOK_##name,
#include "export/columns.def"
    CODEBOOK_COLUMNS
};

static const struct column_about codebook_columns[] = {
#define CODEBOOK_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};
static const struct column_about about_columns[] = {
#define ABOUT_COLUMN(enum_name, name, type, list, ...) {name, TYPE_##type, list, {__VA_ARGS__}},
#include "export/columns.def"
};

struct meaning {
    const char *list, *code;
    const char *labels[LANGUAGES];
};

static const struct meaning codes[] = {
#define CODE(list, code, ...) {list, code, {__VA_ARGS__}},
#include "export/codes.def"
};
static const struct meaning rules[] = {
#define RULE(name, ...) {name, NULL, {__VA_ARGS__}},
#include "export/rules.def"
};

static const char *const types[] = {
    [TYPE_TEXT] = "text", [TYPE_INTEGER] = "integer", [TYPE_BOOLEAN] = "boolean",
    [TYPE_DATE] = "date", [TYPE_TIME] = "time",       [TYPE_LIST] = "list",
};

void codebook_table(struct table *table)
{
    *table = (struct table){.name = "codebook"};
    for (size_t i = 0; i < CODEBOOK_COLUMNS; i++)
        table_add(table, &codebook_columns[i], NULL);
}

void about_table(struct table *table)
{
    *table = (struct table){.name = "about"};
    for (size_t i = 0; i < sizeof about_columns / sizeof *about_columns; i++)
        table_add(table, &about_columns[i], NULL);
}

struct codebook {
    row_taker *take;
    void *context;
};

static bool add(const struct codebook *book, struct cell *cells, const char *const *labels)
{
    static_assert((int)CODEBOOK_EN == (int)CODEBOOK_ZH_HANT + (int)LANGUAGE_EN &&
                      (int)CODEBOOK_ZH_HANS == (int)CODEBOOK_ZH_HANT + (int)LANGUAGE_ZH_HANS,
                  "labels stand in the languages' order");
    for (int language = 0; language < LANGUAGES; language++)
        cells[CODEBOOK_ZH_HANT + language] = cell_text(labels[language]);
    return book->take(book->context, cells);
}

static bool add_columns(const struct codebook *book, const struct table *table)
{
    bool ok = true;
    for (size_t i = 0; ok && i < table->count; i++) {
        const struct column *column = &table->columns[i];
        struct cell cells[CODEBOOK_COLUMNS] = {
            [CODEBOOK_ENTRY] = cell_text("column"),
            [CODEBOOK_TABLE] = cell_text(table->name),
            [CODEBOOK_NAME] = cell_text(column->name),
            [CODEBOOK_CODE] = cell_text(NULL),
            [CODEBOOK_TYPE] = cell_text(types[column->about->type]),
            [CODEBOOK_LIST] = cell_text(column->about->list),
        };
        ok = add(book, cells, column->about->meaning);
    }
    return ok;
}

/* A code of a list, or a rule where there is no code. */
static bool add_meaning(const struct codebook *book, const struct meaning *meaning)
{
    struct cell cells[CODEBOOK_COLUMNS] = {
        [CODEBOOK_ENTRY] = cell_text(meaning->code ? "code" : "rule"),
        [CODEBOOK_TABLE] = cell_text(NULL),
        [CODEBOOK_NAME] = cell_text(meaning->list),
        [CODEBOOK_CODE] = cell_text(meaning->code),
        [CODEBOOK_TYPE] = cell_text(NULL),
        [CODEBOOK_LIST] = cell_text(NULL),
    };
    return add(book, cells, meaning->labels);
}

static bool add_code(const struct codebook *book, const char *list, const char *code,
                     const struct text *text)
{
    struct meaning meaning = {.list = list, .code = code};
    memcpy(meaning.labels, text->body, sizeof meaning.labels);
    return add_meaning(book, &meaning);
}

/* What the consultation words itself. */
static bool add_consultation(const struct codebook *book, const struct consultation *consultation)
{
    static const char *const stances[STANCES] = {"0", "1", "2", "3", "4", "5"};
    bool ok = true;
    for (size_t i = 0; ok && i < STANCES; i++)
        ok = add_code(book, "stance", stances[i], &consultation->stance_labels[i]);
    for (size_t i = 0; ok && i < consultation->sector_count; i++)
        ok = add_code(book, "sector", consultation->sectors[i].code,
                      &consultation->sectors[i].label);
    for (size_t i = 0; ok && i < consultation->direction_count; i++)
        ok = add_code(book, "direction", consultation->directions[i].code,
                      &consultation->directions[i].title);
    for (size_t i = 0; ok && i < consultation->measure_count; i++)
        ok = add_code(book, "measure", consultation->measures[i].code,
                      &consultation->measures[i].text);
    for (size_t i = 0; ok && i < consultation->question_count; i++)
        ok = add_code(book, "question", consultation->questions[i].code,
                      &consultation->questions[i].text);
    return ok;
}

bool codebook_rows(const struct consultation *consultation, row_taker *take, void *context)
{
    const struct codebook book = {take, context};
    struct table tables[4];
    submissions_table(consultation, &tables[0]);
    remarks_table(&tables[1]);
    tallies_table(&tables[2]);
    codebook_table(&tables[3]);
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof tables / sizeof *tables; i++)
        ok = add_columns(&book, &tables[i]);
    for (size_t i = 0; ok && i < sizeof codes / sizeof *codes; i++)
        ok = add_meaning(&book, &codes[i]);
    ok = ok && add_consultation(&book, consultation);
    for (size_t i = 0; ok && i < sizeof rules / sizeof *rules; i++)
        ok = add_meaning(&book, &rules[i]);
    return ok;
}
