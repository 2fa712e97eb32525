/* Officials' files by pages and by token: streamed rows are the exact rows, a client that leaves
 * ends the export, there are bounds, a workbook is made, fetched and gone; and the record has it.
 */
#include "support/officials.h"
#include "support/socket.h"
#include "support/tables.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 30000, PATH = 512, TIMEOUT_S = 120, WAIT_TRIES = 600 };
#define PAGES "/en/officials/consultations/"
#define EXPORTS PAGES SCENE_SLUG "/exports"
#define MANY_EXPORTS PAGES SCENE_REHEARSAL "/exports"
#define MANY_CSV PAGES SCENE_REHEARSAL "/files/submissions/csv"

static struct scene scene;
static char spool[] = "/tmp/ck-spool-XXXXXX", spool_setting[64];
static const char *const settings[] = {"submissions_per_prefix=0", spool_setting, NULL};
static struct official_made ann, bob, cat, dan;

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static void many(void)
{
    char sql[2048];
    snprintf(
        sql, sizeof sql,
        "set session_replication_role = replica;"
        "insert into submissions (consultation_id, arrived_at, day, state, kind, language, channel,"
        " consent, receipt_key, master, submission_key, number, commitment, content_hash, salt,"
        " stances, versions, priorities)"
        " select c.consultation_id, now(), current_date, 'held', 1, 1, 1, 1, 1, 1,"
        " gen_random_uuid(), 'Z' || lpad(upper(to_hex(n)), 9, '0'), sha256('c'), sha256('d'),"
        " sha256('s'), decode(repeat('05', 15), 'hex'), decode(repeat('01', 15), 'hex'), 1"
        " from consultations c, generate_series(1, %d) as n where c.rehearsal;"
        "insert into remarks (consultation_id, submission_id, part, ordinal, version, publish,"
        " original) select consultation_id, submission_id, 0, 1, 1, true, repeat('remark ', 100)"
        " from submissions where commitment = sha256('c')",
        MANY);
    number(sql);
}

static void setup(void)
{
    struct client *client = scene_client(&scene);
    for (int i = 0; i < HOSTILE; i++) {
        json_t *submission = fixture_submission();
        fixture_set(submission, "/answers/1-1/remark", json_string(tables_hostile[i]));
        struct client_reply reply = scene_submit(client, submission);
        client_reply_clear(&reply);
    }
    many();
    static const struct {
        const char *login;
        struct official_made *official;
    } all[] = {{"ann", &ann}, {"bob", &bob}, {"cat", &cat}, {"dan", &dan}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        official_make(&scene, all[i].login, NULL, all[i].official);
        official_grant(&scene, all[i].login, SCENE_SLUG, "analyst");
        official_grant(&scene, all[i].login, SCENE_REHEARSAL, "analyst");
        official_sign_in(&scene, client, all[i].official);
    }
    client_free(client);
}

static struct client_reply order(struct client *client, const struct official_made *official,
                                 const char *path, const char *what, const char *format)
{
    char *body = what ? fixture_form_add(NULL, "/what", what) : NULL;
    body = format ? fixture_form_add(body, "/format", format) : body;
    return official_post(client, official, path, body);
}

/* Where the form leads to. */
static void led_by(struct client *client, const struct official_made *official, const char *path,
                   const char *what, const char *format, char to[PATH])
{
    struct client_reply reply = order(client, official, path, what, format);
    to[0] = '\0';
    client_header(&reply, "Location", to, PATH);
    ck_assert_msg(reply.status == 303 && *to, "%d %.3000s", reply.status, reply.body);
    client_reply_clear(&reply);
}

static void led(struct client *client, const char *path, const char *what, const char *format,
                char to[PATH])
{
    led_by(client, &ann, path, what, format, to);
}

static void digest_of(const struct client_reply *reply, char digest[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)reply->body, reply->length);
    sodium_bin2hex(digest, 65, hash, sizeof hash);
}

/* What the command writes of the same. Caller frees. */
static char *commanded(const char *what, const char *slug, const char *format, const char *filter)
{
    char path[PATH];
    struct server_options options = scene.options;
    options.set = NULL;
    snprintf(path, sizeof path, "%s/out", scene.keys_folder);
    const char *words[] = {what, slug, "--format", format, "--output", path, NULL, NULL, NULL};
    if (filter) {
        words[6] = "--filter";
        words[7] = filter;
    }
    ck_assert_int_eq(server_command(&options, NULL, 0, "export", words), 0);
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    ck_assert_msg(file && text, "%s: %s", path, strerror(errno));
    ck_assert_msg(fread(text, 1, (1 << 20) - 1, file) > 0, "%s of %s by %s is empty", format, what,
                  filter ? filter : "nothing");
    fclose(file);
    unlink(path);
    return text;
}

