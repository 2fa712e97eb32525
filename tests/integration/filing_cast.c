/* Who drafts, approves and files; see filing_cast.h. */
#include "filing_cast.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scene scene;

void stage_sql(const char *statement)
{
    free(cluster_text(scene.cluster, statement));
}

int64_t stage_number(const char *statement)
{
    return cluster_number(scene.cluster, statement);
}

void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.3000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

void expect_redirect(struct client_reply *reply, const char *to)
{
    char location[ADDRESS] = "";
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 && strcmp(location, to) == 0, "%d %s instead of %s: %.900s",
                  reply->status, location, to, reply->body);
    client_reply_clear(reply);
}

void cast_make(struct cast *cast, const char *slug, const char *number_text)
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
    stage_sql(statement);
}

void cast_write(const struct cast *cast, const char *text)
{
    char statement[700];
    snprintf(statement, sizeof statement,
             "insert into response_sections (consultation_id, response_id, section, version, text,"
             " changed_by) select consultation_id, response_id, section, version + 1, '%s',"
             " changed_by from response_sections join responses using (consultation_id,"
             " response_id) where number = '%s' and section = 'summary'"
             " order by version desc limit 1",
             text, cast->number);
    stage_sql(statement);
}

void cast_digest(struct cast *cast, char digest[DIGEST_TEXT])
{
    struct client_reply page = official_get(cast->client, &cast->coordinator, MEMBERS "/filing");
    ck_assert_msg(official_field(&page, "/digest", digest, DIGEST_TEXT), "%.2000s", page.body);
    client_reply_clear(&page);
}

void cast_approve(struct cast *cast)
{
    char digest[DIGEST_TEXT], id[40] = "";
    cast_digest(cast, digest);
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

struct client_reply cast_file(struct cast *cast, const char *digest)
{
    char *body = fixture_form_add(fixture_form_add(NULL, "/digest", digest), "/sure", "yes");
    return official_post(cast->client, &cast->coordinator, MEMBERS "/filing", body);
}

void cast_release(struct cast *cast, const struct official_made *publisher, const char *version,
                  const char *digest)
{
    struct client_reply reply =
        official_post(cast->client, publisher, version, fixture_form_add(NULL, "/digest", digest));
    expect_redirect(&reply, version);
}

/* Version 1 is released again, a second one after it, which is then taken back: the response is not
 * what it was before, but one that was taken back, and version 1 stays where it is cited. */
void sha256_of(const struct client_reply *reply, char text[DIGEST_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)reply->body, reply->length);
    sodium_bin2hex(text, DIGEST_TEXT, hash, sizeof hash);
}

struct client_reply get_until(struct client *client, const char *path, const char *words)
{
    for (int tries = 0;; tries++) {
        struct client_reply reply = client_get(client, path);
        if ((reply.status == 200 && strstr(reply.body, words)) || tries == 1200)
            return reply;
        client_reply_clear(&reply);
        usleep(50000);
    }
}
