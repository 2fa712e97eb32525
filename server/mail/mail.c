/* What waits to be sent, and the thread that sends it; see mail.h. */
#include "mail/mail.h"

#include "base/log.h"
#include "domain/secret_file.h"
#include "mail/carrier.h"
#include "mail/kept.h"
#include "transfer/transfer.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_MOST = 32 * 1024 };

/* Seconds before the second try and those after it. The last one is repeated. */
static const int pauses_s[] = {2, 8, 30, 90};

enum place_state { PLACE_FREE, PLACE_WAITING, PLACE_SENDING };

/* A letter's place; all of it is wiped when it is free again. */
struct place {
    enum place_state state;
    enum mail_way way;
    size_t tries;
    int64_t due_us, until_us; /* monotonic */
    struct letter letter;
};

struct mail {
    struct carrier carrier;
    bool by_smtp;
    atomic_bool stopping;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool running;
    size_t count, taken;  /* taken: reserved, waiting and being sent */
    struct place *places; /* sodium_allocarray: locked, out of dumps, wiped when freed */
    struct kept *kept;    /* the same, KEPT_PER_PLACE times as many */
    uint64_t sent, retried, given_up;
};

enum mail_way mail_way(const struct mail *mail, bool rehearsal)
{
    if (mail->by_smtp)
        return MAIL_SMTP;
    return rehearsal && *mail->carrier.outbox ? MAIL_OUTBOX : MAIL_NONE;
}

bool mail_reserve(struct mail *mail)
{
    pthread_mutex_lock(&mail->lock);
    bool ok = !mail->stopping && mail->taken < mail->count;
    mail->taken += ok;
    pthread_mutex_unlock(&mail->lock);
    return ok;
}

void mail_give_back(struct mail *mail)
{
    pthread_mutex_lock(&mail->lock);
    mail->taken--;
    pthread_mutex_unlock(&mail->lock);
}

/* With the lock held, into a reserved place. */
static void place_fill(struct mail *mail, const struct letter *letter, enum mail_way way,
                       int64_t until_us)
{
    int64_t now_us = clock_monotonic_us(mail->carrier.clock);
    for (size_t i = 0; i < mail->count; i++) {
        struct place *place = &mail->places[i];
        if (place->state != PLACE_FREE)
            continue;
        place->letter = *letter;
        place->way = way;
        place->due_us = now_us;
        place->until_us = until_us;
        place->state = PLACE_WAITING;
        break;
    }
    pthread_cond_signal(&mail->changed);
}

void mail_push(struct mail *mail, const struct letter *letter, enum mail_way way, int64_t until_us)
{
    pthread_mutex_lock(&mail->lock);
    place_fill(mail, letter, way, until_us);
    pthread_mutex_unlock(&mail->lock);
}

bool mail_keep(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME], const char *to,
               enum mail_way way, int64_t until_us)
{
    struct kept entry = {.state = KEPT_READY, .way = way, .until_us = until_us};
    memcpy(entry.name, name, MAIL_KEPT_NAME);
    snprintf(entry.to, sizeof entry.to, "%s", to);
    pthread_mutex_lock(&mail->lock);
    kept_sweep(mail->kept, mail->count * KEPT_PER_PLACE, clock_monotonic_us(mail->carrier.clock));
    bool ok = !mail->stopping && kept_add(mail->kept, mail->count * KEPT_PER_PLACE, &entry);
    pthread_cond_signal(&mail->changed); /* its end may be the next thing to do */
    pthread_mutex_unlock(&mail->lock);
    sodium_memzero(&entry, sizeof entry);
    return ok;
}

enum mail_kept mail_kept_send(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME],
                              struct letter *letter, int64_t until_us)
{
    enum mail_kept outcome = MAIL_KEPT_NOT;
    pthread_mutex_lock(&mail->lock);
    kept_sweep(mail->kept, mail->count * KEPT_PER_PLACE, clock_monotonic_us(mail->carrier.clock));
    struct kept *kept = kept_find(mail->kept, mail->count * KEPT_PER_PLACE, name);
    if (kept && kept->state == KEPT_TAKEN) {
        outcome = MAIL_KEPT_SENT;
    } else if (kept && (mail->stopping || mail->taken == mail->count)) {
        outcome = MAIL_KEPT_FULL;
    } else if (kept) {
        memcpy(letter->to, kept->to, sizeof letter->to);
        sodium_memzero(kept->to, sizeof kept->to);
        kept->state = KEPT_TAKEN;
        mail->taken++;
        place_fill(mail, letter, kept->way, until_us);
        outcome = MAIL_KEPT_SENT;
    }
    pthread_mutex_unlock(&mail->lock);
    return outcome;
}

