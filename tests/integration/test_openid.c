/* Proof of an identity by a sign-in: what a provider may say and what it may not, that a sign-in is
 * good once and for one form, that a provider in trouble troubles nobody else, and that nobody who
 * signed in is named anywhere. (A real provider is signed in at by tests/browser/openid.mjs.) */
#include "openid_accounts.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHALLENGES SCENE_API "/challenges"

enum { SUBJECT_TEXT = 64, VALUE_TEXT = 200, PATH_TEXT = 2048 };

static struct scene scene;
static struct openid openid;
static char log_path[64];
static const char *const further[] = {"submissions_per_prefix=0", "codes_per_prefix=0",
                                      "sign_in_tries_per_prefix=30", NULL};

/* One person on the way to the provider. */
struct person {
    char subject[SUBJECT_TEXT];
    char key[FIXTURE_KEY]; /* as a header */
    char challenge[64];
    char state[VALUE_TEXT], nonce[VALUE_TEXT], code_challenge[VALUE_TEXT];
    char code[7]; /* that was shown */
};

static void person_make(struct person *person)
{
    *person = (struct person){0};
    fixture_key(person->key);
    snprintf(person->subject, sizeof person->subject, "subject-%.36s",
             person->key + strlen("Idempotency-Key: "));
}

static json_t *asking_of(const struct person *person)
{
    char key[40];
    snprintf(key, sizeof key, "%.36s", person->key + strlen("Idempotency-Key: "));
    return json_pack("{s:{s:s}, s:s, s:s}", "identity", "kind", "openid", "submission_key", key,
                     "language", "en");
}

/* A value of an address's query that needs no decoding. */
static void query_value(const char *address, const char *name, char out[VALUE_TEXT])
{
    const char *at = strstr(address, name);
    ck_assert_msg(at != NULL, "%s in %s", name, address);
    at += strlen(name);
    snprintf(out, VALUE_TEXT, "%.*s", (int)strcspn(at, "&"), at);
}

static void person_ask_at(struct client *client, struct person *person, const char *path)
{
    struct client_reply reply = client_post_json(client, path, NULL, asking_of(person));
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    const char *address = client_text(&reply, "/sign_in");
    ck_assert_msg(strncmp(address, openid.issuer, strlen(openid.issuer)) == 0, "%s", address);
    ck_assert_ptr_nonnull(strstr(address, "response_type=code&scope=openid"));
    ck_assert_ptr_nonnull(strstr(address, "code_challenge_method=S256"));
    query_value(address, "&state=", person->state);
    query_value(address, "&nonce=", person->nonce);
    query_value(address, "&code_challenge=", person->code_challenge);
    snprintf(person->challenge, sizeof person->challenge, "%s", client_text(&reply, "/challenge"));
    client_reply_clear(&reply);
}

/* The provider's code for somebody who signed in there, of a provider that lies so. */
static void grant_make(const struct person *person, const char *lie, char out[PATH_TEXT])
{
    json_t *said = json_pack("{s:s, s:s, s:s, s:s}", "nonce", person->nonce, "challenge",
                             person->code_challenge, "sub", person->subject, "lie", lie);
    char *text = json_dumps(said, JSON_COMPACT);
    sodium_bin2base64(out, PATH_TEXT, (const unsigned char *)text, strlen(text),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    free(text);
    json_decref(said);
}

/* As the provider sends the browser back, with `more` in the address. */
static struct client_reply person_return(struct client *client, const struct person *person,
                                         const char *lie, const char *more)
{
    char grant[PATH_TEXT], path[2 * PATH_TEXT];
    grant_make(person, lie, grant);
    snprintf(path, sizeof path, "/openid/return?code=%s&state=%s%s", grant, person->state, more);
    return client_get(client, path);
}

static const char *named(void)
{
    static char more[256];
    snprintf(more, sizeof more, "&iss=%s", openid.issuer);
    return more;
}

static void code_read(const struct client_reply *reply, struct person *person)
{
    const char *at = strstr(reply->body, "data-code=\"");
    ck_assert_msg(reply->status == 200 && at, "%d %s", reply->status, reply->body);
    snprintf(person->code, sizeof person->code, "%.6s", at + strlen("data-code=\""));
}

static void person_ask(struct client *client, struct person *person)
{
    person_ask_at(client, person, CHALLENGES);
}

static void person_sign_in(struct client *client, struct person *person)
{
    person_ask(client, person);
    struct client_reply reply = person_return(client, person, "", named());
    code_read(&reply, person);
    ck_assert_ptr_null(strstr(reply.body, person->subject));
    ck_assert_ptr_nonnull(strstr(reply.head, "no-store"));
    ck_assert_ptr_nonnull(strstr(reply.head, "Referrer-Policy: no-referrer\r\n"));
    ck_assert_ptr_null(strstr(reply.head, "Referrer-Policy: same-origin"));
    client_reply_clear(&reply);
}

static struct client_reply person_send(struct client *client, const struct person *person,
                                       const char *code)
{
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof",
                json_pack("{s:s, s:s}", "challenge", person->challenge, "code", code));
    return client_post_json(client, SCENE_API "/submissions", person->key, body);
}

