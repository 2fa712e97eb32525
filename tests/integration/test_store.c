/* store: one connection under one role on a real database; every way in which it can end. */
#include "store/db.h"
#include "support/cluster.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct cluster *cluster;

static struct db *db_open(enum db_role role)
{
    struct db *db = db_new(cluster_conninfo(cluster), role, "test_store");
    ck_assert_ptr_nonnull(db);
    ck_assert_int_eq(db_ready(db), DB_OK);
    return db;
}

static void open_cluster(void)
{
    cluster = cluster_new();
}

static void close_cluster(void)
{
    cluster_free(cluster);
}

static void audit_params(struct params *params, const char *action, const char *detail)
{
    params_reset(params);
    params_text(params, action);
    params_null(params);
    params_text(params, detail);
}

static enum db_status audit(struct db *db, const char *action)
{
    struct params params = {0};
    audit_params(&params, action, "{\"text\": \"意見\"}");
    enum db_status status = db_run(db, STATEMENT_AUDIT_WRITE, &params, NULL);
    params_clear(&params);
    return status;
}

static int64_t audit_count(const char *action)
{
    char sql[128];
    snprintf(sql, sizeof sql, "select count(*) from consultation.audit_log where action = '%s'",
             action);
    return cluster_number(cluster, sql);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ends the test's backends after so many milliseconds, from another thread. */
static void *end_backends(void *context)
{
    const int *after_ms = context;
    nanosleep(&(struct timespec){.tv_nsec = *after_ms * 1000000L}, NULL);
    cluster_number(cluster, "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                            "where application_name = 'test_store'");
    return NULL;
}

START_TEST(session_is_as_wanted)
{
    struct db *db = db_open((enum db_role)_i);
    struct rows rows = {0};
    ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, &rows), DB_OK);
    int64_t apart_us = row_time(&rows, 0, 0) - (int64_t)time(NULL) * 1000000;
    ck_assert(apart_us > -2000000 && apart_us < 2000000);
    rows_clear(&rows);
    char *used = cluster_text(cluster, "select usename || ' ' || count(*) from pg_stat_activity "
                                       "where application_name = 'test_store' group by usename");
    ck_assert_str_eq(used, "consultation_login 1");
    free(used);
    /* What the session may do is its role's: the statement of another is not even prepared. */
    enum db_status wanted = _i == DB_READER || _i == DB_OFFICIAL ? DB_FAULT : DB_OK;
    ck_assert_int_eq(audit(db, "session"), wanted);
    db_free(db);
}
END_TEST

START_TEST(commits_and_rolls_back)
{
    struct db *db = db_open(DB_WRITER);
    ck_assert_int_eq(db_begin(db), DB_OK);
    ck_assert_int_eq(audit(db, "kept"), DB_OK);
    ck_assert_int_eq(db_commit(db), DB_OK);
    ck_assert_int_eq(db_begin(db), DB_OK);
    ck_assert_int_eq(audit(db, "undone"), DB_OK);
    db_rollback(db);
    ck_assert_int_eq(audit_count("kept"), 1);
    ck_assert_int_eq(audit_count("undone"), 0);
    char *detail = cluster_text(cluster, "select detail ->> 'text' from consultation.audit_log "
                                         "where action = 'kept'");
    ck_assert_str_eq(detail, "意見");
    free(detail);
    db_free(db);
}
END_TEST

START_TEST(commit_of_a_failed_transaction)
{
    struct db *db = db_open(DB_WRITER);
    ck_assert_int_eq(db_begin(db), DB_OK);
    ck_assert_int_eq(audit(db, "before"), DB_OK);
    ck_assert_int_eq(audit(db, "Not a word"), DB_REFUSED);
    ck_assert_str_eq(db_constraint(db), "audit_log_action");
    /* The server answers this COMMIT as a success, with the tag ROLLBACK. */
    ck_assert_int_eq(db_commit(db), DB_FAULT);
    ck_assert_int_eq(audit_count("before"), 0);
    ck_assert_int_eq(audit(db, "after"), DB_OK);
    db_free(db);
}
END_TEST

