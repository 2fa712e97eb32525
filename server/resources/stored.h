#ifndef RESOURCES_STORED_H
#define RESOURCES_STORED_H

#include "domain/receipt.h"
#include "domain/submission.h"
#include "http/request.h"
#include "store/db.h"

/* A submission as the database has it, for its holder. What is told is the same whether it is
 * counted or held. */

/* First columns of receipt_by_number, receipt_by_key and submission_by_number, which agree in them.
 */
enum {
    STORED_CONSULTATION,
    STORED_SLUG,
    STORED_NUMBER,
    STORED_ARRIVED_AT,
    STORED_COMMITMENT,
    STORED_RECEIPT_KEY,
    STORED_MASTER,
    STORED_GENERATION,
    STORED_SALT,
    STORED_ERASED
};

/* The receipt of row 0. False: the row is not what it should be. */
bool stored_receipt(const struct rows *rows, struct receipt *receipt);

struct stored {
    struct receipt receipt;
    struct consultation *consultation; /* held */
    bool withdrawn, superseded;
    int64_t changed_us;           /* when it came to that */
    struct submission submission; /* what was said; empty if receipt.erased */
};

/* The receipt of that number, for anybody: NONE, NOT_FOUND, UNAVAILABLE. With a worker's database.
 */
enum problem_code stored_receipt_find(const struct request *request, const char *number,
                                      struct receipt *receipt);

/* The submission of that number for the holder of `code`. NONE; else NOT_FOUND, CODE_WRONG (and the
 * try was counted), TOO_MANY_REQUESTS with *retry_s, UNAVAILABLE, INTERNAL. *out: stored_clear,
 * whatever the outcome. With a worker's database. */
enum problem_code stored_open(const struct request *request, const char *number, const char *code,
                              struct stored *out, int *retry_s);
void stored_clear(struct stored *stored);

/* What was said, in the shape of the contract's SubmissionStored, from its canonical bytes. New
 * reference. */
json_t *stored_document(const struct stored *stored);

#endif
