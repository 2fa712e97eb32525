/* Roles and their names; see role.h. */
#include "access/role.h"

#include <string.h>

static const char *const names[ROLES] = {
    [ROLE_VIEWER] = "viewer",       [ROLE_CLERK] = "clerk",
    [ROLE_ANALYST] = "analyst",     [ROLE_MODERATOR] = "moderator",
    [ROLE_PUBLISHER] = "publisher", [ROLE_ADMINISTRATOR] = "administrator",
};

const char *role_name(enum official_role role)
{
    return names[role];
}

enum official_role role_find(const char *name)
{
    int role = 0;
    while (role < ROLES && strcmp(name, names[role]) != 0)
        role++;
    return (enum official_role)role;
}