static const struct {
    const char *what, *format, *query, *filter, *type;
} streams[] = {
    {"submissions", "csv", "", NULL, "text/csv; charset=utf-8; header=present"},
    {"submissions", "ndjson", "", NULL, "application/x-ndjson"},
    {"tallies", "csv", "", NULL, "text/csv; charset=utf-8; header=present"},
    {"tallies", "ndjson", "?kind=organisation", "kind=organisation", "application/x-ndjson"},
    {"codebook", "csv", "", NULL, "text/csv; charset=utf-8; header=present"},
    {"submissions", "ndjson", "?stance=1", "stance=1", "application/x-ndjson"},
    {"submissions", "ndjson", "?text=override", "text=override", "application/x-ndjson"},
};

/* To the byte what the command writes, which test_export reads back; and the record says how many
 * rows, of what digest, by whom, before and after. */
START_TEST(streams_are_the_rows)
{
    struct client *client = scene_client(&scene);
    char path[PATH], to[PATH], value[PATH], digest[65], sql[PATH];
    snprintf(path, sizeof path, EXPORTS "%s", streams[_i].query);
    led(client, path, streams[_i].what, streams[_i].format, to);
    int64_t before = number("select count(*) from audit_log where action like 'export%'");
    struct client_reply reply = official_get(client, &ann, to);
    ck_assert_msg(reply.status == 200, "%s: %d %.2000s", to, reply.status, reply.body);
    char *wanted = commanded(streams[_i].what, SCENE_SLUG, streams[_i].format, streams[_i].filter);
    ck_assert_str_eq(reply.body, wanted);
    ck_assert_uint_eq(reply.length, strlen(wanted));
    ck_assert(client_header(&reply, "Content-Type", value, sizeof value));
    ck_assert_str_eq(value, streams[_i].type);
    ck_assert(client_header(&reply, "Content-Disposition", value, sizeof value));
    snprintf(path, sizeof path, "attachment; filename=\"" SCENE_SLUG "-%s.%s\"", streams[_i].what,
             streams[_i].format);
    ck_assert_str_eq(value, path);
    digest_of(&reply, digest);
    snprintf(sql, sizeof sql,
             "select count(*) from audit_log where action in ('export', 'export-finished') and"
             " detail ->> 'official' = 'ann' and detail ->> 'from' = '127.0.0.0/24' and detail ->>"
             " 'what' = '%s' and detail ->> 'format' = '%s' and (action = 'export' or detail ->>"
             " 'sha256' = '%s')",
             streams[_i].what, streams[_i].format, digest);
    ck_assert_int_ge(number(sql), 2);
    ck_assert_int_eq(number("select count(*) from audit_log where action like 'export%'"),
                     before + 4); /* the command's as well */
    /* Words that were searched for are in nobody's record. */
    ck_assert_int_eq(number("select count(*) from audit_log where detail::text like '%override%'"),
                     0);
    /* The list of one's exports has the digest's page. */
    client_reply_clear(&reply);
    reply = official_get(client, &ann, EXPORTS);
    ck_assert_ptr_nonnull(strstr(reply.body, "Finished"));
    client_reply_clear(&reply);
    free(wanted);
    client_free(client);
}
END_TEST

