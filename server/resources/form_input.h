#ifndef RESOURCES_FORM_INPUT_H
#define RESOURCES_FORM_INPUT_H

#include "domain/language.h"
#include "http/form.h"

#include <jansson.h>

/* The answer form's fields, whose names are JSON Pointers, as the API's submission in that
 * language. What a browser sends though nothing was said (empty fields, the hidden versions) is
 * left out; what is no field of the form goes in as it is, so that it is refused as unknown. New
 * reference; NULL: no memory. */
json_t *form_input(const struct form *form, enum language language);

/* Wipes the value of one field where it stands. */
void form_forget(const struct form *form, const char *name);

#endif