static void expect_fault(struct client_reply reply, const char *code, const char *pointer)
{
    scene_expect_problem(&reply, 422, "invalid-submission", pointer);
    ck_assert_str_eq(client_text(&reply, "/errors/0/code"), code);
    client_reply_clear(&reply);
}

/* Sent, and how it stands then. */
static void expect_row(struct client_reply reply, const char *wanted)
{
    char sql[200];
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    snprintf(sql, sizeof sql,
             "select state || ' ' || proven || ' ' || identity_kind || ' ' || unchallenged"
             " from submissions where number = '%s'",
             client_text(&reply, "/receipt/number"));
    char *row = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(row, wanted);
    free(row);
    client_reply_clear(&reply);
}

/* Nothing was proven: the page says so, and the form still waits. */
static void expect_refused(struct client *client, struct person *person, struct client_reply reply,
                           const char *words)
{
    ck_assert_msg(reply.status == 422 && strstr(reply.body, words), "%d %s", reply.status,
                  reply.body);
    ck_assert_ptr_null(strstr(reply.body, "data-code"));
    client_reply_clear(&reply);
    expect_fault(person_send(client, person, "123456"), "proof-awaited", "/proof/code");
}

START_TEST(consultation_says_that_it_is_taken)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_get(client, SCENE_API);
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/proofs")), 2); /* no mail here */
    ck_assert_str_eq(client_text(&reply, "/proofs/1"), "openid");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(a_sign_in_proves)
{
    struct client *client = scene_client(&scene);
    struct person person, again;
    person_make(&person);
    person_sign_in(client, &person);
    expect_row(person_send(client, &person, person.code), "counted true 4 false");
    /* The same person once more is known again, and held. */
    person_make(&again);
    memcpy(again.subject, person.subject, sizeof again.subject);
    person_sign_in(client, &again);
    expect_row(person_send(client, &again, again.code), "held true 4 false");
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from recount(1)"), 0);
    client_free(client);
}
END_TEST

START_TEST(a_key_of_a_curve_will_do)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    person_ask(client, &person);
    struct client_reply reply = person_return(client, &person, "curve", named());
    code_read(&reply, &person);
    client_reply_clear(&reply);
    expect_row(person_send(client, &person, person.code), "counted true 4 false");
    client_free(client);
}
END_TEST

static const char *const lies[] = {
    "nonce",   "no-nonce", "issuer",   "audience",  "audiences",  "party", "expired",
    "old",     "future",   "subject",  "none",      "no-subject", "hmac",  "kid",
    "own-key", "crit",     "tampered", "signature", "no-token",
};

START_TEST(a_token_that_is_not_what_it_must_be)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    person_ask(client, &person);
    struct client_reply reply = person_return(client, &person, lies[_i], named());
    expect_refused(client, &person, reply, "could not verify");
    client_free(client);
}
END_TEST

