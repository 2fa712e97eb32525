/* Assisted entry: what a clerk types in becomes a submission like any other, with its channel, its
 * day and who typed it in; a paper form's key counts once. The walk over roles is test_walk's, both
 * ends of the window are schema/entry's. The network's share is one submission: clerks have no part
 * in it. */
#include "support/officials.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=1", NULL};

#define DESK "/en/officials/consultations/" SCENE_SLUG
#define NEW DESK "/entries/new"
#define ENTRIES DESK "/entries"
#define PAPER DESK "/paper-form"

/* One of them has entered nothing when the list is looked at. */
static struct official_made ann, fay, clerk;
static struct client *client;

static void clerk_make(const char *login, struct official_made *out)
{
    struct client *first = scene_client(&scene);
    official_make(&scene, login, NULL, out);
    official_grant(&scene, login, SCENE_SLUG, "clerk");
    official_sign_in(&scene, first, out);
    client_free(first);
}

static void clerks_make(void)
{
    clerk_make("ann", &ann);
    clerk_make("fay", &fay);
}

static void as_clerk(const struct official_made *made)
{
    client = scene_client(&scene);
    clerk = *made;
}

static int64_t number(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int64_t number(const char *format, ...)
{
    char sql[512];
    va_list words;
    va_start(words, format);
    vsnprintf(sql, sizeof sql, format, words);
    va_end(words);
    return cluster_number(scene.cluster, sql);
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.4000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

/* A fresh form's own key. */
static void made_key(char key[40])
{
    struct client_reply page = official_get(client, &clerk, NEW);
    ck_assert_msg(page.status == 200 && official_field(&page, "/made_key", key, 40), "%d %.2000s",
                  page.status, page.body);
    client_reply_clear(&page);
}

/* The key on the first form of the page. */
static void printed_key(char key[20])
{
    struct client_reply page = official_get(client, &clerk, PAPER);
    const char *at = strstr(page.body, "app-fixed\" translate=\"no\">");
    ck_assert_msg(page.status == 200 && at, "%d %.2000s", page.status, page.body);
    snprintf(key, 20, "%.19s", at + strlen("app-fixed\" translate=\"no\">"));
    client_reply_clear(&page);
}

static char *add(char *body, const char *name, const char *value)
{
    return fixture_form_add(body, name, value);
}

/* All that every entry needs, with today as its day. */
static char *usual(const char *channel)
{
    char *day = cluster_text(scene.cluster,
                             "select to_char(clock_timestamp() at time zone 'Asia/Hong_Kong', "
                             "'YYYY-MM-DD')");
    char key[40], *body = NULL;
    made_key(key);
    body = add(body, "/made_key", key);
    body = add(body, "/channel", channel);
    body = add(body, "/language", "zh-Hant");
    body = add(body, "/received_on/year", strtok(day, "-"));
    body = add(body, "/received_on/month", strtok(NULL, "-"));
    body = add(body, "/received_on/day", strtok(NULL, "-"));
    body = add(body, "/kind", "individual");
    body = add(body, "/publication", "without-name");
    body = add(body, "/answers/1-1/stance", "5");
    free(day);
    return add(body, "/answers/1-1/version", "1");
}

static struct client_reply enter(char *body)
{
    return official_post(client, &clerk, ENTRIES, body);
}

/* The text after `before` in a page, to the next mark-up. */
static void shown(const struct client_reply *page, const char *before, char *out, size_t size)
{
    const char *at = strstr(page->body, before);
    ck_assert_msg(at != NULL, "%d no «%s»: %.4000s", page->status, before, page->body);
    at += strlen(before);
    snprintf(out, size, "%.*s", (int)strcspn(at, "<"), at);
}

/* What the receipt's page says: its number and its code. */
static void receipt_of(struct client_reply *page, char receipt[11], char code[16])
{
    ck_assert_msg(page->status == 201, "%d %.4000s", page->status, page->body);
    shown(page, "app-fixed--large\" translate=\"no\">", receipt, 11);
    char rest[64];
    snprintf(rest, sizeof rest, "%s</span>", receipt);
    const char *after = strstr(page->body, rest);
    ck_assert_ptr_nonnull(after);
    struct client_reply tail = {.body = (char *)(uintptr_t)after, .status = page->status};
    shown(&tail, "app-fixed--large\" translate=\"no\">", code, 16);
    client_reply_clear(page);
}

START_TEST(each_channel_with_its_day_and_who)
{
    static const struct {
        const char *channel, *identity, *kind;
    } rows[] = {{"counter", "9123 4567", "mobile"},
                {"e-mail", "entered@example.org", "email"},
                {"telephone", "+852 6123 4567", "mobile"},
                {"paper", NULL, NULL}};
    as_clerk(&ann);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char receipt[11], code[16], header[64], path[64];
        char *body = add(usual(rows[i].channel), "/answers/2-1/remark", "On paper: \"<b>\" & more");
        body = add(body, "/answers/2-1/withhold", "1");
        body = add(body, "/priorities/3-1", "1");
        body = add(body, "/views/1/text", "A view");
        body = add(body, "/identity/kind", rows[i].kind ? rows[i].kind : "");
        if (rows[i].identity)
            body = add(body, "/identity/value", rows[i].identity);
        else
            body = add(body, "/without_key", "1");
        struct client_reply page = enter(body);
        ck_assert_msg(page.status == 201 && strstr(page.body, "On paper: &quot;&lt;b&gt;&quot;"),
                      "%s: %d %.4000s", rows[i].channel, page.status, page.body);
        ck_assert_ptr_null(strstr(page.body, "<b>"));
        ck_assert_ptr_nonnull(strstr(page.body, "lang=\"zh-Hant\""));
        ck_assert_ptr_nonnull(strstr(page.body, "href=\"/en/officials/consultations/"));
        if (rows[i].identity)
            ck_assert_ptr_null(strstr(page.body, rows[i].identity));
        receipt_of(&page, receipt, code);
        ck_assert_int_eq(number("select count(*) from submissions s join assisted_entries using "
                                "(consultation_id, submission_id) join officials o using "
                                "(official_id) where o.login = 'ann' and s.number = '%s' and "
                                "s.received_on = s.day and s.state = 'counted' and not s.proven "
                                "and s.day = (clock_timestamp() at time zone "
                                "'Asia/Hong_Kong')::date",
                                receipt),
                         1);
        ck_assert_int_eq(number("select count(*) from audit_log where action = "
                                "'submission-entered' and detail ->> 'official' = 'ann' and detail "
                                "->> 'channel' = '%s'",
                                rows[i].channel),
                         1);
        /* The code is the respondent's: it reads the answer back. */
        snprintf(header, sizeof header, "Authorization: Receipt %s\r\n", code);
        snprintf(path, sizeof path, "/v1/submissions/%s", receipt);
        struct client_reply read =
            client_run(client, &(struct client_ask){.path = path, .headers = header});
        ck_assert_int_eq(read.status, 200);
        ck_assert_str_eq(client_text(&read, "/submission/answers/2-1/remark"),
                         "On paper: \"<b>\" & more");
        ck_assert_str_eq(client_text(&read, "/submission/language"), "zh-Hant");
        client_reply_clear(&read);
    }
    struct client_reply file = official_get(client, &clerk, DESK "/figures/channels/csv");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char row[32];
        snprintf(row, sizeof row, "%s,1,1,", rows[i].channel);
        ck_assert_msg(strstr(file.body, row) != NULL, "%s in %s", row, file.body);
    }
    client_reply_clear(&file);
    char *recount =
        cluster_text(scene.cluster, "select string_agg(r::text, ' ') from consultations c, lateral "
                                    "recount(c.consultation_id) r where stored <> recounted");
    ck_assert_str_eq(recount, "");
    free(recount);
    client_free(client);
}
END_TEST

