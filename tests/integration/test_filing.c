/* An institution's response: previewed, approved by a second person, filed, released, cited; by
 * members and by a machine. What the database itself decides is tests/schema/response_filing.sql's.
 */
#include "access/ticket.h"
#include "base/clock.h"
#include "support/institutions.h"
#include "support/process.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", "weasyprint=/usr/bin/python3",
                                       NULL};

#define MEMBERS "/en/institution/consultations/" SCENE_SLUG
#define OFFICIALS "/en/officials/consultations/" SCENE_SLUG "/responses"
#define PUBLIC "/en/consultations/" SCENE_SLUG "/responses"
#define MACHINE "/v1/institution/consultations/" SCENE_SLUG "/filings"
enum { DIGEST_TEXT = 65, ADDRESS = 200, AT_ONCE = 8, PDF_ASKERS = 12 };

static void sql(const char *statement)
{
    free(cluster_text(scene.cluster, statement));
}

static int64_t number(const char *statement)
{
    return cluster_number(scene.cluster, statement);
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.3000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static void expect_redirect(struct client_reply *reply, const char *to)
{
    char location[ADDRESS] = "";
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 && strcmp(location, to) == 0, "%d %s instead of %s: %.900s",
                  reply->status, location, to, reply->body);
    client_reply_clear(reply);
}

/* One institution with a coordinator who approves as well, a second approver, and a draft. */
struct cast {
    struct client *client;
    struct official_made coordinator, approver;
    char slug[24], number[11];
};

static void cast_make(struct cast *cast, const char *slug, const char *number_text)
{
    char login[40], statement[1200];
    *cast = (struct cast){.client = scene_client(&scene)};
    snprintf(cast->slug, sizeof cast->slug, "%s", slug);
    snprintf(cast->number, sizeof cast->number, "%s", number_text);
    institution_make(&scene, slug, false);
    institution_verify(&scene, slug);
    snprintf(login, sizeof login, "%s-one", slug);
    member_make(&scene, slug, login, "coordinator,approver", &cast->coordinator);
    snprintf(login, sizeof login, "%s-two", slug);
    member_make(&scene, slug, login, "approver", &cast->approver);
    member_sign_in(&scene, cast->client, &cast->coordinator);
    member_sign_in(&scene, cast->client, &cast->approver);
    snprintf(
        statement, sizeof statement,
        "with r as (insert into responses (consultation_id, institution_id, number, language)"
        " select c.consultation_id, i.institution_id, '%s', 1 from consultations c,"
        " institutions i where c.slug = '" SCENE_SLUG "' and i.slug = '%s' returning *)"
        " insert into response_sections (consultation_id, response_id, section, version,"
        " stance, text, wording, changed_by)"
        " select consultation_id, response_id, s.section, 1, s.stance, s.words, s.wording,"
        " (select min(official_id) from officials where institution_id = r.institution_id)"
        " from r, (values ('summary', null, '# In short' || chr(10) || chr(10) || 'Yes.', null),"
        " ('measure-1-3', 4, 'Words <script>alert(1)</script> of *%s*.', 1),"
        " ('interests', null, 'None.', null), ('approver', null, 'A. Person', null))"
        " as s (section, stance, words, wording)",
        number_text, slug, slug);
    sql(statement);
}

static void write_section(const struct cast *cast, const char *text)
{
    char statement[700];
    snprintf(statement, sizeof statement,
             "insert into response_sections (consultation_id, response_id, section, version, text,"
             " changed_by) select consultation_id, response_id, section, version + 1, '%s',"
             " changed_by from response_sections join responses using (consultation_id,"
             " response_id) where number = '%s' and section = 'summary'"
             " order by version desc limit 1",
             text, cast->number);
    sql(statement);
}

static void digest_of(struct cast *cast, char digest[DIGEST_TEXT])
{
    struct client_reply page = official_get(cast->client, &cast->coordinator, MEMBERS "/filing");
    ck_assert_msg(official_field(&page, "/digest", digest, DIGEST_TEXT), "%.2000s", page.body);
    client_reply_clear(&page);
}

