#ifndef DOMAIN_INSTITUTION_H
#define DOMAIN_INSTITUTION_H

#include <stdbool.h>

enum { DOMAIN_TEXT = 254 }; /* RFC 1035 §2.3.4 */

/* What an institution is. Pure functions. */
enum institution_kind {
#define KIND(name, text) INSTITUTION_KIND_##name,
#include "domain/institution_kinds.def"
    INSTITUTION_KINDS
};

/* Its name in the interface; static. */
const char *institution_kind_name(enum institution_kind kind);
/* INSTITUTION_KINDS: none is called that. */
enum institution_kind institution_kind_find(const char *name);

/* The one form of a domain (IDNA, ASCII, small letters), as an address's is made: "香港.HK" and
 * "@HKU.hk" too. False: it is none. */
bool institution_domain(const char *text, char out[DOMAIN_TEXT]);

#endif
