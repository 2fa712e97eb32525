/* What officials read: words are found within seconds of a submission, filters compose, pages are
 * stable while rows come in, and the dashboard's sums are those of the rows. */
#include "domain/remark_words.h"
#include "publish/load.h"
#include "publish/remark_index.h"
#include "resources/dashboard_view.h"
#include "resources/submission_list.h"

#include "support/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

static const char *const set[] = {"submissions_per_prefix=0", NULL};

enum { SQL = 1024 };

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

static struct db *connect_as(enum db_role role)
{
    struct db *db = db_new(cluster_conninfo(scene.cluster), role, "test-submission-list");
    ck_assert_ptr_nonnull(db);
    ck_assert_int_eq(db_ready(db), DB_OK);
    return db;
}

static struct consultation *load(void)
{
    struct consultation *consultation = NULL;
    struct db *db = connect_as(DB_READER);
    int id = (int)ask("select consultation_id from consultations where slug = '" SCENE_SLUG "'");
    ck_assert_int_eq(load_consultation(db, id, &consultation), DB_OK);
    ck_assert_ptr_nonnull(consultation);
    db_free(db);
    return consultation;
}

/* One submission by an individual with a stance and a remark on a measure. Its number, owned. */
static char *say(struct client *client, const char *measure, int stance, const char *remark)
{
    json_t *submission = fixture_smallest();
    json_t *answer = json_pack("{s:i, s:s*}", "stance", stance, "remark", remark);
    json_object_set_new(submission, "answers", json_pack("{s:o}", measure, answer));
    struct client_reply reply = scene_submit(client, submission);
    json_t *body = json_loadb(reply.body, reply.length, 0, NULL);
    const char *number =
        json_string_value(json_object_get(json_object_get(body, "receipt"), "number"));
    if (!number)
        number = json_string_value(json_object_get(body, "number"));
    ck_assert_ptr_nonnull(number);
    char *copy = strdup(number);
    json_decref(body);
    client_reply_clear(&reply);
    return copy;
}

/* Until the server has indexed all there is. */
static void indexed(void)
{
    scene_await(&scene,
                "select count(*) from remarks r where not exists (select from remark_terms "
                "t where (t.consultation_id, t.submission_id, t.part, t.ordinal) = "
                "(r.consultation_id, r.submission_id, r.part, r.ordinal))",
                0);
}

/* "name=value" pairs. */
static const char *given(void *context, const char *name)
{
    for (const char *const *pair = context; *pair; pair++) {
        size_t length = strlen(name);
        if (strncmp(*pair, name, length) == 0 && (*pair)[length] == '=')
            return *pair + length + 1;
    }
    return NULL;
}

static json_t *list(const struct consultation *consultation, const char *const *pairs)
{
    struct list_wanted wanted;
    struct faults faults = {0};
    json_t *model = NULL;
    struct db *db = connect_as(DB_EXPORTER);
    ck_assert(list_wanted_read(consultation, given, (void *)(uintptr_t)pairs, &wanted, &faults));
    ck_assert_int_eq(list_read(db, consultation, &wanted, &model), DB_OK);
    ck_assert(json_is_false(json_object_get(model, "unfinished")));
    db_free(db);
    return model;
}
#define LIST(...) list(consultation, (const char *const[]){__VA_ARGS__, NULL})

static size_t count_of(json_t *model)
{
    size_t count = json_array_size(json_object_get(model, "submissions"));
    json_decref(model);
    return count;
}
#define COUNT(...) count_of(LIST(__VA_ARGS__))

/* The first remark found, with «» around the marks. Owned. */
static char *found(json_t *model)
{
    json_t *hit = json_array_get(
        json_object_get(json_array_get(json_object_get(model, "submissions"), 0), "hits"), 0);
    const char *text = json_string_value(json_object_get(hit, "text"));
    ck_assert_ptr_nonnull(text);
    char *copy = strdup(text);
    ck_assert_uint_ge(json_array_size(json_object_get(hit, "marks")), 1);
    json_decref(model);
    return copy;
}

