#ifndef RESOURCES_GLOSSARY_VIEW_H
#define RESOURCES_GLOSSARY_VIEW_H

#include "domain/consultation.h"
#include "http/request.h"

#include <jansson.h>

/* The terms that one of the texts has, as pages explain them in place: {list: [{code, word,
 * meaning}], href: the whole glossary}; NULL if there are none. New reference. Any thread. */
json_t *glossary_words(const struct request *request, const struct consultation *consultation,
                       const char *const *texts, size_t count);

#endif
