/* What the holder of a receipt's code does on pages: keeps it, reads back, and carries it
 * elsewhere. */
#include "support/process.h"
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct scene scene;

#define FORM_TYPE "application/x-www-form-urlencoded"

struct held {
    char number[16], code[16]; /* the code without spaces */
};

static struct client_reply post(struct client *client, const char *path, const char *body)
{
    return client_run(client, &(struct client_ask){
                                  .method = "POST", .path = path, .type = FORM_TYPE, .body = body});
}

/* Sends the fixture's submission by the form; the page is the caller's. */
static struct client_reply submit_page(struct client *client, struct held *held)
{
    char location[96] = "", *state = scene_form_state(client);
    json_t *body = fixture_submission();
    fixture_set(body, "/language", NULL);
    char *form = fixture_form(body, state);
    struct client_reply reply = post(client, "/en/consultations/" SCENE_SLUG "/submissions", form);
    ck_assert_msg(reply.status == 201, "%d %.400s", reply.status, reply.body);
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    snprintf(held->number, sizeof held->number, "%.10s", strrchr(location, '/') + 1);
    const char *field = strstr(reply.body, "name=\"/code\" value=\"");
    ck_assert_ptr_nonnull(field);
    field += strlen("name=\"/code\" value=\"");
    snprintf(held->code, sizeof held->code, "%.4s%.4s%.4s", field, field + 5, field + 10);
    free(form);
    free(state);
    json_decref(body);
    return reply;
}

static struct held hold(struct client *client)
{
    struct held held;
    struct client_reply reply = submit_page(client, &held);
    client_reply_clear(&reply);
    return held;
}

static struct client_reply post_code(struct client *client, const struct held *held,
                                     const char *what, const char *code, const char *rest)
{
    char path[96], body[256];
    snprintf(path, sizeof path, "/en/receipts/%s/%s", held->number, what);
    snprintf(body, sizeof body, "%%2Fcode=%s%s", code, rest);
    return post(client, path, body);
}

static void expect_uncached(const struct client_reply *reply)
{
    char cache[64] = "", etag[8];
    ck_assert(client_header(reply, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    ck_assert(!client_header(reply, "ETag", etag, sizeof etag));
}

/* The one page with the code: what was recorded, the QR code, and no address that holds a secret.
 */
START_TEST(page_of_the_holder)
{
    struct client *client = scene_client(&scene);
    struct held held;
    struct client_reply page = submit_page(client, &held);
    char spoken[32];
    snprintf(spoken, sizeof spoken, ">%.4s %.4s %.4s<", held.code, held.code + 4, held.code + 8);
    expect_uncached(&page);
    ck_assert_ptr_nonnull(strstr(page.body, spoken));
    ck_assert_ptr_nonnull(strstr(page.body, "A remark."));
    ck_assert_ptr_nonnull(
        strstr(page.body, "<svg class=\"app-qr\" role=\"img\" aria-label=\"QR code"));
    for (const char *p = page.body; (p = strstr(p, "=\"/")) != NULL; p++) {
        char address[200];
        snprintf(address, sizeof address, "%.*s", (int)strcspn(p + 2, "\""), p + 2);
        ck_assert_msg(!strstr(address, held.code), "%s", address);
    }
    /* By its number alone nothing of it is shown. */
    char path[64];
    snprintf(path, sizeof path, "/en/receipts/%s", held.number);
    struct client_reply stranger = client_get(client, path);
    ck_assert_int_eq(stranger.status, 200);
    ck_assert_ptr_null(strstr(stranger.body, held.code));
    ck_assert_ptr_null(strstr(stranger.body, "A remark."));
    ck_assert_ptr_null(strstr(stranger.body, "app-qr"));
    client_reply_clear(&page);
    client_reply_clear(&stranger);
    client_free(client);
}
END_TEST

static void expect_attachment(const struct client_reply *reply, const struct held *held,
                              const char *ending, const char *type)
{
    char wanted[80], header[80] = "";
    ck_assert_msg(reply->status == 200, "%d %.300s", reply->status, reply->body);
    snprintf(wanted, sizeof wanted, "attachment; filename=\"receipt-%s.%s\"", held->number, ending);
    ck_assert(client_header(reply, "Content-Disposition", header, sizeof header));
    ck_assert_str_eq(header, wanted);
    ck_assert(client_header(reply, "Content-Type", header, sizeof header));
    ck_assert_str_eq(header, type);
    expect_uncached(reply);
}

START_TEST(file_as_text)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply file = post_code(client, &held, "file", held.code, "&%2Fas=text");
    char spoken[32], commitment[80];
    expect_attachment(&file, &held, "txt", "text/plain; charset=utf-8");
    snprintf(spoken, sizeof spoken, "%.4s %.4s %.4s\n", held.code, held.code + 4, held.code + 8);
    char *sql = NULL, *stored = NULL;
    ck_assert_int_gt(
        asprintf(&sql, "select encode(commitment, 'hex') from submissions where number = '%s'",
                 held.number),
        0);
    stored = cluster_text(scene.cluster, sql);
    snprintf(commitment, sizeof commitment, "Commitment: %s\n", stored);
    static const char *const parts[] = {"Receipt\n", "A remark.\n", "consultation-receipt-v1\n{",
                                        "Strongly support\n", "Random bytes: "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr(file.body, parts[i]) != NULL, "%s: %s", parts[i], file.body);
    ck_assert_ptr_nonnull(strstr(file.body, spoken));
    ck_assert_ptr_nonnull(strstr(file.body, commitment));
    free(sql);
    free(stored);
    client_reply_clear(&file);
    client_free(client);
}
END_TEST

/* What is downloaded is all that a stranger's verifier needs, and it compares the content too. */
START_TEST(file_verified_offline)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply file = post_code(client, &held, "file", held.code, "&%2Fas=json");
    struct client_reply keys = client_get(client, "/v1/keys");
    char folder[] = "/tmp/ch-XXXXXX", receipt_file[40], keys_file[40], words[512] = "";
    expect_attachment(&file, &held, "json", "application/json");
    ck_assert_str_eq(client_text(&file, "/code"), held.code);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(receipt_file, sizeof receipt_file, "%s/receipt.json", folder);
    snprintf(keys_file, sizeof keys_file, "%s/keys.json", folder);
    ck_assert_int_eq(json_dump_file(file.json, receipt_file, 0), 0);
    ck_assert_int_eq(json_dump_file(keys.json, keys_file, 0), 0);
    const char *argv[] = {SERVER_BINARY, "verify", "--keys", keys_file, receipt_file, NULL};
    int status = process_run(words, sizeof words, argv);
    ck_assert_msg(status == 0, "%d %s", status, words);
    ck_assert_ptr_nonnull(strstr(words, "content: it is what"));
    const char *remove[] = {"rm", "-rf", folder, NULL};
    process_run(NULL, 0, remove);
    client_reply_clear(&file);
    client_reply_clear(&keys);
    client_free(client);
}
END_TEST

