/* Reading the keys' folder into guarded memory; see keys.h. */
#include "domain/keys.h"

#include "base/parse.h"
#include "domain/keys_memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum key_file { FILE_OTHER, FILE_MASTER, FILE_RECEIPT, FILE_RECEIPT_PUBLIC, FILE_IDENTITY };

struct loading {
    struct keys *keys;
    DIR *folder;
    char *error;
    size_t error_size;
};

static bool refuse(const struct loading *loading, const char *name, const char *why)
{
    snprintf(loading->error, loading->error_size, "key %s: %s", name, why);
    return false;
}

/* What a file's name says; *id for masters and receipt keys. */
static enum key_file file_kind(const char *name, int *id)
{
    static const char master[] = "master-", identity[] = "identity-", ending[] = ".pub";
    char stem[NAME_MAX + 1];
    int64_t number = 0;
    if (strncmp(name, identity, sizeof identity - 1) == 0)
        return parse_slug(name + sizeof identity - 1, SLUG_MOST) ? FILE_IDENTITY : FILE_OTHER;
    if (strncmp(name, master, sizeof master - 1) == 0 &&
        parse_integer(name + sizeof master - 1, 1, KEY_ID_MOST, &number)) {
        *id = (int)number;
        return FILE_MASTER;
    }
    snprintf(stem, sizeof stem, "%s", name);
    char *dot = strchr(stem, '.');
    bool is_public = dot && strcmp(dot, ending) == 0;
    if (is_public)
        *dot = '\0';
    *id = keys_id_read(stem);
    if (*id == 0)
        return FILE_OTHER;
    return is_public ? FILE_RECEIPT_PUBLIC : FILE_RECEIPT;
}

/* Exactly `length` bytes of a regular file; a secret one must be its owner's alone. */
static bool file_read(const struct loading *loading, const char *name, bool is_secret,
                      unsigned char *bytes, size_t length)
{
    int fd = openat(dirfd(loading->folder), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat stat;
    bool ok = false;
    if (fd < 0)
        return refuse(loading, name, strerror(errno));
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) || stat.st_size != (off_t)length)
        refuse(loading, name, "not a file of the right length");
    else if (is_secret && (stat.st_mode & (S_IRWXG | S_IRWXO)))
        refuse(loading, name, "others than its owner may read it (chmod 600)");
    else if (read(fd, bytes, length) != (ssize_t)length)
        refuse(loading, name, "cannot be read");
    else
        ok = true;
    close(fd);
    return ok;
}

static struct receipt_key *receipt_place(struct keys *keys, int id)
{
    for (size_t i = 0; i < keys->receipt_count; i++)
        if (keys->receipts[i].id == id)
            return &keys->receipts[i];
    struct receipt_key *key = &keys->receipts[keys->receipt_count++];
    *key = (struct receipt_key){.id = id};
    return key;
}

static bool file_load(const struct loading *loading, const char *name)
{
    struct keys *keys = loading->keys;
    int id = 0;
    switch (file_kind(name, &id)) {
    case FILE_OTHER:
        return true;
    case FILE_MASTER:
        keys->masters[keys->master_count].id = id;
        return file_read(loading, name, true, keys->masters[keys->master_count++].bytes,
                         MASTER_BYTES);
    case FILE_RECEIPT: {
        struct receipt_key *key = receipt_place(keys, id);
        key->has_secret = true;
        return file_read(loading, name, true, key->secret_half, SECRET_BYTES);
    }
    case FILE_RECEIPT_PUBLIC: {
        struct receipt_key *key = receipt_place(keys, id);
        key->has_public = true;
        return file_read(loading, name, false, key->public_half, PUBLIC_BYTES);
    }
    case FILE_IDENTITY: {
        struct identity_key *key = &keys->identities[keys->identity_count++];
        snprintf(key->consultation, sizeof key->consultation, "%s", name + strlen("identity-"));
        return file_read(loading, name, true, key->bytes, IDENTITY_KEY_BYTES);
    }
    }
    return true;
}

