/* Exports: read back they are what was sent, in both forms; nothing secret is in them; a hundred
 * thousand rows take no more memory than a few. And the recount, as a command. */
#include "support/scene.h"
#include "support/tables.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MANY = 5000 }; /* memory is the sanitizer's there */
#else
enum { MANY = 25000 }; /* some 12 MiB, were they held all at once */
#endif
enum { PATH = 80, GROWTH_KB = 2048, TIMEOUT_S = 240 };

static struct scene scene;

static_assert(HOSTILE == 26, "the recounts below count on it");

static int command(const char *name, const char *const words[], char *output, int size)
{
    struct server_options options = scene.options;
    options.set = NULL;
    return server_command(&options, output, size, name, words);
}

/* Exports to a new file; what it holds. Caller frees. */
static char *exported(const char *what, const char *slug, const char *format)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/export", scene.keys_folder);
    const char *words[] = {what, slug, "--format", format, "--output", path, NULL};
    ck_assert_int_eq(command("export", words, NULL, 0), 0);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    char *text = malloc((size_t)status.st_size + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, (size_t)status.st_size, file), (size_t)status.st_size);
    text[status.st_size] = '\0';
    fclose(file);
    unlink(path);
    return text;
}

/* How many values stand in the record: each is in a column, or a form would say more than the
 * other. */
static size_t values(const json_t *record)
{
    if (!json_is_object(record))
        return 1;
    size_t count = 0;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)record, name, value) count += values(value);
    return count;
}

static void forms_agree(const char *what, const char *slug, size_t least)
{
    char *csv_text = exported(what, slug, "csv"), *ndjson_text = exported(what, slug, "ndjson");
    ck_assert_int_eq(strncmp(csv_text, "\xef\xbb\xbf", 3), 0);
    json_t *csv = tables_csv(csv_text + 3), *ndjson = tables_ndjson(ndjson_text);
    const json_t *names = json_array_get(csv, 0);
    ck_assert_uint_ge(json_array_size(ndjson), least);
    ck_assert_uint_eq(json_array_size(csv), json_array_size(ndjson) + 1);
    for (size_t i = 0; i < json_array_size(ndjson); i++) {
        const json_t *record = json_array_get(ndjson, i), *line = json_array_get(csv, i + 1);
        size_t found = 0;
        ck_assert_uint_eq(json_array_size(line), json_array_size(names));
        for (size_t c = 0; c < json_array_size(names); c++) {
            const char *path = json_string_value(json_array_get(names, c));
            const json_t *value = tables_value(record, path);
            tables_field_equals(json_array_get(line, c), value, path);
            found += value != NULL;
        }
        ck_assert_uint_eq(found, values(record));
    }
    json_decref(csv);
    json_decref(ndjson);
    free(csv_text);
    free(ndjson_text);
}

static json_t *find_number(const json_t *lines, const char *number)
{
    for (size_t i = 0; i < json_array_size(lines); i++)
        if (!strcmp(json_string_value(json_object_get(json_array_get(lines, i), "number")), number))
            return json_array_get(lines, i);
    return NULL;
}

