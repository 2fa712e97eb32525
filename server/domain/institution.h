#ifndef DOMAIN_INSTITUTION_H
#define DOMAIN_INSTITUTION_H

#include "domain/digest.h"
#include "domain/keys.h"
#include "domain/submission.h"

#include <stdbool.h>
#include <stdint.h>

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

/* Keyed digest of a mailed code with the institution that it verifies and the member who asked for
 * it. False: no key. */
bool institution_code_hash(const struct keys *keys, int32_t institution_id, int32_t member_id,
                           const char code[PROOF_CODE + 1], struct digest *out);

/* An Ed25519 public key as people have it: 32 bytes in hexadecimal, base64 or base64url, or PEM
 * (RFC 8410). False: it is none, or one that any signature would fit. */
enum { PUBLIC_KEY_BYTES = 32 };
bool public_key_read(const char *text, unsigned char out[PUBLIC_KEY_BYTES]);

#endif
