/* Generated submissions are such as people could send, and always the same at the same place. */
#include "commands/rehearse.h"
#include "support/handmade.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 4000 };

static const int64_t opens_us = INT64_C(1700000000000000), day_us = INT64_C(86400000000);

static struct consultation *consultation;
static struct keys *keys;
static char folder[HANDMADE_FOLDER];
static struct stage stage;

static void setup(void)
{
    consultation = handmade_consultation();
    consultation->opens_us = opens_us;
    consultation->closes_us = opens_us + 60 * day_us;
    keys = handmade_keys(folder);
    stage = (struct stage){.consultation = consultation,
                           .key = keys_identity(keys, consultation->slug),
                           .now_us = opens_us + 30 * day_us,
                           .crowd = 1};
}

static void teardown(void)
{
    keys_free(keys);
    handmade_keys_remove(folder);
    consultation_release(consultation);
}

static void check_answers(const struct submission *s)
{
    size_t said = s->remark_count;
    for (size_t i = 0; i < consultation->measure_count; i++) {
        bool answered = s->stances[i] != STANCE_ABSENT;
        said += answered;
        ck_assert(!answered || s->stances[i] <= STANCE_LAST);
        ck_assert(!answered || s->versions[i] == consultation->measures[i].text.version);
        ck_assert(answered || !(s->priorities >> i & 1));
    }
    ck_assert_uint_gt(said, 0);
    ck_assert_int_le(__builtin_popcountll(s->priorities), consultation->limits.priorities);
    ck_assert_uint_eq(s->withheld, 0);
    for (size_t i = 0; i < s->remark_count; i++) {
        ck_assert_uint_gt(strlen(s->remarks[i].text), 0);
        ck_assert(!s->remarks[i].publish || s->consent != CONSENT_NONE);
    }
}

START_TEST(such_as_people_send)
{
    int64_t last_day = 0;
    for (uint64_t place = 0; place < PLACES; place++) {
        struct submission s;
        ck_assert(rehearse_submission(&stage, place, &s));
        check_answers(&s);
        ck_assert(s.arrived_us >= opens_us && s.arrived_us <= stage.now_us);
        ck_assert((s.kind == KIND_ORGANISATION) == (s.organisation != NULL));
        ck_assert(s.kind == KIND_ORGANISATION || s.consent != CONSENT_WITH_NAME);
        ck_assert(!s.sector || consultation_sector(consultation, s.sector));
        ck_assert_int_eq(s.identity_kind, IDENTITY_EMAIL);
        ck_assert(!s.proven);
        int64_t day = (s.arrived_us - opens_us) / day_us;
        last_day = day > last_day ? day : last_day;
        submission_clear(&s);
    }
    ck_assert_int_ge(last_day, 29);
}
END_TEST

START_TEST(same_place_same_submission)
{
    struct submission first, again, other;
    ck_assert(rehearse_submission(&stage, 77, &first));
    ck_assert(rehearse_submission(&stage, 77, &again));
    ck_assert(rehearse_submission(&stage, 78, &other));
    ck_assert_mem_eq(&first.key, &again.key, sizeof first.key);
    ck_assert_mem_eq(&first.content_hash, &again.content_hash, sizeof first.content_hash);
    ck_assert_mem_ne(&first.commitment, &again.commitment, sizeof first.commitment);
    ck_assert_mem_ne(&first.key, &other.key, sizeof first.key);
    ck_assert_mem_ne(&first.respondent, &other.respondent, sizeof first.respondent);
    submission_clear(&first);
    submission_clear(&again);
    submission_clear(&other);
}
END_TEST

START_TEST(some_submit_twice)
{
    struct submission first, second;
    ck_assert(rehearse_submission(&stage, 985, &first));
    ck_assert(rehearse_submission(&stage, 1985, &second));
    ck_assert_mem_eq(&first.respondent, &second.respondent, sizeof first.respondent);
    ck_assert_mem_ne(&first.key, &second.key, sizeof first.key);
    submission_clear(&first);
    submission_clear(&second);
}
END_TEST

START_TEST(a_crowd_comes_on_one_day)
{
    stage.crowd = 500;
    int64_t day = -1;
    for (uint64_t place = 500; place < 1000; place++) {
        struct submission s;
        ck_assert(rehearse_submission(&stage, place, &s));
        int64_t its_day = (s.arrived_us + day_us / 3) / day_us; /* Hong Kong's */
        ck_assert(day < 0 || its_day == day);
        day = its_day;
        submission_clear(&s);
    }
}
END_TEST

START_TEST(nobody_is_identified_where_nothing_is_taken)
{
    struct submission s;
    consultation->identity_kinds = 1u << IDENTITY_MOBILE;
    ck_assert(rehearse_submission(&stage, 3, &s));
    ck_assert_int_eq(s.identity_kind, IDENTITY_MOBILE);
    submission_clear(&s);
    consultation->identity_kinds = 0;
    ck_assert(rehearse_submission(&stage, 3, &s));
    ck_assert_int_eq(s.identity_kind, IDENTITY_NONE);
    submission_clear(&s);
}
END_TEST

/* A window that has just opened, or is over: no moment lies outside it. */
START_TEST(moments_stay_in_the_window)
{
    const int64_t nows[] = {opens_us, opens_us + 1000000, consultation->closes_us + day_us};
    for (size_t i = 0; i < sizeof nows / sizeof *nows; i++)
        for (uint64_t place = 0; place < 500; place++) {
            struct submission s;
            stage.now_us = nows[i];
            ck_assert(rehearse_submission(&stage, place, &s));
            ck_assert(s.arrived_us >= opens_us && s.arrived_us <= nows[i]);
            ck_assert(s.arrived_us < consultation->closes_us);
            submission_clear(&s);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rehearse");
    TCase *tcase = tcase_create("rehearse");
    suite_add_tcase(suite, tcase);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, such_as_people_send);
    tcase_add_test(tcase, same_place_same_submission);
    tcase_add_test(tcase, some_submit_twice);
    tcase_add_test(tcase, a_crowd_comes_on_one_day);
    tcase_add_test(tcase, nobody_is_identified_where_nothing_is_taken);
    tcase_add_test(tcase, moments_stay_in_the_window);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
