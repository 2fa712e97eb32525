#ifndef ATTACHMENT_KEEP_H
#define ATTACHMENT_KEEP_H

#include "attachment/blob.h"
#include "attachment/file_name.h"
#include "attachment/media_type.h"
#include "base/problem.h"

/* From bytes somebody sent to a file that is kept: the one way in, for forms, machines and uploads
 * in pieces. */

struct attachment_rules {
    struct blobs *blobs;
    struct media_types *types;
    uint64_t bytes_most; /* of one file */
    const char *scanner; /* address of clamd; "": none */
    int scanner_seconds;
};

/* Where the bytes lie, and what was said of them. */
struct attachment_sent {
    int file; /* read by position */
    uint64_t start, length;
    const char *name;              /* as it was sent */
    const struct digest *expected; /* SHA-256 that the sender says it has; NULL: not said */
};

struct attachment {
    struct digest digest; /* SHA-256 */
    uint64_t length;
    enum media_type type;
    char name[FILE_NAME_TEXT];
};

/* PROBLEM_NONE: the file is on the disk under its digest, and a row may name it. Else nothing is
 * kept: FILE_EMPTY, FILE_TOO_LARGE, FILE_TYPE, FILE_DIGEST_WRONG, FILE_INFECTED are the sender's;
 * SCANNER_AWAY, STORAGE_FULL, INTERNAL ours. Any thread; blocks on the disk and the scanner. */
enum problem_code attachment_keep(const struct attachment_rules *rules,
                                  const struct attachment_sent *sent, struct attachment *out);

#endif
