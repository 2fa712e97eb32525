/* What a page says of itself to search engines and messengers, and where they find all pages. */
#include "support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

enum { ADDRESS = 256 };

static struct client_reply get_ok(struct client *client, const char *path)
{
    struct client_reply reply = client_get(client, path);
    ck_assert_msg(reply.status == 200, "%s: %d %s", path, reply.status, reply.body);
    return reply;
}

static void expect_inside(const struct client_reply *reply, const char *before, const char *tag,
                          const char *rest)
{
    char wanted[2 * ADDRESS];
    snprintf(wanted, sizeof wanted, "%s\"%s/%s%s\">", before, server_address(scene.server), tag,
             rest);
    ck_assert_msg(strstr(reply->body, wanted) != NULL, "%s is not in %.3000s", wanted, reply->body);
}

static const char *const rests[] = {
    "",
    "/consultations/" SCENE_SLUG,
    "/consultations/" SCENE_SLUG "/directions/2",
    "/consultations/" SCENE_SLUG "/measures/1-3",
    "/consultations/" SCENE_SLUG "/tally",
};
enum { RESTS = sizeof rests / sizeof *rests };

START_TEST(page_names_its_address_in_every_language)
{
    static const char *const tags[] = {"zh-Hant", "en", "zh-Hans"};
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < 3 * RESTS; i++) {
        const char *tag = tags[i % 3], *rest = rests[i / 3];
        char path[ADDRESS];
        snprintf(path, sizeof path, "/%s%s?utm_source=x", tag, rest);
        struct client_reply reply = get_ok(client, path);
        expect_inside(&reply, "<link rel=\"canonical\" href=", tag, rest);
        expect_inside(&reply, "<meta property=\"og:url\" content=", tag, rest);
        for (size_t other = 0; other < 3; other++) {
            char before[64];
            snprintf(before, sizeof before,
                     "<link rel=\"alternate\" hreflang=\"%s\" href=", tags[other]);
            expect_inside(&reply, before, tags[other], rest);
        }
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

/* The linked data of a page, parsed; caller decrefs. */
static json_t *linked_of(const struct client_reply *reply)
{
    static const char begin[] = "<script type=\"application/ld+json\">";
    const char *data = strstr(reply->body, begin);
    ck_assert_ptr_nonnull(data);
    data += strlen(begin);
    json_t *linked = json_loadb(data, (size_t)(strstr(data, "</script>") - data), 0, NULL);
    ck_assert_ptr_nonnull(linked);
    return linked;
}

START_TEST(linked_data_tells_the_way)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = get_ok(client, "/en/consultations/" SCENE_SLUG "/measures/1-3");
    json_t *linked = linked_of(&reply);
    json_t *steps = json_at(linked, "/breadcrumb/itemListElement");
    ck_assert_uint_eq(json_array_size(steps), 4);
    ck_assert_str_eq(json_string_value(json_at(linked, "/mainEntity/identifier")), "1-3");
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_at(linked, "/mainEntity/text")), "\"AI+\" initiative"));
    ck_assert_str_eq(json_string_value(json_at(linked, "/inLanguage")), "en");
    ck_assert(strncmp(json_string_value(json_at(linked, "/breadcrumb/itemListElement/2/item")),
                      server_address(scene.server), strlen(server_address(scene.server))) == 0);
    json_decref(linked);
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

/* Nothing that the policy allows runs a script: the data block is only data. */
START_TEST(policy_still_allows_no_script)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = get_ok(client, "/en/consultations/" SCENE_SLUG "/measures/1-3");
    char policy[256];
    ck_assert(client_header(&reply, "Content-Security-Policy", policy, sizeof policy));
    ck_assert_ptr_nonnull(strstr(policy, "default-src 'none'"));
    ck_assert_ptr_null(strstr(policy, "unsafe"));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(rehearsals_and_forms_stay_unlisted)
{
    struct client *client = scene_client(&scene);
    struct client_reply rehearsal = get_ok(client, "/en/consultations/" SCENE_REHEARSAL);
    struct client_reply sitemap = get_ok(client, "/sitemap.xml");
    ck_assert_ptr_nonnull(strstr(rehearsal.body, "<meta name=\"robots\" content=\"noindex\">"));
    ck_assert_ptr_null(strstr(sitemap.body, "rehearsal"));
    ck_assert_ptr_null(strstr(sitemap.body, "answer"));
    client_reply_clear(&rehearsal);
    client_reply_clear(&sitemap);
    client_free(client);
}
END_TEST

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}

