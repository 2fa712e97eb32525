/* Workbooks, opened in LibreOffice: their cells are what the records say, and no text is a formula.
 * Besides, exports to a folder: one moment, filters, digests; and what is left after a kill. */
#include "support/process.h"
#include "support/scene.h"
#include "support/tables.h"

#include <dirent.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH = 160, TIMEOUT_S = 240, MANY = 30000, WAITS = 400 };

static const char rehearsal[] = SCENE_REHEARSAL;
static struct scene scene;
static char folder[PATH]; /* of everything made here */

/* Runs a subcommand of export; its status. */
static int run_export(const char *const words[])
{
    struct server_options options = scene.options;
    options.set = NULL;
    return server_command(&options, NULL, 0, "export", words);
}

static char *read_file(const char *in, const char *name, size_t *length)
{
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", in, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    struct stat status;
    ck_assert_int_eq(fstat(fileno(file), &status), 0);
    char *text = malloc((size_t)status.st_size + 1);
    ck_assert_ptr_nonnull(text);
    *length = fread(text, 1, (size_t)status.st_size, file);
    ck_assert_uint_eq(*length, (size_t)status.st_size);
    text[*length] = '\0';
    fclose(file);
    return text;
}

static json_t *read_csv(const char *in, const char *name)
{
    size_t length = 0;
    char *text = read_file(in, name, &length);
    bool marked = strncmp(text, "\xef\xbb\xbf", 3) == 0;
    json_t *lines = tables_csv(text + (marked ? 3 : 0));
    free(text);
    return lines;
}

static int files_in(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* Each sheet of a workbook as CSV beside it, "submissions-Remarks.csv": texts quoted, as shown, no
 * formula. */
static void open_in_office(const char *in, const char *name)
{
    char profile[2 * PATH], path[2 * PATH];
    snprintf(profile, sizeof profile, "-env:UserInstallation=file://%s/office", folder);
    snprintf(path, sizeof path, "%s/%s", in, name);
    const char *const words[] = {
        "/usr/bin/env",
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1",
        "--outdir",
        in,
        path,
        NULL};
    char output[4096];
    ck_assert_int_eq(process_run(output, sizeof output, words), 0);
}

/* Place of a column in the head, or an abort. */
static size_t column(const json_t *lines, const char *name)
{
    const json_t *head = json_array_get(lines, 0);
    for (size_t i = 0; i < json_array_size(head); i++)
        if (strcmp(json_string_value(json_array_get(head, i)), name) == 0)
            return i;
    ck_abort_msg("no column %s", name);
}

static const json_t *cell(const json_t *lines, size_t line, const char *name)
{
    return json_array_get(json_array_get(lines, line), column(lines, name));
}

/* A sheet's cell says what the record says; truth is shown in capitals, and a time as people write
 * it. */
static void cell_equals(const json_t *shown, const json_t *value, const char *path)
{
    const char *text = json_string_value(shown);
    char joined[256] = "", number[32];
    size_t length = strlen(path);
    if (json_is_string(value) && length > 3 && strcmp(path + length - 3, "_at") == 0) {
        snprintf(joined, sizeof joined, "%.10s %.8s", json_string_value(value),
                 json_string_value(value) + 11);
        ck_assert_msg(text && strcmp(text, joined) == 0, "%s: %s", path, text ? text : "");
    } else if (json_is_string(value)) {
        ck_assert_msg(text && strcmp(text, json_string_value(value)) == 0, "%s: %s, not %s", path,
                      text ? text : "nothing", json_string_value(value));
    } else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        ck_assert_msg(text && strcmp(text, number) == 0, "%s: %s", path, text ? text : "");
    } else if (json_is_boolean(value)) {
        ck_assert_msg(text && strcmp(text, json_is_true(value) ? "TRUE" : "FALSE") == 0, "%s: %s",
                      path, text ? text : "");
    } else {
        for (size_t i = 0; i < json_array_size(value); i++)
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "",
                     json_string_value(json_array_get(value, i)));
        ck_assert_msg(strcmp(text ? text : "", joined) == 0, "%s: %s", path, text ? text : "");
    }
}

