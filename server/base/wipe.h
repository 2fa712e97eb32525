#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stddef.h>

/* An allocator whose memory is wiped when it is given back, for libraries that carry what people wrote
 * (jansson takes it by json_set_alloc_funcs). Any thread. */
void *wipe_malloc(size_t size);
void wipe_free(void *memory);

/* Installs it in jansson and seeds jansson's hashing. Call once, before any thread and any json value. */
void wipe_install(void);

#endif
