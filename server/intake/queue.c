/* What waits for the writer; see queue.h. */
#include "intake/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t pushed;
    size_t places;
    size_t taken; /* places reserved, whether pushed into yet or not */
    size_t waiting;
    struct entry *first, *last;
    bool closed;
};

struct queue *queue_new(size_t places)
{
    struct queue *queue = calloc(1, sizeof *queue);
    pthread_condattr_t attributes;
    if (!queue)
        return NULL;
    queue->places = places;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->pushed, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    pthread_cond_destroy(&queue->pushed);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

bool queue_reserve(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool ok = !queue->closed && queue->taken < queue->places;
    if (ok)
        queue->taken++;
    pthread_mutex_unlock(&queue->lock);
    return ok;
}

void queue_push(struct queue *queue, struct entry *entry)
{
    entry->next = NULL;
    pthread_mutex_lock(&queue->lock);
    if (queue->last)
        queue->last->next = entry;
    else
        queue->first = entry;
    queue->last = entry;
    queue->waiting++;
    pthread_cond_signal(&queue->pushed);
    pthread_mutex_unlock(&queue->lock);
}

static bool is_done(const struct queue *queue)
{
    return queue->closed && queue->taken == 0;
}

/* With the lock held: until something waits, nothing more can come, or the time is over. */
static void queue_wait(struct queue *queue, int wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!queue->first && !is_done(queue) &&
           pthread_cond_timedwait(&queue->pushed, &queue->lock, &until) == 0)
        ;
}

struct entry *queue_take(struct queue *queue, size_t most, int wait_ms, size_t *count)
{
    size_t n = 0;
    pthread_mutex_lock(&queue->lock);
    if (!queue->first && wait_ms > 0)
        queue_wait(queue, wait_ms);
    struct entry *first = queue->first, *last = NULL;
    for (struct entry *entry = first; entry && n < most; entry = entry->next) {
        last = entry;
        n++;
    }
    if (last) {
        queue->first = last->next;
        if (!queue->first)
            queue->last = NULL;
        last->next = NULL;
    }
    queue->waiting -= n;
    queue->taken -= n;
    pthread_mutex_unlock(&queue->lock);
    *count = n;
    return n ? first : NULL;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->pushed);
    pthread_mutex_unlock(&queue->lock);
}

bool queue_done(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool done = is_done(queue);
    pthread_mutex_unlock(&queue->lock);
    return done;
}

size_t queue_waiting(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t waiting = queue->waiting;
    pthread_mutex_unlock(&queue->lock);
    return waiting;
}
