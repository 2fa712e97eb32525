/* Save and come back: a form kept under a return code, opened by it on another device, and gone
 * when it was sent, erased, or old. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static const char *const settings[] = {"code_tries_per_prefix=3", "saves_per_prefix=40",
                                       "saved_megabytes_per_prefix=1", NULL};

#define FORM_TYPE "application/x-www-form-urlencoded"
#define FORM_AT "/en/consultations/" SCENE_SLUG

static struct client_reply post(struct client *client, const char *path, char *body)
{
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){.method = "POST", .path = path, .type = FORM_TYPE, .body = body});
    free(body);
    return reply;
}

/* The measure's step with a remark, sent to `where` with the state (NULL: a form opened now). */
static struct client_reply step(struct client *client, const char *where, const char *state,
                                const char *remark)
{
    char *fresh = state ? NULL : scene_form_state(client);
    char *body = fixture_form_add(NULL, "/state", state ? state : fresh);
    body = fixture_form_add(body, "/step", "measure-1-3");
    body = fixture_form_add(body, "/answers/1-3/remark", remark);
    body = fixture_form_add(body, "/go", "save");
    free(fresh);
    return post(client, where, body);
}

static void code_of(const struct client_reply *reply, char code[FIXTURE_RETURN_CODE])
{
    ck_assert_msg(reply->status == 201 && fixture_return_code(reply->body, code), "%d %.500s",
                  reply->status, reply->body);
}

static void keep(struct client *client, const char *state, const char *remark, char code[24])
{
    struct client_reply reply = step(client, FORM_AT "/saved-answers", state, remark);
    code_of(&reply, code);
    client_reply_clear(&reply);
}

static struct client_reply with_code(struct client *client, const char *code, const char *go)
{
    char *body = fixture_form_add(NULL, "/code", code);
    return post(client, "/en/saved-answers", fixture_form_add(body, "/go", go));
}

static void expect_open(struct client *client, const char *code, const char *remark)
{
    struct client_reply reply = with_code(client, code, "open");
    ck_assert_msg(reply.status == 200, "%d %.500s", reply.status, reply.body);
    char cache[40] = "", *state = fixture_form_state(reply.body);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    ck_assert_ptr_nonnull(state);
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/step\" value=\"tasks\""));
    ck_assert_ptr_null(strstr(reply.body, code));
    client_reply_clear(&reply);
    char *body = fixture_form_add(NULL, "/state", state);
    body = fixture_form_add(body, "/step", "tasks");
    reply = post(client, FORM_AT "/answer", fixture_form_add(body, "/go", "check"));
    ck_assert_ptr_nonnull(strstr(reply.body, remark));
    free(state);
    client_reply_clear(&reply);
}

static void expect_wrong(struct client *client, const char *code, const char *go, int status)
{
    struct client_reply reply = with_code(client, code, go);
    ck_assert_msg(reply.status == status, "%s: %d %.500s", code, reply.status, reply.body);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"code-error\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"#code\""));
    client_reply_clear(&reply);
}

static int64_t rows(void)
{
    return cluster_number(scene.cluster, "select count(*) from saved_forms");
}

/* Every test begins with none kept. */
static struct client *begin(const char *source)
{
    free(cluster_text(scene.cluster, "with gone as (delete from saved_forms returning 1)"
                                     " select count(*)::text from gone"));
    return client_new_from(server_address(scene.server), source);
}

START_TEST(kept_and_opened_elsewhere)
{
    struct client *client = begin("127.0.1.1"),
                  *elsewhere = client_new_from(server_address(scene.server), "127.0.1.2");
    char code[24], typed[48];
    keep(client, NULL, "Half a thought.", code);
    ck_assert_int_eq(rows(), 1);
    snprintf(typed, sizeof typed, " %.4s-%.4s-%.4s %.4s %.4s", code, code + 4, code + 8, code + 12,
             code + 16);
    for (char *p = typed; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    expect_open(elsewhere, typed, "Half a thought.");
    ck_assert_int_eq(rows(), 1); /* it stays until it is sent */
    client_free(client);
    client_free(elsewhere);
}
END_TEST

/* The row is opaque: neither words nor code stand in it or anywhere else in the database. */
START_TEST(nothing_to_read_without_the_code)
{
    struct client *client = begin("127.0.1.3");
    char code[24], sql[256];
    keep(client, NULL, "Half a thought.", code);
    ck_assert_int_eq(
        cluster_number(
            scene.cluster,
            "select count(*) from saved_forms where position('thought'::bytea in sealed) > 0"
            " or position('consultation'::bytea in sealed) > 0"),
        0);
    snprintf(sql, sizeof sql,
             "select count(*) from saved_forms where position('%s'::bytea in sealed) > 0"
             " or find_hash::text like '%%%s%%' or octet_length(sealed) <> 1064",
             code, code);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 0);
    client_free(client);
}
END_TEST

