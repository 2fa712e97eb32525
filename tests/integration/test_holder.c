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

/* The same page in another language, by the code that it carries; nothing is sent a second time. */
START_TEST(page_of_the_holder_translated)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    char path[64], body[128], spoken[32];
    snprintf(path, sizeof path, "/zh-Hant/receipts/%s", held.number);
    snprintf(spoken, sizeof spoken, ">%.4s %.4s %.4s<", held.code, held.code + 4, held.code + 8);
    snprintf(body, sizeof body, "%%2Fcode=%s&%%2Fshown=&%%2Fletter=failed", held.code);
    int64_t before = cluster_number(scene.cluster, "select count(*) from submissions");
    struct client_reply page = post(client, path, body);
    ck_assert_int_eq(page.status, 200);
    expect_uncached(&page);
    ck_assert_ptr_nonnull(strstr(page.body, "<html lang=\"zh-Hant\""));
    ck_assert_ptr_nonnull(strstr(page.body, spoken));
    ck_assert_ptr_nonnull(strstr(page.body, "A remark."));
    ck_assert_ptr_nonnull(strstr(page.body, "我們未能以電郵發出編號"));
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from submissions"), before);
    snprintf(body, sizeof body, "%%2Fcode=%s&%%2Fshown=renewed", held.code);
    struct client_reply renewed = post(client, path, body);
    ck_assert_ptr_nonnull(strstr(renewed.body, "回條已有新的查閱碼"));
    ck_assert_ptr_null(strstr(renewed.body, "A remark."));
    struct client_reply wrong = post(client, path, "%2Fcode=000000000000");
    ck_assert_int_eq(wrong.status, 403);
    ck_assert_ptr_nonnull(strstr(wrong.body, "id=\"code-error\""));
    ck_assert_ptr_null(strstr(wrong.body, "A remark."));
    client_reply_clear(&page);
    client_reply_clear(&renewed);
    client_reply_clear(&wrong);
    client_free(client);
}
END_TEST

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

/* The state of the form in a reply, which is to be of that status. */
static char *state_of(struct client_reply *reply, int status)
{
    ck_assert_msg(reply->status == status, "%d %.600s", reply->status, reply->body);
    char *state = fixture_form_state(reply->body);
    ck_assert_ptr_nonnull(state);
    client_reply_clear(reply);
    return state;
}

/* One step of the form with up to two fields more. */
static struct client_reply step(struct client *client, const char *where, const char *state,
                                const char *from, const char *go, const char *name,
                                const char *value)
{
    char path[128];
    snprintf(path, sizeof path, "/en/consultations/" SCENE_SLUG "/%s", where);
    char *body = fixture_form_add(NULL, "/state", state);
    body = fixture_form_add(body, "/step", from);
    body = fixture_form_add(body, "/from", strcmp(from, "measure-2-1") == 0 ? "check" : "");
    body = fixture_form_add(body, "/go", go);
    if (name)
        body = fixture_form_add(body, name, value);
    struct client_reply reply = post(client, path, body);
    free(body);
    return reply;
}

static char *row_of(const struct held *held, const char *columns)
{
    char sql[512];
    snprintf(sql, sizeof sql, "select %s from submissions s where number = '%s'", columns,
             held->number);
    return cluster_text(scene.cluster, sql);
}

static void expect_row(const struct held *held, const char *columns, const char *wanted)
{
    char *row = row_of(held, columns);
    ck_assert_str_eq(row, wanted);
    free(row);
}

/* From what is read back: one answer changed, all else as it was, without an identity; the earlier
 * one is replaced, and the new receipt says of what. */