START_TEST(cells_are_what_was_sent)
{
    char out[PATH + 16];
    size_t length = 0;
    struct client *client = scene_client(&scene);
    for (int i = 0; i < HOSTILE; i++) {
        json_t *submission = fixture_submission();
        fixture_set(submission, "/answers/1-1/remark", json_string(tables_hostile[i]));
        fixture_set(submission, "/views/1/text", json_string(tables_hostile[HOSTILE - 1 - i]));
        struct client_reply reply = scene_submit(client, submission);
        client_reply_clear(&reply);
    }
    client_free(client);
    snprintf(out, sizeof out, "%s/whole", folder);
    const char *words[] = {"submissions", SCENE_SLUG, "--folder", out, NULL};
    ck_assert_int_eq(run_export(words), 0);
    char *text = read_file(out, "submissions.ndjson", &length);
    json_t *records = tables_ndjson(text);
    ck_assert_uint_eq(json_array_size(records), HOSTILE);
    open_in_office(out, "submissions.xlsx");
    json_t *rows = read_csv(out, "submissions-Submissions.csv");
    json_t *remarks = read_csv(out, "submissions-Remarks.csv");
    const json_t *head = json_array_get(rows, 0);
    ck_assert_uint_eq(json_array_size(rows), HOSTILE + 1);
    ck_assert_uint_eq(json_array_size(remarks), 2 * HOSTILE + 1);
    for (size_t i = 0; i < HOSTILE; i++) {
        const json_t *record = json_array_get(records, i);
        for (size_t c = 0; c < json_array_size(head); c++) {
            const char *path = json_string_value(json_array_get(head, c));
            cell_equals(json_array_get(json_array_get(rows, i + 1), c), tables_value(record, path),
                        path);
        }
        cell_equals(cell(remarks, 2 * i + 1, "number"), tables_value(record, "number"), "number");
        cell_equals(cell(remarks, 2 * i + 1, "text"), tables_value(record, "answers/1-1/remark"),
                    "remark");
        cell_equals(cell(remarks, 2 * i + 2, "text"), tables_value(record, "views/1/text"), "view");
        ck_assert_str_eq(json_string_value(cell(remarks, 2 * i + 1, "measure")), "1-1");
        ck_assert_str_eq(json_string_value(cell(remarks, 2 * i + 2, "question")), "1");
    }
    json_decref(remarks);
    json_decref(rows);
    json_decref(records);
    free(text);
}
END_TEST

/* Every column of the CSV files, and every code that stands in them, has its line. */
START_TEST(codebook_explains_all)
{
    char out[PATH + 16];
    snprintf(out, sizeof out, "%s/whole", folder);
    json_t *book = read_csv(out, "codebook.csv"), *rows = read_csv(out, "submissions.csv");
    json_t *sheet = read_csv(out, "submissions-Codebook.csv");
    json_t *about = read_csv(out, "submissions-About.csv");
    ck_assert_uint_eq(json_array_size(book), json_array_size(sheet));
    ck_assert_str_eq(json_string_value(cell(about, 1, "value")), SCENE_SLUG);
    const json_t *head = json_array_get(rows, 0);
    for (size_t c = 0; c < json_array_size(head); c++) {
        const char *name = json_string_value(json_array_get(head, c)), *list = NULL;
        size_t found = 0;
        for (size_t i = 1; i < json_array_size(book); i++) {
            if (strcmp(json_string_value(cell(book, i, "entry")), "column") != 0 ||
                strcmp(json_string_value(cell(book, i, "table")), "submissions") != 0 ||
                strcmp(json_string_value(cell(book, i, "name")), name) != 0)
                continue;
            found++;
            list = json_string_value(cell(book, i, "list"));
        }
        ck_assert_msg(found == 1, "%s", name);
        const char *code = json_string_value(json_array_get(json_array_get(rows, 1), c));
        for (size_t i = 1; list && code && !strchr(code, ' ') && i < json_array_size(book); i++)
            if (strcmp(json_string_value(cell(book, i, "entry")), "code") == 0 &&
                strcmp(json_string_value(cell(book, i, "name")), list) == 0 &&
                strcmp(json_string_value(cell(book, i, "code")), code) == 0)
                found++;
        ck_assert_msg(found == (list && code && !strchr(code, ' ') ? 2 : 1), "%s: %s", name,
                      code ? code : "");
    }
    for (size_t i = 1; i < json_array_size(book); i++) {
        ck_assert_ptr_nonnull(json_string_value(cell(book, i, "zh-Hant")));
        ck_assert_ptr_nonnull(json_string_value(cell(book, i, "en")));
        ck_assert_ptr_nonnull(json_string_value(cell(book, i, "zh-Hans")));
    }
    json_decref(about);
    json_decref(sheet);
    json_decref(rows);
    json_decref(book);
}
END_TEST

