#ifndef RESOURCES_OFFICIALS_GATE_H
#define RESOURCES_OFFICIALS_GATE_H

#include "http/request.h"

/* The gate of the officials' and the institutions' routes: who it is, what they may do here, and
 * whether it is their own form. Each side has its own accounts and its own cookie. Pages are opened
 * by a session's cookie, the interface by a token (Authorization: Bearer), each by its own and
 * never by the other's: so a browser cannot be made to act on the interface. On the desk's or the
 * porter's thread. True: request->official is filled, and the form of a page's POST is in
 * request->form. False: a reply is set. */
bool gate_admit(struct request *request);

/* The name of a cookie of ours: "__Host-…" (RFC 6265bis §4.1.3.2) where people reach us by https,
 * without the prefix on plain http from the same machine, for trying; NULL on any other address,
 * where nobody can sign in. `name` has the prefix; the result points into it. */
const char *gate_cookie_name(const struct request *request, const char *name);
/* The session's: "__Host-official" or "__Host-member". Static, or NULL as above. */
const char *gate_cookie(const struct request *request);
/* Sets the cookie on the reply that comes next; NULL takes it back. */
void gate_cookie_set(struct request *request, const char *ticket);
/* The digest of the cookie that came; false: none, or none of ours. */
bool gate_cookie_read(const struct request *request, struct digest *out);

#endif
