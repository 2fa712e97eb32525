#ifndef ACCESS_ROLE_H
#define ACCESS_ROLE_H

#include <stdbool.h>

/* What an official may be. All but the administrator are granted for one consultation; the numbers
 * are the database's (official_grants.role). Whoever has any of them on a consultation may do there
 * what a viewer may. */
enum official_role {
    ROLE_VIEWER,        /* tallies */
    ROLE_CLERK,         /* assisted entry */
    ROLE_ANALYST,       /* single submissions, exports; proposes to set one aside */
    ROLE_MODERATOR,     /* remarks before they are public */
    ROLE_PUBLISHER,     /* window, publication; confirms what is set aside */
    ROLE_ADMINISTRATOR, /* accounts and the record of acts, of the service as a whole */
    ROLES
};

const char *role_name(enum official_role role); /* "viewer", as in the interface; static */
enum official_role role_find(const char *name); /* ROLES: none such */

/* What a member of an institution may be, several at once; the numbers are the database's
 * (officials.member_roles). A coordinator may do what a drafter may. */
enum member_role { MEMBER_COORDINATOR = 1, MEMBER_DRAFTER = 2, MEMBER_APPROVER = 4 };
enum { MEMBER_ROLES = 3 };

/* The n-th of them: its name ("coordinator", as in the interface; static) and its bit. */
const char *member_role_name(int n);
enum member_role member_role_bit(int n);
/* Sum of the parts that are named, between commas; 0: none, or one that there is not. */
unsigned member_roles_find(const char *list);

#endif
