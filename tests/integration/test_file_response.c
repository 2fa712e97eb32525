/* What an institution's own machine files: deploy/file_response.py from a folder, by a signature
 * and by a token, against the real server; and all that is refused of such requests, whole. */
#include "support/machine.h"
#include "support/process.h"
#include "support/signer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MACHINE "/v1/institution/consultations/" SCENE_SLUG
#define FILINGS MACHINE "/filings"
enum { HEADERS = 1024, MILLION = 1000000 };

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", NULL};

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

static void expect_said(const char *said, const char *words)
{
    ck_assert_msg(strstr(said, words) != NULL, "«%s» is not in: %s", words, said);
}

START_TEST(a_folder_is_filed_once)
{
    struct machine machine, other;
    char said[MACHINE_SAID], half[64], id[MACHINE_KEY_ID], foreign[MACHINE_KEY_ID];
    machine_make(&machine, &scene, "delta");
    machine_make(&other, &scene, "omega");
    machine_script(&machine, 0, said, "--new-key key.pem");
    const char *line = strrchr(said, '\n') - 43;
    snprintf(half, sizeof half, "%.43s", line);
    machine_key(&machine, "delta-key", half, id);
    machine_response(&machine, id);

    /* A key is nobody's until another person confirmed it. */
    machine_script(&machine, 0, said, "r --check");
    expect_said(said, "4 texts, 2 stances, 2 attachments");
    machine_script(&machine, 1, said, "r --key key.pem");
    expect_said(said, "401 signature-wrong");
    machine_key_act(&machine, id, "confirmation");
    /* A name that the service gives no file: it is told, and nothing is filed. */
    machine_script(&machine, 1, said, "r --key key.pem");
    expect_said(said, "the service has it as '報告 _1_ 100%.pdf'");
    ck_assert_int_eq(number("select count(*) from filings"), 0);
    machine_rename(&machine, "r/attachments/報告 \"1\" 100%.pdf",
                   "r/attachments/報告 _1_ 100%.pdf");
    machine_script(&machine, 0, said, "r --key key.pem");
    expect_said(said, "Filed.");
    ck_assert_ptr_null(strstr(said, "not verified"));
    json_t *first = machine_receipt(said);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "version")), 1);
    machine_expect_genuine(&machine, first);
    ck_assert_int_eq(number("select count(*) from attachments join responses using"
                            " (consultation_id, response_id) join institutions using"
                            " (institution_id) where slug = 'delta'"),
                     2);

    /* Again it is the same, asked or not, and no file is sent twice; even when all is forgotten. */
    machine_script(&machine, 0, said, "r --key key.pem");
    json_t *again = machine_receipt(said);
    ck_assert(json_equal(first, again));
    json_decref(again);
    char forget[MACHINE_PATH];
    snprintf(forget, sizeof forget, "%s/r/filed", machine.folder);
    const char *remove[] = {"rm", "-r", forget, NULL};
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
    machine_script(&machine, 0, said, "r --key key.pem --again");
    ck_assert_ptr_null(strstr(said, "Sending"));
    again = machine_receipt(said);
    ck_assert(json_equal(first, again));
    json_decref(again);
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'delta'"),
                     1);

    /* A changed text is another version, by a token as by a signature. */
    machine_text(&machine, "r/summary.md", "Another.");
    machine_script(&machine, 0, said, "r --key key.pem");
    again = machine_receipt(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 2);
    json_decref(again);
    machine_token(&machine, "delta-token");
    machine_text(&machine, "token", machine.token);
    machine_script(&machine, 0, said, "r --token token --again");
    again = machine_receipt(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 2);
    json_decref(again);
    machine_text(&machine, "r/question-1.md", "So.");
    machine_script(&machine, 0, said, "r --token token");
    again = machine_receipt(said);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), 3);
    machine_expect_genuine(&machine, again);
    json_decref(again);

    /* The service has a file by another name than the document would say. */
    machine_file(&machine, "r/attachments/copy.png", machine_png, MACHINE_PNG_BYTES);
    machine_script(&machine, 1, said, "r --key key.pem");
    expect_said(said, "the service has it as 'chart.png'");

    /* Another institution's key, and one that is revoked. */
    snprintf(forget, sizeof forget, "%s/r/attachments/copy.png", machine.folder);
    ck_assert_int_eq(unlink(forget), 0);
    machine_text(&machine, "r/summary.md", "A third.");
    machine_script(&other, 0, said, "--new-key key.pem");
    snprintf(half, sizeof half, "%.43s", strrchr(said, '\n') - 43);
    machine_key(&other, "omega-key", half, foreign);
    machine_key_act(&other, foreign, "confirmation");
    machine_script(&machine, 1, said, "r --key %s/key.pem --key-id %s", other.folder, id);
    expect_said(said, "401 signature-wrong");
    machine_response(&other, foreign);
    machine_script(&other, 1, said, "%s/r --key key.pem --key-id %s", machine.folder, foreign);
    expect_said(said, "/institution");
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'omega'"),
                     0);
    machine_key_act(&machine, id, "revocation");
    machine_script(&machine, 1, said, "r --key key.pem");
    expect_said(said, "401 signature-wrong");
    json_decref(first);
    machine_clear(&machine);
    machine_clear(&other);
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
    char id[MACHINE_KEY_ID];
};

