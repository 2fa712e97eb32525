/* Proof of an identity by a code, through a real SMTP server: what a right code is worth, what a
 * wrong one costs, that nothing tells who took part, and that mail in trouble troubles nobody else.
 */
#include "support/mailbox.h"
#include "support/scene.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_TEXT = 96, WAIT_MS = 15000 };

#define CHALLENGES SCENE_API "/challenges"

static struct scene scene;
static struct mailbox mailbox;
/* Few places, so that a suite can fill them. */
static const char *const further[] = {"submissions_per_prefix=0", "codes_per_prefix=0",
                                      "mail_places=4", "codes_per_identity_alarm=4", NULL};

/* One person at one form. */
struct person {
    char address[ADDRESS_TEXT];
    char key[FIXTURE_KEY]; /* as a header */
    char challenge[64];
    char code[7];
};

static void person_make(struct person *person)
{
    char key[FIXTURE_KEY];
    *person = (struct person){0};
    fixture_key(key);
    snprintf(person->address, sizeof person->address, "p%.12s@example.org", strchr(key, '-') + 6);
    for (char *p = person->address; *p; p++)
        *p = *p == ':' || *p == ' ' ? '0' : *p;
    fixture_key(person->key);
}

static json_t *asking_of(const struct person *person)
{
    char key[40];
    snprintf(key, sizeof key, "%.36s", person->key + strlen("Idempotency-Key: "));
    return json_pack("{s:{s:s, s:s}, s:s}", "identity", "kind", "email", "value", person->address,
                     "submission_key", key);
}

/* Asks and reads the letter. */
static void person_ask(struct client *client, struct person *person)
{
    struct letter_seen letter;
    struct client_reply reply = client_post_json(client, CHALLENGES, NULL, asking_of(person));
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    snprintf(person->challenge, sizeof person->challenge, "%s", client_text(&reply, "/challenge"));
    ck_assert_msg(mailbox_take(&mailbox, person->address, WAIT_MS, &letter), "no letter came");
    mailbox_code(letter.text, person->code);
    client_reply_clear(&reply);
}

/* The smallest submission with that proof instead of an identity. */
static json_t *proven_of(const char *challenge, const char *code)
{
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof", json_pack("{s:s, s:s}", "challenge", challenge, "code", code));
    return body;
}

static struct client_reply person_send(struct client *client, const struct person *person,
                                       const char *code)
{
    return client_post_json(client, SCENE_API "/submissions", person->key,
                            proven_of(person->challenge, code));
}

static void expect_fault(struct client_reply reply, const char *code, const char *pointer)
{
    scene_expect_problem(&reply, 422, "invalid-submission", pointer);
    ck_assert_str_eq(client_text(&reply, "/errors/0/code"), code);
    client_reply_clear(&reply);
}

static void expect_sent(struct client_reply reply, char number[16])
{
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    if (number)
        snprintf(number, 16, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
}

/* A code that is not the right one. */
static const char *wrong_of(const struct person *person, char other[7])
{
    memcpy(other, person->code, 7);
    other[5] = other[5] == '0' ? '1' : '0';
    return other;
}

static void expect_row(const char *number, const char *wanted)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "select state || ' ' || proven || ' ' || coalesce(state_reason, '-')"
             " from submissions where number = '%s'",
             number);
    char *row = cluster_text(scene.cluster, sql);
    ck_assert_str_eq(row, wanted);
    free(row);
}

START_TEST(consultation_says_what_is_taken)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = client_get(client, SCENE_API);
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/proofs")), 2);
    ck_assert_str_eq(client_text(&reply, "/proofs/0"), "declared");
    ck_assert_str_eq(client_text(&reply, "/proofs/1"), "email-code");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(a_code_proves_and_displaces_what_was_declared)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char number[16];
    person_make(&person);
    json_t *declared = fixture_smallest();
    fixture_set(declared, "/identity/value", json_string(person.address));
    struct client_reply first = scene_submit(client, declared);
    person_ask(client, &person);
    char spaced[16];
    snprintf(spaced, sizeof spaced, " %.3s %.3s", person.code, person.code + 3);
    expect_sent(person_send(client, &person, spaced), number);
    expect_row(number, "counted true -");
    expect_row(client_text(&first, "/receipt/number"), "superseded false identity proven");
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from recount(1)"), 0);
    /* Whoever comes after with the same address and no proof displaces nobody. */
    json_t *later = fixture_smallest();
    fixture_set(later, "/identity/value", json_string(person.address));
    struct client_reply held = scene_submit(client, later);
    expect_row(client_text(&held, "/receipt/number"), "held false -");
    expect_row(number, "counted true -");
    client_reply_clear(&first);
    client_reply_clear(&held);
    client_free(client);
}
END_TEST