START_TEST(printed_key_counts_once)
{
    char key[20], other[20], receipt[11], code[16], again[11], code_again[16];
    as_clerk(&ann);
    printed_key(key);
    printed_key(other);
    ck_assert_str_ne(key, other);
    struct client_reply page = enter(add(usual("paper"), "/submission_key", key));
    receipt_of(&page, receipt, code);
    /* Once more, by another page and typed otherwise: the same receipt. */
    for (char *p = key; *p; p++)
        *p = (char)(*p >= 'A' ? *p + 32 : *p == ' ' ? '-' : *p);
    page = enter(add(usual("paper"), "/submission_key", key));
    ck_assert_ptr_nonnull(strstr(page.body, "意見已記錄"));
    receipt_of(&page, again, code_again);
    ck_assert_str_eq(receipt, again);
    ck_assert_str_eq(code, code_again);
    ck_assert_int_eq(number("select count(*) from audit_log where action = "
                            "'submission-entered-again' and detail ->> 'number' = '%s'",
                            receipt),
                     1);
    /* Something else under it is refused, nothing of it is lost; a copied form has this page's. */
    char *body = add(add(usual("paper"), "/submission_key", key), "/answers/1-2/remark", "typed");
    char *copied =
        add(add(add(usual("paper"), "/submission_key", key), "/answers/1-2/remark", "typed"),
            "/without_key", "1");
    page = enter(body);
    ck_assert_ptr_nonnull(strstr(page.body, "typed</textarea>"));
    ck_assert_ptr_nonnull(strstr(page.body, key));
    ck_assert_ptr_null(strstr(page.body, receipt));
    expect(&page, 422, "href=\"#submission_key\"");
    page = enter(copied);
    receipt_of(&page, again, code_again);
    ck_assert_str_ne(receipt, again);
    /* One wrong symbol is no other form's. */
    other[0] = other[0] == '7' ? '8' : '7';
    page = enter(add(usual("paper"), "/submission_key", other));
    expect(&page, 422, "without I, L, O and U");
    page = enter(usual("paper"));
    expect(&page, 422, "tick that it has none of its own");
    client_free(client);
}
END_TEST

