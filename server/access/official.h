#ifndef ACCESS_OFFICIAL_H
#define ACCESS_OFFICIAL_H

#include "access/role.h"
#include "access/ticket.h"
#include "base/parse.h"

#include <stdint.h>

enum {
    LOGIN_MOST = 32,
    OFFICIAL_NAME_BYTES = 401,
    NETWORK_TEXT = 48,
    INSTITUTION_SLUG = 61,
    INSTITUTION_NAME_BYTES = 801,
};

/* Who makes a request: found by the gate before the handler runs, and never changed by it. A member
 * of an institution has an account of the same kind, and no role of an official. */
struct official {
    int32_t id; /* internal; 0 at the doors, where nobody is signed in yet */
    char login[LOGIN_MOST + 1];
    char name[OFFICIAL_NAME_BYTES];
    bool administrator;
    unsigned roles;          /* bits 1 << enum official_role on the consultation in the address */
    int32_t consultation_id; /* of that consultation; 0: none in the address, or none such */
    int32_t institution_id;  /* internal; 0: an official */
    unsigned member_roles;   /* sum of enum member_role */
    bool fictitious;         /* made up: it takes part in rehearsals, and in nothing else */
    char institution[INSTITUTION_SLUG];
    char institution_name[INSTITUTION_NAME_BYTES]; /* in the request's language */
    struct digest session;            /* digest of the cookie's value; zeros: by a token */
    char form_token[FORM_TOKEN_TEXT]; /* what this session's forms carry; "": by a token */
    char token[UUID_TEXT + 1];        /* id of the token that was shown; "": by a session */
    char network[NETWORK_TEXT];       /* where from, as the record of acts has it */
};

static inline bool official_has(const struct official *official, enum official_role role)
{
    return official->roles & 1u << role;
}

#endif
