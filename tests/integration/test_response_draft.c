/* Members at work on their institution's response: saved only as it was read, kept by the page
 * itself, merged, restored; nothing for another institution, and nothing changed after the close.
 */
#include "support/institutions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static struct official_made cora, dan, ada, tess;
static struct client *client;

#define HERE "/en/institution/consultations/" SCENE_REHEARSAL
#define SECTION HERE "/sections/measure-1-1"
#define SUMMARY HERE "/sections/summary"
#define FORM_TYPE "application/x-www-form-urlencoded"

static void members_make(void)
{
    client = scene_client(&scene);
    institution_make(&scene, "one", true);
    institution_make(&scene, "two", true);
    member_make(&scene, "one", "cora", "coordinator", &cora);
    member_make(&scene, "one", "dan", "drafter", &dan);
    member_make(&scene, "one", "ada", "approver", &ada);
    member_make(&scene, "two", "tess", "coordinator", &tess);
    struct official_made *const all[] = {&cora, &dan, &ada, &tess};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        member_sign_in(&scene, client, all[i]);
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

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.3000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static void expect_get(const struct official_made *by, const char *path, int status,
                       const char *words)
{
    struct client_reply reply = official_get(client, by, path);
    expect(&reply, status, words);
}

static void expect_without(const struct official_made *by, const char *path, const char *words)
{
    struct client_reply reply = official_get(client, by, path);
    ck_assert_msg(reply.status < 500 && !(reply.body && strstr(reply.body, words)), "%d %.3000s",
                  reply.status, reply.body);
    client_reply_clear(&reply);
}

/* name, value, name, value … NULL. */
static struct client_reply post(const struct official_made *by, const char *path,
                                const char *const *fields)
{
    char *body = NULL;
    for (; *fields; fields += 2)
        body = fixture_form_add(body, fields[0], fields[1]);
    return official_post(client, by, path, body);
}
#define POST(by, path, ...) post(by, path, (const char *const[]){__VA_ARGS__, NULL})

/* As the page's script: in If-Match (NULL: none) what was read. */
static void expect_put(const struct official_made *by, const char *path, const char *match,
                       const char *text, int status, const char *words)
{
    char headers[512];
    char *body = fixture_form_add(NULL, "/text", text);
    snprintf(headers, sizeof headers, "%sX-Form-Token: %s\r\n%s%s%s", by->cookie, by->form_token,
             match ? "If-Match: " : "", match ? match : "", match ? "\r\n" : "");
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){
            .method = "PUT", .path = path, .headers = headers, .type = FORM_TYPE, .body = body});
    free(body);
    expect(&reply, status, words);
}

static void begun(void)
{
    struct client_reply reply = POST(&cora, HERE, "/language", "en");
    expect(&reply, 303, NULL);
    free(cluster_text(scene.cluster, "delete from response_sections; select 'empty'"));
}

/* "version|stance|text|autosaved" of what there is. */
static void expect_row(const char *section, const char *wanted)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "select concat_ws('|', version, coalesce(stance::text, ''), text, autosaved) from "
             "response_sections where "
             "section = '%s' order by version desc limit 1",
             section);
    char *is = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(is, wanted);
    free(is);
}

START_TEST(one_begins_it)
{
    expect_get(&cora, "/en/institution", 200, HERE);
    expect_get(&cora, HERE, 200, "Begin the response");
    expect_get(&ada, HERE, 200, "Nobody has begun");
    expect_get(&dan, SECTION, 303, NULL);
    expect_get(&cora, "/en/institution/consultations/" SCENE_SLUG, 404, NULL);
    struct client_reply reply = POST(&cora, HERE, "/language", "fr");
    expect(&reply, 422, "id=\"language-error\"");
    reply = POST(&ada, HERE, "/language", "en");
    expect(&reply, 403, "role-missing");
    begun();
    expect_get(&dan, HERE, 200, "Needed before it can be filed");
    expect_get(&ada, SECTION, 200, "Nothing yet");
    expect_get(&cora, HERE "/sections/measure-9-9", 404, NULL);
}
END_TEST

