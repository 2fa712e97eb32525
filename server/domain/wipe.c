/* Memory that leaves nothing behind; see wipe.h. */
#include "domain/wipe.h"

#include <jansson.h>
#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void wipe_free(void *block)
{
    if (!block)
        return;
    sodium_memzero(block, malloc_usable_size(block));
    free(block);
}

void *wipe_realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    size_t had = malloc_usable_size(block);
    if (size && size <= had && size >= had / 2)
        return block;
    void *next = malloc(size ? size : 1);
    if (!next)
        return NULL;
    memcpy(next, block, had < size ? had : size);
    wipe_free(block);
    return next;
}

void wipe_jansson(void)
{
    json_set_alloc_funcs(malloc, wipe_free);
}
