/* Outcomes of moderation and their reasons; see moderation.h. */
#include "domain/moderation.h"

#include <string.h>

static const char *const names[MODERATIONS] = {"waiting", "passed", "edited", "refused"};
static const char *const reasons[] = {
#define MODERATION_REASON(code) code,
#include "domain/moderation_reasons.def"
};
enum { REASONS = sizeof reasons / sizeof *reasons };

const char *moderation_name(enum moderation moderation)
{
    return moderation < MODERATIONS ? names[moderation] : "";
}

enum moderation moderation_find(const char *name)
{
    unsigned i = 0;
    while (i < MODERATIONS && strcmp(names[i], name) != 0)
        i++;
    return (enum moderation)i;
}

const char *const *moderation_reasons(size_t *count)
{
    *count = REASONS;
    return reasons;
}

const char *moderation_reason_find(const char *code)
{
    for (size_t i = 0; code && i < REASONS; i++)
        if (strcmp(reasons[i], code) == 0)
            return reasons[i];
    return NULL;
}
