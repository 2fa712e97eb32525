/* Every route as every role and as nobody: what a route's access column says is what opens it, and
 * nothing else does. New routes are walked by themselves. */
#include "http/request.h"
#include "support/institutions.h"

#include <stdio.h>
#include <string.h>

static struct scene scene;
/* A stream of events ends at once, for it is read to its end. */
static const char *const settings[] = {"submissions_per_prefix=0", "event_stream_seconds=1", NULL};

enum { PERSONS = ROLES + 2, PATH = 256 };

struct row {
    const char *method, *pattern, *name;
    unsigned access;
    enum request_token token;
    unsigned representations;
    size_t limit;
};
#define ROUTE(method_, pattern_, handler_, access_, token_, limit_, representations_, fresh_,      \
              run_)                                                                                \
    {#method_, pattern_, #handler_, ACCESS_##access_, TOKEN_##token_, representations_, limit_},
static const struct row rows[] = {
#include "resources/routes.def"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Those of one role each on the consultation, one with all of them on its rehearsal alone, and one
 * with none. */
static struct person {
    struct official_made made;
    unsigned roles; /* bits, as the gate sees them on SCENE_SLUG */
    bool administrator;
    char token[44];
} persons[PERSONS];

/* Members of one institution, of one part each, and the coordinator of another. */
enum { MEMBERS = MEMBER_ROLES + 1 };
static struct member {
    struct official_made made;
    enum member_role part;
} members[MEMBERS];

static void members_make(void)
{
    struct client *client = scene_client(&scene);
    institution_make(&scene, "first", false);
    institution_make(&scene, "second", false);
    for (int m = 0; m < MEMBERS; m++) {
        char login[16];
        int part = m % MEMBER_ROLES;
        snprintf(login, sizeof login, "member%d", m);
        members[m].part = member_role_bit(part);
        member_make(&scene, m < MEMBER_ROLES ? "first" : "second", login, member_role_name(part),
                    &members[m].made);
        member_sign_in(&scene, client, &members[m].made);
        members[m].made.form_token[0] = '\0';
    }
    client_free(client);
}

static void persons_make(void)
{
    struct client *client = scene_client(&scene);
    for (int p = 0; p < PERSONS; p++) {
        char login[16], scope[80] = "administrator ";
        bool administrator = p == ROLE_ADMINISTRATOR;
        snprintf(login, sizeof login, "person%d", p);
        official_make(&scene, login, administrator ? "--administrator" : NULL, &persons[p].made);
        if (p < ROLE_ADMINISTRATOR) {
            official_grant(&scene, login, SCENE_SLUG, role_name((enum official_role)p));
            persons[p].roles = 1u << p | 1u << ROLE_VIEWER;
            snprintf(scope, sizeof scope, "%s %s", role_name((enum official_role)p), SCENE_SLUG);
        }
        for (int role = 0; p == ROLES && role < ROLE_ADMINISTRATOR; role++)
            official_grant(&scene, login, SCENE_REHEARSAL, role_name((enum official_role)role));
        if (p == ROLES)
            snprintf(scope, sizeof scope, "publisher %s", SCENE_REHEARSAL);
        persons[p].administrator = administrator;
        official_sign_in(&scene, client, &persons[p].made);
        if (p <= ROLES)
            official_token(client, &persons[p].made, scope, persons[p].token);
        persons[p].made.form_token[0] = '\0'; /* a form that is let in ends there, undone */
    }
    client_free(client);
}

/* The pattern with something that is there in each place. */
static void path_of(const struct row *row, char path[PATH])
{
    static const char *const values[][2] = {
        {"{language}", "en"},
        {"{slug}", SCENE_SLUG},
        {"{login}", "person0"},
        {"{direction}", "1"},
        {"{measure}", "1-1"},
        {"{filter}", "all"},
        {"{from}", "1"},
        {"{number}", "0000000000"},
        {"{problem}", "closed"},
        {"{release}", "1"},
        {"{name}", "no-such-file.js"},
        {"{figure}", "days"},
        {"{institution}", "first"},
        {"{key}", "00000000-0000-4000-8000-000000000000"},
        {"{proposal}", "00000000-0000-4000-8000-000000000000"},
        {"{remark}", "1-1"},
        {"{text}", "measure.1-1"},
        {"{what}", "tallies"},
        {"{format}", "csv"},
        {"{section}", "summary"},
        {"{version}", "1"},
        {"{comment}", "00000000-0000-4000-8000-000000000000"},
        {"{export}", "00000000000000000000"},
        {"{kind}", "university"},
        {"{version}", "1"},
        {"{sha256}", "0000000000000000000000000000000000000000000000000000000000000000"},
        {"{attachment}", "00000000-0000-4000-8000-000000000000"},
        {"{upload}", "00000000-0000-4000-8000-000000000000"},
    };
    char *to = path;
    for (const char *p = row->pattern; *p;) {
        size_t v = 0, count = sizeof values / sizeof values[0];
        while (v < count && strncmp(p, values[v][0], strlen(values[v][0])) != 0)
            v++;
        ck_assert_msg(*p != '{' || v < count, "%s: say what stands there", row->pattern);
        if (v < count) {
            to += snprintf(to, PATH - (size_t)(to - path), "%s", values[v][1]);
            p += strlen(values[v][0]);
        } else {
            *to++ = *p++;
        }
    }
    *to = '\0';
}

static bool is_page(const struct row *row)
{
    return row->representations & 1u << REPRESENT_PAGE;
}

/* What a body of the route is, so that it comes as far as the gate. */
static const char *type_of(const struct row *row)
{
    if (row->representations & ROUTE_SPOOLED)
        return row->representations & ROUTE_TAKES_FILES ? "multipart/form-data; boundary=x"
                                                        : "application/partial-upload";
    return is_page(row) ? "application/x-www-form-urlencoded" : "application/json";
}

static const char *body_of(const struct row *row)
{
    static const char part[] =
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n";
    if (row->representations & ROUTE_SPOOLED)
        return part;
    return is_page(row) ? "a=b" : "{}";
}

static struct client_reply ask(struct client *client, const struct row *row, const char *headers)
{
    char path[PATH];
    bool sends = strcmp(row->method, "GET") != 0 && row->limit > 0;
    path_of(row, path);
    return client_run(client, &(struct client_ask){.method = row->method,
                                                   .path = path,
                                                   .headers = headers,
                                                   .type = sends ? type_of(row) : NULL,
                                                   .body = sends ? body_of(row) : NULL});
}

static bool is_official(const struct row *row)
{
    return access_is_official((enum request_access)row->access);
}

static bool says(const struct client_reply *reply, const char *code)
{
    return reply->body && strstr(reply->body, code);
}

static bool is_institutions(const struct row *row)
{
    size_t length = strlen(row->pattern);
    return strstr(row->pattern, "/institution/") ||
           (length > 12 && strcmp(row->pattern + length - 12, "/institution") == 0);
}

/* Turned away at the door, in one of the ways there are. */
static bool is_turned_away(const struct client_reply *reply)
{
    char location[128] = "";
    client_header(reply, "Location", location, sizeof location);
    return (reply->status == 303 && (strncmp(location, "/en/officials/sign-in", 21) == 0 ||
                                     strncmp(location, "/en/institution/sign-in", 23) == 0)) ||
           (reply->status == 401 && says(reply, "sign-in-required"));
}

static bool is_let_in(const struct row *row, const struct client_reply *reply)
{
    if (row->token == TOKEN_FORM)
        return reply->status == 403 && says(reply, "form-token-wrong");
    return reply->status != 0 && reply->status != 401 && reply->status < 500 &&
           !is_turned_away(reply) && !says(reply, "role-missing");
}

/* What the column says, said once more and otherwise than the gate says it. */
static bool may(const struct person *person, const struct row *row)
{
    switch (row->access) {
    case ACCESS_OFFICIAL:
        return true;
    case ACCESS_ADMINISTRATOR:
        return person->administrator;
    default:
        break;
    }
    for (int role = 0; role < ROLE_ADMINISTRATOR; role++)
        if (row->access & 1u << (8 + role) && person->roles & 1u << role)
            return true;
    return row->access & ACCESS_ADMINISTRATOR && person->administrator;
}

START_TEST(as_nobody)
{
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        static const char *const strangers[] = {
            NULL, "Cookie: official=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
            "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"};
        if (row->access == ACCESS_INNER)
            continue;
        for (size_t s = 0; s < sizeof strangers / sizeof strangers[0]; s++) {
            struct client_reply reply = ask(client, row, strangers[s]);
            bool closed = is_official(row) && row->access != ACCESS_DOOR;
            ck_assert_msg(reply.status != 0 && is_turned_away(&reply) == closed,
                          "%s %s as nobody: %d %.300s", row->method, row->pattern, reply.status,
                          reply.body);
            client_reply_clear(&reply);
        }
    }
    client_free(client);
}
END_TEST

START_TEST(as_every_role)
{
    struct client *client = scene_client(&scene);
    size_t walked = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        if (!is_official(row) || row->access == ACCESS_DOOR || row->access == ACCESS_HALF)
            continue;
        for (int p = 0; p < PERSONS; p++) {
            const struct person *person = &persons[p];
            char headers[128];
            if (is_page(row))
                snprintf(headers, sizeof headers, "%s", person->made.cookie);
            else
                snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", person->token);
            if (!is_page(row) && !*person->token)
                continue;
            struct client_reply reply = ask(client, row, headers);
            if (is_institutions(row)) {
                ck_assert_msg(is_turned_away(&reply), "%s %s as person%d: %d", row->method,
                              row->pattern, p, reply.status);
                client_reply_clear(&reply);
                continue;
            }
            bool allowed = may(person, row);
            ck_assert_msg(allowed ? is_let_in(row, &reply)
                                  : reply.status == 403 && says(&reply, "role-missing"),
                          "%s %s as person%d: %d %.600s", row->method, row->pattern, p,
                          reply.status, reply.body);
            client_reply_clear(&reply);
            walked++;
        }
    }
    ck_assert_uint_gt(walked, 100);
    client_free(client);
}
END_TEST

