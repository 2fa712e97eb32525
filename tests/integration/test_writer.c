/* The writer against a real PostgreSQL: batches, clashes, poisoned entries, a database that goes
 * and comes back, a full queue. */
#include "intake/writer.h"

#include "support/cluster.h"
#include "support/fixture.h"
#include "support/handmade.h"
#include "support/scene.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MANY = 64, PLACES = 256, WAIT_MS = 3000, PATIENCE_S = 30 };

static struct scene scene;
static struct consultation *consultation;
static struct keys *keys;

/* The bench: a queue, a writer, and how many of its entries came back. */
static struct queue *queue;
static struct writer *writer;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t returned = PTHREAD_COND_INITIALIZER;
static size_t back;
static atomic_int told;

struct sent {
    struct entry entry;
    struct submission submission;
    bool done;
};

static void count_back(struct entry *entry)
{
    struct sent *sent = entry->context;
    pthread_mutex_lock(&lock);
    ck_assert(!sent->done);
    sent->done = true;
    back++;
    pthread_cond_signal(&returned);
    pthread_mutex_unlock(&lock);
}

static void tell(void *context, int consultation_id)
{
    (void)context;
    ck_assert_int_eq(consultation_id, consultation->id);
    atomic_fetch_add(&told, 1);
}

static void start_writer(void)
{
    queue = queue_new(PLACES);
    writer = writer_start(&(struct writer_options){
        .conninfo = cluster_conninfo(scene.cluster),
        .queue = queue,
        .keys = keys,
        .clock = &clock_system,
        .batch_most = MANY,
        .wait_most_ms = WAIT_MS,
        .committed = tell,
    });
    ck_assert_ptr_nonnull(writer);
}

static void stop_writer(void)
{
    queue_close(queue);
    writer_stop(writer);
    queue_free(queue);
}

static struct writer_figures figures(void)
{
    struct writer_figures out;
    writer_figures(writer, &out);
    return out;
}

static int64_t number_of(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static void run(const char *sql)
{
    free(cluster_text(scene.cluster, sql));
}

static void setup(void)
{
    char sql[128];
    consultation = handmade_consultation();
    snprintf(sql, sizeof sql, "select consultation_id from consultations where slug = '%s'",
             consultation->slug);
    consultation->id = (int)number_of(sql);
    back = 0;
    atomic_store(&told, 0);
    start_writer();
}

static void teardown(void)
{
    stop_writer();
    consultation_release(consultation);
}

/* A good submission under a fresh key, sealed, as a handler would push it. */
static void sent_fill(struct sent *sent, json_t *input)
{
    struct faults faults = {0};
    const struct identity_key *key = keys_identity(keys, consultation->slug);
    *sent = (struct sent){0};
    ck_assert(
        submission_read(consultation, key, input, IDENTITY_AS_TAKEN, &sent->submission, &faults));
    json_decref(input);
    randombytes_buf(sent->submission.key.bytes, UUID_BYTES);
    randombytes_buf(sent->submission.salt, sizeof sent->submission.salt);
    sent->submission.channel = CHANNEL_API;
    sent->submission.unchallenged = true;
    sent->submission.arrived_us = clock_monotonic_us(&clock_system);
    ck_assert(submission_seal(&sent->submission));
    sent->entry = (struct entry){.kind = ENTRY_SUBMIT,
                                 .submission = &sent->submission,
                                 .done = count_back,
                                 .context = sent,
                                 .pushed_us = sent->submission.arrived_us};
}

static void push(struct sent *sent)
{
    ck_assert(queue_reserve(queue));
    queue_push(queue, &sent->entry);
}

static void await(size_t count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&lock);
    while (back < count)
        ck_assert_int_eq(pthread_cond_timedwait(&returned, &lock, &until), 0);
    ck_assert_uint_eq(back, count);
    back = 0;
    pthread_mutex_unlock(&lock);
}

