/* Memory that leaves nothing behind; see wipe.h. */
#include "domain/wipe.h"

#include <jansson.h>
#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>

void wipe_free(void *block)
{
    if (!block)
        return;
    sodium_memzero(block, malloc_usable_size(block));
    free(block);
}

void wipe_jansson(void)
{
    json_set_alloc_funcs(malloc, wipe_free);
}
