/* What publishers do: the window set and put off, each looked at before it is done, each said in
 * the record of acts; and what the public sees of it. */
#include "support/officials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", NULL};
static struct official_made pat, sue;

#define PUBLICATION "/en/officials/consultations/" SCENE_SLUG "/publication"
#define PAGE_REST "/consultations/" SCENE_SLUG
#define PAGE "/en" PAGE_REST

/* Two publishers, since a right is worth nothing that another one can undo unseen. */
static void persons_make(void)
{
    struct client *client = scene_client(&scene);
    official_make(&scene, "pat", NULL, &pat);
    official_make(&scene, "sue", NULL, &sue);
    official_grant(&scene, "pat", SCENE_SLUG, "publisher");
    official_grant(&scene, "sue", SCENE_SLUG, "publisher");
    official_sign_in(&scene, client, &pat);
    official_sign_in(&scene, client, &sue);
    client_free(client);
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static void expect_done(struct client_reply *reply, const char *what)
{
    char location[160] = "", wanted[160];
    snprintf(wanted, sizeof wanted, "%s?done=%s", PUBLICATION, what);
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 && strcmp(location, wanted) == 0, "%d %s: %.4000s",
                  reply->status, location, reply->body);
    client_reply_clear(reply);
}

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

/* A day so many days from today in Hong Kong, as the three fields of a group. */
static char *day_add(char *body, const char *group, int days)
{
    time_t at = time(NULL) + 8 * 3600 + days * 86400L;
    struct tm tm;
    gmtime_r(&at, &tm);
    const struct {
        const char *part;
        int value;
    } fields[] = {{"day", tm.tm_mday}, {"month", tm.tm_mon + 1}, {"year", tm.tm_year + 1900}};
    for (size_t i = 0; i < 3; i++) {
        char name[32], value[16];
        snprintf(name, sizeof name, "%s/%s", group, fields[i].part);
        snprintf(value, sizeof value, "%d", fields[i].value);
        body = fixture_form_add(body, name, value);
    }
    return body;
}

static char *texts_add(char *body, const char *group, const char *words)
{
    static const char *const tags[] = {"zh-Hant", "en", "zh-Hans"};
    for (size_t i = 0; i < 3; i++) {
        char name[32], value[128];
        snprintf(name, sizeof name, "%s/%s", group, tags[i]);
        snprintf(value, sizeof value, "%s %s", words, tags[i]);
        body = fixture_form_add(body, name, value);
    }
    return body;
}

/* What the form of a page says it was made for. */
static char *seen_add(struct client *client, const struct official_made *official, const char *path,
                      char *body)
{
    char seen[64];
    struct client_reply page = official_get(client, official, path);
    ck_assert_msg(official_field(&page, "/seen", seen, sizeof seen), "%d %.3000s", page.status,
                  page.body);
    client_reply_clear(&page);
    return fixture_form_add(body, "/seen", seen);
}

/* The public page, once it says that. */
static void await_page(struct client *client, const char *path, const char *words)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    struct client_reply page = {0};
    for (int tries = 0; tries < 600; tries++) {
        client_reply_clear(&page);
        page = client_get(client, path);
        if (page.body && strstr(page.body, words))
            break;
        nanosleep(&pause, NULL);
    }
    expect(&page, 200, words);
}

static char *extension(const char *seen, int days, const char *reason, const char *go)
{
    char *body = day_add(fixture_form_add(NULL, "/seen", seen), "/closes", days);
    return fixture_form_add(texts_add(body, "/reason", reason), "/go", go);
}

