/* What people type as their identity: the first byte chooses its kind. A form is its own form, and
 * plain ASCII but for an address's local part. */
#include "domain/identity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    enum identity_kind kind = (enum identity_kind)(IDENTITY_EMAIL + data[0] % 3);
    char *value = strndup((const char *)data + 1, size - 1);
    char *once = value ? identity_normalise(kind, value) : NULL;
    if (once) {
        char *twice = identity_normalise(kind, once);
        const char *at = strrchr(once, '@');
        if (!twice || strcmp(once, twice) != 0)
            abort();
        for (const char *p = at ? at : once; *p; p++)
            if ((unsigned char)*p >= 0x80 || *p <= ' ')
                abort();
        free(twice);
    }
    free(once);
    free(value);
    return 0;
}
