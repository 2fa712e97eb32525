/* A form's state: sealed and opened again, for so many days, by nobody else, for nothing else. */
#include "domain/sealed_form.h"
#include "domain/wipe.h"
#include "support/handmade.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[HANDMADE_FOLDER];
static struct keys *keys;
static int64_t now_us;
static char slug[] = "plan";

static const int64_t day_us = INT64_C(86400) * 1000000;

static int64_t clock_now(void *context)
{
    (void)context;
    return now_us;
}

static void clock_bytes(void *context, void *bytes, size_t length)
{
    (void)context;
    randombytes_buf(bytes, length);
}

static const struct clock held_clock = {
    .monotonic_us = clock_now, .utc_us = clock_now, .random = clock_bytes};

static void setup(void)
{
    keys = handmade_keys(folder);
    now_us = INT64_C(20000) * day_us + 1;
}

static void teardown(void)
{
    keys_free(keys);
    handmade_keys_remove(folder);
}

static struct form_state filled(void)
{
    struct form_state state;
    ck_assert(form_state_open(&held_clock, &state));
    json_decref(state.answers);
    state.answers =
        json_pack("{s:{s:{s:i, s:s}}, s:[s, s], s:s}", "answers", "1-3", "stance", 5, "remark",
                  "好，即管一試。", "priorities", "2-1", "1-3", "kind", "individual");
    json_array_append_new(state.kept, json_string("9123 4567"));
    return state;
}

static char *sealed(const struct form_state *state)
{
    char *text = sealed_form_seal(keys, &held_clock, slug, state);
    ck_assert_ptr_nonnull(text);
    return text;
}

static enum sealed_form_outcome opened(const char *text)
{
    struct form_state state;
    enum sealed_form_outcome outcome = sealed_form_open(keys, &held_clock, slug, text, &state);
    form_state_clear(&state);
    return outcome;
}

/* What it takes the place of goes along, and is either whole or nothing. */
START_TEST(amends_what_it_amended)
{
    static const struct {
        const char *amends;
        bool right;
    } rows[] = {
        {"{\"generation\":2,\"number\":\"7H3K9QXW2M\"}", true},
        {"{\"number\":\"7H3K9QXW2M\"}", false},
        {"{\"generation\":2}", false},
        {"{\"generation\":2,\"number\":\"7H3K9QXW2\"}", false},
        {"{\"generation\":\"2\",\"number\":\"7H3K9QXW2M\"}", false},
        {"{\"code\":\"\",\"generation\":2,\"number\":\"7H3K9QXW2M\"}", false},
        {"\"7H3K9QXW2M\"", false},
        {"null", false},
    };
    struct form_state state = filled(), back;
    memcpy(state.amends, "7H3K9QXW2M", sizeof state.amends);
    state.amends_generation = 2;
    char *text = sealed(&state);
    ck_assert_int_eq(sealed_form_open(keys, &held_clock, slug, text, &back), SEALED_FORM_OPENED);
    ck_assert_str_eq(back.amends, "7H3K9QXW2M");
    ck_assert_int_eq(back.amends_generation, 2);
    form_state_clear(&back);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char bytes[512];
        snprintf(bytes, sizeof bytes,
                 "{\"amends\":%s,\"answers\":{},\"consultation\":\"plan\",\"kept\":[],"
                 "\"key\":\"11111111-1111-4111-8111-111111111111\",\"opened\":1}",
                 rows[i].amends);
        enum sealed_form_outcome outcome = form_state_read(bytes, strlen(bytes), slug, &back);
        ck_assert_msg((outcome == SEALED_FORM_OPENED) == rows[i].right, "%s", rows[i].amends);
        form_state_clear(&back);
    }
    free(text);
    form_state_clear(&state);
}
END_TEST

START_TEST(comes_back_as_it_went)
{
    struct form_state state = filled(), back;
    char *text = sealed(&state), *again = sealed(&state);
    ck_assert_str_ne(text, again);
    ck_assert_ptr_null(strpbrk(text, "+/=%&"));
    now_us += 3 * day_us;
    ck_assert_int_eq(sealed_form_open(keys, &held_clock, slug, text, &back), SEALED_FORM_OPENED);
    ck_assert_mem_eq(&back.key, &state.key, sizeof back.key);
    ck_assert_int_eq(back.opened_us, state.opened_us);
    ck_assert(json_equal(back.answers, state.answers));
    ck_assert(json_equal(back.kept, state.kept));
    form_state_clear(&state);
    form_state_clear(&back);
    free(text);
    free(again);
}
END_TEST

/* A draft is such bytes under another key. */
START_TEST(bytes_are_canonical)
{
    struct form_state state = filled(), back;
    size_t length = 0, second = 0;
    char *bytes = form_state_write(&state, slug, &length);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_int_eq(form_state_read(bytes, length, slug, &back), SEALED_FORM_OPENED);
    char *again = form_state_write(&back, slug, &second);
    ck_assert_str_eq(bytes, again);
    form_state_clear(&back);
    ck_assert_int_eq(form_state_read(bytes, length - 1, slug, &back), SEALED_FORM_BROKEN);
    form_state_clear(&back);
    ck_assert_int_eq(form_state_read(bytes, length, "other", &back), SEALED_FORM_FOREIGN);
    form_state_clear(&back);
    form_state_clear(&state);
    wipe_free(bytes);
    wipe_free(again);
}
END_TEST