START_TEST(extended_for_all_to_see)
{
    struct client *client = scene_client(&scene);
    char seen[64];
    scene_window(&scene, "now() - interval '1 day'", "now() + interval '10 days'");
    struct client_reply page = official_get(client, &pat, PUBLICATION);
    ck_assert_ptr_nonnull(strstr(page.body, PUBLICATION "/window"));
    expect(&page, 200, "Extend the consultation");
    page = official_get(client, &pat, PUBLICATION "/window");
    ck_assert(official_field(&page, "/seen", seen, sizeof seen));
    client_reply_clear(&page);

    /* All that is wrong at once, by name; what was typed is still there. */
    char *body = fixture_form_add(NULL, "/seen", seen);
    body = fixture_form_add(fixture_form_add(body, "/closes/day", "31"), "/closes/month", "2");
    body = fixture_form_add(fixture_form_add(body, "/closes/year", "2027"), "/reason/en",
                            "A \"storm\" <b>");
    page = official_post(client, &pat, PUBLICATION "/window",
                         fixture_form_add(body, "/go", "confirm"));
    ck_assert_ptr_nonnull(
        strstr(page.body, "href=\"#closes-day\">Closing: Enter a day that exists"));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#reason-zh-Hant\""));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#reason-zh-Hans\""));
    ck_assert_ptr_null(strstr(page.body, "href=\"#reason-en\""));
    expect(&page, 422, "A &quot;storm&quot; &lt;b&gt;</textarea>");
    page =
        official_post(client, &pat, PUBLICATION "/window", extension(seen, 5, "Storm", "confirm"));
    expect(&page, 422, "href=\"#closes-day\">Closing: Enter a later day");
    page = official_post(client, &pat, PUBLICATION "/window",
                         extension(seen, 400, "Storm", "confirm"));
    expect(&page, 422, "an extension a year at most");
    page = official_post(client, &pat, PUBLICATION "/window",
                         extension("1 -9000000000000000000", 20, "Storm", "confirm"));
    expect(&page, 422, "unknown-value");
    ck_assert_int_eq(number("select count(*) from extensions"), 0);

    /* Looked at, changed, and done. */
    page =
        official_post(client, &pat, PUBLICATION "/window", extension(seen, 20, "Storm", "check"));
    ck_assert_ptr_nonnull(strstr(page.body, "name=\"/reason/en\" value=\"Storm en\""));
    expect(&page, 200, "cannot be taken back");
    page =
        official_post(client, &pat, PUBLICATION "/window", extension(seen, 20, "Storm", "change"));
    expect(&page, 200, "Storm zh-Hans</textarea>");
    ck_assert_int_eq(number("select count(*) from extensions"), 0);
    page =
        official_post(client, &pat, PUBLICATION "/window", extension(seen, 20, "Storm", "confirm"));
    expect_done(&page, "extension");
    await_page(client, PAGE, "Storm en");
    await_page(client, "/zh-Hant/consultations/" SCENE_SLUG, "Storm zh-Hant");
    page = client_get(client, SCENE_API "?lang=zh-Hans");
    ck_assert_str_eq(client_text(&page, "/extensions/0/reason"), "Storm zh-Hans");
    ck_assert_str_eq(client_text(&page, "/extensions/0/closes_at"),
                     client_text(&page, "/closes_at"));
    ck_assert_ptr_nonnull(strstr(client_text(&page, "/closes_at"), "T16:00:00Z"));
    client_reply_clear(&page);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'window-extended' and "
                            "detail ->> 'official' = 'pat' and detail ->> 'from' is not null"),
                     1);
    page = official_get(client, &pat, PUBLICATION "?done=extension");
    ck_assert_ptr_nonnull(strstr(page.body, "Consultation extended"));
    expect(&page, 200, "Storm en");

    /* Another one, who has seen the old end, keeps what they typed and decides anew. */
    page =
        official_post(client, &sue, PUBLICATION "/window", extension(seen, 40, "Fair", "confirm"));
    ck_assert_ptr_nonnull(strstr(page.body, "Fair en</textarea>"));
    /* In another language it is only shown again: asking for that extends nothing. */
    ck_assert_ptr_nonnull(strstr(page.body, "name=\"/go\" value=\"change\""));
    ck_assert_ptr_null(strstr(page.body, "name=\"/go\" value=\"confirm\""));
    const struct client_reply main = {.body = strstr(page.body, "<main")};
    ck_assert(official_field(&main, "/seen", seen, sizeof seen));
    expect(&page, 409, "Somebody else has just changed this");
    page =
        official_post(client, &sue, PUBLICATION "/window", extension(seen, 40, "Fair", "confirm"));
    expect_done(&page, "extension");
    ck_assert_int_eq(number("select count(*) from extensions"), 2);
    client_free(client);
}
END_TEST