START_TEST(manifest_has_the_digests)
{
    char out[PATH + 16];
    size_t length = 0;
    snprintf(out, sizeof out, "%s/whole", folder);
    char *text = read_file(out, "manifest.json", &length);
    json_t *manifest = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *file;
    const json_t *files = json_object_get(manifest, "files");
    size_t i;
    ck_assert_uint_eq(json_array_size(files), 4);
    ck_assert_int_eq(files_in(out), 4 + 1 + 4); /* manifest, and the sheets opened above */
    json_array_foreach(files, i, file)
    {
        unsigned char hash[crypto_hash_sha256_BYTES];
        char hex[2 * sizeof hash + 1];
        char *bytes = read_file(out, json_string_value(json_object_get(file, "name")), &length);
        crypto_hash_sha256(hash, (unsigned char *)bytes, length);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        ck_assert_str_eq(json_string_value(json_object_get(file, "sha256")), hex);
        ck_assert_int_eq(json_integer_value(json_object_get(file, "bytes")), (json_int_t)length);
        if (strcmp(json_string_value(json_object_get(file, "what")), "submissions") == 0)
            ck_assert_int_eq(json_integer_value(json_object_get(file, "rows")), HOSTILE);
        free(bytes);
    }
    ck_assert_uint_eq(json_object_size(json_object_get(manifest, "filters")), 0);
    json_decref(manifest);
    free(text);
}
END_TEST

/* What each filter lets through is what the same condition says of all records. */
static const struct {
    const char *filter[4];
    const char *sql; /* of submissions s */
} filters[] = {
    {{"kind=organisation"}, "s.kind = 2"},
    {{"state=held"}, "s.state = 'held'"},
    {{"language=zh-Hans"}, "s.language = 2"},
    {{"measure=1-3"},
     "get_byte(s.stances, 2) <> 255 or exists (select from remarks r where r.submission_id ="
     " s.submission_id and r.part = 0 and r.ordinal = 3)"},
    {{"measure=1-3", "stance=5"}, "get_byte(s.stances, 2) = 5"},
    {{"stance=1"}, "position('\\x01'::bytea in s.stances) > 0"},
    {{"moderation=passed"},
     "exists (select from remarks r where r.submission_id = s.submission_id and r.moderation = 1)"},
    {{"text=\xe6\x99\x82\xe9\x96\x93\xe8\xa1\xa8", "measure=2-1"},
     "exists (select from remarks r where r.submission_id = s.submission_id and r.part = 0 and"
     " r.ordinal = 8 and r.original like '%\xe6\x99\x82\xe9\x96\x93\xe8\xa1\xa8%')"},
    {{"text=CLEAR direction"},
     "exists (select from remarks r where r.submission_id = s.submission_id and r.original ilike"
     " '%clear direction%')"},
    {{"text=direction clear"},
     "exists (select from remarks r where r.submission_id = s.submission_id and r.original ~*"
     " '\\mclear\\M' and r.original ~* '\\mdirection\\M')"},
    {{"text=\"direction clear\""}, "false"},
    {{"text=clear", "state=counted", "kind=individual", "moderation=waiting"},
     "s.state = 'counted' and s.kind = 1 and exists (select from remarks r where r.submission_id ="
     " s.submission_id and r.moderation = 0 and r.original ~* '\\mclear\\M')"},
    {{"from=2026-01-01", "to=2099-12-31", "kind=individual"}, "s.kind = 1"},
    {{"to=2020-01-01"}, "false"},
};