static void send_all(struct sent *sent, size_t count)
{
    for (size_t i = 0; i < count; i++)
        push(&sent[i]);
    await(count);
}

static void clear(struct sent *sent, size_t count)
{
    for (size_t i = 0; i < count; i++)
        submission_clear(&sent[i].submission);
    free(sent);
}

static struct sent *fresh(size_t count)
{
    struct sent *sent = calloc(count, sizeof *sent);
    ck_assert_ptr_nonnull(sent);
    for (size_t i = 0; i < count; i++)
        sent_fill(&sent[i], fixture_submission());
    return sent;
}

static size_t with_problem(const struct sent *sent, size_t count, enum problem_code problem)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += sent[i].entry.problem == problem;
    return n;
}

/* What is in the row is what the receipt says. */
START_TEST(receipt_is_of_the_row)
{
    struct sent *sent = fresh(1);
    char sql[512], salt[65], commitment[65];
    send_all(sent, 1);
    const struct receipt *receipt = &sent->entry.receipt;
    ck_assert_int_eq(sent->entry.problem, PROBLEM_NONE);
    ck_assert(!sent->entry.replayed);
    ck_assert_str_eq(receipt->consultation, consultation->slug);
    ck_assert_mem_eq(receipt->salt, sent->submission.salt, sizeof receipt->salt);
    sodium_bin2hex(salt, sizeof salt, receipt->salt, sizeof receipt->salt);
    sodium_bin2hex(commitment, sizeof commitment, receipt->commitment.bytes, DIGEST_BYTES);
    snprintf(sql, sizeof sql,
             "select count(*) from submissions where number = '%s' and encode(salt, 'hex') = '%s'"
             " and encode(commitment, 'hex') = '%s' and state = 'counted' and receipt_key = %d"
             " and master = %d and generation = %d"
             " and abs(extract(epoch from arrived_at) * 1e6 - %lld) < 1"
             " and abs(extract(epoch from clock_timestamp() - arrived_at)) < 5",
             receipt->number, salt, commitment, receipt->receipt_key, receipt->master,
             receipt->generation, (long long)receipt->arrived_us);
    ck_assert_int_eq(number_of(sql), 1);
    ck_assert_int_eq(atomic_load(&told), 1);
    clear(sent, 1);
}
END_TEST

START_TEST(one_identity_many_times)
{
    struct sent *sent = fresh(MANY);
    int64_t counted = number_of("select count(*) from submissions where state = 'counted'");
    int64_t held = number_of("select count(*) from submissions where state = 'held'");
    for (size_t i = 1; i < MANY; i++) {
        sent[i].submission.respondent = sent[0].submission.respondent;
        ck_assert(submission_seal(&sent[i].submission));
    }
    send_all(sent, MANY);
    ck_assert_uint_eq(with_problem(sent, MANY, PROBLEM_NONE), MANY);
    ck_assert_int_eq(number_of("select count(*) from submissions where state = 'counted'"),
                     counted + 1);
    ck_assert_int_eq(number_of("select count(*) from submissions where state = 'held'"),
                     held + MANY - 1);
    for (size_t i = 1; i < MANY; i++)
        ck_assert_str_ne(sent[i].entry.receipt.number, sent[0].entry.receipt.number);
    clear(sent, MANY);
}
END_TEST

START_TEST(one_key_many_times)
{
    struct sent *sent = fresh(MANY);
    int64_t rows = number_of("select count(*) from submissions");
    for (size_t i = 1; i < MANY; i++) {
        sent[i].submission.key = sent[0].submission.key;
        sent[i].submission.respondent = sent[0].submission.respondent;
        ck_assert(submission_seal(&sent[i].submission));
    }
    send_all(sent, MANY);
    size_t replayed = 0;
    for (size_t i = 0; i < MANY; i++) {
        replayed += sent[i].entry.replayed;
        ck_assert_int_eq(sent[i].entry.problem, PROBLEM_NONE);
        ck_assert_mem_eq(&sent[i].entry.receipt.salt, &sent[0].entry.receipt.salt, 32);
        ck_assert_str_eq(sent[i].entry.receipt.number, sent[0].entry.receipt.number);
        ck_assert_int_eq(sent[i].entry.receipt.arrived_us, sent[0].entry.receipt.arrived_us);
    }
    ck_assert_uint_eq(replayed, MANY - 1);
    ck_assert_int_eq(number_of("select count(*) from submissions"), rows + 1);
    clear(sent, MANY);
}
END_TEST

