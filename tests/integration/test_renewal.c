/* A lost code, renewed by proof of the identity through a real SMTP server: for the holder of a
 * proven submission, as JSON and on pages; and nothing learnt by anybody else. */
#include "base/clock.h"
#include "support/mailbox.h"
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_TEXT = 96, WAIT_MS = 15000, PATH_TEXT = 96, TIMED = 24, CLOSE_US = 2000 };

#define FORM_TYPE "application/x-www-form-urlencoded"

static struct scene scene;
static struct mailbox mailbox;
static const char *const further[] = {"submissions_per_prefix=0", "codes_per_prefix=0",
                                      "code_tries_per_number=3", NULL};

/* Somebody and what they sent. */
struct person {
    char address[ADDRESS_TEXT], number[16], code[16];
};

/* One request for a new code. */
struct asked {
    char key[FIXTURE_KEY]; /* as a header */
    char challenge[64], code[7];
};

static void address_make(char address[ADDRESS_TEXT])
{
    char key[FIXTURE_KEY];
    fixture_key(key);
    snprintf(address, ADDRESS_TEXT, "r%.12s@example.org", key + strlen("Idempotency-Key: ") + 24);
}

static json_t *asking_of(const char *address, const char *key)
{
    char bare[40];
    snprintf(bare, sizeof bare, "%.36s", key + strlen("Idempotency-Key: "));
    return json_pack("{s:{s:s, s:s}, s:s}", "identity", "kind", "email", "value", address,
                     "submission_key", bare);
}

static void letter_take(const char *address, struct letter_seen *letter)
{
    ck_assert_msg(mailbox_take(&mailbox, address, WAIT_MS, letter), "no letter came");
}

/* Asks at `path` for a challenge, and reads its letter. */
static struct asked ask(struct client *client, const char *path, const char *address)
{
    struct asked asked;
    struct letter_seen letter;
    fixture_key(asked.key);
    struct client_reply reply = client_post_json(client, path, NULL, asking_of(address, asked.key));
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    snprintf(asked.challenge, sizeof asked.challenge, "%s", client_text(&reply, "/challenge"));
    letter_take(address, &letter);
    mailbox_code(letter.text, asked.code);
    client_reply_clear(&reply);
    return asked;
}

static struct asked ask_renewal(struct client *client, const char *number, const char *address)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/v1/submissions/%s/challenges", number);
    return ask(client, path, address);
}

static void person_fill(struct person *person, struct client_reply *reply)
{
    ck_assert_msg(reply->status == 201, "%d %s", reply->status, reply->body);
    snprintf(person->number, sizeof person->number, "%s", client_text(reply, "/receipt/number"));
    snprintf(person->code, sizeof person->code, "%s", client_text(reply, "/code"));
    client_reply_clear(reply);
}

/* Somebody who proved their address when they sent. */
static struct person proven(struct client *client)
{
    struct person person;
    address_make(person.address);
    struct asked asked = ask(client, SCENE_API "/challenges", person.address);
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof",
                json_pack("{s:s, s:s}", "challenge", asked.challenge, "code", asked.code));
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", asked.key, body);
    person_fill(&person, &reply);
    return person;
}

/* And somebody who only said it. */
static struct person unproven(struct client *client)
{
    struct person person;
    address_make(person.address);
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity/value", json_string(person.address));
    struct client_reply reply = scene_submit(client, body);
    person_fill(&person, &reply);
    return person;
}

static struct client_reply renew(struct client *client, const char *number,
                                 const struct asked *asked)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/v1/submissions/%s/renewals", number);
    return client_post_json(
        client, path, asked->key,
        json_pack("{s:{s:s, s:s}}", "proof", "challenge", asked->challenge, "code", asked->code));
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

static int64_t audited(void)
{
    return cluster_number(scene.cluster,
                          "select count(*) from audit_log where action = 'code-renewed'");
}

/* Another person to whoever counts by network: each test has its own tries. */
static struct client *client_of(const char *source)
{
    return client_new_from(server_address(scene.server), source);
}