START_TEST(words_are_found)
{
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    free(say(client, "1-1", 5, "我支持創新科技發展，亦關注土地供應。"));
    free(say(client, "1-2", 1, "反對創新園的選址，交通噪音嚴重。"));
    free(say(client, "1-2", 4, "希望减少繁琐手续，支持创新。"));
    free(say(client, "2-1", 2, "Traffic noise near the universities is a worry."));
    free(say(client, "2-1", 3, "AI 教育 needs teachers."));
    free(say(client, "2-1", 4, NULL));
    indexed();
    ck_assert_uint_eq(COUNT("text=創新"), 3);
    ck_assert_uint_eq(COUNT("text=创新"), 3);
    ck_assert_uint_eq(COUNT("text=土地"), 1);
    ck_assert_uint_eq(COUNT("text=噪"), 1);
    ck_assert_uint_eq(COUNT("text=地土"), 0);
    ck_assert_uint_eq(COUNT("text=UNIVERSITY"), 1);
    ck_assert_uint_eq(COUNT("text=\"traffic noise\""), 1);
    ck_assert_uint_eq(COUNT("text=\"noise traffic\""), 0);
    ck_assert_uint_eq(COUNT("text=noise traffic"), 1);
    ck_assert_uint_eq(COUNT("text=教育 ai"), 1);
    ck_assert_uint_eq(COUNT("text=創新", "measure=1-2"), 2);
    ck_assert_uint_eq(COUNT("text=創新", "measure=1-2", "stance=1"), 1);
    ck_assert_uint_eq(COUNT("text=創新", "measure=2-1"), 0);
    ck_assert_uint_eq(COUNT("text=創新", "moderation=waiting"), 3);
    ck_assert_uint_eq(COUNT("text=創新", "moderation=passed"), 0);
    char *text = found(LIST("text=噪音"));
    ck_assert_str_eq(text, "反對創新園的選址，交通噪音嚴重。");
    free(text);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

/* What is taken back is found no more, at once. */
START_TEST(what_is_erased_is_gone)
{
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    char *number = say(client, "1-1", 5, "獨特詞語");
    indexed();
    ck_assert_uint_eq(COUNT("text=獨特"), 1);
    ask("select count(*) from submissions s, "
        "submission_withdraw(0::int2, s.number, 1::int2, clock_timestamp()) where s.number = '%s'",
        number);
    ck_assert_uint_eq(COUNT("text=獨特"), 0);
    ck_assert_int_eq(ask("select count(*) from remark_terms t join submissions s using "
                         "(consultation_id, submission_id) where s.number = '%s'",
                         number),
                     0);
    ck_assert_uint_eq(COUNT("state=withdrawn"), 1);
    free(number);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

/* Nothing is gone past while a transaction that could still bring an earlier number is open; see as
 * well tests/schema/remark_terms.sh. */
START_TEST(indexing_waits_for_others)
{
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    struct db *db = connect_as(DB_OWNER);
    size_t made = 0;
    indexed();
    cluster_hold(scene.cluster, "do $$ begin perform pg_current_xact_id(); end $$");
    free(say(client, "1-1", 5, "早到的意見"));
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(remark_index_step(db, consultation->id, 100, &made), DB_OK);
        ck_assert_uint_eq(made, 0);
    }
    /* It is found meanwhile, and nothing that has other words. */
    ck_assert_uint_eq(COUNT("text=早到"), 1);
    ck_assert_uint_eq(COUNT("text=遲到"), 0);
    cluster_let_go(scene.cluster);
    indexed();
    ck_assert_uint_eq(COUNT("text=早到"), 1);
    db_free(db);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

/* A new version of the program makes all terms anew beside its other work, and one that is still
 * older leaves them alone. */
START_TEST(terms_are_made_anew)
{
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    char *number = say(client, "1-1", 5, "漏網之魚");
    indexed();
    ck_assert_uint_eq(COUNT("text=漏網"), 1);
    ask("with older as (update remark_terms_progress set version = version - 1 where "
        "consultation_id = %d returning 1), missed as (delete from remark_terms t using "
        "submissions s where s.consultation_id = t.consultation_id and s.submission_id = "
        "t.submission_id and s.number = '%s' returning 1) select count(*) from older, missed",
        consultation->id, number);
    char version[128];
    snprintf(version, sizeof version,
             "select version from remark_terms_progress where consultation_id = %d",
             consultation->id);
    scene_await(&scene, version, REMARK_TERMS_VERSION);
    indexed();
    ck_assert_uint_eq(COUNT("text=漏網"), 1);
    ck_assert_int_eq(ask("select count(*) from remark_terms_take(%d, %d::int2, 100)",
                         consultation->id, REMARK_TERMS_VERSION - 1),
                     0);
    ck_assert_int_eq(cluster_number(scene.cluster, version), REMARK_TERMS_VERSION);
    ck_assert_int_eq(ask("select count(*) from remarks r left join remark_terms t using "
                         "(consultation_id, submission_id, part, ordinal) where r.consultation_id "
                         "= %d and t.terms is null",
                         consultation->id),
                     0);
    free(number);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

/* Walks all pages from one side; the numbers one after the other. Owned. */
static char *walk(const struct consultation *consultation, const char *way, const char *from,
                  void (*between)(void))
{
    struct buf out = {0};
    char pair[32];
    snprintf(pair, sizeof pair, "%s=%s", way, from);
    for (int pages = 0; pages < 10; pages++) {
        json_t *model = LIST("kind=individual", "measure=3-1", pair), *item;
        json_t *submissions = json_object_get(model, "submissions");
        bool older = strcmp(way, "before") == 0;
        size_t count = json_array_size(submissions);
        for (size_t i = 0; i < count; i++) {
            item = json_array_get(submissions, older ? i : count - 1 - i);
            buf_text(&out, json_string_value(json_object_get(item, "number")));
        }
        const char *next = json_string_value(json_object_get(model, older ? "older" : "newer"));
        snprintf(pair, sizeof pair, "%s=%s", way, next ? next : "");
        bool over = next == NULL;
        json_decref(model);
        if (over)
            return buf_take(&out, NULL);
        if (between)
            between();
    }
    ck_abort_msg("more pages than there can be");
}

static void one_more(void)
{
    struct client *client = scene_client(&scene);
    free(say(client, "3-1", 3, NULL));
    client_free(client);
}

START_TEST(pages_are_stable)
{
    enum { MANY = 120 };
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    struct buf all = {0}, backwards = {0};
    char *numbers[MANY + 1];
    for (int i = 0; i <= MANY; i++)
        numbers[i] = say(client, "3-1", 1 + i % 5, NULL);
    for (int i = MANY - 1; i >= 0; i--)
        buf_text(&all, numbers[i]);
    for (int i = 1; i <= MANY; i++)
        buf_text(&backwards, numbers[i]);
    char *older = walk(consultation, "before", numbers[MANY], one_more);
    ck_assert_str_eq(older, all.data);
    char *newer = walk(consultation, "after", numbers[0], NULL);
    ck_assert_int_eq(strncmp(newer, backwards.data, backwards.length), 0);
    ck_assert_uint_eq(strlen(newer), backwards.length + 2 * NUMBER_TEXT);
    ck_assert_uint_eq(COUNT("measure=3-1", "stance=2"), 24);
    ck_assert_uint_eq(COUNT("measure=3-1", "kind=organisation"), 0);
    free(older);
    free(newer);
    for (int i = 0; i <= MANY; i++)
        free(numbers[i]);
    buf_clear(&all);
    buf_clear(&backwards);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

static const struct {
    const char *pair, *pointer;
    enum problem_code code;
} faulty[] = {
    {"measure=9-9", "/measure", PROBLEM_UNKNOWN_VALUE},
    {"stance=6", "/stance", PROBLEM_UNKNOWN_VALUE},
    {"from=yesterday", "/from", PROBLEM_UNKNOWN_VALUE},
    {"state=gone", "/state", PROBLEM_UNKNOWN_VALUE},
    {"text=，。", "/text", PROBLEM_BAD_TEXT},
    {"text=a b c d e f g h i", "/text", PROBLEM_TOO_MANY},
    {"before=1", "/before", PROBLEM_UNKNOWN_VALUE},
    {"after=!!!!!!!!!!", "/after", PROBLEM_UNKNOWN_VALUE},
};

START_TEST(faults_are_named)
{
    struct consultation *consultation = load();
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        const char *pairs[] = {faulty[i].pair, NULL};
        struct list_wanted wanted;
        struct faults faults = {0};
        ck_assert(!list_wanted_read(consultation, given, pairs, &wanted, &faults));
        ck_assert_uint_eq(faults.count, 1);
        ck_assert_str_eq(faults.list[0].pointer, faulty[i].pointer);
        ck_assert_int_eq(faults.list[0].code, faulty[i].code);
    }
    /* A number that nobody has. */
    const char *pairs[] = {"before=0000000000", NULL};
    struct list_wanted wanted;
    struct faults faults = {0};
    json_t *model = NULL;
    struct db *db = connect_as(DB_EXPORTER);
    ck_assert(list_wanted_read(consultation, given, pairs, &wanted, &faults));
    ck_assert_int_eq(list_read(db, consultation, &wanted, &model), DB_REFUSED);
    ck_assert_str_eq(db_constraint(db), "submission_list_from");
    ck_assert_ptr_null(model);
    db_free(db);
    consultation_release(consultation);
}
END_TEST

START_TEST(one_is_read_whole)
{
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    struct client_reply reply = scene_submit(client, fixture_submission());
    client_reply_clear(&reply);
    char *number = cluster_text(scene.cluster, "select number from submissions where kind = 2 "
                                               "order by submission_id desc limit 1");
    json_t *model = NULL;
    struct db *db = connect_as(DB_EXPORTER);
    ck_assert_int_eq(list_one(db, consultation, number, &model), DB_OK);
    ck_assert_ptr_nonnull(model);
    ck_assert_str_eq(json_string_value(json_object_get(model, "organisation")),
                     "Society of Testers");
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(model, "answers"), "2-1")),
                     1);
    json_t *remarks = json_object_get(model, "remarks");
    ck_assert_uint_eq(json_array_size(remarks), 2);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(remarks, 0), "measure")),
                     "1-1");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(remarks, 1), "question")),
                     "1");
    json_decref(model);
    ck_assert_int_eq(list_one(db, consultation, "0000000000", &model), DB_OK);
    ck_assert_ptr_null(model);
    db_free(db);
    free(number);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

