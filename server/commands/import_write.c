/* The importer's writes, statement by statement; see import.h. */
#include "commands/import.h"

#include "domain/identity.h"
#include "domain/window.h"

#include <stdio.h>
#include <string.h>

static enum db_status run(struct import *import, enum statement statement, struct params *params)
{
    enum db_status status = db_run(import->db, statement, params, NULL);
    params_clear(params);
    return status;
}

static enum db_status write_settings(struct import *import, int32_t id)
{
    const struct draft *draft = import->draft;
    const struct publication *publication = &draft->publication;
    struct params params = {0};
    params_int4(&params, id);
    params_int4(&params, draft->grace_s);
    params_int2(&params, draft->entry_days);
    params_int2(&params, (int)draft->identity_kinds);
    params_int4(&params, draft->limits.remark_points);
    params_int4(&params, draft->limits.question_points);
    params_int4(&params, draft->limits.name_points);
    params_int4(&params, draft->limits.priorities);
    params_int4(&params, publication->release_interval_s);
    params_int4(&params, publication->release_threshold);
    params_int4(&params, publication->blackout_s);
    params_int4(&params, publication->cell_minimum);
    params_int4(&params, publication->percentage_base);
    params_bool(&params, publication->after_close != 0);
    return run(import, STATEMENT_IMPORT_SETTINGS, &params);
}

enum db_status import_write_proofs(struct import *import, int32_t id)
{
    struct params params = {0};
    params_int4(&params, id);
    params_int2(&params, (int)import->draft->proofs);
    return run(import, STATEMENT_IMPORT_PROOFS, &params);
}

static enum db_status write_codes(struct import *import, int32_t id, enum statement statement,
                                  size_t count)
{
    struct params params = {0};
    params_int4(&params, id);
    array_begin(&params, ELEMENT_TEXT);
    for (size_t i = 0; i < count; i++) {
        char code[CODE_TEXT];
        draft_direction_code(i, code);
        array_text(&params, code);
    }
    array_end(&params);
    return run(import, statement, &params);
}

static enum db_status write_measures(struct import *import, int32_t id)
{
    const struct draft *draft = import->draft;
    struct params params = {0};
    params_int4(&params, id);
    array_begin(&params, ELEMENT_TEXT);
    for (size_t direction = 0; direction < draft->direction_count; direction++)
        for (size_t measure = 0; measure < draft->measures[direction]; measure++) {
            char code[CODE_TEXT];
            draft_measure_code(direction, measure, code);
            array_text(&params, code);
        }
    array_end(&params);
    array_begin(&params, ELEMENT_INT2);
    for (size_t direction = 0; direction < draft->direction_count; direction++)
        for (size_t measure = 0; measure < draft->measures[direction]; measure++)
            array_int2(&params, (int)direction + 1);
    array_end(&params);
    return run(import, STATEMENT_IMPORT_MEASURES, &params);
}

static enum db_status write_sectors(struct import *import, int32_t id)
{
    const struct draft *draft = import->draft;
    struct params params = {0};
    params_int4(&params, id);
    array_begin(&params, ELEMENT_TEXT);
    for (size_t i = 0; i < draft->sector_count; i++)
        array_text(&params, draft->sectors[i]);
    array_end(&params);
    return run(import, STATEMENT_IMPORT_SECTORS, &params);
}

enum db_status import_write_terms(struct import *import, int32_t id)
{
    const struct draft *draft = import->draft;
    struct params params = {0};
    params_int4(&params, id);
    array_begin(&params, ELEMENT_TEXT);
    for (size_t i = 0; i < draft->term_count; i++)
        array_text(&params, draft->terms[i]);
    array_end(&params);
    return run(import, STATEMENT_IMPORT_TERMS, &params);
}

/* What of the texts is written: all as drafted, or new versions of those that differ. */
struct texts {
    const struct draft *draft;
    const struct differences *corrected; /* NULL: all */
    const char *correction;
};

static int version_of(const struct texts *texts, size_t i)
{
    return texts->corrected ? texts->corrected->version[i] + 1 : texts->draft->texts[i].version;
}

/* A document that already speaks of the new version brings its own note. */
static const char *note_of(const struct texts *texts, size_t i, int language)
{
    const struct draft_text *text = &texts->draft->texts[i];
    bool own = !texts->corrected || text->version == version_of(texts, i);
    return own && text->note[language] ? text->note[language] : texts->correction;
}

enum text_column { TEXT_KEY, TEXT_VERSION, TEXT_LANGUAGE, TEXT_BODY, TEXT_NOTE, TEXT_COLUMNS };

static void add_cell(struct params *params, const struct texts *texts, enum text_column column,
                     size_t i, int language)
{
    const char *note = NULL;
    switch (column) {
    case TEXT_KEY:
        array_text(params, texts->draft->texts[i].key);
        break;
    case TEXT_VERSION:
        array_int2(params, version_of(texts, i));
        break;
    case TEXT_LANGUAGE:
        array_int2(params, language);
        break;
    case TEXT_BODY:
        array_text(params, texts->draft->texts[i].body[language]);
        break;
    case TEXT_NOTE:
        note = note_of(texts, i, language);
        if (note)
            array_text(params, note);
        else
            array_null(params);
        break;
    case TEXT_COLUMNS:
        break;
    }
}

