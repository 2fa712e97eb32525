#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

/* The value of the first cookie of that name in a Cookie header (RFC 6265 §4.2), which may be NULL.
 * False: none such, or longer than `size` holds. Pure. */
bool cookie_value(const char *header, const char *name, char *value, size_t size);

#endif
