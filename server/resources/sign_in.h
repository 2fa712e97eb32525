#ifndef RESOURCES_SIGN_IN_H
#define RESOURCES_SIGN_IN_H

#include "base/buf.h"
#include "http/request.h"
#include "service.h"

/* Where somebody goes to sign in for one challenge, and where they come back to. */

/* Adds the provider's address for it; they come back to a page in `language`. False: it is not
 * known now. Any thread, never blocks. */
bool sign_in_address(const struct service *service, const struct consultation *consultation,
                     enum language language, const struct uuid *challenge, struct buf *out);

/* Our own, as it is registered with the provider. */
enum { SIGN_IN_RETURN = 320 };
void sign_in_return(const struct service *service, char out[SIGN_IN_RETURN]);

/* What people call the provider, in the request's language; lives as long as the service. */
const char *sign_in_name(const struct request *request);

#endif
