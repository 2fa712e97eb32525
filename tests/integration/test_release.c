/* When a release is made and when not; two servers at once; the final one. */
#include "publish/load.h"
#include "publish/release.h"
#include "publish/releaser.h"

#include "support/scene.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SQL = 1024, RACERS = 8 };

static struct scene scene;

static int64_t ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int64_t ask(const char *format, ...)
{
    char sql[SQL];
    va_list list;
    va_start(list, format);
    vsnprintf(sql, sizeof sql, format, list);
    va_end(list);
    return cluster_number(scene.cluster, sql);
}

/* So many individuals more who strongly support the first measure. */
static void people(const char *slug, int count)
{
    ask("insert into tallies (consultation_id, day, kind, language, channel, slot, proven, "
        "received,"
        " counted, cells) select consultation_id, current_date, 1, 1, 1, 0, false, %d, %d,"
        " array[0,0,0,0,0,%d,0,0,0] from consultations where slug = '%s'"
        " on conflict on constraint tallies_pkey do update set"
        " received = tallies.received + excluded.received,"
        " counted = tallies.counted + excluded.counted,"
        " cells = cells_add(tallies.cells, excluded.cells) returning received",
        count, count, count, slug);
}

static void publication(const char *slug, const char *name, int value)
{
    ask("update consultations set publication = jsonb_set(publication, '{%s}', '%d')"
        " where slug = '%s' returning 1",
        name, value, slug);
}

/* The grace of half an hour is over as well, and the longest that a server may hold back what came.
 */
#define JUST_CLOSED "now() - interval '31 minutes 1 second'"

static void window(const char *slug, const char *opens, const char *closes)
{
    ask("update consultations set opens_at = %s, closes_at = %s where slug = '%s' returning 1",
        opens, closes, slug);
}

static struct db *connect_as(enum db_role role)
{
    struct db *db = db_new(cluster_conninfo(scene.cluster), role, "test-release");
    ck_assert_ptr_nonnull(db);
    ck_assert_int_eq(db_ready(db), DB_OK);
    return db;
}

static struct consultation *load(const char *slug)
{
    struct consultation *consultation = NULL;
    struct db *db = connect_as(DB_READER);
    int id = (int)ask("select consultation_id from consultations where slug = '%s'", slug);
    ck_assert_int_eq(load_consultation(db, id, &consultation), DB_OK);
    ck_assert_ptr_nonnull(consultation);
    db_free(db);
    return consultation;
}

/* NULL: a release was made. */
static void expect(struct db *db, const char *slug, bool final, const char *refusal)
{
    struct release_made made;
    struct consultation *consultation = load(slug);
    int64_t before = ask("select count(*) from releases");
    enum release_outcome outcome = release_make(db, consultation, final, &made);
    ck_assert_int_eq(outcome, refusal ? RELEASE_NOT_DUE : RELEASE_MADE);
    if (refusal)
        ck_assert_str_eq(made.refusal, refusal);
    ck_assert_int_eq(ask("select count(*) from releases"), before + (refusal ? 0 : 1));
    consultation_release(consultation);
}

START_TEST(due_by_threshold_and_interval)
{
    struct db *db = connect_as(DB_WRITER);
    expect(db, SCENE_SLUG, false, "threshold");
    people(SCENE_SLUG, 9);
    expect(db, SCENE_SLUG, false, "threshold");
    int64_t revision = ask("select revision from consultations where slug = '" SCENE_SLUG "'");
    people(SCENE_SLUG, 1);
    expect(db, SCENE_SLUG, false, NULL);
    ck_assert_int_eq(ask("select revision from consultations where slug = '" SCENE_SLUG "'"),
                     revision + 1);
    ck_assert_int_eq(ask("select count(*) from audit_log where action = 'release'"), 1);
    people(SCENE_SLUG, 10);
    expect(db, SCENE_SLUG, false, "interval");
    publication(SCENE_SLUG, "release_interval_s", 0);
    expect(db, SCENE_SLUG, false, NULL);
    people(SCENE_SLUG, 9);
    expect(db, SCENE_SLUG, false, "threshold");
    db_free(db);
}
END_TEST