START_TEST(refusals)
{
    struct client *client = scene_client(&scene);
    static const struct {
        const char *path, *what, *format;
        int status;
        const char *words;
    } cases[] = {
        {EXPORTS, NULL, "csv", 422, "href=\"#what\""},
        {EXPORTS, "submissions", NULL, 422, "href=\"#format\""},
        {EXPORTS, "people", "csv", 422, "id=\"what-error\""},
        {EXPORTS, "submissions", "xml", 422, "id=\"format-error\""},
        {EXPORTS "?stance=1", "tallies", "csv", 422, "Tallies can be filtered by"},
        {EXPORTS "?measure=9-9", "submissions", "csv", 422, "unknown-value"},
        {EXPORTS "?text=%25", "submissions", "csv", 422, "bad-text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client_reply reply =
            order(client, &ann, cases[i].path, cases[i].what, cases[i].format);
        ck_assert_msg(reply.status == cases[i].status && strstr(reply.body, cases[i].words),
                      "%zu: %d %.3000s", i, reply.status, reply.body);
        client_reply_clear(&reply);
    }
    static const struct {
        const char *path;
        int status;
    } gets[] = {{PAGES SCENE_SLUG "/files/submissions/xlsx", 404},
                {PAGES SCENE_SLUG "/files/people/csv", 404},
                {PAGES SCENE_SLUG "/files/tallies/csv?stance=1", 422},
                {PAGES SCENE_SLUG "/files/submissions/csv?from=yesterday", 422},
                {EXPORTS "?measure=9-9", 422},
                {EXPORTS "/00000000000000000000", 404},
                {EXPORTS "/00000000000000000000/workbook", 404},
                {EXPORTS "/00000000000000000000/manifest", 404}};
    int64_t before = number("select count(*) from audit_log where action like 'export%'");
    for (size_t i = 0; i < sizeof gets / sizeof gets[0]; i++) {
        struct client_reply reply = official_get(client, &ann, gets[i].path);
        ck_assert_msg(reply.status == gets[i].status, "%s: %d", gets[i].path, reply.status);
        client_reply_clear(&reply);
    }
    ck_assert_int_eq(number("select count(*) from audit_log where action like 'export%'"), before);
    client_free(client);
}
END_TEST

/* The socket of one that has asked for the many, got the first of them, and takes no more. */
static int taker_at(const char *address, const char *path, const char *header)
{
    char head[PATH], bytes[4096];
    int taken = socket_connect_from(NULL, address, CLIENT_SECONDS);
    int length = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", path, header);
    ck_assert(taken >= 0 && socket_send(taken, head, (size_t)length));
    for (int got = 0; got < (int)sizeof bytes;) {
        ssize_t more = socket_receive(taken, bytes, sizeof bytes);
        ck_assert_int_gt(more, 0);
        got += (int)more;
    }
    return taken;
}

static int taker(const char *address, const struct official_made *official)
{
    return taker_at(address, MANY_CSV, official->cookie);
}

#define BROKEN_OFF                                                                                 \
    "select count(*) from audit_log where action = 'export-broken-off' and detail ->> 'why' = "    \
    "'taker-left' and (detail ->> 'rows')::int between 1 and 29999"
#define BEGUN "select count(*) from audit_log where action = 'export'"
/* Exporters that hold a snapshot. */
#define AT_IT                                                                                      \
    "select count(*) from pg_stat_activity where application_name = 'consultation-worker' and"     \
    " backend_xmin is not null and pid <> pg_backend_pid()"

START_TEST(who_leaves_ends_it)
{
    int64_t before = number(BROKEN_OFF), begun = number(BEGUN);
    int leaves = taker(server_address(scene.server), &ann);
    ck_assert_int_eq(number(BEGUN), begun + 1);
    ck_assert_int_eq(number(AT_IT), 1);
    socket_close(leaves);
    scene_await(&scene, BROKEN_OFF, before + 1);
    scene_await(&scene, AT_IT, 0);
}
END_TEST

/* Two at once, and one of them an official's; who asks for more is told to come back, and the desk
 * goes on meanwhile. */
START_TEST(streams_are_bounded)
{
    int64_t before = number(BROKEN_OFF), begun = number(BEGUN);
    char wait[16];
    int one = taker(server_address(scene.server), &ann);
    struct client *third = scene_client(&scene);
    struct client_reply reply = official_get(third, &ann, MANY_CSV);
    ck_assert_msg(reply.status == 429 && strstr(reply.body, "as many exports going as one person"),
                  "%d %.3000s", reply.status, reply.body);
    ck_assert(client_header(&reply, "Retry-After", wait, sizeof wait));
    client_reply_clear(&reply);
    int two = taker(server_address(scene.server), &bob);
    ck_assert_int_eq(number(BEGUN), begun + 2);
    reply = official_get(third, &cat, MANY_CSV);
    ck_assert_msg(reply.status == 503 && strstr(reply.body, "Other files are being exported"),
                  "%d %.3000s", reply.status, reply.body);
    ck_assert(client_header(&reply, "Retry-After", wait, sizeof wait));
    client_reply_clear(&reply);
    reply = official_get(third, &ann, EXPORTS);
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    socket_close(one);
    socket_close(two);
    scene_await(&scene, BROKEN_OFF, before + 2);
    reply = official_get(third, &ann, PAGES SCENE_SLUG "/files/tallies/csv");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    client_free(third);
}
END_TEST

#define BARRED                                                                                     \
    "select count(*) from audit_log where action = 'export-broken-off' and detail ->> 'why' = "    \
    "'right-ended' and detail ->> 'official' = 'dan'"

/* What takes Dan's right away, and what gives it back. */
static const struct {
    const char *taken, *given;
    bool token;
} rights[] = {
    {"delete from official_grants where official_id = (select official_id from officials where "
     "login = 'dan') and role = 2",
     "insert into official_grants (consultation_id, official_id, role) select consultation_id, "
     "official_id, 2 from consultations, officials where login = 'dan'",
     false},
    {"update official_tokens t set revoked_at = clock_timestamp() from officials o where "
     "o.official_id = t.official_id and login = 'dan'",
     NULL, true},
    {"delete from official_sessions s using officials o where o.official_id = s.official_id and "
     "login = 'dan'",
     NULL, false},
};

/* What is under way when its official loses the right to it ends soon, and is not the whole. */
START_TEST(rights_end_it)
{
    struct client *client = scene_client(&scene);
    int64_t before = number(BARRED);
    char token[44], header[128];
    int taken = -1;
    official_sign_in(&scene, client, &dan);
    if (rights[_i].token) {
        official_token(client, &dan, "analyst " SCENE_REHEARSAL, token);
        snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
        taken = taker_at(server_address(scene.server),
                         "/v1/consultations/" SCENE_REHEARSAL "/files/submissions/csv", header);
    } else {
        taken = taker(server_address(scene.server), &dan);
    }
    ck_assert_int_eq(number(BARRED), before);
    number(rights[_i].taken);
    scene_await(&scene, BARRED, before + 1);
    scene_await(&scene, AT_IT, 0);
    if (rights[_i].given)
        number(rights[_i].given);
    socket_close(taken);
    client_free(client);
}
END_TEST

/* All of it arrives where there is more than places and sockets hold. */
START_TEST(many_rows_arrive)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = official_get(client, &ann, MANY_CSV);
    size_t lines = 0;
    ck_assert_int_eq(reply.status, 200);
    for (const char *p = reply.body; (p = strchr(p, '\n')); p++)
        lines++;
    ck_assert_uint_eq(lines, MANY + 1);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Files of the spool folder that the server holds open. */
static int spooled(void)
{
    char folder[64], to[PATH];
    int count = 0;
    snprintf(folder, sizeof folder, "/proc/%d/fd", server_pid(scene.server));
    DIR *all = opendir(folder);
    ck_assert_ptr_nonnull(all);
    for (const struct dirent *entry; (entry = readdir(all));) {
        ssize_t length = readlinkat(dirfd(all), entry->d_name, to, sizeof to - 1);
        if (length <= 0)
            continue;
        to[length] = '\0';
        count += strstr(to, spool) != NULL;
    }
    closedir(all);
    return count;
}

static bool spool_is_empty(void)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    for (int i = 0; i < WAIT_TRIES && spooled(); i++)
        nanosleep(&pause, NULL);
    return spooled() == 0;
}