/* The same receipt before the challenge is judged: whatever has become of it. */
START_TEST(sent_again_it_is_the_same_receipt)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char number[16], again[16], other[7];
    person_make(&person);
    person_ask(client, &person);
    expect_sent(person_send(client, &person, person.code), number);
    expect_sent(person_send(client, &person, person.code), again);
    ck_assert_str_eq(number, again);
    expect_sent(person_send(client, &person, wrong_of(&person, other)), again);
    ck_assert_str_eq(number, again);
    free(cluster_text(scene.cluster, "delete from challenges"));
    expect_sent(person_send(client, &person, person.code), again);
    ck_assert_str_eq(number, again);
    json_t *changed = proven_of(person.challenge, person.code);
    fixture_set(changed, "/answers/1-1/stance", json_integer(1));
    struct client_reply reply =
        client_post_json(client, SCENE_API "/submissions", person.key, changed);
    scene_expect_problem(&reply, 422, "submission-key-reused", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(wrong_codes_five_times)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char other[7];
    person_make(&person);
    person_ask(client, &person);
    for (int i = 0; i < 5; i++)
        expect_fault(person_send(client, &person, wrong_of(&person, other)), "proof-wrong",
                     "/proof/code");
    expect_fault(person_send(client, &person, person.code), "challenge-tries-used", "/proof/code");
    /* Another code, and the right one is taken. */
    person_ask(client, &person);
    expect_sent(person_send(client, &person, person.code), NULL);
    client_free(client);
}
END_TEST

START_TEST(ten_wrong_tries_a_day_from_one_network)
{
    struct client *client = client_new_from(server_address(scene.server), "127.0.0.21");
    struct client *elsewhere = client_new_from(server_address(scene.server), "127.0.0.22");
    struct person person;
    char other[7], seconds[16];
    person_make(&person);
    for (int i = 0; i < 10; i++) {
        if (i % 5 == 0)
            person_ask(client, &person);
        expect_fault(person_send(client, &person, wrong_of(&person, other)), "proof-wrong",
                     "/proof/code");
    }
    struct client_reply reply = person_send(client, &person, person.code);
    scene_expect_problem(&reply, 429, "too-many-requests", NULL);
    ck_assert(client_header(&reply, "Retry-After", seconds, sizeof seconds));
    ck_assert_int_gt(strtol(seconds, NULL, 10), 86000);
    client_reply_clear(&reply);
    reply = client_post_json(client, CHALLENGES, NULL, asking_of(&person));
    scene_expect_problem(&reply, 429, "too-many-requests", NULL);
    client_reply_clear(&reply);
    person_ask(elsewhere, &person);
    expect_sent(person_send(elsewhere, &person, person.code), NULL);
    client_free(client);
    client_free(elsewhere);
}
END_TEST

START_TEST(three_codes_an_hour_from_one_network)
{
    struct client *client = client_new_from(server_address(scene.server), "127.0.0.23");
    struct client *elsewhere = client_new_from(server_address(scene.server), "127.0.0.24");
    struct person person, neighbour;
    char seconds[16];
    person_make(&person);
    person_make(&neighbour);
    for (int i = 0; i < 3; i++)
        person_ask(client, &person);
    struct client_reply reply = client_post_json(client, CHALLENGES, NULL, asking_of(&person));
    scene_expect_problem(&reply, 429, "too-many-requests", NULL);
    ck_assert_str_eq(client_text(&reply, "/field"), "/identity");
    ck_assert(client_header(&reply, "Retry-After", seconds, sizeof seconds));
    ck_assert_int_gt(strtol(seconds, NULL, 10), 3000);
    client_reply_clear(&reply);
    person_ask(client, &neighbour);
    person_ask(elsewhere, &person); /* the fourth act: the alarm, which stops nobody */
    struct client *inner = scene_inner_client(&scene);
    reply = client_get(inner, "/metrics");
    const char *alarms = strstr(reply.body, "\nconsultation_identity_alarms_total ");
    ck_assert_ptr_nonnull(alarms);
    ck_assert_int_ge(strtol(strchr(alarms + 1, ' '), NULL, 10), 1);
    client_reply_clear(&reply);
    client_free(inner);
    client_free(client);
    client_free(elsewhere);
}
END_TEST