START_TEST(an_issuer_that_is_not_named)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    person_ask(client, &person);
    expect_refused(client, &person, person_return(client, &person, "", ""), "could not verify");
    expect_refused(client, &person, person_return(client, &person, "", "&iss=https://evil.example"),
                   "could not verify");
    /* That cost nothing: it was not the provider who said it. */
    struct client_reply reply = person_return(client, &person, "", named());
    code_read(&reply, &person);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(good_once_and_for_its_own_state)
{
    struct client *client = scene_client(&scene);
    struct person person, other;
    person_make(&person);
    person_sign_in(client, &person);
    struct client_reply reply = person_return(client, &person, "", named());
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "used already"));
    client_reply_clear(&reply);
    /* The first code still stands. */
    expect_row(person_send(client, &person, person.code), "counted true 4 false");
    /* A code that was made for another's verifier and nonce. */
    person_make(&person);
    person_make(&other);
    person_ask(client, &person);
    person_ask(client, &other);
    memcpy(person.state, other.state, sizeof person.state);
    reply = person_return(client, &person, "", named());
    ck_assert_int_eq(reply.status, 422);
    client_reply_clear(&reply);
    expect_fault(person_send(client, &other, "123456"), "proof-awaited", "/proof/code");
    client_free(client);
}
END_TEST

START_TEST(states_that_nobody_made)
{
    static const char *const paths[] = {
        "/openid/return",
        "/openid/return?code=x",
        "/openid/return?code=x&state=",
        "/openid/return?code=x&state=AAAA",
        "/openid/return?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/openid/return?code=x&state=%00",
    };
    struct client *client = scene_client(&scene);
    struct person person;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct client_reply reply = client_get(client, paths[i]);
        ck_assert_msg(reply.status == 422 || reply.status == 400, "%s: %d", paths[i], reply.status);
        client_reply_clear(&reply);
    }
    /* One bit of it changed, wherever. */
    person_make(&person);
    person_ask(client, &person);
    char right = 0;
    for (size_t i = 0; i < strlen(person.state); i += 7) {
        right = person.state[i];
        person.state[i] = right == 'A' ? 'B' : 'A';
        struct client_reply reply = person_return(client, &person, "", named());
        ck_assert_int_eq(reply.status, 422);
        client_reply_clear(&reply);
        person.state[i] = right;
    }
    struct client_reply reply = person_return(client, &person, "", named());
    code_read(&reply, &person);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(cancelled_it_can_be_tried_again)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char path[PATH_TEXT];
    person_make(&person);
    person_ask(client, &person);
    snprintf(path, sizeof path, "/openid/return?error=access_denied&state=%s%s", person.state,
             named());
    struct client_reply reply = client_get(client, path);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "was cancelled"));
    client_reply_clear(&reply);
    reply = person_return(client, &person, "", named());
    code_read(&reply, &person);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Whoever was talked into signing in for another's form gives nothing away by it. */
START_TEST(the_code_is_needed_and_is_its_forms)
{
    struct client *client = scene_client(&scene);
    struct person person, thief;
    person_make(&person);
    person_sign_in(client, &person);
    person_make(&thief);
    memcpy(thief.challenge, person.challenge, sizeof thief.challenge);
    expect_fault(person_send(client, &thief, person.code), "challenge-expired", "/proof/challenge");
    char wrong[7];
    memcpy(wrong, person.code, sizeof wrong);
    wrong[0] = wrong[0] == '9' ? '0' : (char)(wrong[0] + 1);
    for (int i = 0; i < 5; i++)
        expect_fault(person_send(client, &person, wrong), "proof-wrong", "/proof/code");
    expect_fault(person_send(client, &person, person.code), "challenge-tries-used", "/proof/code");
    client_free(client);
}
END_TEST

