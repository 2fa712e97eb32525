/* A consultation's lists and all its wording; see load.h. */
#include "publish/load.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_TEXT = 96,
    HEADS = 4,
    TEXTS_MOST = 3 /* of one part */
};
enum part { PART_DIRECTION, PART_MEASURE, PART_QUESTION, PART_SECTOR, PART_TERM, PARTS };

/* Where the text of a key goes. */
struct place {
    char key[KEY_TEXT];
    struct text *text;
    bool optional;
};

struct parts {
    struct consultation *consultation;
    size_t places_count;
    struct place *places; /* in the consultation's memory */
};

static void add_place(struct parts *parts, struct text *text, const char *kind, const char *code,
                      const char *part)
{
    struct place *place = &parts->places[parts->places_count++];
    place->text = text;
    snprintf(place->key, sizeof place->key, "%s%s%s%s%s", kind, *code ? "/" : "", code,
             *part ? "/" : "", part);
}

static void put_direction(struct parts *parts, int ordinal, const char *code, int within)
{
    struct consultation *c = parts->consultation;
    struct direction *direction = &c->directions[c->direction_count++];
    (void)within;
    direction->ordinal = ordinal;
    snprintf(direction->code, sizeof direction->code, "%s", code);
    add_place(parts, &direction->title, "direction", code, "title");
    add_place(parts, &direction->full_title, "direction", code, "full-title");
    add_place(parts, &direction->background, "direction", code, "background");
}

/* Measures come by ordinal, hence those of a direction together. */
static void put_measure(struct parts *parts, int ordinal, const char *code, int within)
{
    struct consultation *c = parts->consultation;
    struct measure *measure = &c->measures[c->measure_count++];
    measure->ordinal = ordinal;
    snprintf(measure->code, sizeof measure->code, "%s", code);
    while (measure->direction + 1 < c->direction_count &&
           c->directions[measure->direction].ordinal != within)
        measure->direction++;
    struct direction *direction = &c->directions[measure->direction];
    if (direction->measures++ == 0)
        direction->first_measure = c->measure_count - 1;
    add_place(parts, &measure->text, "measure", code, "");
}

static void put_question(struct parts *parts, int ordinal, const char *code, int within)
{
    struct consultation *c = parts->consultation;
    struct question *question = &c->questions[c->question_count++];
    (void)within;
    question->ordinal = ordinal;
    snprintf(question->code, sizeof question->code, "%s", code);
    add_place(parts, &question->text, "question", code, "");
}

static void put_sector(struct parts *parts, int ordinal, const char *code, int within)
{
    struct consultation *c = parts->consultation;
    struct sector *sector = &c->sectors[c->sector_count++];
    (void)ordinal, (void)within;
    snprintf(sector->code, sizeof sector->code, "%s", code);
    add_place(parts, &sector->label, "sector", code, "");
}

static void put_term(struct parts *parts, int ordinal, const char *code, int within)
{
    struct consultation *c = parts->consultation;
    struct term *term = &c->terms[c->term_count++];
    (void)ordinal, (void)within;
    snprintf(term->code, sizeof term->code, "%s", code);
    add_place(parts, &term->word, "term", code, "word");
    add_place(parts, &term->forms, "term", code, "forms");
    add_place(parts, &term->meaning, "term", code, "meaning");
}

/* Memory for as many of each as there are rows: lists of some dozens. */
static bool take_lists(struct parts *parts, size_t rows)
{
    struct consultation *c = parts->consultation;
    size_t places = HEADS + CONTACT_PARTS + STANCES + rows * TEXTS_MOST;
    c->directions = arena_take(c->memory, rows, sizeof *c->directions);
    c->measures = arena_take(c->memory, rows, sizeof *c->measures);
    c->questions = arena_take(c->memory, rows, sizeof *c->questions);
    c->sectors = arena_take(c->memory, rows, sizeof *c->sectors);
    c->terms = arena_take(c->memory, rows, sizeof *c->terms);
    parts->places = arena_take(c->memory, places, sizeof *parts->places);
    return arena_ok(c->memory);
}

