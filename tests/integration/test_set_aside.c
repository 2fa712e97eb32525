/* Two officials decide what a submission counts as, by their pages: what is asked for, who may do
 * what, what happened meanwhile, and what the public sees of it. The rules themselves are tried in
 * tests/schema/state_proposal.sql. */
#include "support/officials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;
static const char *const settings[] = {"submissions_per_prefix=0", NULL};

#define HERE "/en/officials/consultations/" SCENE_SLUG
enum { PATH = 192, NUMBER = 11, ID = 37 };

static struct official_made ann, pam, bob; /* analyst, publisher, both */

static void officials_make(void)
{
    struct client *client = scene_client(&scene);
    official_make(&scene, "ann", "--password-only", &ann);
    official_make(&scene, "pam", "--password-only", &pam);
    official_make(&scene, "bob", "--password-only", &bob);
    official_grant(&scene, "ann", SCENE_SLUG, "analyst");
    official_grant(&scene, "pam", SCENE_SLUG, "publisher");
    official_grant(&scene, "bob", SCENE_SLUG, "analyst");
    official_grant(&scene, "bob", SCENE_SLUG, "publisher");
    official_sign_in(&scene, client, &ann);
    official_sign_in(&scene, client, &pam);
    official_sign_in(&scene, client, &bob);
    client_free(client);
}

static void expect(struct client_reply *reply, int status, const char *words)
{
    ck_assert_msg(reply->status == status && (!words || strstr(reply->body, words)),
                  "%d instead of %d, «%s»: %.6000s", reply->status, status, words ? words : "",
                  reply->body);
    client_reply_clear(reply);
}

static bool says(const struct client_reply *reply, const char *words)
{
    return reply->body && strstr(reply->body, words);
}

/* One individual's, under an e-mail address of that name; NULL: a fresh one. */
static void submit(struct client *client, const char *name, char number[NUMBER])
{
    json_t *submission = fixture_smallest();
    char address[64];
    if (name) {
        snprintf(address, sizeof address, "%s@example.org", name);
        fixture_set(submission, "/identity/value", json_string(address));
    }
    struct client_reply reply = scene_submit(client, submission);
    snprintf(number, NUMBER, "%s", client_text(&reply, "/receipt/number"));
    client_reply_clear(&reply);
}

static void expect_state(const char *number, const char *state)
{
    char query[128];
    snprintf(query, sizeof query, "select state::text from submissions where number = '%s'",
             number);
    char *is = cluster_text(scene.cluster, query);
    ck_assert_str_eq(is, state);
    free(is);
}

/* NULL leaves a field out. */
static struct client_reply propose(struct client *client, const struct official_made *who,
                                   const char *number, const char *before, const char *wanted,
                                   const char *reason, const char *note)
{
    const char *const fields[][2] = {
        {"/before", before}, {"/wanted", wanted}, {"/reason", reason}, {"/note", note}};
    char path[PATH], *body = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i][1])
            body = fixture_form_add(body, fields[i][0], fields[i][1]);
    snprintf(path, sizeof path, HERE "/submissions/%s/state", number);
    return official_post(client, who, path, body);
}

/* Proposed, and led to the proposal, whose id is given. */
static void proposed(struct client_reply *reply, char id[ID])
{
    char location[PATH] = "";
    client_header(reply, "Location", location, sizeof location);
    ck_assert_msg(reply->status == 303 &&
                      sscanf(location, HERE "/proposals/%36[0-9a-f-]?done=proposed", id) == 1,
                  "%d %s %.6000s", reply->status, location, reply->body);
    client_reply_clear(reply);
}

static void set_aside_proposed(struct client *client, const char *number, const char *before,
                               const char *reason, char id[ID])
{
    struct client_reply reply = propose(client, &ann, number, before, "set-aside", reason, "");
    proposed(&reply, id);
}