START_TEST(ten_minutes)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char sql[160];
    person_make(&person);
    person_ask(client, &person);
    snprintf(sql, sizeof sql,
             "update challenges set expires_at = clock_timestamp() where challenge_id = '%s'",
             person.challenge);
    free(cluster_text(scene.cluster, sql));
    struct client_reply reply = person_return(client, &person, "", named());
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "ten minutes have passed"));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(what_is_asked_wrongly)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    json_t *body = asking_of(&person);
    fixture_set(body, "/identity/value", json_string("somebody"));
    expect_fault(client_post_json(client, CHALLENGES, NULL, body), "unknown-field",
                 "/identity/value");
    /* Nobody says of himself that a provider knows him. */
    body = fixture_smallest();
    fixture_set(body, "/identity", json_pack("{s:s, s:s}", "kind", "openid", "value", "somebody"));
    expect_fault(client_post_json(client, SCENE_API "/submissions", person.key, body),
                 "identity-kind-off", "/identity/kind");
    /* Without a code there is no identity that could be taken as declared. */
    person_sign_in(client, &person);
    body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof", json_pack("{s:s}", "challenge", person.challenge));
    expect_fault(client_post_json(client, SCENE_API "/submissions", person.key, body),
                 "proof-required", "/proof/code");
    client_free(client);
}
END_TEST

/* A person's submission, and the code that opens it. */
struct sent {
    char number[16], code[16];
};

static struct sent person_sent(struct client *client, struct person *person)
{
    struct sent sent;
    person_make(person);
    person_sign_in(client, person);
    struct client_reply reply = person_send(client, person, person->code);
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    snprintf(sent.number, sizeof sent.number, "%s", client_text(&reply, "/receipt/number"));
    snprintf(sent.code, sizeof sent.code, "%s", client_text(&reply, "/code"));
    client_reply_clear(&reply);
    return sent;
}

/* Signs in once more, with another key, to renew the code of `number`; the page says so. */
static void person_sign_in_again(struct client *client, struct person *person, const char *number)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/v1/submissions/%s/challenges", number);
    fixture_key(person->key);
    person_ask_at(client, person, path);
    struct client_reply reply = person_return(client, person, "", named());
    code_read(&reply, person);
    ck_assert_ptr_nonnull(strstr(reply.body, "to renew a receipt"));
    ck_assert_ptr_nonnull(strstr(reply.body, number));
    ck_assert_ptr_null(strstr(reply.body, "send them"));
    client_reply_clear(&reply);
}

static struct client_reply person_renew(struct client *client, const struct person *person,
                                        const char *number)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/v1/submissions/%s/renewals", number);
    return client_post_json(
        client, path, person->key,
        json_pack("{s:{s:s, s:s}}", "proof", "challenge", person->challenge, "code", person->code));
}

static int read_status(struct client *client, const char *number, const char *code)
{
    char path[PATH_TEXT], header[96];
    snprintf(path, sizeof path, "/v1/submissions/%s", number);
    snprintf(header, sizeof header, "Authorization: Receipt %s\r\n", code);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.path = path, .headers = header});
    int status = reply.status;
    client_reply_clear(&reply);
    return status;
}

START_TEST(a_lost_code_is_renewed)
{
    struct client *client = scene_client(&scene);
    struct person person;
    struct sent sent = person_sent(client, &person);
    person_sign_in_again(client, &person, sent.number);
    struct client_reply reply = person_renew(client, &person, sent.number);
    ck_assert_msg(reply.status == 200, "%d %s", reply.status, reply.body);
    ck_assert_str_ne(client_text(&reply, "/code"), sent.code);
    ck_assert_int_eq(read_status(client, sent.number, client_text(&reply, "/code")), 200);
    ck_assert_int_eq(read_status(client, sent.number, sent.code), 403);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* What it was begun for it is good for, and nobody else's sign-in gives anything. */
START_TEST(a_renewal_is_its_owners_and_nothing_else)
{
    struct client *client = scene_client(&scene);
    struct person person, other;
    struct sent sent = person_sent(client, &person);
    person_make(&other);
    person_sign_in_again(client, &other, sent.number);
    struct client_reply reply = person_renew(client, &other, sent.number);
    scene_expect_problem(&reply, 403, "code-not-renewed", NULL);
    client_reply_clear(&reply);
    /* One for sending renews nothing. */
    fixture_key(person.key);
    person_sign_in(client, &person);
    expect_fault(person_renew(client, &person, sent.number), "challenge-expired",
                 "/proof/challenge");
    /* And one for renewing sends nothing. */
    person_sign_in_again(client, &person, sent.number);
    expect_fault(person_send(client, &person, person.code), "challenge-expired",
                 "/proof/challenge");
    ck_assert_int_eq(read_status(client, sent.number, sent.code), 200);
    client_free(client);
}
END_TEST

START_TEST(a_renewal_awaits_its_sign_in)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char path[PATH_TEXT];
    struct sent sent = person_sent(client, &person);
    snprintf(path, sizeof path, "/v1/submissions/%s/challenges", sent.number);
    fixture_key(person.key);
    person_ask_at(client, &person, path);
    expect_fault(person_renew(client, &person, sent.number), "proof-awaited", "/proof/code");
    client_free(client);
}
END_TEST

