/* What an institution's own machine files: deploy/file_response.py from a folder, by a signature
 * and by a token, against the real server; and all that is refused of such requests, whole. */
#include "support/institutions.h"
#include "support/process.h"
#include "support/signer.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEYS "/en/institution/keys"
#define MACHINE "/v1/institution/consultations/" SCENE_SLUG
#define FILINGS MACHINE "/filings"
#define PDF "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
enum { PATH = 160, TOKEN = 44, KEY_ID = 37, SAID = 16384, HEADERS = 1024, MILLION = 1000000 };

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", NULL};

static const unsigned char png[] = {0x89, 'P', 'N', 'G',  '\r', '\n', 0x1a, '\n', 0,    0, 0, 13,
                                    'I',  'H', 'D', 'R',  0,    0,    0,    1,    0,    0, 0, 1,
                                    8,    0,   0,   0,    0,    0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0,
                                    10,   'I', 'D', 'A',  'T',  0x78, 0x9c, 0x63, 0x60, 0, 0, 0,
                                    2,    0,   1,   0x48, 0xaf, 0xa4, 0x71, 0,    0,    0, 0, 'I',
                                    'E',  'N', 'D', 0xae, 0x42, 0x60, 0x82};

/* An institution with a coordinator, an approver, and a folder on a machine of its own. */
struct cast {
    struct client *client;
    struct official_made head, seal;
    char slug[24], folder[40], token[TOKEN], header[96];
};

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static void expect(struct client_reply reply, int status, const char *words)
{
    ck_assert_msg(reply.status == status && (!words || strstr(reply.body, words)),
                  "%d instead of %d, «%s»: %.2000s", reply.status, status, words ? words : "",
                  reply.body);
    client_reply_clear(&reply);
}

static void file_write(const struct cast *cast, const char *name, const void *bytes, size_t length)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s", cast->folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    chmod(path, 0600);
}

static void text_write(const struct cast *cast, const char *name, const char *text)
{
    file_write(cast, name, text, strlen(text));
}

static void file_rename(const struct cast *cast, const char *from, const char *to)
{
    char before[PATH], after[PATH];
    snprintf(before, sizeof before, "%s/%s", cast->folder, from);
    snprintf(after, sizeof after, "%s/%s", cast->folder, to);
    ck_assert_int_eq(rename(before, after), 0);
}

