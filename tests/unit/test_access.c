/* server/access: one-time codes, passwords, tickets, roles. */
#include "access/account_visit.h"
#include "access/password.h"
#include "access/role.h"
#include "access/subject.h"
#include "access/ticket.h"
#include "access/totp.h"
#include "http/cookie.h"
#include "support/process.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct keys *keys;

static void setup(void)
{
    char folder[] = "/tmp/ca-XXXXXX", error[256] = "";
    const char *remove[] = {"rm", "-rf", folder, NULL};
    ck_assert_int_ge(sodium_init(), 0);
    ck_assert(totp_start());
    ck_assert(mkdtemp(folder));
    ck_assert_msg(keys_make_base(folder, error, sizeof error), "%s", error);
    keys = keys_load(folder, error, sizeof error);
    ck_assert_msg(keys != NULL, "%s", error);
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
}

static void teardown(void)
{
    keys_free(keys);
}

/* RFC 6238 appendix B, SHA-1, the last six of its eight digits. */
static const struct {
    int64_t seconds;
    const char *code;
} vectors[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

static struct totp_secret rfc_secret(void)
{
    struct totp_secret secret;
    memcpy(secret.bytes, "12345678901234567890", sizeof secret.bytes);
    return secret;
}

START_TEST(codes_of_the_rfc)
{
    const struct totp_secret secret = rfc_secret();
    int64_t step = 0, now = vectors[_i].seconds * 1000000;
    ck_assert(totp_is(&secret, now, 0, vectors[_i].code, &step));
    ck_assert_int_eq(step, vectors[_i].seconds / 30);
    ck_assert(totp_is(&secret, now + 30000000, 0, vectors[_i].code, &step));
    ck_assert(totp_is(&secret, now - 30000000, 0, vectors[_i].code, &step));
    ck_assert(!totp_is(&secret, now + 90000000, 0, vectors[_i].code, &step));
    ck_assert(!totp_is(&secret, now - 90000000, 0, vectors[_i].code, &step));
}
END_TEST

START_TEST(each_step_is_good_once)
{
    const struct totp_secret secret = rfc_secret();
    int64_t step = 0, now = INT64_C(1234567890) * 1000000;
    ck_assert(totp_is(&secret, now, 0, "005924", &step));
    int64_t used = step;
    ck_assert(!totp_is(&secret, now, used, "005924", &step));
    ck_assert(!totp_is(&secret, now, used + 1, "005924", &step));
    ck_assert(totp_is(&secret, now, used - 1, "００５　９２４", &step));
    ck_assert(!totp_is(&secret, now, 0, "005925", &step));
    ck_assert(!totp_is(&secret, now, 0, "", &step));
    ck_assert(!totp_is(&secret, now, 0, "0059240", &step));
}
END_TEST

START_TEST(secret_is_sealed_for_one_account)
{
    struct totp_secret secret, opened;
    unsigned char sealed[TOTP_SEALED_BYTES];
    totp_make(&clock_system, &secret);
    ck_assert(totp_seal(keys, 1, &clock_system, 7, &secret, sealed));
    ck_assert_ptr_null(memmem(sealed, sizeof sealed, secret.bytes, 8));
    ck_assert(totp_open(keys, 1, 7, sealed, sizeof sealed, &opened));
    ck_assert_mem_eq(opened.bytes, secret.bytes, sizeof secret.bytes);
    ck_assert(!totp_open(keys, 1, 8, sealed, sizeof sealed, &opened));
    ck_assert(!totp_open(keys, 2, 7, sealed, sizeof sealed, &opened));
    sealed[30] ^= 1;
    ck_assert(!totp_open(keys, 1, 7, sealed, sizeof sealed, &opened));
}
END_TEST

/* RFC 4648 §6 of the RFC's secret. */
START_TEST(secret_as_authenticators_read_it)
{
    const struct totp_secret secret = rfc_secret();
    char text[TOTP_SECRET_TEXT + 8], address[TOTP_ADDRESS];
    totp_text(&secret, text);
    ck_assert_str_eq(text, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    totp_address(&secret, "example.hk", "lee", address);
    ck_assert_str_eq(address, "otpauth://totp/example.hk:lee?"
                              "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=example.hk");
}
END_TEST

static const struct {
    const char *password;
    enum problem_code problem;
} passwords[] = {
    {"correct horse battery", PROBLEM_NONE},
    {"elevenchars", PROBLEM_PASSWORD_SHORT},
    {"twelve chars", PROBLEM_NONE},
    {"", PROBLEM_PASSWORD_SHORT},
    {"aaaaaaaaaaaaaaaaaaaa", PROBLEM_PASSWORD_WEAK},
    {"abcdabcdabcdabcd", PROBLEM_PASSWORD_WEAK},
    {"lee-siu-ming-1", PROBLEM_PASSWORD_WEAK},
    {"lee-siu-ming drinks tea", PROBLEM_NONE},
    {"一二三四五六七八九十百千", PROBLEM_NONE},
    {"一二三四五六七八九十百", PROBLEM_PASSWORD_SHORT},
    {"bad\xff utf eight bytes", PROBLEM_BAD_TEXT},
};

START_TEST(passwords_that_may_be_chosen)
{
    ck_assert_int_eq(password_check(passwords[_i].password, "lee-siu-ming"), passwords[_i].problem);
}
END_TEST

START_TEST(password_is_bounded)
{
    char text[PASSWORD_MOST + 2] = "";
    for (int i = 0; i <= PASSWORD_MOST; i++)
        text[i] = (char)('a' + i % 26);
    ck_assert_int_eq(password_check(text, "lee"), PROBLEM_TOO_LONG);
    text[PASSWORD_MOST] = '\0';
    ck_assert_int_eq(password_check(text, "lee"), PROBLEM_NONE);
}
END_TEST

START_TEST(password_is_hashed_by_argon2id)
{
    char hash[PASSWORD_HASH_TEXT], other[PASSWORD_HASH_TEXT];
    ck_assert(password_hash("correct horse Ａ", hash));
    ck_assert(password_hash("correct horse Ａ", other));
    ck_assert_int_eq(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
    ck_assert_str_ne(hash, other);
    ck_assert(password_is(hash, "correct horse Ａ"));
    ck_assert(password_is(hash, "correct horse A")); /* the same to who types */
    ck_assert(!password_is(hash, "correct horse a"));
    ck_assert(!password_is(hash, ""));
    ck_assert(!password_is(NULL, "correct horse A"));
    ck_assert(!password_is(NULL, ""));
}
END_TEST

/* What one try costs this thread: libsodium computes in the caller's own, and the time of day would
 * count what else runs on the machine. */
static int64_t judged_us(const char *hash)
{
    struct timespec began, ended;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
    password_is(hash, "some other words");
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
    return (int64_t)(ended.tv_sec - began.tv_sec) * 1000000 +
           (ended.tv_nsec - began.tv_nsec) / 1000;
}

/* The costs are the same, or the time would tell who has an account. In turn, so that what slows
 * one slows the other; of each the least disturbed. */
START_TEST(nobody_takes_as_long)
{
    char hash[PASSWORD_HASH_TEXT];
    int64_t own = INT64_MAX, nobodys = INT64_MAX;
    ck_assert(password_hash("correct horse battery", hash));
    for (int i = 0; i < 5; i++) {
        int64_t first = judged_us(hash), second = judged_us(NULL);
        own = first < own ? first : own;
        nobodys = second < nobodys ? second : nobodys;
    }
    ck_assert_msg(nobodys * 2 > own && nobodys < own * 2, "%d us and %d us", (int)own,
                  (int)nobodys);
}
END_TEST

START_TEST(tickets)
{
    char text[TICKET_TEXT], second[TICKET_TEXT];
    struct digest made, read;
    ticket_make(&clock_system, text, &made);
    ticket_make(&clock_system, second, &read);
    ck_assert_str_ne(text, second);
    ck_assert_uint_eq(
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    ck_assert(ticket_read(text, &read));
    ck_assert_mem_eq(&made, &read, sizeof made);
    text[42] = '=';
    ck_assert(!ticket_read(text, &read));
    text[42] = '\0';
    ck_assert(!ticket_read(text, &read));
    ck_assert(!ticket_read("", &read));
}
END_TEST

START_TEST(form_tokens_are_of_one_session)
{
    struct digest one = {{1}}, two = {{2}};
    char first[FORM_TOKEN_TEXT], again[FORM_TOKEN_TEXT], other[FORM_TOKEN_TEXT];
    ck_assert(form_token_make(keys, &one, first) && form_token_make(keys, &one, again) &&
              form_token_make(keys, &two, other));
    ck_assert(form_token_is(first, again));
    ck_assert(!form_token_is(first, other));
    ck_assert(!form_token_is(first, ""));
    ck_assert(!form_token_is("", ""));
}
END_TEST

START_TEST(recovery_codes)
{
    char text[RECOVERY_TEXT + 1], typed[2 * RECOVERY_TEXT + 1] = "";
    struct digest made, read;
    recovery_make(&clock_system, text, &made);
    ck_assert_uint_eq(strlen(text), RECOVERY_TEXT);
    for (int i = 0; i < RECOVERY_TEXT; i += 4)
        snprintf(typed + strlen(typed), sizeof typed - strlen(typed), " %.4s", text + i);
    ck_assert(recovery_read(typed, &read));
    ck_assert_mem_eq(&made, &read, sizeof made);
    text[3] = text[3] == '7' ? '8' : '7';
    ck_assert(!recovery_read(text, &read));
    ck_assert(!recovery_read("123456", &read));
}
END_TEST

static const struct {
    const char *header, *value; /* NULL: none */
} cookies[] = {
    {"official=abc", "abc"},
    {"a=1; official=abc; b=2", "abc"},
    {"xofficial=no; official=abc", "abc"},
    {"officials=no;official=abc", "abc"},
    {"official=", ""},
    {"official", NULL},
    {"other=official=abc", NULL},
    {"official=much-too-long-for-it", NULL},
    {"", NULL},
    {NULL, NULL},
};

START_TEST(cookies_as_they_come_back)
{
    char value[8];
    bool found = cookie_value(cookies[_i].header, "official", value, sizeof value);
    ck_assert_int_eq(found, cookies[_i].value != NULL);
    if (found)
        ck_assert_str_eq(value, cookies[_i].value);
}
END_TEST

START_TEST(roles_by_name)
{
    for (int role = 0; role < ROLES; role++)
        ck_assert_int_eq(role_find(role_name((enum official_role)role)), role);
    ck_assert_int_eq(role_find("owner"), ROLES);
    ck_assert_int_eq(role_find(""), ROLES);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof(table) / sizeof((table)[0]))

/* A clock that stands, with the machine's random bytes. */
static int64_t stands(void *context)
{
    return *(int64_t *)context;
}

static void random_of_machine(void *context, void *bytes, size_t length)
{
    (void)context;
    clock_random(&clock_system, bytes, length);
}

static struct clock clock_at(int64_t *us)
{
    return (struct clock){
        .monotonic_us = stands, .utc_us = stands, .random = random_of_machine, .context = us};
}

START_TEST(a_way_to_the_provider_is_its_browsers)
{
    const struct digest session = {{1, 2, 3}};
    int64_t now = 1800000000000000;
    const struct clock clock = clock_at(&now);
    struct account_visit visit, other, back;
    char text[ACCOUNT_VISIT_TEXT], another[ACCOUNT_VISIT_TEXT];
    ck_assert(account_visit_make(keys, &clock, LANGUAGE_ZH_HANS, true, &session, &visit, text));
    ck_assert(account_visit_make(keys, &clock, LANGUAGE_EN, true, NULL, &other, another));
    ck_assert_uint_eq(strlen(visit.authorization.verifier), 43); /* RFC 7636: 43 to 128 */
    ck_assert_ptr_null(strstr(text, visit.authorization.state));
    ck_assert_str_ne(visit.authorization.state, visit.authorization.nonce);
    ck_assert_str_ne(visit.authorization.nonce, visit.authorization.verifier);
    ck_assert(account_visit_read(keys, &clock, true, text, visit.authorization.state, &back));
    ck_assert(back.connects && back.member && back.authorization.language == LANGUAGE_ZH_HANS);
    ck_assert_mem_eq(&back.session, &session, sizeof session);
    ck_assert_str_eq(back.authorization.verifier, visit.authorization.verifier);
    ck_assert_str_eq(back.authorization.nonce, visit.authorization.nonce);
    ck_assert(account_visit_read(keys, &clock, true, another, other.authorization.state, &back));
    ck_assert(!back.connects);
    /* Another's state, another side, too late. */
    ck_assert(!account_visit_read(keys, &clock, true, text, other.authorization.state, &back));
    ck_assert(!account_visit_read(keys, &clock, true, text, "", &back));
    ck_assert(!account_visit_read(keys, &clock, false, text, visit.authorization.state, &back));
    now += INT64_C(599000000);
    ck_assert(account_visit_read(keys, &clock, true, text, visit.authorization.state, &back));
    now += INT64_C(1000000);
    ck_assert(!account_visit_read(keys, &clock, true, text, visit.authorization.state, &back));
}
END_TEST

START_TEST(a_way_that_was_changed_or_cut)
{
    int64_t now = 1800000000000000;
    const struct clock clock = clock_at(&now);
    struct account_visit visit, back;
    char text[ACCOUNT_VISIT_TEXT], changed[ACCOUNT_VISIT_TEXT];
    ck_assert(account_visit_make(keys, &clock, LANGUAGE_EN, false, NULL, &visit, text));
    for (size_t i = 0; i < ACCOUNT_VISIT_TEXT - 1; i++) {
        memcpy(changed, text, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        ck_assert_msg(
            !account_visit_read(keys, &clock, false, changed, visit.authorization.state, &back),
            "at %zu", i);
        memcpy(changed, text, sizeof changed);
        changed[i] = '\0';
        ck_assert_msg(
            !account_visit_read(keys, &clock, false, changed, visit.authorization.state, &back),
            "cut at %zu", i);
    }
    ck_assert(account_visit_read(keys, &clock, false, text, visit.authorization.state, &back));
}
END_TEST

START_TEST(subjects_under_every_master)
{
    char folder[] = "/tmp/ca-XXXXXX", error[256] = "", most[257], other[256];
    const char *remove[] = {"rm", "-rf", folder, NULL};
    struct digest one[SUBJECT_HASHES], two[SUBJECT_HASHES];
    ck_assert(mkdtemp(folder));
    ck_assert_msg(keys_make_base(folder, error, sizeof error), "%s", error);
    struct keys *before = keys_load(folder, error, sizeof error);
    ck_assert_msg(keys_make_master(folder, error, sizeof error), "%s", error);
    struct keys *after = keys_load(folder, error, sizeof error);
    ck_assert_int_eq(process_run(NULL, 0, remove), 0);
    ck_assert_int_eq(subject_hashes(before, "https://p.example", "ann", one), 1);
    ck_assert_int_eq(subject_hashes(after, "https://p.example", "ann", two), 2);
    ck_assert_mem_eq(&one[0], &two[1], sizeof *one);
    ck_assert_mem_ne(&two[0], &two[1], sizeof *two);
    /* Where one ends and the other begins is part of it. */
    ck_assert_int_eq(subject_hashes(before, "https://p.examplea", "nn", two), 1);
    ck_assert_mem_ne(&one[0], &two[0], sizeof *two);
    ck_assert_int_eq(subject_hashes(keys, "https://p.example", "ann", two), 1);
    ck_assert_mem_ne(&one[0], &two[0], sizeof *two);
    memset(most, 'a', sizeof most - 1);
    memset(other, 'a', sizeof other - 1);
    most[sizeof most - 1] = other[sizeof other - 1] = '\0';
    ck_assert_int_eq(subject_hashes(before, other, other, two), 1); /* the longest there are */
    ck_assert_int_eq(subject_hashes(before, other, most, two), 0);
    keys_free(before);
    keys_free(after);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("access");
    TCase *all = tcase_create("all");
    tcase_add_unchecked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, a_way_to_the_provider_is_its_browsers);
    tcase_add_test(all, a_way_that_was_changed_or_cut);
    tcase_add_test(all, subjects_under_every_master);
    LOOP(codes_of_the_rfc, vectors);
    tcase_add_test(all, each_step_is_good_once);
    tcase_add_test(all, secret_is_sealed_for_one_account);
    tcase_add_test(all, secret_as_authenticators_read_it);
    LOOP(passwords_that_may_be_chosen, passwords);
    tcase_add_test(all, password_is_bounded);
    tcase_add_test(all, password_is_hashed_by_argon2id);
    tcase_add_test(all, nobody_takes_as_long);
    tcase_add_test(all, tickets);
    tcase_add_test(all, form_tokens_are_of_one_session);
    tcase_add_test(all, recovery_codes);
    LOOP(cookies_as_they_come_back, cookies);
    tcase_add_test(all, roles_by_name);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
