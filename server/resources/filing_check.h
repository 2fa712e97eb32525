#ifndef RESOURCES_FILING_CHECK_H
#define RESOURCES_FILING_CHECK_H

#include "domain/filing_receipt.h"
#include "http/request.h"

/* The receipt of an institution's filing in what somebody shows: by itself, or as `receipt` of a
 * document that holds it. NULL: it is none. Borrowed. */
const json_t *filing_paper(const json_t *document);

/* {name, number, version, arrived, digest, latest | superseded | unknown: true, href (null: not
 * public)} of a genuine one, and what came after it. On a worker's thread. New reference. */
json_t *filing_check_view(const struct request *request, const json_t *receipt);

#endif
