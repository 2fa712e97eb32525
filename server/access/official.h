#ifndef ACCESS_OFFICIAL_H
#define ACCESS_OFFICIAL_H

#include "access/role.h"
#include "access/ticket.h"
#include "base/parse.h"

#include <stdint.h>

enum { LOGIN_MOST = 32, OFFICIAL_NAME_BYTES = 401, NETWORK_TEXT = 48 };

/* Who makes a request: found by the gate before the handler runs, and never changed by it. */
struct official {
    int32_t id; /* internal; 0 at the doors, where nobody is signed in yet */
    char login[LOGIN_MOST + 1];
    char name[OFFICIAL_NAME_BYTES];
    bool administrator;
    unsigned roles;          /* bits 1 << enum official_role on the consultation in the address */
    int32_t consultation_id; /* of that consultation; 0: none in the address, or none such */
    struct digest session;   /* digest of the cookie's value; zeros: by a token */
    char form_token[FORM_TOKEN_TEXT]; /* what this session's forms carry; "": by a token */
    char token[UUID_TEXT + 1];        /* id of the token that was shown; "": by a session */
    char network[NETWORK_TEXT];       /* where from, as the record of acts has it */
};

static inline bool official_has(const struct official *official, enum official_role role)
{
    return official->roles & 1u << role;
}

#endif