START_TEST(one_key_other_content)
{
    struct sent *sent = fresh(2);
    sent[1].submission.key = sent[0].submission.key;
    send_all(&sent[0], 1);
    send_all(&sent[1], 1);
    ck_assert_int_eq(sent[0].entry.problem, PROBLEM_NONE);
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_KEY_REUSED);
    ck_assert_str_eq(sent[1].entry.receipt.number, "");
    clear(sent, 2);
}
END_TEST

START_TEST(taken_number_is_replaced)
{
    struct sent *sent = fresh(3);
    send_all(&sent[0], 1);
    memcpy(sent[1].entry.number, sent[0].entry.receipt.number, sizeof sent[1].entry.number);
    for (size_t i = 1; i < 3; i++)
        push(&sent[i]);
    await(2);
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_NONE);
    ck_assert_int_eq(sent[2].entry.problem, PROBLEM_NONE);
    ck_assert_str_ne(sent[1].entry.receipt.number, sent[0].entry.receipt.number);
    clear(sent, 3);
}
END_TEST

/* A trigger that fails for one name: its neighbours in the batch are stored. */
START_TEST(poison_harms_nobody_else)
{
    static const size_t poisoned[] = {0, 17, MANY - 1};
    struct sent *sent = fresh(MANY);
    run("create function poison() returns trigger language plpgsql as $$ begin"
        " if new.organisation = 'poison' then raise exception 'poison'; end if; return new; end "
        "$$");
    run("create trigger poison before insert on submissions for each row execute function "
        "poison()");
    for (size_t i = 0; i < sizeof poisoned / sizeof *poisoned; i++) {
        struct submission *submission = &sent[poisoned[i]].submission;
        free(submission->organisation);
        submission->organisation = strdup("poison");
        ck_assert(submission_seal(submission));
    }
    send_all(sent, MANY);
    run("drop trigger poison on submissions");
    run("drop function poison()");
    ck_assert_uint_eq(with_problem(sent, MANY, PROBLEM_NONE), MANY - 3);
    for (size_t i = 0; i < sizeof poisoned / sizeof *poisoned; i++)
        ck_assert_int_eq(sent[poisoned[i]].entry.problem, PROBLEM_INTERNAL);
    ck_assert_int_eq(number_of("select count(*) from submissions where organisation = 'poison'"),
                     0);
    ck_assert_int_eq((int)figures().failed, 3);
    ck_assert(figures().connected);
    clear(sent, MANY);
}
END_TEST

/* The first tries fail as a serialization failure does. */
START_TEST(tried_again)
{
    struct sent *sent = fresh(1);
    run("create sequence attempts");
    run("grant usage on sequence attempts to public");
    run("create function refuse() returns trigger language plpgsql as $$ begin"
        " if nextval('consultation.attempts') < 3 then"
        " raise exception 'again' using errcode = '40001'; end if; return new; end $$");
    run("create trigger refuse before insert on submissions for each row execute function "
        "refuse()");
    send_all(sent, 1);
    run("drop trigger refuse on submissions");
    run("drop function refuse()");
    run("drop sequence attempts");
    ck_assert_int_eq(sent->entry.problem, PROBLEM_NONE);
    const struct timespec pause = {.tv_nsec = 50000000};
    for (int i = 0; i < 100 && figures().retries == 0; i++)
        nanosleep(&pause, NULL);
    ck_assert_int_eq((int)figures().retries, 2);
    clear(sent, 1);
}
END_TEST