/* Waits until the page says so. */
static struct client_reply until_by(struct client *client, const struct official_made *official,
                                    const char *path, const char *words)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    struct client_reply reply = official_get(client, official, path);
    for (int i = 0; i < WAIT_TRIES && !strstr(reply.body, words); i++) {
        client_reply_clear(&reply);
        nanosleep(&pause, NULL);
        reply = official_get(client, official, path);
    }
    ck_assert_msg(strstr(reply.body, words) != NULL, "no «%s»: %.3000s", words, reply.body);
    return reply;
}

static struct client_reply until(struct client *client, const char *path, const char *words)
{
    return until_by(client, &ann, path, words);
}

START_TEST(workbook_is_made_fetched_and_gone)
{
    struct client *client = scene_client(&scene);
    char page[PATH], path[PATH + 16], digest[65], value[PATH];
    led(client, EXPORTS "?state=counted", "submissions", "xlsx", page);
    /* The page asks for itself while it is open, which is no sign that anybody is there. */
    number("update official_sessions s set seen_at = now() - interval '5 minutes' from officials o "
           "where o.official_id = s.official_id and login = 'ann'");
    struct client_reply reply = until(client, page, "Ready");
    ck_assert_int_eq(number("select count(*) from official_sessions s join officials o using "
                            "(official_id) where login = 'ann' and seen_at > now() - interval '4 "
                            "minutes'"),
                     0);
    ck_assert_ptr_nonnull(strstr(reply.body, "/workbook\""));
    client_reply_clear(&reply);
    ck_assert_int_eq(spooled(), 1);
    snprintf(path, sizeof path, "%s/workbook", page);
    reply = official_get(client, &bob, path);
    ck_assert_int_eq(reply.status, 404);
    client_reply_clear(&reply);
    reply = official_get(client, &ann, path);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq(memcmp(reply.body, "PK\3\4", 4), 0);
    ck_assert(client_header(&reply, "Content-Disposition", value, sizeof value));
    ck_assert_str_eq(value, "attachment; filename=\"" SCENE_SLUG "-submissions.xlsx\"");
    digest_of(&reply, digest);
    client_reply_clear(&reply);
    ck_assert(spool_is_empty());
    reply = official_get(client, &ann, path);
    ck_assert_int_eq(reply.status, 404);
    client_reply_clear(&reply);
    reply = until(client, page, "Finished");
    ck_assert_ptr_nonnull(strstr(reply.body, digest));
    client_reply_clear(&reply);
    snprintf(path, sizeof path, "%s/manifest", page);
    reply = official_get(client, &ann, path);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(client_text(&reply, "/files/0/sha256"), digest);
    ck_assert_str_eq(client_text(&reply, "/filters/state"), "counted");
    ck_assert_str_eq(client_text(&reply, "/files/0/name"), "submissions.xlsx");
    client_reply_clear(&reply);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'export-fetched' and"
                            " detail ->> 'official' = 'ann' and detail ? 'sha256'"),
                     1);
    client_free(client);
}
END_TEST

