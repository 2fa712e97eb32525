/* What an import makes, what it leaves alone, and what it refuses. */
#include "support/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct scene scene;
static char said[DRAFT_SAID];

/* First value of a query about the consultation of this name. */
static int64_t number_of(const char *slug, const char *query)
{
    char sql[1024];
    snprintf(sql, sizeof sql,
             "with c as (select * from consultations where slug = '%s'),"
             " t as (select texts.* from texts join c using (consultation_id)) %s",
             slug, query);
    return cluster_number(scene.cluster, sql);
}

static void expect_refused(const json_t *document, const char *first, const char *second,
                           const char *line)
{
    ck_assert_int_eq(draft_import(&scene, document, first, second, said), 1);
    ck_assert_msg(strstr(said, line) != NULL, "'%s' in: %s", line, said);
    ck_assert_ptr_nonnull(strstr(said, "nothing is changed"));
}

static void expect_done(const json_t *document, const char *first, const char *second,
                        const char *line)
{
    int status = draft_import(&scene, document, first, second, said);
    ck_assert_msg(status == 0, "%s", said);
    ck_assert_msg(strstr(said, line) != NULL, "'%s' in: %s", line, said);
}

static void set_window(json_t *document, const char *opens, const char *closes)
{
    json_object_set_new(document, "window",
                        json_pack("{ssss}", "opens_at", opens, "closes_at", closes));
}

static void set_words(json_t *document, const char *pointer, const char *tag, const char *words)
{
    json_object_set_new(json_at(document, pointer), tag, json_string(words));
}

START_TEST(imported_whole)
{
    const char *slug = "whole";
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported; opens ");
    ck_assert_int_eq(number_of(slug, "select count(*) from c where complete and not rehearsal"), 1);
    ck_assert_int_eq(number_of(slug, "select count(*) from t"), 84); /* 28 in three languages */
    ck_assert_int_eq(number_of(slug, "select count(*) from measures join c using (consultation_id)"
                                     " where (ordinal, code, direction_ordinal) in"
                                     " ((1, '1-1', 1), (2, '1-2', 1), (3, '2-1', 2))"),
                     3);
    ck_assert_int_eq(number_of(slug, "select count(*) from sectors join c using (consultation_id)"
                                     " where (ordinal, code) in ((1, 'finance'), (2, 'other'))"),
                     2);
    ck_assert_int_eq(number_of(slug, "select identity_kinds from c"), 1 << 1 | 1 << 2);
    ck_assert_int_eq(number_of(slug, "select (limits->>'remark_points')::int from c"), 2000);
    ck_assert_int_eq(number_of(slug, "select (publication->>'blackout_s')::int from c"), 86400);
    ck_assert_int_eq(number_of(slug, "select octet_length(identity_check) from c"), 32);
    ck_assert_int_eq(number_of(slug, "select count(*) from audit_log join c using (consultation_id)"
                                     " where action = 'consultation-imported'"),
                     1);
    json_decref(document);
}
END_TEST

/* The window by another way than the importer's: PostgreSQL's calendar. */
START_TEST(window_by_default)
{
    const char *slug = "by-default";
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported");
    ck_assert_int_eq(
        number_of(slug, "select count(*) from c where opens_at = date_trunc('minute', opens_at)"
                        " and created_at - opens_at between interval '0' and interval '61 seconds'"
                        " and closes_at = (((created_at at time zone 'Asia/Hong_Kong')::date"
                        " + interval '2 months')::date + 1)::timestamp at time zone"
                        " 'Asia/Hong_Kong'"),
        1);
    json_decref(document);
}
END_TEST

START_TEST(again_changes_nothing)
{
    const char *slug = "again";
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported");
    int64_t revision = number_of(slug, "select revision from c");
    int64_t window = number_of(slug, "select extract(epoch from opens_at + (closes_at - opens_at))"
                                     "::bigint from c");
    expect_done(document, NULL, NULL, "nothing to change");
    expect_done(document, "--correct", "for no reason", "nothing to change");
    ck_assert_int_eq(number_of(slug, "select revision from c"), revision);
    ck_assert_int_eq(number_of(slug, "select extract(epoch from opens_at + (closes_at - opens_at))"
                                     "::bigint from c"),
                     window);
    ck_assert_int_eq(number_of(slug, "select max(version) from t"), 1);
    json_decref(document);
}
END_TEST

/* While it is open too: a kind of proof may fail meanwhile. The audit says so, and servers see it.
 */
