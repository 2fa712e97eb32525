/* Receipts: shown by number, verified over the interface and without any server. */
#include "support/draft.h"
#include "support/process.h"
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct scene scene;

static json_t *some_receipt(struct client *client)
{
    struct client_reply reply = scene_submit(client, fixture_submission());
    json_t *receipt = json_incref(json_at(reply.json, "/receipt"));
    client_reply_clear(&reply);
    return receipt;
}

START_TEST(shown_by_number)
{
    struct client *client = scene_client(&scene);
    json_t *receipt = some_receipt(client);
    char path[64], lower[64];
    const char *number = json_string_value(json_at(receipt, "/number"));
    snprintf(path, sizeof path, "/v1/receipts/%s", number);
    struct client_reply reply = client_get(client, path);
    ck_assert_int_eq(reply.status, 200);
    ck_assert(json_equal(reply.json, receipt));
    /* Typed from paper: lower case, a hyphen. */
    snprintf(lower, sizeof lower, "/v1/receipts/%.5s-%s", number, number + 5);
    for (char *p = lower + 13; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    struct client_reply typed = client_get(client, lower);
    ck_assert_int_eq(typed.status, 200);
    ck_assert_str_eq(client_text(&typed, "/number"), number);
    struct client_reply none = client_get(client, "/v1/receipts/0000000000");
    scene_expect_problem(&none, 404, "not-found", NULL);
    struct client_reply odd = client_get(client, "/v1/receipts/not-a-number");
    scene_expect_problem(&odd, 404, "not-found", NULL);
    json_decref(receipt);
    client_reply_clear(&reply);
    client_reply_clear(&typed);
    client_reply_clear(&none);
    client_reply_clear(&odd);
    client_free(client);
}
END_TEST

static void expect_verdict(struct client *client, json_t *claim, const char *verdict)
{
    struct client_reply reply =
        client_post_json(client, "/v1/receipt-verifications", NULL, json_deep_copy(claim));
    ck_assert_msg(reply.status == 200, "%d %s", reply.status, reply.body);
    ck_assert_str_eq(client_text(&reply, "/verdict"), verdict);
    client_reply_clear(&reply);
}

START_TEST(verdicts)
{
    static const struct {
        const char *pointer, *value, *verdict;
    } cases[] = {
        {"/number", "\"0000000000\"", "false"},
        {"/consultation", "\"another\"", "false"},
        {"/arrived_at", "\"2026-01-01T00:00:00Z\"", "false"},
        {"/commitment", "\"0000000000000000000000000000000000000000000000000000000000000000\"",
         "false"},
        {"/key_id", "\"receipt-99\"", "key-unknown"},
        {"/signature", "\"AAAA\"", "unreadable"},
        {"/signature", "", "unreadable"},
        {"/number", "7", "unreadable"},
    };
    struct client *client = scene_client(&scene);
    json_t *receipt = some_receipt(client);
    expect_verdict(client, receipt, "genuine");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *claim = json_deep_copy(receipt);
        fixture_set(claim, cases[i].pointer,
                    *cases[i].value ? json_loads(cases[i].value, JSON_DECODE_ANY, NULL) : NULL);
        expect_verdict(client, claim, cases[i].verdict);
        json_decref(claim);
    }
    json_decref(receipt);
    client_free(client);
}
END_TEST

START_TEST(claims_refused)
{
    struct client *client = scene_client(&scene);
    struct client_ask ask = {.method = "POST",
                             .path = "/v1/receipt-verifications",
                             .type = "application/json",
                             .body = "{"};
    struct client_reply malformed = client_run(client, &ask);
    scene_expect_problem(&malformed, 400, "malformed-body", NULL);
    ask.type = "text/plain";
    struct client_reply type = client_run(client, &ask);
    scene_expect_problem(&type, 415, "unsupported-media-type", NULL);
    client_reply_clear(&malformed);
    client_reply_clear(&type);
    client_free(client);
}
END_TEST

START_TEST(keys_are_public)
{
    struct client *client = scene_client(&scene);
    struct client_reply keys = client_get(client, "/v1/keys");
    struct client_reply known = client_get(client, "/.well-known/receipt-keys");
    ck_assert_int_eq(keys.status, 200);
    ck_assert_str_eq(client_text(&keys, "/keys/0/crv"), "Ed25519");
    ck_assert_ptr_null(json_at(keys.json, "/keys/0/d"));
    ck_assert(json_equal(keys.json, known.json));
    client_reply_clear(&keys);
    client_reply_clear(&known);
    client_free(client);
}
END_TEST

/* With the receipt and the published keys as files, and nothing else: no server, no keys folder, no
 * database. */
