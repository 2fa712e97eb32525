/* Files that institutions attach: any size in bounded memory, on over an interruption, refused
 * whole, scanned by the real clamd, and nobody else's. */
#include "support/officials.h"
#include "support/process.h"
#include "support/socket.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HERE "/en/institution/consultations/" SCENE_REHEARSAL
#define PDF "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
#define MARKER "HARMLESS-MARKER-OF-A-TEST"

enum { MIB = 1024 * 1024, PIECE = 64 * 1024 };

static struct scene scene;
static struct official_made drafter, approver, other;
static struct process clamd;
static char scanner[64], scanner_setting[96];
static const char *settings[] = {"attachments_mib=230", "attachments_reserve_mib=1",
                                 scanner_setting, NULL};

/* An account that becomes a member once it has signed in, so that its session is one of theirs. */
static void member_make(struct client *client, const char *login, const char *institution,
                        int roles, struct official_made *out)
{
    char sql[512];
    official_make(&scene, login, NULL, out);
    official_sign_in(&scene, client, out);
    snprintf(sql, sizeof sql,
             "update consultation.officials set member_roles = %d, institution_id = (select "
             "institution_id from consultation.institutions where slug = '%s') where login = '%s' "
             "returning 1",
             roles, institution, login);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), 1);
    char *ticket = strchr(out->cookie, '=');
    char cookie[sizeof out->cookie];
    snprintf(cookie, sizeof cookie, "Cookie: member%s", ticket);
    memcpy(out->cookie, cookie, sizeof cookie);
}

static void members_make(void)
{
    struct client *client = scene_client(&scene);
    ck_assert_int_eq(
        cluster_number(scene.cluster,
                       "with made as (insert into consultation.institutions (slug, kind, "
                       "name_zh_hant, name_en, name_zh_hans, fictitious, verified_at, verified_by) "
                       "values ('first', 0, 'a', 'a', 'a', true, now(), 1), ('second', 0, 'b', "
                       "'b', 'b', true, now(), 1) returning 1) select "
                       "count(*) from made"),
        2);
    member_make(client, "drafter", "first", 2, &drafter);
    member_make(client, "approver", "first", 4, &approver);
    member_make(client, "other", "second", 3, &other);
    client_free(client);
}