START_TEST(one_answer_amended)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client), next;
    struct client_reply reply = post_code(client, &held, "submission", held.code, "");
    ck_assert_ptr_nonnull(strstr(reply.body, "form=\"amend\" name=\"/go\" value=\"measure-2-1\""));
    client_reply_clear(&reply);
    reply = post_code(client, &held, "amendment", held.code, "&%2Fgo=measure-2-1");
    ck_assert_ptr_nonnull(strstr(reply.body, held.number));
    ck_assert_ptr_null(strstr(reply.body, held.code));
    char *state = state_of(&reply, 200);
    expect_row(&held, "state", "counted"); /* nothing happens before it is sent */
    reply = step(client, "answer", state, "measure-2-1", "next", "/answers/2-1/stance", "4");
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/step\" value=\"check\""));
    free(state);
    state = state_of(&reply, 200);
    reply = step(client, "answer", state, "check", "next", NULL, NULL);
    ck_assert_ptr_nonnull(strstr(reply.body, "Send your amendment"));
    ck_assert_ptr_null(strstr(reply.body, "/identity/value"));
    free(state);
    state = state_of(&reply, 200);
    reply = step(client, "submissions", state, "identity", "", NULL, NULL);
    ck_assert_msg(reply.status == 201, "%d %.600s", reply.status, reply.body);
    char location[96] = "";
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    snprintf(next.number, sizeof next.number, "%.10s", strrchr(location, '/') + 1);
    ck_assert_str_ne(next.number, held.number);
    ck_assert_ptr_nonnull(strstr(reply.body, "Takes the place of"));
    ck_assert_ptr_nonnull(strstr(reply.body, held.number));
    client_reply_clear(&reply);
    expect_row(&held, "state", "superseded");
    expect_row(&next, "state", "counted");
    static const char content[] =
        "encode(substr(stances, 1, 7) || substr(stances, 9), 'hex') || ' ' || kind || ' ' || "
        "consent"
        " || ' ' || coalesce(organisation, '') || ' ' || priorities ||"
        " (select string_agg(r.part || r.original, ',' order by r.part,"
        " r.ordinal) from remarks r where (r.consultation_id, r.submission_id)"
        " = (s.consultation_id, s.submission_id)) ||"
        " ' ' || encode(identity_hash, 'hex')";
    char *before = row_of(&held, content), *after = row_of(&next, content);
    expect_row(&next, "get_byte(stances, 7)", "4");
    ck_assert_str_eq(before, after);
    /* Once more by the same form: the same receipt; by the old code: nothing to amend any more. */
    reply = step(client, "submissions", state, "identity", "", NULL, NULL);
    ck_assert_int_eq(reply.status, 201);
    ck_assert_ptr_nonnull(strstr(reply.body, next.number));
    client_reply_clear(&reply);
    reply = post_code(client, &held, "amendment", held.code, "");
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "already-superseded"));
    client_reply_clear(&reply);
    reply = post_code(client, &held, "submission", held.code, "");
    ck_assert_ptr_nonnull(strstr(reply.body, "replaced by a later one"));
    ck_assert_ptr_null(strstr(reply.body, "id=\"amend\""));
    client_reply_clear(&reply);
    free(before);
    free(after);
    free(state);
    client_free(client);
}
END_TEST

/* Two forms opened to amend the same submission: the second finds it replaced, and keeps its words.
 */
START_TEST(amended_twice_at_once)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply reply = post_code(client, &held, "amendment", held.code, "");
    ck_assert_ptr_nonnull(strstr(reply.body, "name=\"/step\" value=\"tasks\""));
    char *one = state_of(&reply, 200);
    reply = post_code(client, &held, "amendment", held.code, "");
    char *other = state_of(&reply, 200);
    reply = step(client, "submissions", one, "identity", "", NULL, NULL);
    ck_assert_int_eq(reply.status, 201);
    client_reply_clear(&reply);
    reply = step(client, "submissions", other, "identity", "", NULL, NULL);
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "govuk-error-summary"));
    char *again = fixture_form_state(reply.body);
    ck_assert_ptr_nonnull(again);
    client_reply_clear(&reply);
    reply = step(client, "answer", again, "identity", "back", NULL, NULL);
    ck_assert_ptr_nonnull(strstr(reply.body, "A remark."));
    client_reply_clear(&reply);
    free(one);
    free(other);
    free(again);
    client_free(client);
}
END_TEST

