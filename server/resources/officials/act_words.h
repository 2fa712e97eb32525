#ifndef RESOURCES_OFFICIALS_ACT_WORDS_H
#define RESOURCES_OFFICIALS_ACT_WORDS_H

#include "http/request.h"

/* What a row of the record of acts adds (its detail, as JSON), in the request's language: "Account:
 * lee · Role: Viewer". A name or value of which there are no words stays as it is; of a long list
 * the first few are told. The files of the record have all of it, as it was written. New reference.
 */
json_t *act_words(const struct request *request, const char *detail);

#endif
