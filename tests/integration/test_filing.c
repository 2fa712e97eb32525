/* An institution's response: previewed, approved by a second person, filed, released, cited; by
 * members and by a machine. What the database itself decides is tests/schema/response_filing.sql's.
 */
#include "filing_cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const settings[] = {"submissions_per_prefix=0", "weasyprint=/usr/bin/python3",
                                       NULL};

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
    cast_digest(&cast, digest);

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
    reply = cast_file(&cast, digest);
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
    cast_approve(&cast);

    /* It is void while who gave it approves no more. */
    stage_sql("update officials set member_roles = 2 where login = 'alpha-two'");
    reply = cast_file(&cast, digest);
    expect(&reply, 409, "approval-required");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "no longer approves");
    stage_sql("update officials set member_roles = 4 where login = 'alpha-two'");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "made by this service");

    /* A change voids it. */
    cast_write(&cast, "Another summary.");
    reply = cast_file(&cast, digest);
    expect(&reply, 409, "changed-meanwhile");
    cast_digest(&cast, digest);
    reply = cast_file(&cast, digest);
    expect(&reply, 409, "approval-required");
    ck_assert_int_eq(stage_number("select count(*) from filings"), 0);

    /* Filed by one act that is meant; the same again is the same. */
    cast_approve(&cast);
    reply = official_post(cast.client, &cast.coordinator, MEMBERS "/filing",
                          fixture_form_add(NULL, "/digest", digest));
    expect(&reply, 422, "href=\"#sure\"");
    reply = cast_file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    struct client_reply receipt =
        official_get(cast.client, &cast.coordinator, MEMBERS "/filings/1/receipt");
    reply = cast_file(&cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/1");
    ck_assert_int_eq(stage_number("select count(*) from filings"), 1);
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
    cast_write(&cast, "A third summary.");
    cast_approve(&cast);
    cast_digest(&cast, digest);
    reply = cast_file(&cast, digest);
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

static void taken_back_while_an_older_one_is_public(struct cast *cast,
                                                    const struct official_made *publisher,
                                                    const char *first)
{
    static const char data[] = "/v1/consultations/" SCENE_SLUG "/responses";
    char digest[DIGEST_TEXT];
    cast_release(cast, publisher, OFFICIALS "/BBBBBBBBBB/versions/1", first);
    cast_write(cast, "A second summary.");
    cast_approve(cast);
    cast_digest(cast, digest);
    struct client_reply reply = cast_file(cast, digest);
    expect_redirect(&reply, MEMBERS "/filings/2");
    cast_release(cast, publisher, OFFICIALS "/BBBBBBBBBB/versions/2", digest);
    reply = get_until(cast->client, PUBLIC "/BBBBBBBBBB", "A second summary.");
    expect(&reply, 200, "A second summary.");

    /* Another name is on all of it, also where all of it lies in memory since the last change was
     * heard of, which takes half a second. */
    usleep(1000000);
    reply = client_get(cast->client, PUBLIC "/BBBBBBBBBB");
    expect(&reply, 200, "Example beta");
    reply = client_get(cast->client, data);
    expect(&reply, 200, "示範beta");
    stage_sql("select institution_change(null, 'beta', 0::smallint, '新名', 'A new name', '新名',"
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
    stage_sql("select audit_write('institution-member-link', null,"
              " '{\"official\": \"beta-one\", \"account\": \"beta-two\"}')");
    cast_approve(&cast);
    cast_digest(&cast, digest);
    struct client_reply reply = official_get(cast.client, &cast.coordinator, MEMBERS "/approval");
    expect(&reply, 200, "The two may be one person.");
    reply = official_get(cast.client, &cast.coordinator, MEMBERS "/preview");
    char *previewed = article_of(&reply);
    client_reply_clear(&reply);
    reply = cast_file(&cast, digest);
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
    ck_assert_int_eq(stage_number("select count(*) from audit_log where action = 'response-read'"
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

SCENE_MAIN("filing", settings, approved_by_another_person_and_filed_once,
           released_to_the_public_and_taken_back, filing_downloads(), filing_by_machine())
