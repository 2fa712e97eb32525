/* Marked identities go in; then logs, the database with its files, and the server's memory are
 * searched for them, byte by byte (THREATS T5, T6). Nor may a key, a code or what was sent wrongly
 * stand where it does not belong. */
#include "support/mailbox.h"
#include "support/officials.h"
#include "support/process.h"
#include "support/scene.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <liboath/oath.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct scene scene;
static struct mailbox mailbox;

enum { MARKS = 6, SENT = 4, MARK_TEXT = 64, PIECE = 1 << 20, OVERLAP = 64 };

/* What is looked for, and where it was found: texts, or "hex:" and bytes; "" is nothing. ftw's
 * callback has no context. */
static struct search {
    char marks[MARKS][MARK_TEXT];
    size_t found;
    char where[256];
} search;

/* The bytes of a mark; how many. */
static size_t mark_bytes(const char *mark, unsigned char bytes[MARK_TEXT])
{
    size_t length = strlen(mark);
    if (strncmp(mark, "hex:", 4) != 0)
        memcpy(bytes, mark, length);
    else if (sodium_hex2bin(bytes, MARK_TEXT, mark + 4, length - 4, NULL, &length, NULL) != 0)
        exit(3);
    return length;
}

static void search_bytes(const char *bytes, size_t length, const char *where)
{
    unsigned char sought[MARK_TEXT];
    for (size_t i = 0; i < MARKS; i++) {
        size_t most = mark_bytes(search.marks[i], sought);
        if (most == 0 || !memmem(bytes, length, sought, most))
            continue;
        search.found++;
        snprintf(search.where, sizeof search.where, "%s in %s", search.marks[i], where);
    }
}

static void search_file(int file, off_t from, off_t to, const char *where)
{
    static char piece[PIECE + OVERLAP];
    for (off_t at = from; at < to; at += PIECE) {
        ssize_t got = pread(file, piece, sizeof piece, at);
        if (got <= 0)
            return;
        search_bytes(piece, (size_t)got, where);
    }
}

static int search_path(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)ftw;
    if (kind != FTW_F || !S_ISREG(status->st_mode))
        return 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        search_file(file, 0, status->st_size, path);
        close(file);
    }
    return 0;
}

/* Every writable mapping of the process. */
static void search_memory(int pid)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    if (!maps)
        exit(3);
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    if (memory < 0)
        exit(3);
    while (fgets(line, sizeof line, maps)) {
        char *rest = NULL;
        off_t from = (off_t)strtoull(line, &rest, 16), to = (off_t)strtoull(rest + 1, &rest, 16);
        if (strncmp(rest, " rw", 3) == 0)
            search_file(memory, from, to, line);
    }
    close(memory);
    fclose(maps);
}

/* Only root may read another process that made itself undumpable: anybody else asks sudo to run
 * this very program. */
static void search_memory_as_root(int pid)
{
    char number[16], self[512] = "", words[512] = "";
    snprintf(number, sizeof number, "%d", pid);
    ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    const char *argv[] = {"sudo",
                          "-n",
                          self,
                          "--memory",
                          number,
                          search.marks[0],
                          search.marks[1],
                          search.marks[2],
                          search.marks[3],
                          search.marks[4],
                          search.marks[5],
                          NULL};
    const char *const *own = geteuid() == 0 ? argv + 2 : argv;
    int status = process_run(words, sizeof words, own);
    ck_assert_msg(status == 0, "%d in the server's memory: %s", status, words);
}

/* --memory PID MARK…: what search_memory_as_root runs. */
static int memory_main(int argc, char **argv)
{
    for (int i = 3; i < argc && i < 3 + MARKS; i++)
        snprintf(search.marks[i - 3], MARK_TEXT, "%s", argv[i]);
    search_memory((int)strtol(argv[2], NULL, 10));
    printf("%s\n", search.where);
    return search.found ? 1 : 0;
}

static void expect_nothing(const char *what)
{
    ck_assert_msg(search.found == 0, "%s: %s", what, search.where);
}

