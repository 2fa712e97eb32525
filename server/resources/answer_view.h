#ifndef RESOURCES_ANSWER_VIEW_H
#define RESOURCES_ANSWER_VIEW_H

#include "domain/consultation.h"
#include "http/form.h"
#include "http/request.h"

/* The answer form as its page (static/pages/answer.mustache). */
struct answer_page {
    int status;
    const struct form *form;     /* what was filled in; NULL: nothing yet */
    const struct faults *faults; /* NULL: none */
    enum problem_code problem;   /* of the submission as a whole; PROBLEM_NONE: none */
};

/* NULL: no memory. Makes no query. */
struct document *answer_document(const struct request *request,
                                 const struct consultation *consultation,
                                 const struct answer_page *page);

#endif
