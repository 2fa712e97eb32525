#ifndef RESOURCES_OFFICIALS_INSTITUTIONS_H
#define RESOURCES_OFFICIALS_INSTITUTIONS_H

#include "http/request.h"
#include "represent/document.h"
#include "store/db.h"

/* What administrators' pages about institutions share: institutions.c shows and does what needs no
 * more than a press of a button, institution_form.c registers and changes. Desk thread. */

enum { INSTITUTION_REST = 128 };

/* The register or one institution, again with faults (422) if there are any. */
void institution_list_show(struct request *request, const struct faults *faults);
void institution_show(struct request *request, const struct faults *faults);

/* {fields, kinds}: the form of names, kind and domains; `rows` NULL: nothing is stored. New
 * reference. */
json_t *institution_fields(const struct request *request, const struct faults *faults,
                           const struct rows *rows, const char *domains);

/* An act on the institution of the address. False: a reply is set, the refusal at `pointer`. */
bool institution_act(struct request *request, enum statement statement, struct params *params,
                     const char *pointer);
void institution_done(struct request *request);

#endif