/* Recorded, held, refused and broken off: each with its own mark. */
static void send_marks(void)
{
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < SENT; i++) {
        char key[FIXTURE_KEY], value[2 * MARK_TEXT];
        fixture_key(key);
        snprintf(search.marks[i], sizeof search.marks[i], "marked%zu%.12s", i,
                 strchr(key, '-') + 10);
        snprintf(value, sizeof value, "%s@example.org", search.marks[i]);
        json_t *body = fixture_submission();
        fixture_set(body, "/identity/value", json_string(value));
        if (i == 1)
            fixture_set(body, "/answers/1-1/stance", json_integer(9));
        if (i == 2)
            fixture_set(body, "/identity/value", json_string(search.marks[i]));
        char *state = scene_form_state(client);
        char *form = fixture_form_add(fixture_form(body, state), "/go", "unproven");
        struct client_reply reply =
            i == 3 ? client_run(client,
                                &(struct client_ask){.method = "POST",
                                                     .path = "/en/consultations/" SCENE_SLUG
                                                             "/submissions",
                                                     .type = "application/x-www-form-urlencoded",
                                                     .body = form})
                   : client_post_json(client, SCENE_API "/submissions", key, json_incref(body));
        ck_assert_int_eq(reply.status, i == 1 || i == 2 ? 422 : 201);
        ck_assert_ptr_null(strstr(reply.body, search.marks[i]));
        client_reply_clear(&reply);
        free(form);
        free(state);
        json_decref(body);
    }
    client_free(client);
}

START_TEST(identities_leave_no_trace)
{
    send_marks();
    int pid = server_pid(scene.server);
    free(cluster_text(scene.cluster, "checkpoint"));
    /* Requests that reuse what the library keeps of a connection. */
    for (int i = 0; i < 20; i++) {
        struct client *client = scene_client(&scene);
        struct client_reply reply = client_get(client, "/en");
        client_reply_clear(&reply);
        client_free(client);
    }
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("the database's files and log");
    nftw(scene.keys_folder, search_path, 16, FTW_PHYS);
    expect_nothing("the keys' folder");
    search_memory_as_root(pid);
}
END_TEST

/* With the code that came, and the receipt's number by mail as was asked for. */
static void send_proven(struct client *client, const char *key, const char *address,
                        const char *challenge, const char *code)
{
    struct letter_seen letter;
    json_t *body = fixture_smallest();
    fixture_set(body, "/identity", NULL);
    fixture_set(body, "/proof", json_pack("{s:s, s:s}", "challenge", challenge, "code", code));
    struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
    ck_assert_str_eq(client_text(&reply, "/number_letter"), "on-its-way");
    client_reply_clear(&reply);
    ck_assert(mailbox_take(&mailbox, address, 15000, &letter));
}

/* A code asked for under a marked address: one letter that is taken, and another one with the
 * number; one that is refused for good. */
/* The secret of the codes as it is calculated with, and as pages show it. */
static void mark_secret(const char *secret)
{
    char *bytes = NULL;
    size_t length = 0, at = 0;
    ck_assert_int_eq(oath_base32_decode(secret, strlen(secret), &bytes, &length), OATH_OK);
    ck_assert_uint_ge(length, 16);
    memcpy(search.marks[4], "hex:", 4);
    sodium_bin2hex(search.marks[4] + 4, MARK_TEXT - 4, (const unsigned char *)bytes, length);
    free(bytes);
    for (size_t i = 0; secret[i] && at < MARK_TEXT - 2; i++) {
        if (i && i % 4 == 0)
            search.marks[5][at++] = ' ';
        search.marks[5][at++] = secret[i];
    }
    search.marks[5][at] = '\0';
}

/* What opens an official's account, after it was set up, used and kept: password, token of the
 * link, secret of the codes in all its forms, recovery code. */
