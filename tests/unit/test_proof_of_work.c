/* Challenges against robots: a known one byte for byte, solved, and everything that is not right
 * about a solution. */
#include "domain/proof_of_work.h"
#include "support/handmade.h"
#include "support/solver.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1000, NUMBER = 224 };

static char folder[HANDMADE_FOLDER];
static struct keys *keys;
static struct uuid key;
static int64_t now_s;
static unsigned char next_random;

static int64_t clock_now(void *context)
{
    (void)context;
    return now_s * 1000000;
}

/* 0x10, 0x11, … so that what is made of them can be computed elsewhere. */
static void clock_bytes(void *context, void *bytes, size_t length)
{
    (void)context;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = next_random++;
    next_random = 0x20;
}

static const struct clock clock_set = {
    .monotonic_us = clock_now, .utc_us = clock_now, .random = clock_bytes};

static void setup(void)
{
    char path[64], error[256];
    keys = handmade_keys(folder);
    keys_free(keys);
    snprintf(path, sizeof path, "%s/master-1", folder);
    int fd = open(path, O_WRONLY | O_TRUNC);
    for (unsigned char byte = 0; byte < 32; byte++)
        ck_assert_int_eq(write(fd, &byte, 1), 1);
    close(fd);
    keys = keys_load(folder, error, sizeof error);
    ck_assert_msg(keys != NULL, "%s", error);
    ck_assert(parse_uuid("11111111-2222-4333-8444-555555555555", &key));
    now_s = 1764046800; /* 2025-11-25 05:00 UTC */
    next_random = 0x10;
}

static void teardown(void)
{
    keys_free(keys);
    handmade_keys_remove(folder);
}

static json_t *challenge_new(void)
{
    json_t *challenge = proof_of_work_challenge(keys, &clock_set, HANDMADE_SLUG, &key, MOST);
    ck_assert_ptr_nonnull(challenge);
    return challenge;
}

static enum problem_code judge(const char *slug, const struct uuid *submission_key, char *payload)
{
    enum problem_code problem =
        proof_of_work_check(keys, &clock_set, slug, submission_key, payload);
    free(payload);
    return problem;
}

static char *solved(const json_t *challenge)
{
    return solver_payload(solver_solution(challenge, solver_number(challenge)));
}

/* Computed by Python's hashlib and hmac from the same keys, time and random bytes. */
START_TEST(known_challenge)
{
    static const char expected[] =
        "{\"algorithm\":\"SHA-256\","
        "\"challenge\":\"4df1b99b788f9fd92f3d5fc4d7fe3ca293e7b823c15e62ea2069b8cf7a3a848f\","
        "\"maxnumber\":1000,"
        "\"salt\":\"101112131415161718191a1b?expires=1764061200&master=1&\","
        "\"signature\":\"9296e190a717cfda7e08195361cb0912e5733a917c44401caa389bb51d76851b\"}";
    json_t *challenge = challenge_new();
    char *text = json_dumps(challenge, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(solver_number(challenge), NUMBER);
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(challenge)), PROBLEM_NONE);
    free(text);
    json_decref(challenge);
}
END_TEST

START_TEST(good_for_four_hours)
{
    json_t *challenge = challenge_new();
    now_s += PROOF_OF_WORK_SECONDS - 1;
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(challenge)), PROBLEM_NONE);
    now_s++;
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(challenge)), PROBLEM_PROOF_OF_WORK_EXPIRED);
    json_decref(challenge);
}
END_TEST

/* Made late in the evening, shown after midnight: the key is that of the day it was made. */
START_TEST(good_over_midnight)
{
    now_s = 1764115199; /* 23:59:59 */
    json_t *challenge = challenge_new();
    now_s++;
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(challenge)), PROBLEM_NONE);
    json_decref(challenge);
}
END_TEST

START_TEST(good_after_a_new_master)
{
    char error[256];
    json_t *challenge = challenge_new();
    ck_assert(keys_make_master(folder, error, sizeof error));
    keys_free(keys);
    keys = keys_load(folder, error, sizeof error);
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(challenge)), PROBLEM_NONE);
    json_t *newer = challenge_new();
    ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(newer, "salt")), "&master=2&"));
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solved(newer)), PROBLEM_NONE);
    json_decref(newer);
    json_decref(challenge);
}
END_TEST

