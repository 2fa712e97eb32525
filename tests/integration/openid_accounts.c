/* Officials and members of institutions sign in at an OpenID Connect provider: only to an account
 * that its holder has connected, only on its own side, and only in the browser that set out.
 * Subjects begin with "subject-", which test_openid.c looks for everywhere. */
#include "openid_accounts.h"

#include "support/institutions.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN "/en/officials/own-account"
#define THROUGH "/en/officials/sign-in/openid"

enum { VALUE_TEXT = 200, PATH_TEXT = 2048, COOKIE_TEXT = 256 };

static struct scene *scene;
static const struct openid *openid;
static const struct official_made nobody;

/* A browser on its way to the provider. */
struct way {
    const char *side; /* "officials" or "institution" */
    char state[VALUE_TEXT], nonce[VALUE_TEXT], code_challenge[VALUE_TEXT];
    char cookie[COOKIE_TEXT]; /* as a header */
};

#define ENGLISH "Accept-Language: en\r\n"

static struct client *client_from(const char *source)
{
    return client_new_from(server_address(scene->server), source);
}

static int64_t number(const char *sql)
{
    return cluster_number(scene->cluster, sql);
}

static void sql(const char *statement)
{
    free(cluster_text(scene->cluster, statement));
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

/* A Set-Cookie of that name: its value with what follows; false: there is none. */
static bool set_cookie(const struct client_reply *reply, const char *name, char out[COOKIE_TEXT])
{
    char mark[64];
    snprintf(mark, sizeof mark, "Set-Cookie: %s=", name);
    const char *at = strstr(reply->head, mark);
    if (at)
        snprintf(out, COOKIE_TEXT, "%.*s", (int)strcspn(at + strlen("Set-Cookie: "), "\r\n"),
                 at + strlen("Set-Cookie: "));
    return at != NULL;
}

static void query_value(const char *address, const char *name, char out[VALUE_TEXT])
{
    const char *at = strstr(address, name);
    ck_assert_msg(at != NULL, "%s in %s", name, address);
    at += strlen(name);
    snprintf(out, VALUE_TEXT, "%.*s", (int)strcspn(at, "&"), at);
}

/* The page that leads on to the provider. */
static struct way way_of(struct client_reply *reply, const char *side)
{
    struct way way = {.side = side};
    char address[PATH_TEXT] = "", set[COOKIE_TEXT] = "", start[160], back[64];
    bool member = strcmp(side, "institution") == 0;
    ck_assert_msg(reply->status == 200 && client_header(reply, "Refresh", address, sizeof address),
                  "%d %.3000s", reply->status, reply->body);
    snprintf(start, sizeof start, "0; url=%s/authorize?", openid->issuer);
    ck_assert_msg(strncmp(address, start, strlen(start)) == 0, "%s", address);
    ck_assert_ptr_nonnull(strstr(address, "&prompt=login&max_age=300&"));
    snprintf(back, sizeof back, "%%2Fopenid%%2F%s&", side);
    ck_assert_msg(strstr(address, back) != NULL, "%s", address);
    query_value(address, "&state=", way.state);
    query_value(address, "&nonce=", way.nonce);
    query_value(address, "&code_challenge=", way.code_challenge);
    ck_assert(set_cookie(reply, member ? "member-openid" : "official-openid", set));
    ck_assert_str_eq(set + strcspn(set, ";"), "; Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    ck_assert_ptr_null(strstr(set, way.state));
    ck_assert_ptr_nonnull(strstr(reply->head, "no-store"));
    snprintf(way.cookie, sizeof way.cookie, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    client_reply_clear(reply);
    return way;
}

static struct way way_in(struct client *client, const char *side)
{
    char path[64];
    snprintf(path, sizeof path, "/en/%s/sign-in/openid", side);
    struct client_reply reply = official_post(client, &nobody, path, strdup("a=b"));
    return way_of(&reply, side);
}

/* From one's own account, by the present password. */
static struct way way_to_connect(struct client *client, const struct official_made *made)
{
    char path[64];
    snprintf(path, sizeof path, "/en/%s/own-account/openid", made->side);
    struct client_reply reply =
        official_post(client, made, path, fixture_form_add(NULL, "/present", OFFICIAL_PASSWORD));
    return way_of(&reply, made->side);
}

/* As the provider sends the browser back, which has that cookie and no other. */
static struct client_reply come_back(struct client *client, const struct way *way,
                                     const char *subject, const char *lie)
{
    char grant[PATH_TEXT], path[2 * PATH_TEXT], headers[2 * COOKIE_TEXT];
    json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:s}", "nonce", way->nonce, "challenge",
                             way->code_challenge, "sub", subject, "lie", lie, "back", way->side);
    char *text = json_dumps(said, JSON_COMPACT);
    sodium_bin2base64(grant, PATH_TEXT, (const unsigned char *)text, strlen(text),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    free(text);
    json_decref(said);
    snprintf(path, sizeof path, "/openid/%s?code=%s&state=%s&iss=%s", way->side, grant, way->state,
             openid->issuer);
    snprintf(headers, sizeof headers, "%s" ENGLISH, way->cookie);
    return client_run(client, &(struct client_ask){.path = path, .headers = headers});
}

static const char *session_name(const struct way *way)
{
    return strcmp(way->side, "institution") == 0 ? "member" : "official";
}

/* Nobody was signed in. */
static void expect_refused(const struct way *way, struct client_reply reply, int status,
                           const char *words)
{
    char set[COOKIE_TEXT];
    ck_assert_msg(!set_cookie(&reply, session_name(way), set), "%s", reply.head);
    ck_assert_ptr_null(strstr(reply.body, "subject-"));
    ck_assert_ptr_nonnull(strstr(reply.head, "Referrer-Policy: no-referrer\r\n"));
    ck_assert_ptr_null(strstr(reply.head, "Referrer-Policy: same-origin"));
    expect(&reply, status, words);
}

/* Somebody was: gives the session's cookie as a header. */
static void expect_signed_in(const struct way *way, struct client_reply reply,
                             char cookie[COOKIE_TEXT])
{
    char set[COOKIE_TEXT] = "", cleared[COOKIE_TEXT] = "", refresh[80] = "", wanted[80], path[40];
    char name[32];
    ck_assert_msg(reply.status == 200 && set_cookie(&reply, session_name(way), set), "%d %.3000s",
                  reply.status, reply.body);
    ck_assert_str_eq(set + strcspn(set, ";"), "; Path=/; HttpOnly; SameSite=Strict");
    snprintf(name, sizeof name, "%s-openid", session_name(way));
    ck_assert(set_cookie(&reply, name, cleared) && strstr(cleared, "Max-Age=0"));
    snprintf(path, sizeof path, "/en/%s", way->side);
    snprintf(wanted, sizeof wanted, "0; url=%s", path);
    client_header(&reply, "Refresh", refresh, sizeof refresh);
    ck_assert_str_eq(refresh, wanted);
    client_reply_clear(&reply);
    snprintf(cookie, COOKIE_TEXT, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
}

static int home_status(struct client *client, const struct way *way, const char *cookie)
{
    char path[40];
    snprintf(path, sizeof path, "/en/%s", way->side);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.path = path, .headers = cookie});
    int status = reply.status;
    client_reply_clear(&reply);
    return status;
}

/* An account that is signed in and connected with that subject. */
static void connected(struct client *client, struct official_made *made, const char *subject)
{
    official_sign_in(scene, client, made);
    struct way way = way_to_connect(client, made);
    struct client_reply reply = come_back(client, &way, subject, "");
    expect(&reply, 200, "Your account is connected");
}

START_TEST(a_connected_account_opens)
{
    struct client *client = client_from("127.0.4.1");
    struct official_made made;
    char cookie[COOKIE_TEXT], refresh[80] = "";
    official_make(scene, "olive", NULL, &made);
    official_sign_in(scene, client, &made);
    struct client_reply reply = official_get(client, &made, OWN);
    ck_assert_ptr_nonnull(strstr(reply.body, "Not connected"));
    expect(&reply, 200, OWN "/openid\"");
    reply = official_get(client, &made, OWN "/openid");
    expect(&reply, 200, "Connect with Example Pass");
    /* Who sits down at an open browser does not have the password. */
    reply = official_post(client, &made, OWN "/openid",
                          fixture_form_add(NULL, "/present", "another one here"));
    ck_assert_ptr_null(strstr(reply.head, "Set-Cookie"));
    expect(&reply, 422, "href=\"#present\"");
    struct way way = way_to_connect(client, &made);
    reply = come_back(client, &way, "subject-olive", "");
    client_header(&reply, "Refresh", refresh, sizeof refresh);
    ck_assert_str_eq(refresh, "0; url=" OWN "?done=openid");
    expect_refused(&way, reply, 200, "Your account is connected"); /* no new session */
    reply = official_get(client, &made, OWN "?done=openid");
    ck_assert_ptr_nonnull(strstr(reply.body, OWN "/openid/end"));
    expect(&reply, 200, "Connected at");
    way = way_in(client, "officials");
    expect_signed_in(&way, come_back(client, &way, "subject-olive", ""), cookie);
    ck_assert_int_eq(home_status(client, &way, cookie), 200);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'official-signed-in'"
                            " and detail ->> 'official' = 'olive'"
                            " and detail ->> 'by' = 'provider'"),
                     1);
    client_free(client);
}
END_TEST

