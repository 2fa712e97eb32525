#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

/* An application/x-www-form-urlencoded body (WHATWG URL §5.1) as name and value pairs, in the order
 * they were sent. */

enum { FORM_FIELDS_MOST = 1024 };

struct field {
    const char *name;
    const char *value;
};

struct form {
    size_t count;
    struct field *fields;
    char *memory;
    size_t memory_size;
};

/* True: *out is to be cleared. False: a bad escape, an encoded NUL, not UTF-8, too many fields, or
 * no memory; *out is empty. Names and values are NUL-terminated UTF-8 without NUL; line ends and
 * control characters are as they were sent. */
bool form_read(const char *body, size_t length, struct form *out);

/* Wipes: forms carry what people wrote. */
void form_clear(struct form *form);

/* First value of that name, or NULL. */
const char *form_value(const struct form *form, const char *name);
/* The same; "" where there is none. */
const char *form_text(const struct form *form, const char *name);

#endif
