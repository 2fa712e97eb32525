#ifndef RESOURCES_INSTITUTIONS_MACHINE_H
#define RESOURCES_INSTITUTIONS_MACHINE_H

#include "http/request.h"

/* Which institution's machine makes a request: by its token (Authorization: Bearer), or by a
 * signature of the request (RFC 9421) with a key of the institution, whose id is the keyid, and
 * with the digest of the body (RFC 9530) where there is one; beside a token the digest may be
 * missing, but not wrong. Of a body that is yet to come token and signature are judged before, the
 * digest when it is there. True: request->official says who, its
 * id is 0 and its `token` the key's id. False: a reply is set. On the desk's thread. */
bool machine_admit(struct request *request);

#endif
