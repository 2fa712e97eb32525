#ifndef DOMAIN_FILTER_H
#define DOMAIN_FILTER_H

#include "base/problem.h"
#include "domain/submission.h"

#include <stdint.h>

/* Which submissions an official means: read from an address's query on the pages, from the command
 * line for a file, so that the filters on screen are the filters of the file. All that is set must
 * hold. Pure; confined to one thread. */

enum filter_field {
    FILTER_MEASURE,    /* 1-3: something is said on it; narrows stance, moderation and text to it */
    FILTER_STANCE,     /* 5 strongly support … 1 strongly oppose, 0 no opinion */
    FILTER_KIND,       /* individual, organisation */
    FILTER_STATE,      /* counted, held, superseded, withdrawn, set-aside */
    FILTER_LANGUAGE,   /* zh-Hant, en, zh-Hans */
    FILTER_FROM,       /* first Hong Kong day, 2026-11-25 */
    FILTER_TO,         /* last one */
    FILTER_MODERATION, /* waiting, passed, edited, refused: has such a remark */
    FILTER_TEXT,       /* has a remark that contains it, whatever the case */
    FILTER_FIELDS
};

enum { FILTER_POINTS = 100, FILTER_TEXT_BYTES = 4 * FILTER_POINTS };

/* `= {0}` is no filter: everything. */
struct submission_filter {
    unsigned set; /* bit 1 << enum filter_field; only what is set has a meaning below */
    char measure[CODE_TEXT];
    int stance;
    enum respondent_kind kind;
    const char *state; /* as the database writes it; static */
    enum language language;
    int32_t from, to; /* days since 1970 */
    enum moderation moderation;
    char text[FILTER_TEXT_BYTES + 1]; /* NFC */
};

/* Sets one field by its name; an empty value sets nothing, as forms send it. PROBLEM_NONE,
 * UNKNOWN_FIELD (for an address: somebody's tracking tag, ignored), UNKNOWN_VALUE, TOO_LONG,
 * BAD_TEXT, DUPLICATE. Whether the measure exists is not known here. */
enum problem_code submission_filter_set(struct submission_filter *filter, const char *name,
                                        const char *value);

/* The name of a field; static. */
const char *submission_filter_name(enum filter_field field);

/* The value as submission_filter_set takes it, in `scratch` or static; NULL: not set. */
const char *submission_filter_value(const struct submission_filter *filter, enum filter_field field,
                                    char scratch[FILTER_TEXT_BYTES + 1]);

#endif