START_TEST(a_challenge_is_its_forms_and_expires)
{
    struct client *client = scene_client(&scene);
    struct person person, thief;
    char sql[160];
    person_make(&person);
    person_make(&thief);
    person_ask(client, &person);
    memcpy(thief.challenge, person.challenge, sizeof thief.challenge);
    expect_fault(person_send(client, &thief, person.code), "challenge-expired", "/proof/challenge");
    expect_sent(person_send(client, &person, person.code), NULL);
    expect_fault(person_send(client, &thief, person.code), "challenge-expired", "/proof/challenge");
    person_make(&person);
    person_ask(client, &person);
    snprintf(sql, sizeof sql,
             "update challenges set expires_at = clock_timestamp() where challenge_id = '%s'",
             person.challenge);
    free(cluster_text(scene.cluster, sql));
    expect_fault(person_send(client, &person, person.code), "challenge-expired",
                 "/proof/challenge");
    scene_await(&scene, "select count(*) from challenges where expires_at <= clock_timestamp()", 0);
    snprintf(person.challenge, sizeof person.challenge, "11111111-1111-4111-8111-111111111111");
    expect_fault(person_send(client, &person, person.code), "challenge-expired",
                 "/proof/challenge");
    client_free(client);
}
END_TEST

START_TEST(what_is_sent_wrongly)
{
    static const struct {
        const char *at;
        const char *value; /* JSON, or NULL: removed */
        const char *code, *pointer;
    } cases[] = {
        {"/proof", "3", "wrong-type", "/proof"},
        {"/proof/code", "\"\"", "required", "/proof/code"},
        {"/proof/code", "123456", "wrong-type", "/proof/code"},
        {"/proof/code", "\"12345\"", "proof-wrong", "/proof/code"},
        {"/proof/code", "\"1234567\"", "proof-wrong", "/proof/code"},
        {"/proof/code", "\"12345a\"", "proof-wrong", "/proof/code"},
        {"/proof/challenge", "\"one\"", "challenge-expired", "/proof/challenge"},
        {"/proof/challenge", NULL, "required", "/proof/challenge"},
        {"/proof/oath", "true", "unknown-field", "/proof/oath"},
        {"/identity", "{\"kind\": \"email\", \"value\": \"a@example.org\"}", "unknown-field",
         "/identity"},
    };
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    person_ask(client, &person);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *body = proven_of(person.challenge, person.code);
        fixture_set(body, cases[i].at,
                    cases[i].value ? json_loads(cases[i].value, JSON_DECODE_ANY, NULL) : NULL);
        expect_fault(client_post_json(client, SCENE_API "/submissions", person.key, body),
                     cases[i].code, cases[i].pointer);
    }
    expect_sent(person_send(client, &person, person.code), NULL); /* none of them was a try */
    client_free(client);
}
END_TEST

