#ifndef RESOURCES_OFFICIALS_FIELDS_H
#define RESOURCES_OFFICIALS_FIELDS_H

#include "base/problem.h"
#include "http/request.h"
#include "represent/document.h"

/* Fields of forms at the desk, for official_field.mustache: what was typed stays, what is wrong
 * stands beside it. Desk thread. */
struct desk_field {
    const char *name;      /* "/member/login": its id is "member-login" */
    const char *label_key; /* strings */
    const char *hint_key;  /* NULL: none */
    const char *value;     /* where nothing was typed; NULL: "" */
    const char *tag;       /* language of what belongs in it; NULL: the page's */
    bool area;             /* several lines */
    bool digits;           /* a number is typed */
};

/* {id, name, label, hint, value, error, described, tag, area, digits}. `faults` NULL: none. New
 * reference. */
json_t *desk_field(const struct request *request, const struct faults *faults,
                   const struct desk_field *field);
/* {list: […]} of those. New reference. */
json_t *desk_fields(const struct request *request, const struct faults *faults,
                    const struct desk_field *fields, size_t count);

/* The text of a field in its normal form, checked: at most `most` code points, and something where
 * it is `needed`. Owned by the caller, wiped by nobody; NULL after a fault. */
char *desk_text(const struct request *request, const char *name, size_t most, bool needed,
                struct faults *faults);

/* A member's parts as a group of checkboxes: {error, list: [{id, part, label, checked}]}. New
 * reference. */
json_t *desk_parts(const struct request *request, const struct faults *faults, unsigned checked);
/* Those that were checked; 0 after a fault at /member/parts. */
unsigned desk_parts_read(const struct request *request, struct faults *faults);
/* {list: [{label}]} of those that somebody has. New reference. */
json_t *desk_parts_view(const struct request *request, unsigned roles);

/* Account name and display name of somebody who is invited; NULL where a fault was added. */
struct desk_invited {
    const char *login;
    char *name; /* owned */
    unsigned roles;
};
bool desk_invited_read(const struct request *request, struct desk_invited *out,
                       struct faults *faults);
/* The fields and parts of that form: {fields, parts}. `roles`: what is checked at first. New
 * reference. */
json_t *desk_invited_view(const struct request *request, const struct faults *faults,
                          unsigned roles);

/* The page that shows a set-up link, once. `side`: "officials" or "institution". */
void desk_link_show(struct request *request, const char *side, const char *title_key,
                    const char *login, const char *ticket, const char *back);

#endif