START_TEST(set_before_the_opening)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() + interval '10 days'", "now() + interval '40 days'");
    struct client_reply page = official_get(client, &pat, PUBLICATION);
    ck_assert_ptr_null(strstr(page.body, "Not now: The consultation has opened"));
    expect(&page, 200, "Announced, not yet open");
    char *body = seen_add(client, &pat, PUBLICATION "/window", NULL);
    body = fixture_form_add(day_add(day_add(body, "/opens", -1), "/closes", 9), "/opens/clock",
                            "9:00");
    page = official_post(client, &pat, PUBLICATION "/window", body);
    expect(&page, 422, "href=\"#opens-day\">Opening: Enter a time in the future");
    body = seen_add(client, &pat, PUBLICATION "/window", NULL);
    body = fixture_form_add(day_add(day_add(body, "/opens", 3), "/closes", 9), "/opens/clock",
                            "25:00");
    page = official_post(client, &pat, PUBLICATION "/window", body);
    expect(&page, 422, "href=\"#opens-clock\"");
    /* Full-width digits, as an input method leaves them. */
    body = seen_add(client, &pat, PUBLICATION "/window", NULL);
    body = fixture_form_add(day_add(day_add(body, "/opens", 3), "/closes", 9), "/opens/clock",
                            "\xef\xbc\x99\xef\xbc\x9a\xef\xbc\x93\xef\xbc\x90");
    page = official_post(client, &pat, PUBLICATION "/window",
                         fixture_form_add(body, "/go", "confirm"));
    expect_done(&page, "window");
    ck_assert_int_eq(number("select count(*) from consultations where slug = '" SCENE_SLUG "' and "
                            "(opens_at at time zone 'Asia/Hong_Kong')::time = '09:30' and "
                            "(closes_at at time zone 'Asia/Hong_Kong')::time = '00:00' and "
                            "(closes_at at time zone 'Asia/Hong_Kong')::date = (now() at time zone "
                            "'Asia/Hong_Kong')::date + 10"),
                     1);
    scene_window(&scene, "now() - interval '9 days'", "now() - interval '1 day'");
    page = official_get(client, &pat, PUBLICATION "/window");
    expect(&page, 409, "closed");
    page = official_get(client, &pat, PUBLICATION);
    expect(&page, 200, "Not now: The consultation has closed");
    client_free(client);
}
END_TEST

#define PREVIEW "/en/officials/consultations/" SCENE_SLUG "/preview"

/* What stands on the public's pages once it is open, and on none before. */
static char *words_of(const char *key)
{
    char query[256];
    snprintf(query, sizeof query,
             "select (regexp_match(body, '[a-z ]{16,40}'))[1] from texts join consultations using "
             "(consultation_id) where "
             "slug = '" SCENE_SLUG "' and key = '%s' and language = 1 order by version desc",
             key);
    return cluster_text(scene.cluster, query);
}

/* Nobody reads a text before the opening, at whatever address. */
static void expect_withheld(struct client *client, const char *background, const char *measure)
{
    static const char *const pages[] = {
        "/directions/1", "/measures/1-1",        "/booklet",
        "/glossary",     "/search?q=a",          "/tally",
        "/answer",       "/measures/1-1/answer", "/measures/1-1/remarks"};
    static const char *const data[] = {
        "/directions", "/directions/1", "/measures",   "/measures.csv", "/measures/1-1",
        "/questions",  "/glossary",     "/search?q=a", "/tally",        "/measures/1-1/tally"};
    char path[128], location[160];
    struct client_reply reply = client_get(client, PAGE);
    ck_assert(!strstr(reply.body, measure) && !strstr(reply.body, background));
    expect(&reply, 200, "The consultation has not opened yet");
    reply = client_get(client, SCENE_API);
    ck_assert_str_eq(client_text(&reply, "/state"), "coming");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/directions")), 0);
    ck_assert_str_eq(client_text(&reply, "/introduction"), "");
    client_reply_clear(&reply);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        snprintf(path, sizeof path, PAGE "%s", pages[i]);
        reply = client_get(client, path);
        client_header(&reply, "Location", location, sizeof location);
        ck_assert_msg(reply.status == 303 && strcmp(location, PAGE) == 0, "%s: %d %s", path,
                      reply.status, location);
        client_reply_clear(&reply);
    }
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        snprintf(path, sizeof path, SCENE_API "%s", data[i]);
        reply = client_get(client, path);
        scene_expect_problem(&reply, 404, "not-found", NULL);
        client_reply_clear(&reply);
    }
    reply = client_get(client, "/en");
    ck_assert_ptr_null(strstr(reply.body, PAGE "/directions/"));
    expect(&reply, 200, "Not yet open");
    reply = client_get(client, "/sitemap.xml");
    ck_assert_ptr_null(strstr(reply.body, PAGE "/measures/"));
    client_reply_clear(&reply);
}

