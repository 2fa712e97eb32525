/* Exports as whoever asked for them may see them; see exports.h. */
#include "resources/officials/exports_inside.h"

#include <stdlib.h>
#include <string.h>

/* Under the lock. */
static struct export_view seen(const struct export_record *record)
{
    struct export_view view = record->view;
    view.rows = atomic_load(&record->rows);
    view.about = atomic_load(&record->about);
    view.ending = atomic_load(&record->ended) != EXPORT_OK && view.state <= EXPORT_RUNS;
    return view;
}

/* Under the lock. */
static bool is_of(const struct export_record *record, const struct official *official)
{
    return record->view.order.official_id == official->id &&
           record->view.order.consultation_id == official->consultation_id;
}

bool exports_find(struct exports *exports, const char *id, const struct official *official,
                  struct export_view *out)
{
    pthread_mutex_lock(&exports->lock);
    const struct export_record *record = exports_record(exports, id);
    bool found = record && is_of(record, official);
    if (found)
        *out = seen(record);
    pthread_mutex_unlock(&exports->lock);
    return found;
}

size_t exports_list(struct exports *exports, const struct official *official,
                    struct export_view out[EXPORT_LISTED])
{
    size_t count = 0;
    pthread_mutex_lock(&exports->lock);
    for (size_t i = exports->count; i > 0 && count < EXPORT_LISTED; i--)
        if (is_of(exports->records[i - 1], official))
            out[count++] = seen(exports->records[i - 1]);
    pthread_mutex_unlock(&exports->lock);
    return count;
}

char *exports_manifest(struct exports *exports, const char *id)
{
    pthread_mutex_lock(&exports->lock);
    const struct export_record *record = exports_record(exports, id);
    char *manifest = record && record->manifest ? strdup(record->manifest) : NULL;
    pthread_mutex_unlock(&exports->lock);
    return manifest;
}