START_TEST(files_refused)
{
    static const struct {
        const char *code, *rest;
        int status;
        const char *part;
    } cases[] = {
        {"", "", 401, "id=\"code-error\""},
        {"000000000000", "", 403, "id=\"code-error\""},
        {"not-a-code", "", 403, "id=\"code-error\""},
        {"%zz", "", 400, "malformed-body"},
    };
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client_reply reply = post_code(client, &held, "file", cases[i].code, cases[i].rest);
        ck_assert_msg(reply.status == cases[i].status, "%zu: %d", i, reply.status);
        ck_assert_msg(strstr(reply.body, cases[i].part) != NULL, "%zu: %.400s", i, reply.body);
        client_reply_clear(&reply);
    }
    struct client_reply odd = post_code(client, &held, "file", held.code, "&%2Fas=pdf");
    ck_assert_int_eq(odd.status, 422);
    ck_assert_ptr_nonnull(strstr(odd.body, "unknown-value"));
    struct held nobody = {.number = "0000000000"};
    struct client_reply none = post_code(client, &nobody, "file", held.code, "");
    ck_assert_int_eq(none.status, 404);
    client_reply_clear(&odd);
    client_reply_clear(&none);
    client_free(client);
}
END_TEST

/* As somebody types it who was read it to over the telephone, or with an input method. */
START_TEST(code_as_it_is_typed)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    char typed[64], lower[16];
    for (size_t i = 0; i <= 12; i++)
        lower[i] = held.code[i] >= 'A' ? (char)(held.code[i] + 32) : held.code[i];
    snprintf(typed, sizeof typed, "+%.4s-%.4s%%E2%%80%%93%.4s%%E3%%80%%80", lower, lower + 4,
             lower + 8);
    struct client_reply reply = post_code(client, &held, "submission", typed, "");
    ck_assert_msg(reply.status == 200, "%s: %d", typed, reply.status);
    ck_assert_ptr_nonnull(strstr(reply.body, "A remark."));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

SCENE_MAIN("holder", NULL, page_of_the_holder, file_as_text, file_verified_offline, files_refused,
           code_as_it_is_typed)
