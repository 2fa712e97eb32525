#ifndef DOMAIN_CONSULTATION_H
#define DOMAIN_CONSULTATION_H

#include "domain/digest.h"
#include "domain/language.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena; /* base/arena */

/* A consultation as the server holds it: an immutable picture of the database at one revision, made
 * by publish/catalogue, read by any thread that holds a reference. All strings live and die with
 * it. */

enum { MEASURES_MOST = 60, QUESTIONS_MOST = 20, STANCES = 6, CODE_TEXT = 8, SLUG_MOST = 60 };

/* Stance codes: 1 strongly oppose … 5 strongly support, 0 no opinion; absent is STANCE_ABSENT in a
 * compact row. */
enum { STANCE_NO_OPINION = 0, STANCE_FIRST = 1, STANCE_LAST = 5, STANCE_ABSENT = 0xff };

/* One text in all its languages at one version; paragraphs are parted by an empty line. */
struct text {
    int version;
    const char *body[LANGUAGES];
    const char *note[LANGUAGES]; /* of a correction; NULL if none */
};

struct measure {
    int ordinal; /* permanent, from 1; compact stances are stored at ordinal - 1 */
    char code[CODE_TEXT];
    size_t direction; /* index into consultation.directions */
    struct text text;
};

struct direction {
    int ordinal;
    char code[CODE_TEXT];
    struct text title, full_title, background;
    size_t first_measure, measures; /* its measures stand together */
};

struct question {
    int ordinal;
    char code[CODE_TEXT];
    struct text text;
};

struct sector {
    char code[SLUG_MOST + 1];
    struct text label;
};

/* A word of the consultation that is explained. `forms`: how texts write it, one a line. */
struct term {
    char code[SLUG_MOST + 1];
    struct text word, forms, meaning;
};

/* How whoever runs it is reached: each as far as it was given. */
enum contact_part {
    CONTACT_POST,
    CONTACT_ADDRESS,
    CONTACT_TELEPHONE,
    CONTACT_EMAIL,
    CONTACT_PARTS
};

enum identity_kind {
    IDENTITY_NONE,
    IDENTITY_EMAIL,
    IDENTITY_MOBILE,
    IDENTITY_HKID,
    IDENTITY_OPENID, /* never typed: a provider says it */
    IDENTITY_KINDS
};

/* What a consultation takes as proof of an identity. */
enum proof_kind {
    PROOF_NONE,
    PROOF_DECLARED,   /* none: what is said is taken as it is */
    PROOF_EMAIL_CODE, /* a code that was sent to the address */
    PROOF_OPENID,     /* a sign-in at an OpenID Connect provider */
    PROOF_KINDS
};

struct limits {
    int remark_points;   /* code points of a remark */
    int question_points; /* code points of an answer to an invited question */
    int name_points;     /* of an organisation's name */
    int priorities;      /* measures marked as mattering most, 3 at the most */
};

/* When and what the public sees; times in seconds, counts in respondents. */
struct publication {
    int release_interval_s;
    int release_threshold;
    int blackout_s;      /* no release so long before the close */
    int cell_minimum;    /* no published cell below it but zero */
    int percentage_base; /* no percentage from fewer */
    int after_close;     /* 1: no release before consultation_figures_us */
};

/* The close was put off while the consultation was open. */
struct extension {
    int64_t extended_us, previous_us, closes_us; /* when, from and to; since 1970 UTC */
    const char *reason[LANGUAGES];
};

struct search_index; /* domain/search */

struct consultation {
    atomic_int references;
    int id;
    char slug[SLUG_MOST + 1];
    bool rehearsal;
    bool complete;               /* every text in all languages: it may open */
    int64_t opens_us, closes_us; /* half-open window, since 1970 UTC */
    int64_t grace_us;            /* end of the grace after it, since 1970 UTC */
    int64_t entry_us;            /* until when officials type in what came on paper and the like */
    int64_t revision;
    unsigned identity_kinds;      /* bit 1 << enum identity_kind */
    unsigned proofs;              /* bit 1 << enum proof_kind */
    int normalisation;            /* version of domain/identity's rules, fixed at creation */
    struct digest identity_check; /* what only its identity key gives, see domain/keys */
    bool identity_destroyed;      /* that key is gone, as it should be */
    struct limits limits;
    struct publication publication;
    struct text title, summary, introduction, contact;
    struct text contact_details[CONTACT_PARTS]; /* body NULL: not given */
    struct text stance_labels[STANCES];
    size_t direction_count, measure_count, question_count, sector_count, term_count;
    struct direction *directions;
    struct measure *measures; /* by ordinal, hence by direction */
    struct question *questions;
    struct sector *sectors;
    struct term *terms;
    size_t extension_count;
    struct extension *extensions;     /* the first one first */
    const struct search_index *index; /* of its texts; NULL while some are nowhere */
    int responses;                    /* institutions whose response is published */
    int (*measure_stances)[STANCES], (*direction_stances)[STANCES]; /* in these, by index */
    json_t *release; /* the newest release's document, read only; NULL before the first */
    int64_t released_us;
    struct arena *memory; /* what the strings and lists live in */
};

/* From when on one that publishes its figures after the close does (about; the database decides):
 * when nothing can come in any more, since of two releases that differ by one answer the later one
 * would say which that is. */
static inline int64_t consultation_figures_us(const struct consultation *consultation)
{
    return consultation->entry_us > consultation->grace_us ? consultation->entry_us
                                                           : consultation->grace_us;
}

enum window { WINDOW_BEFORE, WINDOW_OPEN, WINDOW_CLOSED };

/* Which side of the window a moment lies on; only for showing. The database decides what is
 * accepted. */
enum window consultation_window(const struct consultation *consultation, int64_t utc_us);

const struct direction *consultation_direction(const struct consultation *consultation,
                                               const char *code);
const struct measure *consultation_measure(const struct consultation *consultation,
                                           const char *code);
const struct question *consultation_question(const struct consultation *consultation,
                                             const char *code);
const struct sector *consultation_sector(const struct consultation *consultation, const char *code);

/* "post", "address", "telephone", "email"; static. */
const char *contact_part_name(enum contact_part part);

/* "declared", "email-code", "openid"; static. */
const char *proof_kind_name(enum proof_kind kind);

/* Any thread. The last release frees it. Both take NULL. */
struct consultation *consultation_hold(struct consultation *consultation);
void consultation_release(struct consultation *consultation);

#endif
