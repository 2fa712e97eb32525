#ifndef RESOURCES_RESPONSE_PUBLISHED_H
#define RESOURCES_RESPONSE_PUBLISHED_H

#include "domain/consultation.h"
#include "domain/filing_receipt.h"
#include "http/request.h"
#include "store/db.h"

#include <jansson.h>

/* Published institutional responses as the public reads them, on a worker's thread with its
 * reader's connection. */

/* First columns of response_published_list, and of response_published_section but for the last two.
 */
enum {
    PUBLISHED_NUMBER,
    PUBLISHED_INSTITUTION,
    PUBLISHED_KIND,
    PUBLISHED_NAMES, /* and two more, in the order of enum language */
    PUBLISHED_FICTITIOUS = PUBLISHED_NAMES + LANGUAGES,
    PUBLISHED_LANGUAGE,
    PUBLISHED_VERSION,
    PUBLISHED_ARRIVED_AT,
    PUBLISHED_AT,
};

/* False: a problem is set. Clears `params`; *rows as in db_run. */
bool published_run(struct request *request, enum statement statement, struct params *params,
                   struct rows *rows);

/* {slug, name, kind, fictitious} of a row, for data; with {kind_label} and {href}: the address of
 * its latest response, for pages. New references. */
json_t *published_institution(const struct request *request, const struct rows *rows, int row);
json_t *published_view(const struct request *request, const struct consultation *consultation,
                       const struct rows *rows, int row);

/* One published filing. */
struct published {
    char number[NUMBER_TEXT + 1];
    int version, newest; /* newest: the latest published one's */
    bool latest;
    json_t *institution; /* as published_institution */
    char name[804];      /* the institution's, in the request's language */
    enum language language;
    int64_t filed_us, published_us;
    struct filing_receipt receipt;
    char *bytes; /* the document as it was filed */
    size_t length;
    json_t *document;
};

/* `version` 0: the latest. False: a problem is set, or *withheld is its document, which says that
 * it was taken back and why. *out: published_clear whatever comes. */
bool published_find(struct request *request, const struct consultation *consultation,
                    const char *number, int version, struct published *out, json_t **withheld);
void published_clear(struct published *published);

/* Its receipt as pages show it (filing_receipt.mustache). New reference. */
json_t *published_receipt(const struct request *request, const struct published *published);

/* Number and, if the pattern has one, version of the address. False: 404 is set. */
bool published_address(struct request *request, char number[NUMBER_TEXT + 1], int *version);

/* "/responses/{number}" or "/responses/{number}/versions/{version}". */
enum { PUBLISHED_REST = 96 };
void published_rest(const char *number, int version, char rest[PUBLISHED_REST]);

#endif
