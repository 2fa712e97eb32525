#ifndef REPRESENT_FORM_H
#define REPRESENT_FORM_H

#include "base/problem.h"
#include "represent/page.h"

/* Faults as forms show them. Any thread. */

/* {count, list: [{pointer, href, where, message}]}: `href` leads to the field,
 * "#answers-1-3-remark" for /answers/1-3/remark; `where` names a measure or question and a colon,
 * or is empty; `message` is problem.<code>.detail. New reference; NULL: no memory. */
json_t *form_faults(const struct pages *pages, enum language language, const struct faults *faults);

/* The message of the first fault of a field, borrowed from `faults`; NULL if there is none.
 * `faults` may be NULL. */
json_t *form_fault(const json_t *faults, const char *pointer);

/* A field {value, error} as templates read it: `value` NULL is an empty one. New reference. */
json_t *form_field(const json_t *faults, const char *pointer, const char *value);

#endif