START_TEST(what_is_asked_wrongly)
{
    static const struct {
        const char *at, *value, *code, *pointer;
    } cases[] = {
        {"/identity/kind", "\"mobile\"", "identity-kind-off", "/identity/kind"},
        {"/identity/kind", "\"hkid\"", "identity-kind-off", "/identity/kind"},
        {"/identity/value", "\"nobody\"", "identity-invalid", "/identity/value"},
        {"/identity/value", "\"a@example.org\\r\\nBcc: b@example.org\"", "identity-invalid",
         "/identity/value"},
        {"/identity/value", "\"a>@example.org\"", "identity-invalid", "/identity/value"},
        {"/identity/value", NULL, "required", "/identity/value"},
        {"/submission_key", NULL, "required", "/submission_key"},
        {"/submission_key", "\"one\"", "submission-key-invalid", "/submission_key"},
        {"/language", "\"fr\"", "unknown-value", "/language"},
        {"/colour", "1", "unknown-field", "/colour"},
    };
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *body = asking_of(&person);
        fixture_set(body, cases[i].at,
                    cases[i].value ? json_loads(cases[i].value, JSON_DECODE_ANY, NULL) : NULL);
        expect_fault(client_post_json(client, CHALLENGES, NULL, body), cases[i].code,
                     cases[i].pointer);
    }
    struct client_reply reply =
        client_post_json(client, "/v1/consultations/none/challenges", NULL, asking_of(&person));
    scene_expect_problem(&reply, 404, "not-found", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Of two that ask, one took part: but for what is random the replies are the same. */
START_TEST(the_reply_does_not_tell_who_took_part)
{
    struct client *client = scene_client(&scene);
    struct person took, never;
    person_make(&took);
    person_make(&never);
    person_ask(client, &took);
    expect_sent(person_send(client, &took, took.code), NULL);
    fixture_key(took.key);
    struct client_reply a = client_post_json(client, CHALLENGES, NULL, asking_of(&took));
    struct client_reply b = client_post_json(client, CHALLENGES, NULL, asking_of(&never));
    ck_assert_int_eq(a.status, 202);
    ck_assert_int_eq(b.status, 202);
    ck_assert_uint_eq(a.length, b.length);
    ck_assert_uint_eq(json_object_size(a.json), 2);
    struct letter_seen one, two;
    ck_assert(mailbox_take(&mailbox, took.address, WAIT_MS, &one));
    ck_assert(mailbox_take(&mailbox, never.address, WAIT_MS, &two));
    char code[7];
    mailbox_code(two.text, code);
    memcpy(strstr(two.text, code), "000000", 6);
    mailbox_code(one.text, code);
    memcpy(strstr(one.text, code), "000000", 6);
    ck_assert_str_eq(one.text, two.text);
    client_reply_clear(&a);
    client_reply_clear(&b);
    client_free(client);
}
END_TEST

START_TEST(the_letter)
{
    static const struct {
        const char *language, *subject, *words;
    } cases[] = {{"en", "Your code for the public consultation", "If you did not ask for a code"},
                 {"zh-Hant", "公眾諮詢的驗證碼", "如果你沒有索取驗證碼"},
                 {"zh-Hans", "公众咨询的验证码", "如果你没有申请验证码"}};
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3; i++) {
        struct person person;
        struct letter_seen letter;
        char typed[2 * ADDRESS_TEXT];
        person_make(&person);
        json_t *body = asking_of(&person);
        /* Typed otherwise: the code goes to the one form that is hashed. */
        snprintf(typed, sizeof typed, " P%.*s+tag@Example.ORG ",
                 (int)(strchr(person.address, '@') - person.address - 1), person.address + 1);
        fixture_set(body, "/identity/value", json_string(typed));
        fixture_set(body, "/language", json_string(cases[i].language));
        struct client_reply reply = client_post_json(client, CHALLENGES, NULL, body);
        ck_assert_int_eq(reply.status, 202);
        client_reply_clear(&reply);
        ck_assert(mailbox_take(&mailbox, person.address, WAIT_MS, &letter));
        ck_assert_str_eq(letter.from, "codes@consultation.example");
        ck_assert_ptr_nonnull(strstr(letter.header_to, person.address));
        ck_assert_str_eq(letter.subject, cases[i].subject);
        ck_assert_str_eq(letter.how, "encrypted True auto-generated");
        ck_assert_msg(strstr(letter.text, cases[i].words), "%s", letter.text);
        ck_assert_ptr_null(strstr(letter.text, "http"));
        ck_assert_ptr_null(strstr(letter.text, "&#"));
    }
    client_free(client);
}
END_TEST

static void proofs_set(const char *proofs, size_t offered)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "update consultations set proofs = %s, revision = revision + 1 where slug = '%s'",
             proofs, SCENE_SLUG);
    free(cluster_text(scene.cluster, sql));
    struct client *client = scene_client(&scene);
    for (int tries = 0;; tries++) {
        struct client_reply reply = client_get(client, SCENE_API);
        size_t count = json_array_size(json_at(reply.json, "/proofs"));
        client_reply_clear(&reply);
        if (count == offered)
            break;
        ck_assert_int_lt(tries, 20000);
    }
    client_free(client);
}

START_TEST(the_setting_decides)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    proofs_set("4", 1);
    expect_fault(client_post_json(client, SCENE_API "/submissions", person.key, fixture_smallest()),
                 "proof-required", "/proof");
    person_ask(client, &person);
    json_t *uncoded = proven_of(person.challenge, "");
    fixture_set(uncoded, "/proof/code", NULL);
    expect_fault(client_post_json(client, SCENE_API "/submissions", person.key, uncoded),
                 "required", "/proof/code");
    expect_sent(person_send(client, &person, person.code), NULL);
    person_make(&person);
    person_ask(client, &person);
    proofs_set("6", 2);
    proofs_set("2", 1);
    expect_fault(person_send(client, &person, person.code), "proof-not-taken", "/proof");
    struct client_reply reply = client_post_json(client, CHALLENGES, NULL, asking_of(&person));
    scene_expect_problem(&reply, 422, "proof-not-taken", NULL);
    client_reply_clear(&reply);
    proofs_set("6", 2);
    client_free(client);
}
END_TEST

