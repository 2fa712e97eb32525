/* The browser's way: pages and forms without JavaScript, the same rules and figures as the
 * interface. */
#include "support/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* A step: the state of the page before, the step it was, and "name=value" fields, NULL at the end.
 */
static struct client_reply step(struct client *client, const char *language, const char *state,
                                const char *const *fields)
{
    char path[128], *body = fixture_form_add(NULL, "/state", state);
    snprintf(path, sizeof path, "/%s/consultations/" SCENE_SLUG "/answer", language);
    for (; *fields; fields++) {
        char name[64];
        size_t length = strcspn(*fields, "=");
        snprintf(name, sizeof name, "%.*s", (int)length, *fields);
        body = fixture_form_add(body, name, *fields + length + 1);
    }
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){.method = "POST", .path = path, .type = FORM_TYPE, .body = body});
    free(body);
    return reply;
}
#define FIELDS(...)                                                                                \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/* The state of the page a step led to, which replaces and frees the one before. */
static void step_on(struct client *client, char **state, const char *const *fields)
{
    struct client_reply reply = step(client, "en", *state, fields);
    ck_assert_msg(reply.status == 200, "%d %.900s", reply.status, strstr(reply.body, "<main"));
    free(*state);
    *state = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(*state);
    client_reply_clear(&reply);
}

static int64_t submissions(void)
{
    return cluster_number(scene.cluster, "select count(*) from submissions");
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
                                        "/consultations/" SCENE_SLUG "/answer",
                                        "/consultations/" SCENE_SLUG "/measures/1-3/answer"};
    static const char ours[] = "<script type=\"module\" src=\"/static/app.";
    static const char data[] = "<script type=\"application/ld+json\">";
    struct client *client = scene_client(&scene);
    for (size_t l = 0; l < 3; l++) {
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            char path[160], lang[40];
            snprintf(path, sizeof path, "/%s%s", languages[l], tails[t]);
            snprintf(lang, sizeof lang, "<html lang=\"%s\"", languages[l]);
            struct client_reply reply = client_get(client, path);
            expect_page(&reply, 200);
            ck_assert_msg(strstr(reply.body, lang), "%s", path);
            /* But for what is said to search engines, which is no script. */
            const char *script = strstr(reply.body, ours);
            ck_assert_msg(script != NULL, "%s", path);
            for (const char *at = reply.body; (at = strstr(at, "<script")) != NULL; at++)
                ck_assert_msg(at == script || !strncmp(at, data, strlen(data)), "%s", path);
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
    char sql[128], *state = scene_form_state(client);
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-2/stance", json_string("")); /* left unanswered */
    char *form = fixture_form(body, state);
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
    /* Sent again: the same receipt. */
    int64_t before = submissions();
    struct client_reply again = send_form(client, "zh-Hans", NULL, form);
    expect_page(&again, 201);
    ck_assert_ptr_nonnull(strstr(again.body, number));
    ck_assert_int_eq(submissions(), before);
    free(row);
    free(form);
    free(state);
    json_decref(body);
    client_reply_clear(&reply);
    client_reply_clear(&again);
    client_free(client);
}
END_TEST

/* Step by step, with a stay at another one, and what each said is in what is recorded. */
START_TEST(full_way)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client), sql[512];
    step_on(client, &state, FIELDS("/step=tasks", "/go=measure-1-3"));
    step_on(client, &state,
            FIELDS("/step=measure-1-3", "/answers/1-3/stance=5", "/answers/1-3/remark=Do it.",
                   "/answers/1-3/version=1", "/go=next"));
    step_on(client, &state,
            FIELDS("/step=priorities", "/priorities/1-3=1", "/priorities/2-1=1", "/go=next"));
    step_on(client, &state, FIELDS("/step=priorities", "/priorities/1-3=1", "/go=tasks"));
    step_on(client, &state, FIELDS("/step=views", "/views/1/text=Views.", "/go=next"));
    step_on(client, &state,
            FIELDS("/step=about", "/kind=individual", "/publication=without-name",
                   "/sector=student", "/answers/1-3/withhold=1", "/go=next"));
    step_on(client, &state, FIELDS("/step=tasks", "/go=check"));
    step_on(client, &state, FIELDS("/step=check", "/go=next"));
    char *form = fixture_form_add(NULL, "/state", state);
    form = fixture_form_add(form, "/step", "identity");
    form = fixture_form_add(form, "/identity/kind", "email");
    form = fixture_form_add(form, "/identity/value", "full-way@example.org");
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 201);
    char location[96] = "";
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    snprintf(
        sql, sizeof sql,
        "select encode(stances, 'hex') || ' ' || priorities || ' ' || withheld || ' ' || sector"
        " || ' ' || (select string_agg(original || publish, ' ' order by part)"
        " from remarks r where r.submission_id = s.submission_id)"
        " from submissions s where number = '%s'",
        strrchr(location, '/') + 1);
    char *row = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(row, "ffff05ffffffffffffffffffffffff 4 4 student Do it.false Views.true");
    free(row);
    free(form);
    free(state);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Goes on or stays; what was typed is there in either case. */
