#ifndef ATTACHMENT_PARTIAL_H
#define ATTACHMENT_PARTIAL_H

#include "attachment/blob.h"
#include "base/parse.h"

/* Uploads that come in pieces, over an interruption and over a restart: a file `partial/<uuid>`
 * beside the blobs, whose length is how much has come. Its row says whose it is and how long it
 * will be; that the file is right is found at the end, by its digest. Any thread; blocks. */

enum partial_status {
    PARTIAL_DONE,
    PARTIAL_BUSY,    /* another request is adding to it */
    PARTIAL_OFFSET,  /* it is not so long: *length says how long it is */
    PARTIAL_MISSING, /* there is none such */
    PARTIAL_FULL,
    PARTIAL_FAULT,
};

enum partial_status partial_new(struct blobs *blobs, const struct uuid *upload, uint64_t whole);
enum partial_status partial_length(struct blobs *blobs, const struct uuid *upload,
                                   uint64_t *length);
/* So many bytes of `from` (its first) behind the first `offset` ones. All or nothing is added.
 * *length: what it is now. */
enum partial_status partial_add(struct blobs *blobs, const struct uuid *upload, uint64_t offset,
                                int from, uint64_t size, uint64_t *length);
/* For reading; nobody adds to it while it is open. The caller closes it; -1: missing or busy. */
int partial_open(struct blobs *blobs, const struct uuid *upload);
void partial_remove(struct blobs *blobs, const struct uuid *upload);
/* Removes those nobody has added to for so many seconds. */
void partial_sweep(struct blobs *blobs, int64_t seconds);

#endif