/* An official sees it all, on pages that say what they are and that nothing keeps. */
static void expect_previewed(struct client *client, const char *background, const char *measure)
{
    static const char *const rests[] = {"",         "/directions/1", "/measures/1-1",
                                        "/booklet", "/glossary",     "/search?q=a"};
    char path[128], cache[64];
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        snprintf(path, sizeof path, PREVIEW "%s", rests[i]);
        struct client_reply reply = official_get(client, &pat, path);
        client_header(&reply, "Cache-Control", cache, sizeof cache);
        ck_assert_msg(strstr(cache, "no-store"), "%s: %s", path, cache);
        ck_assert_ptr_nonnull(strstr(reply.body, "name=\"robots\" content=\"noindex\""));
        ck_assert_msg(!strstr(reply.body, "href=\"" PAGE "/"), "%s leads out", path);
        expect(&reply, 200, "The public does not see this page yet");
        reply = client_get(client, path);
        ck_assert_int_eq(reply.status, 303);
        ck_assert_ptr_null(strstr(reply.body ? reply.body : "", measure));
        client_reply_clear(&reply);
    }
    struct client_reply reply = official_get(client, &pat, PREVIEW "/measures/1-1");
    ck_assert_ptr_nonnull(strstr(reply.body, background));
    expect(&reply, 200, measure);
    reply = official_get(client, &pat,
                         "/zh-Hans/officials/consultations/" SCENE_SLUG "/preview/booklet");
    expect(&reply, 200, "lang=\"zh-Hans\"");
    reply = official_get(client, &pat, PREVIEW "/measures/9-9");
    expect(&reply, 404, NULL);
}

START_TEST(previewed_before_the_opening)
{
    struct client *client = scene_client(&scene);
    char *background = words_of("direction/1/background"), *measure = words_of("measure/1-1");
    scene_window(&scene, "now() + interval '1 day'", "now() + interval '10 days'");
    await_page(client, PAGE, "Not yet open");
    expect_withheld(client, background, measure);
    expect_previewed(client, background, measure);
    /* One that lacks a text is nobody's but an official's, and says what it lacks. */
    cluster_number(
        scene.cluster,
        "update consultations set complete = false, revision = revision + 1 where slug = "
        "'" SCENE_SLUG "' returning 1");
    cluster_number(scene.cluster,
                   "delete from texts where key = 'measure/1-1' and language = 2 and "
                   "consultation_id = (select consultation_id from consultations where slug = "
                   "'" SCENE_SLUG "') returning 1");
    cluster_number(scene.cluster, "update consultations set revision = revision + 1 where slug = "
                                  "'" SCENE_SLUG "' returning 1");
    struct client_reply reply = {0};
    for (int tries = 0; tries < 1200; tries++) {
        const struct timespec pause = {.tv_nsec = 50000000};
        client_reply_clear(&reply);
        reply = official_get(client, &pat, PREVIEW);
        if (reply.body && strstr(reply.body, "Texts are still missing"))
            break;
        nanosleep(&pause, NULL);
    }
    expect(&reply, 200, "Texts are still missing");
    reply = client_get(client, PAGE);
    expect(&reply, 404, NULL);
    reply = official_get(client, &pat, PUBLICATION);
    expect(&reply, 200, "measure/1-1</span> – 简体中文");
    reply = official_get(client, &pat, "/en/officials/consultations/" SCENE_SLUG);
    expect(&reply, 200, PREVIEW);
    client_free(client);
    free(background);
    free(measure);
}
END_TEST