START_TEST(page_of_its_own_counts_once)
{
    char receipt[11], again[11], code[16], new_key[40];
    as_clerk(&ann);
    char *body = add(add(usual("counter"), "/identity/kind", "email"), "/identity/value",
                     "counter@example.org");
    char *same = strdup(body), *changed = strdup(body);
    struct client_reply page = enter(body);
    receipt_of(&page, receipt, code);
    page = enter(same);
    receipt_of(&page, again, code);
    ck_assert_str_eq(receipt, again);
    /* The page sent again with another answer on it: only if the clerk says that it is another. */
    page = enter(add(strdup(changed), "/answers/1-4/stance", "1"));
    const char *at = strstr(page.body, "name=\"/new_key\" value=\"");
    ck_assert_msg(page.status == 422 && at, "%d %.3000s", page.status, page.body);
    snprintf(new_key, sizeof new_key, "%.36s", at + strlen("name=\"/new_key\" value=\""));
    client_reply_clear(&page);
    changed = add(add(changed, "/answers/1-4/stance", "1"), "/new_key", new_key);
    char *twice = strdup(changed);
    page = enter(changed);
    receipt_of(&page, again, code);
    ck_assert_str_ne(receipt, again);
    /* Its identity is the first one's: held, and nobody is told. */
    ck_assert_int_eq(number("select count(*) from submissions where number = '%s' and state = "
                            "'held'",
                            again),
                     1);
    page = enter(twice);
    receipt_of(&page, receipt, code);
    ck_assert_str_eq(receipt, again);
    client_free(client);
}
END_TEST