static struct client_reply decide(struct client *client, const struct official_made *who,
                                  const char *id, const char *go)
{
    char path[PATH];
    snprintf(path, sizeof path, HERE "/proposals/%s/decision", id);
    return official_post(client, who, path, fixture_form_add(NULL, "/go", go));
}

static void confirmed(struct client *client, const char *id)
{
    struct client_reply reply = decide(client, &pam, id, "confirm");
    char location[PATH] = "", wanted[PATH];
    snprintf(wanted, sizeof wanted, HERE "/proposals/%s?done=1", id);
    client_header(&reply, "Location", location, sizeof location);
    ck_assert_msg(reply.status == 303 && strcmp(location, wanted) == 0, "%d %.6000s", reply.status,
                  reply.body);
    client_reply_clear(&reply);
}

static struct client_reply look(struct client *client, const struct official_made *who,
                                const char *rest, const char *more)
{
    char path[2 * PATH];
    snprintf(path, sizeof path, HERE "%s%s", rest, more);
    return official_get(client, who, path);
}

/* First, since small numbers of other states would hide this one. Twenty set aside, then enough
 * counted for a release: the figure and its reasons, in every form.
 */
START_TEST(the_public_sees_how_many_and_why)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    struct client *client = scene_client(&scene);
    char number[NUMBER], id[ID];
    int64_t released = 0;
    for (int i = 0; i < 20; i++) {
        submit(client, NULL, number);
        set_aside_proposed(client, number, "counted", i < 10 ? "automated" : "on-request", id);
        confirmed(client, id);
    }
    ck_assert_int_eq(cluster_number(scene.cluster, "select count(*) from releases"), 0);
    for (int i = 0; i < 12; i++)
        submit(client, NULL, number);
    for (int tries = 0; tries < 1200 && released == 0; tries++) {
        nanosleep(&pause, NULL);
        released = cluster_number(scene.cluster, "select count(*) from releases");
    }
    struct client_reply reply;
    for (int tries = 0; tries < 1200; tries++) {
        reply = client_get(client, SCENE_API "/reconciliation");
        if (!json_is_null(json_at(reply.json, "/release")))
            break;
        client_reply_clear(&reply);
        nanosleep(&pause, NULL);
    }
    ck_assert_int_eq(json_integer_value(json_at(reply.json, "/reconciliation/set_aside")), 20);
    ck_assert_int_eq(
        json_integer_value(json_at(reply.json, "/reconciliation/set_aside_by_reason/automated")),
        10);
    client_reply_clear(&reply);
    reply = client_get(client, SCENE_API "/reconciliation.csv");
    expect(&reply, 200, ",set_aside,all,automated,10\r\n");
    reply = client_get(client, "/en/consultations/" SCENE_SLUG "/reconciliation");
    expect(&reply, 200, "Made by a program<br>");
    /* The exact figures agree; officials with a role here are led on. */
    reply = look(client, &pam, "", "");
    ck_assert(says(&reply, "<dt>Set aside</dt><dd>20</dd>"));
    ck_assert(!says(&reply, "/held\""));
    expect(&reply, 200, "/proposals\"");
    reply = look(client, &ann, "", "");
    expect(&reply, 200, "/held\"");
    client_free(client);
}
END_TEST