bool mail_kept_taken(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME])
{
    pthread_mutex_lock(&mail->lock);
    const struct kept *kept = kept_find(mail->kept, mail->count * KEPT_PER_PLACE, name);
    bool taken = kept && kept->state == KEPT_TAKEN;
    pthread_mutex_unlock(&mail->lock);
    return taken;
}

void mail_kept_forget(struct mail *mail, const unsigned char name[MAIL_KEPT_NAME])
{
    pthread_mutex_lock(&mail->lock);
    struct kept *kept = kept_find(mail->kept, mail->count * KEPT_PER_PLACE, name);
    if (kept)
        sodium_memzero(kept, sizeof *kept);
    pthread_mutex_unlock(&mail->lock);
}

void mail_figures(struct mail *mail, struct mail_figures *out)
{
    pthread_mutex_lock(&mail->lock);
    *out = (struct mail_figures){.waiting = mail->taken,
                                 .sent = mail->sent,
                                 .retried = mail->retried,
                                 .given_up = mail->given_up};
    pthread_mutex_unlock(&mail->lock);
}

/* With the lock held: the letter that has been due for the longest, or the next to be; NULL if none
 * waits. */
static struct place *place_next(struct mail *mail)
{
    struct place *next = NULL;
    for (size_t i = 0; i < mail->count; i++) {
        struct place *place = &mail->places[i];
        if (place->state == PLACE_WAITING && (!next || place->due_us < next->due_us))
            next = place;
    }
    return next;
}

/* With the lock held: until the next letter is due or the next address is to be wiped. */
static void mail_wait(struct mail *mail, const struct place *next)
{
    struct timespec until;
    int64_t now_us = clock_monotonic_us(mail->carrier.clock);
    int64_t wake_us = kept_sweep(mail->kept, mail->count * KEPT_PER_PLACE, now_us);
    if (next && next->due_us < wake_us)
        wake_us = next->due_us;
    if (wake_us == INT64_MAX) {
        pthread_cond_wait(&mail->changed, &mail->lock);
        return;
    }
    int64_t wait_us = wake_us - now_us;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(wait_us % 1000000) * 1000;
    until.tv_sec += wait_us / 1000000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&mail->changed, &mail->lock, &until);
}

static enum carried place_carry(const struct mail *mail, const struct place *place)
{
    unsigned char random[16];
    struct buf message = {.limit = MESSAGE_MOST};
    enum carried carried = CARRIED_NEVER;
    clock_random(mail->carrier.clock, random, sizeof random);
    letter_write(&place->letter, mail->carrier.from, clock_utc_us(mail->carrier.clock), random,
                 &message);
    if (buf_ok(&message))
        carried = place->way == MAIL_SMTP ? smtp_send(&mail->carrier, place->letter.to, &message)
                                          : outbox_put(&mail->carrier, &message);
    buf_clear(&message);
    return carried;
}

/* With the lock held: frees the place, or puts the letter back for another try. */
static void place_settle(struct mail *mail, struct place *place, enum carried carried)
{
    int64_t now_us = clock_monotonic_us(mail->carrier.clock);
    size_t last = sizeof pauses_s / sizeof *pauses_s - 1;
    int64_t pause_us = (int64_t)pauses_s[place->tries < last ? place->tries : last] * 1000000;
    if (carried == CARRIED_NOT_NOW && now_us + pause_us < place->until_us) {
        place->tries++;
        place->due_us = now_us + pause_us;
        place->state = PLACE_WAITING;
        mail->retried++;
        return;
    }
    if (carried == CARRIED)
        mail->sent++;
    else
        mail->given_up++;
    if (carried != CARRIED)
        log_event(LOG_LEVEL_WARNING, "mail-given-up", "tries=%zu", place->tries + 1);
    sodium_memzero(place, sizeof *place);
    mail->taken--;
}