START_TEST(tried_again_in_vain)
{
    struct sent *sent = fresh(1);
    run("create function refuse() returns trigger language plpgsql as $$ begin"
        " raise exception 'again' using errcode = '40P01'; end $$");
    run("create trigger refuse before insert on submissions for each row execute function "
        "refuse()");
    send_all(sent, 1);
    run("drop trigger refuse on submissions");
    run("drop function refuse()");
    ck_assert_int_eq(sent->entry.problem, PROBLEM_UNAVAILABLE);
    clear(sent, 1);
}
END_TEST

/* A deferred trigger ends the session inside COMMIT: nobody knows, until the key is used again. */
START_TEST(lost_in_commit)
{
    struct sent *sent = fresh(2);
    run("create function vanish() returns trigger language plpgsql security definer as $$ begin"
        " perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end "
        "$$");
    run("create constraint trigger vanish after insert on submissions deferrable initially deferred"
        " for each row execute function vanish()");
    send_all(sent, 2);
    run("drop trigger vanish on submissions");
    run("drop function vanish()");
    ck_assert_uint_eq(with_problem(sent, 2, PROBLEM_OUTCOME_UNKNOWN), 2);
    for (size_t i = 0; i < 2; i++) {
        sent[i].done = false;
        sent[i].submission.arrived_us = sent[i].entry.pushed_us = clock_monotonic_us(&clock_system);
    }
    send_all(sent, 2);
    ck_assert_uint_eq(with_problem(sent, 2, PROBLEM_NONE), 2);
    ck_assert(!sent[0].entry.replayed);
    clear(sent, 2);
}
END_TEST

/* Gone: an answer at once. Back: it goes on by itself. */
START_TEST(database_goes_and_comes_back)
{
    struct sent *sent = fresh(3);
    send_all(&sent[0], 1);
    ck_assert_int_eq(sent[0].entry.problem, PROBLEM_NONE);
    cluster_stop(scene.cluster, SIGINT);
    int64_t before = clock_monotonic_us(&clock_system);
    sent[1].entry.pushed_us = before;
    send_all(&sent[1], 1);
    int64_t took_us = clock_monotonic_us(&clock_system) - before;
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_UNAVAILABLE);
    ck_assert_int_lt(took_us, 1000000);
    cluster_start(scene.cluster);
    const struct timespec pause = {.tv_nsec = 50000000};
    for (int i = 0; i < 200 && !figures().connected; i++)
        nanosleep(&pause, NULL);
    ck_assert(figures().connected);
    sent[2].submission.arrived_us = sent[2].entry.pushed_us = clock_monotonic_us(&clock_system);
    send_all(&sent[2], 1);
    ck_assert_int_eq(sent[2].entry.problem, PROBLEM_NONE);
    clear(sent, 3);
}
END_TEST

/* A session that ended while nothing was sent is replaced without anybody noticing. */
START_TEST(idle_session_ended)
{
    struct sent *sent = fresh(2);
    const struct timespec pause = {.tv_nsec = 200000000};
    send_all(&sent[0], 1);
    run("select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'consultation-writer'");
    nanosleep(&pause, NULL);
    sent[1].submission.arrived_us = sent[1].entry.pushed_us = clock_monotonic_us(&clock_system);
    send_all(&sent[1], 1);
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_NONE);
    clear(sent, 2);
}
END_TEST

START_TEST(waited_too_long)
{
    struct sent *sent = fresh(2);
    sent[0].entry.pushed_us -= (int64_t)(WAIT_MS + 100) * 1000;
    sent[1].submission.arrived_us -= (int64_t)(WAIT_MS + 2000) * 1000;
    send_all(sent, 2);
    ck_assert_int_eq(sent[0].entry.problem, PROBLEM_STALE); /* the writer's own judgement */
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_STALE); /* the database's */
    clear(sent, 2);
}
END_TEST