START_TEST(what_was_sent_is_read_back)
{
    struct client *client = scene_client(&scene);
    char numbers[HOSTILE][16];
    for (int i = 0; i < HOSTILE; i++) {
        json_t *submission = fixture_submission();
        fixture_set(submission, "/answers/1-1/remark", json_string(tables_hostile[i]));
        fixture_set(submission, "/views/1/text", json_string(tables_hostile[HOSTILE - 1 - i]));
        struct client_reply reply = scene_submit(client, submission);
        snprintf(numbers[i], sizeof numbers[i], "%s", client_text(&reply, "/receipt/number"));
        client_reply_clear(&reply);
    }
    char *text = exported("submissions", SCENE_SLUG, "ndjson");
    json_t *lines = tables_ndjson(text);
    ck_assert_uint_eq(json_array_size(lines), HOSTILE);
    for (int i = 0; i < HOSTILE; i++) {
        json_t *record = find_number(lines, numbers[i]);
        ck_assert_ptr_nonnull(record);
        ck_assert_str_eq(json_string_value(tables_value(record, "answers/1-1/remark")),
                         tables_hostile[i]);
        ck_assert_str_eq(json_string_value(tables_value(record, "views/1/text")),
                         tables_hostile[HOSTILE - 1 - i]);
        ck_assert_int_eq(json_integer_value(tables_value(record, "answers/1-1/stance")), 5);
        ck_assert_int_eq(json_integer_value(tables_value(record, "answers/2-1/stance")), 1);
        ck_assert(json_is_integer(tables_value(record, "answers/3-1/stance")));
        ck_assert_ptr_null(tables_value(record, "answers/1-2"));
        ck_assert_str_eq(json_string_value(tables_value(record, "organisation")),
                         "Society of Testers");
        ck_assert_str_eq(json_string_value(tables_value(record, "publication")), "with-name");
        ck_assert_str_eq(json_string_value(tables_value(record, "channel")), "api");
    }
    json_decref(lines);
    free(text);
    client_free(client);
    forms_agree("submissions", SCENE_SLUG, HOSTILE);
}
END_TEST

START_TEST(forms_agree_on_every_value)
{
    const char *words[] = {SCENE_REHEARSAL, "300", NULL};
    ck_assert_int_eq(command("rehearse", words, NULL, 0), 0);
    forms_agree("submissions", SCENE_REHEARSAL, 300);
    forms_agree("tallies", SCENE_REHEARSAL, 15);
    forms_agree("tallies", SCENE_SLUG, 2);
}
END_TEST

/* Whatever identifies, opens a receipt or lets one be guessed, in any of the forms bytes could be
 * written in. */
START_TEST(nothing_secret_is_in_it)
{
    static const char *const columns[] = {"salt", "commitment", "content_hash", "identity_hash",
                                          "submission_key"};
    char *csv = exported("submissions", SCENE_SLUG, "csv");
    char *ndjson = exported("submissions", SCENE_SLUG, "ndjson");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        for (int form = 0; form < 2; form++) {
            char sql[256];
            bool key = strcmp(columns[i], "submission_key") == 0;
            snprintf(sql, sizeof sql,
                     key ? "select %s::text%s from submissions where not state = 'held' limit 1"
                         : "select encode(%s, '%s') from submissions where state = 'counted' and"
                           " identity_hash is not null limit 1",
                     columns[i],
                     key    ? ""
                     : form ? "base64"
                            : "hex");
            char *secret = cluster_text(scene.cluster, sql);
            ck_assert_uint_gt(strlen(secret), 20);
            ck_assert_ptr_null(strstr(csv, secret));
            ck_assert_ptr_null(strstr(ndjson, secret));
            free(secret);
        }
    ck_assert_ptr_null(strstr(ndjson, "submission_id"));
    ck_assert_ptr_null(strstr(ndjson, "@example"));
    free(csv);
    free(ndjson);
}
END_TEST

START_TEST(each_one_is_written_down)
{
    const char *words[] = {"submissions", SCENE_SLUG, "--format", "csv", NULL};
    const char *sql = "select count(*) from audit_log where action = 'export'"
                      " and detail->>'what' = 'submissions' and detail->>'format' = 'csv'";
    int64_t before = cluster_number(scene.cluster, sql);
    ck_assert_int_eq(command("export", words, NULL, 0), 0);
    ck_assert_int_eq(cluster_number(scene.cluster, sql), before + 1);
    ck_assert_int_eq(cluster_number(scene.cluster,
                                    "select (detail->>'rows')::int from audit_log where action ="
                                    " 'export-finished' order by audit_id desc limit 1"),
                     HOSTILE);
    const char *verify[] = {"verify", NULL};
    char output[256];
    ck_assert_int_eq(command("audit", verify, output, sizeof output), 0);
    ck_assert_ptr_nonnull(strstr(output, " rows is whole, 0 wait to be sealed"));
}
END_TEST

