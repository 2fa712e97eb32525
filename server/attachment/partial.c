/* Uploads in pieces; see partial.h. */
#include "attachment/partial.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH = sizeof "partial/" + UUID_TEXT, PIECE = 64 * 1024 };

static void path_of(const struct uuid *upload, char path[PATH])
{
    memcpy(path, "partial/", 8);
    format_uuid(upload, path + 8);
}

static enum partial_status status_of(const char *what)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    log_event(full ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "upload-not-kept", "at=%s errno=%d", what,
              errno);
    return full ? PARTIAL_FULL : PARTIAL_FAULT;
}

enum partial_status partial_new(struct blobs *blobs, const struct uuid *upload, uint64_t whole)
{
    char path[PATH];
    path_of(upload, path);
    if (!blobs_room(blobs, whole)) {
        errno = ENOSPC;
        return status_of("reserve");
    }
    if (mkdirat(blobs_folder(blobs), "partial", 0700) != 0 && errno != EEXIST)
        return status_of("folder");
    int file = openat(blobs_folder(blobs), path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return status_of("new");
    close(file);
    return PARTIAL_DONE;
}

/* Locked, so that two requests never add to it at once. */
static enum partial_status open_locked(struct blobs *blobs, const struct uuid *upload, int *file)
{
    char path[PATH];
    path_of(upload, path);
    *file = openat(blobs_folder(blobs), path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (*file < 0)
        return errno == ENOENT ? PARTIAL_MISSING : status_of("open");
    if (flock(*file, LOCK_EX | LOCK_NB) == 0)
        return PARTIAL_DONE;
    close(*file);
    *file = -1;
    return PARTIAL_BUSY;
}

enum partial_status partial_length(struct blobs *blobs, const struct uuid *upload, uint64_t *length)
{
    char path[PATH];
    struct stat about;
    path_of(upload, path);
    if (fstatat(blobs_folder(blobs), path, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return PARTIAL_MISSING;
    *length = (uint64_t)about.st_size;
    return PARTIAL_DONE;
}

static bool copy(int from, int to, uint64_t at, uint64_t size)
{
    char *piece = malloc(PIECE);
    bool ok = piece;
    errno = 0;
    for (uint64_t done = 0; ok && done < size;) {
        size_t most = size - done < PIECE ? (size_t)(size - done) : PIECE;
        ssize_t got = pread(from, piece, most, (off_t)done);
        ok = got > 0 && pwrite(to, piece, (size_t)got, (off_t)(at + done)) == got;
        done += got > 0 ? (uint64_t)got : 0;
    }
    free(piece);
    return ok;
}

enum partial_status partial_add(struct blobs *blobs, const struct uuid *upload, uint64_t offset,
                                int from, uint64_t size, uint64_t *length)
{
    int file;
    struct stat about;
    enum partial_status status = open_locked(blobs, upload, &file);
    if (status != PARTIAL_DONE)
        return status;
    if (fstat(file, &about) != 0) {
        status = status_of("length");
    } else if ((uint64_t)about.st_size != offset) {
        status = PARTIAL_OFFSET;
        *length = (uint64_t)about.st_size;
    } else if (!copy(from, file, offset, size)) {
        if (errno == 0)
            errno = ENOSPC; /* a short write: there was no more room */
        status = status_of("write");
        if (ftruncate(file, about.st_size) != 0)
            status = status_of("truncate");
    } else {
        *length = offset + size;
    }
    close(file);
    return status;
}

int partial_open(struct blobs *blobs, const struct uuid *upload)
{
    int file;
    return open_locked(blobs, upload, &file) == PARTIAL_DONE ? file : -1;
}

void partial_remove(struct blobs *blobs, const struct uuid *upload)
{
    char path[PATH];
    path_of(upload, path);
    unlinkat(blobs_folder(blobs), path, 0);
}

void partial_sweep(struct blobs *blobs, int64_t seconds)
{
    int folder = openat(blobs_folder(blobs), "partial", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    if (!list) {
        if (folder >= 0)
            close(folder);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(list));) {
        struct stat about;
        struct uuid upload;
        if (parse_uuid(entry->d_name, &upload) &&
            fstatat(folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            (int64_t)time(NULL) - (int64_t)about.st_mtim.tv_sec >= seconds)
            unlinkat(folder, entry->d_name, 0);
    }
    closedir(list);
}
