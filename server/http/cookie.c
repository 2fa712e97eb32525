/* Cookies as they come back; see cookie.h. */
#include "http/cookie.h"

#include <string.h>

bool cookie_value(const char *header, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *p = header; p && *p; p += strspn(p, "; ")) {
        size_t pair = strcspn(p, ";");
        if (pair > length && strncmp(p, name, length) == 0 && p[length] == '=') {
            size_t bytes = pair - length - 1;
            if (bytes >= size)
                return false;
            memcpy(value, p + length + 1, bytes);
            value[bytes] = '\0';
            return true;
        }
        p += pair;
    }
    return false;
}