START_TEST(chain_tells_what_was_changed)
{
    const char *verify[] = {"verify", NULL};
    char output[512];
    cluster_number(scene.cluster, "set session_replication_role = replica;"
                                  "update audit_log set detail = '{}' where position = 3");
    ck_assert_int_eq(command("audit", verify, output, sizeof output), 1);
    ck_assert_ptr_nonnull(strstr(output, "at 3: was changed"));
}
END_TEST

START_TEST(refusals)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/kept", scene.keys_folder);
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, "kept", 4), 4);
    close(file);
    const struct {
        const char *words[8];
        int status;
    } cases[] = {
        {{"submissions", "nowhere", "--format", "csv", NULL}, 1},
        {{"submissions", SCENE_SLUG, NULL}, 2},
        {{"submissions", SCENE_SLUG, "--format", "xml", NULL}, 2},
        {{"people", SCENE_SLUG, "--format", "csv", NULL}, 2},
        {{"submissions", SCENE_SLUG, "--format", "csv", "--output", path, NULL}, 1},
        {{"submissions", SCENE_SLUG, "--format", "csv", "--output", "/dev/full", NULL}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_int_eq(command("export", cases[i].words, NULL, 0), cases[i].status);
    ck_assert_int_eq(access(path, R_OK), 0);
    unlink(path);
}
END_TEST

/* Copies of one submission, straight into the table. */
static void fill(void)
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
        " original) select consultation_id, submission_id, 0, 1, 1, true, repeat('remark ', 20)"
        " from submissions where commitment = sha256('c')",
        MANY);
    cluster_number(scene.cluster, sql);
}

/* Most kilobytes the export held; in a child of its own, so that no other command counts. */
static long peak_kb(void)
{
    int ends[2];
    long peak = 0;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): the name is made of two parts */
        const char *words[] = {"submissions", SCENE_REHEARSAL, "--format", "csv", NULL};
        struct rusage usage;
        bool ok = command("export", words, NULL, 0) == 0 && !getrusage(RUSAGE_CHILDREN, &usage) &&
                  write(ends[1], &usage.ru_maxrss, sizeof usage.ru_maxrss) > 0;
        _exit(ok ? 0 : 1);
    }
    int status = 0;
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], &peak, sizeof peak), (int)sizeof peak);
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    return peak;
}

START_TEST(memory_is_constant)
{
    long few = peak_kb();
    fill();
    long many = peak_kb();
    printf("export: peak %ld KiB with a few hundred rows, %ld KiB with %d more\n", few, many, MANY);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ck_assert_int_lt(many, few + GROWTH_KB);
#endif
    ck_assert_int_gt(cluster_number(scene.cluster,
                                    "select (detail->>'rows')::int from audit_log where action ="
                                    " 'export-finished' order by audit_id desc limit 1"),
                     MANY);
}
END_TEST

/* One thing changed behind the server's back, each kind: the recount names it. The state before
 * comes back after each. */
static const struct {
    const char *change, *back, *words;
} changes[] = {
    {"update submissions set stances = set_byte(stances, 0, 4)",
     "update submissions set stances = set_byte(stances, 0, 5)",
     "organisations, declared, en, channel 2, measure 1-1, stance 5: 26 in the tallies, 25 by the "
     "submissions"},
    {"update submissions set state = 'held'", "update submissions set state = 'counted'",
     "submissions, counted: 26 in the tallies, 25 by the submissions"},
    {"update submissions set priorities = 0", "update submissions set priorities = 1",
     "measure 1-1, priorities: 26 in the tallies, 25 by the submissions"},
    {"update remarks set part = 1, ordinal = 9", "update remarks set part = 0, ordinal = 1",
     "measure 1-1, remarks: 26 in the tallies, 25 by the submissions"},
    {"update tallies set cells[6] = cells[6] + 1", "update tallies set cells[6] = cells[6] - 1",
     "measure 1-1, stance 5: 27 in the tallies, 26 by the submissions"},
};