START_TEST(document_shows_what_it_may)
{
    char *text = cluster_text(scene.cluster, "select document from releases where number = 2");
    json_t *document = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(document);
    ck_assert_int_eq(json_integer_value(json_at(document, "/release/number")), 2);
    ck_assert(json_is_false(json_at(document, "/release/final")));
    ck_assert_int_eq(json_integer_value(json_at(document, "/reconciliation/counted")), 20);
    ck_assert_int_eq(json_integer_value(json_at(document, "/measures/1-1/answers")), 20);
    ck_assert_int_eq(json_integer_value(json_at(document, "/measures/1-1/by_stance/0/count")), 20);
    ck_assert(json_is_null(json_at(document, "/measures/1-1/by_stance/0/share")));
    ck_assert_int_eq(json_integer_value(json_at(document, "/whole/answers")), 20);
    json_decref(document);
    free(text);
}
END_TEST

START_TEST(none_in_the_blackout_nor_after_the_close)
{
    struct db *db = connect_as(DB_WRITER);
    people(SCENE_SLUG, 10);
    window(SCENE_SLUG, "now() - interval '9 days'", "now() + interval '23 hours'");
    expect(db, SCENE_SLUG, false, "blackout");
    window(SCENE_SLUG, "now() + interval '1 hour'", "now() + interval '9 days'");
    expect(db, SCENE_SLUG, false, "not-open");
    window(SCENE_SLUG, "now() - interval '9 days'", JUST_CLOSED);
    expect(db, SCENE_SLUG, false, "closed");
    window(SCENE_SLUG, "now() - interval '9 days'", "now() + interval '25 hours'");
    expect(db, SCENE_SLUG, false, NULL);
    db_free(db);
}
END_TEST

START_TEST(final_one_is_the_last)
{
    struct db *db = connect_as(DB_OWNER);
    people(SCENE_SLUG, 3);
    expect(db, SCENE_SLUG, true, "not-closed");
    window(SCENE_SLUG, "now() - interval '9 days'", "now() - interval '30 minutes 30 seconds'");
    expect(db, SCENE_SLUG, true, "not-settled");
    window(SCENE_SLUG, "now() - interval '9 days'", JUST_CLOSED);
    expect(db, SCENE_SLUG, true, NULL);
    ck_assert_int_eq(ask("select count(*) from consultations c join releases r on r.final and"
                         " r.consultation_id = c.consultation_id and"
                         " r.released_at = c.final_release_at"),
                     1);
    expect(db, SCENE_SLUG, true, "final-release-made");
    expect(db, SCENE_SLUG, false, "final-release-made");
    db_free(db);
}
END_TEST

struct racer {
    pthread_t thread;
    pthread_barrier_t *start;
    struct consultation *consultation;
    struct db *db;
    enum release_outcome outcome;
};

static void *race(void *context)
{
    struct racer *racer = context;
    struct release_made made;
    pthread_barrier_wait(racer->start);
    racer->outcome = release_make(racer->db, racer->consultation, false, &made);
    return NULL;
}

START_TEST(racers_make_one)
{
    struct racer racers[RACERS];
    pthread_barrier_t start;
    int64_t before = ask("select count(*) from releases");
    int made = 0;
    pthread_barrier_init(&start, NULL, RACERS);
    people(SCENE_REHEARSAL, 1);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){
            .start = &start, .consultation = load(SCENE_REHEARSAL), .db = connect_as(DB_WRITER)};
        ck_assert(!pthread_create(&racers[i].thread, NULL, race, &racers[i]));
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        ck_assert_int_ne(racers[i].outcome, RELEASE_FAILED);
        made += racers[i].outcome == RELEASE_MADE;
        consultation_release(racers[i].consultation);
        db_free(racers[i].db);
    }
    pthread_barrier_destroy(&start);
    ck_assert_int_eq(made, 1);
    ck_assert_int_eq(ask("select count(*) from releases"), before + 1);
}
END_TEST

