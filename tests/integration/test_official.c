/* Officials: set-up, sign-in, sessions, tokens, what they may do to each other, and the record of
 * it. The walk over all routes is test_walk's. */
#include "support/officials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static const char *const settings[] = {"sign_in_tries_per_account=4", "sign_in_tries_per_prefix=60",
                                       NULL};

#define OFFICIALS "/en/officials"
#define SIGN_IN OFFICIALS "/sign-in"
#define SET_UP OFFICIALS "/set-up"
#define OWN OFFICIALS "/own-account"

static const struct official_made nobody;

/* A client from a network of its own, so that no test uses up another's tries. */
static struct client *client_from(const char *source)
{
    return client_new_from(server_address(scene.server), source);
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static void expect_redirect(struct client_reply *reply, const char *to)
{
    char location[128] = "";
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 && strcmp(location, to) == 0, "%d %s instead of %s: %.600s",
                  reply->status, location, to, reply->body);
    client_reply_clear(reply);
}

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static void sql(const char *statement)
{
    free(cluster_text(scene.cluster, statement));
}

static struct client_reply sign_in(struct client *client, const char *login, const char *password)
{
    return official_post(
        client, &nobody, SIGN_IN,
        fixture_form_add(fixture_form_add(NULL, "/login", login), "/password", password));
}

static struct client_reply set_up(struct client *client, const char *token, const char *password,
                                  const char *again, const char *code)
{
    char *body = fixture_form_add(NULL, "/token", token);
    body = fixture_form_add(body, "/password", password);
    body = fixture_form_add(body, "/again", again);
    return official_post(client, &nobody, SET_UP, fixture_form_add(body, "/code", code));
}

START_TEST(set_up_by_a_link_that_works_once)
{
    struct client *client = client_from("127.0.1.1");
    struct official_made ann;
    char link[128];
    official_add(&scene, "ann", NULL, &ann);
    struct client_reply page = official_get(client, &nobody, SET_UP);
    expect(&page, 200, "name=\"/token\"");
    page = official_post(client, &nobody, SET_UP, fixture_form_add(NULL, "/token", "nonsense"));
    expect(&page, 403, "set-up link is not right");
    snprintf(link, sizeof link, " https://x.example%s#%s", SET_UP, ann.link);
    page = official_post(client, &nobody, SET_UP, fixture_form_add(NULL, "/token", link));
    expect(&page, 200, "<svg");
    /* All that is wrong at once, and nothing of it is done. */
    page = set_up(client, ann.link, "too short", "too short", "000000");
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#password\""));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#code\""));
    ck_assert_ptr_null(strstr(page.body, "too short\""));
    expect(&page, 422, "at least twelve characters");
    page = set_up(client, ann.link, OFFICIAL_PASSWORD, "another one here", "000000");
    expect(&page, 422, "href=\"#again\"");
    ck_assert_int_eq(number("select count(*) from officials where login = 'ann' and "
                            "(password_hash is not null or totp_active_at is not null)"),
                     0);
    client_free(client);
    struct official_made bob;
    official_make(&scene, "bob", NULL, &bob);
    client = client_from("127.0.1.1");
    page = official_post(client, &nobody, SET_UP, fixture_form_add(NULL, "/token", bob.link));
    expect(&page, 403, "was used already");
    client_free(client);
}
END_TEST

/* The way of openid_accounts.c, where no provider is set. */
START_TEST(no_provider_no_way_there)
{
    static const char *const pages[] = {SIGN_IN, OWN, "/en/institution/sign-in"};
    static const char *const absent[] = {"/openid/officials", "/openid/institution", OWN "/openid"};
    struct client *client = client_from("127.0.1.20");
    struct official_made pat;
    official_make(&scene, "pat", NULL, &pat);
    official_sign_in(&scene, client, &pat);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct client_reply page = official_get(client, &pat, pages[i]);
        ck_assert_ptr_null(strstr(page.body, "openid\""));
        expect(&page, 200, NULL);
        page = official_get(client, &pat, absent[i]);
        expect(&page, 404, NULL);
    }
    struct client_reply reply = official_post(client, &pat, SIGN_IN "/openid", strdup("a=b"));
    expect(&reply, 404, NULL);
    reply = official_post(client, &pat, OWN "/openid",
                          fixture_form_add(NULL, "/present", OFFICIAL_PASSWORD));
    expect(&reply, 404, NULL);
    client_free(client);
}
END_TEST