START_TEST(proofs_change_while_it_is_open)
{
    const char *slug = "proofs";
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported");
    ck_assert_int_eq(number_of(slug, "select proofs from c"), 1 << 1);
    int64_t revision = number_of(slug, "select revision from c");
    json_object_set_new(json_at(document, "/settings"), "proof",
                        json_pack("{sbsb}", "declared", 0, "email_code", 1));
    expect_done(document, NULL, NULL, "texts corrected: 0, proofs of identity changed");
    ck_assert_int_eq(number_of(slug, "select proofs from c"), 1 << 2);
    ck_assert_int_eq(number_of(slug, "select revision from c"), revision + 1);
    ck_assert_int_eq(number_of(slug, "select max(version) from t"), 1);
    ck_assert_int_eq(number_of(slug,
                               "select count(*) from audit_log join c using (consultation_id)"
                               " where action = 'proofs-changed' and detail ->> 'proofs' = '4'"),
                     1);
    expect_done(document, NULL, NULL, "nothing to change");
    json_decref(document);
}
END_TEST

START_TEST(rehearsal_beside_it)
{
    json_t *document = draft_sample("beside");
    expect_done(document, NULL, NULL, "imported");
    expect_done(document, "--rehearsal", NULL, "beside-rehearsal: imported");
    expect_done(document, "--rehearsal", NULL, "beside-rehearsal: nothing to change");
    const char *slug = "beside-rehearsal";
    ck_assert_int_eq(number_of(slug, "select count(*) from c where rehearsal and complete and"
                                     " opens_at < created_at - interval '29 days'"),
                     1);
    ck_assert_int_eq(number_of(slug, "select (publication->>'release_threshold')::int from c"), 1);
    ck_assert_int_eq(number_of(slug, "select count(*) from c join consultations o on o.slug ="
                                     " 'beside' and o.identity_check = c.identity_check"),
                     0);
    json_object_del(document, "rehearsal");
    ck_assert_int_eq(draft_import(&scene, document, "--rehearsal", NULL, said), 1);
    ck_assert_ptr_nonnull(strstr(said, "/rehearsal: required"));
    json_decref(document);
}
END_TEST

START_TEST(name_of_a_rehearsal_is_taken)
{
    json_t *document = draft_sample("twin");
    expect_done(document, "--rehearsal", NULL, "imported");
    json_object_set_new(document, "slug", json_string("twin-rehearsal"));
    expect_refused(document, NULL, NULL, "/slug: this name is taken");
    json_decref(document);
}
END_TEST

START_TEST(wording_is_corrected_with_a_note)
{
    const char *slug = "corrected", *place = "/directions/0/measures/1/text";
    json_t *before = draft_sample(slug), *after = draft_sample(slug);
    set_words(after, place, "en", "The measure, in better words");
    expect_done(before, NULL, NULL, "imported");
    int64_t revision = number_of(slug, "select revision from c");
    expect_refused(
        after, NULL, NULL,
        "/directions/0/measures/1/text: published: another wording needs --correct NOTE");
    ck_assert_int_eq(number_of(slug, "select max(version) from t"), 1);
    expect_done(after, "--correct", "A word was wrong", "texts corrected: 1");
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'measure/1-2' and"
                                     " version = 2 and note = 'A word was wrong'"),
                     3);
    ck_assert_int_eq(number_of(slug, "select count(*) from t where version = 2"), 3);
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'measure/1-2' and"
                                     " version = 1"),
                     3);
    ck_assert_int_gt(number_of(slug, "select revision from c"), revision);
    ck_assert_int_eq(number_of(slug, "select count(*) from audit_log join c using (consultation_id)"
                                     " where action = 'wording-corrected' and"
                                     " detail->>'note' = 'A word was wrong' and"
                                     " detail->'texts' = '[\"measure/1-2\"]'"),
                     1);
    expect_done(after, NULL, NULL, "nothing to change");
    expect_refused(before, NULL, NULL, "/directions/0/measures/1/text: published");
    json_decref(before);
    json_decref(after);
}
END_TEST

