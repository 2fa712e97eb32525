#ifndef RESOURCES_INSTITUTIONS_DRAFTING_H
#define RESOURCES_INSTITUTIONS_DRAFTING_H

#include "domain/response.h"
#include "resources/officials/desk.h"

/* What the pages of a response have in common: whose it is follows from the member who asks, see
 * schema/functions/response_draft.sql. All on the desk's thread. */

enum { DRAFTING_REST = 192 };

struct drafting {
    struct consultation *consultation;
    char number[NUMBER_TEXT + 1]; /* "": it was not begun */
    enum language language;       /* that it is written in */
    bool publish;
    bool open;    /* it may be changed now */
    bool writes;  /* this member may write now */
    bool directs; /* this member may give sections to others, and say what it is, now */
};

/* The response of the address. Where it was not begun and `begun` is asked for, the reply leads to
 * its overview. False: a reply is set. *out: drafting_clear, whatever the outcome. */
bool drafting_open(struct request *request, bool begun, struct drafting *out);
void drafting_clear(struct drafting *drafting);

/* As above, and the section of the address. */
bool drafting_section(struct request *request, struct drafting *out, struct section *section);

/* "/consultations/x" and `own`, which begins with a slash or is "". */
void drafting_rest(const struct drafting *drafting, const char *own, char rest[DRAFTING_REST]);
/* Leads there. */
void drafting_redirect(struct request *request, const struct drafting *drafting, const char *own);
/* The page's address of it. New reference. */
json_t *drafting_address(const struct request *request, const struct drafting *drafting,
                         const char *own);

/* A page of it, with {consultation {title, rehearsal}, response {number, language (its tag), open,
 * writes, directs, home}} laid beside `page->page`, which is stolen. `page->rest` as `own` above,
 * or NULL. */
void drafting_show(struct request *request, const struct drafting *drafting,
                   const struct desk_page *page);

/* The account and the consultation, with which each statement begins. */
void drafting_params(const struct request *request, const struct drafting *drafting,
                     struct params *params);
/* Runs a statement that gives an outcome first; clears `params`. PROBLEM_NONE: done or unchanged;
 * *version: the second column (may be NULL). PROBLEM_COUNT: it did not run, and a reply is set. */
enum problem_code drafting_run(struct request *request, enum statement statement,
                               struct params *params, int *version);

/* {code, label ("Measure 1-3"), about (its words; null: none), name (about, else label), whole}.
 * New reference. */
json_t *section_title(const struct request *request, const struct consultation *consultation,
                      const struct section *section);
/* The stance in words, or null. New reference. */
json_t *section_stance(const struct request *request, const struct consultation *consultation,
                       int stance);

#endif