/* What the column says of members. */
static bool member_may(const struct member *member, const struct row *row)
{
    return row->access == ACCESS_OFFICIAL || row->access & ACCESS_MEMBER ||
           (row->access & ACCESS_COORDINATOR && member->part == MEMBER_COORDINATOR) ||
           (row->access & ACCESS_DRAFTER && member->part == MEMBER_DRAFTER) ||
           (row->access & ACCESS_APPROVER && member->part == MEMBER_APPROVER);
}

/* Members on both sides: theirs as the column says, the officials' not at all, whichever name the
 * cookie goes by. */
START_TEST(as_every_member)
{
    struct client *client = scene_client(&scene);
    size_t walked = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        if (!is_official(row) || row->access == ACCESS_DOOR || row->access == ACCESS_HALF)
            continue;
        for (int m = 0; m < MEMBERS; m++) {
            const char *value = strchr(members[m].made.cookie, '=') + 1;
            bool own = is_institutions(row) && is_page(row);
            char headers[256];
            snprintf(headers, sizeof headers, "Cookie: member=%.43s%s%.43s\r\n", value,
                     own ? "; x=" : "; official=", value);
            struct client_reply reply = ask(client, row, headers);
            ck_assert_msg(!own ? is_turned_away(&reply)
                          : member_may(&members[m], row)
                              ? is_let_in(row, &reply)
                              : reply.status == 403 && says(&reply, "role-missing"),
                          "%s %s as member%d: %d %.600s", row->method, row->pattern, m,
                          reply.status, reply.body);
            client_reply_clear(&reply);
            walked++;
        }
    }
    ck_assert_uint_gt(walked, 100);
    client_free(client);
}
END_TEST

