#ifndef RESOURCES_RECEIPT_VIEW_H
#define RESOURCES_RECEIPT_VIEW_H

#include "represent/frame.h"
#include "resources/stored.h"

/* Receipts as documents and as page templates read them. */

enum { RECEIPT_ADDRESS = 64 };

/* "/v1/receipts/{number}" */
void receipt_address(const char *number, char address[RECEIPT_ADDRESS]);

/* 201: receipt, code, salt, links. NULL: no memory, or a key is gone. */
struct document *receipt_recorded(const struct request *request, const struct receipt *receipt);

/* 200: the receipt and what was said, for the code's holder. */
struct document *receipt_stored(const struct request *request, const struct stored *stored);

/* The receipt's page. As the reply to a submission (`holder`) it shows the code. `consultation` as
 * the catalogue has it. NULL: no memory, or a key is gone. */
struct receipt_page {
    int status;
    bool holder, replayed;
    enum problem_code code_problem; /* of the form that asks for the code */
};
struct document *receipt_page_document(const struct request *request,
                                       const struct consultation *consultation,
                                       const struct receipt *receipt,
                                       const struct receipt_page *page);

#endif