/* A hidden field's value. */
static void field_read(const struct client_reply *reply, const char *name, char *out, size_t size)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "name=\"%s\" value=\"", name);
    const char *at = strstr(reply->body, wanted);
    ck_assert_msg(at != NULL, "%s in %d %s", name, reply->status, reply->body);
    at += strlen(wanted);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

static struct client_reply post_form(struct client *client, const char *path, const char *form)
{
    return client_run(client, &(struct client_ask){.method = "POST",
                                                   .path = path,
                                                   .type = "application/x-www-form-urlencoded",
                                                   .body = form});
}

/* The same by the pages; nothing but an identity is asked for. */
START_TEST(a_page_begins_the_renewal)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char path[PATH_TEXT], form[PATH_TEXT], key[64];
    struct sent sent = person_sent(client, &person);
    snprintf(path, sizeof path, "/en/receipts/%s/renewal", sent.number);
    struct client_reply reply = client_get(client, path);
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/go\" value=\"openid\""));
    ck_assert_ptr_null(strstr(reply.body, "identity-value")); /* no mail here */
    client_reply_clear(&reply);
    snprintf(path, sizeof path, "/en/receipts/%s/challenges", sent.number);
    reply = post_form(client, path, "%2Fgo=openid");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "Sign in, then come back here"));
    ck_assert_ptr_nonnull(strstr(reply.body, openid.issuer));
    field_read(&reply, "/key", key, sizeof key);
    field_read(&reply, "/proof/challenge", person.challenge, sizeof person.challenge);
    client_reply_clear(&reply);
    /* Nobody signed in yet: the same page again, with its address. */
    snprintf(path, sizeof path, "/en/receipts/%s/renewal", sent.number);
    snprintf(form, sizeof form,
             "%%2Fkey=%s&%%2Fidentity%%2Fkind=openid&%%2Fproof%%2Fchallenge=%s"
             "&%%2Fproof%%2Fcode=123456",
             key, person.challenge);
    reply = post_form(client, path, form);
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "Nobody has signed in for this form yet"));
    ck_assert_ptr_nonnull(strstr(reply.body, openid.issuer));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* A fault of theirs, a connection that is cut, no answer at all: said in time, while others are
 * served, and over when it is over. */
START_TEST(a_provider_in_trouble)
{
    static const char *const ways[] = {"away", "cut", "slow"};
    const struct timespec pause = {.tv_sec = 3, .tv_nsec = 200000000};
    struct client *client = scene_client(&scene), *other = scene_client(&scene);
    struct person person;
    struct timespec from, to;
    person_make(&person);
    person_ask(client, &person);
    openid_mode(&openid, ways[_i]);
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct client_reply reply = person_return(client, &person, "", named());
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_msg(reply.status == 503, "%d %s", reply.status, reply.body);
    ck_assert_ptr_nonnull(strstr(reply.body, "not lost"));
    ck_assert_ptr_nonnull(strstr(reply.head, "Retry-After"));
    ck_assert_int_le(to.tv_sec - from.tv_sec, 10);
    client_reply_clear(&reply);
    reply = scene_submit(other, fixture_smallest());
    client_reply_clear(&reply);
    openid_mode(&openid, "");
    nanosleep(&pause, NULL);
    person_make(&person);
    person_sign_in(client, &person);
    expect_row(person_send(client, &person, person.code), "counted true 4 false");
    client_free(client);
    client_free(other);
}
END_TEST

