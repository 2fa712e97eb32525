/* Blocks of bytes on their way, and their digest; see stream.h. */
#include "export/stream.h"

enum { BLOCK = 65536 };

void stream_begin(struct stream *stream, struct export_sink sink)
{
    *stream = (struct stream){.sink = sink};
    crypto_hash_sha256_init(&stream->hash);
}

static bool stream_flush(struct stream *stream)
{
    struct buf *buf = &stream->buf;
    if (!buf_ok(buf))
        return false;
    if (!buf->length)
        return true;
    const unsigned char *bytes = (const unsigned char *)buf->data;
    crypto_hash_sha256_update(&stream->hash, bytes, buf->length);
    stream->bytes += (int64_t)buf->length;
    bool ok = stream->sink.write(stream->sink.context, bytes, buf->length);
    buf_reset(buf);
    return ok;
}

bool stream_pass(struct stream *stream)
{
    return stream->buf.length < BLOCK ? buf_ok(&stream->buf) : stream_flush(stream);
}

bool stream_end(struct stream *stream)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    bool ok = stream_flush(stream);
    crypto_hash_sha256_final(&stream->hash, hash);
    sodium_bin2hex(stream->sha256, sizeof stream->sha256, hash, sizeof hash);
    return ok;
}

void stream_clear(struct stream *stream)
{
    buf_clear(&stream->buf);
}
