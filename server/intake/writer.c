/* The one thread that stores: all that waits goes into one transaction; see writer.h. */
#include "intake/writer.h"

#include "base/log.h"
#include "intake/session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { IDLE_MS = 500 };

/* A submission that is held takes the database a little longer than one that is counted. In a large
 * batch nobody can tell whose that was; a small one is answered whole ticks after it began, so that
 * nobody learns who else took part. Only its replies wait: the writer goes on with the next batch.
 */
enum { SMALL_BATCH = 8, TICK_US = 10000 };

/* Stored entries that are not given back yet, first come first. */
struct stored_list {
    struct entry *first, **last;
};

struct writer {
    struct writer_options options;
    struct session session;
    struct entry **submits;      /* of the present batch, batch_most places */
    struct stored_list finished; /* of large batches: given back while the next one is under way */
    struct stored_list ticking;  /* of small ones: each given back once its `due_us` has come */
    pthread_t thread;
    atomic_uint_least64_t batches, recorded, replayed, refused, failed, retries;
    atomic_int_least64_t clock_apart_us;
    atomic_bool connected;
};

static bool is_stale(const struct writer *writer, const struct entry *entry, int64_t now_us)
{
    return now_us - entry->pushed_us > (int64_t)writer->options.wait_most_ms * 1000;
}

static void count_outcome(struct writer *writer, const struct entry *entry)
{
    if (problem_status(entry->problem) >= 500)
        atomic_fetch_add(&writer->failed, 1);
    else if (entry->problem != PROBLEM_NONE)
        atomic_fetch_add(&writer->refused, 1);
    else if (entry->replayed)
        atomic_fetch_add(&writer->replayed, 1);
    else
        atomic_fetch_add(&writer->recorded, 1);
}

/* The entry is its request's again from here on, and may be gone. */
static void give_back(struct writer *writer, struct entry *entry)
{
    count_outcome(writer, entry);
    entry->done(entry);
}

/* Tells, once a consultation, that something of it was recorded. */
static void tell_committed(struct writer *writer, struct entry *const *entries, size_t count)
{
    int last = 0;
    for (size_t i = 0; i < count && writer->options.committed; i++) {
        const struct entry *entry = entries[i];
        int id = entry->submission->consultation->id;
        if (entry->problem != PROBLEM_NONE || entry->replayed || id == last)
            continue;
        writer->options.committed(writer->options.context, id);
        last = id;
    }
}

static void list_init(struct stored_list *list)
{
    list->first = NULL;
    list->last = &list->first;
}

static void list_push(struct stored_list *list, struct entry *entry)
{
    entry->next = NULL;
    *list->last = entry;
    list->last = &entry->next;
}

static struct entry *list_pop(struct stored_list *list)
{
    struct entry *entry = list->first;
    list->first = entry->next;
    if (!list->first)
        list->last = &list->first;
    return entry;
}

/* While the database works on the next batch: whoever is woken competes for the processor with what
 * starts it. */
static void return_finished(void *context)
{
    struct writer *writer = context;
    while (writer->finished.first)
        give_back(writer, list_pop(&writer->finished));
    while (writer->ticking.first &&
           writer->ticking.first->due_us <= clock_monotonic_us(writer->options.clock))
        give_back(writer, list_pop(&writer->ticking));
}

/* At the end, due or not. */
static void return_all(struct writer *writer)
{
    return_finished(writer);
    while (writer->ticking.first)
        give_back(writer, list_pop(&writer->ticking));
}

/* The end of the tick in which a batch that began then is stored by now. */
static int64_t tick_end(const struct writer *writer, int64_t begun_us)
{
    int64_t took_us = clock_monotonic_us(writer->options.clock) - begun_us;
    return begun_us + (took_us / TICK_US + 1) * TICK_US;
}

static void store_submits(struct writer *writer, size_t count)
{
    if (count == 0)
        return;
    int64_t begun_us = clock_monotonic_us(writer->options.clock);
    writer->session.meanwhile = return_finished;
    writer->session.context = writer;
    session_accept(&writer->session, writer->submits, count);
    return_finished(writer); /* if nothing could be sent, and what came due meanwhile */
    atomic_fetch_add(&writer->batches, 1);
    tell_committed(writer, writer->submits, count);
    bool ticks = count <= SMALL_BATCH && writer->session.open;
    int64_t due_us = ticks ? tick_end(writer, begun_us) : 0;
    for (size_t i = 0; i < count; i++) {
        writer->submits[i]->due_us = due_us;
        list_push(ticks ? &writer->ticking : &writer->finished, writer->submits[i]);
    }
}