START_TEST(amendments_refused)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply reply = post_code(client, &held, "amendment", "000000000000", "");
    ck_assert_int_eq(reply.status, 403);
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"code-error\""));
    client_reply_clear(&reply);
    reply = post_code(client, &held, "withdrawal", held.code, "&%2Fconfirm=1");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    reply = post_code(client, &held, "amendment", held.code, "");
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "already-withdrawn"));
    client_reply_clear(&reply);
    /* After the close: said so, and no form; reading back goes on. */
    held = hold(client);
    scene_window(&scene, "now() - interval '2 days'", "now() - interval '1 day'");
    reply = post_code(client, &held, "amendment", held.code, "");
    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_null(strstr(reply.body, "name=\"/state\""));
    client_reply_clear(&reply);
    reply = post_code(client, &held, "submission", held.code, "");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_null(strstr(reply.body, "id=\"amend\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "/withdrawal\""));
    client_reply_clear(&reply);
    scene_window(&scene, "now() - interval '2 days'", "now() + interval '10 days'");
    client_free(client);
}
END_TEST

/* A form with a file, as browsers send it. */
static struct client_reply check_file(struct client *client, const char *file, const char *code)
{
    char *body = NULL;
    ck_assert_int_gt(asprintf(&body,
                              "--x\r\nContent-Disposition: form-data; name=\"/file\"; "
                              "filename=\"r.json\"\r\nContent-Type: application/json\r\n\r\n%s\r\n"
                              "--x\r\nContent-Disposition: form-data; name=\"/code\"\r\n\r\n%s\r\n"
                              "--x--\r\n",
                              file, code),
                     0);
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = "/en/receipt-check",
                                                .type = "multipart/form-data; boundary=x",
                                                .body = body});
    free(body);
    return reply;
}

static void expect_checked(struct client *client, const char *file, const char *code, int status,
                           const char *wanted, const char *unwanted)
{
    struct client_reply reply = check_file(client, file, code);
    ck_assert_msg(reply.status == status, "%d %.400s", reply.status, reply.body);
    ck_assert_msg(strstr(reply.body, wanted) != NULL, "%s: %.2000s", wanted,
                  strstr(reply.body, "<main"));
    if (unwanted)
        ck_assert_msg(!strstr(reply.body, unwanted), "%s", unwanted);
    expect_uncached(&reply);
    client_reply_clear(&reply);
}

static const char recorded[] = "The submission is recorded.";

/* The file that was downloaded, given back: genuine, and what became of it; without its code only
 * that it is genuine. */
START_TEST(file_checked)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply file = post_code(client, &held, "file", held.code, "&%2Fas=json");
    char *own = strdup(file.body), *marked = NULL, *bare = NULL;
    json_object_del(file.json, "code");
    bare = json_dumps(file.json, 0);
    ck_assert_int_gt(asprintf(&marked, "\xef\xbb\xbf%s", own), 0);
    expect_checked(client, own, "", 200, "This receipt is genuine", "code-error");
    expect_checked(client, own, "", 200, recorded, NULL);
    expect_checked(client, marked, "", 200, recorded, NULL);
    expect_checked(client, bare, "", 200, "This receipt is genuine", recorded);
    expect_checked(client, bare, held.code, 200, recorded, NULL);
    expect_checked(client, bare, "000000000000", 422, "id=\"code-error\"", recorded);
    char *number = strstr(own, held.number);
    *number = *number == '0' ? '1' : '0';
    expect_checked(client, own, held.code, 200, "This receipt is not genuine", recorded);
    expect_checked(client, "{}", held.code, 200, "This cannot be read", recorded);
    expect_checked(client, "no receipt", "", 200, "This cannot be read", "This receipt is genuine");
    expect_checked(client, "\xff\xd8\xff", "", 422, "id=\"file-error\"", NULL);
    struct client_reply gone = post_code(client, &held, "withdrawal", held.code, "&%2Fconfirm=1");
    ck_assert_int_eq(gone.status, 200);
    expect_checked(client, bare, held.code, 200, "has been withdrawn", recorded);
    expect_checked(client, bare, "", 200, "This receipt is genuine", "has been withdrawn");
    free(own);
    free(marked);
    free(bare);
    client_reply_clear(&file);
    client_reply_clear(&gone);
    client_free(client);
}
END_TEST

/* Both papers of a withdrawn submission, as files: they are verified by the page and without any
 * server. */