/* The document then speaks of version 2 itself, with notes in three languages. */
START_TEST(correction_with_notes_of_its_own)
{
    const char *slug = "own-notes";
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported");
    set_words(document, "/title", "zh-Hant", "更正的題");
    json_object_set_new(json_at(document, "/title"), "version", json_integer(3));
    json_object_set_new(json_at(document, "/title"), "note",
                        json_pack("{ssssss}", "zh-Hant", "甲", "en", "b", "zh-Hans", "丙"));
    expect_refused(document, "--correct", "x",
                   "/title: the version is neither the stored one nor the next");
    json_object_set_new(json_at(document, "/title"), "version", json_integer(2));
    expect_done(document, "--correct", "x", "texts corrected: 1");
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'title' and version = 2"
                                     " and (language, note) in ((0, '甲'), (1, 'b'), (2, '丙'))"),
                     3);
    expect_done(document, NULL, NULL, "nothing to change");
    json_object_del(json_at(document, "/summary"), "en");
    expect_refused(document, "--correct", "x", "/summary: a correction is in all languages");
    json_decref(document);
}
END_TEST

/* A deployment that began without a glossary takes one while it is open; it then stays. */
START_TEST(glossary_grows_while_open)
{
    const char *slug = "growing";
    json_t *before = draft_sample(slug), *after = draft_sample(slug), *half = draft_sample(slug);
    json_object_del(before, "glossary");
    json_object_del(json_at(half, "/glossary/fund/meaning"), "zh-Hans");
    expect_done(before, NULL, NULL, "imported");
    int64_t revision = number_of(slug, "select revision from c");
    expect_refused(half, NULL, NULL, "/glossary/fund/meaning: a new word is in all languages");
    json_object_del(json_at(after, "/glossary"), "lab");
    expect_done(after, NULL, NULL, "texts corrected: 0, words explained: 1");
    json_object_set(json_at(after, "/glossary"), "lab", json_at(half, "/glossary/lab"));
    expect_done(after, NULL, NULL, "texts corrected: 0, words explained: 1");
    ck_assert_int_eq(number_of(slug, "select count(*) from terms join c using (consultation_id)"
                                     " where (ordinal, code) in ((1, 'fund'), (2, 'lab'))"),
                     2);
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key like 'term/%' and"
                                     " version = 1 and note is null"),
                     18);
    ck_assert_int_eq(number_of(slug, "select revision from c"), revision + 2);
    ck_assert_int_eq(number_of(slug, "select count(*) from audit_log join c using (consultation_id)"
                                     " where action = 'glossary-extended'"),
                     2);
    expect_done(after, NULL, NULL, "nothing to change");
    expect_refused(before, "--correct", "x", "/glossary: published");
    set_words(after, "/glossary/lab/meaning", "en", "Where experiments are made");
    expect_refused(after, NULL, NULL, "/glossary/lab/meaning: published: another wording");
    expect_done(after, "--correct", "clearer", "texts corrected: 1; ");
    json_decref(before);
    json_decref(after);
    json_decref(half);
}
END_TEST

/* They may come later, and be corrected; what was given stays given. */
START_TEST(contact_details_come_while_open)
{
    const char *slug = "reached";
    json_t *before = draft_sample(slug), *after = draft_sample(slug);
    expect_done(before, NULL, NULL, "imported");
    json_t *details = json_pack("{s:{s:i, s:s}, s:{s:i, s:s}}", "post", "version", 1, "zh-Hant",
                                "主任", "email", "version", 1, "value", "a@b.example");
    json_object_set_new(after, "contact_details", details);
    expect_refused(after, NULL, NULL, "/contact_details/post: a new word is in all languages");
    set_words(after, "/contact_details/post", "en", "Officer");
    set_words(after, "/contact_details/post", "zh-Hans", "主任");
    expect_done(after, NULL, NULL, "texts corrected: 2");
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'contact/email' and"
                                     " body = 'a@b.example' and version = 1"),
                     3);
    ck_assert_int_eq(number_of(slug, "select count(*) from audit_log join c using (consultation_id)"
                                     " where action = 'wording-corrected' and detail->'texts' ="
                                     " '[\"contact/post\", \"contact/email\"]'"),
                     1);
    expect_done(after, NULL, NULL, "nothing to change");
    set_words(after, "/contact_details/email", "value", "c@d.example");
    expect_refused(after, NULL, NULL, "/contact_details/email: published: another wording");
    expect_done(after, "--correct", "Moved", "texts corrected: 1");
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'contact/email' and"
                                     " body = 'c@d.example' and version = 2"),
                     3);
    ck_assert_int_eq(number_of(slug, "select count(*) from c where complete"), 1);
    json_object_del(details, "post");
    expect_refused(after, "--correct", "x", "/contact_details: published");
    json_decref(before);
    json_decref(after);
}
END_TEST

