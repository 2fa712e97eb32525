#ifndef DOMAIN_FILING_RECEIPT_H
#define DOMAIN_FILING_RECEIPT_H

#include "domain/receipt.h"

#include <jansson.h>

/* What an institution gets for a filing: a signed statement that exactly these bytes arrived then.
 * Made from the stored row after COMMIT, so that a retry gives identical bytes. Any thread. */
struct filing_receipt {
    char consultation[SLUG_MOST + 1];
    char institution[SLUG_MOST + 1];
    char number[NUMBER_TEXT + 1]; /* of the response */
    int version;                  /* which filing of it: 1, 2, … */
    int64_t arrived_us;           /* stated to the second */
    struct digest digest;         /* SHA-256 of the document */
    int receipt_key;
};

/* {arrived_at, consultation, digest (hex), institution, key, number, version, signature
 * (base64url)}; the signed bytes are "institution-receipt-v1\n" and the RFC 8785 JSON of all but
 * the signature. NULL: key gone or no memory. New reference. */
json_t *filing_receipt_document(const struct keys *keys, const struct filing_receipt *receipt);

/* The signed bytes of such a document; NULL: not one, or no memory. Caller frees. */
char *filing_receipt_statement(const json_t *document, size_t *length);

/* Whether a document is meant to be one; then whether it is genuine. Other members are passed over.
 */
bool filing_receipt_is(const json_t *document);
enum receipt_verdict filing_receipt_verify(const struct keys *keys, const json_t *document);

#endif