START_TEST(officials_secrets_leave_no_trace)
{
    struct official_made ann;
    struct client *client = scene_client(&scene);
    official_make(&scene, "ann", NULL, &ann);
    official_sign_in(&scene, client, &ann);
    client_free(client);
    snprintf(search.marks[0], MARK_TEXT, "%s", OFFICIAL_PASSWORD);
    snprintf(search.marks[1], MARK_TEXT, "%.43s", ann.link);
    snprintf(search.marks[2], MARK_TEXT, "%s", ann.secret);
    snprintf(search.marks[3], MARK_TEXT, "%s", ann.recovery);
    mark_secret(ann.secret);
    search.found = 0;
    free(cluster_text(scene.cluster, "checkpoint"));
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("the database's files and log");
    /* The secret is sealed, and the session's value hashed. */
    snprintf(search.marks[0], MARK_TEXT, "%.43s", strchr(ann.cookie, '=') + 1);
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("the database's files and log");
    nftw(scene.keys_folder, search_path, 16, FTW_PHYS);
    expect_nothing("the keys' folder");
    for (int i = 0; i < 20; i++) {
        client = scene_client(&scene);
        struct client_reply reply = client_get(client, "/en");
        client_reply_clear(&reply);
        client_free(client);
    }
    snprintf(search.marks[0], MARK_TEXT, "%s", OFFICIAL_PASSWORD);
    search_memory_as_root(server_pid(scene.server));
}
END_TEST

/* A code asked for under a marked address: one letter that is taken, one that is refused for good.
 */
static void ask_marked(struct client *client, const char *mode)
{
    struct client *inner = scene_inner_client(&scene);
    struct letter_seen letter;
    char key[FIXTURE_KEY], address[2 * MARK_TEXT];
    fixture_key(key);
    snprintf(address, sizeof address, "%s@example.org", search.marks[0]);
    mailbox_mode(&mailbox, mode);
    struct client_reply reply = client_post_json(
        client, SCENE_API "/challenges", NULL,
        json_pack("{s:{s:s, s:s}, s:s%, s:b}", "identity", "kind", "email", "value", address,
                  "submission_key", key + strlen("Idempotency-Key: "), (size_t)36, "send_number",
                  strcmp(mode, "take") == 0));
    ck_assert_msg(reply.status == 202, "%d %s", reply.status, reply.body);
    if (strcmp(mode, "take") == 0) {
        char code[7];
        ck_assert(mailbox_take(&mailbox, address, 15000, &letter));
        mailbox_code(letter.text, code);
        send_proven(client, key, address, client_text(&reply, "/challenge"), code);
    }
    client_reply_clear(&reply);
    for (bool waits = true; waits;) {
        reply = client_get(inner, "/metrics");
        waits = !strstr(reply.body, "\nconsultation_mail_waiting 0\n");
        client_reply_clear(&reply);
    }
    client_free(inner);
}

START_TEST(letters_leave_no_trace)
{
    struct client *client = scene_client(&scene);
    char key[FIXTURE_KEY];
    fixture_key(key);
    for (size_t i = 0; i < SENT; i++)
        snprintf(search.marks[i], MARK_TEXT, "letter%.12s", strchr(key, '-') + 10);
    ask_marked(client, "take");
    ask_marked(client, "refuse");
    for (int i = 0; i < 20; i++) {
        struct client_reply reply = client_get(client, "/en");
        client_reply_clear(&reply);
        client_close(client);
    }
    client_free(client);
    free(cluster_text(scene.cluster, "checkpoint"));
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("the database's files and log");
    search_memory_as_root(server_pid(scene.server));
}
END_TEST