START_TEST(filters_are_kept)
{
    char out[PATH + 16], sql[1024];
    snprintf(out, sizeof out, "%s/filter%d", folder, _i);
    const char *words[16] = {"submissions", rehearsal, "--format", "ndjson", "--output", out};
    for (size_t i = 0; i < 4 && filters[_i].filter[i]; i++) {
        words[6 + 2 * i] = "--filter";
        words[7 + 2 * i] = filters[_i].filter[i];
    }
    ck_assert_int_eq(run_export(words), 0);
    size_t length = 0;
    char *text = read_file(folder, out + strlen(folder) + 1, &length);
    json_t *records = tables_ndjson(text);
    snprintf(sql, sizeof sql,
             "select count(*) from submissions s join consultations c using (consultation_id)"
             " where c.rehearsal and (%s)",
             filters[_i].sql);
    ck_assert_int_eq((int64_t)json_array_size(records), cluster_number(scene.cluster, sql));
    json_decref(records);
    free(text);
}
END_TEST

START_TEST(refused_filters_leave_nothing)
{
    char out[PATH + 16];
    snprintf(out, sizeof out, "%s/none", folder);
    const struct {
        const char *words[8];
        int status;
    } cases[] = {
        {{"submissions", SCENE_SLUG, "--folder", out, "--filter", "state=lost", NULL}, 2},
        {{"submissions", SCENE_SLUG, "--folder", out, "--filter", "colour=red", NULL}, 2},
        {{"submissions", SCENE_SLUG, "--folder", out, "--filter", "state", NULL}, 2},
        {{"submissions", SCENE_SLUG, "--folder", out, "--filter", "measure=9-9", NULL}, 1},
        {{"submissions", SCENE_SLUG, "--folder", out, "--filter", "text=%", NULL}, 1},
        {{"tallies", SCENE_SLUG, "--folder", out, "--filter", "state=held", NULL}, 1},
        {{"submissions", SCENE_SLUG, "--folder", folder, NULL}, 1},
        {{"all", SCENE_SLUG, "--format", "csv", NULL}, 2},
        {{"submissions", SCENE_SLUG, "--folder", out, "--set", "spool_folder=/nowhere", NULL}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(run_export(cases[i].words), cases[i].status);
        ck_assert_int_ne(access(out, F_OK), 0);
    }
}
END_TEST

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};
    nanosleep(&time, NULL);
}

/* How many bytes the process's files have in the spool, which have no name there. */
static bool has_spooled(pid_t pid, const char *spool)
{
    char path[64], target[PATH], name[PATH];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *directory = opendir(path);
    bool found = false;
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        struct stat status;
        snprintf(name, sizeof name, "%s/%.20s", path, entry->d_name);
        ssize_t length = readlink(name, target, sizeof target - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        found = found || (strncmp(target, spool, strlen(spool)) == 0 && stat(name, &status) == 0 &&
                          status.st_size > 100000);
    }
    if (directory)
        closedir(directory);
    return found;
}

