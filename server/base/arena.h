#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/* Memory that is taken piece by piece and given back as a whole. Confined to one thread while it is
 * filled; read by any afterwards. A lack of memory sticks: later calls give NULL, and the caller
 * asks once, at the end. */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* takes NULL */

/* Zeroed and aligned for any type. */
void *arena_take(struct arena *arena, size_t count, size_t size);
/* A copy of a NUL-terminated text; NULL of NULL, which is no failure. */
const char *arena_text(struct arena *arena, const char *text);

bool arena_ok(const struct arena *arena);

#endif
