/* Workers: every job runs once, the bound is kept, and after the end nothing is taken. */
#include "http/worker.h"

#include <check.h>
#include <semaphore.h>

enum { JOBS = 8 };

struct counted {
    struct job job;
    sem_t *begun, *go;
    int runs;
    bool had_db, had_answers;
};

static void counted_run(struct job *job, struct db *db)
{
    struct counted *counted = (struct counted *)(void *)job;
    counted->runs++;
    counted->had_db = db != NULL;
    counted->had_answers = job->answers != NULL;
    sem_post(counted->begun);
    sem_wait(counted->go);
}

START_TEST(bound_and_end)
{
    sem_t begun, go;
    sem_init(&begun, 0, 0);
    sem_init(&go, 0, 0);
    struct counted jobs[JOBS];
    for (size_t i = 0; i < JOBS; i++)
        jobs[i] = (struct counted){.job.run = counted_run, .begun = &begun, .go = &go};
    struct worker *worker = worker_start(&(struct worker_options){.threads = 1, .places = 2});
    ck_assert_ptr_nonnull(worker);
    ck_assert(worker_push(worker, &jobs[0].job));
    sem_wait(&begun); /* it waits no longer, it runs */
    ck_assert(worker_push(worker, &jobs[1].job));
    ck_assert(worker_push(worker, &jobs[2].job));
    ck_assert(!worker_push(worker, &jobs[3].job));
    for (size_t i = 0; i < JOBS; i++)
        sem_post(&go);
    worker_stop(worker);
    /* A request that comes late still asks. */
    ck_assert(!worker_push(worker, &jobs[4].job));
    worker_stop(worker);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_int_eq(jobs[i].runs, i < 3);
        ck_assert(!jobs[i].had_db);
    }
    worker_free(worker);
    worker_free(NULL);
    sem_destroy(&begun);
    sem_destroy(&go);
}
END_TEST

/* Unconnected, but there before the first job: nothing of it can fail later. What reads answers is
 * there only for those who are to read them. */
START_TEST(each_thread_has_its_connections)
{
    sem_t begun, go;
    sem_init(&begun, 0, 0);
    sem_init(&go, 0, 1);
    struct counted job = {.job.run = counted_run, .begun = &begun, .go = &go};
    struct worker *worker = worker_start(&(struct worker_options){
        .conninfo = "host=/nowhere", .answers_ms = _i * 100, .threads = 2, .places = 1});
    ck_assert_ptr_nonnull(worker);
    ck_assert(worker_push(worker, &job.job));
    worker_stop(worker);
    ck_assert_int_eq(job.runs, 1);
    ck_assert(job.had_db);
    ck_assert_int_eq(job.had_answers, _i == 1);
    worker_free(worker);
    sem_destroy(&begun);
    sem_destroy(&go);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("worker");
    TCase *all = tcase_create("all");
    tcase_add_test(all, bound_and_end);
    tcase_add_loop_test(all, each_thread_has_its_connections, 0, 2);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
