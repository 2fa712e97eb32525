#ifndef RESOURCES_SAID_VIEW_H
#define RESOURCES_SAID_VIEW_H

#include "domain/submission.h"
#include "http/request.h"

#include <jansson.h>

/* What a submission says, as static/pages/submission.mustache reads it: {kind, sector, publication,
 * organisation, language, directions: [{code, title, answers: […]}], views: {list: […]}}, and with
 * each remark of one that was read back its moderation. New reference; NULL: no memory. */
json_t *said_view(const struct request *request, const struct submission *submission);

#endif