static void end(struct client *client, const struct official_made *official, const char *page)
{
    char path[PATH + 16];
    snprintf(path, sizeof path, "%s/end", page);
    struct client_reply reply = official_post(client, official, path, NULL);
    ck_assert_msg(reply.status == 303, "%d %.2000s", reply.status, reply.body);
    client_reply_clear(&reply);
}

/* What is known of Dan's when he is an analyst no more, or again: what waited did not begin. */
START_TEST(workbooks_end_with_the_right)
{
    struct client *client = scene_client(&scene);
    char pages[3][PATH], last[PATH];
    official_sign_in(&scene, client, &dan);
    for (int i = 0; i < 3; i++)
        led_by(client, &dan, MANY_EXPORTS, "submissions", "xlsx", pages[i]);
    number("update officials set disabled_at = clock_timestamp() where login = 'dan'");
    /* They are made one after the other: when a later one is ready, all three were judged. */
    led(client, EXPORTS, "codebook", "xlsx", last);
    struct client_reply reply = until(client, last, "Ready");
    client_reply_clear(&reply);
    end(client, &ann, last);
    number("update officials set disabled_at = null where login = 'dan'");
    reply = until_by(client, &dan, pages[2], "came to an end meanwhile");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* As many as there may be of one, and in all; one more is refused with what was chosen; all of them
 * are ended, running and waiting ones, and nothing is left in the folder. */
START_TEST(workbooks_are_bounded_and_ended)
{
    struct client *client = scene_client(&scene);
    const struct official_made *const whose[6] = {&ann, &ann, &ann, &bob, &bob, &bob};
    char pages[6][PATH];
    for (int i = 0; i < 3; i++)
        led(client, MANY_EXPORTS, "submissions", "xlsx", pages[i]);
    struct client_reply reply = order(client, &ann, MANY_EXPORTS, "submissions", "xlsx");
    ck_assert_msg(reply.status == 429 && strstr(reply.body, "href=\"#format\"") &&
                      strstr(reply.body, "value=\"xlsx\" checked"),
                  "%d %.4000s", reply.status, reply.body);
    client_reply_clear(&reply);
    for (int i = 3; i < 6; i++)
        led_by(client, &bob, MANY_EXPORTS, "submissions", "xlsx", pages[i]);
    reply = order(client, &cat, MANY_EXPORTS, "submissions", "xlsx");
    ck_assert_msg(reply.status == 503 && strstr(reply.body, "href=\"#format\"") &&
                      strstr(reply.body, "value=\"xlsx\" checked"),
                  "%d %.4000s", reply.status, reply.body);
    client_reply_clear(&reply);
    reply = until(client, pages[0], "In progress");
    ck_assert_ptr_nonnull(strstr(reply.body, "data-going"));
    client_reply_clear(&reply);
    reply = until(client, pages[0], "00 rows so far");
    client_reply_clear(&reply);
    reply = official_get(client, &bob, pages[5]);
    ck_assert_ptr_nonnull(strstr(reply.body, "Waiting"));
    client_reply_clear(&reply);
    for (int i = 5; i >= 0; i--)
        end(client, whose[i], pages[i]);
    for (int i = 0; i < 6; i++) {
        reply = until_by(client, whose[i], pages[i], "It was cancelled.");
        client_reply_clear(&reply);
    }
    ck_assert(spool_is_empty());
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'export-ended'"), 6);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'export-broken-off' and"
                            " detail ->> 'format' = 'xlsx' and detail ->> 'why' = 'cancelled'"),
                     1); /* those that waited had not begun */
    /* One that is ready can be thrown away. */
    led(client, EXPORTS, "codebook", "xlsx", pages[0]);
    reply = until(client, pages[0], "Throw away");
    client_reply_clear(&reply);
    end(client, &ann, pages[0]);
    reply = until(client, pages[0], "It was cancelled.");
    client_reply_clear(&reply);
    ck_assert(spool_is_empty());
    client_free(client);
}
END_TEST