static void cast_make(struct cast *cast, const char *slug)
{
    char login[40];
    *cast = (struct cast){.client = scene_client(&scene)};
    snprintf(cast->slug, sizeof cast->slug, "%s", slug);
    institution_make(&scene, slug, false);
    institution_verify(&scene, slug);
    snprintf(login, sizeof login, "%s-head", slug);
    member_make(&scene, slug, login, "coordinator", &cast->head);
    snprintf(login, sizeof login, "%s-seal", slug);
    member_make(&scene, slug, login, "approver", &cast->seal);
    member_sign_in(&scene, cast->client, &cast->head);
    member_sign_in(&scene, cast->client, &cast->seal);
    snprintf(cast->folder, sizeof cast->folder, "/tmp/fr-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(cast->folder));
}

static void cast_clear(struct cast *cast)
{
    const char *remove[] = {"rm", "-rf", cast->folder, NULL};
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
    client_free(cast->client);
}

/* By the pages: the coordinator registers it (`half` "": the service makes a token). */
static void key_register(struct cast *cast, const char *label, const char *half, char id[KEY_ID])
{
    char sql[160];
    char *form = fixture_form_add(NULL, "/key/label", label);
    form = fixture_form_add(fixture_form_add(form, "/key/days", "7"), "/key/public", half);
    struct client_reply made = official_post(cast->client, &cast->head, KEYS, form);
    const char *at = strstr(made.body, "id=\"token-value\">");
    ck_assert_msg(made.status == (*half ? 303 : 201) && (*half || at), "%d %.2000s", made.status,
                  made.body);
    if (!*half) {
        snprintf(cast->token, sizeof cast->token, "%.43s", strchr(at, '>') + 1);
        snprintf(cast->header, sizeof cast->header, "Authorization: Bearer %s\r\n", cast->token);
    }
    client_reply_clear(&made);
    snprintf(sql, sizeof sql, "select key_id::text from institution_keys where label = '%s'",
             label);
    char *text = cluster_text(scene.cluster, sql);
    snprintf(id, KEY_ID, "%s", text);
    free(text);
}

static void key_act(struct cast *cast, const char *id, const char *act)
{
    char path[PATH];
    snprintf(path, sizeof path, KEYS "/%s/%s", id, act);
    struct client_reply reply =
        official_post(cast->client, &cast->seal, path, fixture_form_add(NULL, "a", "b"));
    expect(reply, 303, NULL);
}

static void token_make(struct cast *cast, const char *label)
{
    char id[KEY_ID];
    key_register(cast, label, "", id);
    key_act(cast, id, "confirmation");
}

/* The script with these words in the institution's folder; `said` is all that it prints. */
__attribute__((format(printf, 4, 5))) static void script(const struct cast *cast, int status,
                                                         char said[SAID], const char *words, ...)
{
    char call[512], command[1024];
    va_list list;
    va_start(list, words);
    vsnprintf(call, sizeof call, words, list);
    va_end(list);
    snprintf(command, sizeof command,
             "cd %s && exec /usr/bin/python3 %s/deploy/file_response.py %s 2>&1", cast->folder,
             SOURCE_FOLDER, call);
    const char *argv[] = {"sh", "-c", command, NULL};
    int ended = process_run(said, SAID, argv);
    ck_assert_msg(ended == status, "%s: %d instead of %d: %s", call, ended, status, said);
}

static void expect_said(const char *said, const char *words)
{
    ck_assert_msg(strstr(said, words) != NULL, "«%s» is not in: %s", words, said);
}

/* The receipt that the script printed. */
static json_t *receipt_of(const char *said)
{
    const char *at = strstr(said, "{\n");
    json_t *receipt = at ? json_loads(at, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    ck_assert_msg(receipt != NULL, "%s", said);
    return receipt;
}

static void folder_fill(const struct cast *cast, const char *key_id)
{
    char text[512], path[PATH];
    snprintf(path, sizeof path, "%s/r", cast->folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/r/attachments", cast->folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(text, sizeof text,
             "{\"service\": \"%s\", \"consultation\": \"" SCENE_SLUG "\", \"institution\": \"%s\","
             " \"language\": \"zh-Hant\", \"publish\": 1, \"key_id\": \"%s\"}",
             server_address(scene.server), cast->slug, key_id);
    text_write(cast, "r/settings.json", text);
    /* White space that only Unicode knows ends it; a decomposed letter is in it. */
    text_write(cast, "r/summary.md", "# 摘要\r\n\r\nCafe\xcc\x81 \xe3\x80\x80\n");
    text_write(cast, "r/measure-1-3.md", "stance: 4\n\n　我們支持。");
    text_write(cast, "r/measure-2-1.md", "stance: 0\n");
    text_write(cast, "r/interests.md", "無");
    text_write(cast, "r/approver.md", "Prof. A, President");
    file_write(cast, "r/attachments/報告 \"1\" 100%.pdf", PDF, sizeof PDF - 1);
    file_write(cast, "r/attachments/chart.png", png, sizeof png);
}

/* What is kept beside the folder is the document to the byte, and the service finds its receipt
 * genuine. */
static void expect_genuine(const struct cast *cast, json_t *receipt)
{
    char command[256], output[128] = "";
    const char *digest = json_string_value(json_object_get(receipt, "digest"));
    snprintf(command, sizeof command, "sha256sum < %s/r/filed/%s.document.json", cast->folder,
             digest);
    const char *argv[] = {"sh", "-c", command, NULL};
    ck_assert_int_eq(process_run(output, sizeof output, argv), 0);
    ck_assert_int_eq(strncmp(output, digest, 64), 0);
    struct client_reply reply =
        client_post_json(cast->client, "/v1/receipt-verifications", NULL, json_copy(receipt));
    ck_assert_str_eq(client_text(&reply, "/verdict"), "genuine");
    client_reply_clear(&reply);
}

START_TEST(a_folder_is_filed_once)
{
    struct cast cast, other;
    char said[SAID], half[64], id[KEY_ID], foreign[KEY_ID];
    cast_make(&cast, "delta");
    cast_make(&other, "omega");
    script(&cast, 0, said, "--new-key key.pem");
    const char *line = strrchr(said, '\n') - 43;
    snprintf(half, sizeof half, "%.43s", line);
    key_register(&cast, "delta-key", half, id);
    folder_fill(&cast, id);

    /* A key is nobody's until another person confirmed it. */
    script(&cast, 0, said, "r --check");
    expect_said(said, "4 texts, 2 stances, 2 attachments");
    script(&cast, 1, said, "r --key key.pem");
    expect_said(said, "401 signature-wrong");
    key_act(&cast, id, "confirmation");
    /* A name that the service gives no file: it is told, and nothing is filed. */
    script(&cast, 1, said, "r --key key.pem");
    expect_said(said, "the service has it as '報告 _1_ 100%.pdf'");
    ck_assert_int_eq(number("select count(*) from filings"), 0);
    file_rename(&cast, "r/attachments/報告 \"1\" 100%.pdf", "r/attachments/報告 _1_ 100%.pdf");
    script(&cast, 0, said, "r --key key.pem");
    expect_said(said, "Filed.");
    ck_assert_ptr_null(strstr(said, "not verified"));
    json_t *first = receipt_of(said);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "version")), 1);
    expect_genuine(&cast, first);
    ck_assert_int_eq(number("select count(*) from attachments join responses using"
                            " (consultation_id, response_id) join institutions using"
                            " (institution_id) where slug = 'delta'"),
                     2);

    /* Again it is the same, asked or not, and no file is sent twice; even when all is forgotten. */
    script(&cast, 0, said, "r --key key.pem");
    json_t *again = receipt_of(said);
    ck_assert(json_equal(first, again));
    json_decref(again);
    char forget[PATH];
    snprintf(forget, sizeof forget, "%s/r/filed", cast.folder);
    const char *remove[] = {"rm", "-r", forget, NULL};
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
    script(&cast, 0, said, "r --key key.pem --again");
    ck_assert_ptr_null(strstr(said, "Sending"));
    again = receipt_of(said);
    ck_assert(json_equal(first, again));
    json_decref(again);
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'delta'"),
                     1);

    /* A changed text is another version, by a token as by a signature. */
    text_write(&cast, "r/summary.md", "Another.");
    script(&cast, 0, said, "r --key key.pem");
    again = receipt_of(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 2);
    json_decref(again);
    token_make(&cast, "delta-token");
    text_write(&cast, "token", cast.token);
    script(&cast, 0, said, "r --token token --again");
    again = receipt_of(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 2);
    json_decref(again);
    text_write(&cast, "r/question-1.md", "So.");
    script(&cast, 0, said, "r --token token");
    again = receipt_of(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 3);
    expect_genuine(&cast, again);
    json_decref(again);

    /* The service has a file by another name than the document would say. */
    file_write(&cast, "r/attachments/copy.png", png, sizeof png);
    script(&cast, 1, said, "r --key key.pem");
    expect_said(said, "the service has it as 'chart.png'");

    /* Another institution's key, and one that is revoked. */
    snprintf(forget, sizeof forget, "%s/r/attachments/copy.png", cast.folder);
    ck_assert_int_eq(unlink(forget), 0);
    text_write(&cast, "r/summary.md", "A third.");
    script(&other, 0, said, "--new-key key.pem");
    snprintf(half, sizeof half, "%.43s", strrchr(said, '\n') - 43);
    key_register(&other, "omega-key", half, foreign);
    key_act(&other, foreign, "confirmation");
    script(&cast, 1, said, "r --key %s/key.pem --key-id %s", other.folder, id);
    expect_said(said, "401 signature-wrong");
    folder_fill(&other, foreign);
    script(&other, 1, said, "%s/r --key key.pem --key-id %s", cast.folder, foreign);
    expect_said(said, "/institution");
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'omega'"),
                     0);
    key_act(&cast, id, "revocation");
    script(&cast, 1, said, "r --key key.pem");
    expect_said(said, "401 signature-wrong");
    json_decref(first);
    cast_clear(&cast);
    cast_clear(&other);
}
END_TEST