START_TEST(opened_in_the_open)
{
    struct client *client = scene_client(&scene);
    char location[160] = "";
    cluster_number(scene.cluster,
                   "insert into texts (consultation_id, key, version, language, body, note) select "
                   "consultation_id, key, version, 2, body, note from texts t where key = "
                   "'measure/1-1' and language = 0 and not exists (select from texts o where "
                   "(o.consultation_id, o.key, o.version, o.language) = (t.consultation_id, t.key, "
                   "t.version, 2)) returning 1");
    cluster_number(scene.cluster, "update consultations set complete = true where slug = "
                                  "'" SCENE_SLUG "' returning 1");
    scene_window(&scene, "now() - interval '1 day'", "now() + interval '10 days'");
    await_page(client, PAGE "/measures/1-1", "Give your views");
    struct client_reply reply = official_get(client, &pat, PREVIEW "/measures/1-1");
    client_header(&reply, "Location", location, sizeof location);
    ck_assert_int_eq(reply.status, 303);
    ck_assert_str_eq(location, PAGE);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

#define TEXT PUBLICATION "/texts/measure.1-1"

static char *correction(const char *version, const char *words, const char *note, const char *go)
{
    char *body = texts_add(fixture_form_add(NULL, "/version", version), "/text", words);
    if (note)
        body = texts_add(body, "/note", note);
    return fixture_form_add(body, "/go", go);
}

START_TEST(corrected_with_a_note)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() - interval '1 day'", "now() + interval '10 days'");
    struct client_reply page = official_get(client, &pat, PUBLICATION "/texts");
    ck_assert_ptr_nonnull(strstr(page.body, PUBLICATION "/texts/direction.3.background"));
    ck_assert_ptr_nonnull(strstr(page.body, PUBLICATION "/texts/introduction"));
    expect(&page, 200, TEXT);
    page = official_get(client, &pat, PUBLICATION "/texts/measure.9-9");
    expect(&page, 404, NULL);
    page = official_get(client, &pat, TEXT);
    ck_assert_ptr_nonnull(strstr(page.body, "id=\"text-zh-Hans\""));
    expect(&page, 200, "name=\"/version\" value=\"1\"");
    page = official_post(client, &pat, TEXT, correction("1", "Better", NULL, "confirm"));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#note-zh-Hant\""));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#note-zh-Hans\""));
    expect(&page, 422, "Better en</textarea>");
    page = official_post(client, &pat, TEXT, correction("1", "Better", "Misprint", "check"));
    ck_assert_ptr_nonnull(strstr(page.body, "<mark>"));
    expect(&page, 200, "name=\"/note/zh-Hans\" value=\"Misprint zh-Hans\"");
    ck_assert_int_eq(number("select count(*) from texts where version > 1 and key = 'measure/1-1'"),
                     0);
    page = official_post(client, &pat, TEXT, correction("1", "Better", "Misprint", "confirm"));
    expect_done(&page, "correction");
    await_page(client, PAGE "/measures/1-1", "Misprint en");
    await_page(client, "/zh-Hant" PAGE_REST "/measures/1-1", "Better zh-Hant");
    await_page(client, PAGE, "Measure 1-1</strong>: Misprint en");
    page = client_get(client, SCENE_API "/measures/1-1?lang=zh-Hans");
    ck_assert_int_eq(json_integer_value(json_at(page.json, "/version")), 2);
    ck_assert_str_eq(client_text(&page, "/text"), "Better zh-Hans");
    ck_assert_str_eq(client_text(&page, "/note"), "Misprint zh-Hans");
    client_reply_clear(&page);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'wording-corrected' and "
                            "detail -> 'texts' ->> 0 = 'measure/1-1' and detail ->> 'official' = "
                            "'pat'"),
                     1);

    /* Another one, who saw the first version, keeps what they typed beside the words as they are.
     */
    page = official_post(client, &sue, TEXT, correction("1", "Other", "Also", "confirm"));
    ck_assert_ptr_nonnull(strstr(page.body, "lang=\"en\">Better en</dd>"));
    ck_assert_ptr_nonnull(strstr(page.body, "name=\"/version\" value=\"2\""));
    expect(&page, 409, "Other en</textarea>");
    page = official_post(client, &sue, TEXT, correction("2", "Better", "Also", "confirm"));
    expect(&page, 422, "The text is the same");
    page = official_post(client, &sue, TEXT, correction("2", "Other", "Also", "confirm"));
    expect_done(&page, "correction");
    /* What has not opened is not corrected. */
    scene_window(&scene, "now() + interval '1 day'", "now() + interval '10 days'");
    page = official_get(client, &pat, TEXT);
    expect(&page, 409, NULL);
    page = official_post(client, &pat, TEXT, correction("3", "Late", "Late", "confirm"));
    expect(&page, 409, NULL);
    client_free(client);
}
END_TEST