START_TEST(a_members_account_as_well)
{
    struct client *client = client_from("127.0.4.2");
    struct official_made made;
    char cookie[COOKIE_TEXT];
    institution_make(scene, "orchard", false);
    member_make(scene, "orchard", "otto", "coordinator", &made);
    connected(client, &made, "subject-otto");
    struct way way = way_in(client, "institution");
    expect_signed_in(&way, come_back(client, &way, "subject-otto", ""), cookie);
    ck_assert_int_eq(home_status(client, &way, cookie), 200);
    /* Not on the officials' side, whose refusal says no more than of a stranger. */
    way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-otto", ""), 403, "opens no account here");
    /* What was begun on one side does not end on the other. */
    way = way_in(client, "institution");
    way.side = "officials";
    expect_refused(&way, come_back(client, &way, "subject-otto", ""), 422, "begun in another");
    client_free(client);
}
END_TEST

START_TEST(a_stranger_opens_nothing)
{
    struct client *client = client_from("127.0.5.1");
    struct way way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-stranger", ""), 403,
                   "opens no account here");
    way = way_in(client, "institution");
    expect_refused(&way, come_back(client, &way, "subject-stranger", ""), 403,
                   "sign in with your password");
    ck_assert_int_eq(number("select count(*) from audit_log where action ="
                            " 'official-subject-unknown' and detail = '{\"from\": "
                            "\"127.0.5.0/24\"}'"),
                     1);
    client_free(client);
}
END_TEST

