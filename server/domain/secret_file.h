#ifndef DOMAIN_SECRET_FILE_H
#define DOMAIN_SECRET_FILE_H

#include <stddef.h>

enum { SECRET_BYTES = 256 };

/* The first line of a file that nobody but its owner can read (0600), in guarded memory: caller
 * sodium_free. NULL with a sentence in `error`, which names the file as `what`. Blocks on the file.
 */
char *secret_file_read(const char *what, const char *path, char *error, size_t error_size);

#endif