START_TEST(verified_offline)
{
    struct client *client = scene_client(&scene);
    json_t *receipt = some_receipt(client);
    struct client_reply keys = client_get(client, "/v1/keys");
    char folder[] = "/tmp/cv-XXXXXX", receipt_file[40], keys_file[40], words[512] = "";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(receipt_file, sizeof receipt_file, "%s/receipt.json", folder);
    snprintf(keys_file, sizeof keys_file, "%s/keys.json", folder);
    ck_assert_int_eq(json_dump_file(receipt, receipt_file, JSON_INDENT(2)), 0);
    ck_assert_int_eq(json_dump_file(keys.json, keys_file, 0), 0);
    const char *argv[] = {SERVER_BINARY, "verify", "--keys", keys_file, receipt_file, NULL};
    int status = process_run(words, sizeof words, argv);
    ck_assert_msg(status == 0, "%d %s", status, words);
    fixture_set(receipt, "/number", json_string("0000000000"));
    ck_assert_int_eq(json_dump_file(receipt, receipt_file, 0), 0);
    ck_assert_int_eq(process_run(words, sizeof words, argv), 1);
    const char *remove[] = {"rm", "-rf", folder, NULL};
    process_run(NULL, 0, remove);
    json_decref(receipt);
    client_reply_clear(&keys);
    client_free(client);
}
END_TEST

/* What its holder reads back is enough to compute the commitment; one byte changed is noticed. */
START_TEST(content_gives_the_commitment)
{
    struct client *client = scene_client(&scene);
    struct client_reply recorded = scene_submit(client, fixture_submission());
    struct client_reply keys = client_get(client, "/v1/keys");
    char header[64], path[64], words[512] = "";
    char folder[] = "/tmp/cv-XXXXXX", back_file[40], keys_file[40];
    snprintf(header, sizeof header, "Authorization: Receipt %s\r\n",
             client_text(&recorded, "/code"));
    snprintf(path, sizeof path, "/v1/submissions/%s", client_text(&recorded, "/receipt/number"));
    struct client_reply back =
        client_run(client, &(struct client_ask){.path = path, .headers = header});
    ck_assert_int_eq(back.status, 200);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(back_file, sizeof back_file, "%s/back.json", folder);
    snprintf(keys_file, sizeof keys_file, "%s/keys.json", folder);
    ck_assert_int_eq(json_dump_file(back.json, back_file, 0), 0);
    ck_assert_int_eq(json_dump_file(keys.json, keys_file, 0), 0);
    const char *argv[] = {SERVER_BINARY, "verify", "--keys", keys_file, back_file, NULL};
    ck_assert_int_eq(process_run(words, sizeof words, argv), 0);
    ck_assert_ptr_nonnull(strstr(words, "content: it is what"));
    char *content = strdup(client_text(&back, "/content"));
    *strstr(content, "A remark.") = 'B';
    json_object_set_new(back.json, "content", json_string(content));
    ck_assert_int_eq(json_dump_file(back.json, back_file, 0), 0);
    ck_assert_int_eq(process_run(words, sizeof words, argv), 1);
    ck_assert_ptr_nonnull(strstr(words, "content: it is not"));
    const char *remove[] = {"rm", "-rf", folder, NULL};
    process_run(NULL, 0, remove);
    free(content);
    client_reply_clear(&recorded);
    client_reply_clear(&keys);
    client_reply_clear(&back);
    client_free(client);
}
END_TEST

/* The largest file there can be: a submission as large as one is taken, of a character that NFC
 * makes three of, in a consultation whose limits let all of it through. */
enum { CODES = 10, SUBMISSION_MOST = 512 * 1024, RECEIPT_MOST = 6 * SUBMISSION_MOST + 64 * 1024 };
#define LARGE "large"

static json_t *large_draft(void)
{
    json_t *draft = draft_sample(LARGE);
    for (size_t d = 0; d < 2; d++) {
        json_t *measures =
            json_object_get(json_array_get(json_object_get(draft, "directions"), d), "measures");
        for (size_t i = json_array_size(measures); i < CODES; i++)
            json_array_append_new(measures, json_deep_copy(json_array_get(measures, 0)));
        for (size_t i = 0; i < CODES; i++)
            json_object_set_new(json_array_get(measures, i), "code",
                                json_sprintf("%zu-%zu", d + 1, i + 1));
    }
    json_t *questions = json_object_get(draft, "questions");
    for (size_t i = 1; i < CODES; i++) {
        json_array_append_new(questions, json_deep_copy(json_array_get(questions, 0)));
        json_object_set_new(json_array_get(questions, i), "code", json_sprintf("%zu", i + 1));
    }
    fixture_set(draft, "/limits/remark_points", json_integer(10000));
    fixture_set(draft, "/limits/question_points", json_integer(20000));
    return draft;
}

static json_t *notes(size_t points)
{
    static const char note[] = "\xf0\x9d\x85\xa0"; /* U+1D160 */
    char *text = malloc(points * 4 + 1);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < points; i++)
        memcpy(text + 4 * i, note, 4);
    json_t *string = json_stringn(text, points * 4);
    free(text);
    return string;
}

