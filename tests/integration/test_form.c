/* The browser's way: pages and forms without JavaScript, the same rules and figures as the
 * interface. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

#define FORM_TYPE "application/x-www-form-urlencoded"

static struct client_reply send_form(struct client *client, const char *language,
                                     const char *headers, const char *body)
{
    char path[128];
    snprintf(path, sizeof path, "/%s/consultations/" SCENE_SLUG "/submissions", language);
    return client_run(
        client,
        &(struct client_ask){
            .method = "POST", .path = path, .headers = headers, .type = FORM_TYPE, .body = body});
}

static void expect_page(const struct client_reply *reply, int status)
{
    char type[80] = "", policy[400] = "";
    ck_assert_msg(reply->status == status, "%d instead of %d: %.600s", reply->status, status,
                  reply->body);
    ck_assert(client_header(reply, "Content-Type", type, sizeof type));
    ck_assert_msg(strncmp(type, "text/html", 9) == 0, "%s", type);
    ck_assert(client_header(reply, "Content-Security-Policy", policy, sizeof policy));
    ck_assert_ptr_null(strstr(policy, "unsafe-inline"));
    ck_assert_ptr_nonnull(strstr(policy, "frame-ancestors 'none'"));
}

START_TEST(pages_in_three_languages)
{
    static const char *const languages[] = {"zh-Hant", "en", "zh-Hans"};
    static const char *const tails[] = {"",
                                        "/privacy",
                                        "/receipt-check",
                                        "/problems/closed",
                                        "/consultations/" SCENE_SLUG,
                                        "/consultations/" SCENE_SLUG "/directions/2",
                                        "/consultations/" SCENE_SLUG "/measures/1-3",
                                        "/consultations/" SCENE_SLUG "/tally",
                                        "/consultations/" SCENE_SLUG "/reconciliation",
                                        "/consultations/" SCENE_SLUG "/answer"};
    static const char ours[] = "<script type=\"module\" src=\"/static/app.";
    struct client *client = scene_client(&scene);
    for (size_t l = 0; l < 3; l++) {
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            char path[160], lang[40];
            snprintf(path, sizeof path, "/%s%s", languages[l], tails[t]);
            snprintf(lang, sizeof lang, "<html lang=\"%s\"", languages[l]);
            struct client_reply reply = client_get(client, path);
            expect_page(&reply, 200);
            ck_assert_msg(strstr(reply.body, lang), "%s", path);
            const char *script = strstr(reply.body, "<script");
            ck_assert_msg(script && !strncmp(script, ours, strlen(ours)), "%s", path);
            ck_assert_msg(!strstr(script + 1, "<script"), "%s", path);
            client_reply_clear(&reply);
        }
    }
    client_free(client);
}
END_TEST

START_TEST(addresses_that_move_on)
{
    static const struct {
        const char *path, *headers, *wanted;
    } cases[] = {{"/", "Accept-Language: en\r\n", "/en"},
                 {"/", NULL, "/zh-Hant"},
                 {"/problems/closed", "Accept-Language: zh-CN\r\n", "/zh-Hans/problems/closed"}};
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3; i++) {
        struct client_reply reply = client_run(
            client, &(struct client_ask){.path = cases[i].path, .headers = cases[i].headers});
        char location[128] = "";
        ck_assert_int_eq(reply.status / 100, 3);
        ck_assert(client_header(&reply, "Location", location, sizeof location));
        ck_assert_str_eq(location, cases[i].wanted);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(form_is_recorded_as_the_interface_would)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], sql[128];
    fixture_key(key);
    json_t *body = fixture_submission();
    fixture_set(body, "/language", NULL);
    fixture_set(body, "/answers/1-2/stance", json_string("")); /* left unanswered */
    char *form = fixture_form(body, key);
    struct client_reply reply = send_form(client, "zh-Hans", NULL, form);
    expect_page(&reply, 201);
    char cache[64] = "", location[96] = "";
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_ptr_nonnull(strstr(cache, "no-store"));
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    const char *number = strrchr(location, '/') + 1;
    ck_assert_ptr_nonnull(strstr(reply.body, number));
    snprintf(sql, sizeof sql,
             "select language || ' ' || channel || ' ' || encode(stances, 'hex') from submissions"
             " where number = '%s'",
             number);
    char *row = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(row, "2 1 05ffffffffffff01ffffff00ffffff");
    /* Sent again: the same page, byte for byte but for what is of this request. */
    struct client_reply again = send_form(client, "zh-Hans", NULL, form);
    expect_page(&again, 201);
    ck_assert_ptr_nonnull(strstr(again.body, number));
    free(row);
    free(form);
    json_decref(body);
    client_reply_clear(&reply);
    client_reply_clear(&again);
    client_free(client);
}
END_TEST

/* What was typed comes back, but for the identity; each fault is marked at its field. */
START_TEST(faults_come_back_with_the_form)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY], hidden[64];
    fixture_key(key);
    json_t *body = fixture_submission();
    fixture_set(body, "/identity/value", json_string("nobody-in-particular"));
    fixture_set(body, "/answers/1-1/remark", json_string("</textarea><b>\"bold\"</b>"));
    char *form = fixture_form(body, key);
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    snprintf(hidden, sizeof hidden, "value=\"%.36s\"", key + strlen("Idempotency-Key: "));
    ck_assert_ptr_nonnull(strstr(reply.body, hidden));
    ck_assert_ptr_nonnull(strstr(reply.body, "&lt;/textarea&gt;&lt;b&gt;"));
    ck_assert_ptr_null(strstr(reply.body, "nobody-in-particular"));
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"identity-value-error\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "aria-invalid=\"true\""));
    free(form);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(forms_refused_as_a_whole)
{
    static const struct {
        const char *headers, *body;
        int status;
    } cases[] = {{"Origin: https://elsewhere.example\r\n", NULL, 403},
                 {"Sec-Fetch-Site: cross-site\r\n", NULL, 403},
                 {NULL, "%2Fkind=%ZZ", 400},
                 {NULL, "%2Fkind=a%00b", 400},
                 {NULL, "%2Fkind=%FF", 400}};
    struct client *client = scene_client(&scene);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char key[FIXTURE_KEY];
        fixture_key(key);
        json_t *good = fixture_submission();
        char *form = fixture_form(good, key);
        struct client_reply reply =
            send_form(client, "en", cases[i].headers, cases[i].body ? cases[i].body : form);
        ck_assert_msg(reply.status == cases[i].status, "case %zu: %d %.300s", i, reply.status,
                      reply.body);
        client_reply_clear(&reply);
        json_decref(good);
        free(form);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    client_free(client);
}
END_TEST

/* Changing language while answering is a button: nothing is stored, nothing is lost. */
START_TEST(answers_follow_into_another_language)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    json_t *body = fixture_submission();
    char *form = fixture_form(body, key);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    struct client_reply reply = client_run(
        client, &(struct client_ask){.method = "POST",
                                     .path = "/zh-Hant/consultations/" SCENE_SLUG "/answer",
                                     .type = FORM_TYPE,
                                     .body = form});
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "A remark."));
    ck_assert_ptr_nonnull(strstr(reply.body, "Society of Testers"));
    ck_assert_ptr_null(strstr(reply.body, "example.org\""));
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    free(form);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

SCENE_MAIN("form", NULL, pages_in_three_languages, addresses_that_move_on,
           form_is_recorded_as_the_interface_would, faults_come_back_with_the_form,
           forms_refused_as_a_whole, answers_follow_into_another_language)