START_TEST(sitemap_lists_pages_that_are_there)
{
    struct client *client = scene_client(&scene);
    struct client_reply sitemap = get_ok(client, "/sitemap.xml");
    char type[80];
    ck_assert(client_header(&sitemap, "Content-Type", type, sizeof type));
    ck_assert_str_eq(type, "application/xml; charset=utf-8");
    size_t entries = count_of(sitemap.body, "<loc>"), looked = 0;
    ck_assert_uint_gt(entries, 3 * (3 + 15));
    ck_assert_uint_eq(count_of(sitemap.body, "hreflang="), 3 * entries);
    const char *address = server_address(scene.server);
    for (const char *at = sitemap.body; (at = strstr(at, "<loc>")) != NULL; looked++) {
        char path[ADDRESS];
        at += strlen("<loc>");
        ck_assert(strncmp(at, address, strlen(address)) == 0);
        at += strlen(address);
        snprintf(path, sizeof path, "%.*s", (int)(strstr(at, "<") - at), at);
        struct client_reply page = get_ok(client, path);
        ck_assert_ptr_null(strstr(page.body, "noindex"));
        client_reply_clear(&page);
    }
    ck_assert_uint_eq(looked, entries);
    client_reply_clear(&sitemap);
    client_free(client);
}
END_TEST

START_TEST(robots_point_at_the_sitemap)
{
    struct client *client = scene_client(&scene);
    struct client_reply robots = get_ok(client, "/robots.txt");
    char wanted[ADDRESS];
    snprintf(wanted, sizeof wanted, "\nSitemap: %s/sitemap.xml\n", server_address(scene.server));
    ck_assert_ptr_nonnull(strstr(robots.body, wanted));
    ck_assert_ptr_nonnull(strstr(robots.body, "Disallow: /*/answer"));
    client_reply_clear(&robots);
    client_free(client);
}
END_TEST

