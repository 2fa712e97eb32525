#ifndef DOMAIN_MODERATION_H
#define DOMAIN_MODERATION_H

#include <stddef.h>

/* What becomes of a remark before it may be public, and why. Pure functions. */

/* The codes of remarks.moderation: never renumbered. */
enum moderation {
    MODERATION_WAITING,
    MODERATION_PASSED,
    MODERATION_EDITED, /* passed with words removed */
    MODERATION_REFUSED,
    MODERATIONS
};

/* "waiting", "passed", "edited", "refused"; static. */
const char *moderation_name(enum moderation moderation);
/* MODERATIONS: none of that name. */
enum moderation moderation_find(const char *name);

/* Codes of the reasons, in the order in which they are offered; static. */
const char *const *moderation_reasons(size_t *count);
/* The same code, static; NULL: none such. `code` may be NULL. */
const char *moderation_reason_find(const char *code);

#endif
