#ifndef RESOURCES_FORM_INPUT_H
#define RESOURCES_FORM_INPUT_H

#include "base/problem.h"
#include "domain/consultation.h"
#include "http/form.h"

#include <jansson.h>

/* The answer form's fields, whose names are JSON Pointers into the API's submission, and the
 * answers so far, which are such a submission but for identity and language. */

/* Puts what was sent into the answers, each field in the place of what stood there; an empty one
 * takes it away. Members that then say nothing (only a version, or not to be published) are left
 * out. A field that is no answer and not `carried` (names, those that end in a slash for all that
 * begin with them; NULL at the end) is a fault, and not taken. */
void form_take(const struct form *form, const struct consultation *consultation,
               const char *const *carried, json_t *answers, struct faults *faults);

/* What the public form carries besides the answers: see journey.c and the identity's step. */
extern const char *const form_carried[];

/* Takes away what stands at the field `pattern`, "/kind" or "/answers/<code>/remark", a star
 * standing for every code: what a step sends is the whole of its fields, but a box that is not
 * ticked sends nothing. */
void form_forget_field(json_t *answers, const char *pattern);

/* True if the pointer names the field, or something within it. */
bool form_pointer_matches(const char *pattern, const char *pointer);

/* What stands at a field, as its form shows it: "" for nothing, "1" for a ticked box. `number` is
 * room for a number's text. Borrowed. */
enum { FORM_NUMBER = 24 };
const char *form_shown(const json_t *answers, const char *name, char number[FORM_NUMBER]);

/* Wipes the value of one field where it stands. */
void form_forget(const struct form *form, const char *name);

#endif
