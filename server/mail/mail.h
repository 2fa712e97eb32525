#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include "base/clock.h"
#include "mail/letter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is to be sent waits here and nowhere else: a bounded queue in locked memory with one thread
 * of its own that sends by SMTP, tries again for a while, and wipes. What a stop finds is lost, and
 * is asked for again. No address, subject or word of a letter reaches a log. */
struct mail;

enum mail_tls { MAIL_TLS_START, MAIL_TLS_WHOLE, MAIL_TLS_NONE };

/* Whether a letter can be sent, and how. */
enum mail_way {
    MAIL_NONE,
    MAIL_SMTP,
    MAIL_OUTBOX /* into a folder of this machine: rehearsals without mail */
};

struct mail_options {
    const char *server; /* host name or address; "": no mail */
    int port;
    enum mail_tls tls;
    const char *user; /* "": without signing in */
    const char *password_file;
    const char *from;        /* address letters come from */
    const char *authorities; /* file of certificates (PEM) to trust; "": the system's */
    const char *outbox;      /* folder, made if missing; "": none */
    size_t places;
    const struct clock *clock;
};

/* NULL with a sentence in `error`. Strings are copied. Main thread, before any other thread: starts
 * libcurl. */
struct mail *mail_start(const struct mail_options *options, char *error, size_t error_size);
/* Breaks off what is being sent, wipes what waits, joins, frees. NULL is nothing. */
void mail_stop(struct mail *mail);

/* How a letter of a rehearsal or of a real consultation would go. Any thread. */
enum mail_way mail_way(const struct mail *mail, bool rehearsal);

/* A place must be had before a letter is pushed; false: none is left. Any thread, never blocks for
 * longer than a copy. */
bool mail_reserve(struct mail *mail);
void mail_give_back(struct mail *mail);
/* Into a reserved place. Copies; the caller wipes its own. After `until_us` (monotonic) it is not
 * tried any more. */
void mail_push(struct mail *mail, const struct letter *letter, enum mail_way way, int64_t until_us);

/* An address may be kept for one more letter, that somebody asked for who is to do something first:
 * under a name of random bytes, sixteen for each place of a letter, until `until_us`
 * (monotonic); then it is wiped. False: no place. Any thread. */
enum { MAIL_KEPT_NAME = 16 };
bool mail_keep(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME], const char *to,
               enum mail_way way, int64_t until_us);

/* Sends `letter`, whose `to` is filled in here, to the address kept under the name, which is wiped;
 * the name stays taken for as long as the address would have been kept. Any thread, never blocks
 * for longer than a copy. */
enum mail_kept {
    MAIL_KEPT_NOT,  /* none is kept under that name */
    MAIL_KEPT_SENT, /* it waits to be sent, by now or since before */
    MAIL_KEPT_FULL  /* no letter can wait: nothing was done */
};
enum mail_kept mail_kept_send(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME],
                              struct letter *letter, int64_t until_us);
/* Whether it was sent to before. */
bool mail_kept_taken(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME]);
void mail_kept_forget(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME]);

struct mail_figures {
    size_t waiting; /* reserved places among them */
    uint64_t sent, retried;
    uint64_t given_up; /* refused for good, or not taken in time */
};
void mail_figures(struct mail *mail, struct mail_figures *out);

#endif
