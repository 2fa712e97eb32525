/* Officials' pages of submissions: what is listed and read, what a page says of its filters, what
 * the record of acts keeps of a look, and that nothing is shown that it does not keep. */
#include "support/officials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", NULL};

#define LIST "/en/officials/consultations/" SCENE_SLUG "/submissions"
#define HOSTILE "噪音 </bdi><script>alert(1)</script> \"' & <mark>noise"

enum { PATH = 512, SAID = 6, NUMBER = 11 };

/* What was said before the tests, oldest first. */
static const struct {
    const char *measure, *language, *remark;
    int stance;
} said[SAID] = {
    {"1-1", "zh-Hant", "我支持創新科技發展，亦關注土地供應。", 5},
    {"1-2", "zh-Hant", HOSTILE, 1},
    {"1-2", "zh-Hans", "希望减少繁琐手续，支持创新。", 4},
    {"2-1", "en", "Traffic noise near the universities is a worry.", 2},
    {"2-1", "en", NULL, 3},
    {"1-2", "zh-Hant", "會被修改的意見", 1},
};
static char numbers[SAID + 1][NUMBER]; /* the last amends the one before */
static struct official_made ann, eve;  /* an analyst, and a viewer */

static void keep_number(struct client_reply *reply, char number[NUMBER])
{
    snprintf(number, NUMBER, "%s", client_text(reply, "/receipt/number"));
    ck_assert_uint_eq(strlen(number), NUMBER - 1);
}

static void amend(struct client *client, struct client_reply *first, char number[NUMBER])
{
    char path[PATH], headers[2 * FIXTURE_KEY], key[FIXTURE_KEY];
    fixture_key(key);
    snprintf(path, sizeof path, "/v1/submissions/%s/amendments",
             client_text(first, "/receipt/number"));
    snprintf(headers, sizeof headers, "Authorization: Receipt %s\r\n%s",
             client_text(first, "/code"), key);
    json_t *submission = fixture_smallest();
    fixture_set(submission, "/identity", NULL);
    struct client_reply reply = client_post_json(client, path, headers, submission);
    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    keep_number(&reply, number);
    client_reply_clear(&reply);
}

static void open_room(void)
{
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < SAID; i++) {
        json_t *submission = fixture_smallest();
        fixture_set(submission, "/language", json_string(said[i].language));
        fixture_set(submission, "/answers",
                    json_pack("{s:{s:i, s:s*}}", said[i].measure, "stance", said[i].stance,
                              "remark", said[i].remark));
        struct client_reply reply = scene_submit(client, submission);
        keep_number(&reply, numbers[i]);
        if (i == SAID - 1)
            amend(client, &reply, numbers[SAID]);
        client_reply_clear(&reply);
    }
    official_make(&scene, "ann", NULL, &ann);
    official_make(&scene, "eve", NULL, &eve);
    official_grant(&scene, "ann", SCENE_SLUG, "analyst");
    official_grant(&scene, "ann", SCENE_REHEARSAL, "analyst");
    official_grant(&scene, "eve", SCENE_SLUG, "viewer");
    official_sign_in(&scene, client, &ann);
    official_sign_in(&scene, client, &eve);
    client_free(client);
    scene_await(&scene,
                "select count(*) from remarks r where not exists (select from remark_terms "
                "t where (t.consultation_id, t.submission_id, t.part, t.ordinal) = "
                "(r.consultation_id, r.submission_id, r.part, r.ordinal))",
                0);
}

static struct client_reply get(struct client *client, const char *path)
{
    return official_get(client, &ann, path);
}

static struct client_reply list(struct client *client, const char *query)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s%s", LIST, query);
    return get(client, path);
}

static void has(const struct client_reply *reply, const char *words)
{
    ck_assert_msg(strstr(reply->body, words), "no «%s»: %d %.3000s", words, reply->status,
                  reply->body);
}

static void has_not(const struct client_reply *reply, const char *words)
{
    ck_assert_msg(!strstr(reply->body, words), "«%s»: %.3000s", words, reply->body);
}

static size_t count_of(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *p = text; (p = strstr(p, words)); p += strlen(words))
        count++;
    return count;
}