/* An address that somebody was talked into following signs them in as nobody. */
START_TEST(only_in_the_browser_that_set_out)
{
    struct client *client = client_from("127.0.4.4");
    struct official_made made;
    char cookie[COOKIE_TEXT];
    official_make(scene, "oscar", NULL, &made);
    connected(client, &made, "subject-oscar");
    struct way theirs = way_in(client, "officials"), way = way_in(client, "officials");
    struct way mixed = way;
    snprintf(mixed.cookie, sizeof mixed.cookie, "%s", theirs.cookie);
    expect_refused(&mixed, come_back(client, &mixed, "subject-oscar", ""), 422, "begun in another");
    mixed.cookie[0] = '\0';
    expect_refused(&mixed, come_back(client, &mixed, "subject-oscar", ""), 422, "begun in another");
    /* One letter of it changed, wherever. */
    for (size_t i = 0; i < strlen(way.state); i += 6) {
        mixed = way;
        mixed.state[i] = mixed.state[i] == 'A' ? 'B' : 'A';
        struct client_reply reply = come_back(client, &mixed, "subject-oscar", "");
        ck_assert_ptr_null(strstr(reply.head, "Set-Cookie"));
        expect_refused(&mixed, reply, 422, "begun in another");
    }
    mixed = way;
    char *at = mixed.cookie + strcspn(mixed.cookie, "=") + 1;
    *at = *at == 'A' ? 'B' : 'A';
    expect_refused(&mixed, come_back(client, &mixed, "subject-oscar", ""), 422, "begun in another");
    /* All that cost nothing; and it is good once. */
    expect_signed_in(&way, come_back(client, &way, "subject-oscar", ""), cookie);
    expect_refused(&way, come_back(client, &way, "subject-oscar", ""), 422, "could not verify");
    /* A code that was made for another's verifier and nonce. */
    mixed = theirs;
    memcpy(mixed.nonce, way.nonce, sizeof mixed.nonce);
    memcpy(mixed.code_challenge, way.code_challenge, sizeof mixed.code_challenge);
    expect_refused(&mixed, come_back(client, &mixed, "subject-oscar", ""), 422, "could not verify");
    client_free(client);
}
END_TEST