/* Without the code it is as if the address were declared. */
START_TEST(a_challenge_without_its_code_is_declared)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char number[16], again[16];
    person_make(&person);
    person_ask(client, &person);
    json_t *body = proven_of(person.challenge, "");
    fixture_set(body, "/proof/code", NULL);
    json_incref(body);
    expect_sent(client_post_json(client, SCENE_API "/submissions", person.key, body), number);
    expect_row(number, "counted false -");
    expect_sent(client_post_json(client, SCENE_API "/submissions", person.key, body), again);
    ck_assert_str_eq(number, again);
    json_t *later = fixture_smallest();
    fixture_set(later, "/identity/value", json_string(person.address));
    struct client_reply held = scene_submit(client, later);
    expect_row(client_text(&held, "/receipt/number"), "held false -");
    client_reply_clear(&held);
    client_free(client);
}
END_TEST

#define FORM_TYPE "application/x-www-form-urlencoded"

static struct client_reply form_post(struct client *client, const char *to, char *body)
{
    char path[128];
    snprintf(path, sizeof path, "/en/consultations/" SCENE_SLUG "/%s", to);
    struct client_reply reply = client_run(
        client,
        &(struct client_ask){.method = "POST", .path = path, .type = FORM_TYPE, .body = body});
    free(body);
    return reply;
}

/* A whole form from the identity's step; `go` as its buttons say, NULL: the first. */
static struct client_reply form_identify(struct client *client, const struct person *person,
                                         const char *go)
{
    char *state = scene_form_state(client);
    json_t *input = fixture_smallest();
    fixture_set(input, "/identity/value", json_string(person->address));
    char *body = fixture_form_add(fixture_form(input, state), "/step", "identity");
    if (go)
        body = fixture_form_add(body, "/go", go);
    free(state);
    json_decref(input);
    return form_post(client, "submissions", body);
}

/* The page is the code's step; what it carries, and the code of the letter. */
static char *code_page_read(const struct client_reply *reply, struct person *person)
{
    static const char field[] = "name=\"/proof/challenge\" value=\"";
    const char *found = strstr(reply->body, field);
    ck_assert_msg(found, "%.2000s", strstr(reply->body, "<main"));
    snprintf(person->challenge, sizeof person->challenge, "%.36s", found + strlen(field));
    ck_assert_ptr_nonnull(strstr(reply->body, "autocomplete=\"one-time-code\""));
    ck_assert_ptr_null(strstr(reply->body, person->address));
    char *state = fixture_form_state(reply->body);
    ck_assert_ptr_nonnull(state);
    return state;
}

static char *code_form(const struct person *person, const char *state, const char *code,
                       const char *go)
{
    char *body = fixture_form_add(NULL, "/state", state);
    body = fixture_form_add(body, "/step", "code");
    body = fixture_form_add(body, "/proof/challenge", person->challenge);
    body = fixture_form_add(body, "/proof/code", code);
    return go ? fixture_form_add(body, "/go", go) : body;
}

static void person_read_letter(struct person *person)
{
    struct letter_seen letter;
    ck_assert(mailbox_take(&mailbox, person->address, WAIT_MS, &letter));
    mailbox_code(letter.text, person->code);
}

static void expect_page_row(struct client_reply *reply, const char *wanted)
{
    char location[128] = "";
    ck_assert_msg(reply->status == 201, "%d %.2000s", reply->status, strstr(reply->body, "<main"));
    ck_assert(client_header(reply, "Location", location, sizeof location));
    expect_row(strrchr(location, '/') + 1, wanted);
}