START_TEST(steps_lead_on)
{
    static const struct {
        const char *const fields[6];
        int status;
        const char *shows; /* of the page */
    } cases[] = {
        {{"/step=measure-1-1", "/go=next"}, 200, "value=\"measure-1-2\""},
        {{"/step=measure-1-7", "/go=next"}, 200, "value=\"tasks\""},
        {{"/step=measure-1-1", "/way=quick-1-1", "/go=next"},
         200,
         "name=\"/step\" value=\"about\""},
        {{"/step=about", "/way=quick-1-1", "/go=back"},
         200,
         "name=\"/step\" value=\"measure-1-1\""},
        {{"/step=measure-1-1", "/from=check", "/answers/1-1/stance=3", "/go=back"},
         422, /* shown with what is missing still */
         "name=\"/step\" value=\"check\""},
        {{"/step=measure-1-1", "/answers/1-1/stance=9", "/go=next"},
         422,
         "id=\"answers-1-1-stance-error\""},
        {{"/step=measure-1-1", "/answers/1-1/stance=9", "/go=tasks"},
         200,
         "name=\"/step\" value=\"tasks\""},
        {{"/step=about", "/kind=organisation", "/publication=none", "/go=next"},
         422,
         "id=\"organisation-error\""},
        {{"/step=about", "/go=next"}, 422, "id=\"publication-error\""},
        {{"/step=about", "/go=back"}, 200, "name=\"/step\" value=\"tasks\""},
        {{"/step=priorities", "/priorities/1-1=1", "/priorities/1-2=1", "/priorities/1-3=1",
          "/priorities/1-4=1", "/go=next"},
         422,
         "id=\"priorities-error\""},
        {{"/step=tasks", "/go=next"}, 422, "at least one stance"},
        {{"/step=tasks", "/extra=1", "/go=next"}, 422, "no such field"},
        {{"/step=nonsense", "/go=nonsense"}, 200, "name=\"/step\" value=\"tasks\""},
        {{"/step=measure-9-9", "/go=measure-9-9"}, 200, "name=\"/step\" value=\"tasks\""},
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *state = scene_form_state(client);
        const char *fields[7] = {NULL};
        memcpy(fields, cases[i].fields, sizeof cases[i].fields);
        struct client_reply reply = step(client, "en", state, fields);
        ck_assert_msg(reply.status == cases[i].status, "case %zu: %d", i, reply.status);
        ck_assert_msg(strstr(reply.body, cases[i].shows), "case %zu: %s", i,
                      strstr(reply.body, "<main"));
        client_reply_clear(&reply);
        free(state);
    }
    client_free(client);
}
END_TEST

/* Told by how much, at the field, and shown again as it was typed. */
START_TEST(too_long_says_by_how_much)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client), field[2200] = "/answers/1-1/remark=";
    memset(field + strlen(field), 'x', 2012);
    struct client_reply reply =
        step(client, "en", state, FIELDS("/step=measure-1-1", field, "/go=next"));
    expect_page(&reply, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "Characters too many: 12"));
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"#answers-1-1-remark\""));
    ck_assert_ptr_nonnull(strstr(reply.body, strchr(field, '=') + 1));
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

