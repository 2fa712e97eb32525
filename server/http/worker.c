/* Threads for what may block; see worker.h. */
#include "http/worker.h"

#include <pthread.h>
#include <stdlib.h>

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct job *first, **last;
    size_t waiting, places;
    bool stopping;
    const char *conninfo;
    enum db_role role;
    int threads; /* running */
    pthread_t thread[];
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
    struct worker *worker = context;
    struct db *db =
        worker->conninfo ? db_new(worker->conninfo, worker->role, "consultation-worker") : NULL;
    struct job *job;
    while ((job = worker_next(worker)))
        job->run(job, db);
    if (db)
        db_free(db);
    return NULL;
}

struct worker *worker_start(const struct worker_options *options)
{
    struct worker *worker =
        calloc(1, sizeof *worker + (size_t)options->threads * sizeof worker->thread[0]);
    if (!worker)
        return NULL;
    worker->conninfo = options->conninfo;
    worker->role = options->role;
    worker->places = options->places;
    worker->last = &worker->first;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->arrived, NULL);
    for (; worker->threads < options->threads; worker->threads++)
        if (pthread_create(&worker->thread[worker->threads], NULL, worker_run, worker) != 0) {
            worker_stop(worker);
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

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_broadcast(&worker->arrived);
    pthread_mutex_unlock(&worker->lock);
    for (int i = 0; i < worker->threads; i++)
        pthread_join(worker->thread[i], NULL);
    pthread_cond_destroy(&worker->arrived);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
