#ifndef RESOURCES_OFFICIALS_EXPORTS_INSIDE_H
#define RESOURCES_OFFICIALS_EXPORTS_INSIDE_H

#include "http/feed.h"
#include "http/worker.h"
#include "resources/officials/exports.h"

#include <pthread.h>

/* What exports.c, which knows all of them, and exports_run.c, whose threads make and send them,
 * share and nobody else includes. */

enum {
    RECORDS_MOST = 64,
    LONGEST_MINUTES = 60,     /* a snapshot keeps the database from tidying up */
    STANDING_MS = 2000,       /* how often an export asks whether its official may have it */
    STANDING_ANSWER_MS = 5000 /* as long it waits for the answer */
};

static inline int64_t exports_until_us(const struct clock *clock)
{
    return clock_monotonic_us(clock) + LONGEST_MINUTES * INT64_C(60000000);
}

/* One export. While it is WAITS, RUNS or fetched it stays where it is. */
struct export_record {
    struct exports *exports;
    struct job job;          /* a workbook's making */
    struct export_view view; /* under the lock */
    struct export_file file; /* of the thread that makes it */
    struct feed *feed;       /* the same; NULL: a workbook that is made */
    struct db *standing;     /* the same: on which it asks whether it may go on */
    int64_t asked_us;        /* the same, monotonic: when it last did */
    int64_t until_us;        /* monotonic: then it is broken off */
    _Atomic int64_t rows, about;
    _Atomic(enum export_result) ended; /* by somebody, and why; EXPORT_OK: not so */
    /* under the lock */
    int spooled;      /* a workbook's file; -1: none */
    bool fetched;     /* is being sent */
    char *manifest;   /* owned */
    int64_t ended_us; /* monotonic; 0: it is not over */
};

struct exports {
    struct exports_options options;
    struct worker *senders, *binder;
    atomic_bool stopping;
    pthread_mutex_t lock;
    int sending;
    size_t count;
    struct export_record *records[RECORDS_MOST]; /* the oldest first */
};

/* A request that was handed over to a sender. */
struct export_task {
    struct job job;
    struct export_record *record;
    struct request *request;
};

/* exports.c, under the lock: one by its id, NULL: none. */
struct export_record *exports_record(const struct exports *exports, const char *id);
/* exports.c: it is over, and the record belongs to the others again; `manifest` is taken over,
 * `spooled` too. */
void exports_ended(struct export_record *record, enum export_state state, enum export_result result,
                   char *manifest, int spooled);
/* A workbook was sent, whole or not. */
void exports_fetched(struct export_record *record, bool whole);
/* A sender is free again. */
void exports_sent(struct exports *exports);
/* Bytes of the workbooks that wait to be fetched. */
int64_t exports_spooled(struct exports *exports);

/* exports_run.c: on a sender's and on the binder's thread. */
void export_run_send(struct job *job, struct db *db);
void export_run_fetch(struct job *job, struct db *db);
void export_run_make(struct job *job, struct db *db);

#endif
