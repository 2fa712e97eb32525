#ifndef MAIL_CARRIER_H
#define MAIL_CARRIER_H

#include "mail/mail.h"

#include <stdatomic.h>

/* Between mail.c, which keeps what waits, and the two ways it goes; nobody else includes this. */

enum { CARRIER_TEXT = 256 };

/* What the ways need; immutable after the start. */
struct carrier {
    char url[2 * CARRIER_TEXT]; /* smtp:// or smtps://, host, port and the name we say we are */
    char user[CARRIER_TEXT], from[CARRIER_TEXT], authorities[CARRIER_TEXT], outbox[CARRIER_TEXT];
    char *password; /* sodium_malloc; NULL: none */
    enum mail_tls tls;
    const struct clock *clock;
    const atomic_bool *stopping; /* breaks off */
};

enum carried {
    CARRIED,
    CARRIED_NOT_NOW, /* try again later */
    CARRIED_NEVER    /* refused for good */
};

/* Blocks, half a minute at the most. `message` as letter_write makes it. */
enum carried smtp_send(const struct carrier *carrier, const char *to, const struct buf *message);

bool outbox_open(const char *folder, char *error, size_t error_size);
enum carried outbox_put(const struct carrier *carrier, const struct buf *message);

#endif
