#ifndef RESOURCES_OFFICIALS_MODERATION_H
#define RESOURCES_OFFICIALS_MODERATION_H

#include "domain/consultation.h"
#include "domain/moderation.h"
#include "domain/personal_data.h"
#include "domain/receipt.h"
#include "domain/removal.h"
#include "domain/submission.h"
#include "http/request.h"
#include "store/db.h"

/* What the pages of moderation share. All on the desk's thread. */

enum {
    PLACE_TEXT = NUMBER_TEXT + SLUG_MOST + 2,
    MODERATION_REST = 320,
    FOUND_MOST = REMOVALS_MOST
};

/* Which remark of a consultation is meant: that of a receipt's number on a measure or an invited
 * question. */
struct place {
    char number[NUMBER_TEXT + 1];
    enum remark_part part;
    int ordinal;
    const char *code; /* the measure's or the question's; the consultation's */
};

/* False: the number has no number's form, or there is no such measure or question. */
bool remark_place_find(const struct consultation *consultation, const char *number,
                       const char *code, struct place *out);
/* The same from "NUMBER:CODE", as it stands in an address's query. */
bool remark_place_read(const struct consultation *consultation, const char *text,
                       struct place *out);
void remark_place_text(const struct place *place, char text[PLACE_TEXT]);
/* The remark of a row with number, part and ordinal in these columns. */
bool remark_place_of_row(const struct consultation *consultation, const struct rows *rows, int row,
                         int number, int part, int ordinal, struct place *out);
/* Its page's address after /officials. */
void remark_place_rest(const struct consultation *consultation, const struct place *place,
                       char rest[MODERATION_REST]);

/* Columns of moderation_open. */
enum {
    OPEN_DAY,
    OPEN_LANGUAGE,
    OPEN_KIND,
    OPEN_ORGANISATION,
    OPEN_VERSION,
    OPEN_ORIGINAL,
    OPEN_PUBLISHED,
    OPEN_MODERATION,
    OPEN_DECISIONS,
    OPEN_REASON,
    OPEN_AT,
    OPEN_BY,
    OPEN_SHOWN
};

/* A remark that lies before a moderator; that it does was written down. */
struct opened {
    struct consultation *consultation; /* held */
    struct place place;
    struct rows rows;
    const char *original; /* in rows */
    size_t found_count;
    struct personal_finding found[FOUND_MOST]; /* what looks like personal data */
};

/* What a moderator sent. */
struct decision {
    enum moderation outcome; /* MODERATIONS: none was chosen; WAITING: to be put back */
    const char *reason;      /* a code, static, or NULL */
    char *text;              /* what is left of the remark, in normal form; owned; NULL: none */
    bool ticked[FOUND_MOST]; /* what is to be removed of what was found */
    int32_t seen;
    struct removals removals; /* of both */
};

/* The page of a remark. `decision` NULL: none was sent; `preview`: words, or NULL. New reference.
 */
json_t *moderation_view(struct request *request, const struct opened *opened,
                        const struct decision *decision, const struct faults *faults,
                        const char *preview);

/* What was done with the remark before this one, from the address's query, as {what, href}, without
 * href where it was put back; JSON's null if nothing. New reference. */
json_t *moderation_done_view(const struct request *request,
                             const struct consultation *consultation);

/* How many remarks wait, counted up to `most`. False: a problem is set. */
bool moderation_waiting(struct request *request, int most, int *count);

/* A string by prefix and name; "–" where there is no name. New reference. */
json_t *moderation_word(const struct request *request, const char *prefix, const char *name);

#endif