START_TEST(saved_as_it_was_read)
{
    begun();
    struct client_reply reply = POST(&cora, SECTION, "/version", "0", "/stance", "4", "/wording",
                                     "1", "/text", "one\r\n\r\ntwo\r\n");
    expect(&reply, 303, NULL);
    expect_row("measure-1-1", "1|4|one\n\ntwo|f");
    reply = official_get(client, &dan, SECTION);
    char etag[16] = "", base[32] = "";
    ck_assert(client_header(&reply, "ETag", etag, sizeof etag));
    ck_assert_str_eq(etag, "\"1\"");
    ck_assert(official_field(&reply, "/base", base, sizeof base));
    ck_assert_str_eq(base, "one\n\ntwo");
    client_reply_clear(&reply);
    /* Another was first: both are shown, and what they changed apart is one text. */
    reply = POST(&dan, SECTION, "/version", "1", "/stance", "4", "/text", "ONE\n\ntwo");
    expect(&reply, 303, NULL);
    reply = POST(&cora, SECTION, "/version", "1", "/stance", "5", "/text", "one\n\ntwo\nthree",
                 "/base", "one\n\ntwo");
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "this text has both changes"));
    ck_assert_ptr_nonnull(strstr(reply.body, "<del class=\"app-changes__gone\">"));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/version\" value=\"2\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "three"));
    client_reply_clear(&reply);
    expect_row("measure-1-1", "2|4|ONE\n\ntwo|f");
    reply = POST(&cora, SECTION, "/version", "1", "/stance", "5", "/text", "oNe\n\ntwo", "/base",
                 "one\n\ntwo");
    expect(&reply, 409, "You both changed the same lines");
    reply = POST(&cora, SECTION, "/version", "2", "/stance", "5", "/text", "ONE\n\ntwo\nthree");
    expect(&reply, 303, NULL);
    expect_row("measure-1-1", "3|5|ONE\n\ntwo\nthree|f");
}
END_TEST

START_TEST(merged_where_they_are_apart)
{
    begun();
    struct client_reply reply = POST(&cora, SUMMARY, "/version", "0", "/text", "a\n\nb\n\nc");
    expect(&reply, 303, NULL);
    reply = POST(&dan, SUMMARY, "/version", "1", "/text", "A\n\nb\n\nc");
    expect(&reply, 303, NULL);
    reply = POST(&cora, SUMMARY, "/version", "1", "/text", "a\n\nb\n\nC", "/base", "a\n\nb\n\nc");
    expect(&reply, 409, ">\nA\n\nb\n\nC</textarea>");
}
END_TEST

START_TEST(kept_by_the_page)
{
    begun();
    expect_put(&dan, SUMMARY, NULL, "x", 428, "precondition-required");
    expect_put(&dan, SUMMARY, "*", "x", 428, "precondition-required");
    expect_put(&dan, SUMMARY, "\"1\"", "x", 412, "precondition-failed");
    expect_put(&dan, SUMMARY, "W/\"0\"", "x", 412, "precondition-failed");
    expect_put(&dan, SUMMARY, "\"-1\"", "x", 412, "precondition-failed");
    expect_put(&dan, SUMMARY, "\"0\"", "first", 200, "{\"version\":1}");
    expect_put(&dan, SUMMARY, "\"1\"", "first", 200, "{\"version\":1}");
    expect_put(&dan, SUMMARY, "\"1\"", "second", 200, "{\"version\":2}");
    expect_put(&cora, SUMMARY, "\"1\"", "late", 412, "precondition-failed");
    expect_row("summary", "2||second|t");
    expect_put(&dan, SUMMARY, "\"2\"", "bell \a", 422, "bad-text");
    expect_put(&ada, SUMMARY, "\"2\"", "x", 403, "role-missing");
    struct official_made stranger = dan;
    stranger.form_token[0] = stranger.form_token[0] == 'A' ? 'B' : 'A';
    expect_put(&stranger, SUMMARY, "\"2\"", "x", 403, "form-token-wrong");
    struct client_reply reply = POST(&dan, SUMMARY, "/version", "2", "/text", "second");
    expect(&reply, 303, NULL);
    expect_row("summary", "2||second|f");
}
END_TEST

static char *repeated(const char *text, size_t times)
{
    size_t length = strlen(text);
    char *out = malloc(length * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * length, text, length);
    out[length * times] = '\0';
    return out;
}

