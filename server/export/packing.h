#ifndef EXPORT_PACKING_H
#define EXPORT_PACKING_H

#include <stdbool.h>
#include <stddef.h>

/* A workbook is packed by one call of its library, which takes minutes where there is much and
 * knows no way to be stopped. So it is made in a process of its own, which is: a copy of this one
 * that keeps nothing open but its files, does nothing else, and dies with the thread that began it.
 */
enum { PACKING_FILES_MOST = 256 };

struct packing {
    bool (*pack)(void *book);     /* in the other process */
    bool (*go_on)(void *context); /* in this one, several times a second */
    void *book, *context;
    int files[PACKING_FILES_MOST]; /* that it needs */
    size_t file_count;
};

/* Blocks until it is over. False: it failed, or was told not to go on; it is over all the same, and
 * what it wrote is of no use. */
bool packing_run(const struct packing *packing);

#endif
