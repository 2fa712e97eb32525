/* Secrets that other servers know us by; see secret_file.h. */
#include "domain/secret_file.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

char *secret_file_read(const char *what, const char *path, char *error, size_t error_size)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    if (!file || fstat(fileno(file), &status) != 0 || status.st_mode & 077) {
        snprintf(error, error_size, "%s's file %s %s", what, path,
                 file ? "must be readable by its owner alone (0600)" : "cannot be read");
        if (file)
            fclose(file);
        return NULL;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy in a buffer that is not wiped */
    char *secret = sodium_malloc(SECRET_BYTES);
    size_t length = secret && fgets(secret, SECRET_BYTES, file) ? strcspn(secret, "\r\n") : 0;
    fclose(file);
    if (length) {
        secret[length] = '\0';
        return secret;
    }
    snprintf(error, error_size, "%s's file %s is empty", what, path);
    sodium_free(secret);
    return NULL;
}