START_TEST(what_came_without_a_code)
{
    struct client *client = client_from("127.0.4.5");
    char path[PATH_TEXT];
    struct way way = way_in(client, "officials");
    struct client_reply reply =
        client_run(client, &(struct client_ask){.path = "/openid/officials", .headers = ENGLISH});
    expect(&reply, 422, "begun in another");
    snprintf(path, sizeof path, "/openid/officials?error=access_denied&state=%s&iss=%s", way.state,
             openid->issuer);
    reply = client_run(client, &(struct client_ask){.path = path, .headers = way.cookie});
    expect(&reply, 200, "was cancelled");
    snprintf(path, sizeof path, "/openid/officials?code=x&state=%s&iss=https://evil.example",
             way.state);
    reply = client_run(client, &(struct client_ask){.path = path, .headers = way.cookie});
    expect(&reply, 422, "could not verify");
    snprintf(path, sizeof path, "/openid/officials?state=%s&iss=%s", way.state, openid->issuer);
    reply = client_run(client, &(struct client_ask){.path = path, .headers = way.cookie});
    expect(&reply, 422, "could not verify");
    /* Another site's form begins nothing. */
    reply = client_run(client, &(struct client_ask){.method = "POST",
                                                    .path = THROUGH,
                                                    .headers = "Sec-Fetch-Site: cross-site\r\n",
                                                    .type = "application/x-www-form-urlencoded",
                                                    .body = "a=b"});
    ck_assert_ptr_null(strstr(reply.head, "Set-Cookie"));
    expect(&reply, 403, NULL);
    client_free(client);
}
END_TEST

START_TEST(one_account_each)
{
    struct client *client = client_from("127.0.4.6");
    struct official_made first, second;
    official_make(scene, "omar", NULL, &first);
    official_make(scene, "opal", NULL, &second);
    official_sign_in(scene, client, &second);
    connected(client, &first, "subject-omar");
    struct way way = way_to_connect(client, &second);
    expect_refused(&way, come_back(client, &way, "subject-omar", ""), 409, "another account");
    way = way_to_connect(client, &first);
    expect_refused(&way, come_back(client, &way, "subject-other", ""), 409, "connected with");
    /* Signed out meanwhile. */
    way = way_to_connect(client, &second);
    struct client_reply reply =
        official_post(client, &second, "/en/officials/sign-out", strdup("a=b"));
    expect(&reply, 303, NULL);
    expect_refused(&way, come_back(client, &way, "subject-opal", ""), 401, "session has ended");
    ck_assert_int_eq(number("select count(*) from official_subjects join officials using "
                            "(official_id) where login in ('omar', 'opal')"),
                     1);
    client_free(client);
}
END_TEST

START_TEST(ended_by_its_holder)
{
    struct client *client = client_from("127.0.4.7");
    struct official_made made;
    char cookie[COOKIE_TEXT];
    official_make(scene, "oona", NULL, &made);
    connected(client, &made, "subject-oona");
    struct way opened = way_in(client, "officials");
    expect_signed_in(&opened, come_back(client, &opened, "subject-oona", ""), cookie);
    struct official_made without = made;
    without.form_token[0] = '\0';
    struct client_reply reply = official_post(client, &without, OWN "/openid/end", strdup("a=b"));
    expect(&reply, 403, "does not belong");
    reply = official_post(client, &made, OWN "/openid/end", strdup("a=b"));
    expect(&reply, 303, NULL);
    /* Who it let in is out. */
    ck_assert_int_eq(home_status(client, &opened, cookie), 303);
    reply = official_get(client, &made, OWN "?done=openid-ended");
    ck_assert_ptr_nonnull(strstr(reply.body, "Not connected"));
    expect(&reply, 200, "The connection has ended");
    struct way way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-oona", ""), 403, "opens no account here");
    ck_assert_int_eq(number("select count(*) from audit_log where action in "
                            "('official-subject-bound', 'official-subject-ended') and detail ->> "
                            "'official' = 'oona'"),
                     2);
    client_free(client);
}
END_TEST

START_TEST(ended_by_a_reset_and_closed_with_the_account)
{
    struct client *client = client_from("127.0.4.8");
    struct official_made made;
    char output[1024] = "", cookie[COOKIE_TEXT];
    const char *words[] = {"reset", "oleg", NULL};
    struct server_options options = scene->options;
    options.set = NULL;
    official_make(scene, "oleg", NULL, &made);
    connected(client, &made, "subject-oleg");
    sql("update officials set disabled_at = now() where login = 'oleg' returning login");
    struct way way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-oleg", ""), 403, "opens no account here");
    sql("update officials set disabled_at = null where login = 'oleg' returning login");
    way = way_in(client, "officials");
    expect_signed_in(&way, come_back(client, &way, "subject-oleg", ""), cookie);
    /* One that set out before ends nowhere. */
    struct way before = way_to_connect(client, &made);
    ck_assert_int_eq(server_command(&options, output, sizeof output, "official", words), 0);
    ck_assert_int_eq(home_status(client, &way, cookie), 303);
    way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-oleg", ""), 403, "opens no account here");
    expect_refused(&before, come_back(client, &before, "subject-oleg", ""), 401,
                   "session has ended");
    snprintf(made.link, sizeof made.link, "%.43s", strchr(output, '#') + 1);
    official_set_up(scene, true, &made);
    way = way_in(client, "officials");
    expect_refused(&way, come_back(client, &way, "subject-oleg", ""), 403, "opens no account here");
    client_free(client);
}
END_TEST