/* Whoever has the database alone, or a dump of it, has no key and no code. */
START_TEST(keys_are_not_in_the_database)
{
    struct client *client = scene_client(&scene);
    struct client_reply recorded = scene_submit(client, fixture_submission());
    search = (struct search){0};
    for (size_t i = 0; i < SENT; i++)
        snprintf(search.marks[i], MARK_TEXT, "%s", client_text(&recorded, "/code"));
    free(cluster_text(scene.cluster, "checkpoint"));
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("a receipt's code");
    DIR *folder = opendir(scene.keys_folder);
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[320], key[33] = "";
        snprintf(path, sizeof path, "%s/%s", scene.keys_folder, entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (strstr(entry->d_name, ".pub") || read(file, key, 32) != 32) {
            close(file);
            continue;
        }
        close(file);
        if (memchr(key, 0, 32))
            continue; /* looked for as text below: a NUL in a random key is for another run */
        for (size_t i = 0; i < SENT; i++)
            memcpy(search.marks[i], key, sizeof key);
        nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
        expect_nothing(entry->d_name);
    }
    closedir(folder);
    client_reply_clear(&recorded);
    client_free(client);
}
END_TEST

/* Starts the scene's server again; what it says on standard error goes into the file given back. */
static int serve_with_log(void)
{
    char log[] = "/tmp/cl-XXXXXX";
    int file = mkstemp(log);
    ck_assert_int_ge(file, 0);
    unlink(log);
    int kept = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    scene_serve(&scene);
    dup2(kept, STDERR_FILENO);
    close(kept);
    return file;
}

static void expect_silent_log(int file)
{
    server_stop(scene.server, SIGTERM);
    off_t length = lseek(file, 0, SEEK_END);
    ck_assert_int_gt(length, 0);
    search_file(file, 0, length, "the log");
    expect_nothing("the log");
    close(file);
}

static struct client_reply post_form(struct client *client, const char *path, char *body)
{
    struct client_reply reply =
        client_run(client, &(struct client_ask){.method = "POST",
                                                .path = path,
                                                .type = "application/x-www-form-urlencoded",
                                                .body = body});
    free(body);
    return reply;
}

/* Kept, opened, mistaken for a receipt's code, and erased. */
static void use_return_code(struct client *client, char code[FIXTURE_RETURN_CODE])
{
    static const char *const acts[] = {"open", "erase", "open"};
    char *state = scene_form_state(client), path[80];
    char *body = fixture_form_add(fixture_form_add(NULL, "/state", state), "/step", "tasks");
    struct client_reply reply =
        post_form(client, "/en/consultations/" SCENE_SLUG "/saved-answers", body);
    ck_assert_msg(fixture_return_code(reply.body, code), "%d %.500s", reply.status, reply.body);
    client_reply_clear(&reply);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        body = fixture_form_add(fixture_form_add(NULL, "/code", code), "/go", acts[i]);
        reply = post_form(client, "/en/saved-answers", body);
        ck_assert_int_eq(reply.status, i < 2 ? 200 : 403);
        client_reply_clear(&reply);
    }
    snprintf(path, sizeof path, "/en/receipts/%s/submission", "0123456789");
    reply = post_form(client, path, fixture_form_add(NULL, "/code", code));
    ck_assert_int_ge(reply.status, 400);
    client_reply_clear(&reply);
    free(state);
}

/* Read back, and given for another number, which is refused. */
static void use_receipt_code(struct client *client, char code[16])
{
    struct client_reply recorded = scene_submit(client, fixture_submission()), reply;
    char path[80];
    snprintf(code, 16, "%s", client_text(&recorded, "/code"));
    snprintf(path, sizeof path, "/en/receipts/%s/submission",
             client_text(&recorded, "/receipt/number"));
    reply = post_form(client, path, fixture_form_add(NULL, "/code", code));
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    reply = post_form(client, "/en/receipts/0123456789/submission",
                      fixture_form_add(NULL, "/code", code));
    ck_assert_int_ge(reply.status, 400);
    client_reply_clear(&reply);
    client_reply_clear(&recorded);
}

