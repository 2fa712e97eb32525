/* Finding parts by code, the count of references, and the memory it lives in. */
#include "base/arena.h"
#include "domain/consultation.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct direction directions[] = {{.ordinal = 1, .code = "1"}, {.ordinal = 2, .code = "2"}};
static struct measure measures[] = {{.ordinal = 1, .code = "1-1"}, {.ordinal = 2, .code = "2-1"}};
static struct question questions[] = {{.ordinal = 1, .code = "1"}};
static struct sector sectors[] = {{.code = "finance"}, {.code = "other"}};

static const struct consultation sample = {.direction_count = 2,
                                           .measure_count = 2,
                                           .question_count = 1,
                                           .sector_count = 2,
                                           .directions = directions,
                                           .measures = measures,
                                           .questions = questions,
                                           .sectors = sectors};

START_TEST(parts_by_code)
{
    ck_assert_ptr_eq(consultation_direction(&sample, "2"), &directions[1]);
    ck_assert_ptr_eq(consultation_measure(&sample, "2-1"), &measures[1]);
    ck_assert_ptr_eq(consultation_question(&sample, "1"), &questions[0]);
    ck_assert_ptr_eq(consultation_sector(&sample, "other"), &sectors[1]);
}
END_TEST

START_TEST(unknown_codes)
{
    ck_assert_ptr_null(consultation_direction(&sample, "3"));
    ck_assert_ptr_null(consultation_direction(&sample, ""));
    ck_assert_ptr_null(consultation_measure(&sample, "1-2"));
    ck_assert_ptr_null(consultation_measure(&sample, "1-11"));
    ck_assert_ptr_null(consultation_question(&sample, "01"));
    ck_assert_ptr_null(consultation_sector(&sample, "Finance"));
}
END_TEST

START_TEST(last_reference_frees)
{
    struct consultation *consultation = calloc(1, sizeof *consultation);
    json_t *release = json_object();
    ck_assert_ptr_nonnull(consultation);
    consultation->references = 1;
    consultation->memory = arena_new();
    consultation->release = json_incref(release);
    ck_assert_ptr_eq(consultation_hold(consultation), consultation);
    consultation_release(consultation);
    ck_assert_uint_eq(release->refcount, 2);
    consultation_release(consultation);
    ck_assert_uint_eq(release->refcount, 1);
    json_decref(release);
    consultation_release(NULL);
    ck_assert_ptr_null(consultation_hold(NULL));
}
END_TEST

START_TEST(arena_gives_separate_zeroed_pieces)
{
    struct arena *arena = arena_new();
    unsigned char *before = NULL;
    for (size_t size = 1; size < 40000; size = size * 3 + 1) {
        unsigned char *piece = arena_take(arena, size, 1);
        ck_assert_ptr_nonnull(piece);
        ck_assert_uint_eq((uintptr_t)piece % sizeof(void *), 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq(piece[i], 0);
        memset(piece, 0xee, size);
        ck_assert(!before || *before == 0xee);
        before = piece;
    }
    ck_assert_str_eq(arena_text(arena, "諮詢"), "諮詢");
    ck_assert_ptr_null(arena_text(arena, NULL));
    ck_assert(arena_ok(arena));
    arena_free(arena);
}
END_TEST

START_TEST(arena_failure_sticks)
{
    struct arena *arena = arena_new();
    ck_assert_ptr_null(arena_take(arena, SIZE_MAX, 2));
    ck_assert_ptr_null(arena_take(arena, 1, 1));
    ck_assert(!arena_ok(arena));
    arena_free(arena);
    arena_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("consultation");
    TCase *tcase = tcase_create("consultation");
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, parts_by_code);
    tcase_add_test(tcase, unknown_codes);
    tcase_add_test(tcase, last_reference_frees);
    tcase_add_test(tcase, arena_gives_separate_zeroed_pieces);
    tcase_add_test(tcase, arena_failure_sticks);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