START_TEST(what_is_wrong_is_said_and_nothing_lost)
{
    struct client *client = scene_client(&scene);
    static const struct {
        const char *before, *wanted, *reason, *note;
        int status;
        const char *words;
    } wrong[] = {
        {"counted", NULL, NULL, "seen twice", 422, "href=\"#wanted\">Choose the new state"},
        {"counted", "counted", NULL, "seen twice", 422, "href=\"#wanted\">New state: Choose one"},
        {"counted", "superseded", NULL, "seen twice", 422,
         "href=\"#wanted\">New state: Choose one"},
        {"counted", "set-aside", NULL, "seen twice", 422, "href=\"#reason\">Choose a reason"},
        {"counted", "set-aside", "I disagree", "seen twice", 422,
         "href=\"#reason\">Reason: Choose one"},
        {"counted", "held", "trial", "seen twice", 422, "href=\"#reason\""},
        {"counted", "counted", NULL, " \t", 422, "href=\"#note\">Write a note"},
        {"held", "set-aside", "trial", "seen twice", 409, "has come to another state"},
        {"nonsense", "set-aside", "trial", "seen twice", 409, "has come to another state"},
        {NULL, "set-aside", "trial", "seen twice", 409, "has come to another state"},
        {"counted", "set-aside", "trial", "seen twice \x01", 422,
         "href=\"#note\">Note: The text holds"},
    };
    char number[NUMBER], path[PATH], id[ID], longest[1602];
    submit(client, NULL, number);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct client_reply reply = propose(client, &ann, number, wrong[i].before, wrong[i].wanted,
                                            wrong[i].reason, wrong[i].note);
        ck_assert_msg(!strstr(wrong[i].note, "seen twice") || strstr(wrong[i].note, "\x01") ||
                          says(&reply, "seen twice</textarea>"),
                      "%zu: the note is lost", i);
        expect(&reply, wrong[i].status, wrong[i].words);
    }
    /* Five hundred code points, however many bytes. */
    for (int i = 0; i <= 500; i++)
        memcpy(longest + 3 * i, "\xe4\xba\xba", 4);
    struct client_reply reply =
        propose(client, &ann, number, "counted", "set-aside", "trial", longest);
    ck_assert(says(&reply, longest));
    ck_assert(says(&reply, "value=\"trial\" aria-describedby=\"meaning-trial\" checked"));
    expect(&reply, 422, "at most 500 characters");
    ck_assert_int_eq(
        cluster_number(scene.cluster, "select count(*) from state_proposals where outcome is null"),
        0);
    longest[1500] = '\0';
    reply = propose(client, &ann, number, "counted", "set-aside", "trial", longest);
    proposed(&reply, id);
    reply = propose(client, &ann, number, "counted", "set-aside", "duplicate", "one more");
    ck_assert(says(&reply, "one more</textarea>"));
    expect(&reply, 409, "waiting for its second person");
    /* What is not there, and what is another's. */
    reply = propose(client, &ann, "0000000000", "counted", "set-aside", "trial", "");
    expect(&reply, 404, NULL);
    reply = propose(client, &ann, "nonsense!", "counted", "set-aside", "trial", "");
    expect(&reply, 404, NULL);
    reply = decide(client, &pam, "nonsense", "confirm");
    expect(&reply, 404, NULL);
    reply = decide(client, &pam, "00000000-0000-4000-8000-000000000000", "confirm");
    expect(&reply, 404, NULL);
    reply = decide(client, &pam, id, "perhaps");
    expect(&reply, 422, "unknown-value");
    reply = look(client, &ann, "/proposals", "?show=some");
    expect(&reply, 422, NULL);
    reply = look(client, &ann, "/proposals", "?before=some");
    expect(&reply, 422, NULL);
    reply = look(client, &ann, "/held", "?show=some");
    expect(&reply, 422, NULL);
    reply = look(client, &ann, "/held", "?before=some");
    expect(&reply, 422, NULL);
    snprintf(path, sizeof path, "/en/officials/consultations/" SCENE_REHEARSAL "/proposals/%s", id);
    reply = official_get(client, &ann, path);
    expect(&reply, 403, "role-missing");
    official_grant(&scene, "ann", SCENE_REHEARSAL, "analyst");
    reply = official_get(client, &ann, path);
    expect(&reply, 404, NULL);
    reply = decide(client, &pam, id, "reject");
    client_reply_clear(&reply);
    client_free(client);
}
END_TEST

