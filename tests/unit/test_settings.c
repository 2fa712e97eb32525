/* settings: the table's defaults, bounds, and the rules between settings. */
#include "settings.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *text;
    const char *error; /* NULL: taken */
} cases[] = {
    {"port=8081", NULL},
    {"port = 0", NULL},
    {"port=65536", "port: a whole number from 0 to 65535 is wanted"},
    {"port=", "port: a whole number from 0 to 65535 is wanted"},
    {"port=80x", "port: a whole number from 0 to 65535 is wanted"},
    {"allow_open_address=true", NULL},
    {"allow_open_address=yes", "allow_open_address: true or false is wanted"},
    {"database=host=/run/x dbname=y", NULL},
    {"nothing=1", "there is no setting 'nothing'"},
    {"port", "'port' is not of the form name=value"},
};

START_TEST(set_takes_or_says_why)
{
    struct settings settings;
    settings_default(&settings);
    char error[256] = "";
    bool ok = settings_set(&settings, cases[_i].text, error, sizeof error);
    ck_assert_int_eq(ok, cases[_i].error == NULL);
    if (cases[_i].error)
        ck_assert_str_eq(error, cases[_i].error);
}
END_TEST

START_TEST(set_changes_the_named_one_only)
{
    struct settings settings;
    char error[256];
    settings_default(&settings);
    ck_assert_int_eq(settings.port, 8080);
    ck_assert(settings_set(&settings, " port = 1234 ", error, sizeof error));
    ck_assert(settings_set(&settings, "database=host=/a dbname=b", error, sizeof error));
    ck_assert_int_eq(settings.port, 1234);
    ck_assert_int_eq(settings.inner_port, 9080);
    ck_assert_str_eq(settings.database, "host=/a dbname=b");
}
END_TEST

START_TEST(file_names_the_line)
{
    char path[] = "/tmp/settings-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    fputs("# a comment\n\nport = 9\nport = nine\n", file);
    fclose(file);
    struct settings settings;
    char error[512] = "";
    settings_default(&settings);
    ck_assert(!settings_file(&settings, path, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, ", line 4: port:"));
    ck_assert_int_eq(settings.port, 9);
    unlink(path);
    ck_assert(!settings_file(&settings, path, error, sizeof error));
}
END_TEST

static const struct {
    const char *changes[6];
    bool well;
} rules[] = {
    {{"port=1"}, true},
    {{"address=0.0.0.0"}, false},
    {{"address=0.0.0.0", "trusted_front=10.0.0.1"}, true},
    {{"address=0.0.0.0", "allow_open_address=true"}, true},
    {{"address=unix:/run/c.sock"}, true},
    {{"address=::1"}, true},
    {{"inner_address=0.0.0.0"}, false},
    {{"inner_address=0.0.0.0", "allow_open_address=true"}, false},
    {{"mail_server=mail.example", "mail_from=a@example.org"}, true},
    {{"mail_server=mail.example", "mail_from=a@example.org", "mail_tls=tls"}, true},
    {{"mail_server=mail.example"}, false},
    {{"mail_server=mail.example", "mail_from=<a@example.org>"}, false},
    {{"mail_server=mail.example/x", "mail_from=a@example.org"}, false},
    {{"mail_tls=ssl"}, false},
    {{"mail_server=mail.example", "mail_from=a@example.org", "mail_tls=none"}, false},
    {{"mail_server=127.evil.example", "mail_from=a@example.org", "mail_tls=none"}, false},
    {{"mail_server=127.0.0.1", "mail_from=a@example.org", "mail_tls=none"}, true},
    {{"openid_issuer=https://p.example"}, false},
    {{"accounts_openid_issuer=https://p.example", "accounts_openid_client=us",
      "accounts_openid_secret_file=x", "accounts_openid_name_zh_hant=x",
      "accounts_openid_name_en=x"},
     false},
    {{"accounts_openid_issuer=https://p.example", "accounts_openid_client=us",
      "accounts_openid_secret_file=x", "accounts_openid_name_zh_hant=x",
      "accounts_openid_name_en=x", "accounts_openid_name_zh_hans=x"},
     true},
    {{"openid_client=us", "openid_secret_file=x"}, true}, /* no issuer: none of it matters */
    {{"mail_server=::1", "mail_from=a@example.org", "mail_tls=none"}, true},
    {{"mail_server=localhost", "mail_from=a@example.org", "mail_tls=none"}, true},
    {{"mail_server=mail.example", "mail_from=a@example.org", "mail_user=a"}, false},
    {{"mail_server=mail.example", "mail_from=a@example.org", "mail_user=a",
      "mail_password_file=/run/p"},
     true},
};

START_TEST(check_keeps_the_server_off_the_open_network)
{
    struct settings settings;
    char error[256] = "";
    settings_default(&settings);
    for (size_t i = 0; i < 6 && rules[_i].changes[i]; i++)
        ck_assert(settings_set(&settings, rules[_i].changes[i], error, sizeof error));
    ck_assert_int_eq(settings_check(&settings, error, sizeof error), rules[_i].well);
    ck_assert_int_eq(error[0] == '\0', rules[_i].well);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tcase = tcase_create("settings");
    tcase_add_loop_test(tcase, set_takes_or_says_why, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tcase, set_changes_the_named_one_only);
    tcase_add_test(tcase, file_names_the_line);
    tcase_add_loop_test(tcase, check_keeps_the_server_off_the_open_network, 0,
                        sizeof rules / sizeof rules[0]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
