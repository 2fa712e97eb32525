/* A response as a file: its PDF, its attachments, for as long as it is public. */
#include "filing_cast.h"
#include "support/process.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PDF_ASKERS = 12 };

/* Puts a file in the folder as the server does, and its row beside the draft. */
static void attach(const struct cast *cast, const char *name, const char *bytes,
                   char sha256[DIGEST_TEXT])
{
    char path[400], statement[700];
    const struct client_reply file = {.body = (char *)(uintptr_t)bytes, .length = strlen(bytes)};
    sha256_of(&file, sha256);
    snprintf(path, sizeof path, "%s/attachments/%.2s", scene.keys_folder, sha256);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/attachments/%.2s/%s", scene.keys_folder, sha256, sha256 + 2);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    fputs(bytes, out);
    fclose(out);
    snprintf(statement, sizeof statement,
             "insert into attachments (consultation_id, response_id, name, media_type, bytes,"
             " sha256, added_by) select consultation_id, response_id, '%s', 'application/pdf',"
             " %zu, decode('%s', 'hex'), (select min(official_id) from officials o where"
             " o.institution_id = r.institution_id) from responses r where number = '%s'",
             name, strlen(bytes), sha256, cast->number);
    stage_sql(statement);
}

/* What the PDF says. Caller frees. */
static char *pdf_text(const struct client_reply *pdf)
{
    char path[320];
    char *text = calloc(1, 64 * 1024);
    snprintf(path, sizeof path, "%s/a.pdf", scene.keys_folder);
    FILE *out = fopen(path, "w");
    ck_assert(out && fwrite(pdf->body, 1, pdf->length, out) == pdf->length);
    fclose(out);
    const char *argv[] = {"pdftotext", "-layout", path, "-", NULL};
    ck_assert_int_eq(process_run(text, 64 * 1024, argv), 0);
    return text;
}

struct asker {
    pthread_t thread;
    const char *path;
    struct client_reply reply;
};

static void *ask_one(void *context)
{
    struct asker *asker = context;
    struct client *client = scene_client(&scene);
    asker->reply = client_get(client, asker->path);
    client_free(client);
    return NULL;
}

/* More than may wait, for one page: it is printed once, and who finds no place comes again. */
static void ask_at_once(const char *path)
{
    struct asker askers[PDF_ASKERS];
    const struct client_reply *first = NULL;
    int refused = 0;
    for (int i = 0; i < PDF_ASKERS; i++) {
        askers[i] = (struct asker){.path = path};
        ck_assert_int_eq(pthread_create(&askers[i].thread, NULL, ask_one, &askers[i]), 0);
    }
    for (int i = 0; i < PDF_ASKERS; i++) {
        char after[16] = "";
        pthread_join(askers[i].thread, NULL);
        const struct client_reply *reply = &askers[i].reply;
        if (reply->status == 503) {
            refused++;
            ck_assert(client_header(reply, "Retry-After", after, sizeof after));
            continue;
        }
        ck_assert_int_eq(reply->status, 200);
        if (!first)
            first = reply;
        ck_assert_uint_eq(reply->length, first->length);
        ck_assert_int_eq(memcmp(reply->body, first->body, first->length), 0);
    }
    ck_assert_ptr_nonnull(first);
    ck_assert_int_ge(refused, 1);
    for (int i = 0; i < PDF_ASKERS; i++)
        client_reply_clear(&askers[i].reply);
}

static void expect_file(struct client *client, const char *path, int status, const char *bytes)
{
    char value[200] = "";
    struct client_reply reply = client_get(client, path);
    ck_assert_msg(reply.status == status, "%s: %d %.800s", path, reply.status, reply.body);
    if (bytes) {
        ck_assert_str_eq(reply.body, bytes);
        ck_assert(client_header(&reply, "Content-Disposition", value, sizeof value));
        ck_assert_str_eq(value, "attachment; filename*=UTF-8''%E8%A1%A8.pdf");
        ck_assert(client_header(&reply, "Content-Security-Policy", value, sizeof value));
        ck_assert_ptr_nonnull(strstr(value, "sandbox"));
        ck_assert(client_header(&reply, "ETag", value, sizeof value));
        ck_assert_ptr_nonnull(strstr(path, strtok(value, "\"")));
    }
    client_reply_clear(&reply);
}

/* Asks a server with another printer for a page and its PDF, twice, and counts in its log how often
 * it tried. */