static const char *const lies[] = {
    "nonce",  "no-nonce", "issuer", "audience", "audiences", "party",    "expired",    "old",
    "future", "stale",    "later",  "undated",  "subject",   "none",     "no-subject", "hmac",
    "kid",    "own-key",  "crit",   "tampered", "signature", "no-token",
};

START_TEST(a_token_that_is_not_what_it_must_be)
{
    struct client *client = client_from("127.0.4.9");
    struct official_made made;
    char cookie[COOKIE_TEXT];
    official_make(scene, "oprah", NULL, &made);
    official_sign_in(scene, client, &made);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i += 10) { /* each asks for the password */
        struct way way = way_to_connect(client, &made);
        expect_refused(&way, come_back(client, &way, "subject-oprah", lies[i]), 422,
                       "could not verify");
    }
    ck_assert_int_eq(number("select count(*) from official_subjects join officials using "
                            "(official_id) where login = 'oprah'"),
                     0);
    connected(client, &made, "subject-oprah");
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct way way = way_in(client, "officials");
        expect_refused(&way, come_back(client, &way, "subject-oprah", lies[i]), 422,
                       "could not verify");
    }
    struct way way = way_in(client, "officials");
    expect_signed_in(&way, come_back(client, &way, "subject-oprah", "curve"), cookie);
    client_free(client);
}
END_TEST

/* Somebody who keeps trying is told to wait, and the provider is not asked any more. */
START_TEST(too_often)
{
    struct client *client = client_from("127.0.6.1");
    int tries = 0;
    for (bool slowed = false; !slowed; tries++) {
        struct way way = way_in(client, "officials");
        struct client_reply reply = come_back(client, &way, "subject-nobody", "nonce");
        slowed = reply.status == 429;
        ck_assert_int_lt(tries, 100);
        if (slowed)
            ck_assert_ptr_nonnull(strstr(reply.head, "Retry-After"));
        expect_refused(&way, reply, slowed ? 429 : 422, slowed ? "quarter of an hour" : NULL);
    }
    ck_assert_int_ge(tries, 30);
    client_free(client);
}
END_TEST

START_TEST(a_provider_that_is_away)
{
    struct client *client = client_from("127.0.4.11");
    struct way way = way_in(client, "officials");
    openid_mode(openid, "away");
    struct client_reply reply = come_back(client, &way, "subject-nobody", "");
    openid_mode(openid, "");
    ck_assert_ptr_nonnull(strstr(reply.head, "Retry-After"));
    ck_assert_ptr_nonnull(strstr(reply.body, "always sign in with your password"));
    expect_refused(&way, reply, 503, "cannot be reached");
    client_free(client);
}
END_TEST

/* A code that the provider stumbles over is its sender's misfortune and nobody else's. */
START_TEST(a_provider_that_stumbles)
{
    struct client *client = client_from("127.0.4.12");
    struct official_made made;
    char cookie[COOKIE_TEXT];
    official_make(scene, "orla", NULL, &made);
    connected(client, &made, "subject-orla");
    struct way stranger = way_in(client, "officials"), way = way_in(client, "officials");
    expect_refused(&stranger, come_back(client, &stranger, "subject-nobody", "fault"), 503,
                   "cannot be reached");
    expect_signed_in(&way, come_back(client, &way, "subject-orla", ""), cookie);
    client_free(client);
}
END_TEST

TCase *openid_accounts(struct scene *opened, const struct openid *provider)
{
    TCase *accounts = tcase_create("accounts");
    scene = opened;
    openid = provider;
    tcase_set_timeout(accounts, 60);
    tcase_add_test(accounts, a_connected_account_opens);
    tcase_add_test(accounts, a_members_account_as_well);
    tcase_add_test(accounts, a_stranger_opens_nothing);
    tcase_add_test(accounts, only_in_the_browser_that_set_out);
    tcase_add_test(accounts, what_came_without_a_code);
    tcase_add_test(accounts, one_account_each);
    tcase_add_test(accounts, ended_by_its_holder);
    tcase_add_test(accounts, ended_by_a_reset_and_closed_with_the_account);
    tcase_add_test(accounts, a_token_that_is_not_what_it_must_be);
    tcase_add_test(accounts, too_often);
    tcase_add_test(accounts, a_provider_that_is_away);
    tcase_add_test(accounts, a_provider_that_stumbles);
    return accounts;
}