START_TEST(start_page_has_doors_and_the_live_count)
{
    struct client *client = scene_client(&scene);
    struct client_reply reply = get_ok(client, "/en");
    for (int i = 1; i <= 3; i++) {
        char door[ADDRESS];
        snprintf(door, sizeof door, "href=\"/en/consultations/" SCENE_SLUG "/directions/%d\"", i);
        ck_assert_msg(strstr(reply.body, door) != NULL, "%s", door);
    }
    ck_assert_ptr_nonnull(strstr(reply.body, "Submissions received"));
    ck_assert_ptr_nonnull(strstr(reply.body, "Hong Kong time"));
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(search_marks_what_it_finds)
{
    static const struct {
        const char *path, *inside;
    } cases[] = {
        {"/zh-Hant/consultations/" SCENE_SLUG "/search?q=%E4%BA%BA%E6%89%8D", "<mark>人才</mark>"},
        {"/en/consultations/" SCENE_SLUG "/search?q=MEDICAL+innovation",
         "<mark>medical</mark> <mark>innovation</mark>"},
        {"/en/consultations/" SCENE_SLUG "/search?q=%22AI%2B%22", "<mark>&quot;AI+&quot;</mark>"},
        {"/zh-Hans/consultations/" SCENE_SLUG "/search?q=innohk", "<mark>InnoHK</mark>"},
        {"/en/consultations/" SCENE_SLUG "/search?q=zebra", "Nothing was found for"},
        {"/en/consultations/" SCENE_SLUG "/search", "Read direction by direction"},
        {"/en/consultations/" SCENE_SLUG "/search?q=%3Cscript%3E", "value=\"&lt;script&gt;\""},
        {"/en/consultations/" SCENE_SLUG "/search?q=a%26b+c",
         "href=\"/zh-Hant/consultations/" SCENE_SLUG "/search?q=a%26b%20c\""},
    };
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client_reply reply = get_ok(client, cases[i].path);
        char value[64] = "";
        ck_assert_msg(strstr(reply.body, cases[i].inside) != NULL, "%s: %.3000s", cases[i].path,
                      reply.body);
        ck_assert_ptr_nonnull(strstr(reply.body, "noindex"));
        ck_assert(client_header(&reply, "Cache-Control", value, sizeof value));
        ck_assert_str_eq(value, "no-store");
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

START_TEST(search_as_json)
{
    struct client *client = scene_client(&scene);
    struct client_reply found = get_ok(client, SCENE_API "/search?lang=en&q=medical");
    struct client_reply none = get_ok(client, SCENE_API "/search?lang=en");
    json_t *hits = json_at(found.json, "/hits");
    ck_assert_uint_ge(json_array_size(hits), 2);
    ck_assert_str_eq(client_text(&found, "/hits/0/kind"), "measure");
    ck_assert_str_eq(client_text(&found, "/hits/0/code"), "1-7");
    const char *text = client_text(&found, "/hits/0/text");
    size_t from = (size_t)json_integer_value(json_at(found.json, "/hits/0/matches/0/from"));
    ck_assert(strncmp(text + from, "medical", 7) == 0);
    ck_assert_uint_eq(json_array_size(json_at(none.json, "/hits")), 0);
    client_reply_clear(&found);
    client_reply_clear(&none);
    client_free(client);
}
END_TEST

START_TEST(search_is_bounded)
{
    char query[400] = "/search?lang=en&q=", path[600];
    for (int i = 0; i < 101; i++)
        strcat(query, "x");
    struct client *client = scene_client(&scene);
    snprintf(path, sizeof path, SCENE_API "%s", query);
    struct client_reply data = client_get(client, path);
    scene_expect_problem(&data, 400, "bad-request", "q");
    ck_assert_str_eq(client_text(&data, "/errors/0/code"), "too-long");
    ck_assert_int_eq(json_integer_value(json_at(data.json, "/errors/0/limit")), 100);
    snprintf(path, sizeof path, "/en/consultations/" SCENE_SLUG "%s", query);
    struct client_reply page = client_get(client, path);
    ck_assert_int_eq(page.status, 422);
    ck_assert_ptr_nonnull(strstr(page.body, "<title>Error: "));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#q\""));
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"xxxxx"));
    client_reply_clear(&data);
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(words_are_explained_in_place)
{
    struct client *client = scene_client(&scene);
    struct client_reply page = get_ok(client, "/en/consultations/" SCENE_SLUG "/measures/2-2");
    struct client_reply other =
        get_ok(client, "/zh-Hant/consultations/" SCENE_SLUG "/directions/1");
    struct client_reply all = get_ok(client, SCENE_API "/glossary?lang=zh-Hans");
    struct client_reply whole = get_ok(client, "/zh-Hant/consultations/" SCENE_SLUG "/glossary");
    struct client_reply found = get_ok(client, SCENE_API "/search?lang=en&q=ttps");
    ck_assert_ptr_nonnull(strstr(page.body, "Words used here"));
    ck_assert_ptr_nonnull(strstr(page.body, "<dt>Top Talent Pass Scheme (TTPS)</dt>"));
    ck_assert_ptr_null(strstr(page.body, "<dt>InnoHK</dt>"));
    ck_assert_ptr_nonnull(strstr(other.body, "<dt>InnoHK</dt>"));
    ck_assert_ptr_nonnull(strstr(other.body, "<dt>河套香港園區</dt>"));
    ck_assert_ptr_null(strstr(other.body, "高才通"));
    ck_assert_uint_ge(json_array_size(json_at(all.json, "/terms")), 20);
    ck_assert_ptr_nonnull(strstr(whole.body, "<div id=\"ttps\">"));
    ck_assert_str_eq(client_text(&found, "/hits/0/kind"), "term");
    ck_assert_str_eq(client_text(&found, "/hits/0/code"), "ttps");
    client_reply_clear(&page);
    client_reply_clear(&other);
    client_reply_clear(&all);
    client_reply_clear(&whole);
    client_reply_clear(&found);
    client_free(client);
}
END_TEST

SCENE_MAIN("reading", NULL, page_names_its_address_in_every_language, linked_data_tells_the_way,
           policy_still_allows_no_script, rehearsals_and_forms_stay_unlisted,
           sitemap_lists_pages_that_are_there, robots_point_at_the_sitemap,
           start_page_has_doors_and_the_live_count, search_marks_what_it_finds, search_as_json,
           search_is_bounded, words_are_explained_in_place)
