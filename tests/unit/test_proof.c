/* domain/proof: codes as they are made, typed and hashed. */
#include "domain/proof.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* A generator that gives these numbers in turn. */
struct numbers {
    uint32_t list[3];
    size_t next;
};

static void numbers_give(void *context, void *bytes, size_t length)
{
    struct numbers *numbers = context;
    ck_assert_uint_eq(length, sizeof numbers->list[0]);
    memcpy(bytes, &numbers->list[numbers->next++], length);
}

START_TEST(codes_are_six_digits_and_fair)
{
    /* The numbers from 4294000000 on would make 0 to 967295 likelier. */
    struct numbers numbers = {{4294000000u, UINT32_MAX, 1000042}, 0};
    const struct clock clock = {.random = numbers_give, .context = &numbers};
    char code[PROOF_CODE + 1];
    proof_code_make(&clock, code);
    ck_assert_str_eq(code, "000042");
    ck_assert_uint_eq(numbers.next, 3);
    numbers = (struct numbers){{4293999999u}, 0};
    proof_code_make(&clock, code);
    ck_assert_str_eq(code, "999999");
}
END_TEST

static const struct {
    const char *typed, *code; /* NULL: none */
} cases[] = {
    {"123456", "123456"},
    {" 123 456 ", "123456"},
    {"123-456", "123456"},
    {"１２３４５６", "123456"},
    {"123\t456", "123456"},
    {"１２３　４５６", "123456"},
    {"12345", NULL},
    {"1234567", NULL},
    {"12345a", NULL},
    {"", NULL},
    {"-", NULL},
    {"12345\xff", NULL},
    {"000000000000000000000000000000000000000000000000000000000000000000000000000", NULL},
};

START_TEST(codes_as_people_type_them)
{
    char code[PROOF_CODE + 1] = "";
    ck_assert_int_eq(proof_code_read(cases[_i].typed, code), cases[_i].code != NULL);
    if (cases[_i].code)
        ck_assert_str_eq(code, cases[_i].code);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("proof");
    TCase *tcase = tcase_create("proof");
    tcase_add_test(tcase, codes_are_six_digits_and_fair);
    tcase_add_loop_test(tcase, codes_as_people_type_them, 0, sizeof cases / sizeof cases[0]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