static json_t *document_of(const char *slug)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:i, s:s}}}",
                     "format", "institutional-response-v1", "consultation", SCENE_SLUG,
                     "institution", slug, "language", "en", "publish", 1, "sections", "summary",
                     "text", "Short", "interests", "text", "None", "approver", "text", "A. Person",
                     "measure-2-1", "stance", 2, "text", "Reasons");
}

struct signing {
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    char id[KEY_ID];
};

/* Signs `body` as made `age` seconds ago, and sends `sent` in its place. */
static struct client_reply signed_post(const struct cast *cast, const struct signing *key,
                                       const char *body, const char *sent, long age)
{
    char said[400], base[1024], digest[128], text[128], headers[HEADERS];
    unsigned char signature[crypto_sign_BYTES];
    signer_digest(body, strlen(body), digest, sizeof digest);
    snprintf(said, sizeof said,
             "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created=%lld;"
             "keyid=\"%s\";alg=\"ed25519\";nonce=\"n\";tag=\"institution-filing\"",
             (long long)time(NULL) - age, key->id);
    snprintf(base, sizeof base,
             "\"@method\": POST\n\"@target-uri\": %s" FILINGS "\n\"content-digest\": %s\n"
             "\"content-type\": application/json\n\"@signature-params\": %s",
             server_address(scene.server), digest, said);
    crypto_sign_detached(signature, NULL, (const unsigned char *)base, strlen(base), key->secret);
    sodium_bin2base64(text, sizeof text, signature, sizeof signature,
                      sodium_base64_VARIANT_ORIGINAL);
    snprintf(headers, sizeof headers,
             "Content-Digest: %s\r\nSignature-Input: sig=%s\r\nSignature: sig=:%s:\r\n", digest,
             said, text);
    return client_run(cast->client, &(struct client_ask){.method = "POST",
                                                         .path = FILINGS,
                                                         .headers = headers,
                                                         .type = "application/json",
                                                         .body = sent});
}

