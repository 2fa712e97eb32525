#ifndef DOMAIN_PERSONAL_DATA_H
#define DOMAIN_PERSONAL_DATA_H

#include <stddef.h>

/* Finds what looks like somebody's personal data in what people wrote, so that they can be asked
 * whether it is to stay. It points, and never decides: what it misses or finds wrongly does no harm
 * but a question more or less. Pure functions. */

enum personal_kind {
    PERSONAL_HKID,      /* Hong Kong identity card number with a valid check digit */
    PERSONAL_TELEPHONE, /* eight digits of Hong Kong's plan, +852 or not */
    PERSONAL_EMAIL,
    PERSONAL_ADDRESS, /* street address, English or Chinese */
    PERSONAL_KINDS
};

struct personal_finding {
    enum personal_kind kind;
    size_t at, length; /* bytes of the text */
};

/* Findings in the text (UTF-8) from its beginning on, none within another; full-width letters,
 * digits and signs count as their usual ones. Returns how many were written, `most` at the most. No
 * memory: none. */
size_t personal_data_find(const char *text, struct personal_finding *out, size_t most);

/* "hkid", "telephone", "email", "address"; static. */
const char *personal_kind_name(enum personal_kind kind);

#endif