static const struct {
    const char *at, *value; /* value NULL: the first of the list goes */
    const char *line;
} fixed[] = {
    {"/directions/0/measures", NULL, "/directions: published"},
    {"/questions", NULL, "/questions: published"},
    {"/sectors/finance", NULL, "/sectors: published"},
    {"/glossary/lab", NULL, "/glossary: published"},
    {"/limits/remark_points", "1999", "/limits: published"},
    {"/settings/entry_days", "15", "/settings: published"},
    {"/settings/identity/hkid", "true", "/settings: published"},
    {"/settings/publication/cell_minimum", "5", "/settings: published"},
};

/* Not even --correct changes more than words. */
START_TEST(what_was_open_stays)
{
    char slug[32], parent[64];
    snprintf(slug, sizeof slug, "fixed-%d", _i);
    json_t *document = draft_sample(slug);
    expect_done(document, NULL, NULL, "imported");
    const char *name = strrchr(fixed[_i].at, '/') + 1;
    snprintf(parent, sizeof parent, "%.*s", (int)(name - fixed[_i].at - 1), fixed[_i].at);
    json_t *list = json_at(document, fixed[_i].at), *object = json_at(document, parent);
    if (json_is_array(list))
        json_array_remove(list, json_array_size(list) - 1);
    else if (!fixed[_i].value)
        json_object_del(object, name);
    else
        json_object_set_new(object, name, json_loads(fixed[_i].value, JSON_DECODE_ANY, NULL));
    expect_refused(document, "--correct", "x", fixed[_i].line);
    json_decref(document);
}
END_TEST

START_TEST(window_is_never_moved)
{
    json_t *document = draft_sample("unmoved");
    set_window(document, "2090-01-01T09:00:00+08:00", "2090-03-02T00:00:00+08:00");
    expect_done(document, NULL, NULL, "opens 2090-01-01T01:00:00Z, closes 2090-03-01T16:00:00Z");
    set_window(document, "2090-01-01T09:00:00+08:00", "2090-03-03T00:00:00+08:00");
    expect_refused(document, NULL, NULL, "/window: published");
    json_object_set_new(document, "window", json_null());
    expect_done(document, NULL, NULL, "nothing to change");
    json_decref(document);
}
END_TEST

START_TEST(before_it_opens_all_but_the_window_may_change)
{
    const char *slug = "unopened";
    json_t *document = draft_sample(slug);
    set_window(document, "2090-01-01T09:00:00+08:00", "2090-03-02T00:00:00+08:00");
    expect_done(document, NULL, NULL, "imported");
    set_words(document, "/title", "en", "Another title");
    json_array_remove(json_at(document, "/directions/0/measures"), 1);
    json_object_set_new(json_at(document, "/limits"), "priorities", json_integer(1));
    expect_done(document, NULL, NULL, "changed before it has opened");
    ck_assert_int_eq(number_of(slug, "select count(*) from measures join c using"
                                     " (consultation_id)"),
                     2);
    ck_assert_int_eq(number_of(slug, "select count(*) from t where body = 'Another title' and"
                                     " version = 1"),
                     1);
    ck_assert_int_eq(number_of(slug, "select count(*) from t where key = 'measure/1-2'"), 0);
    ck_assert_int_eq(number_of(slug, "select (limits->>'priorities')::int from c"), 1);
    ck_assert_int_eq(number_of(slug, "select count(*) from c where complete"), 1);
    json_decref(document);
}
END_TEST

START_TEST(draft_does_not_open_before_it_is_whole)
{
    const char *slug = "half";
    json_t *document = draft_sample(slug), *whole = draft_sample(slug);
    json_object_del(json_at(document, "/directions/1/measures/0/text"), "zh-Hans");
    expect_done(document, NULL, NULL, "/directions/1/measures/0/text/zh-Hans: missing");
    ck_assert_int_eq(number_of(slug, "select count(*) from c where complete"), 0);
    expect_done(whole, NULL, NULL, "changed before it has opened");
    ck_assert_int_eq(number_of(slug, "select count(*) from c where complete"), 1);
    expect_refused(document, "--correct", "x", "a correction is in all languages");
    json_decref(document);
    json_decref(whole);
}
END_TEST

START_TEST(all_faults_at_once_and_nothing_stored)
{
    json_t *document = draft_sample("faulty");
    json_object_del(document, "contact");
    set_words(document, "/title", "en", " blank");
    json_object_set_new(json_at(document, "/limits"), "priorities", json_integer(4));
    ck_assert_int_eq(draft_import(&scene, document, NULL, NULL, said), 1);
    ck_assert_ptr_nonnull(strstr(said, "/contact: required\n"));
    ck_assert_ptr_nonnull(strstr(said, "/title/en: bad-text\n"));
    ck_assert_ptr_nonnull(strstr(said, "/limits/priorities: unknown-value (bound 3)\n"));
    ck_assert_int_eq(number_of("faulty", "select count(*) from c"), 0);
    json_decref(document);
}
END_TEST