START_TEST(good_for_its_submission_only)
{
    struct uuid other = key;
    other.bytes[15] ^= 1;
    json_t *challenge = challenge_new();
    ck_assert_int_eq(judge(HANDMADE_SLUG, &other, solved(challenge)), PROBLEM_PROOF_OF_WORK_WRONG);
    ck_assert_int_eq(judge("another", &key, solved(challenge)), PROBLEM_PROOF_OF_WORK_WRONG);
    json_decref(challenge);
}
END_TEST

/* One member of a right solution changed. */
START_TEST(forged)
{
    static const struct {
        const char *name, *value;
    } changes[] = {
        {"algorithm", "\"SHA-1\""},
        {"algorithm", "null"},
        {"challenge", "\"4df1b99b788f9fd92f3d5fc4d7fe3ca293e7b823c15e62ea2069b8cf7a3a848e\""},
        {"challenge", "\"\""},
        {"challenge", "7"},
        {"number", "223"},
        {"number", "-224"},
        {"number", "\"224\""},
        {"number", "224.0"},
        {"number", "9223372036854775807"},
        {"salt", "\"\""},
        {"salt", "\"101112131415161718191a1b?expires=1764061201&master=1&\""},
        {"salt", "\"101112131415161718191a1b?expires=+1764061200&master=1&\""},
        {"salt", "\"101112131415161718191a1b?expires=1764061200&master=9&\""},
        {"salt", "\"101112131415161718191a1b?expires=1764061200&master=1\""},
        {"salt", "\"101112131415161718191A1B?expires=1764061200&master=1&\""},
        {"salt", "\"101112131415161718191a1b?expires=-1764061200&master=1&\""},
        {"salt", "\"101112131415161718191a1b?expires=99999999999&master=1&\""},
        {"signature", "\"9296e190a717cfda7e08195361cb0912e5733a917c44401caa389bb51d76851c\""},
        {"signature", "\"\""},
        {"signature", "null"},
    };
    json_t *challenge = challenge_new();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        json_t *solution = solver_solution(challenge, NUMBER);
        json_object_set_new(solution, changes[i].name,
                            json_loads(changes[i].value, JSON_DECODE_ANY, NULL));
        ck_assert_msg(judge(HANDMADE_SLUG, &key, solver_payload(solution)) ==
                          PROBLEM_PROOF_OF_WORK_WRONG,
                      "%s %s", changes[i].name, changes[i].value);
        solution = solver_solution(challenge, NUMBER);
        json_object_del(solution, changes[i].name);
        ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solver_payload(solution)),
                         PROBLEM_PROOF_OF_WORK_WRONG);
    }
    json_decref(challenge);
}
END_TEST

/* The first digits of the number given to the time: the hash is the same, the time is not. */
START_TEST(digits_cannot_change_sides)
{
    json_t *challenge = challenge_new(), *solution = solver_solution(challenge, 24);
    json_object_set_new(solution, "salt",
                        json_string("101112131415161718191a1b?expires=1764061200&master=1&2"));
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, solver_payload(solution)),
                     PROBLEM_PROOF_OF_WORK_WRONG);
    json_decref(challenge);
}
END_TEST

START_TEST(no_solution_at_all)
{
    static const char *const payloads[] = {
        "",    "=",     "words",    "e30=",         "bnVsbA==",         "W10=",
        "e30", "e30= ", "eyJhIjox", "eyJhIjoxfQ==", "AAAAAAAAAAAAAAAA",
    };
    char *much = calloc(1, 4 * PROOF_OF_WORK_PAYLOAD_MOST + 1);
    memset(much, 'e', 4 * PROOF_OF_WORK_PAYLOAD_MOST);
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        ck_assert_msg(judge(HANDMADE_SLUG, &key, strdup(payloads[i])) ==
                          PROBLEM_PROOF_OF_WORK_WRONG,
                      "%s", payloads[i]);
    ck_assert_int_eq(judge(HANDMADE_SLUG, &key, much), PROBLEM_PROOF_OF_WORK_WRONG);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("proof_of_work");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, known_challenge);
    tcase_add_test(tcase, good_for_four_hours);
    tcase_add_test(tcase, good_over_midnight);
    tcase_add_test(tcase, good_after_a_new_master);
    tcase_add_test(tcase, good_for_its_submission_only);
    tcase_add_test(tcase, forged);
    tcase_add_test(tcase, digits_cannot_change_sides);
    tcase_add_test(tcase, no_solution_at_all);
    Suite *suite = suite_create("proof_of_work");
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