static void changed(void *context, int consultation_id)
{
    (void)context;
    (void)consultation_id;
}

/* Two servers' threads: numbers without a gap, each release with more respondents and a second
 * later. */
START_TEST(two_releasers_take_turns)
{
    struct catalogue *catalogues[2];
    struct releaser *releasers[2];
    const struct timespec pause = {.tv_nsec = 200000000};
    for (int i = 0; i < 2; i++) {
        struct catalogue_options options = {.conninfo = cluster_conninfo(scene.cluster),
                                            .changed = changed};
        catalogues[i] = catalogue_start(&options);
        ck_assert_ptr_nonnull(catalogues[i]);
        releasers[i] = releaser_start(cluster_conninfo(scene.cluster), catalogues[i]);
        ck_assert_ptr_nonnull(releasers[i]);
    }
    for (int i = 0; i < 20; i++) {
        people(SCENE_REHEARSAL, 1);
        nanosleep(&pause, NULL);
    }
    char sql[SQL];
    snprintf(sql, sizeof sql,
             "select max(r.respondents) from releases r join consultations using (consultation_id)"
             " where slug = '" SCENE_REHEARSAL "'");
    scene_await(&scene, sql, 21);
    scene_await(&scene, "select count(*) from audit_log where position is null", 0);
    for (int i = 0; i < 2; i++) {
        releaser_stop(releasers[i]);
        catalogue_stop(catalogues[i]);
    }
    ck_assert_int_eq(
        ask("select count(*) from (select number - lag(number) over w as step,"
            " respondents - lag(respondents) over w as more,"
            " released_at - lag(released_at) over w as pause from releases r"
            " join consultations using (consultation_id) where slug = '" SCENE_REHEARSAL "'"
            " window w as (order by number)) as s"
            " where step <> 1 or more < 1 or pause < interval '1 second'"),
        0);
    ck_assert_int_ge(ask("select count(*) from releases join consultations"
                         " using (consultation_id) where rehearsal"),
                     3);
}
END_TEST

/* The command recounts first: the figures above were made up. */
START_TEST(final_release_wants_tallies_that_agree)
{
    const char *words[] = {SCENE_REHEARSAL, "--final", NULL};
    struct server_options options = scene.options;
    char output[4096];
    options.set = NULL;
    window(SCENE_REHEARSAL, "now() - interval '9 days'", JUST_CLOSED);
    ck_assert_int_eq(server_command(&options, output, sizeof output, "release", words), 1);
    ck_assert_ptr_nonnull(strstr(output, "individuals, declared, en, channel 1, measure 1-1, "
                                         "stance 5: 21 in the tallies, 0 by the submissions"));
    ask("delete from tallies returning 1");
    ck_assert_int_eq(server_command(&options, output, sizeof output, "release", words), 0);
    ck_assert_int_eq(server_command(&options, output, sizeof output, "release", words), 1);
    ck_assert_int_eq(ask("select count(*) from consultations where rehearsal and"
                         " final_release_at is not null"),
                     1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {due_by_threshold_and_interval,
                                  document_shows_what_it_may,
                                  none_in_the_blackout_nor_after_the_close,
                                  final_one_is_the_last,
                                  racers_make_one,
                                  two_releasers_take_turns,
                                  final_release_wants_tallies_that_agree};
    Suite *suite = suite_create("release");
    TCase *tcase = tcase_create("release");
    suite_add_tcase(suite, tcase);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    SRunner *runner = srunner_create(suite);
    /* In this process: each test goes on where the one before it left the releases, which are kept.
     */
    srunner_set_fork_status(runner, CK_NOFORK);
    scene_open_unserved(&scene, NULL);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