/* Kept again after it was opened: the same code, the later words. */
START_TEST(code_stays_the_same)
{
    struct client *client = begin("127.0.1.4");
    char first[24], second[24];
    struct client_reply reply = step(client, FORM_AT "/saved-answers", NULL, "Early words.");
    code_of(&reply, first);
    char *state = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(state);
    client_reply_clear(&reply);
    keep(client, state, "Later words.", second);
    ck_assert_str_eq(first, second);
    ck_assert_int_eq(rows(), 1);
    expect_open(client, first, "Later words.");
    free(state);
    client_free(client);
}
END_TEST

START_TEST(erased_on_request)
{
    struct client *client = begin("127.0.1.5");
    char code[24];
    keep(client, NULL, "Half a thought.", code);
    struct client_reply reply = with_code(client, code, "erase");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "are erased"));
    ck_assert_int_eq(rows(), 0);
    expect_wrong(client, code, "open", 403);
    expect_wrong(client, code, "erase", 403);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(erased_when_sent)
{
    struct client *client = begin("127.0.1.6");
    struct client_reply reply = step(client, FORM_AT "/saved-answers", NULL, "Half a thought.");
    char *state = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(state);
    client_reply_clear(&reply);
    json_t *body = fixture_smallest();
    fixture_set(body, "/language", NULL);
    reply = post(client, FORM_AT "/submissions", fixture_form(body, state));
    ck_assert_msg(reply.status == 201, "%d %.500s", reply.status, reply.body);
    scene_await(&scene, "select count(*) from saved_forms", 0);
    json_decref(body);
    free(state);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Fourteen days later it is not given any more, and soon gone. */
START_TEST(expires)
{
    struct client *client = begin("127.0.1.7");
    char code[24];
    keep(client, NULL, "Half a thought.", code);
    ck_assert_int_eq(
        cluster_number(scene.cluster,
                       "select count(*) from saved_forms where expires_at between now() +"
                       " interval '13 days 23 hours' and now() + interval '14 days'"),
        1);
    free(cluster_text(scene.cluster, "with late as (update saved_forms set expires_at = now()"
                                     " returning 1) select count(*)::text from late"));
    expect_wrong(client, code, "open", 403);
    scene_await(&scene, "select count(*) from saved_forms", 0);
    client_free(client);
}
END_TEST

/* Mistyped ones are told by their check and cost nothing; tries of codes that could be right are
 * bounded, and the right one waits as well, lest it be told by that. */
START_TEST(tries_are_bounded)
{
    static const char *const mistyped[] = {"", "0000", "0000 0000 0000 0000 0001",
                                           "0000 0000 0000 0000 000!", "00000000000000000000000"};
    struct client *client = begin("127.0.1.8"),
                  *neighbour = client_new_from(server_address(scene.server), "127.0.1.9");
    char code[24], wait[16] = "";
    keep(client, NULL, "Half a thought.", code);
    for (size_t i = 0; i < sizeof mistyped / sizeof *mistyped; i++)
        expect_wrong(client, mistyped[i], "open", 403);
    for (int i = 0; i < 3; i++)
        expect_wrong(client, "00000000000000000000", i ? "open" : "erase", 403);
    expect_wrong(client, "00000000000000000000", "open", 429);
    struct client_reply reply = with_code(client, code, "open");
    ck_assert_int_eq(reply.status, 429);
    ck_assert(client_header(&reply, "Retry-After", wait, sizeof wait));
    ck_assert_msg(strstr(reply.body, "You can try again in "), "%s", reply.body);
    expect_open(neighbour, code, "Half a thought.");
    client_reply_clear(&reply);
    client_free(client);
    client_free(neighbour);
}
END_TEST

/* Refused ones come back with what was typed, and nothing is kept. */
START_TEST(refusals_lose_nothing)
{
    struct client *client = begin("127.0.1.10");
    struct client_reply reply =
        step(client, FORM_AT "/saved-answers", "no state of ours", "Half a thought.");
    ck_assert_ptr_nonnull(strstr(reply.body, "Half a thought."));
    ck_assert_ptr_nonnull(strstr(reply.body, "govuk-error-summary"));
    ck_assert_int_eq(rows(), 0);
    client_reply_clear(&reply);
    reply = post(client, FORM_AT "/saved-answers", strdup("%zz"));
    ck_assert_int_eq(reply.status, 400);
    client_reply_clear(&reply);
    char *state = scene_form_state(client);
    for (int i = 0; i < 40; i++) {
        reply = step(client, FORM_AT "/saved-answers", state, "Half a thought.");
        if (reply.status == 429)
            break;
        ck_assert_int_eq(reply.status, 201);
        client_reply_clear(&reply);
    }
    reply = step(client, FORM_AT "/saved-answers", state, "Half a thought.");
    ck_assert_int_eq(reply.status, 429);
    ck_assert_ptr_nonnull(strstr(reply.body, "Half a thought."));
    char wait[16] = "";
    ck_assert(client_header(&reply, "Retry-After", wait, sizeof wait));
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

static int64_t figure(const char *name)
{
    struct client *inner = scene_inner_client(&scene);
    struct client_reply reply = client_get(inner, "/metrics");
    char line[80];
    snprintf(line, sizeof line, "\nconsultation_%s ", name);
    const char *at = strstr(reply.body, line);
    ck_assert_msg(at != NULL, "no figure %s", name);
    int64_t value = strtoll(at + strlen(line), NULL, 10);
    client_reply_clear(&reply);
    client_free(inner);
    return value;
}

/* No room: said in words, with what was written still on the page, and counted. */
static void expect_full(struct client_reply reply, const char *words)
{
    ck_assert_msg(reply.status == 503, "%d %.500s", reply.status, reply.body);
    ck_assert_ptr_nonnull(strstr(reply.body, "There is no room to save answers just now"));
    ck_assert_ptr_nonnull(strstr(reply.body, words));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/state\""));
    char wait[16] = "";
    ck_assert(client_header(&reply, "Retry-After", wait, sizeof wait));
    ck_assert_msg(strtol(wait, NULL, 10) >= 600, "room comes slowly: %s", wait);
    client_reply_clear(&reply);
}