static void people(struct client *client, int count)
{
    for (int i = 0; i < count; i++) {
        json_t *body = fixture_submission();
        struct client_reply reply = scene_submit(client, body);
        client_reply_clear(&reply);
    }
}

/* What is said before the close: how many, and nothing of what they said. */
static void expect_silence(struct client *client)
{
    static const char *const rests[] = {"/tally",
                                        "/tally.csv",
                                        "/directions/1/tally",
                                        "/measures/1-1/tally",
                                        "/measures/1-1/tally.csv",
                                        "/reconciliation",
                                        "/measures/1-1/remarks"};
    static const char *const pages[] = {
        "", "/tally", "/reconciliation", "/directions/1", "/measures/1-1", "/measures/1-1/remarks"};
    char path[128];
    struct client_reply reply = client_get(client, SCENE_API);
    ck_assert(json_is_true(json_at(reply.json, "/publication/after_close")));
    client_reply_clear(&reply);
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        snprintf(path, sizeof path, SCENE_API "%s", rests[i]);
        reply = client_get(client, path);
        ck_assert_msg(reply.status == 200 && !strstr(reply.body, "12"), "%s: %.2000s", path,
                      reply.body);
        client_reply_clear(&reply);
    }
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        snprintf(path, sizeof path, PAGE "%s", pages[i]);
        reply = client_get(client, path);
        expect(&reply, 200, "only after the consultation has closed");
    }
    reply = client_get(client, SCENE_API "/releases");
    ck_assert_uint_eq(json_array_size(json_at(reply.json, "/releases")), 0);
    client_reply_clear(&reply);
}

START_TEST(figures_wait_for_the_close)
{
    struct client *client = scene_client(&scene);
    ck_assert_int_eq(
        number("update consultations set publication = publication || '{\"after_close\": true, "
               "\"blackout_s\": 0, \"release_interval_s\": 1}' where slug = '" SCENE_SLUG
               "' returning 1"),
        1);
    scene_window(&scene, "now() - interval '9 days'", "now() + interval '9 days'");
    people(client, 12);
    scene_await(&scene, "select sum(received) from submission_tallies", 12);
    await_page(client, PAGE, ">12</dd>");
    expect_silence(client);
    struct client_reply page = official_get(client, &pat, PUBLICATION);
    expect(&page, 200, "only after its close");
    page = official_get(client, &pat,
                        "/en/officials/consultations/" SCENE_SLUG "/figures/support/csv");
    expect(&page, 200, "12");
    ck_assert_int_eq(number("select count(*) from releases"), 0);
    /* Paper can still be typed in for two weeks: whoever saw the figures before and after would
     * know what it says. */
    scene_window(&scene, "now() - interval '9 days'", "now() - interval '32 minutes'");
    await_page(client, PAGE, "Closed");
    expect_silence(client);
    ck_assert_int_eq(number("select count(*) from releases"), 0);
    scene_window(&scene, "now() - interval '19 days'", "now() - interval '14 days 61 seconds'");
    scene_await(&scene, "select count(*) from releases where not final", 1);
    await_page(client, PAGE "/tally", "Release 1");
    page = client_get(client, SCENE_API "/measures/1-1/tally");
    ck_assert_int_eq(json_integer_value(json_at(page.json, "/answers")), 12);
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

#define FINAL PUBLICATION "/final-release"

static void expect_redirect(struct client_reply *reply, const char *path)
{
    char location[160] = "";
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 && strcmp(location, path) == 0, "%d %s: %.2000s",
                  reply->status, location, reply->body);
    client_reply_clear(reply);
}

/* A recount may take longer than other statements of officials. Meanwhile it is followed, asked for
 * again in vain, and keeps no other page waiting; here it takes until the test lets it go. */