/* The length tells neither a stance nor a short word. */
START_TEST(length_is_padded)
{
    struct form_state state = filled();
    char *text = sealed(&state);
    json_object_set_new(state.answers, "sector", json_string("education"));
    char *longer = sealed(&state);
    ck_assert_uint_eq(strlen(text), strlen(longer));
    form_state_clear(&state);
    free(text);
    free(longer);
}
END_TEST

START_TEST(any_change_breaks_it)
{
    struct form_state state = filled();
    char *text = sealed(&state);
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        char kept = text[i];
        text[i] = kept == 'A' ? 'B' : 'A';
        enum sealed_form_outcome outcome = opened(text);
        /* The day stands in the open: a changed one is another key's, or too old. */
        ck_assert_msg(outcome == SEALED_FORM_BROKEN || (i < 10 && outcome == SEALED_FORM_EXPIRED),
                      "at %zu: %d", i, (int)outcome);
        text[i] = kept;
    }
    for (size_t i = 0; i < length; i += 7) {
        char kept = text[i];
        text[i] = '\0';
        ck_assert_int_eq(opened(text), SEALED_FORM_BROKEN);
        text[i] = kept;
    }
    ck_assert_int_eq(opened("not base64 at all!"), SEALED_FORM_BROKEN);
    form_state_clear(&state);
    free(text);
}
END_TEST

START_TEST(opens_for_fourteen_days)
{
    struct form_state state = filled();
    char *text = sealed(&state);
    now_us += SEALED_FORM_DAYS * day_us;
    ck_assert_int_eq(opened(text), SEALED_FORM_OPENED);
    now_us += day_us;
    ck_assert_int_eq(opened(text), SEALED_FORM_EXPIRED);
    now_us -= (SEALED_FORM_DAYS + 2) * day_us; /* a server whose clock is behind, at midnight */
    ck_assert_int_eq(opened(text), SEALED_FORM_OPENED);
    now_us -= day_us;
    ck_assert_int_eq(opened(text), SEALED_FORM_BROKEN);
    form_state_clear(&state);
    free(text);
}
END_TEST

START_TEST(of_another_consultation_or_server)
{
    struct form_state state = filled(), out;
    char *text = sealed(&state), other[HANDMADE_FOLDER];
    ck_assert_int_eq(sealed_form_open(keys, &held_clock, "another", text, &out),
                     SEALED_FORM_FOREIGN);
    form_state_clear(&out);
    struct keys *others = handmade_keys(other);
    ck_assert_int_eq(sealed_form_open(others, &held_clock, slug, text, &out), SEALED_FORM_BROKEN);
    form_state_clear(&out);
    keys_free(others);
    handmade_keys_remove(other);
    form_state_clear(&state);
    free(text);
}
END_TEST

/* A new master makes, the old one still reads. */
START_TEST(survives_a_new_master)
{
    struct form_state state = filled();
    char *text = sealed(&state), error[256];
    ck_assert(keys_make_master(folder, error, sizeof error));
    keys_free(keys);
    keys = keys_load(folder, error, sizeof error);
    ck_assert_ptr_nonnull(keys);
    ck_assert_int_eq(opened(text), SEALED_FORM_OPENED);
    char *renewed = sealed(&state);
    ck_assert_int_ne(strncmp(text, renewed, 4), 0);
    form_state_clear(&state);
    free(text);
    free(renewed);
}
END_TEST

START_TEST(bounded)
{
    struct form_state state = filled();
    char *words = malloc(FORM_STATE_BYTES_MOST + 1);
    size_t length = 0;
    memset(words, 'x', FORM_STATE_BYTES_MOST);
    words[FORM_STATE_BYTES_MOST] = '\0';
    json_object_set_new(state.answers, "organisation", json_string(words));
    ck_assert_ptr_null(form_state_write(&state, slug, &length));
    ck_assert_ptr_null(sealed_form_seal(keys, &held_clock, slug, &state));
    words[FORM_STATE_BYTES_MOST - 400] = '\0';
    json_object_set_new(state.answers, "organisation", json_string(words));
    char *text = sealed(&state);
    ck_assert_uint_le(strlen(text), 330 * 1024);
    ck_assert_int_eq(opened(text), SEALED_FORM_OPENED);
    form_state_clear(&state);
    free(words);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sealed_form");
    TCase *tests = tcase_create("sealed_form");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, comes_back_as_it_went);
    tcase_add_test(tests, amends_what_it_amended);
    tcase_add_test(tests, bytes_are_canonical);
    tcase_add_test(tests, length_is_padded);
    tcase_add_test(tests, any_change_breaks_it);
    tcase_add_test(tests, opens_for_fourteen_days);
    tcase_add_test(tests, of_another_consultation_or_server);
    tcase_add_test(tests, survives_a_new_master);
    tcase_add_test(tests, bounded);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
