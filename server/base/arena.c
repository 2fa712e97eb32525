/* Memory given back as a whole; see arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the newest first */
    bool failed;
};

struct arena *arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->blocks) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

static struct block *block_add(struct arena *arena, size_t wanted)
{
    size_t size = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
    struct block *block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    size_t wanted = 0;
    const size_t align = alignof(max_align_t);
    if (arena->failed)
        return NULL;
    if (__builtin_mul_overflow(count, size, &wanted) || wanted > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    wanted = (wanted + align - 1) / align * align;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < wanted)
        block = block_add(arena, wanted);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    void *memory = block->bytes + block->used;
    block->used += wanted;
    return memory;
}

const char *arena_text(struct arena *arena, const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = arena_take(arena, size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

bool arena_ok(const struct arena *arena)
{
    return !arena->failed;
}
