#ifndef DOMAIN_RESPONSE_H
#define DOMAIN_RESPONSE_H

#include "base/problem.h"
#include "domain/consultation.h"
#include "domain/digest.h"
#include "domain/receipt.h"

#include <jansson.h>

/* An institutional response: its sections, and the document that is previewed, approved, filed and
 * published. Pure functions; any thread. */

enum section_kind {
    SECTION_SUMMARY,
    SECTION_DIRECTION,
    SECTION_MEASURE,
    SECTION_QUESTION,
    SECTION_EVIDENCE,
    SECTION_INTERESTS,
    SECTION_APPROVER,
    SECTION_KINDS
};

enum {
    SECTION_TEXT = 24, /* bytes of a code with its NUL */
    RESPONSE_ATTACHMENTS_MOST = 50,
    ATTACHMENT_NAME_POINTS = 120
};

/* One part that a response to this consultation may have. */
struct section {
    enum section_kind kind;
    char code[SECTION_TEXT]; /* "summary", "direction-1", "measure-1-3", "question-1", … */
    size_t index;            /* of the direction, measure or question in the consultation */
    bool takes_stance;       /* directions and measures only */
    bool required;           /* without it nothing is filed */
    int limit;               /* of its text, in code points */
    int wording;             /* version shown now of what it is about; 0: about no wording */
};

/* In the order they are read: the summary; each direction, followed by its measures; the questions;
 * evidence, interests, approver. */
size_t sections_count(const struct consultation *consultation);
struct section section_at(const struct consultation *consultation, size_t at);
/* Place of a code among them, for section_at; SIZE_MAX: this consultation has no such section. */
size_t section_find(const struct consultation *consultation, const char *code);

/* What somebody wrote in a section as it is kept: CRLF and CR made LF, NFC, without white space at
 * the end; nothing but white space is the empty text. PROBLEM_BAD_TEXT: no UTF-8, or a control
 * character; PROBLEM_TOO_LONG: by *over code points (may be NULL). On PROBLEM_NONE *text is the
 * caller's. */
enum problem_code section_text(const struct section *section, const char *bytes, size_t length,
                               char **text, long *over);

struct response_section {
    int stance;  /* 0–5, or STANCE_ABSENT */
    int wording; /* version that was read; 0: about no wording */
    char *text;  /* as section_text makes it; NULL: none. Owned */
};

struct response_attachment {
    char *name; /* owned */
    const char *media_type;
    int64_t bytes;
    struct digest sha256;
};

struct response {
    struct consultation *consultation; /* held */
    char institution[SLUG_MOST + 1];
    char number[NUMBER_TEXT + 1];
    enum language language;
    bool publish;                      /* they agree to its publication */
    struct response_section *sections; /* one for each of sections_count, in its order; owned */
    size_t attachment_count;
    struct response_attachment *attachments; /* by name; owned */
};

/* An empty one. False: no memory. *out: response_clear, whatever the outcome. */
bool response_init(struct response *out, struct consultation *consultation);
void response_clear(struct response *response);

/* Copies. A section of another code, or a media type that attachments do not have, is false, as is
 * a lack of memory. `stance`: 0–5 or STANCE_ABSENT; `text` may be NULL or empty. */
bool response_put(struct response *response, const char *code, int stance, int wording,
                  const char *text);
bool response_attach(struct response *response, const char *name, const char *media_type,
                     int64_t bytes, const struct digest *sha256);

bool response_section_says(const struct response_section *section);

/* What is missing before it can be filed: PROBLEM_REQUIRED at "/sections/<code>" for each required
 * section, PROBLEM_NOTHING_SAID at "/sections" when nothing is said of any direction, measure or
 * question. */
void response_missing(const struct response *response, struct faults *faults);

/* The document's bytes: compact, members sorted, strings and integers only (RFC 8785 for such
 * values). Empty sections are absent. NULL: no memory. Caller frees. */
char *response_canonical(const struct response *response, size_t *length);
/* SHA-256 (FIPS 180-4) of exactly these bytes. */
void response_digest(const char *document, size_t length, struct digest *out);

/* Reads a document, all faults at once: of `institution`, and of `number` unless that is empty (the
 * document's own member may be missing, and takes this one's place). Texts are taken as
 * section_text makes them, in any order of members; so reading what response_canonical wrote gives
 * the same bytes again. *out: response_clear, whatever the outcome. */
bool response_read(struct consultation *consultation, const char *institution, const char *number,
                   json_t *input, struct response *out, struct faults *faults);

#endif
