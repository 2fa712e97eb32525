/* Addresses kept for one more letter; see kept.h. */
#include "mail/kept.h"

#include <sodium.h>
#include <string.h>

struct kept *kept_find(struct kept *list, size_t count, const unsigned char name[MAIL_KEPT_NAME])
{
    for (size_t i = 0; i < count; i++)
        if (list[i].state != KEPT_FREE && memcmp(list[i].name, name, MAIL_KEPT_NAME) == 0)
            return &list[i];
    return NULL;
}

bool kept_add(struct kept *list, size_t count, const struct kept *entry)
{
    struct kept *room = NULL;
    for (size_t i = 0; i < count && (!room || room->state != KEPT_FREE); i++) {
        bool older = !room || list[i].until_us < room->until_us;
        if (list[i].state == KEPT_FREE || (list[i].state == KEPT_TAKEN && older))
            room = &list[i];
    }
    if (room)
        *room = *entry;
    return room != NULL;
}

int64_t kept_sweep(struct kept *list, size_t count, int64_t now_us)
{
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (list[i].state != KEPT_FREE && list[i].until_us <= now_us)
            sodium_memzero(&list[i], sizeof list[i]);
        else if (list[i].state != KEPT_FREE && list[i].until_us < next_us)
            next_us = list[i].until_us;
    }
    return next_us;
}