/* Withdrawals go one by one, after the batch they came with: each a transaction of its own, since
 * they are few. */
static void store_withdrawals(struct writer *writer, struct entry *entry)
{
    for (struct entry *next; entry; entry = next) {
        next = entry->next;
        if (writer->session.open)
            session_withdraw(&writer->session, entry);
        else
            entry->problem = PROBLEM_UNAVAILABLE;
        give_back(writer, entry);
    }
}

/* Sorts a batch by what is to be done; what waited too long, or finds no database, is answered at
 * once. */
static void store_batch(struct writer *writer, struct entry *entry)
{
    struct entry *withdrawals = NULL, **last = &withdrawals;
    size_t count = 0;
    bool ready = session_ready(&writer->session);
    int64_t now_us = clock_monotonic_us(writer->options.clock);
    for (struct entry *next; entry; entry = next) {
        next = entry->next;
        entry->next = NULL;
        entry->problem = is_stale(writer, entry, now_us) ? PROBLEM_STALE : PROBLEM_UNAVAILABLE;
        if (!ready || entry->problem == PROBLEM_STALE) {
            give_back(writer, entry);
            continue;
        }
        switch (entry->kind) {
        case ENTRY_SUBMIT:
            writer->submits[count++] = entry;
            break;
        case ENTRY_WITHDRAW:
            *last = entry;
            last = &entry->next;
            break;
        }
    }
    store_submits(writer, count);
    if (withdrawals)
        return_finished(writer);
    store_withdrawals(writer, withdrawals);
}

static void publish_figures(struct writer *writer)
{
    const struct session *session = &writer->session;
    atomic_store(&writer->connected, session->open);
    atomic_store(&writer->retries, session->retries);
    if (session->open)
        atomic_store(&writer->clock_apart_us, session_clock_apart_us(session));
}

/* How long the queue may be waited for: until the next stored entry comes due. */
static int wait_ms(const struct writer *writer)
{
    if (!writer->ticking.first)
        return IDLE_MS;
    int64_t left_us = writer->ticking.first->due_us - clock_monotonic_us(writer->options.clock);
    return left_us > 0 ? (int)(left_us / 1000) + 1 : 0;
}

static void *writer_run(void *context)
{
    struct writer *writer = context;
    const struct writer_options *options = &writer->options;
    while (!queue_done(options->queue)) {
        size_t count = 0;
        if (queue_waiting(options->queue) == 0)
            return_finished(writer);
        int most_ms = wait_ms(writer);
        struct entry *first =
            queue_take(options->queue, (size_t)options->batch_most, most_ms, &count);
        if (first)
            store_batch(writer, first);
        else if (most_ms == IDLE_MS)
            session_ready(&writer->session);
        publish_figures(writer);
    }
    return_all(writer);
    return NULL;
}

static void writer_free(struct writer *writer)
{
    session_clear(&writer->session);
    free(writer->submits);
    free(writer);
}

struct writer *writer_start(const struct writer_options *options)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return NULL;
    writer->options = *options;
    writer->submits = calloc((size_t)options->batch_most, sizeof(struct entry *));
    list_init(&writer->finished);
    list_init(&writer->ticking);
    if (writer->submits &&
        session_init(&writer->session, options->conninfo, options->keys, options->clock,
                     options->wait_most_ms) &&
        pthread_create(&writer->thread, NULL, writer_run, writer) == 0)
        return writer;
    writer_free(writer);
    return NULL;
}

void writer_stop(struct writer *writer)
{
    pthread_join(writer->thread, NULL);
    writer_free(writer);
}

void writer_figures(struct writer *writer, struct writer_figures *out)
{
    *out = (struct writer_figures){
        .batches = atomic_load(&writer->batches),
        .recorded = atomic_load(&writer->recorded),
        .replayed = atomic_load(&writer->replayed),
        .refused = atomic_load(&writer->refused),
        .failed = atomic_load(&writer->failed),
        .retries = atomic_load(&writer->retries),
        .clock_apart_us = atomic_load(&writer->clock_apart_us),
        .connected = atomic_load(&writer->connected),
    };
}
