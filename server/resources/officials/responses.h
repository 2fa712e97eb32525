#ifndef RESOURCES_OFFICIALS_RESPONSES_H
#define RESOURCES_OFFICIALS_RESPONSES_H

#include "http/request.h"

/* How many filed responses wait for a publisher, counted up to `most`. False: a problem is set. */
bool responses_waiting(struct request *request, int most, int *count);

#endif
