#ifndef INTAKE_QUEUE_H
#define INTAKE_QUEUE_H

#include "base/problem.h"
#include "domain/receipt.h"
#include "domain/submission.h"

/* Bounded, many producers, one consumer: what waits for the writer. */

enum entry_kind { ENTRY_SUBMIT, ENTRY_WITHDRAW };

/* Lives in its request's memory. Reserve, fill, push: from then on the writer owns it until it
 * calls `done`, exactly once, from its own thread, after COMMIT or after it gave up. */
struct entry {
    enum entry_kind kind;
    struct submission *submission; /* ENTRY_SUBMIT */
    char number[NUMBER_TEXT +
                1]; /* ENTRY_SUBMIT: proposed, replaced if taken; ENTRY_WITHDRAW: which */
    int generation; /* ENTRY_WITHDRAW: of the code that was shown */
    void (*done)(struct entry *entry);
    void *context;
    /* filled by the writer */
    enum problem_code
        problem; /* PROBLEM_NONE: recorded (or found recorded before), `receipt` holds it */
    int64_t withdrawn_us; /* ENTRY_WITHDRAW: when, as it is stored; also if it was before */
    bool replayed;        /* the key had been used for this very content: the same receipt again */
    struct receipt receipt;
    bool number_taken; /* the writer's: another number is needed */
    int64_t pushed_us; /* monotonic, when it was pushed; arrival for ENTRY_WITHDRAW */
    int64_t due_us;    /* the writer's: monotonic, not given back before */
    struct entry *next;
};

struct queue;

struct queue *queue_new(size_t places);
void queue_free(struct queue *queue);

/* False: no place left, or draining (answer 503 with Retry-After). A place must be pushed
 * into. */
bool queue_reserve(struct queue *queue);
void queue_push(struct queue *queue, struct entry *entry);

/* The consumer: all that waits, at most `most`, in order of pushing; waits up to `wait_ms` when
 * empty. NULL: nothing came. */
struct entry *queue_take(struct queue *queue, size_t most, int wait_ms, size_t *count);

/* No more reservations; what is in goes on. */
void queue_close(struct queue *queue);
/* Closed, and no place is taken any more: nothing will come. */
bool queue_done(struct queue *queue);
size_t queue_waiting(struct queue *queue);

#endif
