/* The catalogue on a real database: what it finds, when it sees a change, what readers keep. */
#include "base/clock.h"
#include "publish/catalogue.h"
#include "support/draft.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LIST = 64 };

static struct scene scene;
static char said[DRAFT_SAID];
static atomic_int changes, watched; /* of one consultation; 0: of all */

static void count_change(void *context, int consultation_id)
{
    (void)context;
    if (atomic_load(&watched) == 0 || atomic_load(&watched) == consultation_id)
        atomic_fetch_add(&changes, 1);
}

static void rest_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static struct catalogue *start(void)
{
    const struct catalogue_options options = {.conninfo = scene.options.conninfo,
                                              .changed = count_change};
    struct catalogue *catalogue = catalogue_start(&options);
    ck_assert_ptr_nonnull(catalogue);
    for (int tries = 0; tries < 200 && !catalogue_ready(catalogue); tries++)
        rest_ms(20);
    ck_assert(catalogue_ready(catalogue));
    return catalogue;
}

/* Waits for it, at most ten seconds; NULL if it does not come. */
static struct consultation *await(struct catalogue *catalogue, const char *slug, int64_t revision)
{
    for (int tries = 0; tries < 500; tries++) {
        struct consultation *found = catalogue_find(catalogue, slug);
        if (found && found->revision >= revision)
            return found;
        consultation_release(found);
        rest_ms(20);
    }
    return NULL;
}

static void import(const json_t *document, const char *first, const char *second)
{
    ck_assert_msg(draft_import(&scene, document, first, second, said) == 0, "%s", said);
}

START_TEST(ours_is_held_whole)
{
    struct catalogue *catalogue = start();
    struct consultation *c = catalogue_find(catalogue, SCENE_SLUG);
    ck_assert_ptr_nonnull(c);
    ck_assert(c->complete && !c->rehearsal);
    ck_assert_uint_eq(c->direction_count, 3);
    ck_assert_uint_eq(c->measure_count, 15);
    ck_assert_uint_eq(c->question_count, 3);
    ck_assert_uint_eq(c->sector_count, 13);
    ck_assert_uint_eq(consultation_direction(c, "2")->first_measure, 7);
    ck_assert_uint_eq(consultation_direction(c, "2")->measures, 4);
    const struct measure *measure = consultation_measure(c, "3-1");
    ck_assert_int_eq(measure->ordinal, 12);
    ck_assert_uint_eq(measure->direction, 2);
    ck_assert_int_eq(measure->text.version, 1);
    ck_assert_ptr_nonnull(strstr(measure->text.body[LANGUAGE_ZH_HANT], "品牌建設"));
    ck_assert_ptr_nonnull(measure->text.note[LANGUAGE_EN]);
    ck_assert_ptr_null(consultation_measure(c, "1-1")->text.note[LANGUAGE_EN]);
    ck_assert_str_eq(c->stance_labels[STANCE_LAST].body[LANGUAGE_EN], "Strongly support");
    ck_assert_str_eq(consultation_sector(c, "other")->label.body[LANGUAGE_EN], "Other");
    ck_assert_uint_eq(c->identity_kinds, 1u << IDENTITY_EMAIL | 1u << IDENTITY_MOBILE);
    ck_assert_int_eq(c->limits.question_points, 5000);
    ck_assert_int_eq(c->publication.percentage_base, 30);
    ck_assert_int_eq(c->grace_us, c->closes_us + INT64_C(1800) * 1000000);
    ck_assert_ptr_null(c->release);
    consultation_release(c);
    ck_assert_ptr_null(catalogue_find(catalogue, "nothing"));
    catalogue_stop(catalogue);
}
END_TEST

START_TEST(change_is_seen_and_the_old_one_lives_on)
{
    json_t *document = draft_sample("seen");
    import(document, NULL, NULL);
    struct catalogue *catalogue = start();
    struct consultation *before = catalogue_find(catalogue, "seen");
    atomic_store(&watched, before->id);
    int seen = atomic_load(&changes);
    json_object_set_new(json_at(document, "/title"), "en", json_string("Corrected"));
    import(document, "--correct", "A reason");
    struct consultation *after = await(catalogue, "seen", before->revision + 1);
    ck_assert_ptr_nonnull(after);
    ck_assert_int_eq(atomic_load(&changes), seen + 1);
    ck_assert_str_eq(after->title.body[LANGUAGE_EN], "Corrected");
    ck_assert_str_eq(after->title.note[LANGUAGE_ZH_HANS], "A reason");
    ck_assert_int_eq(after->title.version, 2);
    catalogue_stop(catalogue);
    ck_assert_str_eq(before->title.body[LANGUAGE_EN], "題 en");
    consultation_release(before);
    consultation_release(after);
    json_decref(document);
}
END_TEST

