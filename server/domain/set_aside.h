#ifndef DOMAIN_SET_ASIDE_H
#define DOMAIN_SET_ASIDE_H

/* Why officials may set a submission aside. Pure functions. */
enum set_aside_reason {
#define REASON(name, code) SET_ASIDE_##name,
#include "domain/set_aside.def"
    SET_ASIDE_REASONS
};

/* Its code; static. */
const char *set_aside_code(enum set_aside_reason reason);
/* SET_ASIDE_REASONS: none has that code. */
enum set_aside_reason set_aside_find(const char *code);

#endif