/* clamd as a package installs it, with one signature of our own. */
static void clamd_start(void)
{
    char path[128], text[512];
    snprintf(path, sizeof path, "%s/test.ndb", scanner);
    FILE *file = fopen(path, "w");
    fputs("Test.Marker:0:*:", file);
    for (const char *p = MARKER; *p; p++)
        fprintf(file, "%02x", (unsigned char)*p);
    fputs("\n", file);
    fclose(file);
    snprintf(path, sizeof path, "%s/clamd.conf", scanner);
    file = fopen(path, "w");
    fprintf(file,
            "LocalSocket %s/socket\nForeground yes\nDatabaseDirectory %s\nStreamMaxLength 110M\n",
            scanner, scanner);
    fclose(file);
    snprintf(text, sizeof text, "%s/log", scanner);
    const char *argv[] = {"/usr/sbin/clamd", "-c", path, NULL};
    ck_assert(process_start(&clamd, SIGKILL, text, argv));
    snprintf(path, sizeof path, "%s/socket", scanner);
    for (int i = 0; i < 1200 && access(path, F_OK) != 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    ck_assert_int_eq(access(path, F_OK), 0);
}

/* The form with one file: `before`, then so many zeros, then `after`. */
static struct client_reply attach(struct client *client, const struct official_made *who,
                                  const char *name, const char *before, size_t zeros,
                                  const char *after)
{
    static const char zero[PIECE];
    char head[1024], start[1024];
    static const char end[] = "\r\n--x--\r\n";
    int opening = snprintf(start, sizeof start,
                           "--x\r\nContent-Disposition: form-data; "
                           "name=\"/form_token\"\r\n\r\n%s\r\n--x\r\nContent-Disposition: "
                           "form-data; name=\"/file\"; filename=\"%s\"\r\n\r\n%s",
                           who->form_token, name, before);
    int size = snprintf(head, sizeof head,
                        "POST " HERE "/attachments HTTP/1.1\r\nHost: x\r\n%sContent-Type: "
                        "multipart/form-data; boundary=x\r\nContent-Length: %zu\r\n\r\n",
                        who->cookie, (size_t)opening + zeros + strlen(after) + sizeof end - 1);
    bool ok =
        client_send(client, head, (size_t)size) && client_send(client, start, (size_t)opening);
    for (size_t left = zeros; ok && left;) {
        size_t now = left < PIECE ? left : PIECE;
        ok = client_send(client, zero, now);
        left -= now;
    }
    if (ok && client_send(client, after, strlen(after)))
        client_send(client, end, sizeof end - 1);
    return client_read(client, false);
}

static void expect_page(struct client_reply reply, int status, const char *words)
{
    ck_assert_msg(reply.status == status && (!words || strstr(reply.body, words)), "%d %.6000s",
                  reply.status, reply.body);
    client_reply_clear(&reply);
}

/* Files of the folder, temporary and partial ones too. */
static int files_count(void)
{
    char command[128], output[64] = "";
    snprintf(command, sizeof command, "find %s/attachments -type f | wc -l", scene.keys_folder);
    const char *argv[] = {"sh", "-c", command, NULL};
    ck_assert_int_eq(process_run(output, sizeof output, argv), 0);
    return (int)strtol(output, NULL, 10);
}

static long peak_kib(void)
{
    char path[64], line[128];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/status", server_pid(scene.server));
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

START_TEST(attached_read_and_removed)
{
    char value[512], path[256], *id;
    struct client *client = scene_client(&scene);
    expect_page(official_get(client, &drafter, HERE "/attachments"), 200, "Nothing is attached");
    expect_page(attach(client, &drafter, "../\xe6\x84\x8f.html", PDF, 0, ""), 303, NULL);
    expect_page(official_get(client, &drafter, HERE "/attachments"), 200, "\xe6\x84\x8f.pdf");
    /* The same again is there once; another of that name has a number. */
    expect_page(attach(client, &drafter, "\xe6\x84\x8f.pdf", PDF, 0, ""), 303, NULL);
    expect_page(attach(client, &drafter, "\xe6\x84\x8f.pdf", PDF, 0, "\n%%EOF"), 303, NULL);
    expect_page(official_get(client, &drafter, HERE "/attachments"), 200, "\xe6\x84\x8f (2).pdf");
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from consultation.attachments"),
                     2);
    id = cluster_text(scene.cluster, "select attachment_id::text from consultation.attachments "
                                     "order by name limit 1");
    snprintf(path, sizeof path, HERE "/attachments/%s", id);
    struct client_reply reply = official_get(client, &approver, path);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_uint_ge(reply.length, sizeof PDF - 1);
    ck_assert(client_header(&reply, "Content-Security-Policy", value, sizeof value));
    ck_assert_str_eq(value, "sandbox; default-src 'none'; frame-ancestors 'none'");
    ck_assert(client_header(&reply, "X-Content-Type-Options", value, sizeof value));
    ck_assert_str_eq(value, "nosniff");
    ck_assert(client_header(&reply, "Cache-Control", value, sizeof value));
    ck_assert_str_eq(value, "no-store");
    ck_assert(client_header(&reply, "Content-Type", value, sizeof value));
    ck_assert_str_eq(value, "application/pdf");
    ck_assert(client_header(&reply, "Content-Disposition", value, sizeof value));
    ck_assert_msg(strncmp(value, "attachment; filename*=UTF-8''%E6%84%8F", 38) == 0, "%s", value);
    ck_assert(client_header(&reply, "ETag", value, sizeof value));
    client_reply_clear(&reply);
    char headers[640];
    snprintf(headers, sizeof headers, "%sIf-None-Match: %s\r\n", drafter.cookie, value);
    reply = client_run(client, &(struct client_ask){.path = path, .headers = headers});
    ck_assert_int_eq(reply.status, 304);
    client_reply_clear(&reply);
    /* Not another institution's, and not to be changed by who may not. */
    expect_page(official_get(client, &other, HERE "/attachments"), 200, "Nothing is attached");
    expect_page(official_get(client, &other, path), 404, NULL);
    strcat(path, "/removal");
    expect_page(official_post(client, &other, path, NULL), 404, NULL);
    expect_page(official_post(client, &approver, path, NULL), 403, "role-missing");
    expect_page(attach(client, &approver, "a.pdf", PDF, 0, ""), 403, "role-missing");
    struct official_made forged = drafter;
    memset(forged.form_token, '0', sizeof forged.form_token - 1);
    expect_page(attach(client, &forged, "a.pdf", PDF, 0, ""), 403, "form-token-wrong");
    expect_page(official_post(client, &drafter, path, NULL), 303, NULL);
    expect_page(official_post(client, &drafter, path, NULL), 404, NULL);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from consultation.audit_log "
                                                   "where action like 'response-attach%'"),
                     3);
    free(id);
    client_free(client);
}
END_TEST