static enum db_status write_texts(struct import *import, int32_t id, const struct texts *texts)
{
    static const enum element elements[TEXT_COLUMNS] = {[TEXT_KEY] = ELEMENT_TEXT,
                                                        [TEXT_VERSION] = ELEMENT_INT2,
                                                        [TEXT_LANGUAGE] = ELEMENT_INT2,
                                                        [TEXT_BODY] = ELEMENT_TEXT,
                                                        [TEXT_NOTE] = ELEMENT_TEXT};
    struct params params = {0};
    params_int4(&params, id);
    for (int column = 0; column < TEXT_COLUMNS; column++) {
        array_begin(&params, elements[column]);
        for (size_t i = 0; i < texts->draft->text_count; i++)
            for (int language = 0; language < LANGUAGES; language++)
                if (texts->draft->texts[i].body[language] &&
                    (!texts->corrected || texts->corrected->text[i]))
                    add_cell(&params, texts, (enum text_column)column, i, language);
        array_end(&params);
    }
    return run(import, STATEMENT_IMPORT_TEXTS, &params);
}

enum db_status import_write_consultation(struct import *import, const struct stored *stored,
                                         int32_t *id)
{
    const struct draft *draft = import->draft;
    struct window_span span = draft->rehearsal ? window_rehearsal(stored->now_us, draft->days_back)
                                               : window_default(stored->now_us);
    struct params params = {0};
    struct rows rows = {0};
    params_text(&params, draft->slug);
    params_bool(&params, draft->rehearsal);
    params_time(&params, draft->window_named ? draft->opens_us : span.opens_us);
    params_time(&params, draft->window_named ? draft->closes_us : span.closes_us);
    params_int2(&params, IDENTITY_NORMALISATION);
    params_bytes(&params, import->document_hash.bytes, sizeof import->document_hash.bytes);
    params_bytes(&params, import->identity_check.bytes, sizeof import->identity_check.bytes);
    enum db_status status = db_run(import->db, STATEMENT_IMPORT_CREATE, &params, &rows);
    if (status == DB_OK)
        *id = (int32_t)row_int(&rows, 0, 0);
    rows_clear(&rows);
    params_clear(&params);
    return status;
}

enum db_status import_clear_content(struct import *import, int32_t id)
{
    static const enum statement statements[] = {
        STATEMENT_IMPORT_CLEAR_TEXTS,    STATEMENT_IMPORT_CLEAR_TERMS,
        STATEMENT_IMPORT_CLEAR_SECTORS,  STATEMENT_IMPORT_CLEAR_QUESTIONS,
        STATEMENT_IMPORT_CLEAR_MEASURES, STATEMENT_IMPORT_CLEAR_DIRECTIONS};
    enum db_status status = DB_OK;
    for (size_t i = 0; status == DB_OK && i < sizeof statements / sizeof *statements; i++) {
        struct params params = {0};
        params_int4(&params, id);
        status = run(import, statements[i], &params);
    }
    return status;
}

enum db_status import_write_content(struct import *import, int32_t id)
{
    const struct draft *draft = import->draft;
    const struct texts texts = {.draft = draft};
    enum db_status status = write_settings(import, id);
    if (status == DB_OK)
        status = import_write_proofs(import, id);
    if (status == DB_OK)
        status = write_codes(import, id, STATEMENT_IMPORT_DIRECTIONS, draft->direction_count);
    if (status == DB_OK)
        status = write_measures(import, id);
    if (status == DB_OK)
        status = write_codes(import, id, STATEMENT_IMPORT_QUESTIONS, draft->question_count);
    if (status == DB_OK)
        status = write_sectors(import, id);
    if (status == DB_OK)
        status = import_write_terms(import, id);
    return status == DB_OK ? write_texts(import, id, &texts) : status;
}

enum db_status import_write_corrections(struct import *import, int32_t id,
                                        const struct differences *differ)
{
    const struct texts texts = {import->draft, differ, import->correction};
    enum db_status status = differ->proofs ? import_write_proofs(import, id) : DB_OK;
    return status == DB_OK ? write_texts(import, id, &texts) : status;
}

enum db_status import_write_end(struct import *import, int32_t id, const char *action,
                                const char *detail, struct imported *out)
{
    struct params finish = {0}, audit = {0};
    struct rows rows = {0};
    params_int4(&finish, id);
    params_bytes(&finish, import->document_hash.bytes, sizeof import->document_hash.bytes);
    enum db_status status = db_run(import->db, STATEMENT_IMPORT_FINISH, &finish, &rows);
    if (status == DB_OK) {
        out->complete = row_bool(&rows, 0, 0);
        out->opens_us = row_time(&rows, 0, 1);
        out->closes_us = row_time(&rows, 0, 2);
    }
    rows_clear(&rows);
    params_clear(&finish);
    params_text(&audit, action);
    params_int4(&audit, id);
    params_text(&audit, detail);
    return status == DB_OK ? run(import, STATEMENT_AUDIT_WRITE, &audit)
                           : (params_clear(&audit), status);
}
