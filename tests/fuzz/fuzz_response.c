/* An institution's response, as its machine sends it: what is refused says why, and what is taken
 * is one document, which is taken again as the same bytes. */
#include "domain/response.h"
#include "support/handmade.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Its canonical bytes, the caller's; NULL: refused. `number`: "" takes any. */
static char *taken(struct consultation *consultation, const char *number, const char *bytes,
                   size_t size)
{
    json_t *input = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    if (!input)
        return NULL;
    struct response response;
    struct faults faults = {0};
    char *text = NULL;
    size_t length = 0;
    bool good = response_read(consultation, "harbour", number, input, &response, &faults);
    if (good == (faults.count > 0))
        abort();
    if (good) {
        text = response_canonical(&response, &length);
        if (!text || strlen(text) != length)
            abort();
    }
    response_clear(&response);
    json_decref(input);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct consultation *consultation;
    if (!consultation)
        consultation = handmade_consultation();
    free(taken(consultation, "", (const char *)data, size));
    char *text = taken(consultation, "7H3K9QXW2M", (const char *)data, size);
    char *again = text ? taken(consultation, "", text, strlen(text)) : NULL;
    if (text && (!again || strcmp(text, again) != 0))
        abort();
    free(text);
    free(again);
    return 0;
}