/* What was typed comes back, but for the identity; each fault is marked at its field. */
START_TEST(faults_come_back_with_the_form)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    json_t *body = fixture_submission();
    fixture_set(body, "/identity/value", json_string("nobody-in-particular"));
    fixture_set(body, "/answers/1-1/remark", json_string("</textarea><b>\"bold\"</b>"));
    char *form = fixture_form(body, state);
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    ck_assert_ptr_null(strstr(reply.body, "nobody-in-particular"));
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"identity-value-error\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "aria-invalid=\"true\""));
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    reply = step(client, "en", state, FIELDS("/step=identity", "/go=change-measure-1-1"));
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "&lt;/textarea&gt;&lt;b&gt;"));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/from\" value=\"check\""));
    free(form);
    free(state);
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
    int64_t before = submissions();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *state = scene_form_state(client);
        json_t *good = fixture_submission();
        char *form = fixture_form(good, state);
        struct client_reply reply =
            send_form(client, "en", cases[i].headers, cases[i].body ? cases[i].body : form);
        ck_assert_msg(reply.status == cases[i].status, "case %zu: %d %.300s", i, reply.status,
                      reply.body);
        client_reply_clear(&reply);
        json_decref(good);
        free(form);
        free(state);
    }
    ck_assert_int_eq(submissions(), before);
    client_free(client);
}
END_TEST

/* Changing language while answering is a button: nothing is stored, nothing is lost. */
START_TEST(answers_follow_into_another_language)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    int64_t before = submissions();
    struct client_reply reply =
        step(client, "zh-Hant", state,
             FIELDS("/step=measure-1-1", "/answers/1-1/remark=A remark.", "/way=quick-1-1"));
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "A remark."));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/way\" value=\"quick-1-1\""));
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    reply = step(client, "zh-Hans", state,
                 FIELDS("/step=identity", "/identity/value=somebody@example.org"));
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/step\" value=\"identity\""));
    ck_assert_ptr_null(strstr(reply.body, "somebody@example.org"));
    ck_assert_int_eq(submissions(), before);
    free(state);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* A state that was changed, or is none: said, and what this step holds is still there. */
START_TEST(states_that_cannot_be_opened)
{
    struct client *client = scene_client(&scene);
    char *good = scene_form_state(client), *changed = scene_form_state(client);
    size_t at = strlen(changed) / 2;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const char *const states[] = {changed, "", "AAAA", "no base64"};
    int64_t before = submissions();
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct client_reply reply =
            step(client, "en", states[i],
                 FIELDS("/step=measure-1-1", "/answers/1-1/remark=Kept words.", "/go=next"));
        expect_page(&reply, 200);
        ck_assert_ptr_nonnull(strstr(reply.body, "This form could not be read"));
        ck_assert_ptr_nonnull(strstr(reply.body, "Kept words."));
        client_reply_clear(&reply);
        json_t *body = fixture_submission();
        char *form = fixture_form(body, states[i]);
        reply = send_form(client, "en", NULL, form);
        expect_page(&reply, 422);
        ck_assert_ptr_nonnull(strstr(reply.body, "This form could not be read"));
        client_reply_clear(&reply);
        free(form);
        json_decref(body);
    }
    char path[] = "/en/consultations/" SCENE_REHEARSAL "/answer";
    char *form = fixture_form_add(NULL, "/state", good);
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){.method = "POST", .path = path, .type = FORM_TYPE, .body = form});
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "belongs to another consultation"));
    client_reply_clear(&reply);
    ck_assert_int_eq(submissions(), before);
    free(form);
    free(good);
    free(changed);
    client_free(client);
}
END_TEST

/* Nothing is stored before it is decided what becomes of it. */
START_TEST(personal_data_is_asked_about)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    int64_t before = submissions();
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/remark",
                json_string("Ring ９１２３ ４５６７ or a@b.example. A123456(3)."));
    char *form = fixture_form(body, state);
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"personal-2-error\""));
    ck_assert_int_eq(submissions(), before);
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    step_on(client, &state,
            FIELDS("/step=check", "/personal/0=mask", "/personal/1=keep", "/personal/2=mask",
                   "/go=next"));
    free(form);
    form = fixture_form_add(NULL, "/state", state);
    form = fixture_form_add(form, "/step", "identity");
    form = fixture_form_add(form, "/identity/kind", "email");
    form = fixture_form_add(form, "/identity/value", "masked@example.org");
    reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 201);
    char *text = cluster_text(scene.cluster,
                              "select original from remarks where part = 0 order by submission_id"
                              " desc limit 1");
    ck_assert_str_eq(text, "Ring *** or a@b.example. ***.");
    free(text);
    free(form);
    free(state);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Even where what was kept fills the list of what is asked about. */
