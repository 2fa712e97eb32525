/* Remarks before they are public: the queue, the outcomes, what may be removed, two moderators at
 * once, and what the author and the public see of it. */
#include "support/officials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;

#define QUEUE "/en/officials/consultations/" SCENE_SLUG "/remarks"
#define PUBLIC SCENE_API "/measures/1-1/remarks"
enum { PATH = 160, SQL = 512 };

/* Each test runs in a process of its own and makes what it needs; what others left waits as well.
 */
static struct official_made mia, max;
static struct client *client;

/* A submission that was sent, with a remark on measure 1-1. */
struct sent {
    char number[16], code[32];
};

static void moderators_make(void)
{
    client = scene_client(&scene);
    official_make(&scene, "mia", NULL, &mia);
    official_make(&scene, "max", NULL, &max);
    official_grant(&scene, "mia", SCENE_SLUG, "moderator");
    official_grant(&scene, "max", SCENE_SLUG, "moderator");
    official_sign_in(&scene, client, &mia);
    official_sign_in(&scene, client, &max);
    free(cluster_text(scene.cluster,
                      "update consultations set publication = publication || "
                      "'{\"release_threshold\": 1, \"release_interval_s\": 1}', revision = "
                      "revision + 1 where slug = '" SCENE_SLUG "' returning 'due'"));
    client_free(client);
}

static void begin(void)
{
    client = scene_client(&scene);
}

static void end(void)
{
    client_free(client);
}

static struct sent send_remark(const char *remark)
{
    struct sent sent;
    json_t *submission = fixture_submission();
    fixture_set(submission, "/answers/1-1/remark", json_string(remark));
    struct client_reply reply = scene_submit(client, submission);
    snprintf(sent.number, sizeof sent.number, "%s", client_text(&reply, "/receipt/number"));
    snprintf(sent.code, sizeof sent.code, "%s", client_text(&reply, "/code"));
    client_reply_clear(&reply);
    return sent;
}

static void path_of(const struct sent *sent, char path[PATH])
{
    snprintf(path, PATH, QUEUE "/%s/1-1", sent->number);
}

/* name, value, name, value … NULL. */
static struct client_reply post(const struct official_made *by, const struct sent *sent,
                                const char *const *fields)
{
    char path[PATH];
    char *body = NULL;
    path_of(sent, path);
    for (; *fields; fields += 2)
        body = fixture_form_add(body, fields[0], fields[1]);
    return official_post(client, by, path, body);
}
#define POST(by, sent, ...) post(by, sent, (const char *const[]){__VA_ARGS__, NULL})

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.6000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static void expect_without(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && !strstr(reply->body, words), "%d, «%s»: %.6000s",
                  reply->status, words, reply->body);
    client_reply_clear(reply);
}

static void expect_done(struct client_reply *reply, const char *outcome)
{
    char location[256] = "", done[32];
    client_header(reply, "Location", location, sizeof location);
    snprintf(done, sizeof done, "?done=%s&last=", outcome);
    ck_assert_msg(reply->status == 303 && strstr(location, done), "%d %s: %.6000s", reply->status,
                  location, reply->body);
    client_reply_clear(reply);
}

/* "moderation|published|reason" of the remark. */
static void expect_row(const struct sent *sent, const char *wanted)
{
    char sql[SQL];
    snprintf(sql, sizeof sql,
             "select concat_ws('|', moderation, published, moderation_reason) from remarks join"
             " submissions using (consultation_id, submission_id) where number = '%s' and part = 0",
             sent->number);
    char *is = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(is, wanted);
    free(is);
}

static int64_t acts(const char *action, const struct sent *sent)
{
    char sql[SQL];
    snprintf(sql, sizeof sql,
             "select count(*) from audit_log where action = '%s' and detail ->> 'number' = '%s'",
             action, sent->number);
    return cluster_number(scene.cluster, sql);
}

