/* Reasons for setting a submission aside; see set_aside.h. */
#include "domain/set_aside.h"

#include <string.h>

static const char *const codes[SET_ASIDE_REASONS] = {
#define REASON(name, code) [SET_ASIDE_##name] = code,
#include "domain/set_aside.def"
};

const char *set_aside_code(enum set_aside_reason reason)
{
    return codes[reason];
}

enum set_aside_reason set_aside_find(const char *code)
{
    int reason = 0;
    while (reason < SET_ASIDE_REASONS && strcmp(codes[reason], code) != 0)
        reason++;
    return (enum set_aside_reason)reason;
}
