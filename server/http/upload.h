#ifndef HTTP_UPLOAD_H
#define HTTP_UPLOAD_H

#include "http/form.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The body of a route that is spooled: it lies in a nameless file (base/spool.h), so that a large
 * one takes no memory, and is gone with its request. */

enum {
    UPLOAD_FILES_MOST = 4,
    UPLOAD_FIELDS_MOST = 16,
    UPLOAD_HEAD_MOST = 4096,  /* bytes of one part's headers */
    UPLOAD_VALUE_MOST = 4096, /* bytes of one field that is no file */
};

/* A file of a form: a stretch of the body. The texts are the form's memory. */
struct upload_file {
    const char *field; /* the form field's name */
    const char *name;  /* as the browser sent it: hostile, see attachment/file_name.h */
    uint64_t start, length;
};

struct upload {
    int file; /* the request's; -1: the body is in memory, or there is none */
    uint64_t length;
    size_t count;
    struct upload_file files[UPLOAD_FILES_MOST];
};

/* Reads a multipart/form-data body (RFC 7578) from the file, in pieces of a fixed size: fields go
 * to *form, files stay where they are and upload->files says where. A file field in which nothing
 * was chosen is no file. True: *form is to be cleared, and upload->files is valid until then.
 * False: no such body, a name or a value that is not UTF-8 text without NUL, more or longer ones
 * than the bounds above, the file cannot be read, or no memory; *form is empty, count is 0. Blocks
 * on the file. */
bool upload_read_form(const char *content_type, struct upload *upload, struct form *form);

/* So many bytes from there, less at the end; -1: cannot be read. Blocks. */
int64_t upload_read(const struct upload *upload, uint64_t from, void *bytes, size_t most);

#endif