START_TEST(nobody_is_named)
{
    struct client *client = scene_client(&scene);
    char *dump = cluster_text(
        scene.cluster,
        "select count(*)::text from (select c::text as t from challenges c union all"
        " select s::text from submissions s union all select a::text from challenge_acts a union "
        "all"
        " select o::text from official_subjects o union all select a::text from audit_log a union "
        "all"
        " select s::text from official_sessions s union all select o::text from officials o)"
        " as rows where t ~ '(^|[^-])subject-'");
    ck_assert_str_eq(dump, "0");
    free(dump);
    struct client *inner = scene_inner_client(&scene);
    struct client_reply reply = client_get(inner, "/metrics");
    ck_assert_ptr_nonnull(strstr(reply.body, "consultation_sign_ins_total"));
    client_reply_clear(&reply);
    client_free(inner);
    client_free(client);
    FILE *log = fopen(log_path, "re");
    char line[4096];
    size_t lines = 0, refused = 0;
    ck_assert_ptr_nonnull(log);
    for (; fgets(line, sizeof line, log); lines++) {
        refused += strstr(line, "openid-refused") != NULL;
        ck_assert_msg(!strstr(line, "subject-") && !strstr(line, "eyJ") &&
                          !strstr(line, "state=") && !strstr(line, "secret-word"),
                      "%s", line);
    }
    fclose(log);
    ck_assert_uint_gt(refused, sizeof lies / sizeof *lies - 2);
}
END_TEST

/* The server's log is this process's standard error. */
static int log_open(void)
{
    snprintf(log_path, sizeof log_path, "%s/log", openid.folder);
    int kept = dup(STDERR_FILENO),
        file = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (kept < 0 || file < 0 || dup2(file, STDERR_FILENO) < 0)
        exit(3);
    close(file);
    return kept;
}

int main(void)
{
    const int lie_count = sizeof lies / sizeof *lies;
    Suite *suite = suite_create("openid");
    TCase *one = tcase_create("openid"), *named = tcase_create("named");
    tcase_set_timeout(one, 40);
    tcase_add_test(one, consultation_says_that_it_is_taken);
    tcase_add_test(one, a_sign_in_proves);
    tcase_add_test(one, a_key_of_a_curve_will_do);
    tcase_add_loop_test(one, a_token_that_is_not_what_it_must_be, 0, lie_count);
    tcase_add_test(one, an_issuer_that_is_not_named);
    tcase_add_test(one, good_once_and_for_its_own_state);
    tcase_add_test(one, states_that_nobody_made);
    tcase_add_test(one, cancelled_it_can_be_tried_again);
    tcase_add_test(one, the_code_is_needed_and_is_its_forms);
    tcase_add_test(one, ten_minutes);
    tcase_add_test(one, a_lost_code_is_renewed);
    tcase_add_test(one, a_renewal_is_its_owners_and_nothing_else);
    tcase_add_test(one, a_renewal_awaits_its_sign_in);
    tcase_add_test(one, a_page_begins_the_renewal);
    tcase_add_test(one, what_is_asked_wrongly);
    tcase_add_loop_test(one, a_provider_in_trouble, 0, 3);
    tcase_add_test(named, nobody_is_named);
    suite_add_tcase(suite, one);
    suite_add_tcase(suite, openid_accounts(&scene, &openid));
    suite_add_tcase(suite, named);
    SRunner *runner = srunner_create(suite);
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    openid_open(&openid, false, further);
    int kept = log_open();
    scene_open(&scene, openid.set);
    openid_ready(&openid, server_address(scene.server));
    dup2(kept, STDERR_FILENO);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    openid_close(&openid);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
