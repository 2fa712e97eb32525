#ifndef PROCESS_PRINTED_H
#define PROCESS_PRINTED_H

#include "domain/digest.h"

#include <stdbool.h>
#include <stdint.h>

/* The PDFs that were made lately, by the digest of the page they were made of, so that what many
 * ask for is printed once. Nameless files of the spool folder: they end with the process. Bounded
 * in number and bytes: the one least lately asked for goes. Any thread; one lock, held for a few
 * lines. */
struct printed;

struct printed *printed_new(const char *folder); /* borrowed; NULL: no memory */
void printed_free(struct printed *printed);      /* NULL is nothing */

/* A new nameless file to print into; -1: the folder takes none. The caller's. */
int printed_file(const struct printed *printed);
/* For reading by position, the caller closes it; -1: there is none. */
int printed_find(struct printed *printed, const struct digest *page, uint64_t *length);
/* Keeps the file beside the caller's descriptor of it. */
void printed_keep(struct printed *printed, const struct digest *page, int file, uint64_t length);

/* A page that could not be printed, which costs all the time that is allowed for it, is not tried
 * again for some minutes; a few of them are remembered, the latest. `now_us`: monotonic. */
void printed_fail(struct printed *printed, const struct digest *page, int64_t now_us);
bool printed_failed(struct printed *printed, const struct digest *page, int64_t now_us);

/* The service ends: what still waits to be printed is not begun. NULL is nothing. */
void printed_quiet(struct printed *printed);
bool printed_is_quiet(struct printed *printed);

#endif