/* While the table is locked the queue fills to its last place, and not one further. */
START_TEST(full_queue)
{
    struct sent *sent = fresh(1);
    struct sent *more = fresh(PLACES);
    size_t pushed = 0;
    const struct timespec pause = {.tv_nsec = 300000000};
    cluster_hold(scene.cluster, "lock table consultation.submissions in access exclusive mode");
    push(sent);
    nanosleep(&pause, NULL); /* the writer has taken it, and waits for the table */
    while (queue_reserve(queue)) {
        ck_assert_uint_lt(pushed, PLACES);
        queue_push(queue, &more[pushed++].entry);
    }
    ck_assert_uint_eq(pushed, PLACES);
    ck_assert_uint_eq(queue_waiting(queue), PLACES);
    cluster_let_go(scene.cluster);
    await(1 + PLACES);
    ck_assert_int_eq(sent->entry.problem, PROBLEM_NONE);
    ck_assert_uint_eq(with_problem(more, PLACES, PROBLEM_NONE), PLACES);
    clear(sent, 1);
    clear(more, PLACES);
}
END_TEST

START_TEST(stopping_answers_everybody)
{
    struct sent *sent = fresh(PLACES);
    for (size_t i = 0; i < PLACES; i++)
        push(&sent[i]);
    stop_writer();
    ck_assert_uint_eq(back, PLACES);
    ck_assert_uint_eq(with_problem(sent, PLACES, PROBLEM_NONE), PLACES);
    clear(sent, PLACES);
    start_writer();
}
END_TEST

static void withdraw(struct sent *sent, const char *number, int generation)
{
    sent->done = false;
    sent->entry = (struct entry){.kind = ENTRY_WITHDRAW,
                                 .generation = generation,
                                 .done = count_back,
                                 .context = sent,
                                 .pushed_us = clock_monotonic_us(&clock_system)};
    memcpy(sent->entry.number, number, NUMBER_TEXT + 1);
    send_all(sent, 1);
}

START_TEST(withdrawals)
{
    struct sent *sent = fresh(1);
    char number[NUMBER_TEXT + 1], sql[256];
    send_all(sent, 1);
    memcpy(number, sent->entry.receipt.number, sizeof number);
    withdraw(sent, number, 2);
    ck_assert_int_eq(sent->entry.problem, PROBLEM_CODE_WRONG);
    withdraw(sent, "0000000000", 1);
    ck_assert_int_eq(sent->entry.problem, PROBLEM_NOT_FOUND);
    withdraw(sent, number, 1);
    ck_assert_int_eq(sent->entry.problem, PROBLEM_NONE);
    ck_assert_int_gt(sent->entry.withdrawn_us, 0);
    snprintf(sql, sizeof sql,
             "select count(*) from submissions where number = '%s' and state = 'withdrawn'"
             " and salt is null and stances is null and organisation is null",
             number);
    ck_assert_int_eq(number_of(sql), 1);
    withdraw(sent, number, 1);
    ck_assert_int_eq(sent->entry.problem, PROBLEM_WITHDRAWN);
    clear(sent, 1);
}
END_TEST

/* The erased one's key still gives its receipt, without the random bytes. */
START_TEST(erased_one_replayed)
{
    struct sent *sent = fresh(2);
    char number[NUMBER_TEXT + 1];
    sent[1].submission.key = sent[0].submission.key;
    send_all(&sent[0], 1);
    memcpy(number, sent[0].entry.receipt.number, sizeof number);
    withdraw(&sent[0], number, 1);
    send_all(&sent[1], 1);
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_NONE);
    ck_assert(sent[1].entry.replayed && sent[1].entry.receipt.erased);
    ck_assert_str_eq(sent[1].entry.receipt.number, number);
    ck_assert(sodium_is_zero(sent[1].entry.receipt.salt, sizeof sent[1].entry.receipt.salt));
    clear(sent, 2);
}
END_TEST

