/* What people say: published remarks, with a release and not before, page by page, by cells that
 * are shown. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;

#define API "/v1/consultations/" SCENE_REHEARSAL "/measures/1-1/remarks"
#define PAGE "/consultations/" SCENE_REHEARSAL "/measures/1-1/remarks"
#define SHOWN                                                                                      \
    "select count(*) from released_remarks join consultations using (consultation_id)"             \
    " where slug = '" SCENE_REHEARSAL "' and part = 0 and ordinal = 1"

static struct client_reply get_ok(struct client *client, const char *path)
{
    struct client_reply reply = client_get(client, path);
    ck_assert_msg(reply.status == 200, "%s: %d %.2000s", path, reply.status, reply.body);
    return reply;
}

/* Fills the rehearsal, which check's forks then share, and waits for a release with all its remarks
 * to be what the server shows. */
static void fill(struct client *client)
{
    struct server_options plain = scene.options;
    const char *words[] = {SCENE_REHEARSAL, "1500", NULL};
    plain.set = NULL;
    ck_assert_int_eq(server_command(&plain, NULL, 0, "rehearse", words), 0);
    scene_await(&scene,
                "select count(*) from remarks r join submissions s using (consultation_id,"
                " submission_id) where r.publish and r.moderation = 1 and r.release is null"
                " and s.state = 'counted'",
                0);
    int64_t newest = cluster_number(scene.cluster, "select max(number) from releases r join"
                                                   " consultations using (consultation_id)"
                                                   " where rehearsal");
    for (int tries = 0; tries < 600; tries++) {
        struct client_reply reply = get_ok(client, API);
        int64_t shown = json_integer_value(json_at(reply.json, "/release"));
        client_reply_clear(&reply);
        if (shown == newest)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    ck_abort_msg("release %lld is not shown", (long long)newest);
}

static void change(const char *sql)
{
    free(cluster_text(scene.cluster, sql));
}

/* All pages from `path` on; gives how many remarks, and a list of their texts if asked for. */
static size_t read_all(struct client *client, const char *path, size_t *pages)
{
    char next[256];
    size_t count = 0;
    snprintf(next, sizeof next, "%s", path);
    for (*pages = 0; *next; ++*pages) {
        struct client_reply reply = get_ok(client, next);
        size_t here = json_array_size(json_at(reply.json, "/remarks"));
        const char *link = client_text(&reply, "/links/next");
        ck_assert_msg(here == 20 || !*link, "%s", next);
        count += here;
        snprintf(next, sizeof next, "%s", link);
        client_reply_clear(&reply);
        ck_assert_uint_lt(*pages, 200);
    }
    return count;
}

START_TEST(pages_hold_every_remark_once)
{
    struct client *client = scene_client(&scene);
    fill(client);
    size_t pages = 0;
    int64_t shown = cluster_number(scene.cluster, SHOWN);
    ck_assert_int_gt(shown, 20);
    ck_assert_uint_eq(read_all(client, API "?lang=en", &pages), (size_t)shown);
    ck_assert_uint_eq(pages, (size_t)(shown + 19) / 20);
    client_free(client);
}
END_TEST

/* A stance may be chosen where the release shows it; where it is hidden, not. */
START_TEST(stances_are_those_shown)
{
    struct client *client = scene_client(&scene);
    fill(client);
    struct client_reply first = get_ok(client, API);
    struct client_reply tally =
        get_ok(client, "/v1/consultations/" SCENE_REHEARSAL "/measures/1-1/tally");
    json_t *stance;
    size_t i, pages = 0, offered = 0;
    json_array_foreach(json_at(tally.json, "/by_stance"), i, stance)
    {
        char path[256], sql[400];
        json_t *code = json_object_get(stance, "code");
        snprintf(path, sizeof path, API "/%s",
                 json_string_value(json_object_get(stance, "stance")));
        if (json_is_integer(code) && json_integer_value(json_object_get(stance, "count")) > 0) {
            snprintf(sql, sizeof sql, SHOWN " and stance = %d", (int)json_integer_value(code));
            ck_assert_int_eq((int64_t)read_all(client, path, &pages),
                             cluster_number(scene.cluster, sql));
            offered++;
            continue;
        }
        struct client_reply hidden = client_get(client, path);
        scene_expect_problem(&hidden, 404, "not-found", NULL);
        client_reply_clear(&hidden);
    }
    ck_assert_uint_eq(offered, json_array_size(json_at(first.json, "/filters/stances")));
    ck_assert_uint_ge(offered, 3);
    client_reply_clear(&first);
    client_reply_clear(&tally);
    client_free(client);
}
END_TEST

START_TEST(days_are_those_shown_by_themselves)
{
    struct client *client = scene_client(&scene);
    fill(client);
    struct client_reply first = get_ok(client, API);
    struct client_reply tally =
        get_ok(client, "/v1/consultations/" SCENE_REHEARSAL "/measures/1-1/tally");
    json_t *days = json_at(first.json, "/filters/days"), *day;
    json_t *by_day = json_at(tally.json, "/by_day");
    size_t i, offered = 0, pages = 0;
    json_array_foreach(by_day, i, day)
    {
        const char *date = json_string_value(json_object_get(day, "day"));
        char span[32], path[256], sql[400];
        snprintf(span, sizeof span, "%s/%s", date, date);
        bool alone = strcmp(span, json_string_value(json_object_get(day, "span"))) == 0 &&
                     json_integer_value(json_object_get(day, "answers")) > 0;
        snprintf(path, sizeof path, API "/%s", date);
        offered += alone;
        if (alone) {
            snprintf(sql, sizeof sql, SHOWN " and day = '%s'", date);
            ck_assert_int_eq((int64_t)read_all(client, path, &pages),
                             cluster_number(scene.cluster, sql));
            continue;
        }
        struct client_reply hidden = client_get(client, path);
        scene_expect_problem(&hidden, 404, "not-found", NULL);
        client_reply_clear(&hidden);
    }
    ck_assert_uint_eq(offered, json_array_size(days));
    ck_assert_uint_gt(offered, 0);
    client_reply_clear(&first);
    client_reply_clear(&tally);
    client_free(client);
}
END_TEST

START_TEST(other_addresses_are_nowhere)
{
    static const char *const paths[] = {
        API "/remark-only",
        API "/nonsense",
        API "/1999-01-01",
        API "/all/0",
        API "/all/-1",
        API "/all/1x",
        API "/all/99999999999999999999",
        API "/2026-13-01",
        API "/0",
        "/v1/consultations/" SCENE_REHEARSAL "/measures/9-9/remarks",
    };
    struct client *client = scene_client(&scene);
    fill(client);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct client_reply reply = client_get(client, paths[i]);
        ck_assert_msg(reply.status == 404, "%s: %d", paths[i], reply.status);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

/* A place that is none leads on: to the remark behind it, or to the beginning. */
START_TEST(a_place_that_is_none_leads_on)
{
    struct client *client = scene_client(&scene);
    fill(client);
    char location[256], first[256];
    struct client_reply reply = client_get(client, API "/all/1");
    ck_assert_int_eq(reply.status, 302);
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    int64_t position = cluster_number(
        scene.cluster,
        "select min(position) from released_remarks join consultations using"
        " (consultation_id) where slug = '" SCENE_REHEARSAL "' and part = 0 and ordinal = 1");
    snprintf(first, sizeof first, API "/all/%lld", (long long)position);
    ck_assert_str_eq(location, first);
    client_reply_clear(&reply);
    reply = client_get(client, "/en" PAGE "/all/9223372036854775807");
    ck_assert_int_eq(reply.status, 302);
    ck_assert(client_header(&reply, "Location", location, sizeof location));
    ck_assert_str_eq(location, "/en" PAGE);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(page_marks_other_languages)
{
    struct client *client = scene_client(&scene);
    fill(client);
    struct client_reply page = get_ok(client, "/en" PAGE);
    ck_assert_ptr_nonnull(strstr(page.body, "lang=\"zh-Hant\" dir=\"auto\"><bdi>"));
    ck_assert_ptr_nonnull(strstr(page.body, "Written in traditional Chinese"));
    ck_assert_ptr_null(strstr(page.body, "Written in English"));
    ck_assert_ptr_nonnull(strstr(page.body, "rel=\"next\""));
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

/* Waits until the list has so many remarks on its first page. */
static void await_first_page(struct client *client, const char *path, size_t wanted)
{
    size_t count = 0;
    for (int tries = 0; tries < 600; tries++) {
        struct client_reply reply = get_ok(client, path);
        count = json_array_size(json_at(reply.json, "/remarks"));
        client_reply_clear(&reply);
        if (count == wanted)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    ck_abort_msg("%s has %zu remarks, not %zu", path, count, wanted);
}

/* Without a release nothing appears, moderated or not; with one it does; withdrawn it is gone. */
START_TEST(appears_with_a_release_and_goes_when_withdrawn)
{
    static const char path[] = SCENE_API "/measures/1-1/remarks";
    struct client *client = scene_client(&scene);
    json_t *submission = fixture_submission();
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
    fixture_set(submission, "/answers/1-1/remark", json_string("<b>Bold</b> \xe2\x80\xaewords"));
    struct client_reply sent = scene_submit(client, submission);
    change("update remarks r set moderation = 1, published = original from consultations c where"
           " c.consultation_id = r.consultation_id and c.slug = '" SCENE_SLUG
           "' returning 'moderated'");
    await_first_page(client, path, 0);
    change("update consultations set publication = publication || '{\"release_threshold\": 1,"
           " \"release_interval_s\": 1}', revision = revision + 1 where slug = '" SCENE_SLUG
           "' returning 'due'");
    await_first_page(client, path, 1);
    struct client_reply page =
        get_ok(client, "/en/consultations/" SCENE_SLUG "/measures/1-1/remarks");
    ck_assert_ptr_nonnull(strstr(page.body, "&lt;b&gt;Bold&lt;/b&gt;"));
    ck_assert_ptr_nonnull(strstr(page.body, "<bdi>Society of Testers</bdi>"));
    char headers[128], address[128];
    snprintf(headers, sizeof headers, "Authorization: Receipt %s\r\n", client_text(&sent, "/code"));
    snprintf(address, sizeof address, "/v1/submissions/%s", client_text(&sent, "/receipt/number"));
    struct client_reply gone = client_run(
        client, &(struct client_ask){.method = "DELETE", .path = address, .headers = headers});
    ck_assert_msg(gone.status == 200, "%d %s", gone.status, gone.body);
    await_first_page(client, path, 0);
    client_reply_clear(&page);
    client_reply_clear(&gone);
    client_reply_clear(&sent);
    client_free(client);
}
END_TEST

SCENE_MAIN("remark", NULL, pages_hold_every_remark_once, stances_are_those_shown,
           days_are_those_shown_by_themselves, other_addresses_are_nowhere,
           a_place_that_is_none_leads_on, page_marks_other_languages,
           appears_with_a_release_and_goes_when_withdrawn)
