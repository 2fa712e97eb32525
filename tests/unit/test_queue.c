/* The queue's bound, order and end, and many producers against one consumer. */
#include "intake/queue.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { PRODUCERS = 8, EACH = 2000, PLACES = 64 };

START_TEST(bound_is_kept)
{
    struct queue *queue = queue_new(2);
    ck_assert(queue_reserve(queue));
    ck_assert(queue_reserve(queue));
    ck_assert(!queue_reserve(queue));
    struct entry entry = {0};
    size_t count = 0;
    queue_push(queue, &entry);
    ck_assert(!queue_reserve(queue));
    ck_assert_uint_eq(queue_waiting(queue), 1);
    ck_assert_ptr_eq(queue_take(queue, 8, 0, &count), &entry);
    ck_assert_uint_eq(count, 1);
    ck_assert(queue_reserve(queue));
    queue_free(queue);
}
END_TEST

START_TEST(order_and_batch)
{
    struct queue *queue = queue_new(8);
    struct entry entries[5] = {0};
    size_t count = 0;
    for (size_t i = 0; i < 5; i++) {
        ck_assert(queue_reserve(queue));
        queue_push(queue, &entries[i]);
    }
    struct entry *first = queue_take(queue, 3, 0, &count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < 3; i++, first = first->next)
        ck_assert_ptr_eq(first, &entries[i]);
    ck_assert_ptr_null(first);
    ck_assert_ptr_eq(queue_take(queue, 3, 0, &count), &entries[3]);
    ck_assert_uint_eq(count, 2);
    ck_assert_ptr_null(entries[4].next);
    ck_assert_ptr_null(queue_take(queue, 3, 0, &count));
    ck_assert_uint_eq(count, 0);
    queue_free(queue);
}
END_TEST

START_TEST(waiting_ends)
{
    struct queue *queue = queue_new(1);
    struct timespec before, after;
    size_t count = 0;
    clock_gettime(CLOCK_MONOTONIC, &before);
    ck_assert_ptr_null(queue_take(queue, 1, 30, &count));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    ck_assert_int_ge(ms, 29);
    queue_free(queue);
}
END_TEST

START_TEST(closed_lets_out_what_is_in)
{
    struct queue *queue = queue_new(2);
    struct entry entries[2] = {0};
    size_t count = 0;
    ck_assert(queue_reserve(queue));
    ck_assert(queue_reserve(queue));
    queue_close(queue);
    ck_assert(!queue_reserve(queue));
    ck_assert(!queue_done(queue));
    queue_push(queue, &entries[0]);
    ck_assert_ptr_eq(queue_take(queue, 2, 0, &count), &entries[0]);
    ck_assert(!queue_done(queue));
    queue_push(queue, &entries[1]);
    ck_assert_ptr_eq(queue_take(queue, 2, 0, &count), &entries[1]);
    ck_assert(queue_done(queue));
    ck_assert_ptr_null(queue_take(queue, 2, 60000, &count));
    queue_free(queue);
}
END_TEST

struct crowd {
    struct queue *queue;
    struct entry entries[PRODUCERS][EACH];
    atomic_size_t refused;
};

struct producer {
    struct crowd *crowd;
    int number;
};

static void *produce(void *context)
{
    const struct producer *producer = context;
    for (int i = 0; i < EACH; i++) {
        struct entry *entry = &producer->crowd->entries[producer->number][i];
        entry->generation = i;
        entry->context = context;
        while (!queue_reserve(producer->crowd->queue))
            atomic_fetch_add(&producer->crowd->refused, 1);
        queue_push(producer->crowd->queue, entry);
    }
    return NULL;
}

/* Each arrives once, those of one producer in its order, and no batch exceeds the bound. */
START_TEST(crowd_comes_through)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    struct producer producers[PRODUCERS];
    pthread_t threads[PRODUCERS];
    int next[PRODUCERS] = {0};
    size_t all = 0;
    crowd->queue = queue_new(PLACES);
    for (int i = 0; i < PRODUCERS; i++) {
        producers[i] = (struct producer){crowd, i};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
    while (all < (size_t)PRODUCERS * EACH) {
        size_t count = 0;
        struct entry *entry = queue_take(crowd->queue, 32, 1000, &count);
        ck_assert_uint_le(count, 32);
        for (size_t seen = 0; seen < count; seen++, entry = entry->next) {
            const struct producer *producer = entry->context;
            ck_assert_int_eq(entry->generation, next[producer->number]++);
        }
        all += count;
    }
    for (int i = 0; i < PRODUCERS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(next[i], EACH);
    }
    ck_assert_uint_eq(queue_waiting(crowd->queue), 0);
    queue_free(crowd->queue);
    free(crowd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("queue");
    TCase *one = tcase_create("one thread"), *many = tcase_create("many threads");
    tcase_add_test(one, bound_is_kept);
    tcase_add_test(one, order_and_batch);
    tcase_add_test(one, waiting_ends);
    tcase_add_test(one, closed_lets_out_what_is_in);
    tcase_add_test(many, crowd_comes_through);
    tcase_set_timeout(many, 60);
    suite_add_tcase(suite, one);
    suite_add_tcase(suite, many);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