START_TEST(transact_in_one)
{
    struct db *db = db_open(DB_WRITER);
    struct params params = {0};
    struct rows rows = {0};
    audit_params(&params, "whole", "{}");
    ck_assert_int_eq(db_transact(db, STATEMENT_AUDIT_WRITE, &params, &rows), DB_OK);
    ck_assert_int_eq(rows_count(&rows), 1);
    rows_clear(&rows);
    audit_params(&params, "Not a word", "{}");
    ck_assert_int_eq(db_transact(db, STATEMENT_AUDIT_WRITE, &params, &rows), DB_REFUSED);
    ck_assert_str_eq(db_constraint(db), "audit_log_action");
    ck_assert_int_eq(rows_count(&rows), 0);
    audit_params(&params, "whole", "{}");
    ck_assert_int_eq(db_transact(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_OK);
    ck_assert_int_eq(audit_count("whole"), 2);
    params_clear(&params);
    db_free(db);
}
END_TEST

/* What our functions raise comes as the constraint they name, and outlives the rollback. */
START_TEST(refusals_have_names)
{
    struct db *db = db_open(DB_WRITER);
    struct params params = {0};
    params_text(&params, "other");
    params_int2(&params, 1);
    params_bytes(&params, "12345678901234567890123456789012", 32);
    ck_assert_int_eq(db_begin(db), DB_OK);
    ck_assert_int_eq(db_run(db, STATEMENT_KEY_CHECK, &params, NULL), DB_REFUSED);
    db_rollback(db);
    ck_assert_str_eq(db_constraint(db), "key_checks_purpose");
    params_clear(&params);
    db_free(db);
}
END_TEST

START_TEST(wrong_parameters)
{
    struct db *db = db_open(DB_WRITER);
    struct params params = {0};
    ck_assert_int_eq(db_run(db, STATEMENT_AUDIT_WRITE, NULL, NULL), DB_FAULT);
    params_text(&params, "one");
    ck_assert_int_eq(db_run(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_FAULT);
    audit_params(&params, "three", "{}");
    params.failed = true;
    ck_assert_int_eq(db_run(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_FAULT);
    audit_params(&params, "three", "{not JSON");
    ck_assert_int_eq(db_run(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_FAULT);
    ck_assert_int_eq(audit(db, "three"), DB_OK);
    params_clear(&params);
    db_free(db);
}
END_TEST

START_TEST(backend_ended)
{
    struct db *db = db_open(DB_WRITER);
    int after_ms = 0;
    ck_assert_int_eq(db_begin(db), DB_OK);
    ck_assert_int_eq(audit(db, "ended"), DB_OK);
    end_backends(&after_ms);
    ck_assert_int_eq(audit(db, "ended"), DB_UNAVAILABLE);
    ck_assert_int_eq(audit(db, "ended"), DB_UNAVAILABLE);
    ck_assert_int_eq(db_begin(db), DB_UNAVAILABLE);
    ck_assert_int_eq(db_commit(db), DB_UNAVAILABLE);
    ck_assert_int_eq(db_ready(db), DB_OK);
    ck_assert_int_eq(audit(db, "again"), DB_OK);
    ck_assert_int_eq(audit_count("ended"), 0);
    db_free(db);
}
END_TEST

/* A trigger that COMMIT runs, and that takes its time. */
static void slow_commit(void)
{
    free(cluster_text(cluster,
                      "create function public.slow() returns trigger language plpgsql as "
                      "$$begin perform pg_sleep(1); return null; end$$; "
                      "create constraint trigger slow after insert on consultation.audit_log "
                      "deferrable initially deferred for each row execute function public.slow()"));
}

START_TEST(lost_in_commit)
{
    static const int after_ms = 300;
    slow_commit();
    for (int pipelined = 0; pipelined < 2; pipelined++) {
        struct db *db = db_open(DB_WRITER);
        struct params params = {0};
        pthread_t thread;
        audit_params(&params, "unknown", "{}");
        ck_assert_int_eq(pthread_create(&thread, NULL, end_backends, (void *)(uintptr_t)&after_ms),
                         0);
        if (pipelined) {
            ck_assert_int_eq(db_transact(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_UNKNOWN);
        } else {
            ck_assert_int_eq(db_begin(db), DB_OK);
            ck_assert_int_eq(db_run(db, STATEMENT_AUDIT_WRITE, &params, NULL), DB_OK);
            ck_assert_int_eq(db_commit(db), DB_UNKNOWN);
        }
        pthread_join(thread, NULL);
        ck_assert_int_eq(db_ready(db), DB_OK);
        params_clear(&params);
        db_free(db);
    }
    free(cluster_text(cluster, "drop function public.slow() cascade"));
}
END_TEST

START_TEST(cluster_away_and_back)
{
    struct db *db = db_open(DB_READER);
    cluster_stop(cluster, _i ? SIGQUIT : SIGINT);
    ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, NULL), DB_UNAVAILABLE);
    ck_assert_int_eq(db_ready(db), DB_UNAVAILABLE);
    cluster_start(cluster);
    ck_assert_int_eq(db_ready(db), DB_OK);
    ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, NULL), DB_OK);
    db_free(db);
}
END_TEST

/* Connections stay, nothing answers: the wait has an end, for what runs and for who comes. */
START_TEST(cluster_frozen)
{
    struct db *db = db_open(DB_READER),
              *late = db_new(cluster_conninfo(cluster), DB_READER, "late");
    cluster_freeze(cluster, true);
    int64_t begin = now_ms();
    ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, NULL), DB_UNAVAILABLE);
    ck_assert(now_ms() - begin < 9000);
    begin = now_ms();
    ck_assert_int_eq(db_ready(late), DB_UNAVAILABLE);
    ck_assert(now_ms() - begin < 6000);
    cluster_freeze(cluster, false);
    ck_assert_int_eq(db_ready(db), DB_OK);
    db_free(db);
    db_free(late);
}
END_TEST