static void move_key(const char *from, const char *to)
{
    char first[160], second[160];
    snprintf(first, sizeof first, "%s/identity-%s", scene.keys_folder, from);
    snprintf(second, sizeof second, "%s/identity-%s", scene.keys_folder, to);
    ck_assert_int_eq(rename(first, second), 0);
}

START_TEST(identity_key_must_be_the_same)
{
    json_t *one = draft_sample("keyed-one"), *two = draft_sample("keyed-two");
    expect_done(one, NULL, NULL, "imported");
    expect_done(two, NULL, NULL, "imported");
    move_key("keyed-one", "kept");
    expect_refused(one, NULL, NULL, "the identity key of keyed-one is not in the keys' folder");
    move_key("keyed-two", "keyed-one");
    expect_refused(one, NULL, NULL, "the identity key of keyed-one is another one");
    move_key("keyed-one", "keyed-two");
    move_key("kept", "keyed-one");
    expect_done(one, NULL, NULL, "nothing to change");
    json_decref(one);
    json_decref(two);
}
END_TEST

/* Two at once: one makes it, the other finds it made. */
START_TEST(two_imports_take_turns)
{
    enum { IMPORTS = 4 };
    json_t *document = draft_sample("turns");
    pid_t children[IMPORTS];
    for (int i = 0; i < IMPORTS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(draft_import(&scene, document, NULL, NULL, said));
    }
    for (int i = 0; i < IMPORTS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_int_eq(number_of("turns", "select count(*) from audit_log join c using"
                                        " (consultation_id)"),
                     1);
    json_decref(document);
}
END_TEST

START_TEST(rehearsal_is_filled_once)
{
    const char *const words[] = {SCENE_REHEARSAL, "1500", NULL};
    const char *const real[] = {SCENE_SLUG, "5", NULL};
    ck_assert_int_eq(draft_command(&scene, "rehearse", words, said), 0);
    ck_assert_ptr_nonnull(strstr(said, "1500 submissions more, it holds 1500"));
    ck_assert_int_eq(draft_command(&scene, "rehearse", words, said), 0);
    ck_assert_ptr_nonnull(strstr(said, "nothing to do, it holds 1500"));
    ck_assert_int_eq(number_of(SCENE_REHEARSAL, "select count(*) from submissions join c using"
                                                " (consultation_id) where arrived_at >= opens_at"
                                                " and arrived_at < closes_at"
                                                " and arrived_at <= clock_timestamp()"),
                     1500);
    ck_assert_int_ge(number_of(SCENE_REHEARSAL, "select count(distinct day) from submissions join"
                                                " c using (consultation_id)"),
                     30);
    ck_assert_int_eq(number_of(SCENE_REHEARSAL, "select count(*) from c, recount(consultation_id)"),
                     0);
    ck_assert_int_eq(draft_command(&scene, "rehearse", real, said), 1);
    ck_assert_ptr_nonnull(strstr(said, SCENE_SLUG " is no rehearsal"));
    ck_assert_int_eq(
        number_of(SCENE_SLUG, "select count(*) from submissions join c using (consultation_id)"),
        0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {imported_whole,
                                  window_by_default,
                                  again_changes_nothing,
                                  proofs_change_while_it_is_open,
                                  rehearsal_beside_it,
                                  name_of_a_rehearsal_is_taken,
                                  wording_is_corrected_with_a_note,
                                  correction_with_notes_of_its_own,
                                  glossary_grows_while_open,
                                  contact_details_come_while_open,
                                  window_is_never_moved,
                                  before_it_opens_all_but_the_window_may_change,
                                  draft_does_not_open_before_it_is_whole,
                                  all_faults_at_once_and_nothing_stored,
                                  identity_key_must_be_the_same,
                                  two_imports_take_turns,
                                  rehearsal_is_filled_once};
    Suite *suite = suite_create("import");
    TCase *tcase = tcase_create("import");
    suite_add_tcase(suite, tcase);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_loop_test(tcase, what_was_open_stays, 0, sizeof fixed / sizeof *fixed);
    SRunner *runner = srunner_create(suite);
    scene_open_unserved(&scene, NULL);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