/* The href of the first link after `words`, without what HTML escapes. False: none. */
static bool href_after(const struct client_reply *reply, const char *words, char href[PATH])
{
    const char *at = strstr(reply->body, words), *end;
    at = at ? strstr(at, "href=\"") : NULL;
    if (!at)
        return false;
    size_t length = 0;
    for (at += 6, end = strchr(at, '"'); at < end && length < PATH - 1; at++) {
        href[length++] = *at;
        if (strncmp(at, "&amp;", 5) == 0)
            at += 4;
    }
    href[length] = '\0';
    return true;
}

static const struct {
    const char *query;
    unsigned found; /* bits by place in `numbers` */
    const char *words;
} filters[] = {
    {"", 0x7f, "All of them"},
    {"?measure=&stance=&text=", 0x7f, "All of them"},
    {"?measure=1-2", 0x26, "Measure: <bdi>1-2 "},
    {"?measure=1-2&stance=1", 0x22, "Stance: <bdi>Strongly oppose"},
    {"?kind=organisation", 0, "No submission meets these filters"},
    {"?kind=individual&language=en", 0x58, "Language: <bdi>English"},
    {"?state=superseded", 0x20, "State: <bdi>Superseded"},
    {"?moderation=waiting", 0x2f, "Moderation: <bdi>Waiting"},
    {"?moderation=refused", 0, "No submission meets these filters"},
    {"?from=2000-01-01&to=2001-01-01", 0, "To day: <bdi>1 January 2001"},
    {"?from=2000-01-01", 0x7f, "From day: <bdi>1 January 2000"},
    {"?text=%E5%89%B5%E6%96%B0", 0x05, "Words in remarks: <bdi>創新"},
    {"?text=noise", 0x0a, "Words in remarks: <bdi>noise"},
    {"?text=traffic+noise&state=counted", 0x08, "<bdi>traffic noise"},
    {"?text=noise&utm_source=letter", 0x0a, "<bdi>noise"},
};