START_TEST(all_of_it_is_masked)
{
    enum { NUMBERS = 60, KEPT = 40 };
    char remark[NUMBERS * 10 + 1] = "", decisions[KEPT][24];
    const char *fields[KEPT + 3] = {"/step=check"};
    for (size_t i = 0, at = 0; i < NUMBERS; i++)
        at += (size_t)snprintf(remark + at, sizeof remark - at, "912300%02zu; ", i);
    for (size_t i = 0; i < KEPT; i++) {
        snprintf(decisions[i], sizeof decisions[i], "/personal/%zu=keep", i);
        fields[1 + i] = decisions[i];
    }
    fields[1 + KEPT] = "/go=check";
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/remark", json_string(remark));
    char *form = fixture_form(body, state);
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    step_on(client, &state, fields);
    reply = step(client, "en", state, FIELDS("/step=check", "/go=mask-all"));
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "91230039; ***; "));
    ck_assert_ptr_null(strstr(reply.body, "91230040"));
    ck_assert_ptr_null(strstr(reply.body, "91230059"));
    client_reply_clear(&reply);
    free(state);
    free(form);
    json_decref(body);
    client_free(client);
}
END_TEST

/* A program fills in what it finds: refused, and said. */
START_TEST(trap)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    int64_t before = submissions();
    json_t *body = fixture_submission();
    char *form = fixture_form_add(fixture_form(body, state), "/leave_empty", "http://spam.example");
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"#leave_empty\""));
    ck_assert_ptr_null(strstr(reply.body, "spam.example"));
    ck_assert_int_eq(submissions(), before);
    free(form);
    free(state);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Its key is good once: other content under it is refused, and may go on in a new form. */
START_TEST(changed_and_sent_again)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client);
    json_t *body = fixture_submission();
    char *form = fixture_form(body, state);
    struct client_reply reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 201);
    client_reply_clear(&reply);
    fixture_set(body, "/answers/1-1/stance", json_integer(1));
    free(form);
    form = fixture_form(body, state);
    reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "value=\"renew\""));
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    step_on(client, &state, FIELDS("/step=identity", "/go=renew"));
    fixture_set(body, "/identity/value", json_string("renewed@example.org"));
    free(form);
    form = fixture_form(body, state);
    reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 201);
    free(form);
    free(state);
    json_decref(body);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

static const char *missing_in(const struct client_reply *reply, const char *const *words)
{
    while (*words && strstr(reply->body, *words))
        words++;
    return *words;
}

/* Within the time for which a live page may be kept. */
static void expect_in(struct client *client, const char *path, const char *const *words)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    const char *missing = *words;
    for (int tries = 0; tries < 200 && missing; tries++) {
        struct client_reply reply = client_get(client, path);
        missing = missing_in(&reply, words);
        client_reply_clear(&reply);
        if (missing)
            nanosleep(&pause, NULL);
    }
    ck_assert_msg(!missing, "%s has no %s", path, missing);
}

/* How the department is reached stands where personal data is asked for, in what the consultation
 * says of itself, and on the privacy page; and nowhere before it is known. */