START_TEST(queue_and_the_remark)
{
    char path[PATH], link[PATH + 16];
    struct sent sent = send_remark("<b>Call</b> me: 9123 4567 or a@b.example & thanks");
    struct client_reply page = official_get(client, &mia, QUEUE);
    snprintf(link, sizeof link, "href=\"%s/%s/1-1\"", QUEUE, sent.number);
    ck_assert_ptr_null(strstr(page.body, "9123"));
    expect(&page, 200, link);
    path_of(&sent, path);
    page = official_get(client, &mia, path);
    ck_assert_ptr_nonnull(strstr(page.body, "&lt;b&gt;Call&lt;/b&gt; me: <mark>9123 4567</mark> or "
                                            "<mark>a@b.example</mark> &amp; thanks</bdi>"));
    ck_assert_ptr_nonnull(strstr(page.body, "me: […] or […] &amp; thanks"));
    ck_assert_ptr_nonnull(strstr(page.body, "<bdi>Society of Testers</bdi>"));
    ck_assert_ptr_nonnull(strstr(page.body, "name=\"/seen\" value=\"0\""));
    expect(&page, 200, "id=\"found-1\"");
    ck_assert_int_eq(acts("remark-read", &sent), 1);
    ck_assert_int_gt(cluster_number(scene.cluster, "select count(*) from audit_log where action = "
                                                   "'remarks-listed' and detail ->> 'official' = "
                                                   "'mia' and detail ->> 'show' = 'waiting'"),
                     0);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from audit_log where "
                                                   "detail::text ~ '9123|Call'"),
                     0);
}
END_TEST

static const struct {
    const char *query;
    int status;
    const char *words;
} addresses[] = {
    {"?show=decided", 200, "aria-current"},
    {"?show=all&utm_source=x", 200, "aria-current"},
    {"?show=nonsense", 422, "unknown-value"},
    {"?after=nonsense", 422, "unknown-value"},
    {"?after=0000000000:9-9", 422, "unknown-value"},
    {"?after=0000000000:1-1", 200, NULL},
    {"?done=%3Cb%3E&last=%3Cb%3E", 200, NULL},
    {"/0000000000/1-1", 404, NULL},
    {"/0000000000/9-9", 404, NULL},
    {"/nonsense/1-1", 404, NULL},
};

START_TEST(other_addresses)
{
    char path[PATH];
    snprintf(path, sizeof path, QUEUE "%s", addresses[_i].query);
    struct client_reply page = official_get(client, &mia, path);
    ck_assert_ptr_null(strstr(page.body, "<b>"));
    expect(&page, addresses[_i].status, addresses[_i].words);
}
END_TEST

/* Fifty on a page, each once. */
START_TEST(pages_of_the_queue)
{
    char next[PATH * 2] = QUEUE;
    size_t rows = 0, pages = 0;
    for (int i = 0; i < 55; i++)
        send_remark("one of many");
    for (; *next; pages++) {
        struct client_reply page = official_get(client, &mia, next);
        ck_assert_int_eq(page.status, 200);
        for (const char *p = page.body; (p = strstr(p, "app-rows__row")); p++)
            rows++;
        const char *link = strstr(page.body, "rel=\"next\" href=\"");
        next[0] = '\0';
        if (link) {
            char query[PATH] = "";
            ck_assert_int_eq(sscanf(link, "rel=\"next\" href=\"%120[^\"]", query), 1);
            char *escaped = strstr(query, "&amp;");
            ck_assert_ptr_nonnull(escaped);
            memmove(escaped + 1, escaped + 5, strlen(escaped + 5) + 1);
            snprintf(next, sizeof next, QUEUE "%s", query);
        }
        client_reply_clear(&page);
        ck_assert_uint_lt(pages, 20);
    }
    ck_assert_uint_ge(pages, 2);
    ck_assert_int_eq((int64_t)rows,
                     cluster_number(scene.cluster, "select count(*) from moderated_remarks join "
                                                   "consultations using (consultation_id) where "
                                                   "slug = '" SCENE_SLUG "' and moderation = 0"));
}
END_TEST