START_TEST(filters_are_the_addresses)
{
    struct client *client = scene_client(&scene);
    struct client_reply page = list(client, filters[_i].query);
    ck_assert_int_eq(page.status, 200);
    char cache[32] = "", id[32];
    ck_assert(client_header(&page, "Cache-Control", cache, sizeof cache));
    ck_assert_str_eq(cache, "no-store");
    has(&page, filters[_i].words);
    for (size_t i = 0; i <= SAID; i++) {
        snprintf(id, sizeof id, "<li id=\"n-%s\">", numbers[i]);
        ck_assert_msg(!strstr(page.body, id) == !(filters[_i].found >> i & 1), "%s, %zu: %.3000s",
                      filters[_i].query, i, page.body);
    }
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

/* Each filter in words is a link to the list without it, and the form has them as they are. */
START_TEST(one_filter_is_taken_away)
{
    struct client *client = scene_client(&scene);
    char href[PATH];
    struct client_reply page =
        list(client, "?measure=1-2&stance=1&text=%E5%99%AA%E9%9F%B3&before=nonsense");
    client_reply_clear(&page);
    page = list(client, "?measure=1-2&stance=1&text=%E5%99%AA%E9%9F%B3");
    has(&page, "<option value=\"1-2\" selected>");
    has(&page, "<option value=\"1\" selected>Strongly oppose");
    has(&page, "name=\"text\" value=\"噪音\"");
    ck_assert(href_after(&page, "class=\"app-chosen__list\"", href));
    ck_assert_str_eq(href, LIST "?stance=1&text=%E5%99%AA%E9%9F%B3");
    ck_assert(href_after(&page, "lang=\"zh-Hans\"", href) || true);
    has(&page, "/zh-Hans/officials/consultations/" SCENE_SLUG
               "/submissions?measure=1-2&amp;stance=1&amp;text=%E5%99%AA%E9%9F%B3");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(hits_are_marked_and_hostile_words_harmless)
{
    struct client *client = scene_client(&scene);
    struct client_reply page = list(client, "?text=%E5%99%AA%E9%9F%B3");
    has(&page, "<mark>噪音</mark> &lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39; "
               "&amp; &lt;mark&gt;noise");
    has_not(&page, "<script>");
    client_reply_clear(&page);
    page = list(client, "?text=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    ck_assert_int_eq(page.status, 200);
    has_not(&page, "<script>alert");
    client_reply_clear(&page);
    /* In the other script and another form of the word. */
    page = list(client, "?text=%E5%88%9B%E6%96%B0");
    has(&page, "我支持<mark>創新</mark>科技");
    has(&page, "支持<mark>创新</mark>。");
    client_reply_clear(&page);
    page = list(client, "?text=university");
    has(&page, "<mark>universities</mark>");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

static const struct {
    const char *query, *id, *words, *typed;
} faulty[] = {
    {"?measure=9-9&state=held", "measure", "Measure: ", "<option value=\"held\" selected>"},
    {"?stance=6", "stance", "Stance: ", ""},
    {"?kind=robot&text=abc", "kind", "Kind of respondent: ", "value=\"abc\""},
    {"?state=gone", "state", "State: ", ""},
    {"?language=fr", "language", "Language: ", ""},
    {"?moderation=x", "moderation", "Moderation: ", ""},
    {"?from=yesterday%22%3E", "from", "Enter a day that exists", "value=\"yesterday&quot;&gt;\""},
    {"?to=2026-02-30", "to", "Enter a day that exists", "value=\"2026-02-30\""},
    {"?text=%EF%BC%8C", "text", "Enter one to eight words", "value=\"，\""},
    {"?text=a+b+c+d+e+f+g+h+i", "text", "Enter one to eight words", "value=\"a b c d e f g h i\""},
    {"?before=1", "before", "no such submission", ""},
    {"?after=0000000000", "after", "no such submission", ""},
    {"?before=0000000000&after=0000000000", "after", "no such submission", ""},
};

START_TEST(faults_are_named_and_nothing_is_lost)
{
    struct client *client = scene_client(&scene);
    char link[32], id[32];
    struct client_reply page = list(client, faulty[_i].query);
    ck_assert_msg(page.status == 422, "%d %s", page.status, page.body);
    snprintf(link, sizeof link, "<a href=\"#%s\">", faulty[_i].id);
    snprintf(id, sizeof id, "id=\"%s\"", faulty[_i].id);
    has(&page, link);
    has(&page, id);
    has(&page, faulty[_i].words);
    has(&page, faulty[_i].typed);
    has_not(&page, "<li id=\"n-");
    has_not(&page, "Only these are shown");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

/* What is no text is refused before any page. */
START_TEST(broken_bytes)
{
    struct client *client = scene_client(&scene);
    static const char *const queries[] = {"?text=%00", "?text=%FF%FE", "?text=%ZZ"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct client_reply page = list(client, queries[i]);
        ck_assert_msg(page.status == 400 || page.status == 422, "%s: %d", queries[i], page.status);
        client_reply_clear(&page);
        client_close(client);
    }
    char path[PATH] = "?text=";
    memset(path + 6, 'a', 101);
    struct client_reply page = list(client, path);
    ck_assert_int_eq(page.status, 422);
    has(&page, "Enter one to eight words");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

/* The longest query that there is goes through the page and its links. */
START_TEST(longest_words)
{
    struct client *client = scene_client(&scene);
    char path[2048] = LIST "?text=";
    for (int i = 0; i < 100; i++)
        snprintf(path + strlen(path), 13, "%s", "%F0%A0%AE%B7"); /* 𠮷, four bytes */
    struct client_reply page = get(client, path);
    ck_assert_int_eq(page.status, 200);
    has(&page, "No submission meets these filters");
    ck_assert_uint_eq(count_of(page.body, "%F0%A0%AE%B7"), 200); /* the two other languages */
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(pages_go_both_ways)
{
    enum { MANY = 55, PAGE = 50 };
    struct client *client = scene_client(&scene);
    char href[PATH], back[PATH];
    for (int i = 0; i < MANY; i++) {
        json_t *submission = fixture_smallest();
        fixture_set(submission, "/answers", json_pack("{s:{s:i}}", "3-3", "stance", 1 + i % 2));
        struct client_reply reply = scene_submit(client, submission);
        client_reply_clear(&reply);
    }
    struct client_reply first = list(client, "?measure=3-3");
    ck_assert_uint_eq(count_of(first.body, "<li id=\"n-"), PAGE);
    ck_assert_ptr_null(strstr(first.body, "rel=\"prev\""));
    ck_assert(href_after(&first, "rel=\"next\"", href));
    ck_assert_ptr_nonnull(strstr(href, "?measure=3-3&before="));
    struct client_reply second = get(client, href);
    ck_assert_uint_eq(count_of(second.body, "<li id=\"n-"), MANY - PAGE);
    ck_assert_ptr_null(strstr(second.body, "rel=\"next\""));
    has(&second, "rel=\"first\"");
    ck_assert(href_after(&second, "rel=\"prev\"", back));
    struct client_reply again = get(client, back);
    ck_assert_uint_eq(count_of(again.body, "<li id=\"n-"), PAGE);
    for (const char *p = first.body; (p = strstr(p, "<li id=\"n-")); p++) {
        char item[32];
        snprintf(item, sizeof item, "%.*s", 20, p);
        has(&again, item);
    }
    /* Beyond the last there is nothing, and a way back. */
    const char *last = NULL;
    for (const char *p = second.body; (p = strstr(p, "<li id=\"n-")); p++)
        last = p + strlen("<li id=\"n-");
    ck_assert_ptr_nonnull(last);
    snprintf(href, sizeof href, LIST "?measure=3-3&before=%.10s", last);
    client_reply_clear(&again);
    again = get(client, href);
    has(&again, "There are no more in this direction");
    has(&again, "href=\"" LIST "?measure=3-3\"");
    client_reply_clear(&first);
    client_reply_clear(&second);
    client_reply_clear(&again);
    client_free(client);
}
END_TEST

static struct client_reply one(struct client *client, const char *number, const char *query)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s%s", LIST, number, query);
    return get(client, path);
}

START_TEST(one_is_read_whole)
{
    struct client *client = scene_client(&scene);
    char href[PATH], wanted[PATH];
    struct client_reply page = one(client, numbers[1], "");
    ck_assert_int_eq(page.status, 200);
    has(&page, "Strongly oppose");
    has(&page, "噪音 &lt;/bdi&gt;&lt;script&gt;");
    has_not(&page, "<script>alert");
    has_not(&page, "<mark>");
    client_reply_clear(&page);
    /* What became of the amended one, and both links. */
    page = one(client, numbers[SAID - 1], "");
    has(&page, "Superseded");
    has(&page, "Amended by a later submission");
    has_not(&page, "/state\"");
    ck_assert(href_after(&page, "Amended by</dt>", href));
    snprintf(wanted, sizeof wanted, LIST "/%s", numbers[SAID]);
    ck_assert_str_eq(href, wanted);
    client_reply_clear(&page);
    page = get(client, href);
    has(&page, "Amends</dt>");
    has(&page, numbers[SAID - 1]);
    client_reply_clear(&page);
    struct client_reply whole = scene_submit(client, fixture_submission());
    page = one(client, client_text(&whole, "/receipt/number"), "");
    has(&page, "Society of Testers");
    has(&page, "One of those that matter most");
    has(&page, "Questions put to you");
    client_reply_clear(&page);
    client_reply_clear(&whole);
    client_free(client);
}
END_TEST

/* Officials' own states: why, and the way to propose another one. */
START_TEST(states_of_officials)
{
    struct client *client = scene_client(&scene);
    char sql[PATH], wanted[PATH];
    static const char *const states[][3] = {
        {"set aside", "duplicate", "Sent again by the same respondent"},
        {"counted", "by officials", "By two officials"}};
    for (size_t i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql,
                 "select submission_state_change(1::int2, consultation_id, submission_id, '%s', "
                 "'%s', clock_timestamp()) from submissions where number = '%s'",
                 states[i][0], states[i][1], numbers[4]);
        free(cluster_text(scene.cluster, sql));
        struct client_reply page = one(client, numbers[4], "");
        has(&page, states[i][2]);
        has_not(&page, "<bdi>duplicate</bdi>");
        snprintf(wanted, sizeof wanted, "href=\"" LIST "/%s/state\"", numbers[4]);
        has(&page, wanted);
        client_reply_clear(&page);
    }
    client_free(client);
}
END_TEST

/* Within the filters of the list that it was opened from, and back to where it stands in it. */
START_TEST(neighbours_meet_the_filters)
{
    struct client *client = scene_client(&scene);
    char href[PATH], wanted[PATH];
    struct client_reply page = one(client, numbers[2], "?measure=1-2");
    ck_assert(href_after(&page, "rel=\"next\"", href));
    snprintf(wanted, sizeof wanted, LIST "/%s?measure=1-2", numbers[1]);
    ck_assert_str_eq(href, wanted);
    ck_assert(href_after(&page, "rel=\"prev\"", href));
    snprintf(wanted, sizeof wanted, LIST "/%s?measure=1-2", numbers[5]);
    ck_assert_str_eq(href, wanted);
    snprintf(wanted, sizeof wanted, "href=\"" LIST "?measure=1-2&amp;before=%s\"", numbers[5]);
    has(&page, wanted);
    client_reply_clear(&page);
    /* Where there is one only, there is no way. */
    page = one(client, numbers[0], "?measure=1-1&language=zh-Hant");
    has_not(&page, "rel=\"next\"");
    has_not(&page, "rel=\"prev\"");
    client_reply_clear(&page);
    page = list(client, "?measure=1-1&language=zh-Hant");
    has_not(&page, "govuk-pagination");
    client_reply_clear(&page);
    /* By words: marked here as well; the oldest has none behind it. */
    page = one(client, numbers[2], "?text=%E5%89%B5%E6%96%B0");
    has(&page, "支持<mark>创新</mark>。");
    has_not(&page, "rel=\"prev\"");
    ck_assert(href_after(&page, "rel=\"next\"", href));
    snprintf(wanted, sizeof wanted, LIST "/%s?text=%%E5%%89%%B5%%E6%%96%%B0", numbers[0]);
    ck_assert_str_eq(href, wanted);
    client_reply_clear(&page);
    page = get(client, wanted);
    has_not(&page, "rel=\"next\"");
    client_reply_clear(&page);
    /* Filters that are not right are none. */
    page = one(client, numbers[2], "?measure=9-9");
    ck_assert_int_eq(page.status, 200);
    ck_assert(href_after(&page, "rel=\"next\"", href));
    snprintf(wanted, sizeof wanted, LIST "/%s", numbers[1]);
    ck_assert_str_eq(href, wanted);
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(no_such_submission)
{
    struct client *client = scene_client(&scene);
    static const char *const wrong[] = {"0000000000", "abc", "%3Cscript%3E", "0000000000000000000"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct client_reply page = one(client, wrong[i], "");
        ck_assert_msg(page.status == 404, "%s: %d", wrong[i], page.status);
        client_reply_clear(&page);
    }
    /* One of another consultation, on which the same official has the same role. */
    char path[PATH];
    snprintf(path, sizeof path, "/en/officials/consultations/" SCENE_REHEARSAL "/submissions/%s",
             numbers[0]);
    struct client_reply page = get(client, path);
    ck_assert_int_eq(page.status, 404);
    client_reply_clear(&page);
    page = get(client, "/en/officials/consultations/" SCENE_REHEARSAL "/submissions");
    has(&page, "Nothing has been received yet");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(only_analysts)
{
    struct client *client = scene_client(&scene);
    struct client_reply page = official_get(client, &eve, LIST);
    ck_assert_int_eq(page.status, 403);
    has_not(&page, numbers[0]);
    client_reply_clear(&page);
    page = official_get(client, &eve, "/en/officials/consultations/" SCENE_SLUG);
    ck_assert_int_eq(page.status, 200);
    has_not(&page, LIST);
    client_reply_clear(&page);
    page = get(client, "/en/officials/consultations/" SCENE_SLUG);
    has(&page, "href=\"" LIST "\"");
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

static int64_t number(const char *sql)
{
    return cluster_number(scene.cluster, sql);
}

static int64_t recorded(const char *action)
{
    char sql[PATH];
    snprintf(sql, sizeof sql, "select count(*) from audit_log where action = '%s'", action);
    return number(sql);
}

static char *last_detail(const char *action)
{
    char sql[PATH];
    snprintf(sql, sizeof sql,
             "select detail::text from audit_log where action = '%s' order by audit_id desc limit "
             "1",
             action);
    return cluster_text(scene.cluster, sql);
}

/* Which submissions were shown, and nothing of what they say: neither by what was looked for, nor
 * by the stance that all that was found have. */
START_TEST(looks_are_recorded)
{
    struct client *client = scene_client(&scene);
    char wanted[PATH];
    struct client_reply page =
        list(client, "?measure=1-2&stance=4&state=counted&from=2000-01-01&text=%E7%B9%81%E7%90%90");
    client_reply_clear(&page);
    char *detail = last_detail("submissions-listed");
    snprintf(wanted, sizeof wanted,
             "{\"from\": \"127.0.0.0/24\", \"filters\": {\"from\": \"2000-01-01\", \"state\": "
             "\"counted\"}, \"numbers\": [\"%s\"], \"official\": \"ann\", \"filtered_by\": "
             "[\"measure\", \"stance\", \"text\"]}",
             numbers[2]);
    ck_assert_str_eq(detail, wanted);
    free(detail);
    page = one(client, numbers[2], "?text=%E7%B9%81%E7%90%90");
    client_reply_clear(&page);
    detail = last_detail("submission-read");
    snprintf(wanted, sizeof wanted,
             "{\"from\": \"127.0.0.0/24\", \"number\": \"%s\", \"official\": \"ann\"}", numbers[2]);
    ck_assert_str_eq(detail, wanted);
    free(detail);
    ck_assert_int_eq(number("select count(*) from audit_log where detail::text ~ '繁琐|1-2'"), 0);
    ck_assert_int_eq(
        number("select count(*) from audit_log where action ~ '^submission(s-listed|-read)$' "
               "and detail ->> 'official' <> 'ann'"),
        0);
    /* What showed nothing of anybody is no look. */
    int64_t before = recorded("submission-read"), lists = recorded("submissions-listed");
    page = one(client, "0000000000", "");
    client_reply_clear(&page);
    page = list(client, "?stance=9");
    client_reply_clear(&page);
    ck_assert_int_eq(recorded("submission-read"), before);
    ck_assert_int_eq(recorded("submissions-listed"), lists);
    client_free(client);
}
END_TEST

/* A long list is short in the record's page and whole in its files. */
START_TEST(administrators_see_the_looks)
{
    struct client *client = scene_client(&scene);
    struct official_made zoe;
    char wanted[PATH];
    official_make(&scene, "zoe", "--administrator", &zoe);
    official_sign_in(&scene, client, &zoe);
    struct client_reply page = list(client, "?to=2099-01-01&language=zh-Hant&measure=1-2");
    client_reply_clear(&page);
    page = list(client, "?to=2099-01-02");
    client_reply_clear(&page);
    page = official_get(client, &zoe, "/en/officials/acts?what=submissions-listed");
    has(&page, "Submissions listed");
    snprintf(wanted, sizeof wanted, "Numbers: %s, %s", numbers[5], numbers[1]);
    has(&page, wanted);
    has(&page, "Filtered by: Measure");
    ck_assert_ptr_nonnull(strstr(page.body, " … ("));
    client_reply_clear(&page);
    page = official_get(client, &zoe, "/en/officials/acts/ndjson?what=submissions-listed");
    has(&page, numbers[0]);
    client_reply_clear(&page);
    client_free(client);
}
END_TEST

START_TEST(nothing_is_shown_unrecorded)
{
    struct client *client = scene_client(&scene);
    free(cluster_text(scene.cluster, "alter function official_audit rename to gone"));
    struct client_reply listed = list(client, ""), read = one(client, numbers[0], "");
    free(cluster_text(scene.cluster, "alter function gone rename to official_audit"));
    ck_assert_int_eq(listed.status, 500);
    ck_assert_int_eq(read.status, 500);
    has_not(&listed, numbers[0]);
    has_not(&read, "創新");
    client_reply_clear(&listed);
    client_reply_clear(&read);
    listed = list(client, "");
    ck_assert_int_eq(listed.status, 200);
    client_reply_clear(&listed);
    client_free(client);
}
END_TEST

/* Ends the connections that read answers, and looks until there are new ones: each that was lost is
 * one 503, since the desk has two. */
static void answers_anew(struct client *client)
{
    number("select count(pg_terminate_backend(pid)) from pg_stat_activity "
           "where application_name = 'consultation-answers'");
    int status = 503;
    for (int tries = 0; tries < 8; tries++) {
        struct client_reply page = list(client, "");
        status = page.status;
        ck_assert_msg(status == 200 || status == 503, "%d", status);
        client_reply_clear(&page);
    }
    ck_assert_int_eq(status, 200);
}

/* The connection that reads answers is another one: its loss is the page's and not the sign-in's,
 * and the next look has a new one. */
START_TEST(the_other_connection_comes_back)
{
    struct client *client = scene_client(&scene);
    struct client_reply page = list(client, "");
    client_reply_clear(&page);
    ck_assert_int_ge(number("select count(*) from pg_stat_activity where application_name = "
                            "'consultation-answers'"),
                     1);
    answers_anew(client);
    client_free(client);
}
END_TEST

/* A search that has no time left says how far it came. */
START_TEST(unfinished)
{
    struct client *client = scene_client(&scene);
    char sql[1024], href[PATH], wanted[PATH];
    free(cluster_text(scene.cluster, "alter function submission_list_page rename to kept"));
    snprintf(sql, sizeof sql,
             "create function submission_list_page(integer, text, boolean, smallint, smallint, "
             "smallint, text, smallint, date, date, smallint, integer[], integer, interval) "
             "returns table (unfinished boolean, number text, arrived_at timestamptz, day date, "
             "state text, kind smallint, proven boolean, language smallint, channel smallint, "
             "organisation text, stances bytea, priorities bigint, remarks integer, part "
             "smallint, ordinal smallint, moderation smallint, original text) language sql as "
             "$$select true, '%s', null::timestamptz, null::date, null::text, null::smallint, "
             "null::boolean, null::smallint, null::smallint, null::text, null::bytea, "
             "null::bigint, null::integer, null::smallint, null::smallint, null::smallint, "
             "null::text$$",
             numbers[3]);
    free(cluster_text(scene.cluster, sql));
    free(cluster_text(scene.cluster,
                      "grant execute on function submission_list_page to consultation_exporter"));
    answers_anew(client);
    struct client_reply page = list(client, "?text=noise");
    struct client_reply read = one(client, numbers[5], "?text=noise");
    free(cluster_text(scene.cluster, "drop function submission_list_page"));
    free(cluster_text(scene.cluster, "alter function kept rename to submission_list_page"));
    answers_anew(client);
    ck_assert_int_eq(page.status, 200);
    has(&page, "Nothing has been found so far");
    snprintf(wanted, sizeof wanted, "looked through up to submission %s", numbers[3]);
    has(&page, wanted);
    ck_assert(href_after(&page, "looked through up to", href));
    snprintf(wanted, sizeof wanted, LIST "?text=noise&before=%s", numbers[3]);
    ck_assert_str_eq(href, wanted);
    /* Beside one submission: the list looks further. */
    has(&read, "Look further for older ones");
    ck_assert(href_after(&read, "rel=\"next\"", href));
    snprintf(wanted, sizeof wanted, LIST "?text=noise&before=%s", numbers[5]);
    ck_assert_str_eq(href, wanted);
    client_reply_clear(&page);
    client_reply_clear(&read);
    client_free(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("official_reading");
    TCase *all = tcase_create("official_reading");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, open_room, NULL);
    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, filters_are_the_addresses, 0, sizeof filters / sizeof filters[0]);
    tcase_add_test(all, one_filter_is_taken_away);
    tcase_add_test(all, hits_are_marked_and_hostile_words_harmless);
    tcase_add_loop_test(all, faults_are_named_and_nothing_is_lost, 0,
                        sizeof faulty / sizeof faulty[0]);
    tcase_add_test(all, broken_bytes);
    tcase_add_test(all, longest_words);
    tcase_add_test(all, one_is_read_whole);
    tcase_add_test(all, states_of_officials);
    tcase_add_test(all, neighbours_meet_the_filters);
    tcase_add_test(all, no_such_submission);
    tcase_add_test(all, only_analysts);
    tcase_add_test(all, looks_are_recorded);
    tcase_add_test(all, administrators_see_the_looks);
    tcase_add_test(all, nothing_is_shown_unrecorded);
    tcase_add_test(all, the_other_connection_comes_back);
    tcase_add_test(all, unfinished);
    tcase_add_test(all, pages_go_both_ways);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
