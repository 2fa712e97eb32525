/* Memory that is wiped when it is given back; see wipe.h. */
#include "base/wipe.h"

#include <jansson.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>

/* The size stands before the block: malloc_usable_size would have the compiler's bounds checks complain. */
struct wipe_header {
    size_t size;
    max_align_t block[];
};

void *wipe_malloc(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct wipe_header))
        return NULL;
    struct wipe_header *header = malloc(sizeof *header + size);
    if (!header)
        return NULL;
    header->size = size;
    return header->block;
}

void wipe_free(void *memory)
{
    if (!memory)
        return;
    struct wipe_header *header =
        (struct wipe_header *)(void *)((char *)memory - offsetof(struct wipe_header, block));
    sodium_memzero(header->block, header->size);
    free(header);
}

void wipe_install(void)
{
    json_set_alloc_funcs(wipe_malloc, wipe_free);
    json_object_seed(0);
}
