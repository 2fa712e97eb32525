#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>

/* Threads for what may block: each has its own connection to the database, or two. Bounded: what
 * finds no place is refused, never waits. */
struct worker;

struct job {
    void (*run)(struct job *job,
                struct db *db); /* on a worker thread, exactly once; may free the job */
    struct db *answers;         /* the thread's other connection, if it has one; for `run` */
    struct job *next;
};

struct worker_options {
    const char *conninfo; /* NULL: jobs get no database (tests) */
    enum db_role role;    /* reader, unless it is said */
    int answers_ms;       /* above 0: each thread has another one that may read answers (exporter),
                             and whose statements end after so long; connected when first used */
    int threads;
    size_t places; /* jobs that may wait */
    int nice;      /* of its threads (setpriority): above 0 their work gives way to others' */
};

/* NULL: no memory or no thread. */
struct worker *worker_start(const struct worker_options *options);

/* False: no place left, or stopping; the job stays the caller's. Else the worker's until it has
 * run. Any thread. */
bool worker_push(struct worker *worker, struct job *job);

/* How many jobs wait for a thread. Any thread. */
size_t worker_waiting(struct worker *worker);

/* Refuses new jobs, runs those that wait, and joins. Whoever still pushes is told that there is no
 * place. NULL is nothing. */
void worker_stop(struct worker *worker);
/* After worker_stop, once nobody can push any more. NULL is nothing. */
void worker_free(struct worker *worker);

#endif
