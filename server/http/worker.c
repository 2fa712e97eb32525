/* Threads for what may block; see worker.h. */
#include "http/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* A thread and its connections. */
struct hand {
    struct worker *worker;
    struct db *db;      /* NULL without a database */
    struct db *answers; /* NULL where no job is to read any */
    pthread_t thread;
};

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct job *first, **last;
    size_t waiting, places;
    bool stopping;
    int nice;
    int threads; /* running */
    struct hand hands[];
};

static struct job *worker_next(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->first && !worker->stopping)
        pthread_cond_wait(&worker->arrived, &worker->lock);
    struct job *job = worker->first;
    if (job) {
        worker->first = job->next;
        if (!worker->first)
            worker->last = &worker->first;
        worker->waiting--;
    }
    pthread_mutex_unlock(&worker->lock);
    return job;
}

static void *worker_run(void *context)
{
    struct hand *hand = context;
    struct job *job;
    if (hand->worker->nice)
        setpriority(PRIO_PROCESS, (id_t)gettid(), hand->worker->nice); /* refused is borne */
    while ((job = worker_next(hand->worker))) {
        job->answers = hand->answers;
        job->run(job, hand->db);
    }
    return NULL;
}

static bool hand_connections(const struct worker_options *options, struct hand *hand)
{
    if (!options->conninfo)
        return true;
    hand->db = db_new(options->conninfo, options->role, "consultation-worker");
    if (!hand->db || options->answers_ms <= 0)
        return hand->db;
    hand->answers = db_new(options->conninfo, DB_EXPORTER, "consultation-answers");
    if (hand->answers)
        db_set_timeout(hand->answers, options->answers_ms);
    return hand->answers;
}

static void hand_end(struct hand *hand)
{
    db_free(hand->answers);
    db_free(hand->db);
}

/* The connections are made here, unconnected, so that no job can meet a thread without one. */
static bool hand_start(struct worker *worker, const struct worker_options *options,
                       struct hand *hand)
{
    hand->worker = worker;
    if (hand_connections(options, hand) &&
        pthread_create(&hand->thread, NULL, worker_run, hand) == 0)
        return true;
    hand_end(hand);
    return false;
}

struct worker *worker_start(const struct worker_options *options)
{
    struct worker *worker =
        calloc(1, sizeof *worker + (size_t)options->threads * sizeof worker->hands[0]);
    if (!worker)
        return NULL;
    worker->places = options->places;
    worker->nice = options->nice;
    worker->last = &worker->first;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->arrived, NULL);
    for (; worker->threads < options->threads; worker->threads++)
        if (!hand_start(worker, options, &worker->hands[worker->threads])) {
            worker_free(worker);
            return NULL;
        }
    return worker;
}

bool worker_push(struct worker *worker, struct job *job)
{
    pthread_mutex_lock(&worker->lock);
    bool taken = !worker->stopping && worker->waiting < worker->places;
    if (taken) {
        job->next = NULL;
        *worker->last = job;
        worker->last = &job->next;
        worker->waiting++;
        pthread_cond_signal(&worker->arrived);
    }
    pthread_mutex_unlock(&worker->lock);
    return taken;
}

size_t worker_waiting(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    size_t waiting = worker->waiting;
    pthread_mutex_unlock(&worker->lock);
    return waiting;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_broadcast(&worker->arrived);
    pthread_mutex_unlock(&worker->lock);
    for (; worker->threads > 0; worker->threads--) {
        struct hand *hand = &worker->hands[worker->threads - 1];
        pthread_join(hand->thread, NULL);
        hand_end(hand);
    }
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    worker_stop(worker);
    pthread_cond_destroy(&worker->arrived);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
