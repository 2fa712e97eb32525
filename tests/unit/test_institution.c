/* Kinds and domains of institutions, the codes mailed to them, and public keys as people paste
 * them. */
#include "access/role.h"
#include "domain/institution.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

START_TEST(kinds_by_name)
{
    for (int kind = 0; kind < INSTITUTION_KINDS; kind++)
        ck_assert_int_eq(institution_kind_find(institution_kind_name((enum institution_kind)kind)),
                         kind);
    ck_assert_int_eq(institution_kind_find("club"), INSTITUTION_KINDS);
}
END_TEST

START_TEST(domains)
{
    static const struct {
        const char *typed, *wanted; /* NULL: none */
    } cases[] = {
        {"hku.hk", "hku.hk"},
        {" @HKU.hk", "hku.hk"},
        {"mail.hku.hk.", "mail.hku.hk"},
        {"例子.香港", "xn--fsqu00a.xn--j6w193g"},
        {"hk", NULL},
        {"", NULL},
        {"a_b.hk", NULL},
        {"a@b.hk", NULL},
        {"a..hk", NULL},
        {"a b.hk", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char domain[DOMAIN_TEXT] = "";
        bool ok = institution_domain(cases[i].typed, domain);
        ck_assert_msg(ok == (cases[i].wanted != NULL), "%s: %s", cases[i].typed, domain);
        if (ok)
            ck_assert_str_eq(domain, cases[i].wanted);
    }
    char longer[4 * DOMAIN_TEXT], out[DOMAIN_TEXT];
    memset(longer, 'a', sizeof longer);
    memcpy(longer + sizeof longer - 4, ".hk", 4);
    ck_assert(!institution_domain(longer, out));
}
END_TEST

/* RFC 8410 §10.1's key, in each way. */
START_TEST(public_keys)
{
    static const char *const good[] = {
        "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
        "19BF44096984CDFE8541BAC167DC3B96C85086AA30B6B6CB0C5C38AD703166E1\n",
        "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
        " Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE",
        ("-----BEGIN PUBLIC "
         "KEY-----\r\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
         "\r\n-----END PUBLIC KEY-----\r\n"),
    };
    static const char *const bad[] = {
        "",
        "nonsense",
        "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=", /* X25519 */
        ("-----BEGIN PRIVATE "
         "KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
         "\n-----END PRIVATE KEY-----"),
    };
    unsigned char first[PUBLIC_KEY_BYTES], key[PUBLIC_KEY_BYTES];
    ck_assert(public_key_read(good[0], first));
    for (size_t i = 1; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(public_key_read(good[i], key) && memcmp(first, key, sizeof key) == 0, "%s",
                      good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!public_key_read(bad[i], key), "%s", bad[i]);
}
END_TEST

START_TEST(parts_by_name)
{
    ck_assert_uint_eq(member_roles_find("coordinator"), MEMBER_COORDINATOR);
    ck_assert_uint_eq(member_roles_find("approver,drafter"), MEMBER_APPROVER | MEMBER_DRAFTER);
    ck_assert_uint_eq(member_roles_find(""), 0);
    ck_assert_uint_eq(member_roles_find("drafter,king"), 0);
    ck_assert_uint_eq(member_roles_find("draft"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("institution");
    TCase *all = tcase_create("institution");
    tcase_add_test(all, kinds_by_name);
    tcase_add_test(all, domains);
    tcase_add_test(all, public_keys);
    tcase_add_test(all, parts_by_name);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
