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

static const struct {
    const char *name;
    enum member_role bit;
} parts[MEMBER_ROLES] = {
    {"coordinator", MEMBER_COORDINATOR},
    {"drafter", MEMBER_DRAFTER},
    {"approver", MEMBER_APPROVER},
};

const char *member_role_name(int n)
{
    return parts[n].name;
}

enum member_role member_role_bit(int n)
{
    return parts[n].bit;
}

unsigned member_roles_find(const char *list)
{
    unsigned roles = 0;
    for (const char *at = list; *at; at += strspn(at, ",")) {
        size_t length = strcspn(at, ",");
        int n = 0;
        while (n < MEMBER_ROLES &&
               (strlen(parts[n].name) != length || strncmp(parts[n].name, at, length) != 0))
            n++;
        if (n == MEMBER_ROLES)
            return 0;
        roles |= parts[n].bit;
        at += length;
    }
    return roles;
}