static void amends(struct sent *sent, const struct sent *earlier)
{
    sent->submission.identity_kind = IDENTITY_NONE;
    sent->submission.respondent = (struct respondent_hash){0};
    memcpy(sent->submission.supersedes, earlier->entry.receipt.number, NUMBER_TEXT + 1);
    sent->submission.supersedes_generation = 1;
    ck_assert(submission_seal(&sent->submission));
}

START_TEST(amendments)
{
    struct sent *sent = fresh(4);
    send_all(&sent[0], 1);
    for (size_t i = 1; i < 4; i++)
        amends(&sent[i], &sent[0]);
    sent[3].submission.supersedes_generation = 2;
    send_all(&sent[3], 1);
    ck_assert_int_eq(sent[3].entry.problem, PROBLEM_CODE_WRONG);
    send_all(&sent[1], 2); /* in one batch: the first of them wins */
    ck_assert_int_eq(sent[1].entry.problem, PROBLEM_NONE);
    ck_assert_int_eq(sent[2].entry.problem, PROBLEM_SUPERSEDED);
    clear(sent, 4);
}
END_TEST

START_TEST(slots_differ)
{
    struct queue *other_queue = queue_new(1);
    struct writer *other = writer_start(&(struct writer_options){
        .conninfo = cluster_conninfo(scene.cluster),
        .queue = other_queue,
        .keys = keys,
        .clock = &clock_system,
        .batch_most = 1,
        .wait_most_ms = WAIT_MS,
    });
    struct writer_figures out = {0};
    const struct timespec pause = {.tv_nsec = 50000000};
    for (int i = 0; i < 200 && !(out.connected && figures().connected); i++) {
        nanosleep(&pause, NULL);
        writer_figures(other, &out);
    }
    ck_assert(out.connected && figures().connected);
    ck_assert_int_eq(number_of("select count(distinct (classid, objid)) from pg_locks l"
                               " join pg_stat_activity a using (pid) where locktype = 'advisory'"
                               " and application_name = 'consultation-writer'"),
                     2);
    queue_close(other_queue);
    writer_stop(other);
    queue_free(other_queue);
}
END_TEST

/* After all of it the tallies are what the rows say. */
START_TEST(tallies_add_up)
{
    ck_assert_int_eq(number_of("select count(*) from submissions"),
                     number_of("select sum(received) from submission_tallies"));
    ck_assert_int_eq(number_of("select count(*) from submissions where state = 'counted'"),
                     number_of("select sum(counted) from submission_tallies"));
    ck_assert_int_eq(number_of("select count(*) from submissions where state = 'counted'"
                               " and get_byte(stances, 0) = 5"),
                     number_of("select sum(n5) from tally_cells where ordinal = 1"));
}
END_TEST

int main(void)
{
    char error[256];
    Suite *suite = suite_create("writer");
    TCase *cases = tcase_create("writer");
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    scene_open_unserved(&scene, NULL);
    keys = keys_load(scene.keys_folder, error, sizeof error);
    if (!keys)
        return EXIT_FAILURE;
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, receipt_is_of_the_row);
    tcase_add_test(cases, one_identity_many_times);
    tcase_add_test(cases, one_key_many_times);
    tcase_add_test(cases, one_key_other_content);
    tcase_add_test(cases, taken_number_is_replaced);
    tcase_add_test(cases, poison_harms_nobody_else);
    tcase_add_test(cases, tried_again);
    tcase_add_test(cases, tried_again_in_vain);
    tcase_add_test(cases, lost_in_commit);
    tcase_add_test(cases, database_goes_and_comes_back);
    tcase_add_test(cases, idle_session_ended);
    tcase_add_test(cases, waited_too_long);
    tcase_add_test(cases, full_queue);
    tcase_add_test(cases, stopping_answers_everybody);
    tcase_add_test(cases, withdrawals);
    tcase_add_test(cases, erased_one_replayed);
    tcase_add_test(cases, amendments);
    tcase_add_test(cases, slots_differ);
    tcase_add_test(cases, tallies_add_up);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    /* In this process: the cluster is stopped and started from here. */
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    keys_free(keys);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