START_TEST(three_outcomes)
{
    struct sent pass = send_remark("Fine words"), edit = send_remark("Call 91234567, 張先生 now"),
                delete = send_remark("One fool two"), refuse = send_remark("Buy my pills");
    struct client_reply reply = POST(&mia, &pass, "/seen", "0", "/decision", "passed", "/text",
                                     "Fine words", "/found", "0");
    expect_done(&reply, "passed");
    expect_row(&pass, "1|Fine words");
    reply = POST(&mia, &edit, "/seen", "0", "/decision", "edited", "/text",
                 "Call 91234567, 張先生 now", "/found", "0", "/reason", "personal-data");
    expect_done(&reply, "edited");
    expect_row(&edit, "2|Call ［…］, 張先生 now|personal-data");
    /* What the preview shows is what the database makes; nothing is done by it. */
    reply = POST(&mia, &delete, "/seen", "0", "/go", "preview", "/text", "One  two");
    ck_assert_int_eq(acts("remark-edited", &delete), 0);
    expect(&reply, 200, "<bdi>One […] two</bdi>");
    reply = POST(&mia, &delete, "/seen", "0", "/decision", "edited", "/text", "One  two", "/reason",
                 "abusive");
    expect_done(&reply, "edited");
    expect_row(&delete, "2|One […] two|abusive");
    reply = POST(&max, &refuse, "/seen", "0", "/decision", "refused", "/text", "Buy my pills",
                 "/reason", "advertising");
    expect_done(&reply, "refused");
    expect_row(&refuse, "3|advertising");
    ck_assert_int_eq(acts("remark-passed", &pass) + acts("remark-edited", &edit) +
                         acts("remark-edited", &delete) + acts("remark-refused", &refuse),
                     4);
}
END_TEST

static const struct {
    const char *fields[9];
    const char *code, *href;
} faulty[] = {
    {{"/text", "Call 91234567 or write"}, "Please fill in or choose this", "#decision"},
    {{"/decision", "published"}, "Choose one of the answers offered", "#decision"},
    {{"/decision", "refused"}, "Choose a reason", "#reason"},
    {{"/decision", "refused", "/reason", "opinion"}, "Choose one of the answers", "#reason"},
    {{"/decision", "edited", "/found", "0"}, "Choose a reason", "#reason"},
    {{"/decision", "edited", "/reason", "abusive"}, "Tick or delete the words", "#text"},
    {{"/decision", "edited", "/reason", "abusive", "/found", "7"}, "Tick or delete", "#text"},
    {{"/decision", "edited", "/reason", "abusive", "/text", "Call me or write"},
     "can only be removed",
     "#text"},
    {{"/decision", "edited", "/reason", "abusive", "/text", "write or Call 91234567"},
     "can only be removed",
     "#text"},
    {{"/decision", "edited", "/reason", "abusive", "/text", " "}, "Nothing would be left", "#text"},
    {{"/decision", "edited", "/reason", "abusive", "/text", "Call \x01"}, NULL, "#text"},
    {{"/decision", "passed", "/text", "Call or write"}, "Put the words back", "#text"},
    {{"/decision", "passed", "/text", "I like it"}, "can only be removed", "#text"},
};

/* Refused by its field, nothing done, and what was typed is there again. */
START_TEST(faults_are_named_and_nothing_is_lost)
{
    char summary[32];
    struct sent sent = send_remark("Call 91234567 or write");
    const char *fields[12] = {"/seen", "0"};
    const char *typed = NULL;
    for (size_t i = 0; faulty[_i].fields[i]; i++) {
        fields[2 + i] = faulty[_i].fields[i];
        if (i % 2 && strcmp(faulty[_i].fields[i - 1], "/text") == 0)
            typed = faulty[_i].fields[i];
    }
    struct client_reply reply = post(&mia, &sent, fields);
    snprintf(summary, sizeof summary, "<a href=\"%s\">", faulty[_i].href);
    ck_assert_msg(strstr(reply.body, summary) != NULL, "%.6000s", reply.body);
    if (typed && !strchr(typed, '\x01')) {
        char area[128];
        snprintf(area, sizeof area, "\n%s</textarea>", typed);
        ck_assert_msg(strstr(reply.body, area) != NULL, "%s: %.6000s", area, reply.body);
    }
    expect(&reply, 422, faulty[_i].code);
    expect_row(&sent, "0");
}
END_TEST