START_TEST(by_token)
{
    struct client *client = scene_client(&scene);
    char token[44], headers[128], link[PATH] = "", digest[65];
    official_token(client, &ann, "analyst " SCENE_SLUG, token);
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
    struct client_reply reply = client_run(
        client, &(struct client_ask){.path = SCENE_API "/files/submissions/ndjson?stance=1",
                                     .headers = headers});
    ck_assert_msg(reply.status == 200, "%d %.2000s", reply.status, reply.body);
    char *wanted = commanded("submissions", SCENE_SLUG, "ndjson", "stance=1");
    ck_assert_str_eq(reply.body, wanted);
    digest_of(&reply, digest);
    ck_assert(client_header(&reply, "Link", link, sizeof link));
    client_reply_clear(&reply);
    free(wanted);
    *strchr(link, '>') = '\0';
    reply = client_run(client, &(struct client_ask){.path = link + 1, .headers = headers});
    ck_assert_msg(reply.status == 200, "%s: %d %.2000s", link, reply.status, reply.body);
    ck_assert_str_eq(client_text(&reply, "/files/0/sha256"), digest);
    client_reply_clear(&reply);
    ck_assert_int_gt(number("select count(*) from audit_log where action = 'export-finished' and"
                            " detail ->> 'official' = 'ann' and detail ? 'token'"),
                     0);
    reply = client_run(client, &(struct client_ask){.path = SCENE_API "/files/tallies/csv?stance=1",
                                                    .headers = headers});
    scene_expect_problem(&reply, 422, "not-filtered", NULL);
    client_reply_clear(&reply);
    reply = client_run(client, &(struct client_ask){.path = "/v1/consultations/" SCENE_REHEARSAL
                                                            "/files/tallies/csv",
                                                    .headers = headers});
    scene_expect_problem(&reply, 403, "role-missing", NULL);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* A service that stops breaks off what is being sent and made, soon. */
START_TEST(stops_at_once)
{
    char page[PATH];
    struct server_options options = scene.options;
    int64_t begun = number(BEGUN);
    struct server *other = server_start(&options);
    ck_assert_ptr_nonnull(other);
    struct client *here = client_new(server_address(other));
    int slow = taker(server_address(other), &ann);
    led(here, MANY_EXPORTS, "submissions", "xlsx", page);
    scene_await(&scene, BEGUN, begun + 2);
    time_t before = time(NULL);
    ck_assert_int_eq(server_stop(other, SIGTERM), 0);
    ck_assert_int_lt(time(NULL) - before, 8);
    socket_close(slow);
    client_free(here);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exports");
    TCase *all = tcase_create("exports");
    if (!mkdtemp(spool))
        return 1;
    snprintf(spool_setting, sizeof spool_setting, "spool_folder=%s", spool);
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, setup, NULL);
    tcase_set_timeout(all, TIMEOUT_S);
    tcase_add_loop_test(all, streams_are_the_rows, 0, (int)(sizeof streams / sizeof streams[0]));
    tcase_add_test(all, refusals);
    tcase_add_test(all, many_rows_arrive);
    tcase_add_test(all, who_leaves_ends_it);
    tcase_add_test(all, streams_are_bounded);
    tcase_add_test(all, workbook_is_made_fetched_and_gone);
    tcase_add_test(all, workbooks_are_bounded_and_ended);
    tcase_add_test(all, workbooks_end_with_the_right);
    tcase_add_loop_test(all, rights_end_it, 0, (int)(sizeof rights / sizeof rights[0]));
    tcase_add_test(all, by_token);
    tcase_add_test(all, stops_at_once);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    rmdir(spool);
    return failed != 0;
}
