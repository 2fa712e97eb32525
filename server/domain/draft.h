#ifndef DOMAIN_DRAFT_H
#define DOMAIN_DRAFT_H

#include "base/problem.h"
#include "domain/consultation.h"

#include <jansson.h>

/* A consultation as a document, on its way into the database. Its form is that of
 * schema/consultations/consultation.schema.json; a test holds the rules here and the schema to the
 * same verdict. */

enum {
    DIRECTIONS_MOST = 6,
    DIRECTION_MEASURES_MOST = 10,
    DRAFT_QUESTIONS_MOST = 10,
    SECTORS_MOST = 30,
    TERMS_MOST = 40,
    DRAFT_SLUG_MOST = 40,
    DRAFT_TEXTS_MOST = 280,
    DRAFT_KEY_TEXT = 80,
    DRAFT_BYTES_MOST = 4 * 1024 * 1024
};

/* Told of each fault: its place as a JSON Pointer (RFC 6901), what it is, and the bound that was
 * passed (0: none). */
struct draft_report {
    void (*fault)(void *context, const char *pointer, enum problem_code code, long limit);
    void *context;
};

/* Parses bytes as JSON: no name twice in an object, no NUL. NULL after a fault at "" (MALFORMED).
 * Caller decrefs. */
json_t *draft_parse(const char *bytes, size_t length, const struct draft_report *report);

/* True if the document keeps every rule; else each fault was reported. */
bool draft_check(const json_t *document, const struct draft_report *report);

/* Keys of contact details begin so: they are the only texts that may be missing. */
#define DRAFT_CONTACT "contact/"

/* One text under its key in the database. A language that the draft lacks is NULL. */
struct draft_text {
    char key[DRAFT_KEY_TEXT];
    char pointer[DRAFT_KEY_TEXT]; /* where it stands in the document */
    int version;
    const char *body[LANGUAGES];
    const char *note[LANGUAGES];
};

/* A checked document as the importer stores it. All strings are the document's. */
struct draft {
    char slug[SLUG_MOST + 1];
    bool rehearsal;
    bool window_named;
    int64_t opens_us, closes_us; /* if named */
    int days_back;               /* of a rehearsal's opening */
    unsigned identity_kinds;
    unsigned proofs;
    int grace_s, entry_days;
    struct limits limits;
    struct publication publication;
    size_t direction_count, question_count, sector_count, term_count;
    size_t measures[DIRECTIONS_MOST]; /* of each direction */
    const char *sectors[SECTORS_MOST];
    const char *terms[TERMS_MOST];
    size_t text_count;
    struct draft_text texts[DRAFT_TEXTS_MOST];
};

/* Reads a document that passed draft_check; as its own rehearsal if asked. False, with a fault: it
 * has none. */
bool draft_read(const json_t *document, bool rehearsal, const struct draft_report *report,
                struct draft *out);

/* Codes are places: "2" and "2-3". Places from 0. */
void draft_direction_code(size_t direction, char code[CODE_TEXT]);
void draft_measure_code(size_t direction, size_t measure, char code[CODE_TEXT]);

#endif