/* Room for as many of each as there are files now. */
static bool make_room(const struct loading *loading)
{
    size_t masters = 0, receipts = 0, identities = 0;
    struct dirent *entry;
    while ((entry = readdir(loading->folder))) {
        int id = 0;
        enum key_file kind = file_kind(entry->d_name, &id);
        masters += kind == FILE_MASTER;
        receipts += kind == FILE_RECEIPT || kind == FILE_RECEIPT_PUBLIC;
        identities += kind == FILE_IDENTITY;
    }
    struct keys *keys = loading->keys;
    keys->masters = sodium_allocarray(masters + 1, sizeof *keys->masters);
    keys->receipts = sodium_allocarray(receipts + 1, sizeof *keys->receipts);
    keys->identities = sodium_allocarray(identities + 1, sizeof *keys->identities);
    rewinddir(loading->folder);
    return keys->masters && keys->receipts && keys->identities;
}

static int by_id(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

/* A receipt key's public half stands in its secret one too: both must say the same, and a missing
 * one is filled in. */
static bool halves_agree(const struct loading *loading)
{
    for (size_t i = 0; i < loading->keys->receipt_count; i++) {
        struct receipt_key *key = &loading->keys->receipts[i];
        unsigned char public_half[PUBLIC_BYTES];
        if (!key->has_secret)
            continue;
        crypto_sign_ed25519_sk_to_pk(public_half, key->secret_half);
        if (key->has_public && memcmp(public_half, key->public_half, PUBLIC_BYTES) != 0)
            return refuse(loading, "receipt", "a public half is not that of its secret one");
        memcpy(key->public_half, public_half, PUBLIC_BYTES);
        key->has_public = true;
    }
    return true;
}

static bool folder_load(const struct loading *loading)
{
    struct keys *keys = loading->keys;
    struct dirent *entry;
    if (!make_room(loading))
        return refuse(loading, "folder", "no memory");
    while ((entry = readdir(loading->folder)))
        if (!file_load(loading, entry->d_name))
            return false;
    if (!halves_agree(loading))
        return false;
    qsort(keys->masters, keys->master_count, sizeof *keys->masters, by_id);
    qsort(keys->receipts, keys->receipt_count, sizeof *keys->receipts, by_id);
    sodium_mprotect_readonly(keys->masters);
    sodium_mprotect_readonly(keys->receipts);
    sodium_mprotect_readonly(keys->identities);
    return true;
}

struct keys *keys_load(const char *folder, char *error, size_t error_size)
{
    struct loading loading = {.error = error, .error_size = error_size};
    loading.keys = calloc(1, sizeof *loading.keys);
    loading.folder = opendir(folder);
    bool ok = false;
    if (!loading.keys || !loading.folder)
        refuse(&loading, folder, strerror(errno));
    else
        ok = folder_load(&loading);
    if (loading.folder)
        closedir(loading.folder);
    if (ok)
        return loading.keys;
    keys_free(loading.keys);
    return NULL;
}

/* One file into guarded memory of its own; NULL with a sentence. */
static struct added_key *added_read(const struct loading *loading, const char *slug)
{
    char name[sizeof "identity-" + SLUG_MOST];
    struct added_key *added = sodium_malloc(sizeof *added);
    if (!added) {
        refuse(loading, slug, "no memory");
        return NULL;
    }
    *added = (struct added_key){0};
    snprintf(added->key.consultation, sizeof added->key.consultation, "%s", slug);
    snprintf(name, sizeof name, "identity-%s", slug);
    if (file_read(loading, name, true, added->key.bytes, IDENTITY_KEY_BYTES))
        return added;
    sodium_free(added);
    return NULL;
}

bool keys_identity_add(struct keys *keys, const char *folder,
                       const struct consultation *consultation, char *error, size_t error_size)
{
    struct loading loading = {.keys = keys, .error = error, .error_size = error_size};
    loading.folder = opendir(folder);
    if (!loading.folder)
        return refuse(&loading, folder, strerror(errno));
    struct added_key *added = added_read(&loading, consultation->slug);
    closedir(loading.folder);
    if (!added)
        return false;
    if (!keys_identity_fits(&added->key, consultation)) {
        sodium_free(added);
        return refuse(&loading, consultation->slug, "not the one its rows are made with");
    }
    added->next = atomic_load_explicit(&keys->added, memory_order_relaxed);
    sodium_mprotect_readonly(added);
    atomic_store_explicit(&keys->added, added, memory_order_release);
    return true;
}
