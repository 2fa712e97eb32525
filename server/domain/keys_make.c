/* Making and destroying the files of the keys' folder; see keys.h. */
#include "domain/keys.h"

#include "base/parse.h"
#include "domain/keys_memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct making {
    int folder; /* open */
    char *error;
    size_t error_size;
};

static bool refuse(const struct making *making, const char *name)
{
    snprintf(making->error, making->error_size, "key %s: %s", name, strerror(errno));
    return false;
}

static bool folder_open(struct making *making, const char *path)
{
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
        return refuse(making, path);
    making->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return making->folder >= 0 || refuse(making, path);
}

static bool write_whole(int fd, const unsigned char *bytes, size_t length)
{
    return write(fd, bytes, length) == (ssize_t)length && fsync(fd) == 0;
}

/* Whole or not at all, and never over one that is there (which is no error: somebody was first). */
static bool file_make(const struct making *making, const char *name, mode_t mode,
                      const unsigned char *bytes, size_t length)
{
    char fresh[NAME_MAX + 1];
    snprintf(fresh, sizeof fresh, "new-%s-%08x", name, randombytes_random());
    int fd = openat(making->folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return refuse(making, name);
    bool ok = fchmod(fd, mode) == 0 && write_whole(fd, bytes, length);
    close(fd);
    ok = ok && (renameat2(making->folder, fresh, making->folder, name, RENAME_NOREPLACE) == 0 ||
                errno == EEXIST);
    if (!ok)
        refuse(making, name);
    unlinkat(making->folder, fresh, 0);
    fsync(making->folder);
    return ok;
}

static bool random_file(const struct making *making, const char *name, size_t length)
{
    unsigned char bytes[MASTER_BYTES]; /* as long as an identity key */
    randombytes_buf(bytes, sizeof bytes);
    bool ok = file_make(making, name, S_IRUSR | S_IWUSR, bytes, length);
    sodium_memzero(bytes, sizeof bytes);
    return ok;
}

/* The secret half last: a key that signs always has its public half beside it. */
static bool receipt_files(const struct making *making, int id)
{
    unsigned char public_half[PUBLIC_BYTES], secret_half[SECRET_BYTES];
    char name[KEY_ID_TEXT], public_name[KEY_ID_TEXT + 4];
    keys_id_text(id, name);
    snprintf(public_name, sizeof public_name, "%s.pub", name);
    crypto_sign_keypair(public_half, secret_half);
    bool ok = file_make(making, public_name, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, public_half,
                        sizeof public_half) &&
              file_make(making, name, S_IRUSR | S_IWUSR, secret_half, sizeof secret_half);
    sodium_memzero(secret_half, sizeof secret_half);
    return ok;
}

/* The highest id of the files `prefix`<id>, public halves too; 0 if there is none, -1 if the folder
 * cannot be read. */
static int highest_id(const struct making *making, const char *prefix)
{
    int copy = dup(making->folder);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (!folder)
        return -1;
    rewinddir(folder);
    int64_t highest = 0;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        char name[NAME_MAX + 1];
        int64_t id = 0;
        snprintf(name, sizeof name, "%s", entry->d_name);
        name[strcspn(name, ".")] = '\0';
        if (strncmp(name, prefix, strlen(prefix)) == 0 &&
            parse_integer(name + strlen(prefix), 1, KEY_ID_MOST, &id) && id > highest)
            highest = id;
    }
    closedir(folder);
    return (int)highest;
}

static bool make_next(const char *folder, const char *prefix, bool only_the_first, char *error,
                      size_t error_size)
{
    struct making making = {.folder = -1, .error = error, .error_size = error_size};
    if (!folder_open(&making, folder))
        return false;
    int id = highest_id(&making, prefix) + 1;
    bool ok = id > 0 && id <= KEY_ID_MOST;
    if (!ok) {
        refuse(&making, prefix);
    } else if (!only_the_first || id == 1) {
        char name[KEY_ID_TEXT];
        snprintf(name, sizeof name, "%s%d", prefix, id);
        ok = *prefix == 'r' ? receipt_files(&making, id) : random_file(&making, name, MASTER_BYTES);
    }
    close(making.folder);
    return ok;
}

bool keys_make_base(const char *folder, char *error, size_t error_size)
{
    return make_next(folder, "master-", true, error, error_size) &&
           make_next(folder, "receipt-", true, error, error_size);
}

bool keys_make_receipt(const char *folder, char *error, size_t error_size)
{
    return make_next(folder, "receipt-", false, error, error_size);
}

bool keys_make_master(const char *folder, char *error, size_t error_size)
{
    return make_next(folder, "master-", false, error, error_size);
}

static void identity_name(const char *slug, char name[NAME_MAX + 1])
{
    snprintf(name, NAME_MAX + 1, "identity-%s", slug);
}

bool keys_make_identity(const char *folder, const char *slug, char *error, size_t error_size)
{
    struct making making = {.folder = -1, .error = error, .error_size = error_size};
    char name[NAME_MAX + 1];
    identity_name(slug, name);
    if (!folder_open(&making, folder))
        return false;
    bool ok = faccessat(making.folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
              random_file(&making, name, IDENTITY_KEY_BYTES);
    close(making.folder);
    return ok;
}

bool keys_destroy_identity(const char *folder, const char *slug, char *error, size_t error_size)
{
    struct making making = {.folder = -1, .error = error, .error_size = error_size};
    static const unsigned char zeros[IDENTITY_KEY_BYTES];
    char name[NAME_MAX + 1];
    identity_name(slug, name);
    if (!folder_open(&making, folder))
        return false;
    bool ok = true;
    int fd = openat(making.folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        ok = write_whole(fd, zeros, sizeof zeros) && unlinkat(making.folder, name, 0) == 0 &&
             fsync(making.folder) == 0;
        close(fd);
    } else {
        ok = errno == ENOENT;
    }
    if (!ok)
        refuse(&making, name);
    close(making.folder);
    return ok;
}