START_TEST(cookie_is_closed_and_the_code_good_once)
{
    struct client *client = client_from("127.0.1.2");
    struct official_made cat, again;
    char code[7], set[256] = "", cache[32] = "";
    official_make(&scene, "cat", NULL, &cat);
    struct client_reply reply = sign_in(client, " CAT ", OFFICIAL_PASSWORD);
    ck_assert(client_header(&reply, "Set-Cookie", set, sizeof set));
    ck_assert_int_eq(strncmp(set, "official=", 9), 0);
    ck_assert_str_eq(set + strcspn(set, ";"), "; Path=/; HttpOnly; SameSite=Strict");
    expect_redirect(&reply, SIGN_IN "/code");
    official_half_sign_in(client, &cat);
    reply = official_get(client, &cat, OFFICIALS);
    expect_redirect(&reply, SIGN_IN "/code");
    /* This step's code was used; the next one is good, once. One time for both, since the step may
     * pass meanwhile. */
    const time_t now = time(NULL);
    char used[128];
    snprintf(used, sizeof used,
             "update officials set totp_step = %lld where login = 'cat' returning login",
             (long long)now / 30);
    sql(used);
    official_code(&cat, now, code);
    reply = official_post(client, &cat, SIGN_IN "/code", fixture_form_add(NULL, "/code", code));
    expect(&reply, 403, "was used already");
    again = cat;
    official_half_sign_in(client, &again);
    official_code(&cat, now + 30, code);
    struct official_made before = cat;
    reply = official_post(client, &cat, SIGN_IN "/code", fixture_form_add(NULL, "/code", code));
    ck_assert(client_header(&reply, "Set-Cookie", set, sizeof set));
    expect_redirect(&reply, OFFICIALS);
    reply = official_post(client, &again, SIGN_IN "/code", fixture_form_add(NULL, "/code", code));
    expect(&reply, 403, "was used already");
    /* The cookie of before the code opens nothing now. */
    reply = official_get(client, &before, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    snprintf(cat.cookie, sizeof cat.cookie, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    reply = official_get(client, &cat, OFFICIALS);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    expect(&reply, 200, "My work");
    client_free(client);
}
END_TEST

START_TEST(recovery_code_in_the_place_of_the_other)
{
    struct client *client = client_from("127.0.1.3");
    struct official_made dan;
    official_make(&scene, "dan", NULL, &dan);
    for (int i = 0; i < 2; i++) {
        official_half_sign_in(client, &dan);
        struct client_reply reply = official_post(client, &dan, SIGN_IN "/code",
                                                  fixture_form_add(NULL, "/code", dan.recovery));
        if (i == 0)
            expect_redirect(&reply, OFFICIALS);
        else
            expect(&reply, 403, "was used already");
    }
    for (int i = 0; i < 3; i++) {
        struct client_reply reply =
            official_post(client, &dan, SIGN_IN "/code", fixture_form_add(NULL, "/code", "123456"));
        expect(&reply, 403, NULL);
    }
    struct client_reply reply =
        official_post(client, &dan, SIGN_IN "/code", fixture_form_add(NULL, "/code", "123456"));
    expect(&reply, 401, "Sign in first");
    client_free(client);
}
END_TEST

/* Who has no account, a wrong password, a disabled account, or one that is not set up: the same. */
START_TEST(the_same_reply_for_everybody)
{
    struct client *client = client_from("127.0.1.4");
    struct official_made eve, gus;
    official_make(&scene, "eve", NULL, &eve);
    official_make(&scene, "fay", NULL, &eve);
    official_add(&scene, "gus", NULL, &gus);
    sql("update officials set disabled_at = now() where login = 'fay' returning login");
    static const char *const logins[] = {"eve", "fay", "gus", "nobody", "not a name!"};
    char *first = NULL;
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct client_reply reply =
            sign_in(client, logins[i], i == 0 ? "a wrong password" : OFFICIAL_PASSWORD);
        char *at = strstr(reply.body, "value=\""), set[64];
        ck_assert_int_eq(reply.status, 403);
        ck_assert(!client_header(&reply, "Set-Cookie", set, sizeof set));
        memmove(at, strstr(at + 7, "\""), strlen(strstr(at + 7, "\"")) + 1);
        if (first)
            ck_assert_str_eq(first, reply.body);
        else
            first = strdup(reply.body);
        client_reply_clear(&reply);
    }
    free(first);
    client_free(client);
}
END_TEST

/* Wrong passwords slow down the name from there; its holder elsewhere does not notice. */
START_TEST(nobody_is_locked_out)
{
    struct client *attacker = client_from("127.0.1.5"), *holder = client_from("127.0.1.6");
    struct official_made hal;
    official_make(&scene, "hal", NULL, &hal);
    char retry[16] = "";
    for (int i = 0; i < 4; i++) {
        struct client_reply reply = sign_in(attacker, "hal", "a wrong password");
        expect(&reply, 403, NULL);
    }
    struct client_reply reply = sign_in(attacker, "hal", OFFICIAL_PASSWORD);
    ck_assert(client_header(&reply, "Retry-After", retry, sizeof retry));
    ck_assert_int_gt(strtol(retry, NULL, 10), 0);
    ck_assert_int_le(strtol(retry, NULL, 10), 225);
    expect(&reply, 429, "value=\"hal\"");
    /* The same for a name that nobody has. */
    for (int i = 0; i < 5; i++) {
        reply = sign_in(attacker, "hal-is-not", "a wrong password");
        expect(&reply, i < 4 ? 403 : 429, NULL);
    }
    official_sign_in(&scene, holder, &hal);
    ck_assert_int_eq(number("select refused from officials where login = 'hal'"), 0);
    client_free(attacker);
    client_free(holder);
}
END_TEST

START_TEST(sessions_end)
{
    struct client *client = client_from("127.0.1.7");
    struct official_made ivy, other;
    official_make(&scene, "ivy", NULL, &ivy);
    other = ivy;
    official_sign_in(&scene, client, &other);
    official_sign_in(&scene, client, &ivy);
    struct client_reply reply = official_get(client, &ivy, OWN);
    expect(&reply, 200, "127.0.1.0/24");
    reply =
        official_post(client, &ivy, OWN "/sessions", fixture_form_add(NULL, "/session", "others"));
    expect_redirect(&reply, OWN "?done=sessions");
    reply = official_get(client, &other, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    reply = official_get(client, &ivy, OFFICIALS);
    expect(&reply, 200, NULL);
    /* Idle, and by the absolute end. */
    sql("update official_sessions s set seen_at = now() - interval '31 minutes' from officials o"
        " where o.official_id = s.official_id and login = 'ivy' returning login");
    reply = official_get(client, &ivy, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    official_sign_in(&scene, client, &ivy);
    sql("update official_sessions s set expires_at = now() from officials o"
        " where o.official_id = s.official_id and login = 'ivy' returning login");
    reply = official_get(client, &ivy, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    /* Signed out, the cookie is taken back and opens nothing. */
    official_sign_in(&scene, client, &ivy);
    char set[128] = "";
    reply = official_post(client, &ivy, OFFICIALS "/sign-out", NULL);
    ck_assert(client_header(&reply, "Set-Cookie", set, sizeof set));
    ck_assert_ptr_nonnull(strstr(set, "Max-Age=0"));
    expect_redirect(&reply, SIGN_IN);
    reply = official_get(client, &ivy, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    client_free(client);
}
END_TEST

START_TEST(forms_of_others_are_refused)
{
    struct client *client = client_from("127.0.1.8");
    struct official_made joe, kim;
    official_make(&scene, "joe", NULL, &joe);
    official_make(&scene, "kim", NULL, &kim);
    official_sign_in(&scene, client, &joe);
    official_sign_in(&scene, client, &kim);
    struct official_made forged = joe;
    memcpy(forged.form_token, kim.form_token, sizeof forged.form_token);
    struct client_reply reply = official_post(client, &forged, OFFICIALS "/sign-out", NULL);
    expect(&reply, 403, "form-token-wrong");
    forged.form_token[0] = '\0';
    reply =
        official_post(client, &forged, OFFICIALS "/sign-out", fixture_form_add(NULL, "/a", "b"));
    expect(&reply, 403, "form-token-wrong");
    char headers[160];
    snprintf(headers, sizeof headers, "%sSec-Fetch-Site: cross-site\r\n", joe.cookie);
    char *body = fixture_form_add(NULL, "/form_token", joe.form_token);
    reply = client_run(client, &(struct client_ask){.method = "POST",
                                                    .path = OFFICIALS "/sign-out",
                                                    .headers = headers,
                                                    .type = "application/x-www-form-urlencoded",
                                                    .body = body});
    free(body);
    expect(&reply, 403, "cross-site");
    reply = official_get(client, &joe, OFFICIALS);
    expect(&reply, 200, NULL);
    client_free(client);
}
END_TEST

START_TEST(another_password_ends_other_sessions)
{
    struct client *client = client_from("127.0.1.9");
    struct official_made lou, other;
    official_make(&scene, "lou", NULL, &lou);
    other = lou;
    official_sign_in(&scene, client, &other);
    official_sign_in(&scene, client, &lou);
    char *body = fixture_form_add(NULL, "/present", "not the present one");
    body = fixture_form_add(body, "/password", "quite another phrase");
    struct client_reply reply = official_post(
        client, &lou, OWN "/password", fixture_form_add(body, "/again", "quite another phrase"));
    expect(&reply, 422, "href=\"#present\"");
    body = fixture_form_add(NULL, "/present", OFFICIAL_PASSWORD);
    body = fixture_form_add(body, "/password", "quite another phrase");
    reply = official_post(client, &lou, OWN "/password",
                          fixture_form_add(body, "/again", "quite another phrase"));
    char set[128] = "";
    ck_assert(client_header(&reply, "Set-Cookie", set, sizeof set));
    expect_redirect(&reply, OWN "?done=password");
    reply = official_get(client, &other, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    reply = official_get(client, &lou, OFFICIALS);
    expect_redirect(&reply, SIGN_IN); /* the old cookie of this session, too */
    snprintf(lou.cookie, sizeof lou.cookie, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    reply = official_get(client, &lou, OWN);
    expect(&reply, 200, NULL);
    reply = sign_in(client, "lou", OFFICIAL_PASSWORD);
    expect(&reply, 403, NULL);
    client_free(client);
}
END_TEST

static struct client_reply bearer(struct client *client, const char *path, const char *token)
{
    char headers[96];
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
    return client_run(client, &(struct client_ask){.path = path, .headers = headers});
}

START_TEST(tokens_open_what_their_maker_may)
{
    struct client *client = client_from("127.0.1.10");
    struct official_made mia;
    char token[44] = "", scheme[32] = "";
    official_make(&scene, "mia", "--administrator", &mia);
    official_grant(&scene, "mia", SCENE_SLUG, "analyst");
    official_sign_in(&scene, client, &mia);
    official_token(client, &mia, "analyst " SCENE_SLUG, token);
    struct client_reply reply = bearer(client, "/v1/official", token);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(client_text(&reply, "/role"), "analyst");
    ck_assert_str_eq(client_text(&reply, "/consultation"), SCENE_SLUG);
    client_reply_clear(&reply);
    /* Its maker is an administrator; it is not. */
    reply = bearer(client, "/v1/acts", token);
    scene_expect_problem(&reply, 403, "role-missing", NULL);
    client_reply_clear(&reply);
    reply = official_get(client, &mia, OFFICIALS "/acts?who=mia&from=2020-01-01");
    expect(&reply, 200, "href=\"/zh-Hans/officials/acts?who=mia&amp;from=2020-01-01\"");
    reply = official_get(client, &mia, "/v1/acts");
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    ck_assert(client_header(&reply, "WWW-Authenticate", scheme, sizeof scheme));
    ck_assert_str_eq(scheme, "Bearer");
    client_reply_clear(&reply);
    /* It opens no page. */
    reply = bearer(client, OFFICIALS, token);
    expect_redirect(&reply, SIGN_IN);
    official_token(client, &mia, "administrator ", token);
    reply = bearer(client, "/v1/acts?what=official-token-made&who=mia", token);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq((int)json_array_size(json_at(reply.json, "/acts")), 2);
    ck_assert_str_eq(client_text(&reply, "/acts/0/from"), "127.0.1.0/24");
    client_reply_clear(&reply);
    reply = bearer(client, "/v1/acts.csv?who=mia", token);
    expect(&reply, 200, "official-token-made");
    reply = bearer(client, "/v1/acts?from=yesterday", token);
    scene_expect_problem(&reply, 422, "date-invalid", NULL);
    ck_assert_str_eq(client_text(&reply, "/field"), "/from");
    client_reply_clear(&reply);
    reply = bearer(client, "/v1/acts", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    char *id =
        cluster_text(scene.cluster, "select token_id::text from official_tokens where role = 5"
                                    " and official_id = (select official_id from officials"
                                    " where login = 'mia')");
    reply = official_post(client, &mia, OWN "/tokens", fixture_form_add(NULL, "/revoke", id));
    expect_redirect(&reply, OWN);
    free(id);
    reply = bearer(client, "/v1/acts", token);
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

static struct client_reply token_asked(struct client *client, const struct official_made *official,
                                       const char *path, const char *label, const char *scope)
{
    char *body = fixture_form_add(NULL, "/label", label);
    body = fixture_form_add(body, "/scope", scope);
    return official_post(client, official, path, fixture_form_add(body, "/days", "17"));
}

/* What was typed wrong is read in another language without typing it again; where sending it again
 * might do something, or it has a secret, nothing is sent again. */
START_TEST(faults_are_had_in_another_language)
{
    struct client *client = client_from("127.0.1.14");
    struct official_made una;
    official_make(&scene, "una", NULL, &una);
    official_sign_in(&scene, client, &una);
    struct client_reply reply =
        token_asked(client, &una, OWN "/tokens", "", "nothing of \"<this>\"");
    ck_assert_int_eq(reply.status, 422);
    const char *form = strstr(reply.body, "<form hidden id=\"other-languages\" method=\"post\"");
    ck_assert_ptr_nonnull(form);
    ck_assert_ptr_nonnull(strstr(form, "name=\"/days\" value=\"17\""));
    ck_assert_ptr_nonnull(strstr(form, "value=\"nothing of &quot;&lt;this&gt;&quot;\""));
    ck_assert_ptr_nonnull(strstr(form, una.form_token));
    expect(&reply, 422, "formaction=\"/zh-Hans/officials/own-account/tokens\"");
    reply = token_asked(client, &una, "/zh-Hans/officials/own-account/tokens", "", "nothing");
    expect(&reply, 422, "formaction=\"/en/officials/own-account/tokens\"");
    reply = token_asked(client, &una, OWN "/tokens", "Mine", "nothing");
    ck_assert_ptr_null(strstr(reply.body, "formaction"));
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"/zh-Hans/officials/own-account\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "In another language this form begins again"));
    expect(&reply, 422, "href=\"#scope\"");

    char *body = fixture_form_add(NULL, "/present", "not the present one");
    reply = official_post(client, &una, OWN "/password", fixture_form_add(body, "/password", ""));
    ck_assert_ptr_null(strstr(reply.body, "not the present one"));
    ck_assert_ptr_null(strstr(reply.body, "formaction"));
    expect(&reply, 422, "href=\"/zh-Hans/officials/own-account/password\"");
    reply = sign_in(client, "una", "not the present one");
    ck_assert_ptr_null(strstr(reply.body, "not the present one"));
    ck_assert_ptr_null(strstr(reply.body, "formaction"));
    expect(&reply, 403, "href=\"/zh-Hans/officials/sign-in\"");
    client_free(client);
}
END_TEST

START_TEST(administrators_grant_and_two_reset)
{
    struct client *client = client_from("127.0.1.11");
    struct official_made ned, ona, pam;
    official_make(&scene, "ned", "--administrator", &ned);
    official_make(&scene, "ona", "--administrator", &ona);
    official_make(&scene, "pam", NULL, &pam);
    official_sign_in(&scene, client, &ned);
    official_sign_in(&scene, client, &ona);
    official_sign_in(&scene, client, &pam);
    struct client_reply reply = official_get(client, &pam, OFFICIALS "/consultations/" SCENE_SLUG);
    expect(&reply, 403, "role-missing");
    reply = official_post(client, &ned, OFFICIALS "/accounts/pam/grants",
                          fixture_form_add(NULL, "/grant", "moderator " SCENE_SLUG));
    expect_redirect(&reply, OFFICIALS "/accounts/pam?done=1");
    reply = official_get(client, &pam, OFFICIALS "/consultations/" SCENE_SLUG);
    expect(&reply, 200, "Moderator");
    reply = official_get(client, &pam, OFFICIALS "/consultations/" SCENE_REHEARSAL);
    expect(&reply, 403, "role-missing");
    reply = official_post(client, &ned, OFFICIALS "/accounts/ned/grants",
                          fixture_form_add(NULL, "/grant", "publisher " SCENE_SLUG));
    expect(&reply, 409, "Another administrator, or another");
    reply = official_post(client, &ned, OFFICIALS "/accounts/pam/grants",
                          fixture_form_add(NULL, "/grant", "administrator " SCENE_SLUG));
    expect(&reply, 422, "unknown-value");
    /* Two persons. */
    reply = official_post(client, &ned, OFFICIALS "/accounts/pam/reset",
                          fixture_form_add(NULL, "/go", "propose"));
    expect_redirect(&reply, OFFICIALS "/accounts/pam?done=1");
    reply = official_post(client, &ned, OFFICIALS "/accounts/pam/reset",
                          fixture_form_add(NULL, "/go", "confirm"));
    expect(&reply, 409, "cannot confirm it");
    reply = official_get(client, &pam, OFFICIALS);
    expect(&reply, 200, NULL);
    reply = official_post(client, &ona, OFFICIALS "/accounts/pam/reset",
                          fixture_form_add(NULL, "/go", "confirm"));
    expect(&reply, 200, "/en/officials/set-up#");
    reply = official_get(client, &pam, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    reply = official_post(client, &ned, OFFICIALS "/accounts/ona/state",
                          fixture_form_add(NULL, "/go", "disable"));
    expect_redirect(&reply, OFFICIALS "/accounts/ona?done=1");
    reply = official_get(client, &ona, OFFICIALS);
    expect_redirect(&reply, SIGN_IN);
    reply = official_get(client, &ned, OFFICIALS "/accounts/nobody-there");
    expect(&reply, 404, NULL);
    /* The record has it, for the page and as files. */
    reply = official_get(client, &ned, OFFICIALS "/acts?what=official-reset");
    expect(&reply, 200, "Proposed by: ned");
    reply = official_get(client, &ned, OFFICIALS "/acts/ndjson?who=ned");
    ck_assert_ptr_nonnull(strstr(reply.body, "\"action\":\"official-granted\""));
    ck_assert_ptr_null(strstr(reply.body, "\"who\":\"ona\""));
    expect(&reply, 200, "\"account\":\"pam\"");
    reply = official_get(client, &ned, OFFICIALS "/acts/csv?who=ned");
    expect(&reply, 200, "official-acts-exported");
    reply = official_get(client, &ned, OFFICIALS "/acts?from=2026-02-30");
    expect(&reply, 422, "Enter a day that exists");
    client_free(client);
}
END_TEST

/* Two pages of the record meet without a gap, whatever is written meanwhile. */
START_TEST(record_in_pages)
{
    struct client *client = client_from("127.0.1.12");
    struct official_made quin;
    official_make(&scene, "quin", "--administrator", &quin);
    official_sign_in(&scene, client, &quin);
    sql("select count(audit_write('paged', null, jsonb_build_object('official', 'quin', 'n', n)))"
        "::text from generate_series(1, 60) as n");
    struct client_reply reply = official_get(client, &quin, OFFICIALS "/acts?what=paged");
    ck_assert_ptr_nonnull(strstr(reply.body, "n: 60"));
    ck_assert_ptr_nonnull(strstr(reply.body, "n: 11"));
    ck_assert_ptr_null(strstr(reply.body, "n: 10<"));
    const char *next = strstr(reply.body, "href=\"?");
    ck_assert_ptr_nonnull(next);
    char path[256];
    snprintf(path, sizeof path, OFFICIALS "/acts%.*s", (int)strcspn(next + 6, "\""), next + 6);
    for (char *amp; (amp = strstr(path, "&amp;"));)
        memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
    client_reply_clear(&reply);
    sql("select count(audit_write('paged', null, '{\"n\": 61}'))::text");
    reply = official_get(client, &quin, path);
    ck_assert_ptr_nonnull(strstr(reply.body, "n: 10<"));
    ck_assert_ptr_null(strstr(reply.body, "n: 11"));
    expect(&reply, 200, "n: 1<");
    client_free(client);
}
END_TEST

SCENE_MAIN("official", settings, set_up_by_a_link_that_works_once, no_provider_no_way_there,
           cookie_is_closed_and_the_code_good_once, recovery_code_in_the_place_of_the_other,
           the_same_reply_for_everybody, nobody_is_locked_out, sessions_end,
           forms_of_others_are_refused, another_password_ends_other_sessions,
           tokens_open_what_their_maker_may, faults_are_had_in_another_language,
           administrators_grant_and_two_reset, record_in_pages)