/* The other key opens nothing: a cookie on the interface, a token on a page. */
START_TEST(each_side_by_its_own)
{
    struct client *client = scene_client(&scene);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        char headers[128];
        if (!is_official(row) || row->access == ACCESS_DOOR)
            continue;
        if (is_page(row))
            snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n",
                     persons[ROLE_ADMINISTRATOR].token);
        else
            snprintf(headers, sizeof headers, "%s", persons[ROLE_ADMINISTRATOR].made.cookie);
        struct client_reply reply = ask(client, row, headers);
        ck_assert_msg(is_turned_away(&reply), "%s %s: %d", row->method, row->pattern, reply.status);
        client_reply_clear(&reply);
    }
    client_free(client);
}
END_TEST

/* A password that was right is half a sign-in: it opens the code's page of its side and no other.
 */
static void walk_half(const struct official_made *account, bool institutions)
{
    struct client *client = scene_client(&scene);
    struct official_made half = *account;
    official_half_sign_in(client, &half);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        if (!is_official(row) || row->access == ACCESS_DOOR || !is_page(row))
            continue;
        struct client_reply reply = ask(client, row, half.cookie);
        bool own = row->access == ACCESS_HALF && is_institutions(row) == institutions;
        ck_assert_msg(own ? is_let_in(row, &reply) : is_turned_away(&reply), "%s %s: %d %.300s",
                      row->method, row->pattern, reply.status, reply.body);
        client_reply_clear(&reply);
    }
    client_free(client);
}

START_TEST(as_half)
{
    walk_half(&persons[ROLE_ADMINISTRATOR].made, false);
    walk_half(&members[0].made, true);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("walk");
    TCase *all = tcase_create("walk");
    scene_open(&scene, settings);
    tcase_add_unchecked_fixture(all, persons_make, NULL);
    tcase_add_unchecked_fixture(all, members_make, NULL);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, as_nobody);
    tcase_add_test(all, as_every_role);
    tcase_add_test(all, as_every_member);
    tcase_add_test(all, each_side_by_its_own);
    tcase_add_test(all, as_half);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed != 0;
}
