#ifndef RESOURCES_INSTITUTIONS_BODY_H
#define RESOURCES_INSTITUTIONS_BODY_H

#include "domain/institution.h"
#include "http/request.h"
#include "represent/document.h"
#include "store/db.h"

/* What administrators' and members' pages say of an institution and its people. Desk thread. */

/* Columns of institution_list and institution_get, which agree in them. */
enum {
    BODY_SLUG,
    BODY_KIND,
    BODY_NAMES, /* and two more, in the order of enum language */
    BODY_FICTITIOUS = BODY_NAMES + 3,
    BODY_VERIFIED_AT,
    BODY_VERIFIED_BY,
    BODY_CLOSED_AT,
    BODY_MORE
};

/* {slug, name, kind, fictitious, verified: null or {at, by_domain}, closed (text) or null}. New
 * reference. */
json_t *body_view(const struct request *request, const struct rows *rows, int row);
/* A kind in words. New reference. */
json_t *body_kind(const struct request *request, int kind);

/* Members as institution_members gives them: {list: [{login, name, href, bits, parts, awaited,
 * disabled, seen, link_until, own, takes_two, reset: {by, until, confirmable}}]}; `reset` only
 * where one was proposed, `href` only for who may do something there; `rest` NULL: without href.
 * False: a problem is set. */
bool body_members(struct request *request, const char *slug, const char *rest, json_t **out);
/* Domains of the institution, between commas for a form; NULL: a problem is set. New reference to a
 * string. */
json_t *body_domains(struct request *request, const char *slug);

#endif
