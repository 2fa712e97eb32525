#ifndef INTAKE_WRITER_H
#define INTAKE_WRITER_H

#include "base/clock.h"
#include "intake/queue.h"

/* One thread that takes all that waits and commits it in one transaction with its tally movements.
 */
struct writer;

struct writer_options {
    const char *conninfo;
    struct queue *queue;
    const struct keys *keys;
    const struct clock *clock;
    int batch_most;
    int wait_most_ms; /* an entry that waited longer is answered 503 */
    void (*committed)(void *context,
                      int consultation_id); /* after a commit that recorded something */
    void *context;
};

struct writer_figures {
    uint64_t batches, recorded, replayed, refused, failed, retries;
    int64_t clock_apart_us; /* machine's UTC against the database's, at the last batch */
    bool connected;
};

struct writer *writer_start(const struct writer_options *options);
/* Drains the queue (already closed), answers every entry, joins the thread. */
void writer_stop(struct writer *writer);
void writer_figures(struct writer *writer, struct writer_figures *out);

#endif
