/* Accept, Accept-Encoding and If-None-Match: an answer comes for any text, and it is one that was
 * offered. */
#include "http/negotiate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned offers[] = {1u << REPRESENT_JSON,
                                      1u << REPRESENT_JSON | 1u << REPRESENT_CSV,
                                      1u << REPRESENT_JSON | 1u << REPRESENT_PAGE};
    char *header = malloc(size + 1);
    if (!header)
        return 0;
    if (size)
        memcpy(header, data, size);
    header[size] = '\0';
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        enum representation best = negotiate_representation(header, offers[i], REPRESENT_JSON);
        if (best != REPRESENTATIONS && !(offers[i] & 1u << best))
            abort();
    }
    if (negotiate_encoding(header) >= ENCODINGS)
        abort();
    negotiate_unchanged(header, "\"0123456789abcdef0123456789abcdef\"");
    free(header);
    return 0;
}
