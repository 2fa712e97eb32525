/* The receipt's number by mail, for who proved their address and asked for it: after it is
 * recorded, without its code, and never in the way of the receipt. */
#include "support/mailbox.h"
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_TEXT = 96, WAIT_MS = 15000, ABSENT_MS = 400, PATH_TEXT = 128, KEPT = 16 };

#define FORM_TYPE "application/x-www-form-urlencoded"

static struct scene scene;
static struct mailbox mailbox;
/* One letter may wait, so that a suite can fill it. */
static const char *const further[] = {"submissions_per_prefix=0", "codes_per_prefix=0",
                                      "mail_places=1", NULL};

struct person {
    char address[ADDRESS_TEXT], key[FIXTURE_KEY], challenge[64], code[7];
};

static struct person person_make(void)
{
    struct person person = {0};
    fixture_key(person.key);
    snprintf(person.address, sizeof person.address, "n%.12s@example.org",
             person.key + strlen("Idempotency-Key: ") + 24);
    return person;
}

/* A code's letter leaves its place a moment after it came: until then there is none for another. */
static void mail_await_idle(void)
{
    struct client *client = scene_inner_client(&scene);
    for (int tries = 0;; tries++) {
        struct client_reply reply = client_get(client, "/metrics");
        bool idle = strstr(reply.body, "\nconsultation_mail_waiting 0\n") != NULL;
        client_reply_clear(&reply);
        if (idle)
            break;
        ck_assert_int_lt(tries, 20000);
    }
    client_free(client);
}

static void letter_take(const struct person *person, struct letter_seen *letter)
{
    ck_assert_msg(mailbox_take(&mailbox, person->address, WAIT_MS, letter), "no letter came");
    mail_await_idle();
}

static void person_ask(struct client *client, struct person *person, json_t *send_number)
{
    char key[40];
    struct letter_seen letter;
    snprintf(key, sizeof key, "%.36s", person->key + strlen("Idempotency-Key: "));
    json_t *body = json_pack("{s:{s:s, s:s}, s:s, s:o*}", "identity", "kind", "email", "value",
                             person->address, "submission_key", key, "send_number", send_number);
    struct client_reply reply = client_post_json(client, SCENE_API "/challenges", NULL, body);
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    snprintf(person->challenge, sizeof person->challenge, "%s", client_text(&reply, "/challenge"));
    letter_take(person, &letter);
    mailbox_code(letter.text, person->code);
    client_reply_clear(&reply);
}

/* `code` NULL: without one, as declared. */
static struct client_reply person_send(struct client *client, const struct person *person,
                                       const char *code)
{
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof",
                json_pack("{s:s, s:s*}", "challenge", person->challenge, "code", code));
    return client_post_json(client, SCENE_API "/submissions", person->key, body);
}

static void expect_said(const struct client_reply *reply, const char *said)
{
    ck_assert_msg(reply->status == 201, "%d %s", reply->status, reply->body);
    ck_assert_str_eq(client_text(reply, "/number_letter"), said);
}

static void expect_no_letter(const struct person *person)
{
    struct letter_seen letter;
    ck_assert(!mailbox_take(&mailbox, person->address, ABSENT_MS, &letter));
}

START_TEST(sent_once_and_without_the_code)
{
    struct client *client = scene_client(&scene);
    struct person person = person_make();
    struct letter_seen letter;
    char wrong[7], page[64];
    person_ask(client, &person, json_true());
    /* Nothing is sent before it is recorded. */
    memcpy(wrong, person.code, 7);
    wrong[5] = wrong[5] == '0' ? '1' : '0';
    struct client_reply reply = person_send(client, &person, wrong);
    ck_assert_int_eq(reply.status, 422);
    client_reply_clear(&reply);
    expect_no_letter(&person);
    reply = person_send(client, &person, person.code);
    expect_said(&reply, "on-its-way");
    letter_take(&person, &letter);
    snprintf(page, sizeof page, "/receipts/%s", client_text(&reply, "/receipt/number"));
    ck_assert_msg(strstr(letter.text, page) != NULL, "%s", letter.text);
    ck_assert_ptr_null(strstr(letter.text, client_text(&reply, "/code")));
    client_reply_clear(&reply);
    /* The same request again says the same, and sends nothing. */
    reply = person_send(client, &person, person.code);
    expect_said(&reply, "on-its-way");
    client_reply_clear(&reply);
    expect_no_letter(&person);
    client_free(client);
}
END_TEST

START_TEST(only_if_asked_for_and_proven)
{
    struct client *client = scene_client(&scene);
    struct person silent = person_make(), refused = person_make(), declared = person_make();
    person_ask(client, &silent, NULL);
    struct client_reply reply = person_send(client, &silent, silent.code);
    expect_said(&reply, "");
    client_reply_clear(&reply);
    person_ask(client, &refused, json_false());
    reply = person_send(client, &refused, refused.code);
    expect_said(&reply, "");
    client_reply_clear(&reply);
    person_ask(client, &declared, json_true());
    reply = person_send(client, &declared, NULL);
    expect_said(&reply, "");
    client_reply_clear(&reply);
    /* Nor afterwards, with the code. */
    reply = person_send(client, &declared, declared.code);
    expect_said(&reply, "");
    client_reply_clear(&reply);
    expect_no_letter(&silent);
    expect_no_letter(&refused);
    expect_no_letter(&declared);
    client_free(client);
}
END_TEST

START_TEST(odd_wishes_refused)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply =
        client_post_json(client, SCENE_API "/challenges", NULL,
                         json_pack("{s:{s:s, s:s}, s:s, s:s}", "identity", "kind", "email", "value",
                                   "odd@example.org", "submission_key",
                                   "11111111-1111-4111-8111-111111111111", "send_number", "yes"));
    scene_expect_problem(&reply, 422, "invalid-submission", "/send_number");
    ck_assert_str_eq(client_text(&reply, "/errors/0/code"), "wrong-type");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

