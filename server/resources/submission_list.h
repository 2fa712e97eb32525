#ifndef RESOURCES_SUBMISSION_LIST_H
#define RESOURCES_SUBMISSION_LIST_H

#include "domain/consultation.h"
#include "domain/filter.h"
#include "domain/receipt.h"
#include "domain/remark_words.h"
#include "store/db.h"

#include <jansson.h>

/* The list of submissions that officials read, and one of them: which are meant, and their model.
 * What filters mean stands in domain/filter.h; `text` is looked for by words, in either script, as
 * domain/remark_words.h has it. Confined to one thread; connections are of a role that may read
 * answers. */

enum { LIST_PAGE = 50 }; /* submissions on a page */

enum list_way { LIST_FIRST, LIST_BEFORE, LIST_AFTER }; /* before: older ones */

struct list_wanted {
    struct submission_filter filter;
    int measure; /* its ordinal; 0: none set */
    struct word_query words;
    enum list_way way;
    char from[NUMBER_TEXT + 1]; /* number of the submission that the page lies before or after */
};

/* Reads filters, and `before` or `after`, by their names; `value` gives the parameter of a name or
 * NULL. Every fault is named by its parameter ("/measure"): UNKNOWN_VALUE, BAD_TEXT, TOO_LONG with
 * its limit, TOO_MANY words, MUST_BE_EMPTY for `after` beside `before`. */
bool list_wanted_read(const struct consultation *consultation,
                      const char *(*value)(void *context, const char *name), void *context,
                      struct list_wanted *out, struct faults *faults);

/* The model of a page, newest submission first:
 *
 *   submissions  [{number, arrived_at, day, state, kind, proven, language, channel, organisation,
 *                answers: {code: stance}, priorities: [code], remarks: how many, or, where words or
 *                moderation are asked for, hits: [{measure | question: code, moderation, text,
 *                marks: [[from, length]]}] in code points}]
 *   older, newer the number from which the next page goes on (`before`, `after`), or null
 *   unfinished   the time for one page was over before it was full: older (or newer) goes on with
 *                what was not looked at yet
 *
 * *model: a new reference, only with DB_OK. DB_REFUSED: `from` is no submission of this
 * consultation. */
enum db_status list_read(struct db *db, const struct consultation *consultation,
                         const struct list_wanted *wanted, json_t **model);

/* The next submissions that meet the filters on both sides of one, which itself need not: a number,
 * or "". `unfinished`: the time was over before there was one, and there may be; a list goes on
 * from there. DB_REFUSED as above. */
struct list_neighbour {
    char number[NUMBER_TEXT + 1];
    bool unfinished;
};
enum db_status list_neighbours(struct db *db, const struct consultation *consultation,
                               const struct list_wanted *wanted, const char *number,
                               struct list_neighbour *newer, struct list_neighbour *older);

/* One submission: as in a list, with state_reason, state_changed_at, received_on, identity_kind,
 * unchallenged, within_grace, sector, publication, erased_at, supersedes, superseded_by, and
 * remarks: [{measure | question: code, version, publish, moderation, reason, text, published,
 * release}]. DB_OK with NULL: there is none such. */
enum db_status list_one(struct db *db, const struct consultation *consultation, const char *number,
                        json_t **model);

#endif
