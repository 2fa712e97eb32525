#ifndef EXPORT_STREAM_H
#define EXPORT_STREAM_H

#include "base/buf.h"

#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_TEXT = 2 * SHA256_BYTES + 1 };

struct evp_md_ctx_st; /* OpenSSL's */

/* Takes an export's bytes in their order: a file, or a client that is slow. It may block; false
 * ends the export. */
struct export_sink {
    bool (*write)(void *context, const void *bytes, size_t length);
    void *context;
};

/* Bytes on their way to a sink, in blocks, with their digest. Confined to one thread. */
struct stream {
    struct buf buf; /* writers append here and then ask for stream_pass */
    struct export_sink sink;
    struct evp_md_ctx_st *hash; /* NULL: no memory */
    int64_t bytes;
    char sha256[SHA256_TEXT]; /* after stream_end */
};

/* stream_clear, whatever comes of it. */
void stream_begin(struct stream *stream, struct export_sink sink);
/* Passes on what was appended, once it is a block. False: the sink refused, or no memory. */
bool stream_pass(struct stream *stream);
/* Passes on the rest and makes the digest. */
bool stream_end(struct stream *stream);
void stream_clear(struct stream *stream);

#endif