START_TEST(withdrawal_receipt)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client);
    struct client_reply page = post_code(client, &held, "withdrawal", held.code, "&%2Fconfirm=1");
    ck_assert_int_eq(page.status, 200);
    expect_uncached(&page);
    ck_assert_ptr_nonnull(strstr(page.body, "consultation-withdrawal-v1\n{"));
    struct client_reply again = post_code(client, &held, "withdrawal", held.code, "&%2Fconfirm=1");
    ck_assert_int_eq(again.status, 200);
    ck_assert_str_eq(strstr(again.body, "<main"), strstr(page.body, "<main"));
    struct client_reply text = post_code(client, &held, "file", held.code, "&%2Fas=text");
    ck_assert_ptr_nonnull(strstr(text.body, "consultation-receipt-v1\n{"));
    ck_assert_ptr_nonnull(strstr(text.body, "consultation-withdrawal-v1\n{"));
    struct client_reply file = post_code(client, &held, "file", held.code, "&%2Fas=json");
    expect_attachment(&file, &held, "json", "application/json");
    json_t *withdrawal = json_at(file.json, "/withdrawal");
    char *bare = json_dumps(withdrawal, 0);
    char row[128];
    snprintf(row, sizeof row, "<time datetime=\"%s\">",
             json_string_value(json_at(withdrawal, "/withdrawn_at")));
    expect_checked(client, file.body, "", 200, "This receipt is genuine", NULL);
    expect_checked(client, file.body, "", 200, "has been withdrawn", NULL);
    expect_checked(client, bare, "", 200, "This receipt is genuine", "has been withdrawn");
    expect_checked(client, bare, "", 200, row, NULL);
    /* Offline, and not with another's receipt beside it. */
    struct client_reply keys = client_get(client, "/v1/keys");
    char folder[] = "/tmp/ch-XXXXXX", paper_file[40], keys_file[40], words[512] = "";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(paper_file, sizeof paper_file, "%s/paper.json", folder);
    snprintf(keys_file, sizeof keys_file, "%s/keys.json", folder);
    ck_assert_int_eq(json_dump_file(keys.json, keys_file, 0), 0);
    const char *argv[] = {SERVER_BINARY, "verify", "--keys", keys_file, paper_file, NULL};
    ck_assert_int_eq(json_dump_file(file.json, paper_file, 0), 0);
    ck_assert_msg(process_run(words, sizeof words, argv) == 0, "%s", words);
    ck_assert_ptr_nonnull(strstr(words, "withdrawal: genuine"));
    ck_assert_int_eq(json_dump_file(withdrawal, paper_file, 0), 0);
    ck_assert_msg(process_run(words, sizeof words, argv) == 0, "%s", words);
    struct held other = hold(client);
    struct client_reply others = post_code(client, &other, "file", other.code, "&%2Fas=json");
    json_object_set(file.json, "receipt", json_at(others.json, "/receipt"));
    ck_assert_int_eq(json_dump_file(file.json, paper_file, 0), 0);
    ck_assert_int_eq(process_run(words, sizeof words, argv), 1);
    ck_assert_ptr_nonnull(strstr(words, "both: not genuine"));
    char *mixed = json_dumps(file.json, 0);
    expect_checked(client, mixed, "", 200, "This receipt is not genuine", NULL);
    const char *remove[] = {"rm", "-rf", folder, NULL};
    process_run(NULL, 0, remove);
    free(mixed);
    free(bare);
    client_reply_clear(&page);
    client_reply_clear(&again);
    client_reply_clear(&text);
    client_reply_clear(&file);
    client_reply_clear(&keys);
    client_reply_clear(&others);
    client_free(client);
}
END_TEST

/* The holder of one that a proven identity displaced knows nothing of it: amending goes all the
 * way, and what is amended is displaced as well. */