/* Given wrongly first, and then right. */
static void use_mail_code(struct client *client, char code[7])
{
    char key[FIXTURE_KEY], address[64], wrong[7];
    struct letter_seen letter;
    fixture_key(key);
    snprintf(address, sizeof address, "m%.12s@example.org", strrchr(key, '-') + 1);
    mailbox_mode(&mailbox, "take");
    struct client_reply asked = client_post_json(
        client, SCENE_API "/challenges", NULL,
        json_pack("{s:{s:s, s:s}, s:s%}", "identity", "kind", "email", "value", address,
                  "submission_key", key + strlen("Idempotency-Key: "), (size_t)36));
    ck_assert_msg(asked.status == 202, "%d %s", asked.status, asked.body);
    ck_assert(mailbox_take(&mailbox, address, 15000, &letter));
    mailbox_code(letter.text, code);
    snprintf(wrong, sizeof wrong, "%s", strcmp(code, "000000") == 0 ? "111111" : "000000");
    for (int i = 0; i < 2; i++) {
        json_t *body = fixture_smallest();
        fixture_set(body, "/identity", NULL);
        fixture_set(body, "/proof",
                    json_pack("{s:s, s:s}", "challenge", client_text(&asked, "/challenge"), "code",
                              i ? code : wrong));
        struct client_reply reply = client_post_json(client, SCENE_API "/submissions", key, body);
        ck_assert_msg(reply.status == (i ? 201 : 422), "%d %s", reply.status, reply.body);
        client_reply_clear(&reply);
    }
    client_reply_clear(&asked);
}

/* Six digits stand somewhere in any database; in the rows about codes only moments do, and those
 * have a point before them. */
static void expect_no_mail_code(const char *code)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "select count(*) from (select c::text from challenges c union all select a::text from"
             " challenge_acts a union all select s::text from submissions s) as t (line)"
             " where line ~ '(^|[^0-9.a-f])%s([^0-9a-f]|$)'",
             code);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 0);
    ck_assert_int_gt(cluster_number(scene.cluster, "select count(*) from challenges"), 0);
}

/* Codes of all kinds, rightly and wrongly used: in no log, no row and no file of the database, as
 * they are written and as people type them. */
START_TEST(codes_leave_no_trace)
{
    char back[FIXTURE_RETURN_CODE], receipt[16], mail[7];
    int file = serve_with_log();
    struct client *client = scene_client(&scene);
    search = (struct search){0};
    use_return_code(client, back);
    use_receipt_code(client, receipt);
    use_mail_code(client, mail);
    client_free(client);
    expect_no_mail_code(mail);
    snprintf(search.marks[0], MARK_TEXT, "%s", back);
    snprintf(search.marks[1], MARK_TEXT, "%.4s %.4s %.4s", back, back + 4, back + 8);
    snprintf(search.marks[2], MARK_TEXT, "%s", receipt);
    snprintf(search.marks[3], MARK_TEXT, "%.4s %.4s %.4s", receipt, receipt + 4, receipt + 8);
    free(cluster_text(scene.cluster, "checkpoint"));
    nftw(cluster_folder(scene.cluster), search_path, 16, FTW_PHYS);
    expect_nothing("the database's files and log");
    snprintf(search.marks[1], MARK_TEXT, "=%s", mail);
    snprintf(search.marks[3], MARK_TEXT, " %s", mail);
    expect_silent_log(file);
}
END_TEST

/* What the server says on standard error, of requests good and bad. */
START_TEST(log_is_silent_on_people)
{
    int file = serve_with_log();
    search = (struct search){0};
    send_marks();
    struct client *client = scene_client(&scene);
    ask_marked(client, "take");
    ask_marked(client, "refuse");
    client_free(client);
    expect_silent_log(file);
}
END_TEST

int main(int argc, char **argv)
{
    const TTest *const tests[] = {identities_leave_no_trace, officials_secrets_leave_no_trace,
                                  letters_leave_no_trace,    keys_are_not_in_the_database,
                                  codes_leave_no_trace,      log_is_silent_on_people};
    if (argc == 3 + MARKS && strcmp(argv[1], "--memory") == 0)
        return memory_main(argc, argv);
    mailbox_open(&mailbox, "starttls", (const char *const[]){"submissions_per_prefix=0", NULL});
    int status = scene_run(&scene, "secrecy", mailbox.set, tests, sizeof tests / sizeof tests[0]);
    mailbox_close(&mailbox);
    return status;
}