static void ask_another(const char *printer, int status, bool linked, int tries)
{
    char log_path[80], line[1000];
    int tried = 0, own = dup(STDERR_FILENO);
    const char *const set[] = {"submissions_per_prefix=0", printer, NULL};
    struct server_options options = scene.options;
    options.set = set;
    snprintf(log_path, sizeof log_path, "%s/log", scene.keys_folder);
    int file = open(log_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert(own >= 0 && file >= 0);
    dup2(file, STDERR_FILENO);
    struct server *server = server_start(&options);
    dup2(own, STDERR_FILENO);
    close(own);
    close(file);
    ck_assert_ptr_nonnull(server);
    struct client *client = client_new(server_address(server));
    struct client_reply reply = client_get(client, PUBLIC "/DDDDDDDDDD");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq(strstr(reply.body, "/versions/1/pdf") != NULL, linked);
    client_reply_clear(&reply);
    for (int i = 0; i < 2; i++) {
        reply = client_get(client, PUBLIC "/DDDDDDDDDD/versions/1/pdf");
        ck_assert_msg(reply.status == status, "%s: %d", printer, reply.status);
        client_reply_clear(&reply);
    }
    client_free(client);
    ck_assert_int_eq(server_stop(server, SIGTERM), 0);
    FILE *log = fopen(log_path, "r");
    while (fgets(line, sizeof line, log))
        tried += strstr(line, "not-printed") != NULL;
    fclose(log);
    ck_assert_int_eq(tried, tries);
}

START_TEST(downloaded_while_it_is_public)
{
    static const char bytes[] = "%PDF-1.7\nof delta\n", others[] = "%PDF-1.7\nof nobody\n";
    struct cast cast, other;
    struct official_made publisher;
    char digest[DIGEST_TEXT], sha256[DIGEST_TEXT], unfiled[DIGEST_TEXT];
    char file_path[240], other_path[240];
    cast_make(&cast, "delta", "DDDDDDDDDD");
    cast_make(&other, "epsilon", "EEEEEEEEEE");
    attach(&cast, "表.pdf", bytes, sha256);
    attach(&other, "b.pdf", others, unfiled);
    cast_write(&cast, "人才與科技的意見。");
    snprintf(file_path, sizeof file_path, "%s/DDDDDDDDDD/versions/1/attachments/%s", PUBLIC,
             sha256);
    snprintf(other_path, sizeof other_path, "%s/DDDDDDDDDD/versions/1/attachments/%s", PUBLIC,
             unfiled);

    /* The draft, for its members. */
    struct client_reply reply = official_get(cast.client, &cast.coordinator, MEMBERS "/preview");
    expect(&reply, 200, MEMBERS "/preview/pdf");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/preview/pdf");
    ck_assert_int_eq(reply.status, 200);
    char *text = pdf_text(&reply);
    ck_assert_ptr_nonnull(strstr(text, "It has not been filed."));
    free(text);
    client_reply_clear(&reply);

    /* Nobody else before it is released. */
    cast_approve(&cast);
    cast_digest(&cast, digest);
    reply = cast_file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    expect_file(cast.client, file_path, 404, NULL);
    expect_file(cast.client, PUBLIC "/DDDDDDDDDD/versions/1/pdf", 404, NULL);

    official_make(&scene, "pam", NULL, &publisher);
    official_grant(&scene, "pam", SCENE_SLUG, "publisher");
    official_sign_in(&scene, cast.client, &publisher);
    reply = official_post(cast.client, &publisher, OFFICIALS "/DDDDDDDDDD/versions/1",
                          fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, OFFICIALS "/DDDDDDDDDD/versions/1");
    reply = get_until(cast.client, PUBLIC "/DDDDDDDDDD", "/versions/1/pdf");
    expect(&reply, 200, file_path);

    /* What it names and nothing else, though that is there. */
    expect_file(cast.client, file_path, 200, bytes);
    expect_file(cast.client, other_path, 404, NULL);
    expect_file(cast.client, PUBLIC "/DDDDDDDDDD/versions/2/pdf", 404, NULL);

    ask_at_once(PUBLIC "/DDDDDDDDDD/versions/1/pdf");
    reply = client_get(cast.client, PUBLIC "/DDDDDDDDDD/versions/1/pdf");
    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq(memcmp(reply.body, "%PDF", 4), 0);
    text = pdf_text(&reply);
    static const char *const wanted[] = {"How to cite", "人才與科技的意見。", "DDDDDDDDDD",
                                         "<script>alert(1)</script>"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        ck_assert_msg(strstr(text, wanted[i]) != NULL, "no «%s» in %s", wanted[i], text);
    ck_assert_ptr_nonnull(strstr(text, sha256));
    free(text);
    client_reply_clear(&reply);

    /* Whoever has it already is told so. */
    char none_match[160];
    snprintf(none_match, sizeof none_match, "If-None-Match: \"%s\"\r\n", sha256);
    reply = client_run(cast.client, &(struct client_ask){.path = file_path, .headers = none_match});
    ck_assert_msg(reply.status == 304 && reply.length == 0, "%d %zu", reply.status, reply.length);
    client_reply_clear(&reply);

    /* A server without a printer does not speak of it; one whose printer fails does not try at
     * every request. */
    ask_another("weasyprint=", 404, false, 0);
    ask_another("weasyprint=/bin/false", 500, true, 1);

    /* Taken back, it is nobody's any more; servers hear of it within half a second. */
    reply = official_post(
        cast.client, &publisher, OFFICIALS "/DDDDDDDDDD/versions/1",
        fixture_form_add(fixture_form_add(NULL, "/go", "withhold"), "/public_reason", "A reason."));
    expect_redirect(&reply, OFFICIALS "/DDDDDDDDDD/versions/1");
    expect_file(cast.client, file_path, 404, NULL);
    expect_file(cast.client, PUBLIC "/DDDDDDDDDD/versions/1/pdf", 404, NULL);
    client_free(cast.client);
    client_free(other.client);
}
END_TEST

const TTest *filing_downloads(void)
{
    return downloaded_while_it_is_public;
}