START_TEST(displaced_one_amended)
{
    struct client *client = scene_client(&scene);
    struct held held = hold(client), next;
    char sql[300], location[96] = "";
    snprintf(sql, sizeof sql,
             "select submission_state_change(1::smallint, consultation_id, submission_id, "
             "'superseded', 'identity proven', now())::text from submissions where number = '%s'",
             held.number);
    free(cluster_text(scene.cluster, sql));
    struct client_reply reply =
        post_code(client, &held, "amendment", held.code, "&%2Fgo=measure-2-1");
    char *state = state_of(&reply, 200);
    reply = step(client, "answer", state, "measure-2-1", "next", "/answers/2-1/stance", "4");
    free(state);
    state = state_of(&reply, 200);
    reply = step(client, "answer", state, "check", "next", NULL, NULL);
    free(state);
    state = state_of(&reply, 200);
    reply = step(client, "submissions", state, "identity", "", NULL, NULL);
    ck_assert_msg(reply.status == 201, "%d %.600s", reply.status, reply.body);
    ck_assert_ptr_nonnull(strstr(reply.body, "Takes the place of"));
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    snprintf(next.number, sizeof next.number, "%.10s", strrchr(location, '/') + 1);
    const char *field = strstr(reply.body, "name=\"/code\" value=\"");
    ck_assert_ptr_nonnull(field);
    field += strlen("name=\"/code\" value=\"");
    snprintf(next.code, sizeof next.code, "%.4s%.4s%.4s", field, field + 5, field + 10);
    client_reply_clear(&reply);
    expect_row(&held, "state || ' ' || state_reason", "superseded amended");
    expect_row(&next, "state || ' ' || state_reason", "superseded identity proven");
    expect_row(&next, "get_byte(stances, 7)", "4");
    reply = post_code(client, &next, "submission", next.code, "");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_null(strstr(reply.body, "replaced by a later one"));
    ck_assert_ptr_nonnull(strstr(reply.body, "id=\"amend\""));
    client_reply_clear(&reply);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from recount(1)"), 0);
    free(state);
    client_free(client);
}
END_TEST

/* What was counted, held or displaced by a proven identity reads the same until the close. */
START_TEST(states_read_alike)
{
    static const char *const states[] = {
        "counted", "held",
        "displaced"}; /* held: a second one of the identity; displaced: as a proof does it */
    struct client *client = scene_client(&scene);
    char *pages[3];
    for (size_t i = 0; i < 3; i++) {
        struct held held = hold(client);
        char sql[400];
        snprintf(sql, sizeof sql,
                 "select submission_state_change(1::smallint, consultation_id, submission_id, "
                 "'%s', '%s',"
                 " now())::text from submissions where number = '%s'",
                 i == 1 ? "held" : "superseded", i == 1 ? "" : "identity proven", held.number);
        if (i)
            free(cluster_text(scene.cluster, sql));
        expect_row(&held, "state", i == 0 ? "counted" : i == 1 ? "held" : "superseded");
        struct client_reply reply = post_code(client, &held, "submission", held.code, "");
        ck_assert_msg(reply.status == 200, "%s: %d", states[i], reply.status);
        char *said =
            strstr(reply.body, "<section class=\"app-section\" aria-labelledby=\"respondent\"");
        ck_assert_ptr_nonnull(said);
        pages[i] = strdup(said);
        for (char *p = pages[i]; (p = strstr(p, held.number)) != NULL;)
            memset(p, '0', 10);
        for (char *p = pages[i]; (p = strstr(p, held.code)) != NULL;)
            memset(p, '0', 12);
        client_reply_clear(&reply);
        struct client_reply file = post_code(client, &held, "file", held.code, "&%2Fas=json");
        expect_checked(client, file.body, "", 200, recorded, NULL);
        client_reply_clear(&file);
        /* And its holder may amend and withdraw it, with the same words. */
        reply = post_code(client, &held, "amendment", held.code, "");
        char *state = state_of(&reply, 200);
        free(state);
        reply = post_code(client, &held, "withdrawal", held.code, "&%2Fconfirm=1");
        ck_assert_msg(reply.status == 200, "%s: %d", states[i], reply.status);
        client_reply_clear(&reply);
    }
    ck_assert_str_eq(pages[0], pages[1]);
    ck_assert_str_eq(pages[0], pages[2]);
    for (size_t i = 0; i < 3; i++)
        free(pages[i]);
    client_free(client);
}
END_TEST

SCENE_MAIN("holder", NULL, page_of_the_holder, page_of_the_holder_translated, file_as_text,
           file_verified_offline, files_refused, code_as_it_is_typed, one_answer_amended,
           amended_twice_at_once, amendments_refused, file_checked, withdrawal_receipt,
           displaced_one_amended, states_read_alike)