/* What cannot be kept is given back. */
START_TEST(nothing_typed_is_lost)
{
    begun();
    char *million = repeated("abcdefghij", 100000);
    struct client_reply reply = POST(&dan, SUMMARY, "/version", "0", "/text", million);
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, million));
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"#text\""));
    client_reply_clear(&reply);
    free(million);
    /* More than the form is ever given back with is refused in words by its head alone (sent all
     * the same, it could reset the connection before the refusal is read). */
    char head[512];
    int length =
        snprintf(head, sizeof head,
                 "POST " SUMMARY " HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: " FORM_TYPE
                 "\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
                 dan.cookie, 3 * 1024 * 1024 + 1);
    ck_assert(client_send(client, head, (size_t)length));
    reply = client_read(client, false);
    expect(&reply, 413, "content-too-large");
    char *most = repeated("字", 10000), *more = repeated("字", 10001);
    reply = POST(&dan, SUMMARY, "/version", "0", "/text", more);
    expect(&reply, 422, "10,000");
    reply = POST(&dan, SUMMARY, "/version", "0", "/text", most);
    expect(&reply, 303, NULL);
    free(most);
    free(more);
    reply = POST(&dan, SECTION, "/version", "0", "/stance", "9", "/text", "kept <b>");
    expect(&reply, 422, "kept &lt;b&gt;");
    reply = POST(&dan, SUMMARY, "/version", "1", "/stance", "3", "/text", "x");
    expect(&reply, 422, "id=\"text\"");
    /* A look at it keeps nothing, and nothing in it runs. */
    reply = POST(&dan, SECTION "/preview", "/version", "0", "/stance", "4", "/text",
                 "**bold** <script>alert(1)</script> [x](javascript:alert(1))");
    ck_assert_ptr_nonnull(strstr(reply.body, "<strong>bold</strong>"));
    ck_assert_ptr_null(strstr(reply.body, "<script>alert"));
    ck_assert_ptr_null(strstr(reply.body, "href=\"javascript:"));
    expect(&reply, 200, "data-looked");
    char *none = cluster_text(scene.cluster,
                              "select count(*) from response_sections where section like 'm%'");
    ck_assert_str_eq(none, "0");
    free(none);
}
END_TEST

START_TEST(versions_and_an_older_one_again)
{
    begun();
    struct client_reply reply = POST(&dan, SUMMARY, "/version", "0", "/text", "我們支持");
    expect(&reply, 303, NULL);
    reply = POST(&cora, SUMMARY, "/version", "1", "/text", "我們不支持");
    expect(&reply, 303, NULL);
    expect_get(&ada, SUMMARY "/versions", 200, SUMMARY "/versions/2");
    expect_get(&ada, SUMMARY "/versions/2", 200, "不<span");
    expect_get(&ada, SUMMARY "/versions/2?from=0", 200, "我們不支持<span");
    expect_get(&ada, SUMMARY "/versions/2?from=99", 404, NULL);
    expect_get(&ada, SUMMARY "/versions/3", 404, NULL);
    expect_get(&ada, SUMMARY "/versions/x", 404, NULL);
    reply = POST(&ada, SUMMARY "/versions/1", "/newest", "2");
    expect(&reply, 403, "role-missing");
    reply = POST(&dan, SUMMARY "/versions/1", "/newest", "1");
    expect(&reply, 409, "Somebody else has just changed this");
    reply = POST(&dan, SUMMARY "/versions/1", "/newest", "2");
    expect(&reply, 303, NULL);
    expect_row("summary", "3||我們支持|f");
}
END_TEST

START_TEST(given_and_talked_about)
{
    begun();
    char path[160], id[40];
    struct client_reply reply = POST(&dan, SUMMARY "/assignment", "/member", "dan");
    expect(&reply, 403, "role-missing");
    reply = POST(&cora, SUMMARY "/assignment", "/member", "tess");
    expect(&reply, 422, "unknown-value");
    reply = POST(&cora, SUMMARY "/assignment", "/member", "dan");
    expect(&reply, 303, NULL);
    expect_get(&dan, HERE, 200, "given to you");
    reply = POST(&ada, SUMMARY "/comments", "/text", " ");
    expect(&reply, 422, "id=\"text-error\"");
    reply = POST(&ada, SUMMARY "/comments", "/version", "0", "/text", "Why <i>so</i>?");
    expect(&reply, 303, NULL);
    expect_get(&dan, SUMMARY "/comments", 200, "Why &lt;i&gt;so&lt;/i&gt;?");
    expect_get(&cora, HERE, 200, "Open comments: 1");
    char *found =
        cluster_text(scene.cluster, "select comment_id::text from response_comments where "
                                    "text like 'Why%' order by said_at desc limit 1");
    snprintf(id, sizeof id, "%s", found);
    free(found);
    snprintf(path, sizeof path, SUMMARY "/comments/%s", id);
    reply = POST(&dan, path, "/done", "1");
    expect(&reply, 303, NULL);
    expect_get(&ada, SUMMARY "/comments", 200, "done with: ");
    expect_without(&cora, HERE, "Open comments");
    reply = POST(&tess, path, "/done", "0");
    ck_assert_int_eq(reply.status, 303); /* to her own overview: she has none to comment on */
    client_reply_clear(&reply);
    expect_get(&ada, SUMMARY "/comments", 200, "done with: ");
}
END_TEST