/* By the token, with the digest of `digested` where that is not NULL. */
static struct client_reply token_send(const struct cast *cast, const char *method, const char *path,
                                      const char *body, const char *digested)
{
    char headers[HEADERS], digest[128];
    bool put = strcmp(method, "PUT") == 0;
    snprintf(headers, sizeof headers, "%s%s", cast->header,
             put ? "Content-Disposition: attachment; filename*=UTF-8''a.pdf\r\n" : "");
    if (digested) {
        signer_digest(digested, strlen(digested), digest, sizeof digest);
        snprintf(headers + strlen(headers), sizeof headers - strlen(headers),
                 "Content-Digest: %s\r\n", digest);
    }
    return client_run(cast->client, &(struct client_ask){.method = method,
                                                         .path = path,
                                                         .headers = headers,
                                                         .type = put ? "application/octet-stream"
                                                                     : "application/json",
                                                         .body = body});
}

START_TEST(a_request_is_what_was_signed)
{
    struct cast cast;
    struct signing key;
    unsigned char half[crypto_sign_PUBLICKEYBYTES], hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof half + 1], path[PATH];
    cast_make(&cast, "epsilon");
    ck_assert_int_ge(sodium_init(), 0);
    crypto_sign_keypair(half, key.secret);
    sodium_bin2hex(hex, sizeof hex, half, sizeof half);
    key_register(&cast, "epsilon-key", hex, key.id);
    key_act(&cast, key.id, "confirmation");
    json_t *document = document_of("epsilon");
    char *body = json_dumps(document, 0), *changed = json_dumps(document, JSON_COMPACT);
    json_decref(document);

    expect(signed_post(&cast, &key, body, changed, 0), 400, "\"digest-wrong\"");
    expect(signed_post(&cast, &key, body, body, 301), 401, "\"signature-untimely\"");
    expect(signed_post(&cast, &key, body, body, -120), 401, "\"signature-untimely\"");
    ck_assert_int_eq(number("select count(*) from responses join institutions using"
                            " (institution_id) where slug = 'epsilon'"),
                     0);
    expect(signed_post(&cast, &key, body, body, 290), 201, "\"version\":1");
    expect(signed_post(&cast, &key, body, body, 0), 201, "\"version\":1");

    /* Beside a token the digest may be missing, but not wrong. */
    token_make(&cast, "epsilon-token");
    expect(token_send(&cast, "POST", FILINGS, body, NULL), 201, "\"version\":1");
    expect(token_send(&cast, "POST", FILINGS, body, body), 201, "\"version\":1");
    expect(token_send(&cast, "POST", FILINGS, changed, body), 400, "\"digest-wrong\"");
    crypto_hash_sha256(hash, (const unsigned char *)PDF, sizeof PDF - 1);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(path, sizeof path, MACHINE "/attachments/%s", hex);
    expect(token_send(&cast, "PUT", path, PDF, body), 400, "\"digest-wrong\"");
    ck_assert_int_eq(number("select count(*) from attachments join responses using"
                            " (consultation_id, response_id) join institutions using"
                            " (institution_id) where slug = 'epsilon'"),
                     0);
    expect(token_send(&cast, "PUT", path, PDF, PDF), 200, "\"a.pdf\"");
    free(body);
    free(changed);
    cast_clear(&cast);
}
END_TEST