START_TEST(all_faults_at_once_and_nothing_lost)
{
    static const char *const fields[] = {"channel", "received_on", "language", "kind",
                                         "publication"};
    as_clerk(&ann);
    int64_t entries = number("select count(*) from assisted_entries");
    struct client_reply page = enter(NULL);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        char href[64];
        snprintf(href, sizeof href, "<li><a href=\"#%s\">", fields[i]);
        ck_assert_msg(strstr(page.body, href) != NULL, "%s: %.4000s", href, page.body);
    }
    expect(&page, 422, "at least one stance");
    char *body = add(usual("telephone"), "/answers/1-1/remark", "<i>kept</i>");
    body = add(body, "/identity/kind", "mobile");
    page = enter(add(body, "/identity/value", "1234"));
    ck_assert_ptr_nonnull(strstr(page.body, "&lt;i&gt;kept&lt;/i&gt;</textarea>"));
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"telephone\" checked"));
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"5\" checked"));
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"mobile\" checked"));
    ck_assert_ptr_null(strstr(page.body, "1234"));
    expect(&page, 422, "href=\"#identity-value\"");
    /* By telephone or mail somebody says who they are; on paper need nobody. */
    page = enter(usual("e-mail"));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#identity-kind\""));
    expect(&page, 422, "href=\"#identity-value\"");
    page = enter(add(usual("smoke-signals"), "/field", "unknown"));
    ck_assert_ptr_nonnull(strstr(page.body, "href=\"#channel\""));
    expect(&page, 422, "A submission has no such field");
    ck_assert_int_eq(number("select count(*) from assisted_entries"), entries);
    client_free(client);
}
END_TEST

static char *of_day(const char *day, const char *month, const char *year)
{
    char key[40], *body = NULL;
    made_key(key);
    body = add(add(body, "/made_key", key), "/without_key", "1");
    body = add(add(body, "/channel", "paper"), "/language", "en");
    body = add(add(add(body, "/received_on/day", day), "/received_on/month", month),
               "/received_on/year", year);
    body = add(add(body, "/kind", "individual"), "/publication", "none");
    return add(add(body, "/answers/3-1/stance", "0"), "/answers/3-1/remark", "stays");
}

START_TEST(day_within_the_window)
{
    as_clerk(&ann);
    struct client_reply page = enter(of_day("31", "2", "2026"));
    expect(&page, 422, "Enter a day that exists");
    page = enter(of_day("one", "1", "2026"));
    expect(&page, 422, "Enter a day that exists");
    page = enter(of_day("1", "1", "2001"));
    expect(&page, 422, "within the consultation’s window");
    page = enter(of_day("1", "1", "2099"));
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"2099\""));
    ck_assert_ptr_nonnull(strstr(page.body, "stays</textarea>"));
    expect(&page, 422, "within the consultation’s window");
    page = official_get(client, &clerk, NEW "?channel=counter&received_on=2026-11-05&language=en");
    ck_assert_ptr_nonnull(strstr(page.body, "value=\"counter\" checked"));
    ck_assert_ptr_nonnull(strstr(page.body, "name=\"/received_on/day\" value=\"5\""));
    expect(&page, 200, "value=\"en\" checked");
    client_free(client);
}
END_TEST

START_TEST(list_of_entries)
{
    char receipt[11], first[11] = "", code[16], path[128];
    as_clerk(&fay);
    struct client_reply page = official_get(client, &clerk, ENTRIES "?by=me");
    expect(&page, 200, "Nothing has been entered yet");
    page = enter(add(usual("paper"), "/without_key", "1"));
    receipt_of(&page, first, code);
    /* So many more like it that one does not fit on the page; their tallies do not matter here. */
    free(cluster_text(scene.cluster,
                      "with more as (insert into submissions overriding system value select "
                      "(jsonb_populate_record(s, jsonb_build_object('submission_id', nextval("
                      "'submissions_submission_id_seq'), 'number', 'ZZZZZZZZ' || n, "
                      "'submission_key', gen_random_uuid()))).* from submissions s join "
                      "assisted_entries using (consultation_id, submission_id) join officials o "
                      "using (official_id), generate_series(10, 59) as n where o.login = 'fay' "
                      "returning consultation_id, submission_id) insert into assisted_entries "
                      "select m.submission_id, m.consultation_id, o.official_id from more m, "
                      "officials o where o.login = 'fay' returning 1"));
    snprintf(receipt, sizeof receipt, "ZZZZZZZZ59");
    page = official_get(client, &clerk, ENTRIES "?by=me");
    ck_assert_ptr_nonnull(strstr(page.body, receipt));
    ck_assert_ptr_null(strstr(page.body, first));
    const char *next = strstr(page.body, "href=\"?by=me&amp;before=");
    ck_assert_ptr_nonnull(next);
    snprintf(path, sizeof path, "%s?by=me&before=%.10s", ENTRIES,
             next + strlen("href=\"?by=me&amp;before="));
    client_reply_clear(&page);
    page = official_get(client, &clerk, path);
    ck_assert_ptr_null(strstr(page.body, receipt));
    ck_assert_ptr_null(strstr(page.body, "href=\"?by=me&amp;before="));
    expect(&page, 200, first);
    page = official_get(client, &clerk, ENTRIES "?before=nonsense");
    expect(&page, 404, NULL);
    page = official_get(client, &clerk, ENTRIES "?by=me&before=0000000000");
    expect(&page, 200, "Nothing has been entered yet");
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'entries-listed' and "
                            "detail ->> 'official' = '%s'",
                            "fay"),
                     4);
    client_free(client);
}
END_TEST

