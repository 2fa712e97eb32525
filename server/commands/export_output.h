#ifndef COMMANDS_EXPORT_OUTPUT_H
#define COMMANDS_EXPORT_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* A file that only its owner reads, and that has no name before it is whole: half an export is
 * none, whatever ends the process. Where the file system makes no nameless file it has its name
 * with .part behind it meanwhile. Nothing that is there is overwritten. */
struct output {
    int file; /* -1: none */
    bool named;
    char path[PATH_MAX]; /* "": standard output */
};

/* `path` NULL: standard output. False, with errno. */
bool output_open(struct output *output, const char *path);
/* An export_sink's. False, with errno. */
bool output_write(void *output, const void *bytes, size_t length);
/* Gives it its name. False, with errno: it has none. */
bool output_keep(struct output *output);
/* Closes it; what was not kept is gone. */
void output_close(struct output *output);

#endif
