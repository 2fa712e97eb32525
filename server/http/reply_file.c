/* Replies that are files on the disk: the library sends them from their descriptor, so that a large
 * one takes no memory. See reply.h. */
#include "base/buf.h"
#include "http/reply.h"
#include "http/response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* attr-char of RFC 8187 §3.2.1 as it is, all else by its bytes. */
static void name_escape(struct buf *out, const char *name)
{
    for (const unsigned char *p = (const unsigned char *)name; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-._~", *p);
        if (plain)
            buf_add(out, p, 1);
        else
            buf_format(out, "%%%02X", *p);
    }
}

/* A download under its name, wherever it is opened from (RFC 6266). */
static bool disposition_add(struct request *request, const char *name)
{
    struct buf value = {0};
    buf_format(&value, "attachment; filename*=UTF-8''");
    name_escape(&value, name);
    buf_add(&value, "", 1);
    bool ok = buf_ok(&value);
    if (ok)
        reply_header(request, "Content-Disposition", value.data);
    buf_clear(&value);
    return ok;
}

void reply_file(struct request *request, const struct reply_file *file)
{
    struct reply *reply = &request->http->reply;
    const char *known = request->http->connection->head.if_none_match;
    char etag[ETAG_TEXT + 34];
    snprintf(etag, sizeof etag, "\"%s\"", file->digest);
    bool unchanged = negotiate_unchanged(known, etag);
    struct outgoing out = {.status = unchanged ? 304 : 200,
                           .type = unchanged ? NULL : file->type,
                           .language = LANGUAGES,
                           .etag = etag,
                           .sandboxed = true};
    if (reply->set || !disposition_add(request, file->name)) {
        close(file->file);
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return;
    }
    reply->response = unchanged ? response_make(request, &out)
                                : response_make_of_file(request, &out, file->file, file->length);
    if (unchanged)
        close(file->file);
    reply->set = true;
    reply->status = out.status;
    reply->length = unchanged ? 0 : file->length;
    reply_forget(request->http);
}
