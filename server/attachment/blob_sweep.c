/* What nobody names goes; see blob.h. */
#include "attachment/blob_inside.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PLACE_TEXT = 2, REST_TEXT = 2 * DIGEST_BYTES - PLACE_TEXT };

struct sweep {
    struct blobs *blobs;
    int64_t seconds;
    blob_is_named named;
    void *context;
    long removed;
};

/* The descriptor is taken over. */
static DIR *folder_list(int folder)
{
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    if (!list && folder >= 0)
        close(folder);
    return list;
}

static bool is_old(const struct stat *about, int64_t seconds)
{
    /* Not time(), which may lag behind what files are marked with. */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec - (int64_t)about->st_mtim.tv_sec >= seconds;
}

/* What somebody writes just now is locked by its writer; what is not was left behind. */
static void leftover_remove(struct blobs *blobs, const char *name)
{
    int file = openat(blobs->tmp, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return;
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        unlinkat(blobs->tmp, name, 0);
    close(file);
}

/* Taken aside first: who keeps the same bytes again just then either finds nothing and puts it
 * there anew, or has marked it as new, and then it goes back. */
static void blob_remove(struct sweep *sweep, int place, const char *rest, const char *name)
{
    struct stat about;
    if (renameat(place, rest, sweep->blobs->tmp, name) != 0)
        return;
    bool old = fstatat(sweep->blobs->tmp, name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
               is_old(&about, sweep->seconds);
    if (old) {
        sweep->removed += unlinkat(sweep->blobs->tmp, name, 0) == 0;
        return;
    }
    /* Over one that was put there meanwhile: the bytes are the same. */
    if (renameat(sweep->blobs->tmp, name, place, rest) != 0)
        log_event(LOG_LEVEL_ERROR, "blob-not-put-back", "file=%s errno=%d", name, errno);
}

static void place_sweep(struct sweep *sweep, const char *name)
{
    DIR *list = folder_list(openat(sweep->blobs->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const struct dirent *entry; list && (entry = readdir(list));) {
        char hex[2 * DIGEST_BYTES + 1];
        struct digest digest;
        struct stat about;
        if (strlen(entry->d_name) != REST_TEXT)
            continue;
        snprintf(hex, sizeof hex, "%.2s%.62s", name, entry->d_name);
        if (digest_of_hex(hex, &digest) &&
            fstatat(dirfd(list), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            is_old(&about, sweep->seconds) && !sweep->named(sweep->context, &digest))
            blob_remove(sweep, dirfd(list), entry->d_name, hex);
    }
    if (list)
        closedir(list);
}

static bool is_place(const char *name)
{
    return strlen(name) == PLACE_TEXT && strspn(name, "0123456789abcdef") == PLACE_TEXT;
}

long blobs_sweep(struct blobs *blobs, int64_t seconds, blob_is_named named, void *context)
{
    struct sweep sweep = {
        .blobs = blobs, .seconds = seconds, .named = named, .context = context, .removed = 0};
    DIR *tmp = folder_list(openat(blobs->folder, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    DIR *list = folder_list(openat(blobs->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const struct dirent *entry; tmp && (entry = readdir(tmp));)
        if (entry->d_name[0] != '.')
            leftover_remove(blobs, entry->d_name);
    for (const struct dirent *entry; list && (entry = readdir(list));)
        if (is_place(entry->d_name))
            place_sweep(&sweep, entry->d_name);
    if (tmp)
        closedir(tmp);
    if (list)
        closedir(list);
    return tmp && list ? sweep.removed : -1;
}