START_TEST(contact_details_are_shown)
{
    static const char *const words[] = {
        "Chief Officer &amp; Secretary", "Tamar<br>Tim Mei Avenue",
        "<a class=\"govuk-link\" href=\"tel:+85228103474\">+852 2810 3474</a>",
        "<a class=\"govuk-link\" href=\"mailto:iti@example.hk\">", NULL};
    char said[DRAFT_SAID];
    struct client *client = scene_client(&scene);
    struct client_reply bare = client_get(client, "/en/privacy");
    ck_assert_ptr_null(strstr(bare.body, "Whom to ask"));
    json_t *document =
        json_load_file(SOURCE_FOLDER "/schema/consultations/" SCENE_SLUG ".json", 0, NULL);
    json_t *details =
        json_pack("{s:{s:i, s:s, s:s, s:s}, s:{s:i, s:s, s:s, s:s}, s:{s:i, s:s}, s:{s:i, s:s}}",
                  "post", "version", 1, "zh-Hant", "主任", "en", "Chief Officer & Secretary",
                  "zh-Hans", "主任", "address", "version", 1, "zh-Hant", "添馬\n添美道", "en",
                  "Tamar\nTim Mei Avenue", "zh-Hans", "添马\n添美道", "telephone", "version", 1,
                  "value", "+852 2810 3474", "email", "version", 1, "value", "iti@example.hk");
    json_object_set_new(document, "contact_details", details);
    ck_assert_msg(draft_import(&scene, document, NULL, NULL, said) == 0, "%s", said);
    expect_in(client, SCENE_API "?language=en",
              (const char *const[]){"\"telephone\":\"+852 2810 3474\"", NULL});
    expect_in(client, "/en/consultations/" SCENE_SLUG, words);
    expect_in(client, "/en/consultations/" SCENE_SLUG "/booklet", words);
    char *state = scene_form_state(client);
    struct client_reply about =
        step(client, "en", state, FIELDS("/step=tasks", "/way=full", "/go=about"));
    ck_assert_ptr_null(missing_in(&about, words));
    expect_in(client, "/en/privacy", words);
    free(state);
    json_decref(document);
    client_reply_clear(&about);
    client_reply_clear(&bare);
    client_free(client);
}
END_TEST

/* Opened before the close and sent within the grace: taken, and marked. Opened after it, sent after
 * the grace, or without a form: not, and what was filled in is shown. */
START_TEST(closing_in_the_middle)
{
    struct client *client = scene_client(&scene);
    char *state = scene_form_state(client), *late = scene_form_state(client), key[FIXTURE_KEY];
    json_t *body = fixture_submission();
    fixture_set(body, "/answers/1-1/remark", json_string("Words in time."));
    char *form = fixture_form(body, state);
    scene_window(&scene, "now() - interval '1 day'", "now()");
    struct client_reply reply = step(client, "en", state, FIELDS("/step=tasks", "/go=priorities"));
    expect_page(&reply, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "You opened this form in time"));
    client_reply_clear(&reply);
    reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 201);
    client_reply_clear(&reply);
    ck_assert_int_eq(
        cluster_number(scene.cluster, "select count(*) from submissions where within_grace"), 1);
    /* The interface has no form, and so no grace. */
    fixture_key(key);
    reply = client_post_json(client, SCENE_API "/submissions", key, fixture_smallest());
    scene_expect_problem(&reply, 409, "closed", NULL);
    client_reply_clear(&reply);
    /* Nor does a form that cannot show when it was opened. */
    reply = client_get(client, "/en/consultations/" SCENE_SLUG "/answer");
    ck_assert_ptr_null(strstr(reply.body, "name=\"/state\""));
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '2 days'", "now() - interval '1 day'");
    free(form);
    fixture_set(body, "/identity/value", json_string("late@example.org"));
    form = fixture_form(body, late);
    reply = send_form(client, "en", NULL, form);
    expect_page(&reply, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "was not sent"));
    ck_assert_ptr_nonnull(strstr(reply.body, "Words in time."));
    ck_assert_ptr_null(strstr(reply.body, "late@example.org"));
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '1 day'", "now() + interval '1 day'");
    free(form);
    free(state);
    free(late);
    json_decref(body);
    client_free(client);
}
END_TEST

SCENE_MAIN("form", NULL, pages_in_three_languages, addresses_that_move_on,
           form_is_recorded_as_the_interface_would, full_way, steps_lead_on,
           too_long_says_by_how_much, faults_come_back_with_the_form, forms_refused_as_a_whole,
           answers_follow_into_another_language, states_that_cannot_be_opened,
           personal_data_is_asked_about, all_of_it_is_masked, trap, changed_and_sent_again,
           contact_details_are_shown, closing_in_the_middle)