/* Another session holds what is wanted: tried again by whoever asked, not waited for for ever. */
START_TEST(lock_time_out)
{
    struct db *db = db_open(DB_WRITER);
    cluster_hold(cluster, "lock table consultation.audit_log");
    ck_assert_int_eq(audit(db, "waited"), DB_AGAIN);
    cluster_let_go(cluster);
    ck_assert_int_eq(audit(db, "waited"), DB_OK);
    db_free(db);
}
END_TEST

/* An hour is the exporter's own limit; on a page nobody waits as long. */
START_TEST(statement_time_out)
{
    free(cluster_text(cluster, "create function public.slow() returns trigger language plpgsql as "
                               "$$begin perform pg_sleep(8); return new; end$$; "
                               "create trigger slow before insert on consultation.audit_log "
                               "for each row execute function public.slow()"));
    struct db *db = db_new(cluster_conninfo(cluster), DB_EXPORTER, "test_store");
    db_set_timeout(db, 300);
    ck_assert_int_eq(db_ready(db), DB_OK);
    int64_t begin = now_ms();
    ck_assert_int_eq(audit(db, "slow"), DB_AGAIN);
    ck_assert(now_ms() - begin < 4000);
    free(cluster_text(cluster, "drop function public.slow() cascade"));
    ck_assert_int_eq(audit(db, "fast"), DB_OK);
    db_free(db);
}
END_TEST

struct seen {
    int rows, most;
    int64_t last;
};

static bool see(void *context, const struct rows *rows)
{
    struct seen *seen = context;
    seen->last = row_int(rows, 0, 0);
    return ++seen->rows < seen->most;
}

START_TEST(streams_row_by_row)
{
    static const int mosts[] = {INT32_MAX, 3};
    free(cluster_text(
        cluster,
        "insert into consultation.audit_log (action, position, previous_hash, hash) "
        "select 'row', n + 1, sha256('x'), sha256('x') from generate_series(1, 5000) as n"));
    struct db *db = db_open(DB_OWNER);
    for (int i = 0; i < 2; i++) {
        struct seen seen = {.most = mosts[i]};
        ck_assert_int_eq(db_stream(db, STATEMENT_AUDIT_VERIFY, NULL, see, &seen), DB_OK);
        ck_assert_int_eq(seen.rows, i == 0 ? 5000 : 3);
        ck_assert_int_eq(seen.last, i == 0 ? 5001 : 4);
        ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, NULL), DB_OK);
    }
    db_free(db);
    struct seen none = {.most = 1};
    db = db_open(DB_READER);
    ck_assert_int_eq(db_stream(db, STATEMENT_AUDIT_VERIFY, NULL, see, &none), DB_FAULT);
    ck_assert_int_eq(none.rows, 0);
    db_free(db);
}
END_TEST

