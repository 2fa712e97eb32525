/* Institutions and their people: what one may not do to another, what stays of what was typed, and
 * keys of machines. The journey of a first member is the browser's; the walk is test_walk's; what
 * the database decides by itself is tests/schema/institution.sql. */
#include "support/institutions.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;
static const char *const settings[] = {"mail_outbox=/tmp/ci-outbox", NULL};

#define MEMBERS "/en/institution/members"
#define KEYS "/en/institution/keys"
#define VERIFICATION "/en/institution/verification"
#define REGISTER "/en/officials/institutions"

static struct official_made boss, head, hand, seal, other;
static struct client *client;

static void expect(struct client_reply reply, int status, const char *words)
{
    ck_assert_msg(reply.status == status && (!words || strstr(reply.body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply.status, status, words ? words : "",
                  reply.body);
    client_reply_clear(&reply);
}

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

/* A form of so many names and values, NULL at the end. */
static char *form(const char *const *fields)
{
    char *body = NULL;
    for (; fields[0]; fields += 2)
        body = fixture_form_add(body, fields[0], fields[1]);
    return body;
}
#define FORM(...) form((const char *const[]){__VA_ARGS__, NULL})

static void people_make(void)
{
    client = scene_client(&scene);
    official_make(&scene, "boss", "--administrator", &boss);
    institution_make(&scene, "alpha", true);
    institution_make(&scene, "beta", true);
    member_make(&scene, "alpha", "head", "coordinator", &head);
    member_make(&scene, "alpha", "hand", "drafter", &hand);
    member_make(&scene, "alpha", "seal", "approver", &seal);
    member_make(&scene, "beta", "other", "coordinator,approver", &other);
    official_sign_in(&scene, client, &boss);
    member_sign_in(&scene, client, &head);
    member_sign_in(&scene, client, &hand);
    member_sign_in(&scene, client, &seal);
    member_sign_in(&scene, client, &other);
}

/* What is wrong is named, and what was typed stays. */
START_TEST(registering)
{
    expect(official_post(client, &boss, REGISTER,
                         FORM("/institution/slug", "No Slug", "/institution/zh-Hant", "<b>甲</b>",
                              "/institution/en", "", "/institution/zh-Hans", "甲",
                              "/institution/kind", "club", "/institution/domains", "a_b.hk")),
           422, "&lt;b&gt;甲&lt;/b&gt;");
    char *good[] = {"/institution/slug",
                    "alpha",
                    "/institution/zh-Hant",
                    "甲",
                    "/institution/en",
                    "A",
                    "/institution/zh-Hans",
                    "甲",
                    "/institution/kind",
                    "other",
                    "/institution/domains",
                    "a.hk;B.hk\n香港.hk",
                    NULL};
    expect(official_post(client, &boss, REGISTER, form((const char *const *)good)), 422,
           "This name is taken");
    good[1] = "gamma";
    expect(official_post(client, &boss, REGISTER, form((const char *const *)good)), 303, NULL);
    ck_assert_int_eq(number("select count(*) from institution_domains join institutions using "
                            "(institution_id) where slug = 'gamma'"),
                     3);
    expect(official_post(client, &boss, REGISTER "/nowhere", form((const char *const *)(good + 2))),
           404, NULL);
    expect(official_post(client, &boss, REGISTER "/gamma/verification",
                         FORM("/go", "verify", "/verification/note", "")),
           422, "How it was verified");
    expect(official_post(
               client, &boss, REGISTER "/gamma/members",
               FORM("/member/login", "lone", "/member/name", "L", "/member/parts/drafter", "1")),
           422, "must be a coordinator");
    expect(official_post(client, &boss, REGISTER "/alpha/members",
                         FORM("/member/login", "mole", "/member/name", "M",
                              "/member/parts/coordinator", "1")),
           422, "has a coordinator");
    ck_assert_int_eq(number("select count(*) from officials where login in ('lone', 'mole')"), 0);
}
END_TEST

/* Another institution's people are not there; one's own account is another's to change. */
START_TEST(members_of_others)
{
    expect(official_get(client, &head, MEMBERS "/other"), 404, NULL);
    expect(official_get(client, &head, MEMBERS "/boss"), 404, NULL);
    expect(official_post(client, &head, MEMBERS "/other", FORM("/go", "disable")), 404, NULL);
    expect(official_post(client, &head, MEMBERS "/other", FORM("/go", "link", "/sure", "yes")), 404,
           NULL);
    expect(official_post(client, &head, MEMBERS "/head", FORM("/go", "disable")), 422,
           "another coordinator of your institution");
    expect(official_post(client, &head, MEMBERS "/hand", FORM("/go", "parts")), 422,
           "Choose at least one part");
    expect(official_post(client, &head, MEMBERS "/hand", FORM("/go", "dance")), 422, NULL);
    struct client_reply list = official_get(client, &hand, MEMBERS);
    ck_assert(strstr(list.body, "seal") && !strstr(list.body, "other"));
    ck_assert_ptr_null(strstr(list.body, "member-login"));
    client_reply_clear(&list);
    ck_assert_int_eq(number("select count(*) from officials where login = 'other' and "
                            "disabled_at is null and password_hash is not null"),
                     1);
}
END_TEST

/* A lost authenticator: only when somebody says that they are sure; then nothing old opens. */
START_TEST(reset_of_a_member)
{
    expect(official_post(client, &head, MEMBERS "/hand", FORM("/go", "link")), 422,
           "will stop working");
    expect(official_get(client, &hand, MEMBERS), 200, NULL);
    struct client_reply shown =
        official_post(client, &head, MEMBERS "/hand", FORM("/go", "link", "/sure", "yes"));
    const char *hash = strstr(shown.body, "/en/institution/set-up#");
    ck_assert_msg(shown.status == 200 && hash, "%d %.2000s", shown.status, shown.body);
    snprintf(hand.link, sizeof hand.link, "%.43s", strchr(hash, '#') + 1);
    client_reply_clear(&shown);
    expect(official_get(client, &hand, MEMBERS), 303, NULL);
    hand.cookie[0] = hand.form_token[0] = hand.secret[0] = '\0';
    official_set_up(&scene, true, &hand);
    member_sign_in(&scene, client, &hand);
    ck_assert_int_eq(number("select count(*) from audit_log where action = "
                            "'institution-member-reset' and detail ->> 'official' = 'head' and "
                            "detail ->> 'account' = 'hand' and detail ->> 'institution' = 'alpha'"),
                     1);
}
END_TEST

static void expect_link(struct client_reply reply)
{
    ck_assert_msg(reply.status == 200 && strstr(reply.body, "/en/institution/set-up#"),
                  "%d %.2000s", reply.status, reply.body);
    client_reply_clear(&reply);
}

/* Who approves is let in again by two persons: whoever holds that link could approve. */
START_TEST(reset_of_an_approver)
{
    struct official_made pen, nib;
    member_make(&scene, "alpha", "pen", "approver", &pen);
    member_make(&scene, "beta", "nib", "approver", &nib);
    expect(official_get(client, &head, MEMBERS "/pen"), 200, "Propose a reset");
    expect(official_post(client, &head, MEMBERS "/pen", FORM("/go", "link", "/sure", "yes")), 422,
           "Somebody else has to");
    expect(official_post(client, &head, MEMBERS "/pen", FORM("/go", "confirm")), 422, NULL);
    expect(official_post(client, &seal, MEMBERS "/pen", FORM("/go", "propose")), 422, NULL);
    expect(official_get(client, &seal, MEMBERS), 200, "pen");
    expect(official_post(client, &head, MEMBERS "/pen", FORM("/go", "propose")), 303, NULL);
    expect(official_get(client, &seal, MEMBERS), 200, MEMBERS "/pen");
    expect(official_get(client, &seal, MEMBERS "/pen"), 200, "value=\"confirm\"");
    struct client_reply own = official_get(client, &head, MEMBERS "/pen");
    ck_assert_ptr_null(strstr(own.body, "value=\"confirm\""));
    client_reply_clear(&own);
    expect(official_post(client, &head, MEMBERS "/pen", FORM("/go", "confirm")), 422,
           "Somebody else has to");
    expect(official_post(client, &hand, MEMBERS "/pen", FORM("/go", "confirm")), 403, NULL);
    expect(official_post(client, &other, MEMBERS "/pen", FORM("/go", "confirm")), 404, NULL);
    expect(official_post(client, &boss, REGISTER "/alpha/resets", FORM("/member/login", "pen")),
           422, "has another approver");
    expect_link(official_post(client, &seal, MEMBERS "/pen", FORM("/go", "confirm")));
    expect(official_post(client, &seal, MEMBERS "/pen", FORM("/go", "confirm")), 422,
           "was decided");

    /* An institution that has nobody else for it asks the administrator. */
    expect(official_post(client, &other, MEMBERS "/nib", FORM("/go", "propose")), 303, NULL);
    expect(official_get(client, &boss, REGISTER "/beta"), 200, "/beta/resets");
    expect_link(
        official_post(client, &boss, REGISTER "/beta/resets", FORM("/member/login", "nib")));
    expect(official_post(client, &boss, REGISTER "/beta/resets", FORM("/member/login", "nobody")),
           404, NULL);
    ck_assert_int_eq(number("select count(*) from audit_log where action = "
                            "'institution-member-reset' and detail ->> 'proposed_by' in ('head', "
                            "'other') and detail ->> 'official' in ('seal', 'boss')"),
                     2);
}
END_TEST

/* Letters are bounded for each institution, whichever network they are asked for from; no address
 * is kept. */
START_TEST(letters_of_verification)
{
    for (int i = 0; i < 5; i++)
        expect(official_post(client, &head, VERIFICATION "/code",
                             FORM("/verification/address", "a@alpha.example")),
               303, NULL);
    expect(official_post(client, &head, VERIFICATION "/code",
                         FORM("/verification/address", "a@alpha.example")),
           429, NULL);
    expect(official_post(client, &other, VERIFICATION "/code",
                         FORM("/verification/address", "no address")),
           422, "Enter an e-mail address");
    expect(official_post(client, &other, VERIFICATION "/code",
                         FORM("/verification/address", "a@alpha.example")),
           422, "not at one of");
    expect(official_post(client, &other, VERIFICATION, FORM("/verification/code", "123456")), 422,
           NULL);
    ck_assert_int_eq(number("select count(*) from audit_log where detail::text like '%@%'"), 0);
    ck_assert_int_eq(number("select count(*) from institutions where slug in ('alpha', 'beta') and "
                            "verified_at is not null"),
                     0);
}
END_TEST

static void expect_machine(const char *token, int status, const char *words)
{
    char headers[128];
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
    expect(client_run(client, &(struct client_ask){.path = "/v1/institution", .headers = headers}),
           status, words);
}

/* A token opens when another person has confirmed it, and no longer than its institution is open.
 */
START_TEST(keys_of_machines)
{
    char token[44] = "", path[128], *id;
    struct client_reply made = official_post(
        client, &head, KEYS, FORM("/key/label", "Server", "/key/days", "7", "/key/public", ""));
    const char *at = strstr(made.body, "id=\"token-value\">");
    ck_assert_msg(made.status == 201 && at, "%d %.2000s", made.status, made.body);
    snprintf(token, sizeof token, "%.43s", strchr(at, '>') + 1);
    client_reply_clear(&made);
    expect_machine(token, 401, "sign-in-required");
    id = cluster_text(scene.cluster, "select key_id::text from institution_keys");
    snprintf(path, sizeof path, KEYS "/%s/confirmation", id);
    expect(official_post(client, &other, path, FORM("a", "b")), 404, NULL);
    expect(official_post(client, &head, path, FORM("a", "b")), 403, NULL);
    expect(official_post(client, &seal, path, FORM("a", "b")), 303, NULL);
    expect_machine(token, 200, "\"institution\":\"alpha\"");
    institution_command(&scene, (const char *[]){"close", "alpha", NULL});
    expect_machine(token, 401, "sign-in-required");
    expect(official_get(client, &seal, KEYS), 303, NULL);
    institution_command(&scene, (const char *[]){"reopen", "alpha", NULL});
    expect_machine(token, 200, NULL);
    member_sign_in(&scene, client, &seal);
    snprintf(path, sizeof path, KEYS "/%s/revocation", id);
    expect(official_post(client, &seal, path, FORM("a", "b")), 303, NULL);
    expect_machine(token, 401, "sign-in-required");
    member_sign_in(&scene, client, &head);
    expect(official_post(client, &head, KEYS,
                         FORM("/key/label", "", "/key/days", "366", "/key/public",
                              "0000000000000000000000000000000000000000000000000000000000000000")),
           422, "Paste an Ed25519 public key");
    free(id);
}
END_TEST

/* A GET signed over method and whole address (RFC 9421), as a machine would send it. */
static struct client_reply signed_get(const unsigned char *secret, const char *key_id,
                                      const char *signed_path, const char *sent_path, long age)
{
    char said[256], base[512], text[128], headers[640];
    unsigned char signature[crypto_sign_BYTES];
    snprintf(said, sizeof said,
             "(\"@method\" \"@target-uri\");created=%lld;keyid=\"%s\";alg=\"ed25519\"",
             (long long)time(NULL) - age, key_id);
    snprintf(base, sizeof base,
             "\"@method\": GET\n\"@target-uri\": %s%s\n\"@signature-params\": %s",
             server_address(scene.server), signed_path, said);
    crypto_sign_detached(signature, NULL, (const unsigned char *)base, strlen(base), secret);
    sodium_bin2base64(text, sizeof text, signature, sizeof signature,
                      sodium_base64_VARIANT_ORIGINAL);
    snprintf(headers, sizeof headers, "Signature-Input: sig=%s\r\nSignature: sig=:%s:\r\n", said,
             text);
    return client_run(client, &(struct client_ask){.path = sent_path, .headers = headers});
}

/* A signature opens what its key may, when another person has confirmed it, and nothing else. */
START_TEST(signed_by_a_machine)
{
    static const char here[] = "/v1/institution";
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char hex[2 * sizeof public_key + 1], path[128];
    ck_assert_int_ge(sodium_init(), 0);
    crypto_sign_keypair(public_key, secret);
    sodium_bin2hex(hex, sizeof hex, public_key, sizeof public_key);
    expect(official_post(client, &other, KEYS,
                         FORM("/key/label", "Signing", "/key/days", "7", "/key/public", hex)),
           303, NULL);
    char *id = cluster_text(scene.cluster, "select key_id::text from institution_keys where "
                                           "label = 'Signing'");
    expect(signed_get(secret, id, here, here, 0), 401, "signature-wrong");
    free(cluster_text(scene.cluster,
                      "insert into officials (login, name, institution_id, member_roles) select "
                      "'nod', 'Nod', institution_id, 4 from institutions where slug = 'beta' "
                      "returning login"));
    free(cluster_text(scene.cluster,
                      "select institution_key_confirm((select official_id from officials where "
                      "login = 'nod'), (select key_id from institution_keys where label = "
                      "'Signing'), 'n')"));
    expect(signed_get(secret, id, here, here, 0), 200, "\"institution\":\"beta\"");
    expect(signed_get(secret, id, here, "/v1/institution?a=b", 0), 401, "signature-wrong");
    expect(signed_get(secret, id, here, here, 400), 401, "signature-untimely");
    expect(signed_get(secret, "00000000-0000-4000-8000-000000000000", here, here, 0), 401,
           "signature-wrong");
    secret[0] ^= 1;
    expect(signed_get(secret, id, here, here, 0), 401, "signature-wrong");
    secret[0] ^= 1;
    snprintf(path, sizeof path, KEYS "/%s/revocation", id);
    expect(official_post(client, &other, path, FORM("a", "b")), 303, NULL);
    expect(signed_get(secret, id, here, here, 0), 401, "signature-wrong");
    free(id);
}
END_TEST

/* The register for anybody, as JSON, CSV and page; the list may be imported at every start. */
START_TEST(in_public)
{
    char file[256];
    const char *words[] = {"import", file, NULL};
    snprintf(file, sizeof file, "%s/schema/institutions.json", SOURCE_FOLDER);
    institution_command(&scene, words);
    institution_command(&scene, words);
    ck_assert_int_eq(number("select count(*) from institutions where slug in ('hku', 'cuhk', "
                            "'hkust') and not fictitious and verified_at is null"),
                     3);
    ck_assert_int_eq(number("select count(*) from officials join institutions using "
                            "(institution_id) where slug = 'hku'"),
                     0);
    expect(client_get(client, "/v1/institutions"), 200,
           "{\"institution\":\"hku\",\"kind\":\"university\",");
    expect(client_get(client, "/v1/institutions.csv"), 200, "hkust,university,香港科技大學");
    struct client_reply page = client_get(client, "/zh-Hant/institutions");
    ck_assert(page.status == 200 && strstr(page.body, "香港中文大學"));
    client_reply_clear(&page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("institution");
    TCase *all = tcase_create("institution");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, people_make, NULL);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, registering);
    tcase_add_test(all, members_of_others);
    tcase_add_test(all, reset_of_an_approver);
    tcase_add_test(all, reset_of_a_member);
    tcase_add_test(all, letters_of_verification);
    tcase_add_test(all, keys_of_machines);
    tcase_add_test(all, signed_by_a_machine);
    tcase_add_test(all, in_public);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
