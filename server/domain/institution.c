/* What an institution is; see institution.h. */
#include "domain/institution.h"

#include "domain/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[INSTITUTION_KINDS] = {
#define KIND(name, text) [INSTITUTION_KIND_##name] = text,
#include "domain/institution_kinds.def"
};

const char *institution_kind_name(enum institution_kind kind)
{
    return kinds[kind];
}

enum institution_kind institution_kind_find(const char *name)
{
    int kind = 0;
    while (kind < INSTITUTION_KINDS && strcmp(name, kinds[kind]) != 0)
        kind++;
    return (enum institution_kind)kind;
}

/* By the rules of addresses, so that an address and its domain are never of two minds. */
bool institution_domain(const char *text, char out[DOMAIN_TEXT])
{
    char address[2 + 4 * DOMAIN_TEXT];
    const char *domain = text + strspn(text, " \t@");
    if (strlen(domain) > sizeof address - 3 || strchr(domain, '@'))
        return false;
    snprintf(address, sizeof address, "x@%s", domain);
    char *normal = identity_normalise(IDENTITY_EMAIL, address);
    bool ok = normal && strlen(normal + 2) < DOMAIN_TEXT;
    if (ok)
        snprintf(out, DOMAIN_TEXT, "%s", normal + 2);
    free(normal);
    return ok;
}