START_TEST(draft_is_not_shown)
{
    json_t *document = draft_sample("unshown"), *whole = draft_sample("unshown");
    json_object_del(json_at(document, "/contact"), "en");
    import(document, NULL, NULL);
    struct catalogue *catalogue = start();
    struct consultation *list[LIST];
    ck_assert_ptr_null(catalogue_find(catalogue, "unshown"));
    size_t count = catalogue_all(catalogue, list, LIST);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_ne(list[i]->slug, "unshown");
        consultation_release(list[i]);
    }
    import(whole, NULL, NULL);
    struct consultation *found = await(catalogue, "unshown", 0);
    ck_assert_ptr_nonnull(found);
    consultation_release(found);
    catalogue_stop(catalogue);
    json_decref(document);
    json_decref(whole);
}
END_TEST

START_TEST(real_ones_first_newest_first)
{
    json_t *document = draft_sample("newest");
    import(document, "--rehearsal", NULL);
    import(document, NULL, NULL);
    struct catalogue *catalogue = start();
    struct consultation *list[LIST];
    size_t count = catalogue_all(catalogue, list, LIST);
    ck_assert_uint_ge(count, 4);
    ck_assert_str_eq(list[0]->slug, "newest");
    ck_assert_str_eq(list[count - 1]->slug, SCENE_REHEARSAL);
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || list[i - 1]->rehearsal <= list[i]->rehearsal);
        consultation_release(list[i]);
    }
    ck_assert_uint_eq(catalogue_all(catalogue, list, 1), 1);
    consultation_release(list[0]);
    catalogue_stop(catalogue);
    json_decref(document);
}
END_TEST

/* The received count moves without a revision; a waking makes it quick. */
START_TEST(received_is_live)
{
    const char *const words[] = {SCENE_REHEARSAL, "40", NULL};
    struct catalogue *catalogue = start();
    struct consultation *c = catalogue_find(catalogue, SCENE_REHEARSAL);
    int seen = atomic_load(&changes);
    ck_assert_int_eq(catalogue_received(catalogue, c->id), 0);
    ck_assert_int_eq(draft_command(&scene, "rehearse", words, said), 0);
    catalogue_wake(catalogue);
    for (int tries = 0; tries < 200 && catalogue_received(catalogue, c->id) < 40; tries++)
        rest_ms(5);
    ck_assert_int_eq(catalogue_received(catalogue, c->id), 40);
    ck_assert_int_eq(catalogue_received(catalogue, -1), 0);
    ck_assert_int_eq(atomic_load(&changes), seen);
    consultation_release(c);
    catalogue_stop(catalogue);
}
END_TEST

START_TEST(newest_release_is_held)
{
    struct catalogue *catalogue = start();
    struct consultation *c = catalogue_find(catalogue, SCENE_REHEARSAL);
    int64_t revision = c->revision;
    consultation_release(c);
    free(cluster_text(scene.cluster,
                      "insert into releases (consultation_id, number, released_at, final,"
                      " respondents, document) select consultation_id, n,"
                      " timestamptz '2026-11-24 00:00:00Z' + n * interval '1 minute', false, 1,"
                      " '{\"release\":{\"number\":' || n || '}}' from consultations,"
                      " generate_series(1, 2) as n where slug = '" SCENE_REHEARSAL "'"));
    free(cluster_text(scene.cluster, "update consultations set revision = revision + 1"
                                     " where slug = '" SCENE_REHEARSAL "'"));
    c = await(catalogue, SCENE_REHEARSAL, revision + 1);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(json_integer_value(json_at(c->release, "/release/number")), 2);
    ck_assert_int_eq(c->released_us, INT64_C(1795478520000000));
    consultation_release(c);
    catalogue_stop(catalogue);
}
END_TEST

/* Readers are served what is in memory while the database is away. */
START_TEST(database_away_and_back)
{
    struct catalogue *catalogue = start();
    int64_t began = clock_monotonic_us(&clock_system);
    cluster_stop(scene.cluster, SIGINT);
    while (catalogue_ready(catalogue) &&
           clock_monotonic_us(&clock_system) - began < INT64_C(20000000))
        rest_ms(100);
    ck_assert(!catalogue_ready(catalogue));
    ck_assert_int_ge(clock_monotonic_us(&clock_system) - began, INT64_C(9000000));
    struct consultation *c = catalogue_find(catalogue, SCENE_SLUG);
    ck_assert_ptr_nonnull(c);
    consultation_release(c);
    cluster_start(scene.cluster);
    for (int tries = 0; tries < 500 && !catalogue_ready(catalogue); tries++)
        rest_ms(20);
    ck_assert(catalogue_ready(catalogue));
    catalogue_stop(catalogue);
}
END_TEST

/* The last one restarts the cluster, so all run in this one process. */
int main(void)
{
    const TTest *const tests[] = {ours_is_held_whole,    change_is_seen_and_the_old_one_lives_on,
                                  draft_is_not_shown,    real_ones_first_newest_first,
                                  received_is_live,      newest_release_is_held,
                                  database_away_and_back};
    Suite *suite = suite_create("catalogue");
    TCase *tcase = tcase_create("catalogue");
    suite_add_tcase(suite, tcase);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    scene_open_unserved(&scene, NULL);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
