#ifndef RESOURCES_RECEIPT_CHECK_H
#define RESOURCES_RECEIPT_CHECK_H

#include "http/request.h"

/* There is no receipt of the number that was typed: 404 with the page that finds receipts, on which
 * it can be put right. */
void receipt_check_unknown(struct request *request, const char *typed);

#endif