/* Signs `body` as made `age` seconds ago, and sends `sent` in its place. */
static struct client_reply signed_post(const struct machine *machine, const struct signing *key,
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
    return client_run(machine->client, &(struct client_ask){.method = "POST",
                                                            .path = FILINGS,
                                                            .headers = headers,
                                                            .type = "application/json",
                                                            .body = sent});
}

/* By the token, with the digest of `digested` where that is not NULL. */
static struct client_reply token_send(const struct machine *machine, const char *method,
                                      const char *path, const char *body, const char *digested)
{
    char headers[HEADERS], digest[128];
    bool put = strcmp(method, "PUT") == 0;
    snprintf(headers, sizeof headers, "%s%s", machine->header,
             put ? "Content-Disposition: attachment; filename*=UTF-8''a.pdf\r\n" : "");
    if (digested) {
        signer_digest(digested, strlen(digested), digest, sizeof digest);
        snprintf(headers + strlen(headers), sizeof headers - strlen(headers),
                 "Content-Digest: %s\r\n", digest);
    }
    return client_run(machine->client, &(struct client_ask){.method = method,
                                                            .path = path,
                                                            .headers = headers,
                                                            .type = put ? "application/octet-stream"
                                                                        : "application/json",
                                                            .body = body});
}

START_TEST(a_request_is_what_was_signed)
{
    struct machine machine;
    struct signing key;
    unsigned char half[crypto_sign_PUBLICKEYBYTES], hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof half + 1], path[MACHINE_PATH];
    machine_make(&machine, &scene, "epsilon");
    ck_assert_int_ge(sodium_init(), 0);
    crypto_sign_keypair(half, key.secret);
    sodium_bin2hex(hex, sizeof hex, half, sizeof half);
    machine_key(&machine, "epsilon-key", hex, key.id);
    machine_key_act(&machine, key.id, "confirmation");
    json_t *document = document_of("epsilon");
    char *body = json_dumps(document, 0), *changed = json_dumps(document, JSON_COMPACT);
    json_decref(document);

    expect(signed_post(&machine, &key, body, changed, 0), 400, "\"digest-wrong\"");
    expect(signed_post(&machine, &key, body, body, 301), 401, "\"signature-untimely\"");
    expect(signed_post(&machine, &key, body, body, -120), 401, "\"signature-untimely\"");
    ck_assert_int_eq(number("select count(*) from responses join institutions using"
                            " (institution_id) where slug = 'epsilon'"),
                     0);
    expect(signed_post(&machine, &key, body, body, 290), 201, "\"version\":1");
    expect(signed_post(&machine, &key, body, body, 0), 201, "\"version\":1");

    /* Beside a token the digest may be missing, but not wrong. */
    machine_token(&machine, "epsilon-token");
    expect(token_send(&machine, "POST", FILINGS, body, NULL), 201, "\"version\":1");
    expect(token_send(&machine, "POST", FILINGS, body, body), 201, "\"version\":1");
    expect(token_send(&machine, "POST", FILINGS, changed, body), 400, "\"digest-wrong\"");
    crypto_hash_sha256(hash, (const unsigned char *)MACHINE_PDF, sizeof MACHINE_PDF - 1);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(path, sizeof path, MACHINE "/attachments/%s", hex);
    expect(token_send(&machine, "PUT", path, MACHINE_PDF, body), 400, "\"digest-wrong\"");
    ck_assert_int_eq(number("select count(*) from attachments join responses using"
                            " (consultation_id, response_id) join institutions using"
                            " (institution_id) where slug = 'epsilon'"),
                     0);
    expect(token_send(&machine, "PUT", path, MACHINE_PDF, MACHINE_PDF), 200, "\"a.pdf\"");
    free(body);
    free(changed);
    machine_clear(&machine);
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
static void expect_fault(const struct machine *machine, const char *at, json_t *value,
                         const char *pointer)
{
    json_t *document = document_of(machine->slug);
    fixture_set(document, at, value);
    struct client_reply reply =
        client_post_json(machine->client, FILINGS, machine->header, document);
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
static void expect_malformed(const struct machine *machine, const char *text, size_t length)
{
    struct client_reply reply =
        client_run(machine->client, &(struct client_ask){.method = "POST",
                                                         .path = FILINGS,
                                                         .headers = machine->header,
                                                         .type = "application/json",
                                                         .body = text,
                                                         .length = length});
    expect(reply, 400, "\"malformed-body\"");
}

START_TEST(hostile_documents_leave_nothing)
{
    struct machine machine;
    static char nested[200001];
    machine_make(&machine, &scene, "zeta");
    machine_token(&machine, "zeta-token");

    expect_fault(&machine, "/sections/summary/text", string_of('x', MILLION),
                 "/sections/summary/text");
    expect_fault(&machine, "/sections/summary/text", json_string("a\x1b[2Jb"),
                 "/sections/summary/text");
    expect_fault(&machine, "/sections/summary/text", string_of('>', 9000), "/sections/summary");
    expect_fault(&machine, "/sections/summary/stance", json_integer(1), "/sections/summary/stance");
    expect_fault(&machine, "/sections/measure-2-1/stance", json_real(2.5),
                 "/sections/measure-2-1/stance");
    expect_fault(&machine, "/sections/measure-2-1/version", json_integer(99),
                 "/sections/measure-2-1/version");
    expect_fault(&machine, "/sections/measure-2-1/extra", json_true(),
                 "/sections/measure-2-1/extra");
    expect_fault(&machine, "/sections/approver", NULL, "/sections/approver");
    expect_fault(&machine, "/sections", many_sections(), "/sections/measure-9-0");
    expect_fault(&machine, "/extra", json_true(), "/extra");
    expect_fault(&machine, "/format", json_string("institutional-response-v2"), "/format");
    expect_fault(&machine, "/consultation", json_string(SCENE_REHEARSAL), "/consultation");
    expect_fault(&machine, "/institution", json_string("alpha"), "/institution");
    expect_fault(&machine, "/language", json_string("fr"), "/language");
    expect_fault(&machine, "/publish", json_true(), "/publish");
    expect_fault(&machine, "/attachments", attachment_of("../../etc/passwd"),
                 "/attachments/0/name");
    expect_fault(&machine, "/attachments", attachment_of("a\\b.pdf"), "/attachments/0/name");
    expect_fault(&machine, "/attachments", attachment_of(".."), "/attachments/0/name");

    /* What is no JSON, or names a member twice, or is nested for ever. */
    static const char twice[] = "{\"format\":\"institutional-response-v1\",\"format\":\"x\"}";
    expect_malformed(&machine, twice, sizeof twice - 1);
    expect_malformed(&machine, "{\"format\":\"a\nb\"}", 16);
    expect_malformed(&machine, "{}\0{}", 5);
    expect_malformed(&machine, "{\"format\":\"a\\u0000b\"}", 21);
    memset(nested, '[', sizeof nested - 1);
    expect_malformed(&machine, nested, sizeof nested - 1);
    expect(client_post_json(machine.client, FILINGS, machine.header, json_array()), 422,
           "\"invalid-response\"");
    expect(client_post_json(machine.client,
                            "/v1/institution/consultations/" SCENE_REHEARSAL "/filings",
                            machine.header, document_of("zeta")),
           404, "\"not-found\"");
    ck_assert_int_eq(number("select count(*) from responses join institutions using"
                            " (institution_id) where slug = 'zeta'"),
                     0);

    /* Files that are not there, and another response's number: by pointer, and nothing is filed. */
    expect_fault(&machine, "/attachments", attachment_of("a.pdf"), "/attachments/0");
    expect_fault(&machine, "/number", json_string("7H3K9QXW2M"), "/number");
    ck_assert_int_eq(number("select count(*) from filings join responses using (consultation_id,"
                            " response_id) join institutions using (institution_id) where slug ="
                            " 'zeta'"),
                     0);
    expect(client_post_json(machine.client, FILINGS, machine.header, document_of("zeta")), 201,
           "\"version\":1");
    expect(client_run(machine.client,
                      &(struct client_ask){.path = "/v1/institution/consultations/" SCENE_SLUG
                                                   "/attachments",
                                           .headers = machine.header}),
           200, "{\"attachments\":[]}");
    machine_clear(&machine);
}
END_TEST

SCENE_MAIN("file_response", settings, a_folder_is_filed_once, a_request_is_what_was_signed,
           hostile_documents_leave_nothing)
