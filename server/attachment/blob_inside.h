#ifndef ATTACHMENT_BLOB_INSIDE_H
#define ATTACHMENT_BLOB_INSIDE_H

#include "attachment/blob.h"

/* What the files of blobs share and nobody else includes. */

enum { BLOB_PATH = 2 * DIGEST_BYTES + 2, BLOB_PLACE = 3 };

struct blobs {
    int folder, tmp;
    uint64_t reserve;
};

/* "ab/cdef…" */
void blob_path(const struct digest *digest, char path[BLOB_PATH]);

#endif