static int64_t column_sum(const json_t *figure, const char *column)
{
    int64_t sum = 0;
    json_t *row;
    size_t i;
    json_array_foreach(figure, i, row) sum += json_integer_value(json_object_get(row, column));
    return sum;
}

/* Counted from the rows, by another way than the tallies'. */
START_TEST(dashboard_is_what_the_rows_say)
{
    static const char *const of_submissions[] = {"days", "kinds", "proof", "languages", "channels"};
    struct consultation *consultation = load();
    struct client *client = scene_client(&scene);
    free(say(client, "1-3", 5, "好"));
    free(say(client, "1-3", 1, NULL));
    struct dashboard dashboard;
    struct db *db = connect_as(DB_EXPORTER);
    ck_assert_int_eq(dashboard_read(db, consultation, &dashboard), DB_OK);
    json_t *model = dashboard_model(consultation, &dashboard);
    const json_t *figures = json_object_get(model, "figures");
    int64_t received =
        ask("select count(*) from submissions where consultation_id = %d", consultation->id);
    int64_t counted = ask("select count(*) from submissions where consultation_id = %d and state "
                          "= 'counted'",
                          consultation->id);
    for (size_t i = 0; i < sizeof of_submissions / sizeof *of_submissions; i++) {
        const json_t *figure = json_object_get(figures, of_submissions[i]);
        ck_assert_int_eq(column_sum(figure, "received"), received);
        ck_assert_int_eq(column_sum(figure, "counted"), counted);
    }
    int64_t supporting = ask("select count(*) from submissions s, generate_series(1, "
                             "octet_length(stances)) as o where consultation_id = %d and state = "
                             "'counted' and get_byte(stances, o - 1) = 5",
                             consultation->id);
    ck_assert_int_eq(column_sum(json_object_get(figures, "directions"), "strongly_support"),
                     supporting);
    ck_assert_int_eq(column_sum(json_object_get(figures, "support"), "strongly_support"),
                     supporting);
    const json_t *today = json_object_get(json_object_get(model, "since_yesterday"), "today");
    ck_assert_int_eq(json_integer_value(json_object_get(today, "received")), received);
    const json_t *first = json_array_get(json_object_get(figures, "disagreement"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(first, "measure")), "1-3");
    json_decref(model);
    dashboard_clear(&dashboard);
    db_free(db);
    client_free(client);
    consultation_release(consultation);
}
END_TEST

SCENE_MAIN("submission_list", set, words_are_found, what_is_erased_is_gone,
           indexing_waits_for_others, terms_are_made_anew, pages_are_stable, faults_are_named,
           one_is_read_whole, dashboard_is_what_the_rows_say)