START_TEST(bytes_of_a_consultation_are_bounded)
{
    struct client *client = begin("127.0.1.12");
    char code[24];
    int64_t refused = figure("saved_forms_refused_total"), kept = figure("saved_forms_kept_total");
    keep(client, NULL, "Half a thought.", code);
    free(cluster_text(scene.cluster,
                      "with more as (update saved_form_totals set bytes = 2048 * 1048576::bigint"
                      " returning 1) select count(*)::text from more"));
    expect_full(step(client, FORM_AT "/saved-answers", NULL, "A second thought."),
                "A second thought.");
    ck_assert_int_eq(rows(), 1);
    ck_assert_int_eq(figure("saved_forms_refused_total"), refused + 1);
    ck_assert_int_eq(figure("saved_forms_kept_total"), kept + 1);
    free(cluster_text(scene.cluster, "with less as (update saved_form_totals set bytes = 1064"
                                     " returning 1) select count(*)::text from less"));
    keep(client, NULL, "A second thought.", code);
    while (figure("saved_forms") != 2 || figure("saved_form_bytes") != 2 * 1064)
        ;
    client_free(client);
}
END_TEST

/* One network fills its own share and nobody else's. */
START_TEST(bytes_of_a_network_are_bounded)
{
    enum { CHARACTERS = 5000, ENOUGH = 31 }; /* 32 KiB sealed, of 1 MiB */
    struct client *client = begin("127.0.1.13"),
                  *neighbour = client_new_from(server_address(scene.server), "127.0.1.14");
    char *view = calloc(CHARACTERS * 4 + 1, 1), code[24];
    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(view + 4 * i, "\xf0\xa0\xae\xb7", 4);
    for (int i = 0; i <= ENOUGH; i++) {
        char *state = scene_form_state(client);
        char *body = fixture_form_add(NULL, "/state", state);
        body = fixture_form_add(body, "/step", "views");
        body = fixture_form_add(body, "/views/1/text", view);
        struct client_reply reply =
            post(client, FORM_AT "/saved-answers", fixture_form_add(body, "/go", "save"));
        if (i < ENOUGH)
            ck_assert_msg(reply.status == 201, "%d: %d %.500s", i, reply.status, reply.body);
        if (i < ENOUGH)
            client_reply_clear(&reply);
        else
            expect_full(reply, view);
        free(state);
    }
    ck_assert_int_eq(rows(), ENOUGH);
    keep(neighbour, NULL, "Half a thought.", code);
    free(view);
    client_free(client);
    client_free(neighbour);
}
END_TEST

/* After the close what was kept is shown and said to be unsent; nothing more is kept. */
START_TEST(after_the_close)
{
    struct client *client = begin("127.0.1.11");
    char code[24], *state = scene_form_state(client);
    keep(client, state, "Half a thought.", code);
    scene_window(&scene, "now() - interval '30 days'", "now() - interval '20 days'");
    struct client_reply reply = with_code(client, code, "open");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "Half a thought."));
    ck_assert_ptr_null(strstr(reply.body, "name=\"/state\""));
    client_reply_clear(&reply);
    reply = step(client, FORM_AT "/saved-answers", state, "More of it.");
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "More of it."));
    ck_assert_int_eq(rows(), 1);
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '2 days'", "now() + interval '10 days'");
    free(state);
    client_free(client);
}
END_TEST

SCENE_MAIN("saved_answers", settings, kept_and_opened_elsewhere, nothing_to_read_without_the_code,
           code_stays_the_same, erased_on_request, erased_when_sent, expires, tries_are_bounded,
           refusals_lose_nothing, bytes_of_a_consultation_are_bounded,
           bytes_of_a_network_are_bounded, after_the_close)
