/* A response that an institution's machine files. */
#include "access/ticket.h"
#include "base/clock.h"
#include "filing_cast.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MACHINE "/v1/institution/consultations/" SCENE_SLUG "/filings"
enum { AT_ONCE = 8 };

static json_t *machine_document(const char *summary)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:i, s:s}}}",
                     "format", "institutional-response-v1", "consultation", SCENE_SLUG,
                     "institution", "gamma", "language", "zh-Hant", "publish", 1, "sections",
                     "summary", "text", summary, "interests", "text", "無", "approver", "text",
                     "某人", "measure-2-1", "stance", 2, "text", "理由");
}

struct sender {
    pthread_t thread;
    char header[96];
    char summary[24];
    int status, version;
};

static void *send_one(void *context)
{
    struct sender *sender = context;
    struct client *client = scene_client(&scene);
    struct client_reply reply =
        client_post_json(client, MACHINE, sender->header, machine_document(sender->summary));
    sender->status = reply.status;
    sender->version = (int)json_integer_value(json_at(reply.json, "/receipt/version"));
    client_reply_clear(&reply);
    client_free(client);
    return NULL;
}

/* `apart`: each sends another document. */
static void send_at_once(const char *header, bool apart, int versions[AT_ONCE])
{
    struct sender senders[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
        senders[i] = (struct sender){0};
        snprintf(senders[i].header, sizeof senders[i].header, "%s", header);
        snprintf(senders[i].summary, sizeof senders[i].summary, "at once %d", apart ? i : -1);
        ck_assert_int_eq(pthread_create(&senders[i].thread, NULL, send_one, &senders[i]), 0);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        pthread_join(senders[i].thread, NULL);
        ck_assert_int_eq(senders[i].status, 201);
        versions[i] = senders[i].version;
    }
}

START_TEST(a_machine_files)
{
    struct client *client = scene_client(&scene);
    char token[TICKET_TEXT], hex[DIGEST_TEXT], header[96], statement[800];
    struct official_made one, two;
    struct digest digest;
    int versions[AT_ONCE];
    institution_make(&scene, "gamma", false);
    member_make(&scene, "gamma", "gamma-one", "coordinator", &one);
    member_make(&scene, "gamma", "gamma-two", "approver", &two);
    ticket_make(&clock_system, token, &digest);
    digest_hex(&digest, hex);
    snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
    snprintf(statement, sizeof statement,
             "insert into institution_keys (institution_id, label, token_hash, made_by, expires_at)"
             " select i.institution_id, 'm', decode('%s', 'hex'), o.official_id, now() + interval"
             " '1 day' from institutions i, officials o where i.slug = 'gamma'"
             " and o.login = 'gamma-one'",
             hex);
    stage_sql(statement);

    /* Nobody without a token, nor with one that is not confirmed. */
    struct client_reply reply = client_post_json(client, MACHINE, NULL, machine_document("x"));
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    reply = client_post_json(client, MACHINE, header, machine_document("x"));
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    stage_sql(
        "update institution_keys set confirmed_by = (select official_id from officials where login"
        " = 'gamma-two'), confirmed_at = now()");
    reply = client_post_json(client, MACHINE, header, machine_document("x"));
    scene_expect_problem(&reply, 409, "institution-not-verified", NULL);
    client_reply_clear(&reply);
    institution_verify(&scene, "gamma");

    /* All faults at once, by pointer; nothing is filed. */
    json_t *document = machine_document("x");
    fixture_set(document, "/sections/measure-2-1/stance", json_integer(6));
    fixture_set(document, "/sections/measure-9-9", json_object());
    fixture_set(document, "/extra", json_true());
    reply = client_post_json(client, MACHINE, header, document);
    scene_expect_problem(&reply, 422, "invalid-response", "/sections/measure-2-1/stance");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/errors")), 3);
    client_reply_clear(&reply);
    document = machine_document("x");
    fixture_set(document, "/attachments",
                json_pack("[{s:s, s:s, s:i, s:s}]", "name", "a.pdf", "media_type",
                          "application/pdf", "bytes", 3, "sha256", hex));
    reply = client_post_json(client, MACHINE, header, document);
    scene_expect_problem(&reply, 422, "attachment-missing", NULL);
    client_reply_clear(&reply);

    /* The same document many times at once is one filing; different ones are one each. */
    send_at_once(header, false, versions);
    for (int i = 0; i < AT_ONCE; i++)
        ck_assert_int_eq(versions[i], 1);
    send_at_once(header, true, versions);
    unsigned seen = 0;
    for (int i = 0; i < AT_ONCE; i++)
        seen |= 1u << versions[i];
    ck_assert_uint_eq(seen, 0x3fcu); /* 2 to 9, each once */

    reply = client_post_json(client, MACHINE, header, machine_document("last"));
    ck_assert_int_eq(reply.status, 201);
    ck_assert_int_eq(json_integer_value(json_at(reply.json, "/receipt/version")), 10);
    client_reply_clear(&reply);
    reply = client_run(client, &(struct client_ask){.path = MACHINE "/10", .headers = header});
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(client_text(&reply, "/document/sections/summary/text"), "last");
    ck_assert(json_is_true(json_at(reply.json, "/latest")));
    client_reply_clear(&reply);

    /* After the close: what is filed keeps its receipt, nothing else is taken. */
    scene_window(&scene, "now() - interval '1 day'", "now() - interval '1 second'");
    reply = client_post_json(client, MACHINE, header, machine_document("last"));
    ck_assert_int_eq(reply.status, 201);
    client_reply_clear(&reply);
    reply = client_post_json(client, MACHINE, header, machine_document("late"));
    scene_expect_problem(&reply, 409, "closed", NULL);
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '1 day'", "now() + interval '30 days'");
    client_free(client);
}
END_TEST

const TTest *filing_by_machine(void)
{
    return a_machine_files;
}
