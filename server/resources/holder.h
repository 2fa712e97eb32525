#ifndef RESOURCES_HOLDER_H
#define RESOURCES_HOLDER_H

#include "http/form.h"
#include "resources/stored.h"

/* Why a code opened nothing, beside its field; after sending_retry_header. New reference. */
json_t *holder_code_error(const struct request *request, enum problem_code problem);

/* Reads the form of a page under /{language}/receipts/{number} and opens the submission with its
 * field /code. False after a reply: where the code is wrong or missing, the receipt's page, which
 * asks for it. *form: form_clear, *stored: stored_clear, whatever the outcome. With a worker's
 * database. */
bool holder_open(struct request *request, struct form *form, struct stored *stored);

#endif