static void approve(struct cast *cast)
{
    char digest[DIGEST_TEXT], id[40] = "";
    digest_of(cast, digest);
    struct client_reply reply = official_post(cast->client, &cast->coordinator, MEMBERS "/approval",
                                              fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, MEMBERS "/approval");
    reply = official_get(cast->client, &cast->approver, MEMBERS "/approval");
    ck_assert_msg(official_field(&reply, "/approval", id, sizeof id), "%.3000s", reply.body);
    client_reply_clear(&reply);
    char *body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/approval", id);
    reply = official_post(cast->client, &cast->approver, MEMBERS "/approval/decision",
                          fixture_form_add(body, "/go", "approve"));
    expect_redirect(&reply, MEMBERS "/approval");
}

static struct client_reply file(struct cast *cast, const char *digest)
{
    char *body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/sure", "yes");
    return official_post(cast->client, &cast->coordinator, MEMBERS "/filing", body);
}

static void sha256_of(const struct client_reply *reply, char text[DIGEST_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)reply->body, reply->length);
    sodium_bin2hex(text, DIGEST_TEXT, hash, sizeof hash);
}

/* A public page or its data once it says so: servers hear of a change within half a second. */
static struct client_reply get_until(struct client *client, const char *path, const char *words)
{
    for (int tries = 0;; tries++) {
        struct client_reply reply = client_get(client, path);
        if ((reply.status == 200 && strstr(reply.body, words)) || tries == 200)
            return reply;
        client_reply_clear(&reply);
        usleep(50000);
    }
}

/* The article of a page: what the response says. Caller frees. */
static char *article_of(const struct client_reply *page)
{
    const char *first = strstr(page->body, "<article");
    ck_assert_msg(first != NULL, "%.3000s", page->body);
    const char *end = strstr(first, "</article>");
    ck_assert_ptr_nonnull(end);
    return strndup(first, (size_t)(end - first));
}

START_TEST(approved_by_another_person_and_filed_once)
{
    struct cast cast, other;
    char digest[DIGEST_TEXT], own[DIGEST_TEXT], id[40] = "";
    cast_make(&cast, "alpha", "AAAAAAAAAA");
    cast_make(&other, "omega", "ZZZZZZZZZZ");
    digest_of(&cast, digest);

    /* The document is its digest. */
    struct client_reply reply =
        official_get(cast.client, &cast.coordinator, MEMBERS "/preview/json");
    sha256_of(&reply, own);
    ck_assert_str_eq(own, digest);
    client_reply_clear(&reply);
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/preview");
    ck_assert_ptr_null(strstr(reply.body, "<script>alert"));
    expect(&reply, 200, digest);

    /* Not before it is approved, and not by who asked. */
    reply = file(&cast, digest);
    expect(&reply, 409, "approval-required");
    reply = official_post(cast.client, &cast.coordinator, MEMBERS "/approval",
                          fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, MEMBERS "/approval");
    reply = official_get(cast.client, &cast.approver, MEMBERS "/approval");
    ck_assert(official_field(&reply, "/approval", id, sizeof id));
    client_reply_clear(&reply);
    char *body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/approval", id);
    reply = official_post(cast.client, &cast.coordinator, MEMBERS "/approval/decision",
                          fixture_form_add(body, "/go", "approve"));
    expect(&reply, 409, "second-person-required");
    /* A refusal says why. */
    body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/approval", id);
    reply = official_post(cast.client, &cast.approver, MEMBERS "/approval/decision",
                          fixture_form_add(body, "/go", "refuse"));
    expect(&reply, 422, "href=\"#note\"");
    /* Nor by another institution's approver, who has another response at this address. */
    body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/approval", id);
    reply = official_post(other.client, &other.approver, MEMBERS "/approval/decision",
                          fixture_form_add(body, "/go", "approve"));
    expect(&reply, 409, "changed-meanwhile");
    approve(&cast);

    /* It is void while who gave it approves no more. */
    sql("update officials set member_roles = 2 where login = 'alpha-two'");
    reply = file(&cast, digest);
    expect(&reply, 409, "approval-required");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "no longer approves");
    sql("update officials set member_roles = 4 where login = 'alpha-two'");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "made by this service");

    /* A change voids it. */
    write_section(&cast, "Another summary.");
    reply = file(&cast, digest);
    expect(&reply, 409, "changed-meanwhile");
    digest_of(&cast, digest);
    reply = file(&cast, digest);
    expect(&reply, 409, "approval-required");
    ck_assert_int_eq(number("select count(*) from filings"), 0);

    /* Filed by one act that is meant; the same again is the same. */
    approve(&cast);
    reply = official_post(cast.client, &cast.coordinator, MEMBERS "/filing",
                          fixture_form_add(NULL, "/digest", digest));
    expect(&reply, 422, "href=\"#sure\"");
    reply = file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    struct client_reply receipt =
        official_get(cast.client, &cast.coordinator, MEMBERS "/filings/1/receipt");
    reply = file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    ck_assert_int_eq(number("select count(*) from filings"), 1);
    reply = official_get(cast.client, &cast.approver, MEMBERS "/filings/1/receipt");
    ck_assert_str_eq(reply.body, receipt.body);
    client_reply_clear(&reply);
    reply = official_get(cast.client, &cast.approver, MEMBERS "/filings/1/document");
    sha256_of(&reply, own);
    ck_assert_str_eq(own, digest);
    client_reply_clear(&reply);
    reply = official_get(cast.client, &cast.approver, MEMBERS "/filings/1");
    expect(&reply, 200, digest);
    reply = official_get(cast.client, &cast.approver, MEMBERS "/filings/2");
    expect(&reply, 404, NULL);
    reply = official_get(other.client, &other.coordinator, MEMBERS "/filings/1");
    expect(&reply, 404, NULL);

    /* Its receipt is genuine, changed it is not; the page says what came after it. */
    json_t *document = json_loads(receipt.body, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(document, "digest")), digest);
    reply = client_post_json(cast.client, "/v1/receipt-verifications", NULL, json_copy(document));
    ck_assert_str_eq(client_text(&reply, "/verdict"), "genuine");
    client_reply_clear(&reply);
    body = fixture_form_add(NULL, "/receipt", receipt.body);
    reply =
        client_run(cast.client, &(struct client_ask){.method = "POST",
                                                     .path = "/en/receipt-check",
                                                     .type = "application/x-www-form-urlencoded",
                                                     .body = body});
    expect(&reply, 200, "It is the latest version that was filed.");
    write_section(&cast, "A third summary.");
    approve(&cast);
    digest_of(&cast, digest);
    reply = file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/2");
    reply =
        client_run(cast.client, &(struct client_ask){.method = "POST",
                                                     .path = "/en/receipt-check",
                                                     .type = "application/x-www-form-urlencoded",
                                                     .body = body});
    expect(&reply, 200, "this one is superseded");
    free(body);
    json_object_set_new(document, "version", json_integer(2));
    reply = client_post_json(cast.client, "/v1/receipt-verifications", NULL, document);
    ck_assert_str_eq(client_text(&reply, "/verdict"), "false");
    client_reply_clear(&reply);
    client_reply_clear(&receipt);
    client_free(cast.client);
    client_free(other.client);
}
END_TEST