static json_t *string_of(char c, size_t length)
{
    char *text = malloc(length + 1);
    memset(text, c, length);
    text[length] = '\0';
    json_t *value = json_stringn(text, length);
    free(text);
    return value;
}

static json_t *attachment_of(const char *name)
{
    char sha256[65];
    memset(sha256, 'a', sizeof sha256 - 1);
    sha256[sizeof sha256 - 1] = '\0';
    return json_pack("[{s:s, s:s, s:i, s:s}]", "name", name, "media_type", "application/pdf",
                     "bytes", 3, "sha256", sha256);
}

static json_t *many_sections(void)
{
    json_t *sections = json_object();
    for (int i = 0; i < 100000; i++) {
        char code[24];
        snprintf(code, sizeof code, "measure-9-%d", i);
        json_object_set_new(sections, code, json_pack("{s:s}", "text", "x"));
    }
    return sections;
}

/* One change of a good document, and where the fault is said to be. */
static void expect_fault(const struct cast *cast, const char *at, json_t *value,
                         const char *pointer)
{
    json_t *document = document_of(cast->slug);
    fixture_set(document, at, value);
    struct client_reply reply = client_post_json(cast->client, FILINGS, cast->header, document);
    ck_assert_msg(reply.status == 422, "%s: %d %.1000s", at, reply.status, reply.body);
    bool found = false;
    size_t i;
    json_t *error;
    json_array_foreach(json_at(reply.json, "/errors"), i, error) found =
        found || strcmp(json_string_value(json_object_get(error, "pointer")), pointer) == 0;
    ck_assert_msg(found, "%s: %.1000s", pointer, reply.body);
    client_reply_clear(&reply);
}

/* Text that is no such document. */
static void expect_malformed(const struct cast *cast, const char *text, size_t length)
{
    struct client_reply reply =
        client_run(cast->client, &(struct client_ask){.method = "POST",
                                                      .path = FILINGS,
                                                      .headers = cast->header,
                                                      .type = "application/json",
                                                      .body = text,
                                                      .length = length});
    expect(reply, 400, "\"malformed-body\"");
}

