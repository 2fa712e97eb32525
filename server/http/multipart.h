#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/form.h"

/* A multipart/form-data body (RFC 7578), as browsers send a form with a file, in the shape of any
 * other form: a file is the value of its field, its name and type are passed over. Bounded by the
 * route's limit and MULTIPART_PARTS_MOST. */

enum {
    MULTIPART_PARTS_MOST = 16,
    MULTIPART_DELIMITER = 70 + 5, /* a boundary is at most 70 characters (RFC 2046 §5.1.1) */
};

/* What a part's headers call it. */
struct multipart_names {
    const char *field;
    const char *file; /* NULL: it is no file; "" where none was chosen */
};

/* True if `content_type` (may be NULL) says multipart/form-data. */
bool multipart_is(const char *content_type);

/* True: *out is to be cleared. False: no such body, something that is not UTF-8 text without NUL,
 * too many parts, or no memory; *out is empty. */
bool multipart_read(const char *content_type, const char *body, size_t length, struct form *out);

/* CR LF and two hyphens before the boundary: what ends a part (RFC 2046 §5.1.1). False: the media
 * type has none. */
bool multipart_delimiter(const char *content_type, char delimiter[MULTIPART_DELIMITER]);

/* The names, out of a part's headers, which end in a NUL and are cut up where names end. False:
 * there is no field's name. */
bool multipart_names_read(char *headers, struct multipart_names *out);

#endif
