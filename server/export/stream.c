/* Blocks of bytes on their way, and their digest; see stream.h. OpenSSL's SHA-256 uses what the
 * processor has for it; libsodium's, which has to be everywhere the same, took half of an export's
 * time. */
#include "export/stream.h"

#include <openssl/evp.h>
#include <sodium.h>

enum { BLOCK = 65536 };

void stream_begin(struct stream *stream, struct export_sink sink)
{
    *stream = (struct stream){.sink = sink, .hash = EVP_MD_CTX_new()};
    if (!stream->hash || !EVP_DigestInit_ex(stream->hash, EVP_sha256(), NULL))
        stream->buf.failed = true;
}

static bool stream_flush(struct stream *stream)
{
    struct buf *buf = &stream->buf;
    if (!buf_ok(buf))
        return false;
    if (!buf->length)
        return true;
    bool ok = EVP_DigestUpdate(stream->hash, buf->data, buf->length) &&
              stream->sink.write(stream->sink.context, buf->data, buf->length);
    stream->bytes += (int64_t)buf->length;
    buf_reset(buf);
    return ok;
}

bool stream_pass(struct stream *stream)
{
    return stream->buf.length < BLOCK ? buf_ok(&stream->buf) : stream_flush(stream);
}

bool stream_end(struct stream *stream)
{
    unsigned char hash[SHA256_BYTES];
    bool ok = stream_flush(stream) && EVP_DigestFinal_ex(stream->hash, hash, NULL);
    if (ok)
        sodium_bin2hex(stream->sha256, sizeof stream->sha256, hash, sizeof hash);
    return ok;
}

void stream_clear(struct stream *stream)
{
    EVP_MD_CTX_free(stream->hash);
    buf_clear(&stream->buf);
}