static void release(struct cast *cast, const struct official_made *publisher, const char *version,
                    const char *digest)
{
    struct client_reply reply =
        official_post(cast->client, publisher, version, fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, version);
}

/* Version 1 is released again, a second one after it, which is then taken back: the response is not
 * what it was before, but one that was taken back, and version 1 stays where it is cited. */
static void taken_back_while_an_older_one_is_public(struct cast *cast,
                                                    const struct official_made *publisher,
                                                    const char *first)
{
    static const char data[] = "/v1/consultations/" SCENE_SLUG "/responses";
    char digest[DIGEST_TEXT];
    release(cast, publisher, OFFICIALS "/BBBBBBBBBB/versions/1", first);
    write_section(cast, "A second summary.");
    approve(cast);
    digest_of(cast, digest);
    struct client_reply reply = file(cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/2");
    release(cast, publisher, OFFICIALS "/BBBBBBBBBB/versions/2", digest);
    reply = get_until(cast->client, PUBLIC "/BBBBBBBBBB", "A second summary.");
    expect(&reply, 200, "A second summary.");

    /* Another name is on all of it, also where all of it lies in memory since the last change was
     * heard of, which takes half a second. */
    usleep(1000000);
    reply = client_get(cast->client, PUBLIC "/BBBBBBBBBB");
    expect(&reply, 200, "Example beta");
    reply = client_get(cast->client, data);
    expect(&reply, 200, "示範beta");
    sql("select institution_change(null, 'beta', 0::smallint, '新名', 'A new name', '新名',"
        " array['beta.example'], null)");
    reply = get_until(cast->client, PUBLIC "/BBBBBBBBBB", "A new name");
    expect(&reply, 200, "A new name");
    reply = get_until(cast->client, data, "新名");
    expect(&reply, 200, "新名");

    char *body = fixture_form_add(NULL, "/go", "withhold");
    reply = official_post(cast->client, publisher, OFFICIALS "/BBBBBBBBBB/versions/2",
                          fixture_form_add(body, "/public_reason", "It was filed by mistake."));
    expect_redirect(&reply, OFFICIALS "/BBBBBBBBBB/versions/2");
    reply = get_until(cast->client, PUBLIC "/BBBBBBBBBB", "It was filed by mistake.");
    ck_assert_ptr_null(strstr(reply.body, "In short"));
    expect(&reply, 200, "It was filed by mistake.");
    reply = client_get(cast->client, data);
    ck_assert_ptr_null(strstr(reply.body, "\"beta\""));
    client_reply_clear(&reply);
    reply = client_get(cast->client, "/v1/consultations/" SCENE_SLUG "/responses/matrix");
    ck_assert_ptr_null(strstr(reply.body, "\"beta\""));
    client_reply_clear(&reply);
    reply = client_get(cast->client, PUBLIC "/BBBBBBBBBB/versions/1");
    ck_assert_ptr_nonnull(strstr(reply.body, "superseded"));
    expect(&reply, 200, "In short");
    reply = client_get(cast->client,
                       "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB/versions/1");
    ck_assert(json_is_false(json_at(reply.json, "/latest")));
    ck_assert_int_eq(json_integer_value(json_at(reply.json, "/latest_version")), 2);
    client_reply_clear(&reply);
}

START_TEST(released_to_the_public_and_taken_back)
{
    struct cast cast;
    struct official_made analyst, publisher;
    char digest[DIGEST_TEXT], own[DIGEST_TEXT];
    cast_make(&cast, "beta", "BBBBBBBBBB");
    /* Who asks has held the link of who approves: everybody who reads of it is told so. */
    sql("select audit_write('institution-member-link', null,"
        " '{\"official\": \"beta-one\", \"account\": \"beta-two\"}')");
    approve(&cast);
    digest_of(&cast, digest);
    struct client_reply reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "The two may be one person.");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/preview");
    char *previewed = article_of(&reply);
    client_reply_clear(&reply);
    reply = file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    reply = official_get(cast.client, &cast.approver, MEMBERS "/filings/1");
    expect(&reply, 200, "The two may be one person.");

    reply = client_get(cast.client, PUBLIC "/BBBBBBBBBB");
    expect(&reply, 404, NULL);
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/responses")), 0);
    client_reply_clear(&reply);

    official_make(&scene, "ann", NULL, &analyst);
    official_make(&scene, "pat", NULL, &publisher);
    official_grant(&scene, "ann", SCENE_SLUG, "analyst");
    official_grant(&scene, "pat", SCENE_SLUG, "publisher");
    official_sign_in(&scene, cast.client, &analyst);
    official_sign_in(&scene, cast.client, &publisher);
    reply = official_get(cast.client, &analyst, OFFICIALS);
    expect(&reply, 200, "BBBBBBBBBB");
    reply = official_get(cast.client, &analyst, OFFICIALS "/BBBBBBBBBB/versions/1");
    ck_assert_ptr_null(strstr(reply.body, "value=\"publish\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "beta-one held a set-up link to both accounts"));
    expect(&reply, 200, digest);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'response-read'"
                            " and detail ->> 'official' = 'ann'"),
                     1);
    reply = official_post(cast.client, &analyst, OFFICIALS "/BBBBBBBBBB/versions/1",
                          fixture_form_add(NULL, "/digest", digest));
    expect(&reply, 403, "role-missing");
    reply = official_post(cast.client, &publisher, OFFICIALS "/BBBBBBBBBB/versions/1",
                          fixture_form_add(NULL, "/digest", "00"));
    expect(&reply, 409, "changed-meanwhile");
    reply = official_post(cast.client, &publisher, OFFICIALS "/BBBBBBBBBB/versions/1",
                          fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, OFFICIALS "/BBBBBBBBBB/versions/1");
    scene_await(&scene, "select count(*) from published_filings", 1);

    /* The preview was exactly this. The servers hear of it within half a second. */
    for (int tries = 0; tries < 100; tries++) {
        reply = client_get(cast.client, PUBLIC "/BBBBBBBBBB");
        if (reply.status == 200)
            break;
        client_reply_clear(&reply);
        usleep(50000);
    }
    ck_assert_int_eq(reply.status, 200);
    char *published = article_of(&reply);
    ck_assert_str_eq(published, previewed);
    ck_assert_ptr_nonnull(strstr(reply.body, "@techreport{BBBBBBBBBB-1,"));
    ck_assert_ptr_nonnull(strstr(reply.body, "No. BBBBBBBBBB, version 1, filed on "));
    ck_assert_ptr_nonnull(strstr(reply.body, digest));
    client_reply_clear(&reply);
    reply = client_get(cast.client,
                       "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB/versions/1/document");
    sha256_of(&reply, own);
    ck_assert_str_eq(own, digest);
    client_reply_clear(&reply);
    reply =
        client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB/versions/1");
    ck_assert_str_eq(client_text(&reply, "/receipt/digest"), digest);
    client_reply_clear(&reply);
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB");
    ck_assert_str_eq(client_text(&reply, "/institution/slug"), "beta");
    client_reply_clear(&reply);
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/kinds/university");
    ck_assert_int_eq(reply.status, 200);
    client_reply_clear(&reply);
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/matrix");
    ck_assert_int_eq(json_integer_value(json_at(reply.json, "/responses/0/stances/1-3")), 4);
    ck_assert_int_eq(json_integer_value(json_at(reply.json, "/measures/2/responses_by_stance/4")),
                     1);
    client_reply_clear(&reply);
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/matrix.csv");
    expect(&reply, 200, ",beta,");
    reply = client_get(cast.client, "/v1/consultations/" SCENE_SLUG "/measures/1-3/responses");
    ck_assert_str_eq(client_text(&reply, "/responses/0/institution/slug"), "beta");
    client_reply_clear(&reply);
    reply = get_until(cast.client, "/en/consultations/" SCENE_SLUG "/measures/1-3",
                      "/measures/1-3/responses");
    expect(&reply, 200, "/measures/1-3/responses");

    /* Taken back, with a reason, it says so at its address. */
    reply = official_post(cast.client, &publisher, OFFICIALS "/BBBBBBBBBB/versions/1",
                          fixture_form_add(NULL, "/go", "withhold"));
    expect(&reply, 422, "href=\"#public_reason\"");
    char *body = fixture_form_add(NULL, "/go", "withhold");
    reply = official_post(cast.client, &publisher, OFFICIALS "/BBBBBBBBBB/versions/1",
                          fixture_form_add(body, "/public_reason", "It names <b>a person</b>."));
    expect_redirect(&reply, OFFICIALS "/BBBBBBBBBB/versions/1");
    for (int tries = 0; tries < 100; tries++) {
        reply = client_get(cast.client, PUBLIC "/BBBBBBBBBB");
        if (strstr(reply.body, "It names"))
            break;
        client_reply_clear(&reply);
        usleep(50000);
    }
    ck_assert_ptr_null(strstr(reply.body, "In short"));
    expect(&reply, 200, "It names &lt;b&gt;a person&lt;/b&gt;.");
    reply =
        get_until(cast.client, "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB/versions/1",
                  "withheld");
    ck_assert_str_eq(client_text(&reply, "/withheld/reason"), "It names <b>a person</b>.");
    client_reply_clear(&reply);
    reply = client_get(cast.client,
                       "/v1/consultations/" SCENE_SLUG "/responses/BBBBBBBBBB/versions/1/document");
    expect(&reply, 404, NULL);
    taken_back_while_an_older_one_is_public(&cast, &publisher, digest);
    free(published);
    free(previewed);
    client_free(cast.client);
}
END_TEST

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
    sql(statement);
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
    write_section(&cast, "人才與科技的意見。");
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
    approve(&cast);
    digest_of(&cast, digest);
    reply = file(&cast, digest);
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
    sql(statement);

    /* Nobody without a token, nor with one that is not confirmed. */
    struct client_reply reply = client_post_json(client, MACHINE, NULL, machine_document("x"));
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    reply = client_post_json(client, MACHINE, header, machine_document("x"));
    scene_expect_problem(&reply, 401, "sign-in-required", NULL);
    client_reply_clear(&reply);
    sql("update institution_keys set confirmed_by = (select official_id from officials where login"
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

SCENE_MAIN("filing", settings, approved_by_another_person_and_filed_once,
           released_to_the_public_and_taken_back, downloaded_while_it_is_public, a_machine_files)
