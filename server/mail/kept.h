#ifndef MAIL_KEPT_H
#define MAIL_KEPT_H

#include "mail/mail.h"

/* Addresses that were asked to be written to once more, beside the letters that wait; for mail.c
 * alone, with its lock held. Bounded, in locked memory; an address is wiped when it is taken, and
 * when its time is over. */

/* For each place of a letter: an address is kept while somebody looks for a code in their mail, a
 * letter goes at once. */
enum { KEPT_PER_PLACE = 16 };

enum kept_state { KEPT_FREE, KEPT_READY, KEPT_TAKEN };

struct kept {
    enum kept_state state;
    enum mail_way way;
    int64_t until_us; /* monotonic */
    unsigned char name[MAIL_KEPT_NAME];
    char to[LETTER_ADDRESS];
};

/* The entry of that name, or NULL. */
struct kept *kept_find(struct kept *list, size_t count, const unsigned char name[MAIL_KEPT_NAME]);
/* False: no place. The oldest of those that were taken makes room. */
bool kept_add(struct kept *list, size_t count, const struct kept *entry);
/* Wipes what is over. The moment at which the next one is; INT64_MAX: none is kept. */
int64_t kept_sweep(struct kept *list, size_t count, int64_t now_us);

#endif