START_TEST(by_the_form)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char other[7], cache[64] = "";
    person_make(&person);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    struct client_reply reply = form_identify(client, &person, NULL);
    ck_assert_int_eq(reply.status, 200);
    ck_assert(client_header(&reply, "Cache-Control", cache, sizeof cache));
    ck_assert_ptr_nonnull(strstr(cache, "no-store"));
    char *state = code_page_read(&reply, &person);
    client_reply_clear(&reply);
    person_read_letter(&person);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    /* Wrong: said beside the field, nothing lost. */
    reply =
        form_post(client, "submissions", code_form(&person, state, wrong_of(&person, other), NULL));
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"proof-code-error\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "href=\"#proof-code\""));
    ck_assert_ptr_null(strstr(reply.body, other));
    free(state);
    state = code_page_read(&reply, &person);
    client_reply_clear(&reply);
    reply = form_post(client, "submissions", code_form(&person, state, "", NULL));
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"proof-code-error\""));
    client_reply_clear(&reply);
    /* Another language: the same step. */
    reply = form_post(client, "answer", code_form(&person, state, "", NULL));
    ck_assert_int_eq(reply.status, 200);
    free(code_page_read(&reply, &person));
    client_reply_clear(&reply);
    reply = form_post(client, "submissions", code_form(&person, state, person.code, NULL));
    expect_page_row(&reply, "counted true -");
    client_reply_clear(&reply);
    /* Sent twice: the same receipt. */
    reply = form_post(client, "submissions", code_form(&person, state, person.code, NULL));
    expect_page_row(&reply, "counted true -");
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

START_TEST(by_the_form_without_a_code)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    struct client_reply reply = form_identify(client, &person, "unproven");
    expect_page_row(&reply, "counted false -");
    client_reply_clear(&reply);
    person_make(&person);
    reply = form_identify(client, &person, NULL);
    char *state = code_page_read(&reply, &person);
    client_reply_clear(&reply);
    reply = form_post(client, "submissions", code_form(&person, state, "", "unproven"));
    expect_page_row(&reply, "counted false -");
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

/* Back to where the address is given, which is not there any more: a code that has expired, that
 * was tried too often, or that is asked for anew. */
START_TEST(back_to_the_address)
{
    struct client *client = scene_client(&scene);
    struct person person;
    person_make(&person);
    struct client_reply reply = form_identify(client, &person, NULL);
    char *state = code_page_read(&reply, &person);
    client_reply_clear(&reply);
    person_read_letter(&person);
    reply = form_post(client, "answer", code_form(&person, state, "", "back"));
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/identity/value\" value=\"\""));
    client_reply_clear(&reply);
    free(cluster_text(scene.cluster, "update challenges set tries = 5"));
    reply = form_post(client, "submissions", code_form(&person, state, person.code, NULL));
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "Too many wrong tries"));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/identity/value\" value=\"\""));
    client_reply_clear(&reply);
    free(cluster_text(scene.cluster, "delete from challenges"));
    reply = form_post(client, "submissions", code_form(&person, state, person.code, NULL));
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "The code is no longer valid"));
    client_reply_clear(&reply);
    /* A step of the code's without a challenge is the address's. */
    person.challenge[0] = '\0';
    reply = form_post(client, "answer", code_form(&person, state, "", NULL));
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/identity/value\" value=\"\""));
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

START_TEST(form_beyond_the_bounds)
{
    struct client *client = client_new_from(server_address(scene.server), "127.0.0.31");
    struct person person;
    char seconds[16];
    person_make(&person);
    for (int i = 0; i < 3; i++)
        person_ask(client, &person);
    struct client_reply reply = form_identify(client, &person, NULL);
    ck_assert_int_eq(reply.status, 429);
    ck_assert(client_header(&reply, "Retry-After", seconds, sizeof seconds));
    char *state = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(state);
    ck_assert_ptr_nonnull(strstr(reply.body, "value=\"unproven\""));
    client_reply_clear(&reply);
    /* What was filled in is there: it can go without a code. */
    char *body = fixture_form_add(NULL, "/state", state);
    body = fixture_form_add(body, "/step", "identity");
    body = fixture_form_add(body, "/identity/kind", "email");
    body = fixture_form_add(body, "/identity/value", person.address);
    reply = form_post(client, "submissions", fixture_form_add(body, "/go", "unproven"));
    expect_page_row(&reply, "counted false -");
    client_reply_clear(&reply);
    /* An address that is none: at its field. */
    snprintf(person.address, sizeof person.address, "nobody");
    reply = form_identify(client, &person, NULL);
    ck_assert_int_eq(reply.status, 422);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"identity-value-error\""));
    client_reply_clear(&reply);
    free(state);
    client_free(client);
}
END_TEST