START_TEST(refused_and_nothing_kept)
{
    struct client *client = scene_client(&scene);
    int before = files_count();
    expect_page(attach(client, &drafter, "a.png", "<html><script>", 10, ""), 422, "href=\"#file\"");
    expect_page(attach(client, &drafter, "a.pdf", "", 0, ""), 422, "href=\"#file\"");
    expect_page(attach(client, &drafter, "", "", 0, ""), 422, "Choose a file to attach");
    expect_page(attach(client, &drafter, "a.pdf", "%PDF-1.7\n" MARKER, 10, "\n%%EOF"), 422,
                "virus scanner");
    ck_assert_int_eq(files_count(), before);
    client_free(client);
}
END_TEST

/* A hundred megabytes to the byte; and they count as soon as they are promised, whoever asks at the
 * same time. */
START_TEST(large_in_bounded_memory)
{
    enum { AT_ONCE = 6, WHOLE = 100 * MIB };
    struct client *client = scene_client(&scene), *many[AT_ONCE];
    long before = peak_kib(); /* with the 64 MiB of a password's hash in it */
    size_t frame = strlen("%PDF-1.7\n") + strlen("\n%%EOF");
    expect_page(attach(client, &drafter, "large.pdf", "%PDF-1.7\n", WHOLE - frame, "\n%%EOF"), 303,
                NULL);
    printf("100 MiB raised the server's peak from %ld to %ld KiB\n", before, peak_kib());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* which keep what was freed   \
                                                                     */
    ck_assert_int_lt(peak_kib() - before, 16 * 1024);
#endif
    ck_assert_int_eq(cluster_number(scene.cluster, "select bytes from consultation.attachments "
                                                   "where name = 'large.pdf'"),
                     WHOLE);
    expect_page(attach(client, &drafter, "over.pdf", "%PDF-1.7\n", WHOLE - frame + 1, "\n%%EOF"),
                422, "too large");
    int granted = 0;
    for (int i = 0; i < AT_ONCE; i++) {
        char ask[1024], body[256];
        int length = snprintf(body, sizeof body, "%%2Fname=a.pdf&%%2Fbytes=%d&%%2Fform_token=%s",
                              WHOLE, drafter.form_token);
        int size = snprintf(ask, sizeof ask,
                            "POST " HERE "/uploads HTTP/1.1\r\nHost: x\r\n%sContent-Type: "
                            "application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                            drafter.cookie, length, body);
        many[i] = scene_client(&scene);
        ck_assert(client_send(many[i], ask, (size_t)size));
    }
    for (int i = 0; i < AT_ONCE; i++) {
        struct client_reply reply = client_read(many[i], false);
        granted += reply.status == 201;
        if (reply.status != 201)
            scene_expect_problem(&reply, 422, "attachments-full", NULL);
        client_reply_clear(&reply);
        client_free(many[i]);
    }
    ck_assert_int_eq(granted, 1);
    /* What there is no room for lies on the disk no more than in the list. */
    int files = files_count();
    expect_page(attach(client, &drafter, "full.pdf", "%PDF-1.7\n", 40 * MIB, "\n%%EOF"), 422,
                "href=\"#file\"");
    ck_assert_int_eq(files_count(), files);
    ck_assert_int_eq(cluster_number(scene.cluster,
                                    "with gone as (delete from consultation.uploads returning 1) "
                                    "select count(*) from gone"),
                     1);
    client_free(client);
}
END_TEST

static struct client_reply upload_ask(struct client *client, const struct official_made *who,
                                      const char *method, const char *path, long offset,
                                      const char *bytes, size_t length)
{
    char headers[400];
    snprintf(headers, sizeof headers, "%sX-Form-Token: %s\r\nUpload-Offset: %ld\r\n", who->cookie,
             who->form_token, offset);
    return client_run(client,
                      &(struct client_ask){.method = method,
                                           .path = path,
                                           .headers = headers,
                                           .type = bytes ? "application/partial-upload" : NULL,
                                           .body = bytes,
                                           .length = length});
}

static void expect_offset(struct client_reply reply, int status, long offset)
{
    char value[32] = "";
    ck_assert_msg(reply.status == status, "%d %.2000s", reply.status, reply.body);
    ck_assert(client_header(&reply, "Upload-Offset", value, sizeof value));
    ck_assert_int_eq(strtol(value, NULL, 10), offset);
    client_reply_clear(&reply);
}

/* Cut off in the middle of a piece, then by a crash of the server. */
START_TEST(resumed)
{
    enum { WHOLE = 300000, FIRST = 100000 };
    char *bytes = calloc(1, WHOLE), location[256] = "", head[1024];
    memcpy(bytes, "%PDF-1.7\n", 9);
    memcpy(bytes + WHOLE - 6, "\n%%EOF", 6);
    struct client *client = scene_client(&scene);
    char *form = fixture_form_add(NULL, "/name", "resumed.pdf");
    struct client_reply reply = official_post(client, &drafter, HERE "/uploads",
                                              fixture_form_add(form, "/bytes", "300000"));
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    client_reply_clear(&reply);
    expect_offset(upload_ask(client, &drafter, "PATCH", location, 0, bytes, FIRST), 200, FIRST);
    expect_offset(upload_ask(client, &drafter, "PATCH", location, 0, bytes, FIRST), 409, FIRST);
    expect_page(upload_ask(client, &other, "PATCH", location, FIRST, bytes, 9), 404, NULL);
    expect_page(official_get(client, &other, location), 404, NULL);
    struct official_made forged = drafter;
    memset(forged.form_token, '0', sizeof forged.form_token - 1);
    expect_page(upload_ask(client, &forged, "PATCH", location, FIRST, bytes, 9), 403,
                "form-token-wrong");
    expect_page(upload_ask(client, &drafter, "PATCH", location, FIRST, bytes, WHOLE), 422,
                "file-too-large");
    int size = snprintf(head, sizeof head,
                        "PATCH %s HTTP/1.1\r\nHost: x\r\n%sX-Form-Token: %s\r\nUpload-Offset: "
                        "%d\r\nContent-Type: application/partial-upload\r\nContent-Length: "
                        "%d\r\n\r\n",
                        location, drafter.cookie, drafter.form_token, FIRST, FIRST);
    ck_assert(client_send(client, head, (size_t)size) && client_send(client, bytes, 5000));
    client_close(client);
    expect_offset(upload_ask(client, &drafter, "GET", location, 0, NULL, 0), 200, FIRST);
    client_free(client);
    server_stop(scene.server, SIGKILL);
    scene_serve(&scene);
    client = scene_client(&scene);
    expect_page(official_get(client, &drafter, HERE "/attachments"), 200, "resumed.pdf");
    expect_offset(upload_ask(client, &drafter, "GET", location, 0, NULL, 0), 200, FIRST);
    expect_offset(
        upload_ask(client, &drafter, "PATCH", location, FIRST, bytes + FIRST, WHOLE - FIRST), 201,
        WHOLE);
    expect_page(official_get(client, &drafter, location), 404, NULL);
    ck_assert_int_eq(cluster_number(scene.cluster, "select bytes from consultation.attachments "
                                                   "where name = 'resumed.pdf'"),
                     WHOLE);
    client_free(client);
    free(bytes);
}
END_TEST

static int attachments_command(const char *option, char *output, int size)
{
    const char *words[] = {option, NULL};
    struct server_options options = scene.options;
    options.set = NULL;
    return server_command(&options, output, size, "attachments", words);
}

/* What a draft names is looked for on the disk; what nobody names goes after a day. */
START_TEST(checked_and_swept)
{
    char output[1024] = "", command[256];
    struct client *client = scene_client(&scene);
    expect_page(attach(client, &drafter, "swept.pdf", PDF, 0, "%swept\n%%EOF"), 303, NULL);
    ck_assert_int_eq(attachments_command(NULL, output, sizeof output), 0);
    ck_assert_msg(strstr(output, "are there and whole"), "%s", output);
    char *hex = cluster_text(scene.cluster, "select encode(sha256, 'hex') from "
                                            "consultation.attachments where name = 'swept.pdf'");
    snprintf(command, sizeof command, "touch -d '2 days ago' %s/attachments/%.2s/%s",
             scene.keys_folder, hex, hex + 2);
    const char *argv[] = {"sh", "-c", command, NULL};
    ck_assert_int_eq(process_run(NULL, 0, argv), 0);
    int before = files_count();
    /* Also in a draft that has removed it, where it is not to count for ever. */
    cluster_number(scene.cluster,
                   "with twice as (insert into consultation.attachments (consultation_id, "
                   "response_id, sha256, name, media_type, bytes, added_by, removed_at) select "
                   "consultation_id, response_id, sha256, 'twice.pdf', media_type, bytes, "
                   "added_by, now() - interval '2 days' from consultation.attachments where name = "
                   "'swept.pdf' returning 1) select 1 from twice");
    ck_assert_int_eq(attachments_command("--sweep", output, sizeof output), 0);
    ck_assert_int_eq(files_count(), before);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from consultation.attachments "
                                                   "where swept_at is not null and name = "
                                                   "'twice.pdf'"),
                     1);
    cluster_number(scene.cluster, "with gone as (update consultation.attachments set removed_at = "
                                  "now() where name = 'swept.pdf' returning 1) select 1 from gone");
    ck_assert_int_eq(attachments_command("--sweep", output, sizeof output), 0);
    ck_assert_msg(strstr(output, "1 files that nobody names"), "%s", output);
    ck_assert_int_eq(files_count(), before - 1);
    /* Only what was removed a day ago is known to be gone: somebody may attach it again. */
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from consultation.attachments "
                                                   "where swept_at is not null and name = "
                                                   "'swept.pdf'"),
                     0);
    cluster_number(scene.cluster, "with gone as (update consultation.attachments set removed_at = "
                                  "now() - interval '2 days' where name = 'swept.pdf' returning 1) "
                                  "select 1 from gone");
    ck_assert_int_eq(attachments_command("--sweep", output, sizeof output), 0);
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from consultation.attachments "
                                                   "where swept_at is not null and name = "
                                                   "'swept.pdf'"),
                     1);
    cluster_number(
        scene.cluster,
        "with back as (update consultation.attachments set removed_at = "
        "null, swept_at = null where name = 'swept.pdf' returning 1) select 1 from back");
    ck_assert_int_eq(attachments_command(NULL, output, sizeof output), 1);
    ck_assert_msg(strstr(output, hex) && strstr(output, "is missing"), "%s", output);
    free(hex);
    client_free(client);
}
END_TEST