START_TEST(it_takes_two)
{
    struct client *client = scene_client(&scene);
    char number[NUMBER], id[ID], path[PATH];
    submit(client, NULL, number);
    snprintf(path, sizeof path, "/submissions/%s/state", number);
    struct client_reply reply = look(client, &ann, path, "");
    ck_assert(says(&reply, number));
    ck_assert(says(&reply, "value=\"set-aside\" checked")); /* the only choice there is */
    ck_assert(!says(&reply, "value=\"held\""));
    ck_assert(!says(&reply, "@example.org"));
    expect(&reply, 200, "must not depend on what it says");
    set_aside_proposed(client, number, "counted", "automated", id);
    /* The proposer has no form to decide, and no right. */
    snprintf(path, sizeof path, "/proposals/%s", id);
    reply = look(client, &ann, path, "?done=proposed");
    ck_assert(says(&reply, "/withdrawal\""));
    ck_assert(!says(&reply, "/decision\""));
    expect(&reply, 200, "You proposed this");
    reply = decide(client, &ann, id, "confirm");
    expect(&reply, 403, "role-missing");
    expect_state(number, "counted");
    reply = look(client, &pam, "/proposals", "");
    expect(&reply, 200, number);
    reply = look(client, &pam, path, "");
    ck_assert(says(&reply, "/decision\""));
    ck_assert(!says(&reply, "/withdrawal\""));
    ck_assert(!says(&reply, "/state\"")); /* not a publisher's page */
    expect(&reply, 200, "Made by a program");
    confirmed(client, id);
    expect_state(number, "set aside");
    reply = decide(client, &pam, id, "confirm");
    expect(&reply, 409, "It was decided, withdrawn or not confirmed in time");
    reply = look(client, &pam, "/proposals", "?show=decided");
    expect(&reply, 200, number);
    /* Who has both roles has them on different proposals. */
    reply = propose(client, &bob, number, "set aside", "counted", NULL, "A person after all");
    proposed(&reply, id);
    reply = decide(client, &bob, id, "confirm");
    ck_assert(!says(&reply, "/decision\""));
    expect(&reply, 409, "Somebody else has to");
    snprintf(path, sizeof path, HERE "/proposals/%s/withdrawal", id);
    reply = official_post(client, &ann, path, NULL);
    expect(&reply, 403, "Only who made a proposal can take it back");
    reply = look(client, &pam, path + strlen(HERE), "");
    expect(&reply, 405, NULL);
    confirmed(client, id);
    expect_state(number, "counted");
    set_aside_proposed(client, number, "counted", "trial", id);
    snprintf(path, sizeof path, HERE "/proposals/%s/withdrawal", id);
    reply = official_post(client, &ann, path, NULL);
    expect(&reply, 303, NULL);
    reply = decide(client, &pam, id, "confirm");
    expect(&reply, 409, NULL);
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
    /* Every step and every look is written down, by whom. */
    snprintf(path, sizeof path,
             "select count(distinct action || (detail ->> 'official')) from audit_log where "
             "detail ->> 'number' = '%s'",
             number);
    ck_assert_int_eq(cluster_number(scene.cluster, path), 8);
    client_free(client);
}
END_TEST

START_TEST(what_happened_meanwhile_is_said)
{
    struct client *client = scene_client(&scene);
    char number[NUMBER], id[ID], path[PATH];
    submit(client, NULL, number);
    set_aside_proposed(client, number, "counted", "trial", id);
    snprintf(path, sizeof path,
             "select outcome from submission_withdraw(1::smallint, '%s', 1::smallint, now())",
             number);
    free(cluster_text(scene.cluster, path));
    struct client_reply reply = decide(client, &pam, id, "confirm");
    ck_assert(says(&reply, "value=\"reject\""));
    ck_assert(!says(&reply, "value=\"confirm\""));
    expect(&reply, 409, "can no longer be confirmed");
    reply = decide(client, &pam, id, "reject");
    expect(&reply, 303, NULL);
    snprintf(path, sizeof path, "/submissions/%s/state", number);
    reply = look(client, &ann, path, "");
    ck_assert(!says(&reply, "<form method=\"post\" action=\"" HERE));
    expect(&reply, 200, "comes from what respondents did");
    client_free(client);
}
END_TEST

