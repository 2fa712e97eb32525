/* A receipt as somebody shows it, against fixed public halves: no text without the private half is
 * genuine. */
#include "domain/receipt.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char set[] =
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"receipt-1\",\"x\":"
        "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";
    static struct keys *keys;
    if (!keys) {
        json_t *json = sodium_init() < 0 ? NULL : json_loads(set, 0, NULL);
        keys = keys_from_jwks(json);
        json_decref(json);
        if (!keys)
            abort();
    }
    json_t *document = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (receipt_verify(keys, document) == RECEIPT_GENUINE)
        abort();
    keys_free(keys_from_jwks(document));
    json_decref(document);
    return 0;
}