static void final_release_takes_long(struct client *client)
{
    number("create table gate (at timestamptz)");
    number("grant select on gate to public");
    number(
        "create or replace function final_release_agrees(p_consultation_id integer) returns "
        "boolean language plpgsql volatile security definer set search_path = consultation, "
        "pg_temp as $$ begin while not exists (select from gate) loop perform pg_sleep(0.02); end "
        "loop; return current_setting('statement_timeout') = '5min'; end $$");
    struct client_reply page =
        official_post(client, &pat, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect_redirect(&page, FINAL);
    page = official_post(client, &sue, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect_redirect(&page, FINAL);
    page = official_get(client, &sue, FINAL);
    ck_assert_ptr_nonnull(strstr(page.body, "data-going"));
    ck_assert_ptr_null(strstr(page.body, "name=\"/sure\""));
    expect(&page, 200, "Being made");
    ck_assert_int_eq(number("select count(*) from pg_stat_activity where state = 'active' and "
                            "query like '%final_release_agrees%' and pid <> pg_backend_pid()"),
                     1);
    number("insert into gate values (now()) returning 1");
    await_page(client, PAGE "/tally", "final");
    const struct timespec pause = {.tv_nsec = 50000000};
    for (int tries = 0; tries < 1200; tries++) {
        page = official_get(client, &sue, FINAL);
        if (!strstr(page.body, "data-going"))
            break;
        client_reply_clear(&page);
        nanosleep(&pause, NULL);
    }
    ck_assert_ptr_null(strstr(page.body, "data-going"));
    expect(&page, 200, "The final release has been made");
}

/* Goes on from the test before it, whose answers it fixes. */
START_TEST(final_release_asks_first)
{
    struct client *client = scene_client(&scene);
    scene_window(&scene, "now() - interval '9 days'", "now() + interval '9 days'");
    struct client_reply page = official_get(client, &pat, FINAL);
    expect(&page, 409, "The final release comes after the close");
    scene_window(&scene, "now() - interval '9 days'", "now() - interval '29 minutes'");
    page = official_post(client, &pat, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect(&page, 409, "can be made from");
    scene_window(&scene, "now() - interval '9 days'", "now() - interval '30 minutes 20 seconds'");
    page = official_post(client, &pat, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect(&page, 409, "all that arrived in time is stored");
    scene_window(&scene, "now() - interval '9 days'", "now() - interval '32 minutes'");
    number("insert into state_proposals (consultation_id, submission_id, proposed_by, expires_at, "
           "state_before, state_wanted, reason) select consultation_id, max(submission_id), 1, "
           "now() + interval '1 day', 'counted', 'set aside', 'trial' from submissions group by 1 "
           "returning 1");
    page = official_get(client, &pat, FINAL);
    ck_assert_ptr_nonnull(strstr(page.body, "Paper answers can still be entered until"));
    ck_assert_ptr_nonnull(strstr(page.body, "Proposals waiting for a second person: 1."));
    expect(&page, 200, "Remarks not yet reviewed: 24");
    page = official_post(client, &pat, FINAL, fixture_form_add(NULL, "/go", "confirm"));
    expect(&page, 422, "href=\"#sure\"");
    /* What does not add up is not made final. */
    cluster_number(scene.cluster,
                   "update tallies set cells[6] = cells[6] + 1 where cells[6] = 12 returning 1");
    page = official_post(client, &pat, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect(&page, 409, "A recount differs from the tallies");
    cluster_number(scene.cluster,
                   "update tallies set cells[6] = 12 where cells[6] = 13 returning 1");
    ck_assert_int_eq(number("select count(*) from releases where final"), 0);
    final_release_takes_long(client);
    ck_assert_int_eq(number("select count(*) from releases r join consultations c using "
                            "(consultation_id) where r.final and c.slug = '" SCENE_SLUG "' and "
                            "c.final_release_at = r.released_at"),
                     1);
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'final-release' and "
                            "detail ->> 'official' = 'pat' and detail ->> 'proposals_lapsed' = "
                            "'1'"),
                     1);
    await_page(client, PAGE "/tally", "final");
    page = official_get(client, &pat, PUBLICATION);
    expect(&page, 200, "Not now: The final release has been made");
    page = official_post(client, &sue, FINAL, fixture_form_add(NULL, "/sure", "yes"));
    expect(&page, 409, NULL);
    ck_assert_int_eq(number("select count(*) from releases where final"), 1);
    client_free(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("publication");
    TCase *all = tcase_create("publication");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, persons_make, NULL);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, extended_for_all_to_see);
    tcase_add_test(all, set_before_the_opening);
    tcase_add_test(all, previewed_before_the_opening);
    tcase_add_test(all, opened_in_the_open);
    tcase_add_test(all, corrected_with_a_note);
    tcase_add_test(all, figures_wait_for_the_close);
    tcase_add_test(all, final_release_asks_first);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
