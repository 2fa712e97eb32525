/* The request-target: whatever it is, what is taken is text without control characters, and its
 * windows lie within it. */
#include "base/parse.h"
#include "http/target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct target target;
    if (target_read((const char *)data, size, &target) != TARGET_FINE)
        return 0;
    if (strlen(target.path) != target.length || !parse_utf8(target.path, target.length))
        abort();
    for (size_t i = 0; i < target.length; i++)
        if ((unsigned char)target.path[i] < 0x20 || target.path[i] == 0x7f)
            abort();
    for (unsigned i = 0; i < target.segments && i < TARGET_SEGMENTS; i++)
        if ((size_t)target.segment[i].start + target.segment[i].length > target.length)
            abort();
    if (!memchr(target.lang, '\0', sizeof target.lang))
        abort();
    return 0;
}
