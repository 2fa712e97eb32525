#ifndef OPENID_METADATA_H
#define OPENID_METADATA_H

#include <stdbool.h>
#include <stddef.h>

/* What a provider says of itself (OpenID Connect Discovery 1.0 §3). */

enum { METADATA_ADDRESS = 512 };

struct metadata {
    char authorization[METADATA_ADDRESS], token[METADATA_ADDRESS], keys[METADATA_ADDRESS];
    bool secret_in_body; /* client_secret_post is the only way it takes */
    bool names_itself;   /* its answers carry `iss` (RFC 9207 §3) */
};

/* Reads the document of that issuer. NULL; or what is missing or unfit in it, static. Any thread.
 */
const char *metadata_read(const char *bytes, size_t length, const char *issuer,
                          struct metadata *out);

#endif