START_TEST(paper_forms)
{
    as_clerk(&ann);
    struct client_reply page = official_get(client, &clerk, PAPER "?copies=3");
    int forms = 0, squares = 0;
    for (const char *at = page.body; (at = strstr(at, "<article class=\"app-paper\"")); at++)
        forms++;
    for (const char *at = page.body; (at = strstr(at, "class=\"app-tick\"")); at++)
        squares++;
    ck_assert_int_eq(forms, 3);
    ck_assert_int_eq(squares, 3 * 15 * 7);
    expect(&page, 200, "<svg");
    page = official_get(client, &clerk, PAPER "?copies=21");
    ck_assert_ptr_null(strstr(page.body, "<article"));
    expect(&page, 422, "from 1 to 20");
    ck_assert_int_eq(number("select (detail ->> 'copies')::int from audit_log where action = "
                            "'paper-forms-made' order by audit_id desc limit 1"),
                     3);
    client_free(client);
}
END_TEST

static void days_after_the_close(const char *days)
{
    free(cluster_text(scene.cluster, days));
}

/* Last, since it moves the window. */
START_TEST(days_after_the_close_and_no_more)
{
    char receipt[11], code[16];
    as_clerk(&ann);
    char *replayed = add(usual("paper"), "/without_key", "1"), *same = strdup(replayed);
    struct client_reply page = enter(replayed);
    receipt_of(&page, receipt, code);
    char *early = add(usual("paper"), "/without_key", "1");
    scene_window(&scene, "clock_timestamp() + interval '1 hour'",
                 "clock_timestamp() + interval '2 days'");
    page = enter(early);
    expect(&page, 409, "has not opened");
    /* Closed a minute ago, or at the midnight before: today was a day of the window or was not. */
    scene_window(&scene, "clock_timestamp() - interval '3 days'",
                 "clock_timestamp() - interval '1 minute'");
    page = enter(add(usual("paper"), "/without_key", "1"));
    receipt_of(&page, receipt, code);
    days_after_the_close("update consultations set entry_days = 0 where slug = '" SCENE_SLUG
                         "' returning slug");
    scene_window(&scene, "clock_timestamp() - interval '3 days'",
                 "clock_timestamp() - interval '2 minutes'");
    page = official_get(client, &clerk, NEW);
    expect(&page, 200, "Nothing more can be recorded");
    page = enter(add(add(usual("paper"), "/without_key", "1"), "/answers/1-2/remark", "stays"));
    ck_assert_ptr_nonnull(strstr(page.body, "stays</textarea>"));
    expect(&page, 409, "Entries have ended");
    page = enter(same);
    receipt_of(&page, receipt, code);
    client_free(client);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_channel_with_its_day_and_who,
                                  printed_key_counts_once,
                                  page_of_its_own_counts_once,
                                  all_faults_at_once_and_nothing_lost,
                                  day_within_the_window,
                                  list_of_entries,
                                  paper_forms,
                                  days_after_the_close_and_no_more};
    Suite *suite = suite_create("entry");
    TCase *cases = tcase_create("entry");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(cases, clerks_make, NULL);
    tcase_set_timeout(cases, 60);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
