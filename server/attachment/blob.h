#ifndef ATTACHMENT_BLOB_H
#define ATTACHMENT_BLOB_H

#include "domain/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files in a folder by the SHA-256 of what is in them: `ab/cdef…`, so that the same bytes twice are
 * one file, a name cannot lie, and a row that names one can be written after it is safe on the
 * disk. In files and not in the database as large objects: a dump of the database stays small and
 * quick, a copy of the folder is incremental, the bytes go from the disk to the socket without
 * passing through PostgreSQL and this process's memory, and what fills that disk is not what the
 * log of submissions is written to. The price is that a row and its file are not one transaction:
 * the file always comes first, and what no row names goes later (blobs_sweep).
 *
 * Folders are 0700, files 0600. Any thread; each call blocks on the disk. Several processes may
 * share a folder. */

struct blobs;

/* Makes the folder where there is none. `reserve`: bytes that stay free on its disk. NULL with a
 * sentence in `error`: also where others may read it. */
struct blobs *blobs_open(const char *folder, uint64_t reserve, char *error, size_t error_size);
void blobs_close(struct blobs *blobs); /* NULL is nothing */
/* The folder itself, for those who keep something else there; the blobs'. */
int blobs_folder(const struct blobs *blobs);
bool blobs_room(const struct blobs *blobs, uint64_t length);

enum blob_status {
    BLOB_DONE,
    BLOB_FULL,  /* the disk, or its reserve */
    BLOB_FAULT, /* the disk, otherwise: logged */
};

/* One that is being written. It has a name of its own in `tmp` until it is kept, and its writer's
 * lock, by which one left behind by a crash is known. */
struct blob;
enum blob_status blob_begin(struct blobs *blobs, uint64_t length, struct blob **out);
enum blob_status blob_write(struct blob *blob, const void *bytes, size_t length);
int blob_file(const struct blob *blob); /* for reading by position; the blob's */
/* The digest of what was written; nothing can be written after. */
const struct digest *blob_digest(struct blob *blob);
/* On the disk under its digest, and that is on the disk as well, when it returns BLOB_DONE.
 * Releases it in any case. */
enum blob_status blob_keep(struct blob *blob);
void blob_drop(struct blob *blob); /* NULL is nothing */

/* For reading, the caller closes it; -1: there is none such. */
int blob_open(const struct blobs *blobs, const struct digest *digest);

enum blob_verdict { BLOB_WHOLE, BLOB_MISSING, BLOB_CHANGED };
/* Reads all of it and holds it against its name. */
enum blob_verdict blob_check(const struct blobs *blobs, const struct digest *digest);

/* What blobs_sweep asks of each: whether anybody names it. */
typedef bool (*blob_is_named)(void *context, const struct digest *digest);
/* Removes what nobody names and is older than so many seconds, and what a crash left in `tmp`.
 * A file that is kept anew meanwhile stays. The number removed; -1: the folder cannot be read. */
long blobs_sweep(struct blobs *blobs, int64_t seconds, blob_is_named named, void *context);

#endif
