#ifndef SERVICE_H
#define SERVICE_H

#include "attachment/keep.h"
#include "base/clock.h"
#include "domain/keys.h"
#include "http/request.h"
#include "intake/queue.h"
#include "intake/writer.h"
#include "mail/mail.h"
#include "openid/provider.h"
#include "process/printed.h"
#include "publish/catalogue.h"
#include "publish/releaser.h"
#include "represent/cache.h"
#include "represent/page.h"
#include "resources/officials/exports.h"
#include "resources/officials/finals.h"
#include "settings.h"

#include <stdatomic.h>

/* Counts of what proves identities. */
struct proof_figures {
    atomic_uint_least64_t asked, refused, proven, wrong, late, alarms;
    atomic_uint_least64_t signed_in, strangers; /* back from the OpenID Connect provider */
};

/* Counts of forms kept for their writers. */
struct saving_figures {
    atomic_uint_least64_t kept, opened, erased, refused, wrong;
};

/* Counts of officials at the door. */
struct sign_in_figures {
    atomic_uint_least64_t done, refused, slowed;
};

/* Owner of everything long-lived; made in service_start in order, stopped in the reverse order.
 * Shared by all threads: the members are immutable or have their own lock. */
struct service {
    struct settings settings;
    const struct clock *clock;
    struct pages *pages;
    struct keys *keys;
    atomic_uint keys_missing; /* consultations without their identity key */
    struct cache *cache;
    struct catalogue *catalogue;
    struct queue *queue;
    struct writer *writer;
    struct releaser *releaser;
    struct worker *worker;
    struct worker *clerk; /* one thread with the writer's rights: judges proofs */
    struct worker *envoy; /* two threads of the same rights, which may wait for the provider; NULL
                             without one */
    struct worker *desk;  /* what officials do, with their rights */
    /* The same, and passwords: a hash takes 64 MiB and a tenth of a second. One thread each, for
     * those who come from where they have signed in before, and for everybody else. */
    struct worker *porter, *strangers;
    struct worker *usher;    /* two threads with officials' rights, which may wait for the accounts'
                                provider; NULL without one */
    struct watch *watch;     /* tells dashboards what changed */
    struct exports *exports; /* officials' files, on threads of their own */
    struct finals *finals;   /* final releases that are being made, on another one */
    struct attachment_rules attachments;
    struct worker *printer;  /* one thread without a database: pages become PDFs, one at a time */
    struct printed *printed; /* the latest of them */
    atomic_flag importing;   /* a member's document is being read: one at a time */
    struct mail *mail;
    struct provider *provider;         /* whose sign-ins prove a respondent's identity */
    struct provider *account_provider; /* whose sign-ins open accounts */
    struct proof_figures proofs;
    struct saving_figures savings;
    struct sign_in_figures sign_ins;
    unsigned char prefix_key[32]; /* random since the start: hashes network prefixes */
    struct daemon *daemon;
    struct limiter *limiter; /* tries and submissions per network prefix */
    char base_url[288];      /* scheme and authority under which people reach the service, without a
                                slash at the end; "": not known */
};

/* NULL with a sentence in `error`: nothing is left running then. Main thread; signals are to be
 * blocked before. */
struct service *service_start(const struct settings *settings, char *error, size_t error_size);
/* Prints `listening URL` and `inner URL` on standard output, once requests are answered. */
void service_announce(const struct service *service);
/* Drains: requests under way are answered, what waits for the writer is written; then stops and
 * frees all. */
void service_stop(struct service *service);

static inline struct service *service_of(const struct request *request)
{
    return request->service;
}

#endif