/* In the middle of a workbook: killed, or told to stop. */
START_TEST(nothing_is_left_of_half_an_export)
{
    const int signals[] = {SIGKILL, SIGTERM, SIGINT};
    char spool[PATH + 16], out[PATH + 16], set[3][PATH + 80];
    snprintf(spool, sizeof spool, "%s/spool", folder);
    snprintf(out, sizeof out, "%s/half.xlsx", folder);
    ck_assert(mkdir(spool, 0700) == 0 || _i > 0);
    snprintf(set[0], sizeof set[0], "spool_folder=%s", spool);
    snprintf(set[1], sizeof set[1], "database=%s", scene.options.conninfo);
    snprintf(set[2], sizeof set[2], "keys_folder=%s", scene.options.keys_folder);
    const char *const words[] = {SERVER_BINARY, "export",   "submissions", rehearsal, "--format",
                                 "xlsx",        "--output", out,           "--set",   set[0],
                                 "--set",       set[1],     "--set",       set[2],    NULL};
    struct process process = {0};
    ck_assert(process_start(&process, SIGKILL, NULL, words));
    int waits = 0;
    while (!has_spooled(process.pid, spool) && process_runs(&process) && waits++ < WAITS)
        pause_ms(10);
    ck_assert(process_runs(&process));
    ck_assert_int_eq(process_stop(&process, signals[_i]), signals[_i] == SIGKILL ? 137 : 1);
    ck_assert_int_eq(files_in(spool), 0);
    ck_assert_int_ne(access(out, F_OK), 0);
}
END_TEST

/* A bound that the workbook passes: refused, and nothing is left. */
START_TEST(spool_is_bounded)
{
    char out[PATH + 16];
    snprintf(out, sizeof out, "%s/bounded.xlsx", folder);
    const char *words[] = {"submissions", rehearsal, "--format",     "xlsx", "--output",
                           out,           "--set",   "spool_mib=16", NULL};
    ck_assert_int_eq(run_export(words), 1);
    ck_assert_int_ne(access(out, F_OK), 0);
}
END_TEST

/* Copies of one submission, straight into the table. */
static void fill(void)
{
    char sql[1024];
    snprintf(
        sql, sizeof sql,
        "set session_replication_role = replica;"
        "insert into submissions (consultation_id, arrived_at, day, state, kind, language, channel,"
        " consent, receipt_key, master, submission_key, number, commitment, content_hash, salt,"
        " stances, versions, priorities)"
        " select c.consultation_id, now(), current_date, 'held', 1, 1, 1, 1, 1, 1,"
        " gen_random_uuid(), 'Z' || lpad(upper(to_hex(n)), 9, '0'), sha256('c'), sha256('d'),"
        " sha256('s'), decode(repeat('05', 15), 'hex'), decode(repeat('01', 15), 'hex'), 1"
        " from consultations c, generate_series(1, %d) as n where c.rehearsal",
        MANY);
    cluster_number(scene.cluster, sql);
}

int main(void)
{
    Suite *suite = suite_create("workbook");
    TCase *cases = tcase_create("workbook");
    tcase_set_timeout(cases, TIMEOUT_S);
    tcase_add_test(cases, cells_are_what_was_sent);
    tcase_add_test(cases, codebook_explains_all);
    tcase_add_test(cases, manifest_has_the_digests);
    tcase_add_loop_test(cases, filters_are_kept, 0, (int)(sizeof filters / sizeof *filters));
    tcase_add_test(cases, refused_filters_leave_nothing);
    TCase *large = tcase_create("large");
    tcase_set_timeout(large, TIMEOUT_S);
    tcase_add_unchecked_fixture(large, fill, NULL);
    tcase_add_loop_test(large, nothing_is_left_of_half_an_export, 0, 3);
    tcase_add_test(large, spool_is_bounded);
    suite_add_tcase(suite, cases);
    suite_add_tcase(suite, large);
    SRunner *runner = srunner_create(suite);
    scene_open(&scene, NULL);
    snprintf(folder, sizeof folder, "%s/exports", scene.keys_folder);
    const char *const words[] = {SCENE_REHEARSAL, "500", NULL};
    struct server_options options = scene.options;
    options.set = NULL;
    int failed =
        mkdir(folder, 0700) != 0 || server_command(&options, NULL, 0, "rehearse", words) != 0;
    if (!failed) {
        srunner_run_all(runner, CK_NORMAL);
        failed = srunner_ntests_failed(runner);
    }
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
