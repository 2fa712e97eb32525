/* What comes of a request's body: gathered in memory, or on a route that is spooled written to a
 * nameless file as it comes, so that a large one takes no more memory than a small one. Writing
 * goes to the system's page cache; it happens on the HTTP thread because pieces are small (half of
 * CONNECTION_MEMORY) and the library hands out no body to another one. */
#include "base/log.h"
#include "base/spool.h"
#include "http/state.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Whether the disk takes so much and still has its reserve. */
static bool spool_fits(const struct daemon_options *options, uint64_t length)
{
    struct statvfs disk;
    return statvfs(options->spool_folder, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize >= length + options->spool_reserve;
}

enum problem_code body_open(struct connection *c, struct request *request)
{
    struct daemon *daemon = c->daemon;
    const struct daemon_options *options = &daemon->options;
    uint64_t length = c->head.chunked ? c->match.route->body_limit : c->head.length;
    if (!options->spool_folder)
        return PROBLEM_INTERNAL;
    if (!spool_fits(options, length)) {
        log_event(LOG_LEVEL_WARNING, "spool-full", "folder=%s", options->spool_folder);
        return PROBLEM_STORAGE_FULL;
    }
    if (atomic_fetch_add(&daemon->spools, 1) >= options->spools) {
        atomic_fetch_sub(&daemon->spools, 1);
        return PROBLEM_UNAVAILABLE;
    }
    request->upload.file = spool_open(options->spool_folder);
    if (request->upload.file >= 0)
        return PROBLEM_NONE;
    atomic_fetch_sub(&daemon->spools, 1);
    log_event(LOG_LEVEL_ERROR, "spool-not-opened", "folder=%s errno=%d", options->spool_folder,
              errno);
    return errno == ENOSPC || errno == EDQUOT ? PROBLEM_STORAGE_FULL : PROBLEM_UNAVAILABLE;
}

void body_close(struct request *request)
{
    struct upload *upload = &request->upload;
    if (upload->file < 0)
        return;
    close(upload->file);
    upload->file = -1;
    atomic_fetch_sub(&request->http->daemon->spools, 1);
}

/* A large body may take as long as it needs at the least rate; a byte now and then is too little.
 */
static void body_time(struct connection *c)
{
    int64_t us = (int64_t)c->daemon->options.request_seconds * 1000000;
    if (body_is_spooled(c))
        us += connection_rate_us(c, c->drained);
    connection_deadline(c, c->body_us + us);
}

void body_begin(struct connection *c)
{
    connection_stage(c, STAGE_BODY);
    c->body_us = connection_now(c);
    body_time(c);
}

static enum problem_code spool_add(struct connection *c, const char *bytes, size_t size)
{
    struct request *request = c->request;
    struct upload *upload = &request->upload;
    if (size > c->match.route->body_limit - upload->length) {
        body_close(request);
        return PROBLEM_CONTENT_TOO_LARGE;
    }
    while (size) {
        ssize_t written = write(upload->file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            log_event(LOG_LEVEL_ERROR, "spool-not-written", "request=%s errno=%d", request->id,
                      errno);
            body_close(request);
            return PROBLEM_STORAGE_FULL;
        }
        bytes += written;
        size -= (size_t)written;
        upload->length += (uint64_t)written;
    }
    return PROBLEM_NONE;
}

static enum problem_code memory_add(struct request *request, const char *bytes, size_t size)
{
    buf_add(&request->body, bytes, size);
    if (buf_ok(&request->body))
        return PROBLEM_NONE;
    buf_clear(&request->body);
    return PROBLEM_CONTENT_TOO_LARGE;
}

enum problem_code body_add(struct connection *c, const char *bytes, size_t size)
{
    bool spooled = body_is_spooled(c);
    enum problem_code code =
        spooled ? spool_add(c, bytes, size) : memory_add(c->request, bytes, size);
    if (code == PROBLEM_NONE)
        c->request->arrived_us = connection_now(c);
    return code;
}

void body_more(struct connection *c, size_t size)
{
    c->drained += size;
    if (body_is_spooled(c))
        body_time(c);
}