/* As many bytes as are taken, but for what is not enough for one more text. */
static json_t *large_submission(void)
{
    size_t left = SUBMISSION_MOST - 8192;
    json_t *body = fixture_smallest(), *answers = json_object(), *views = json_object();
    for (size_t i = 0; i < 2 * CODES; i++) {
        size_t points = left / 4 < 3333 ? left / 4 : 3333;
        char code[16];
        snprintf(code, sizeof code, "%zu-%zu", i / CODES + 1, i % CODES + 1);
        json_object_set_new(
            answers, code,
            json_pack("{s:i, s:o, s:i}", "stance", 5, "remark", notes(points), "version", 1));
        left -= 4 * points;
    }
    for (size_t i = 0; i < CODES && left >= 4; i++) {
        size_t points = left / 4 < 6666 ? left / 4 : 6666;
        char code[16];
        snprintf(code, sizeof code, "%zu", i + 1);
        json_object_set_new(views, code,
                            json_pack("{s:o, s:i}", "text", notes(points), "version", 1));
        left -= 4 * points;
    }
    fixture_set(body, "/answers", answers);
    fixture_set(body, "/views", views);
    fixture_set(body, "/priorities", NULL);
    fixture_set(body, "/sector", NULL);
    return body;
}

static void large_await(struct client *client)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0, status = 0; status != 200; tries++) {
        struct client_reply reply = client_get(client, "/v1/consultations/" LARGE);
        status = reply.status;
        client_reply_clear(&reply);
        ck_assert_int_lt(tries, 500);
        nanosleep(&pause, NULL);
    }
}

/* As a browser uploads it. */
static int check_status(struct client *client, const char *file, size_t length, bool genuine)
{
    static const char before[] = "--x\r\nContent-Disposition: form-data; name=\"/file\"; "
                                 "filename=\"r.json\"\r\n\r\n",
                      after[] = "\r\n--x--\r\n";
    struct client_ask ask = {.method = "POST",
                             .path = "/en/receipt-check",
                             .type = "multipart/form-data; boundary=x",
                             .length = sizeof before + length + sizeof after - 2};
    char *body = malloc(ask.length + 1);
    ck_assert_ptr_nonnull(body);
    snprintf(body, ask.length + 1, "%s%s%s", before, file, after);
    ask.body = body;
    struct client_reply reply = client_run(client, &ask);
    int status = reply.status;
    if (genuine)
        ck_assert_msg(strstr(reply.body, "This receipt is genuine") != NULL, "%d %.600s", status,
                      reply.body);
    ck_assert_msg(reply.length < 64 * 1024, "a file is not sent back: %zu", reply.length);
    client_reply_clear(&reply);
    free(body);
    return status;
}

START_TEST(the_largest_file)
{
    struct client *client = scene_client(&scene);
    char said[DRAFT_SAID], key[FIXTURE_KEY], path[96], code[64];
    json_t *draft = large_draft();
    ck_assert_msg(draft_import(&scene, draft, NULL, NULL, said) == 0, "%s", said);
    large_await(client);
    json_t *submission = large_submission();
    char *sent = json_dumps(submission, JSON_COMPACT);
    ck_assert_uint_le(strlen(sent), SUBMISSION_MOST);
    ck_assert_uint_gt(strlen(sent), SUBMISSION_MOST - 8192);
    fixture_key(key);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/v1/consultations/" LARGE "/submissions",
                                                .headers = key,
                                                .type = "application/json",
                                                .body = sent});
    ck_assert_msg(reply.status == 201, "%d %.900s", reply.status, reply.body);
    snprintf(path, sizeof path, "/en/receipts/%s/file", client_text(&reply, "/receipt/number"));
    snprintf(code, sizeof code, "%%2Fas=json&%%2Fcode=%s", client_text(&reply, "/code"));
    struct client_reply file =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = path,
                                                .type = "application/x-www-form-urlencoded",
                                                .body = code});
    ck_assert_int_eq(file.status, 200);
    ck_assert_uint_gt(file.length, 5 * SUBMISSION_MOST);
    ck_assert_int_eq(check_status(client, file.body, file.length, true), 200);
    struct client_reply verdict =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/v1/receipt-verifications",
                                                .type = "application/json",
                                                .body = file.body,
                                                .length = file.length});
    ck_assert_str_eq(client_text(&verdict, "/verdict"), "genuine");
    /* A larger one is none of ours: refused by its head, before any of it is sent (sent all the
     * same, it could reset the connection before the refusal is read). */
    struct client *other = scene_client(&scene);
    char head[256];
    int length = snprintf(head, sizeof head,
                          "POST /v1/receipt-verifications HTTP/1.1\r\nHost: localhost\r\n"
                          "Content-Type: application/json\r\nContent-Length: %d\r\n"
                          "Expect: 100-continue\r\n\r\n",
                          (int)RECEIPT_MOST + 1);
    ck_assert(client_send(other, head, (size_t)length));
    struct client_reply refused = client_read(other, false);
    ck_assert_int_eq(refused.status, 413);
    client_reply_clear(&refused);
    client_reply_clear(&verdict);
    client_reply_clear(&file);
    client_reply_clear(&reply);
    client_free(other);
    client_free(client);
    free(sent);
    json_decref(submission);
    json_decref(draft);
}
END_TEST

SCENE_MAIN("receipt", NULL, shown_by_number, verdicts, claims_refused, keys_are_public,
           verified_offline, content_gives_the_commitment, the_largest_file)
