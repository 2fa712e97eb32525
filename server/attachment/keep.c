/* From sent to kept; see keep.h. */
#include "attachment/keep.h"

#include "attachment/scan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static enum problem_code problem_of(enum blob_status status)
{
    switch (status) {
    case BLOB_DONE:
        return PROBLEM_NONE;
    case BLOB_FULL:
        return PROBLEM_STORAGE_FULL;
    case BLOB_FAULT:
        break;
    }
    return PROBLEM_INTERNAL;
}

static enum blob_status copy(const struct attachment_sent *sent, struct blob *blob)
{
    enum blob_status status = BLOB_DONE;
    unsigned char *piece = malloc(PIECE);
    if (!piece)
        return BLOB_FAULT;
    for (uint64_t done = 0; status == BLOB_DONE && done < sent->length;) {
        uint64_t left = sent->length - done;
        ssize_t got = pread(sent->file, piece, left < PIECE ? (size_t)left : PIECE,
                            (off_t)(sent->start + done));
        status = got > 0 ? blob_write(blob, piece, (size_t)got) : BLOB_FAULT;
        done += got > 0 ? (uint64_t)got : 0;
    }
    free(piece);
    return status;
}

/* What is asked of the bytes once they lie still. */
static enum problem_code judge(const struct attachment_rules *rules,
                               const struct attachment_sent *sent, struct blob *blob)
{
    const struct digest *digest = blob_digest(blob);
    if (sent->expected && memcmp(sent->expected, digest, sizeof *digest) != 0)
        return PROBLEM_FILE_DIGEST_WRONG;
    if (!*rules->scanner)
        return PROBLEM_NONE;
    switch (scan_file(rules->scanner, blob_file(blob), sent->length, rules->scanner_seconds)) {
    case SCAN_CLEAN:
        return PROBLEM_NONE;
    case SCAN_FOUND:
        return PROBLEM_FILE_INFECTED;
    case SCAN_AWAY:
        break;
    }
    return PROBLEM_SCANNER_AWAY;
}

enum problem_code attachment_keep(const struct attachment_rules *rules,
                                  const struct attachment_sent *sent, struct attachment *out)
{
    struct blob *blob = NULL;
    if (sent->length == 0)
        return PROBLEM_FILE_EMPTY;
    if (sent->length > rules->bytes_most)
        return PROBLEM_FILE_TOO_LARGE;
    out->type = media_types_read(rules->types, sent->file, sent->start, sent->length);
    if (out->type == MEDIA_TYPES)
        return PROBLEM_FILE_TYPE;
    out->length = sent->length;
    file_name_clean(sent->name, media_type_extensions(out->type), out->name);
    enum problem_code code = problem_of(blob_begin(rules->blobs, sent->length, &blob));
    if (code == PROBLEM_NONE)
        code = problem_of(copy(sent, blob));
    if (code == PROBLEM_NONE)
        code = judge(rules, sent, blob);
    if (code != PROBLEM_NONE) {
        blob_drop(blob);
        return code;
    }
    out->digest = *blob_digest(blob);
    return problem_of(blob_keep(blob));
}
