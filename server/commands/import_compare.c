/* What a draft would change of what is stored; see import.h. */
#include "commands/import.h"

#include <stdio.h>
#include <string.h>

/* Kinds of parts, as the statement numbers them. */
enum { PART_DIRECTION, PART_MEASURE, PART_QUESTION, PART_SECTOR, PART_TERM, PART_KINDS };

static const char *measure_code(const struct draft *draft, size_t place, char code[CODE_TEXT])
{
    size_t direction = 0;
    while (direction + 1 < draft->direction_count && place >= draft->measures[direction])
        place -= draft->measures[direction++];
    draft_measure_code(direction, place, code);
    return code;
}

static bool has_term(const struct draft *draft, const char *code)
{
    for (size_t i = 0; i < draft->term_count; i++)
        if (strcmp(draft->terms[i], code) == 0)
            return true;
    return false;
}

/* Terms may come in any order, and more of them. The other lists are the same if each code stands
 * at the same place, and there are as many. */
static void compare_parts(const struct draft *draft, const struct rows *rows,
                          struct differences *out)
{
    size_t seen[PART_KINDS] = {0}, measures = 0;
    char code[CODE_TEXT];
    for (size_t i = 0; i < draft->direction_count; i++)
        measures += draft->measures[i];
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t kind = row_int(rows, row, 0);
        size_t place = seen[kind]++;
        if (kind == PART_MEASURE && place < measures &&
            strcmp(row_text(rows, row, 2), measure_code(draft, place, code)) != 0)
            out->directions = true;
        if (kind == PART_SECTOR && place < draft->sector_count &&
            strcmp(row_text(rows, row, 2), draft->sectors[place]) != 0)
            out->sectors = true;
        if (kind == PART_TERM && !has_term(draft, row_text(rows, row, 2)))
            out->terms_gone = true;
    }
    if (!out->terms_gone)
        out->new_terms = draft->term_count - seen[PART_TERM];
    out->directions = out->directions || seen[PART_MEASURE] != measures ||
                      seen[PART_DIRECTION] != draft->direction_count;
    out->questions = seen[PART_QUESTION] != draft->question_count;
    out->sectors = out->sectors || seen[PART_SECTOR] != draft->sector_count;
}

static bool same_text(const char *stored, const char *drafted)
{
    return stored && drafted ? strcmp(stored, drafted) == 0 : stored == drafted;
}

/* A note counts only where the draft speaks of the stored version: --correct gives one that the
 * document need not repeat. */
static bool same_words(const struct rows *rows, int row, const struct draft_text *text)
{
    int64_t language = row_int(rows, row, 2);
    bool same = same_text(row_text(rows, row, 3), text->body[language]);
    return same && (text->version != row_int(rows, row, 1) || !text->note[language] ||
                    same_text(row_text(rows, row, 4), text->note[language]));
}

static bool is_contact(const char *key)
{
    return strncmp(key, DRAFT_CONTACT, strlen(DRAFT_CONTACT)) == 0;
}

static bool has_text(const struct draft *draft, const char *key)
{
    for (size_t i = 0; i < draft->text_count; i++)
        if (strcmp(draft->texts[i].key, key) == 0)
            return true;
    return false;
}

static void compare_texts(const struct draft *draft, const struct rows *rows,
                          struct differences *out)
{
    int matched = 0;
    for (size_t i = 0; i < draft->text_count; i++) {
        const struct draft_text *text = &draft->texts[i];
        size_t drafted = 0, stored = 0, same = 0;
        for (int language = 0; language < LANGUAGES; language++)
            drafted += text->body[language] != NULL;
        for (int row = 0; row < rows_count(rows); row++) {
            if (strcmp(row_text(rows, row, 0), text->key) != 0)
                continue;
            stored++;
            out->version[i] = (int)row_int(rows, row, 1);
            same += same_words(rows, row, text);
        }
        matched += (int)stored;
        out->text[i] = same != drafted || same != stored;
        out->text_count += out->text[i];
        out->new_details += stored == 0 && is_contact(text->key);
    }
    out->texts_gone = matched != rows_count(rows);
    for (int row = 0; row < rows_count(rows); row++) {
        const char *key = row_text(rows, row, 0);
        out->details_gone = out->details_gone || (is_contact(key) && !has_text(draft, key));
    }
}

static void compare_settings(const struct import *import, const struct stored *stored,
                             struct differences *out)
{
    const struct draft *draft = import->draft;
    out->window = draft->window_named &&
                  (draft->opens_us != stored->opens_us || draft->closes_us != stored->closes_us);
    out->settings =
        draft->grace_s != stored->grace_s || draft->entry_days != stored->entry_days ||
        draft->identity_kinds != stored->identity_kinds ||
        memcmp(&draft->publication, &stored->publication, sizeof draft->publication) != 0;
    out->proofs = draft->proofs != stored->proofs;
    out->limits = memcmp(&draft->limits, &stored->limits, sizeof draft->limits) != 0;
}

enum db_status import_compare(const struct import *import, const struct stored *stored,
                              struct differences *out)
{
    struct params id = {0};
    struct rows rows = {0};
    *out = (struct differences){0};
    compare_settings(import, stored, out);
    params_int4(&id, stored->id);
    enum db_status status = db_run(import->db, STATEMENT_CONSULTATION_PARTS, &id, &rows);
    if (status == DB_OK)
        compare_parts(import->draft, &rows, out);
    rows_clear(&rows);
    if (status == DB_OK)
        status = db_run(import->db, STATEMENT_CONSULTATION_TEXTS, &id, &rows);
    if (status == DB_OK)
        compare_texts(import->draft, &rows, out);
    rows_clear(&rows);
    params_clear(&id);
    return status;
}

bool differences_any(const struct differences *differences)
{
    return differences->window || differences->settings || differences->proofs ||
           differences->limits || differences->directions || differences->questions ||
           differences->sectors || differences->texts_gone || differences->terms_gone ||
           differences->new_terms > 0 || differences->text_count > 0;
}

size_t differences_corrected(const struct differences *differences)
{
    size_t count = differences->new_details;
    for (size_t i = 0; i < DRAFT_TEXTS_MOST; i++)
        count += differences->text[i] && differences->version[i] > 0;
    return count;
}
