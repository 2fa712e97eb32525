/* Files by their digest; see blob.h. */
#include "attachment/blob_inside.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NAME = 2 * 16 + 1, KEEP_TRIES = 3, CREATE_TRIES = 8, PIECE = 64 * 1024 };

struct blob {
    struct blobs *blobs;
    int file;
    bool digested;
    char name[NAME]; /* in tmp */
    crypto_hash_sha256_state hash;
    struct digest digest;
};

void blob_path(const struct digest *digest, char path[BLOB_PATH])
{
    char hex[2 * DIGEST_BYTES + 1];
    digest_hex(digest, hex);
    snprintf(path, BLOB_PATH, "%.2s/%s", hex, hex + 2);
}

static enum blob_status status_of(const char *what)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    log_event(full ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "attachment-not-kept", "at=%s errno=%d",
              what, errno);
    return full ? BLOB_FULL : BLOB_FAULT;
}

static int folder_open(int parent, const char *name)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

struct blobs *blobs_open(const char *folder, uint64_t reserve, char *error, size_t error_size)
{
    struct stat about = {0};
    struct blobs *blobs = calloc(1, sizeof *blobs);
    if (!blobs) {
        snprintf(error, error_size, "there is not enough memory");
        return NULL;
    }
    blobs->reserve = reserve;
    blobs->tmp = -1;
    mkdir(folder, 0700); /* whether it is there and usable is seen next */
    blobs->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (blobs->folder >= 0 && fstat(blobs->folder, &about) == 0 && (about.st_mode & 077) == 0)
        blobs->tmp = folder_open(blobs->folder, "tmp");
    if (blobs->tmp >= 0)
        return blobs;
    snprintf(error, error_size, "attachments_folder %s %s", folder,
             blobs->folder >= 0 && about.st_mode & 077 ? "can be read by others (it must be 0700)"
                                                       : "cannot be made or written");
    blobs_close(blobs);
    return NULL;
}

void blobs_close(struct blobs *blobs)
{
    if (!blobs)
        return;
    if (blobs->tmp >= 0)
        close(blobs->tmp);
    if (blobs->folder >= 0)
        close(blobs->folder);
    free(blobs);
}

int blobs_folder(const struct blobs *blobs)
{
    return blobs->folder;
}

bool blobs_room(const struct blobs *blobs, uint64_t length)
{
    struct statvfs disk;
    return fstatvfs(blobs->folder, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize >= length + blobs->reserve;
}

/* A new file in tmp, under its writer's lock. A sweep that sees it before it is locked takes it for
 * one left behind by a crash: then another one is made. */
static bool blob_create(struct blob *blob)
{
    unsigned char random[(NAME - 1) / 2];
    struct stat about;
    for (int i = 0; i < CREATE_TRIES; i++) {
        randombytes_buf(random, sizeof random);
        sodium_bin2hex(blob->name, sizeof blob->name, random, sizeof random);
        blob->file = openat(blob->blobs->tmp, blob->name,
                            O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (blob->file < 0)
            return false;
        if (flock(blob->file, LOCK_EX | LOCK_NB) == 0 && fstat(blob->file, &about) == 0 &&
            about.st_nlink > 0)
            return true;
        unlinkat(blob->blobs->tmp, blob->name, 0);
        close(blob->file);
        blob->file = -1;
    }
    errno = EBUSY;
    return false;
}

enum blob_status blob_begin(struct blobs *blobs, uint64_t length, struct blob **out)
{
    *out = NULL;
    if (!blobs_room(blobs, length)) {
        errno = ENOSPC;
        return status_of("reserve");
    }
    struct blob *blob = calloc(1, sizeof *blob);
    if (!blob)
        return BLOB_FAULT;
    blob->blobs = blobs;
    crypto_hash_sha256_init(&blob->hash);
    if (!blob_create(blob)) {
        enum blob_status status = status_of("begin");
        blob_drop(blob);
        return status;
    }
    *out = blob;
    return BLOB_DONE;
}

enum blob_status blob_write(struct blob *blob, const void *bytes, size_t length)
{
    crypto_hash_sha256_update(&blob->hash, bytes, length);
    for (size_t done = 0; done < length;) {
        ssize_t written = write(blob->file, (const char *)bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return status_of("write");
        done += (size_t)written;
    }
    return BLOB_DONE;
}

int blob_file(const struct blob *blob)
{
    return blob->file;
}

const struct digest *blob_digest(struct blob *blob)
{
    if (!blob->digested)
        crypto_hash_sha256_final(&blob->hash, blob->digest.bytes);
    blob->digested = true;
    return &blob->digest;
}

/* Under its digest. Where it is already, it is marked as new instead, so that a sweep leaves it; if
 * one has just taken it away, that fails, and it is put there once more. */
static bool blob_link(struct blob *blob, int place, const char *path)
{
    for (int i = 0; i < KEEP_TRIES; i++) {
        if (linkat(blob->blobs->tmp, blob->name, place, path + BLOB_PLACE, 0) == 0)
            return true;
        if (errno != EEXIST)
            return false;
        if (utimensat(place, path + BLOB_PLACE, NULL, AT_SYMLINK_NOFOLLOW) == 0)
            return true;
        if (errno != ENOENT)
            return false;
    }
    return false;
}

enum blob_status blob_keep(struct blob *blob)
{
    char path[BLOB_PATH];
    enum blob_status status = BLOB_DONE;
    blob_path(blob_digest(blob), path);
    path[BLOB_PLACE - 1] = '\0';
    int place = folder_open(blob->blobs->folder, path);
    if (place < 0 || fsync(blob->file) != 0 || !blob_link(blob, place, path) || fsync(place) != 0 ||
        fsync(blob->blobs->folder) != 0)
        status = status_of("keep");
    if (place >= 0)
        close(place);
    blob_drop(blob);
    return status;
}

void blob_drop(struct blob *blob)
{
    if (!blob)
        return;
    if (blob->file >= 0) {
        unlinkat(blob->blobs->tmp, blob->name, 0);
        close(blob->file);
    }
    free(blob);
}

int blob_open(const struct blobs *blobs, const struct digest *digest)
{
    char path[BLOB_PATH];
    blob_path(digest, path);
    return openat(blobs->folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

enum blob_verdict blob_check(const struct blobs *blobs, const struct digest *digest)
{
    crypto_hash_sha256_state hash;
    struct digest found;
    ssize_t got = -1;
    int file = blob_open(blobs, digest);
    unsigned char *piece = malloc(PIECE);
    if (file < 0 || !piece) {
        free(piece);
        if (file >= 0)
            close(file);
        return BLOB_MISSING;
    }
    crypto_hash_sha256_init(&hash);
    while ((got = read(file, piece, PIECE)) > 0)
        crypto_hash_sha256_update(&hash, piece, (unsigned long long)got);
    crypto_hash_sha256_final(&hash, found.bytes);
    close(file);
    free(piece);
    return got == 0 && memcmp(&found, digest, sizeof found) == 0 ? BLOB_WHOLE : BLOB_CHANGED;
}