START_TEST(two_at_once_and_undo)
{
    char path[PATH];
    struct sent sent = send_remark("Said by a fool once");
    struct client_reply reply = POST(&mia, &sent, "/seen", "0", "/decision", "passed");
    expect_done(&reply, "passed");
    reply = POST(&max, &sent, "/seen", "0", "/decision", "edited", "/text", "Said by a  once",
                 "/reason", "abusive");
    ck_assert_ptr_nonnull(strstr(reply.body, "mia,"));
    ck_assert_ptr_nonnull(strstr(reply.body, "<bdi>Said by a  once</bdi>"));
    expect(&reply, 409, "Somebody else has just changed this");
    expect_row(&sent, "1|Said by a fool once");
    reply = POST(&max, &sent, "/seen", "1", "/decision", "refused", "/reason", "abusive");
    expect(&reply, 409, "Somebody else has just");
    reply = POST(&max, &sent, "/seen", "nonsense", "/decision", "waiting");
    expect(&reply, 409, "Somebody else has just");
    reply = POST(&max, &sent, "/seen", "1", "/decision", "waiting");
    expect_done(&reply, "waiting");
    expect_row(&sent, "0");
    /* Put back meanwhile, what somebody had typed stands in the form again. */
    reply = POST(&mia, &sent, "/seen", "1", "/decision", "edited", "/text", "Said by a  once",
                 "/reason", "abusive");
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/seen\" value=\"2\""));
    expect(&reply, 409, "\nSaid by a  once</textarea>");
    path_of(&sent, path);
    reply = official_get(client, &mia, path);
    expect(&reply, 200, "name=\"/seen\" value=\"2\"");
    ck_assert_int_eq(acts("remark-undone", &sent), 1);
    ck_assert_int_eq(acts("remark-edited", &sent), 0);
}
END_TEST

/* Whether the public list holds these words, waited for. */
static void await_public(const char *words, bool there)
{
    bool is = !there;
    for (int tries = 0; is != there && tries < 100; tries++) {
        struct client_reply reply = client_get(client, PUBLIC);
        json_t *remark;
        size_t i;
        is = false;
        json_array_foreach(json_at(reply.json, "/remarks"), i, remark)
        {
            const char *text = json_string_value(json_object_get(remark, "text"));
            is = is || (text && strstr(text, words));
        }
        client_reply_clear(&reply);
        if (is != there)
            nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    ck_assert_msg(is == there, "%s %s", words, there ? "is not shown" : "is shown");
}

START_TEST(a_release_brings_it_and_undo_takes_it_away)
{
    char path[PATH];
    struct sent sent = send_remark("Ring 61234567 please");
    struct client_reply reply = POST(&mia, &sent, "/seen", "0", "/decision", "edited", "/found",
                                     "0", "/reason", "personal-data");
    expect_done(&reply, "edited");
    send_remark("so that a release is due");
    await_public("Ring […] please", true);
    path_of(&sent, path);
    reply = official_get(client, &mia, path);
    expect(&reply, 200, "Public now");
    reply = POST(&max, &sent, "/seen", "1", "/decision", "waiting");
    expect_done(&reply, "waiting");
    await_public("Ring", false);
    reply = POST(&max, &sent, "/seen", "2", "/decision", "edited", "/text", "Ring ", "/reason",
                 "personal-data");
    expect_done(&reply, "edited");
    await_public("Ring […]", true);
}
END_TEST

static struct client_reply read_back(const struct sent *sent, const char *language)
{
    char path[PATH], headers[PATH];
    snprintf(path, sizeof path, "/v1/submissions/%s?lang=%s", sent->number, language);
    snprintf(headers, sizeof headers, "Authorization: Receipt %s\r\n", sent->code);
    return client_run(client, &(struct client_ask){.path = path, .headers = headers});
}

static struct client_reply read_page(const struct sent *sent, const char *language)
{
    char path[PATH];
    snprintf(path, sizeof path, "/%s/receipts/%s/submission", language, sent->number);
    char *body = fixture_form_add(NULL, "/code", sent->code);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = path,
                                                .type = "application/x-www-form-urlencoded",
                                                .body = body});
    free(body);
    return reply;
}