START_TEST(what_is_not_durable_is_refused)
{
    static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};
    char sql[96];
    snprintf(sql, sizeof sql, "alter system set %s = off", settings[_i]);
    free(cluster_text(cluster, sql));
    free(cluster_text(cluster, "select pg_reload_conf(), pg_sleep(0.2)"));
    struct db *writer = db_new(cluster_conninfo(cluster), DB_WRITER, "test_store");
    ck_assert_int_eq(db_ready(writer), DB_FAULT);
    struct db *reader = db_open(DB_READER);
    snprintf(sql, sizeof sql, "alter system reset %s", settings[_i]);
    free(cluster_text(cluster, sql));
    free(cluster_text(cluster, "select pg_reload_conf(), pg_sleep(0.2)"));
    ck_assert_int_eq(db_ready(writer), DB_OK);
    db_free(writer);
    db_free(reader);
}
END_TEST

START_TEST(schema_version_is_ours_or_one_newer)
{
    static const struct {
        int apart;
        enum db_status status;
    } versions[] = {{1, DB_OK}, {2, DB_FAULT}, {-1, DB_FAULT}};
    char sql[160];
    char *newest = cluster_text(
        cluster, "select name from consultation.schema_migrations order by version desc limit 1");
    snprintf(sql, sizeof sql,
             "update consultation.schema_migrations set version = %d where name = '%s'",
             versions[_i].apart < 0 ? -1 : SCHEMA_VERSION + versions[_i].apart, newest);
    free(cluster_text(cluster, sql));
    struct db *db = db_new(cluster_conninfo(cluster), DB_READER, "test_store");
    enum db_status status = db_ready(db);
    db_free(db);
    snprintf(sql, sizeof sql,
             "update consultation.schema_migrations set version = %d where name = '%s'",
             SCHEMA_VERSION, newest);
    free(cluster_text(cluster, sql));
    free(newest);
    ck_assert_int_eq(status, versions[_i].status);
}
END_TEST

/* A statement that the schema does not have stops the start, and leaves no connection behind. */
START_TEST(statement_that_fails_to_prepare)
{
    free(cluster_text(cluster, "alter function consultation.audit_seal() rename to gone"));
    struct db *db = db_new(cluster_conninfo(cluster), DB_WRITER, "test_store");
    ck_assert_int_eq(db_ready(db), DB_FAULT);
    ck_assert_int_eq(audit(db, "never"), DB_UNAVAILABLE);
    free(cluster_text(cluster, "alter function consultation.gone() rename to audit_seal"));
    ck_assert_int_eq(db_ready(db), DB_OK);
    db_free(db);
}
END_TEST

START_TEST(nobody_there)
{
    struct db *db = db_new("host=/nonexistent dbname=none", DB_READER, "test_store");
    ck_assert_int_eq(db_ready(db), DB_UNAVAILABLE);
    ck_assert_int_eq(db_run(db, STATEMENT_CLOCK_NOW, NULL, NULL), DB_UNAVAILABLE);
    db_rollback(db);
    db_free(db);
    db_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    /* One cluster for those that leave it as they found it. */
    TCase *tests = tcase_create("one connection");
    tcase_add_unchecked_fixture(tests, open_cluster, close_cluster);
    tcase_add_loop_test(tests, session_is_as_wanted, 0, 5);
    tcase_add_test(tests, commits_and_rolls_back);
    tcase_add_test(tests, commit_of_a_failed_transaction);
    tcase_add_test(tests, transact_in_one);
    tcase_add_test(tests, refusals_have_names);
    tcase_add_test(tests, wrong_parameters);
    tcase_add_test(tests, backend_ended);
    tcase_add_test(tests, lost_in_commit);
    tcase_add_test(tests, lock_time_out);
    tcase_add_test(tests, statement_time_out);
    tcase_add_test(tests, streams_row_by_row);
    tcase_add_loop_test(tests, what_is_not_durable_is_refused, 0, 3);
    tcase_add_loop_test(tests, schema_version_is_ours_or_one_newer, 0, 3);
    tcase_add_test(tests, statement_that_fails_to_prepare);
    tcase_add_test(tests, nobody_there);
    suite_add_tcase(suite, tests);
    TCase *away = tcase_create("away");
    tcase_add_checked_fixture(away, open_cluster, close_cluster);
    tcase_add_loop_test(away, cluster_away_and_back, 0, 2);
    tcase_add_test(away, cluster_frozen);
    suite_add_tcase(suite, away);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