START_TEST(hostile_documents_leave_nothing)
{
    struct cast cast;
    static char nested[200001];
    cast_make(&cast, "zeta");
    token_make(&cast, "zeta-token");

    expect_fault(&cast, "/sections/summary/text", string_of('x', MILLION),
                 "/sections/summary/text");
    expect_fault(&cast, "/sections/summary/text", json_string("a\x1b[2Jb"),
                 "/sections/summary/text");
    expect_fault(&cast, "/sections/summary/text", string_of('>', 9000), "/sections/summary");
    expect_fault(&cast, "/sections/summary/stance", json_integer(1), "/sections/summary/stance");
    expect_fault(&cast, "/sections/measure-2-1/stance", json_real(2.5),
                 "/sections/measure-2-1/stance");
    expect_fault(&cast, "/sections/measure-2-1/version", json_integer(99),
                 "/sections/measure-2-1/version");
    expect_fault(&cast, "/sections/measure-2-1/extra", json_true(), "/sections/measure-2-1/extra");
    expect_fault(&cast, "/sections/approver", NULL, "/sections/approver");
    expect_fault(&cast, "/sections", many_sections(), "/sections/measure-9-0");
    expect_fault(&cast, "/extra", json_true(), "/extra");
    expect_fault(&cast, "/format", json_string("institutional-response-v2"), "/format");
    expect_fault(&cast, "/consultation", json_string(SCENE_REHEARSAL), "/consultation");
    expect_fault(&cast, "/institution", json_string("alpha"), "/institution");
    expect_fault(&cast, "/language", json_string("fr"), "/language");
    expect_fault(&cast, "/publish", json_true(), "/publish");
    expect_fault(&cast, "/attachments", attachment_of("../../etc/passwd"), "/attachments/0/name");
    expect_fault(&cast, "/attachments", attachment_of("a\\b.pdf"), "/attachments/0/name");
    expect_fault(&cast, "/attachments", attachment_of(".."), "/attachments/0/name");

    /* What is no JSON, or names a member twice, or is nested for ever. */
    static const char twice[] = "{\"format\":\"institutional-response-v1\",\"format\":\"x\"}";
    expect_malformed(&cast, twice, sizeof twice - 1);
    expect_malformed(&cast, "{\"format\":\"a\nb\"}", 16);
    expect_malformed(&cast, "{}\0{}", 5);
    expect_malformed(&cast, "{\"format\":\"a\\u0000b\"}", 21);
    memset(nested, '[', sizeof nested - 1);
    expect_malformed(&cast, nested, sizeof nested - 1);
    expect(client_post_json(cast.client, FILINGS, cast.header, json_array()), 422,
           "\"invalid-response\"");
    expect(client_post_json(cast.client,
                            "/v1/institution/consultations/" SCENE_REHEARSAL "/filings",
                            cast.header, document_of("zeta")),
           404, "\"not-found\"");
    ck_assert_int_eq(number("select count(*) from responses join institutions using"
                            " (institution_id) where slug = 'zeta'"),
                     0);

    /* Files that are not there, and another response's number: by pointer, and nothing is filed. */
    expect_fault(&cast, "/attachments", attachment_of("a.pdf"), "/attachments/0");
    expect_fault(&cast, "/number", json_string("7H3K9QXW2M"), "/number");
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'zeta'"),
                     0);
    expect(client_post_json(cast.client, FILINGS, cast.header, document_of("zeta")), 201,
           "\"version\":1");
    expect(client_run(cast.client,
                      &(struct client_ask){.path = "/v1/institution/consultations/" SCENE_SLUG
                                                   "/attachments",
                                           .headers = cast.header}),
           200, "{\"attachments\":[]}");
    cast_clear(&cast);
}
END_TEST

SCENE_MAIN("file_response", settings, a_folder_is_filed_once, a_request_is_what_was_signed,
           hostile_documents_leave_nothing)