/* What a code's holder is told, and that a held submission is told the same. */
START_TEST(the_author_is_told)
{
    struct sent sent = send_remark("Mail me: x@y.example");
    struct client_reply reply = read_back(&sent, "en");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/moderation")), 2);
    ck_assert_str_eq(client_text(&reply, "/moderation/0/measure"), "1-1");
    ck_assert_str_eq(client_text(&reply, "/moderation/0/state"), "waiting");
    ck_assert_str_eq(client_text(&reply, "/moderation/1/question"), "1");
    client_reply_clear(&reply);
    reply = read_page(&sent, "en");
    expect(&reply, 200, "still to be reviewed");
    reply = POST(&mia, &sent, "/seen", "0", "/decision", "edited", "/found", "0", "/reason",
                 "personal-data");
    expect_done(&reply, "edited");
    reply = read_back(&sent, "zh-Hant");
    ck_assert_str_eq(client_text(&reply, "/moderation/0/state"), "edited");
    ck_assert_str_eq(client_text(&reply, "/moderation/0/reason"), "personal-data");
    ck_assert_str_eq(client_text(&reply, "/moderation/0/reason_text"), "載有個人資料");
    ck_assert_str_eq(client_text(&reply, "/moderation/0/published"), "Mail me: […]");
    ck_assert_str_eq(client_text(&reply, "/submission/answers/1-1/remark"), "Mail me: x@y.example");
    client_reply_clear(&reply);
    reply = read_page(&sent, "en");
    ck_assert_ptr_nonnull(strstr(reply.body, "Reason: It holds personal data. It reads:"));
    expect(&reply, 200, "<bdi>Mail me: […]</bdi>");
    reply = read_page(&sent, "zh-Hans");
    expect(&reply, 200, "原因：载有个人资料");
    reply = POST(&mia, &sent, "/seen", "1", "/decision", "waiting");
    expect_done(&reply, "waiting");
    reply = POST(&mia, &sent, "/seen", "2", "/decision", "refused", "/reason", "off-topic");
    expect_done(&reply, "refused");
    reply = read_page(&sent, "en");
    expect(&reply, 200, "will not be published. Reason: It has nothing to do");
}
END_TEST

START_TEST(a_held_one_is_told_the_same)
{
    struct sent sent[2] = {0};
    for (int i = 0; i < 2; i++) {
        json_t *submission = fixture_submission();
        fixture_set(submission, "/identity/value", json_string("twice@example.org"));
        struct client_reply reply = scene_submit(client, submission);
        snprintf(sent[i].number, sizeof sent[i].number, "%s",
                 client_text(&reply, "/receipt/number"));
        snprintf(sent[i].code, sizeof sent[i].code, "%s", client_text(&reply, "/code"));
        client_reply_clear(&reply);
        reply = POST(&mia, &sent[i], "/seen", "0", "/decision", "passed");
        expect_done(&reply, "passed");
        reply = read_back(&sent[i], "en");
        ck_assert_str_eq(client_text(&reply, "/moderation/0/state"), "passed");
        client_reply_clear(&reply);
    }
    char sql[SQL];
    snprintf(sql, sizeof sql,
             "select count(*) from submissions where number = '%s' and state = 'held'",
             sent[1].number);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 1);
}
END_TEST

/* Who agreed to nothing is in no queue and told nothing. */
START_TEST(without_consent_nothing)
{
    char path[PATH];
    struct sent sent;
    json_t *submission = fixture_submission();
    fixture_set(submission, "/answers/1-1/publish", json_false());
    struct client_reply reply = scene_submit(client, submission);
    snprintf(sent.number, sizeof sent.number, "%s", client_text(&reply, "/receipt/number"));
    snprintf(sent.code, sizeof sent.code, "%s", client_text(&reply, "/code"));
    client_reply_clear(&reply);
    path_of(&sent, path);
    reply = official_get(client, &mia, path);
    expect(&reply, 404, NULL);
    reply = POST(&mia, &sent, "/seen", "0", "/decision", "passed");
    expect(&reply, 404, NULL);
    reply = read_back(&sent, "en");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/moderation")), 1);
    client_reply_clear(&reply);
    reply = read_page(&sent, "en");
    expect_without(&reply, 200, "published with words");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moderation");
    TCase *all = tcase_create("all");
    scene_open(&scene, (const char *const[]){"submissions_per_prefix=0", NULL});
    tcase_add_unchecked_fixture(all, moderators_make, NULL);
    tcase_add_checked_fixture(all, begin, end);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, queue_and_the_remark);
    tcase_add_loop_test(all, other_addresses, 0, sizeof addresses / sizeof *addresses);
    tcase_add_test(all, three_outcomes);
    tcase_add_loop_test(all, faults_are_named_and_nothing_is_lost, 0,
                        sizeof faulty / sizeof *faulty);
    tcase_add_test(all, two_at_once_and_undo);
    tcase_add_test(all, a_release_brings_it_and_undo_takes_it_away);
    tcase_add_test(all, the_author_is_told);
    tcase_add_test(all, a_held_one_is_told_the_same);
    tcase_add_test(all, without_consent_nothing);
    tcase_add_test(all, pages_of_the_queue);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