static void *mail_run(void *context)
{
    struct mail *mail = context;
    pthread_mutex_lock(&mail->lock);
    while (!mail->stopping) {
        struct place *place = place_next(mail);
        if (!place || place->due_us > clock_monotonic_us(mail->carrier.clock)) {
            mail_wait(mail, place);
            continue;
        }
        place->state = PLACE_SENDING;
        pthread_mutex_unlock(&mail->lock);
        enum carried carried = place_carry(mail, place);
        pthread_mutex_lock(&mail->lock);
        place_settle(mail, place, carried);
    }
    pthread_mutex_unlock(&mail->lock);
    return NULL;
}

/* Its name to the mail server (RFC 5321 §4.1.1.1) is the domain letters come from. */
static void carrier_fill(struct carrier *carrier, const struct mail_options *options)
{
    const char *at = strrchr(options->from, '@');
    bool six = strchr(options->server, ':') != NULL;
    snprintf(carrier->url, sizeof carrier->url, "%s://%s%s%s:%d/%s",
             options->tls == MAIL_TLS_WHOLE ? "smtps" : "smtp", six ? "[" : "", options->server,
             six ? "]" : "", options->port, at ? at + 1 : "");
    snprintf(carrier->user, sizeof carrier->user, "%s", options->user);
    snprintf(carrier->from, sizeof carrier->from, "%s",
             *options->from ? options->from : "consultation@localhost");
    snprintf(carrier->authorities, sizeof carrier->authorities, "%s", options->authorities);
    snprintf(carrier->outbox, sizeof carrier->outbox, "%s", options->outbox);
    carrier->tls = options->tls;
    carrier->clock = options->clock;
}

static bool mail_open(struct mail *mail, const struct mail_options *options, char *error,
                      size_t error_size)
{
    carrier_fill(&mail->carrier, options);
    mail->carrier.stopping = &mail->stopping;
    mail->count = options->places;
    mail->places = sodium_allocarray(options->places, sizeof *mail->places);
    mail->kept = sodium_allocarray(options->places * KEPT_PER_PLACE, sizeof *mail->kept);
    if (!mail->places || !mail->kept) {
        snprintf(error, error_size, "there is not enough memory");
        return false;
    }
    sodium_memzero(mail->places, options->places * sizeof *mail->places);
    sodium_memzero(mail->kept, options->places * KEPT_PER_PLACE * sizeof *mail->kept);
    if (*options->outbox && !outbox_open(options->outbox, error, error_size))
        return false;
    if (*options->user)
        mail->carrier.password =
            secret_file_read("the mail password", options->password_file, error, error_size);
    if (*options->user && !mail->carrier.password)
        return false;
    mail->by_smtp = *options->server && transfer_open();
    if (*options->server && !mail->by_smtp)
        snprintf(error, error_size, "libcurl cannot be started");
    return mail->by_smtp || !*options->server;
}

struct mail *mail_start(const struct mail_options *options, char *error, size_t error_size)
{
    struct mail *mail = calloc(1, sizeof *mail);
    if (!mail) {
        snprintf(error, error_size, "there is not enough memory");
        return NULL;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&mail->lock, NULL);
    pthread_cond_init(&mail->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (mail_open(mail, options, error, error_size)) {
        mail->running = pthread_create(&mail->thread, NULL, mail_run, mail) == 0;
        if (mail->running)
            return mail;
        snprintf(error, error_size, "a thread cannot be started");
    }
    mail_stop(mail);
    return NULL;
}

void mail_stop(struct mail *mail)
{
    if (!mail)
        return;
    pthread_mutex_lock(&mail->lock);
    mail->stopping = true;
    pthread_cond_broadcast(&mail->changed);
    pthread_mutex_unlock(&mail->lock);
    if (mail->running)
        pthread_join(mail->thread, NULL);
    if (mail->by_smtp)
        transfer_close();
    sodium_free(mail->places);
    sodium_free(mail->kept);
    sodium_free(mail->carrier.password);
    pthread_cond_destroy(&mail->changed);
    pthread_mutex_destroy(&mail->lock);
    free(mail);
}