START_TEST(one_held_is_counted_where_none_is)
{
    struct client *client = scene_client(&scene);
    char first[NUMBER], second[NUMBER], third[NUMBER], id[ID], path[PATH];
    submit(client, "hal", first);
    submit(client, "hal", second);
    submit(client, "hal", third);
    struct client_reply reply = look(client, &ann, "/held", "");
    ck_assert(says(&reply, second) && says(&reply, third) && !says(&reply, first));
    expect(&reply, 200, "One is counted");
    reply = look(client, &ann, "/held", "?show=free");
    expect(&reply, 200, "There are none");
    snprintf(path, sizeof path, "?before=%s", third);
    reply = look(client, &ann, "/held", path);
    snprintf(path, sizeof path, "/submissions/%s", third); /* the address's goes along elsewhere */
    ck_assert(says(&reply, second) && !says(&reply, path));
    expect(&reply, 200, NULL);
    reply = propose(client, &ann, second, "held", "counted", NULL, "On the telephone");
    expect(&reply, 409, "so this one cannot be");
    set_aside_proposed(client, first, "counted", "impersonation", id);
    confirmed(client, id);
    expect_state(second, "held");
    reply = look(client, &ann, "/held", "?show=free");
    ck_assert(says(&reply, second) && says(&reply, third));
    expect(&reply, 200, "None is counted");
    reply = propose(client, &ann, second, "held", "counted", NULL, "On the telephone");
    proposed(&reply, id);
    confirmed(client, id);
    expect_state(second, "counted");
    snprintf(path, sizeof path, "/submissions/%s/state", third);
    reply = look(client, &ann, path, "");
    ck_assert(!says(&reply, "value=\"counted\""));
    expect(&reply, 200, "It cannot be counted at present");
    reply = propose(client, &ann, third, "held", "counted", NULL, "On the telephone");
    expect(&reply, 409, "so this one cannot be");
    /* Back again, from set aside to held. */
    reply = propose(client, &ann, first, "set aside", "counted", NULL, "why");
    expect(&reply, 409, "so this one cannot be");
    reply = propose(client, &ann, first, "set aside", "held", NULL, "Not proven either");
    proposed(&reply, id);
    confirmed(client, id);
    expect_state(first, "held");
    ck_assert_int_eq(server_command(&scene.options, NULL, 0, "recount", NULL), 0);
    client_free(client);
}
END_TEST

START_TEST(states_are_fixed_by_the_final_release)
{
    struct client *client = scene_client(&scene);
    char waiting[NUMBER], other[NUMBER], id[ID], path[PATH];
    const char *words[] = {SCENE_SLUG, "--final", NULL};
    submit(client, NULL, waiting);
    submit(client, NULL, other);
    set_aside_proposed(client, waiting, "counted", "trial", id);
    scene_window(&scene, "now() - interval '2 days'", "now() - interval '1 day'");
    struct server_options plain = scene.options;
    plain.set = NULL;
    ck_assert_int_eq(server_command(&plain, NULL, 0, "release", words), 0);
    struct client_reply reply = decide(client, &pam, id, "confirm");
    expect(&reply, 409, "Lapsed with the final release");
    reply = propose(client, &ann, other, "counted", "set-aside", "trial", "");
    expect(&reply, 409, "Since the final release");
    snprintf(path, sizeof path, "/submissions/%s/state", other);
    reply = look(client, &ann, path, "");
    ck_assert(!says(&reply, "name=\"/wanted\""));
    expect(&reply, 200, "states can no longer be changed");
    client_free(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("set_aside");
    TCase *all = tcase_create("set_aside");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, officials_make, NULL);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, the_public_sees_how_many_and_why);
    tcase_add_test(all, what_is_wrong_is_said_and_nothing_lost);
    tcase_add_test(all, it_takes_two);
    tcase_add_test(all, what_happened_meanwhile_is_said);
    tcase_add_test(all, one_held_is_counted_where_none_is);
    tcase_add_test(all, states_are_fixed_by_the_final_release);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