START_TEST(a_lost_code_is_renewed)
{
    struct client *client = client_of("127.0.0.10");
    struct person person = proven(client);
    int64_t before = audited();
    struct asked asked = ask_renewal(client, person.number, person.address);
    struct client_reply reply = renew(client, person.number, &asked);
    ck_assert_msg(reply.status == 200, "%d %s", reply.status, reply.body);
    ck_assert_str_eq(client_text(&reply, "/receipt/number"), person.number);
    char code[16], cache[32] = "";
    snprintf(code, sizeof code, "%s", client_text(&reply, "/code"));
    ck_assert_str_ne(code, person.code);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    client_reply_clear(&reply);
    ck_assert_int_eq(read_status(client, person.number, person.code), 403);
    ck_assert_int_eq(read_status(client, person.number, code), 200);
    /* The same request again, as when its reply was lost. */
    reply = renew(client, person.number, &asked);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(client_text(&reply, "/code"), code);
    client_reply_clear(&reply);
    ck_assert_int_eq(audited(), before + 1);
    /* Another proof gives another one. */
    asked = ask_renewal(client, person.number, person.address);
    reply = renew(client, person.number, &asked);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_ne(client_text(&reply, "/code"), code);
    client_reply_clear(&reply);
    ck_assert_int_eq(read_status(client, person.number, code), 403);
    client_free(client);
}
END_TEST

