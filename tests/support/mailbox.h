#ifndef SUPPORT_MAILBOX_H
#define SUPPORT_MAILBOX_H

#include "support/process.h"

#include <stdbool.h>
#include <stddef.h>

/* A real SMTP server on loopback with a throw-away certificate, and the letters that it took.
 * Aborts if it cannot be had. */

enum { MAILBOX_SETTINGS = 8, MAILBOX_TEXT = 4096 };

struct mailbox {
    struct process process;
    char folder[32];
    char words[MAILBOX_SETTINGS][256];
    const char *set[MAILBOX_SETTINGS + 8]; /* settings of a server that sends there; NULL ends */
};

struct letter_seen {
    char to[256], from[256], header_to[256], subject[512];
    char how[128]; /* "encrypted True auto-generated" */
    char text[MAILBOX_TEXT];
};

/* `tls`: "starttls" or "tls". `further`: settings that go along, NULL at the end, static. */
void mailbox_open(struct mailbox *mailbox, const char *tls, const char *const *further);
void mailbox_close(struct mailbox *mailbox);

/* "take", "refuse", "later" or "slow". */
void mailbox_mode(const struct mailbox *mailbox, const char *mode);

/* The newest letter to that address; false if none came within the milliseconds. The letter is
 * taken out. */
bool mailbox_take(const struct mailbox *mailbox, const char *to, int wait_ms,
                  struct letter_seen *out);

/* The first six digits in a row of a text; aborts if there are none. */
void mailbox_code(const char *text, char code[7]);

#endif
