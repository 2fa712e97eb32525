/* Public halves of the keys that sign receipts, as a JWK Set. */
#include "http/reply.h"
#include "resources/routes.h"
#include "service.h"

enum handled key_list(struct request *request)
{
    struct document *document = document_new(200, request->language);
    if (document && !document_say(document, keys_jwks(service_of(request)->keys))) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}