/* Asked for while mail is in trouble; the reply is the same. */
static void ask_unanswered(struct client *client, struct person *person)
{
    person_make(person);
    struct client_reply reply = client_post_json(client, CHALLENGES, NULL, asking_of(person));
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    client_reply_clear(&reply);
}

static long metric(const char *name)
{
    struct client *inner = scene_inner_client(&scene);
    struct client_reply reply = client_get(inner, "/metrics");
    char line[80];
    snprintf(line, sizeof line, "\nconsultation_%s ", name);
    const char *found = strstr(reply.body, line);
    ck_assert_msg(found, "%s", name);
    long value = strtol(found + strlen(line), NULL, 10);
    client_reply_clear(&reply);
    client_free(inner);
    return value;
}

static void metric_await(const char *name, long wanted)
{
    for (int tries = 0; metric(name) != wanted; tries++)
        ck_assert_msg(tries < 20000, "%s is not %ld", name, wanted);
}

START_TEST(refused_letters_are_given_up_and_others_tried_again)
{
    struct client *client = scene_client(&scene);
    struct person person;
    struct letter_seen letter;
    long given_up = metric("mail_given_up_total"), retried = metric("mail_retried_total");
    mailbox_mode(&mailbox, "refuse");
    ask_unanswered(client, &person);
    metric_await("mail_given_up_total", given_up + 1);
    ck_assert_int_eq(metric("mail_retried_total"), retried);
    mailbox_mode(&mailbox, "later");
    ask_unanswered(client, &person);
    metric_await("mail_retried_total", retried + 1);
    mailbox_mode(&mailbox, "take");
    ck_assert(mailbox_take(&mailbox, person.address, WAIT_MS, &letter));
    metric_await("mail_waiting", 0);
    client_free(client);
}
END_TEST

/* A mail server that says nothing: codes are refused once no place is left, submissions go on. */
START_TEST(slow_mail_stops_no_submission)
{
    struct client *client = scene_client(&scene);
    struct person person;
    char seconds[16];
    mailbox_mode(&mailbox, "slow");
    for (int i = 0; i < 4; i++)
        ask_unanswered(client, &person);
    ck_assert_int_eq(metric("mail_waiting"), 4);
    person_make(&person);
    struct client_reply reply = client_post_json(client, CHALLENGES, NULL, asking_of(&person));
    scene_expect_problem(&reply, 503, "unavailable", NULL);
    ck_assert(client_header(&reply, "Retry-After", seconds, sizeof seconds));
    client_reply_clear(&reply);
    for (int i = 0; i < 20; i++) {
        reply = scene_submit(client, fixture_smallest());
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(metric("mail_waiting"), 4);
    client_free(client);
    /* What waits is lost with the server, and asked for again. */
    ck_assert_int_eq(server_stop(scene.server, SIGTERM), 0);
    mailbox_mode(&mailbox, "take");
    scene_serve(&scene);
    client = scene_client(&scene);
    struct letter_seen letter;
    ck_assert_int_eq(metric("mail_waiting"), 0);
    ck_assert(!mailbox_take(&mailbox, person.address, 500, &letter));
    person_ask(client, &person);
    expect_sent(person_send(client, &person, person.code), NULL);
    client_free(client);
    ck_assert_int_eq(server_stop(scene.server, SIGTERM), 0);
    scene.server = NULL; /* nothing of it is left for the scene's end */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {consultation_says_what_is_taken,
                                  a_code_proves_and_displaces_what_was_declared,
                                  sent_again_it_is_the_same_receipt,
                                  wrong_codes_five_times,
                                  ten_wrong_tries_a_day_from_one_network,
                                  three_codes_an_hour_from_one_network,
                                  a_challenge_is_its_forms_and_expires,
                                  what_is_sent_wrongly,
                                  what_is_asked_wrongly,
                                  the_reply_does_not_tell_who_took_part,
                                  the_letter,
                                  the_setting_decides,
                                  a_challenge_without_its_code_is_declared,
                                  by_the_form,
                                  by_the_form_without_a_code,
                                  back_to_the_address,
                                  form_beyond_the_bounds,
                                  refused_letters_are_given_up_and_others_tried_again,
                                  slow_mail_stops_no_submission};
    mailbox_open(&mailbox, "starttls", further);
    int status = scene_run(&scene, "proof", mailbox.set, tests, sizeof tests / sizeof tests[0]);
    mailbox_close(&mailbox);
    return status;
}