START_TEST(the_letter_says_what_it_is_for)
{
    struct client *client = client_of("127.0.0.11");
    struct person person = proven(client);
    char path[PATH_TEXT], key[FIXTURE_KEY];
    struct letter_seen letter;
    snprintf(path, sizeof path, "/v1/submissions/%s/challenges", person.number);
    fixture_key(key);
    json_t *body = asking_of(person.address, key);
    json_object_set_new(body, "language", json_string("zh-Hant"));
    struct client_reply reply = client_post_json(client, path, NULL, body);
    ck_assert_int_eq(reply.status, 202);
    letter_take(person.address, &letter);
    ck_assert_ptr_nonnull(strstr(letter.subject, "補領"));
    ck_assert_ptr_nonnull(strstr(letter.text, person.number));
    ck_assert_ptr_null(strstr(letter.text, person.code));
    ck_assert_ptr_null(strstr(letter.text, "http"));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Whatever a number is of, a proof that is not its own gets the very same words. */
START_TEST(nobody_elses)
{
    struct client *client = client_of("127.0.0.12");
    struct person theirs = proven(client), said = unproven(client), own = proven(client);
    const char *const numbers[] = {theirs.number, said.number, said.number};
    const char *const addresses[] = {own.address, own.address, said.address};
    char *first = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct asked asked = ask_renewal(client, numbers[i], addresses[i]);
        struct client_reply reply = renew(client, numbers[i], &asked);
        scene_expect_problem(&reply, 403, "code-not-renewed", NULL);
        json_object_del(reply.json, "instance"); /* the request's own name */
        char *words = json_dumps(reply.json, 0);
        if (first)
            ck_assert_str_eq(words, first);
        free(first);
        first = words;
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(read_status(client, theirs.number, theirs.code), 200);
    ck_assert_int_eq(read_status(client, said.number, said.code), 200);
    own = proven(client); /* three codes an hour for an address */
    struct asked asked = ask_renewal(client, own.number, own.address);
    struct client_reply reply = renew(client, theirs.number, &asked);
    scene_expect_problem(&reply, 422, "invalid-submission", "/proof/challenge");
    client_reply_clear(&reply);
    /* A number of nobody is not there, as its receipt is not. */
    reply = renew(client, "0000000000", &asked);
    scene_expect_problem(&reply, 404, "not-found", NULL);
    client_reply_clear(&reply);
    free(first);
    client_free(client);
}
END_TEST

/* A code that was mailed for one purpose is of no use for the other. */
START_TEST(one_purpose_each)
{
    struct client *client = client_of("127.0.0.13");
    struct person person = proven(client);
    struct asked sending = ask(client, SCENE_API "/challenges", person.address);
    struct client_reply reply = renew(client, person.number, &sending);
    scene_expect_problem(&reply, 422, "invalid-submission", "/proof/challenge");
    ck_assert_str_eq(client_text(&reply, "/errors/0/code"), "challenge-expired");
    client_reply_clear(&reply);
    struct asked renewing = ask_renewal(client, person.number, person.address);
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof",
                json_pack("{s:s, s:s}", "challenge", renewing.challenge, "code", renewing.code));
    reply = client_post_json(client, SCENE_API "/submissions", renewing.key, body);
    scene_expect_problem(&reply, 422, "invalid-submission", "/proof/challenge");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(what_is_sent_wrongly)
{
    static const struct {
        const char *pointer, *value, *code, *fault;
    } cases[] = {
        {"/proof/code", "\"000000\"", "proof-wrong", "/proof/code"},
        {"/proof/code", "\"12345\"", "proof-wrong", "/proof/code"},
        {"/proof/code", "\"\"", "required", "/proof/code"},
        {"/proof/code", "", "required", "/proof/code"},
        {"/proof/code", "123456", "wrong-type", "/proof/code"},
        {"/proof/challenge", "\"x\"", "challenge-expired", "/proof/challenge"},
        {"/proof/challenge", "", "required", "/proof/challenge"},
        {"/proof/more", "1", "unknown-field", "/proof/more"},
        {"/proof", "[]", "wrong-type", "/proof"},
        {"/proof", "", "required", "/proof"},
        {"/more", "1", "unknown-field", "/more"},
    };
    struct client *client = client_of("127.0.0.14");
    struct person person = proven(client);
    struct asked asked = ask_renewal(client, person.number, person.address);
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/v1/submissions/%s/renewals", person.number);
    if (strcmp(asked.code, "000000") == 0)
        asked = ask_renewal(client, person.number, person.address);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *body =
            json_pack("{s:{s:s, s:s}}", "proof", "challenge", asked.challenge, "code", asked.code);
        fixture_set(body, cases[i].pointer,
                    *cases[i].value ? json_loads(cases[i].value, JSON_DECODE_ANY, NULL) : NULL);
        struct client_reply reply = client_post_json(client, path, asked.key, body);
        scene_expect_problem(&reply, 422, "invalid-submission", cases[i].fault);
        ck_assert_str_eq(client_text(&reply, "/errors/0/code"), cases[i].code);
        client_reply_clear(&reply);
    }
    struct client_reply reply = client_post_json(client, path, NULL, json_object());
    scene_expect_problem(&reply, 400, "submission-key-missing", NULL);
    client_reply_clear(&reply);
    reply = renew(client, person.number, &asked);
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Three tries for a number from one network; another network has its own. */
START_TEST(tries_are_bounded)
{
    struct client *client = client_of("127.0.0.15"), *other = client_of("127.0.0.16");
    struct person theirs = proven(client), own = proven(client);
    for (int i = 0; i < 3; i++) {
        struct asked asked = ask_renewal(client, theirs.number, own.address);
        struct client_reply reply = renew(client, theirs.number, &asked);
        ck_assert_msg(reply.status == 403, "%d: %d", i, reply.status);
        client_reply_clear(&reply);
        if (i == 1)
            own = proven(client); /* three codes an hour for an address */
    }
    struct asked asked = ask_renewal(client, theirs.number, theirs.address);
    struct client_reply reply = renew(client, theirs.number, &asked);
    char retry[16] = "";
    scene_expect_problem(&reply, 429, "too-many-requests", NULL);
    ck_assert(client_header(&reply, "Retry-After", retry, sizeof retry));
    client_reply_clear(&reply);
    /* The code itself still opens, and the holder's own network renews. */
    ck_assert_int_eq(read_status(client, theirs.number, theirs.code), 200);
    reply = renew(other, theirs.number, &asked);
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    client_free(client);
    client_free(other);
}
END_TEST

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t refused_in(struct client *client, const char *number)
{
    char address[ADDRESS_TEXT];
    address_make(address);
    struct asked asked = ask_renewal(client, number, address);
    int64_t before = clock_monotonic_us(&clock_system);
    struct client_reply reply = renew(client, number, &asked);
    int64_t took = clock_monotonic_us(&clock_system) - before;
    ck_assert_msg(reply.status == 403, "%d %s", reply.status, reply.body);
    client_reply_clear(&reply);
    return took;
}

/* The refusal takes as long whether the number's submission was proven or not. */
START_TEST(time_tells_nothing)
{
    int64_t of_proven[TIMED], of_said[TIMED];
    for (int i = 0; i < TIMED; i++) {
        char source[16];
        snprintf(source, sizeof source, "127.0.1.%d", i + 1);
        struct client *client = client_of(source);
        struct person theirs = proven(client), said = unproven(client);
        if (i % 2)
            of_said[i] = refused_in(client, said.number);
        of_proven[i] = refused_in(client, theirs.number);
        if (i % 2 == 0)
            of_said[i] = refused_in(client, said.number);
        client_free(client);
    }
    qsort(of_proven, TIMED, sizeof *of_proven, by_size);
    qsort(of_said, TIMED, sizeof *of_said, by_size);
    int64_t apart = llabs(of_proven[TIMED / 2] - of_said[TIMED / 2]);
    int64_t unrest = of_proven[TIMED * 3 / 4] - of_proven[TIMED / 4];
    ck_assert_msg(apart < CLOSE_US || apart < unrest / 2, "%lld us apart, unrest %lld us",
                  (long long)apart, (long long)unrest);
}
END_TEST

/* When nothing is sent any more, what was sent can still be read and withdrawn with a new code. */
START_TEST(after_the_close)
{
    struct client *client = client_of("127.0.0.17");
    struct person person = proven(client);
    scene_window(&scene, "now() - interval '3 days'", "now() - interval '2 days'");
    struct asked asked = ask_renewal(client, person.number, person.address);
    struct client_reply reply = renew(client, person.number, &asked);
    ck_assert_msg(reply.status == 200, "%d %s", reply.status, reply.body);
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '3 days'", "now() + interval '10 days'");
    client_free(client);
}
END_TEST

static struct client_reply post(struct client *client, const char *path, const char *body)
{
    return client_run(client, &(struct client_ask){
                                  .method = "POST", .path = path, .type = FORM_TYPE, .body = body});
}

static void expect_part(const struct client_reply *reply, int status, const char *part)
{
    char cache[32] = "";
    ck_assert_msg(reply->status == status, "%d %.600s", reply->status, reply->body);
    ck_assert_msg(strstr(reply->body, part) != NULL, "%s: %s", part, strstr(reply->body, "<main"));
    ck_assert(client_header(reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
}

static void hidden_of(const struct client_reply *reply, const char *name, char value[64])
{
    char field[64];
    snprintf(field, sizeof field, "name=\"%s\" value=\"", name);
    const char *at = strstr(reply->body, field);
    ck_assert_msg(at != NULL, "%s: %s", name, strstr(reply->body, "<main"));
    at += strlen(field);
    snprintf(value, 64, "%.*s", (int)strcspn(at, "\""), at);
}

/* On the pages of a number: the address is given, and the code that came for it, wrong by a digit
 * first. *code: what its form carried. */
static struct client_reply renew_by_pages(struct client *client, const char *number,
                                          const char *address, char **sent)
{
    char path[PATH_TEXT], body[256], key[64], challenge[64], code[7];
    struct letter_seen letter;
    snprintf(path, sizeof path, "/en/receipts/%s/challenges", number);
    snprintf(body, sizeof body, "%%2Fidentity%%2Fvalue=%s", address);
    struct client_reply reply = post(client, path, body);
    expect_part(&reply, 200, "id=\"proof-code\"");
    ck_assert_ptr_null(strstr(reply.body, address));
    hidden_of(&reply, "/key", key);
    hidden_of(&reply, "/proof/challenge", challenge);
    client_reply_clear(&reply);
    letter_take(address, &letter);
    mailbox_code(letter.text, code);
    snprintf(path, sizeof path, "/en/receipts/%s/renewal", number);
    *sent = NULL;
    for (int right = 0; right < 2; right++) {
        free(*sent);
        ck_assert_int_gt(asprintf(sent,
                                  "%%2Fkey=%s&%%2Fproof%%2Fchallenge=%s&%%2Fproof%%2Fcode=%.5s%c",
                                  key, challenge, code,
                                  right            ? code[5]
                                  : code[5] == '0' ? '1'
                                                   : '0'),
                         0);
        reply = post(client, path, *sent);
        if (right)
            return reply;
        expect_part(&reply, 422, "href=\"#proof-code\"");
        ck_assert_ptr_nonnull(strstr(reply.body, "aria-invalid=\"true\""));
        client_reply_clear(&reply);
    }
    return reply;
}

START_TEST(by_pages)
{
    struct client *client = client_of("127.0.0.18");
    struct person person = proven(client);
    char path[PATH_TEXT], renewal[PATH_TEXT], *sent = NULL, code[16];
    snprintf(path, sizeof path, "/en/receipts/%s", person.number);
    snprintf(renewal, sizeof renewal, "/en/receipts/%s/renewal", person.number);
    struct client_reply reply = client_get(client, path);
    ck_assert_ptr_nonnull(strstr(reply.body, renewal));
    client_reply_clear(&reply);
    reply = client_get(client, renewal);
    expect_part(&reply, 200, "id=\"identity-value\"");
    client_reply_clear(&reply);
    reply = renew_by_pages(client, person.number, person.address, &sent);
    expect_part(&reply, 200, "Your receipt has a new code");
    ck_assert_ptr_nonnull(strstr(reply.body, "class=\"app-qr\""));
    ck_assert_ptr_nonnull(strstr(reply.body, person.number));
    /* An answer that this browser keeps unsent has nothing to do with it. */
    ck_assert_ptr_null(strstr(reply.body, "data-recorded"));
    const char *field = strstr(reply.body, "name=\"/code\" value=\"");
    ck_assert_ptr_nonnull(field);
    field += strlen("name=\"/code\" value=\"");
    snprintf(code, sizeof code, "%.4s%.4s%.4s", field, field + 5, field + 10);
    ck_assert_str_ne(code, person.code);
    ck_assert_int_eq(read_status(client, person.number, code), 200);
    ck_assert_int_eq(read_status(client, person.number, person.code), 403);
    /* Reloaded, which a browser does by sending the form again. */
    struct client_reply again = post(client, renewal, sent);
    expect_part(&again, 200, "Your receipt has a new code");
    ck_assert_str_eq(strstr(again.body, "<main"), strstr(reply.body, "<main"));
    client_reply_clear(&reply);
    client_reply_clear(&again);
    free(sent);
    client_free(client);
}
END_TEST

/* The pages are the same whoever's the number is, but for the number. */
START_TEST(pages_tell_nothing)
{
    struct client *client = client_of("127.0.0.19");
    struct person theirs = proven(client), said = unproven(client), own = proven(client);
    const char *const numbers[] = {theirs.number, said.number};
    char *first = NULL, *sent = NULL;
    for (size_t i = 0; i < 2; i++) {
        struct client_reply reply = renew_by_pages(client, numbers[i], own.address, &sent);
        expect_part(&reply, 403, "No new code can be given");
        char *page = strdup(strstr(reply.body, "<main"));
        for (char *p = page; (p = strstr(p, numbers[i])) != NULL;)
            memset(p, '0', 10);
        if (first)
            ck_assert_str_eq(page, first);
        free(first);
        first = page;
        free(sent);
        client_reply_clear(&reply);
    }
    free(first);
    client_free(client);
}
END_TEST

START_TEST(pages_refuse)
{
    static const struct {
        const char *what, *body;
        int status;
        const char *part;
    } cases[] = {
        {"challenges", "%2Fidentity%2Fvalue=nobody", 422, "href=\"#identity-value\""},
        {"challenges", "%2Fidentity%2Fvalue=+", 422, "href=\"#identity-value\""},
        {"challenges", "", 422, "id=\"identity-value-error\""},
        {"challenges", "%zz", 400, "malformed-body"},
        {"renewal", "", 422, "The code is no longer valid"},
        {"renewal", "%2Fkey=x&%2Fproof%2Fchallenge=y&%2Fproof%2Fcode=123456", 422,
         "id=\"identity-value\""},
        {"renewal",
         "%2Fkey=11111111-1111-4111-8111-111111111111&%2Fproof%2Fchallenge="
         "11111111-1111-4111-8111-111111111111&%2Fproof%2Fcode=",
         422, "id=\"proof-code-error\""},
        {"renewal",
         "%2Fkey=11111111-1111-4111-8111-111111111111&%2Fproof%2Fchallenge="
         "11111111-1111-4111-8111-111111111111&%2Fproof%2Fcode=123456",
         422, "The code is no longer valid"},
    };
    struct client *client = client_of("127.0.0.20");
    struct person person = proven(client);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[PATH_TEXT];
        snprintf(path, sizeof path, "/en/receipts/%s/%s", person.number, cases[i].what);
        struct client_reply reply = post(client, path, cases[i].body);
        expect_part(&reply, cases[i].status, cases[i].part);
        client_reply_clear(&reply);
    }
    struct client_reply none = client_get(client, "/en/receipts/0000000000/renewal");
    ck_assert_int_eq(none.status, 404);
    client_reply_clear(&none);
    client_free(client);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_lost_code_is_renewed,
                                  the_letter_says_what_it_is_for,
                                  nobody_elses,
                                  one_purpose_each,
                                  what_is_sent_wrongly,
                                  tries_are_bounded,
                                  time_tells_nothing,
                                  after_the_close,
                                  by_pages,
                                  pages_tell_nothing,
                                  pages_refuse};
    mailbox_open(&mailbox, "starttls", further);
    int status = scene_run(&scene, "renewal", mailbox.set, tests, sizeof tests / sizeof tests[0]);
    mailbox_close(&mailbox);
    return status;
}
