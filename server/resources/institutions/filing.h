#ifndef RESOURCES_INSTITUTIONS_FILING_H
#define RESOURCES_INSTITUTIONS_FILING_H

#include "domain/filing_receipt.h"
#include "domain/response.h"
#include "resources/officials/desk.h"

/* What previewing, approving and filing a response have in common. Whose response it is follows
 * from who asks, see schema/functions/response_filing.sql. On the desk's thread. */

/* The document as the draft is now: what is previewed, approved and filed is this and nothing else.
 */
struct filing_draft {
    struct consultation *consultation; /* held */
    struct response response;
    char *bytes;
    size_t length;
    struct digest digest;
    char digest_text[2 * DIGEST_BYTES + 1];
    json_t *document;
    struct faults missing; /* what keeps it from being approved */
};

/* Of the address's consultation, of the member who asks. False: a reply is set, 404 where no
 * response was begun. *out: filing_draft_clear, whatever comes. */
bool filing_draft_read(struct request *request, struct filing_draft *out);
void filing_draft_clear(struct filing_draft *draft);

/* What no page could show as it was meant is neither approved nor filed: a fault for each section
 * whose Markdown is too complex. */
void filing_complexity(const struct response *response, struct faults *faults);

/* The consultation of the address if that institution takes part in it: made-up ones in rehearsals,
 * others in real ones. NULL: 404 is set. The caller releases it. */
struct consultation *filing_consultation(struct request *request);

/* "/consultations/{slug}" and `own`, for desk_page and desk_redirect; and as an address. */
enum { FILING_REST = 192 };
void filing_rest(const struct request *request, const char *own, char rest[FILING_REST]);
json_t *filing_address(const struct request *request, const char *own);

/* A page with {consultation {title, rehearsal, href}} beside `page->page`, which is stolen;
 * `page->rest` as `own` above, or NULL. */
void filing_show(struct request *request, const struct consultation *consultation,
                 const struct desk_page *page);

/* [{name, href, message}] of draft->missing as {list}, or JSON's null. New reference. */
json_t *filing_missing(const struct request *request, const struct filing_draft *draft);

/* Whether a form was made of the draft as it is now: "/digest" is its digest. Else
 * changed-meanwhile is set. */
bool filing_is_as_seen(struct request *request, const struct filing_draft *draft);

/* What was filed, as response_filing_list gives it. */
enum filed_column {
    FILED_NUMBER,
    FILED_INSTITUTION,
    FILED_VERSION,
    FILED_ARRIVED_AT,
    FILED_DIGEST,
    FILED_RECEIPT_KEY,
    FILED_BY,
    FILED_APPROVED_BY,
    FILED_PUBLISH,
    FILED_PUBLISHED_AT,
    FILED_WITHHELD_AT,
    FILED_WITHHELD_REASON,
    FILED_LATEST,
    FILED_DOCUMENT,
    FILED_TWO, /* and what follows: as two_persons.h has it */
};
/* All that the institution filed on the consultation, with the document of `version`, 0: of none.
 * False: a problem is set. *rows to be cleared whatever comes. */
bool filed_read(struct request *request, const struct consultation *consultation, int version,
                struct rows *rows);
/* The receipt of one of these rows. False: the row is not what it should be. */
bool filed_receipt(const struct consultation *consultation, const struct rows *rows, int row,
                   struct filing_receipt *out);
/* The row of the version in the address; -1: 404 is set. */
int filed_row(struct request *request, const struct rows *rows);
int filed_version(const struct request *request); /* 0: it is none */

/* {list: [{version, href, filed, latest, state (text)}]}, or JSON's null. New reference. */
json_t *filed_list(const struct request *request, const struct rows *rows);

/* The act, by a member or a machine, judged by when the request arrived. PROBLEM_NONE: *out is the
 * receipt of what is filed now, the same for the same document. PROBLEM_COUNT: a reply is set. */
enum problem_code filing_file(struct request *request, const struct consultation *consultation,
                              const char *document, struct filing_receipt *out);

#endif
