#ifndef RESOURCES_RECEIPT_VIEW_H
#define RESOURCES_RECEIPT_VIEW_H

#include "http/form.h"
#include "represent/frame.h"
#include "resources/number_letter.h"
#include "resources/stored.h"

/* Receipts as documents and as page templates read them. */

enum { RECEIPT_ADDRESS = 64 };

/* "/v1/receipts/{number}" */
void receipt_address(const char *number, char address[RECEIPT_ADDRESS]);

enum { CODE_SPOKEN = RECEIPT_CODE_TEXT + 3 };

/* The code in groups of four, for reading aloud and writing down. */
void receipt_code_spoken(const char *code, char spoken[CODE_SPOKEN]);

/* 201: receipt, code, salt, links. NULL: no memory, or a key is gone. */
struct document *receipt_recorded(const struct request *request, const struct receipt *receipt);

/* 200: the receipt and what was said, for the code's holder. */
struct document *receipt_stored(const struct request *request, const struct stored *stored);

/* The receipt's page. As the reply to a submission or a renewal (`holder`) it shows the code, and
 * what was recorded unless that is NULL or erased since. `consultation` as the catalogue has it.
 * NULL: no memory, or a key is gone. */
struct receipt_page {
    int status;
    bool holder, replayed;
    bool renewed; /* with `holder`: the code is a new one, and nothing was recorded just now */
    enum number_letter letter; /* with `holder`: what became of the number's letter */
    const struct submission *submission;
    enum problem_code code_problem; /* of the form that asks for the code */
};

/* With `holder`: reads what the page says besides the receipt of the fields /shown and /letter,
 * which carry it into another language. */
void receipt_page_carried(const struct form *form, struct receipt_page *page);

struct document *receipt_page_document(const struct request *request,
                                       const struct consultation *consultation,
                                       const struct receipt *receipt,
                                       const struct receipt_page *page);

/* The holder's fields of that page, for another one that shows a receipt; `consultation` is left to
 * the caller. False: no memory, or a key is gone. */
bool receipt_holder_fields(const struct request *request, const struct receipt *receipt,
                           const struct submission *submission, json_t *page);

#endif
