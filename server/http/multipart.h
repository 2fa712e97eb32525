#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/form.h"

/* A multipart/form-data body (RFC 7578), as browsers send a form with a file, in the shape of any
 * other form: a file is the value of its field, its name and type are passed over. Bounded by the
 * route's limit and MULTIPART_PARTS_MOST. */

enum { MULTIPART_PARTS_MOST = 16 };

/* True if `content_type` (may be NULL) says multipart/form-data. */
bool multipart_is(const char *content_type);

/* True: *out is to be cleared. False: no such body, something that is not UTF-8 text without NUL,
 * too many parts, or no memory; *out is empty. */
bool multipart_read(const char *content_type, const char *body, size_t length, struct form *out);

#endif