static void change(const char *sql, const char *of)
{
    char text[1024];
    snprintf(text, sizeof text,
             "set session_replication_role = replica; %s where consultation_id ="
             " (select consultation_id from consultations where not rehearsal)%s",
             sql, of);
    cluster_number(scene.cluster, text);
}

START_TEST(recount_names_what_was_changed)
{
    const char *words[] = {SCENE_SLUG, NULL};
    const char *newest = " and submission_id = (select max(s.submission_id) from submissions s join"
                         " consultations c using (consultation_id) where not c.rehearsal)";
    char output[4096];
    bool of_remark = strstr(changes[_i].change, "update remarks") != NULL;
    bool of_submission = strstr(changes[_i].change, "update submissions") != NULL;
    char there[512], back[512];
    snprintf(there, sizeof there, "%s%s",
             of_remark       ? newest
             : of_submission ? newest
                             : "",
             of_remark ? " and part = 0" : "");
    snprintf(back, sizeof back, "%s%s",
             of_remark       ? newest
             : of_submission ? newest
                             : "",
             of_remark ? " and part = 1 and ordinal = 9" : "");
    ck_assert_int_eq(command("recount", words, output, sizeof output), 0);
    ck_assert_str_eq(output, SCENE_SLUG ": the tallies agree with 26 submissions\n");
    change(changes[_i].change, there);
    ck_assert_int_eq(command("recount", words, output, sizeof output), 1);
    ck_assert_msg(strstr(output, changes[_i].words) != NULL, "%s", output);
    change(changes[_i].back, back);
    ck_assert_int_eq(command("recount", words, output, sizeof output), 0);
}
END_TEST

enum { SENT = 60, REPAIRS = 6 };

/* Submissions go on meanwhile, and are in the tallies once. */
START_TEST(repair_sets_right_what_was_changed)
{
    const char *repair[] = {SCENE_SLUG, "--repair", NULL}, *words[] = {SCENE_SLUG, NULL};
    char output[4096];
    pid_t sender = fork();
    ck_assert_int_ge(sender, 0);
    if (sender == 0) {
        struct client *client = scene_client(&scene);
        for (int i = 0; i < SENT; i++) {
            struct client_reply reply = scene_submit(client, fixture_submission());
            client_reply_clear(&reply);
        }
        client_free(client);
        _exit(0);
    }
    for (int i = 0; i < REPAIRS; i++) {
        change("update tallies set cells[6] = cells[6] + 1, counted = counted + 1, held = held - 1",
               "");
        ck_assert_int_eq(command("recount", repair, output, sizeof output), 0);
        ck_assert_msg(strstr(output, "figures of the tallies set right") != NULL &&
                          strstr(output, "the tallies agree with") != NULL,
                      "%s", output);
    }
    int status = 0;
    ck_assert(waitpid(sender, &status, 0) == sender && status == 0);
    ck_assert_int_eq(command("recount", words, output, sizeof output), 0);
    ck_assert_str_eq(output, SCENE_SLUG ": the tallies agree with 86 submissions\n");
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from audit_log where action = "
                                                   "'tallies-repaired'"),
                     REPAIRS);
    ck_assert_int_eq(command("recount", repair, output, sizeof output), 0);
    ck_assert_str_eq(output, SCENE_SLUG ": the tallies agree with 86 submissions\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("export");
    TCase *cases = tcase_create("export");
    tcase_set_timeout(cases, TIMEOUT_S);
    tcase_add_test(cases, what_was_sent_is_read_back);
    tcase_add_test(cases, forms_agree_on_every_value);
    tcase_add_test(cases, nothing_secret_is_in_it);
    tcase_add_test(cases, each_one_is_written_down);
    tcase_add_test(cases, refusals);
    tcase_add_test(cases, memory_is_constant);
    tcase_add_loop_test(cases, recount_names_what_was_changed, 0,
                        (int)(sizeof changes / sizeof *changes));
    tcase_add_test(cases, repair_sets_right_what_was_changed);
    tcase_add_test(cases, chain_tells_what_was_changed);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    scene_open(&scene, NULL);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