static void put_heads(struct parts *parts)
{
    struct consultation *c = parts->consultation;
    add_place(parts, &c->title, "title", "", "");
    add_place(parts, &c->summary, "summary", "", "");
    add_place(parts, &c->introduction, "introduction", "", "");
    add_place(parts, &c->contact, "contact", "", "");
    for (enum contact_part part = 0; part < CONTACT_PARTS; part++) {
        add_place(parts, &c->contact_details[part], "contact", contact_part_name(part), "");
        parts->places[parts->places_count - 1].optional = true;
    }
    for (char code[] = "0"; code[0] < '0' + STANCES; code[0]++)
        add_place(parts, &c->stance_labels[code[0] - '0'], "stance", code, "");
}

static enum db_status load_lists(struct db *db, const struct params *id, struct parts *parts)
{
    static void (*const puts[PARTS])(struct parts *, int, const char *, int) = {
        [PART_DIRECTION] = put_direction, [PART_MEASURE] = put_measure,
        [PART_QUESTION] = put_question,   [PART_SECTOR] = put_sector,
        [PART_TERM] = put_term,
    };
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_PARTS, id, &rows);
    int count = status == DB_OK ? rows_count(&rows) : 0;
    if (status == DB_OK && !take_lists(parts, (size_t)count))
        status = DB_FAULT;
    if (status == DB_OK) {
        put_heads(parts);
        for (int row = 0; row < count; row++)
            puts[row_int(&rows, row, 0)](parts, (int)row_int(&rows, row, 1),
                                         row_text(&rows, row, 2), (int)row_int(&rows, row, 3));
    }
    rows_clear(&rows);
    return status;
}

static struct text *place_of(const struct parts *parts, const char *key)
{
    for (size_t i = 0; i < parts->places_count; i++)
        if (strcmp(parts->places[i].key, key) == 0)
            return parts->places[i].text;
    return NULL;
}

static enum db_status load_texts(struct db *db, const struct params *id, const struct parts *parts)
{
    struct arena *memory = parts->consultation->memory;
    struct rows rows = {0};
    enum db_status status = db_run(db, STATEMENT_CONSULTATION_TEXTS, id, &rows);
    for (int row = 0; status == DB_OK && row < rows_count(&rows); row++) {
        struct text *text = place_of(parts, row_text(&rows, row, 0));
        int64_t language = row_int(&rows, row, 2);
        if (!text || language < 0 || language >= LANGUAGES)
            continue;
        text->version = (int)row_int(&rows, row, 1);
        text->body[language] = arena_text(memory, row_text(&rows, row, 3));
        text->note[language] = arena_text(memory, row_text(&rows, row, 4));
    }
    rows_clear(&rows);
    return status == DB_OK && !arena_ok(memory) ? DB_FAULT : status;
}

/* What officials see of a consultation that is not complete: in every language, by the one in which
 * all of it was written. */
static void parts_stand_in(const struct parts *parts)
{
    for (size_t i = 0; i < parts->places_count; i++) {
        struct text *text = parts->places[i].text;
        for (int language = 0; language < LANGUAGES; language++)
            if (!text->body[language])
                text->body[language] = text->body[LANGUAGE_ZH_HANT];
    }
}

/* Compact stances lie at ordinal - 1, so ordinals must be 1, 2, 3 … and within the bounds. */
static bool parts_are_whole(const struct parts *parts)
{
    const struct consultation *c = parts->consultation;
    bool whole = c->direction_count > 0 && c->measure_count <= MEASURES_MOST &&
                 c->question_count <= QUESTIONS_MOST;
    for (size_t i = 0; whole && i < c->measure_count; i++)
        whole = c->measures[i].ordinal == (int)i + 1;
    for (size_t i = 0; whole && i < c->direction_count; i++)
        whole = c->directions[i].measures > 0;
    for (size_t i = 0; whole && i < parts->places_count; i++)
        for (int language = 0; whole && language < LANGUAGES; language++)
            whole = parts->places[i].optional || parts->places[i].text->body[language] != NULL;
    return whole;
}

enum db_status load_parts(struct db *db, const struct params *id, struct consultation *consultation,
                          bool *whole)
{
    struct parts parts = {.consultation = consultation};
    enum db_status status = load_lists(db, id, &parts);
    if (status == DB_OK)
        status = load_texts(db, id, &parts);
    if (status == DB_OK && !consultation->complete)
        parts_stand_in(&parts);
    *whole = status == DB_OK && parts_are_whole(&parts);
    return status;
}