/* A draft is not changed after the close, nor by an institution that cannot file. */
START_TEST(not_when_nothing_could_be_filed)
{
    struct client *client = scene_client(&scene);
    int before = files_count();
    cluster_number(scene.cluster, "with u as (update consultation.institutions set verified_at = "
                                  "null, verified_by = null where slug = 'second' returning 1) "
                                  "select 1 from u");
    expect_page(attach(client, &other, "a.pdf", PDF, 0, "late\n%%EOF"), 409,
                "institution-not-verified");
    struct client_reply unverified = official_get(client, &other, HERE "/attachments");
    ck_assert_ptr_null(strstr(unverified.body, "type=\"file\""));
    expect_page(unverified, 200, "not verified yet");
    cluster_number(scene.cluster, "with u as (update consultation.consultations set closes_at = "
                                  "now(), revision = revision + 1 where slug = '" SCENE_REHEARSAL
                                  "' returning 1) select 1 from u");
    expect_page(attach(client, &drafter, "a.pdf", PDF, 0, "late\n%%EOF"), 409, "closed");
    ck_assert_int_eq(files_count(), before);
    for (int tries = 0; tries < 200; tries++) {
        struct client_reply page = official_get(client, &drafter, HERE "/attachments");
        bool told = strstr(page.body, "change nothing any more") != NULL;
        ck_assert(!told || !strstr(page.body, "type=\"file\""));
        client_reply_clear(&page);
        if (told)
            break;
        ck_assert_int_lt(tries, 199);
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    cluster_number(scene.cluster, "with u as (update consultation.consultations set closes_at = "
                                  "now() + interval '9 days', revision = revision + 1 where slug = "
                                  "'" SCENE_REHEARSAL "' returning 1) select 1 from u");
    client_free(client);
}
END_TEST

/* When it is configured and not there, nothing is attached. Last: it does not come back. */
START_TEST(scanner_away)
{
    struct client *client = scene_client(&scene);
    kill(clamd.pid, SIGSTOP); /* there, and silent */
    kill(clamd.pid, SIGKILL);
    int before = files_count();
    expect_page(attach(client, &drafter, "a.pdf", PDF, 0, "\n\n%%EOF"), 503, NULL);
    ck_assert_int_eq(files_count(), before);
    client_free(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attachment");
    TCase *all = tcase_create("attachment");
    snprintf(scanner, sizeof scanner, "/tmp/clamd-XXXXXX");
    if (!mkdtemp(scanner))
        return 1;
    snprintf(scanner_setting, sizeof scanner_setting, "clamd=unix:%s/socket", scanner);
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, clamd_start, NULL);
    tcase_add_unchecked_fixture(all, members_make, NULL);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, attached_read_and_removed);
    tcase_add_test(all, refused_and_nothing_kept);
    tcase_add_test(all, large_in_bounded_memory);
    tcase_add_test(all, resumed);
    tcase_add_test(all, checked_and_swept);
    tcase_add_test(all, not_when_nothing_could_be_filed);
    tcase_add_test(all, scanner_away);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* one of them starts the server anew */
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    process_stop(&clamd, SIGKILL);
    const char *remove[] = {"rm", "-rf", scanner, NULL};
    process_run(NULL, 0, remove);
    scene_close(&scene);
    return failed != 0;
}
