/* Files that are whole or not there; see export_output.h. */
#include "commands/export_output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SUFFIX = 8 };

static void part_name(const struct output *output, char part[PATH_MAX + SUFFIX])
{
    snprintf(part, PATH_MAX + SUFFIX, "%s.part", output->path);
}

bool output_open(struct output *output, const char *path)
{
    char folder[PATH_MAX], part[PATH_MAX + SUFFIX];
    *output = (struct output){.file = -1};
    if (!path) {
        output->file = STDOUT_FILENO;
        return true;
    }
    int length = snprintf(output->path, sizeof output->path, "%s", path);
    errno = length >= (int)sizeof output->path ? ENAMETOOLONG : EEXIST;
    if (errno == ENAMETOOLONG || access(path, F_OK) == 0)
        return false;
    snprintf(folder, sizeof folder, "%s", path);
    output->file = open(dirname(folder), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (output->file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        part_name(output, part);
        output->file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        output->named = output->file >= 0;
    }
    return output->file >= 0;
}

bool output_write(void *context, const void *bytes, size_t length)
{
    const struct output *output = context;
    const char *at = bytes;
    while (length) {
        ssize_t wrote = write(output->file, at, length);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0) {
            at += wrote;
            length -= (size_t)wrote;
        }
    }
    return true;
}

bool output_keep(struct output *output)
{
    char part[PATH_MAX + SUFFIX];
    if (!*output->path)
        return true;
    if (output->named) {
        part_name(output, part);
        return link(part, output->path) == 0;
    }
    snprintf(part, sizeof part, "/proc/self/fd/%d", output->file);
    return linkat(AT_FDCWD, part, AT_FDCWD, output->path, AT_SYMLINK_FOLLOW) == 0;
}

void output_close(struct output *output)
{
    char part[PATH_MAX + SUFFIX];
    if (output->named) {
        part_name(output, part);
        unlink(part);
    }
    if (*output->path && output->file >= 0)
        close(output->file);
    output->file = -1;
}