/* The same addresses, another institution: its own, which is empty. */
START_TEST(another_institution_sees_nothing)
{
    begun();
    struct client_reply reply = POST(&cora, SUMMARY, "/version", "0", "/text", "ours alone");
    expect(&reply, 303, NULL);
    reply = POST(&tess, HERE, "/language", "en");
    expect(&reply, 303, NULL);
    static const char *const paths[] = {HERE,
                                        SUMMARY,
                                        SUMMARY "/versions",
                                        SUMMARY "/versions/1",
                                        SUMMARY "/comments",
                                        HERE "/settings"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        expect_without(&tess, paths[i], "ours alone");
        expect_without(&tess, paths[i], "cora");
    }
    expect_get(&tess, SUMMARY "/versions/1", 404, NULL);
    expect_put(&tess, SUMMARY, "\"1\"", "x", 412, "precondition-failed");
    expect_row("summary", "1||ours alone|f");
    /* Whom nobody signed in is led to the door; what an official's cookie opens is not this. */
    struct official_made nobody = {.side = "institution"};
    expect_get(&nobody, SUMMARY, 303, NULL);
}
END_TEST

START_TEST(read_only_after_the_close)
{
    begun();
    struct client_reply reply = POST(&cora, SUMMARY, "/version", "0", "/text", "in time");
    expect(&reply, 303, NULL);
    free(cluster_text(scene.cluster,
                      "update consultations set closes_at = clock_timestamp(), revision = "
                      "revision + 1 where rehearsal returning 'closed'"));
    expect_put(&cora, SUMMARY, "\"1\"", "late", 409, "closed");
    reply = POST(&cora, SUMMARY, "/version", "1", "/text", "typed too late");
    expect(&reply, 409, "typed too late");
    expect_get(&dan, SUMMARY, 200, "in time");
    expect_without(&dan, SUMMARY, "<button class=\"govuk-button\" type=\"submit\">Save");
    expect_get(&dan, HERE, 200, "You can read what was written");
    reply = POST(&cora, SUMMARY "/assignment", "/member", "dan");
    expect(&reply, 409, "closed");
    reply = POST(&cora, HERE "/settings", "/language", "en", "/publish", "0");
    expect(&reply, 409, "closed");
    reply = POST(&ada, SUMMARY "/comments", "/version", "0", "/text", "Too late?");
    expect(&reply, 409, "Too late?");
    free(cluster_text(scene.cluster,
                      "update consultations set closes_at = clock_timestamp() + interval '1 day', "
                      "revision = revision + 1 where rehearsal returning 'open'"));
}
END_TEST

START_TEST(settings_are_a_coordinators)
{
    begun();
    struct client_reply reply = POST(&cora, HERE "/settings", "/language", "zh-Hant");
    expect(&reply, 422, "id=\"publish-error\"");
    reply = POST(&dan, HERE "/settings", "/language", "en", "/publish", "0");
    expect(&reply, 403, "role-missing");
    reply = POST(&cora, HERE "/settings", "/language", "zh-Hant", "/publish", "0");
    expect(&reply, 303, NULL);
    expect_get(&dan, HERE, 200, "Not agreed");
    expect_get(&dan, SUMMARY, 200, "lang=\"zh-Hant\" dir=\"auto\"");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("response_draft");
    TCase *all = tcase_create("all");
    scene_open(&scene, NULL);
    tcase_add_unchecked_fixture(all, members_make, NULL);
    tcase_add_checked_fixture(all, begin, end);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, one_begins_it);
    tcase_add_test(all, saved_as_it_was_read);
    tcase_add_test(all, merged_where_they_are_apart);
    tcase_add_test(all, kept_by_the_page);
    tcase_add_test(all, nothing_typed_is_lost);
    tcase_add_test(all, versions_and_an_older_one_again);
    tcase_add_test(all, given_and_talked_about);
    tcase_add_test(all, another_institution_sees_nothing);
    tcase_add_test(all, settings_are_a_coordinators);
    tcase_add_test(all, read_only_after_the_close);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