static struct client_reply form_post(struct client *client, const char *language, char *body)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/%s/consultations/" SCENE_SLUG "/submissions", language);
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){.method = "POST", .path = path, .type = FORM_TYPE, .body = body});
    free(body);
    return reply;
}

/* By the form, up to the code's step with the code of its letter. The state; caller frees. */
static char *form_ask(struct client *client, const char *language, struct person *person)
{
    static const char field[] = "name=\"/proof/challenge\" value=\"";
    struct letter_seen letter;
    char *state = scene_form_state(client);
    json_t *input = fixture_smallest();
    fixture_set(input, "/language", NULL);
    fixture_set(input, "/identity/value", json_string(person->address));
    char *body = fixture_form_add(fixture_form(input, state), "/step", "identity");
    body = fixture_form_add(body, "/send_number", "1");
    struct client_reply reply = form_post(client, language, body);
    ck_assert_msg(reply.status == 200, "%d %.600s", reply.status, reply.body);
    const char *found = strstr(reply.body, field);
    ck_assert_ptr_nonnull(found);
    snprintf(person->challenge, sizeof person->challenge, "%.36s", found + strlen(field));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/send_number\" value=\"1\""));
    free(state);
    state = fixture_form_state(reply.body);
    client_reply_clear(&reply);
    letter_take(person, &letter);
    mailbox_code(letter.text, person->code);
    json_decref(input);
    return state;
}

static struct client_reply form_send(struct client *client, const char *language,
                                     const struct person *person, const char *state)
{
    char *body = fixture_form_add(NULL, "/state", state);
    body = fixture_form_add(body, "/step", "code");
    body = fixture_form_add(body, "/send_number", "1");
    body = fixture_form_add(body, "/proof/challenge", person->challenge);
    return form_post(client, language, fixture_form_add(body, "/proof/code", person->code));
}

START_TEST(by_the_form_in_each_language)
{
    static const struct {
        const char *language, *subject, *page;
    } cases[] = {{"en", "Your receipt's number", "We are sending the number"},
                 {"zh-Hant", "你的回條編號", "我們正把編號"},
                 {"zh-Hans", "你的回条编号", "我们正把编号"}};
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3; i++) {
        struct person person = person_make();
        struct letter_seen letter;
        char page[64], location[96] = "";
        char *state = form_ask(client, cases[i].language, &person);
        struct client_reply reply = form_send(client, cases[i].language, &person, state);
        ck_assert_msg(reply.status == 201, "%d %.600s", reply.status, reply.body);
        ck_assert_ptr_nonnull(strstr(reply.body, cases[i].page));
        ck_assert_ptr_null(strstr(reply.body, person.address));
        ck_assert(client_header(&reply, "Location", location, sizeof location));
        client_reply_clear(&reply);
        letter_take(&person, &letter);
        ck_assert_str_eq(letter.subject, cases[i].subject);
        snprintf(page, sizeof page, "/%s/receipts/%s", cases[i].language,
                 strrchr(location, '/') + 1);
        ck_assert_msg(strstr(letter.text, page) != NULL, "%s", letter.text);
        free(state);
    }
    client_free(client);
}
END_TEST

/* Another letter takes the only place: the receipt comes all the same, and says so. */
START_TEST(full_queue)
{
    struct client *client = scene_client(&scene);
    struct person person = person_make(), by_form = person_make(), other = person_make();
    char key[40];
    person_ask(client, &person, json_true());
    char *state = form_ask(client, "en", &by_form);
    mailbox_mode(&mailbox, "later");
    snprintf(key, sizeof key, "%.36s", other.key + strlen("Idempotency-Key: "));
    struct client_reply reply =
        client_post_json(client, SCENE_API "/challenges", NULL,
                         json_pack("{s:{s:s, s:s}, s:s}", "identity", "kind", "email", "value",
                                   other.address, "submission_key", key));
    ck_assert_int_eq(reply.status, 202);
    client_reply_clear(&reply);
    reply = person_send(client, &person, person.code);
    expect_said(&reply, "not-sent");
    client_reply_clear(&reply);
    reply = form_send(client, "en", &by_form, state);
    ck_assert_int_eq(reply.status, 201);
    ck_assert_ptr_nonnull(strstr(reply.body, "We could not send the number"));
    client_reply_clear(&reply);
    mailbox_mode(&mailbox, "take");
    struct letter_seen letter;
    letter_take(&other, &letter);
    expect_no_letter(&person);
    free(state);
    client_free(client);
}
END_TEST

/* More addresses than may be kept: the code comes all the same, and the receipt's page says that
 * the number did not. The last test: all places are taken then. */
START_TEST(too_many_kept)
{
    struct client *client = scene_client(&scene);
    for (int i = 0; i < KEPT; i++) {
        struct person person = person_make();
        person_ask(client, &person, json_true());
    }
    struct person one_more = person_make();
    char *state = form_ask(client, "en", &one_more);
    struct client_reply reply = form_send(client, "en", &one_more, state);
    ck_assert_int_eq(reply.status, 201);
    ck_assert_ptr_nonnull(strstr(reply.body, "We could not send the number"));
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sent_once_and_without_the_code,
                                  only_if_asked_for_and_proven,
                                  odd_wishes_refused,
                                  by_the_form_in_each_language,
                                  full_queue,
                                  too_many_kept};
    mailbox_open(&mailbox, "starttls", further);
    int status =
        scene_run(&scene, "number_letter", mailbox.set, tests, sizeof tests / sizeof tests[0]);
    mailbox_close(&mailbox);
    return status;
}
