/* Files without a name; see spool.h. */
#include "base/spool.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int spool_open(const char *folder)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/spool-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof path || (file = mkostemp(path, O_CLOEXEC)) < 0)
        return -1;
    unlink(path);
    return file;
}
