/* mail/letter: a message that every mail program reads as it was meant. */
#include "mail/letter.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char random_bytes[16] = {0xab};

static char *written(const char *subject, const char *text)
{
    struct letter letter = {.to = "a@example.org"};
    struct buf out = {0};
    snprintf(letter.subject, sizeof letter.subject, "%s", subject);
    snprintf(letter.text, sizeof letter.text, "%s", text);
    letter_write(&letter, "codes@consultation.example", INT64_C(1795623092000000), random_bytes,
                 &out);
    return buf_take(&out, NULL);
}

START_TEST(whole_message)
{
    char *message = written("A code", "One\nTwo\n");
    ck_assert_str_eq(message, "Date: Wed, 25 Nov 2026 16:11:32 +0000\r\n"
                              "From: <codes@consultation.example>\r\n"
                              "To: <a@example.org>\r\n"
                              "Message-ID: <ab000000000000000000000000000000@consultation.example>"
                              "\r\n"
                              "Subject: =?utf-8?B?QSBjb2Rl?=\r\n"
                              "MIME-Version: 1.0\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: base64\r\n"
                              "Auto-Submitted: auto-generated\r\n\r\n"
                              "T25lDQpUd28NCg==\r\n");
    free(message);
}
END_TEST

/* No line is longer than mail allows, no encoded word parts a character, and put together they are
 * the subject and the text again. */
START_TEST(long_words_are_folded)
{
    static const char subject[] =
        "x公眾諮詢的驗證碼公眾諮詢的驗證碼公眾諮詢的驗證碼公眾諮詢的驗證碼公眾諮詢";
    char text[1200] = "", decoded[1400] = "";
    for (int i = 0; i < 60; i++)
        strcat(text, "諮詢諮詢 line\n");
    char *message = written(subject, text), *rest = NULL;
    size_t length = 0;
    for (char *line = strtok_r(message, "\r\n", &rest); line;
         line = strtok_r(NULL, "\r\n", &rest)) {
        ck_assert_uint_le(strlen(line), 76);
        char *word = strstr(line, "=?utf-8?B?");
        if (!word)
            continue;
        ck_assert_uint_le(strlen(word), 75);
        size_t got = 0;
        char *end = strstr(word, "?=");
        ck_assert_int_eq(sodium_base642bin((unsigned char *)decoded + length,
                                           sizeof decoded - length, word + 10,
                                           (size_t)(end - word - 10), NULL, &got, NULL,
                                           sodium_base64_VARIANT_ORIGINAL),
                         0);
        ck_assert_uint_ne((unsigned char)decoded[length] & 0xc0, 0x80);
        length += got;
    }
    ck_assert_str_eq(decoded, subject);
    free(message);
    message = written(subject, text);
    size_t got = 0;
    const char *body = strstr(message, "\r\n\r\n") + 4;
    ck_assert_int_eq(sodium_base642bin((unsigned char *)decoded, sizeof decoded, body, strlen(body),
                                       "\r\n", &got, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    decoded[got] = '\0';
    ck_assert_uint_eq(got, strlen(text) + 60); /* a CR for each LF */
    ck_assert_str_eq(decoded + got - 6, "line\r\n");
    free(message);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("letter");
    TCase *tcase = tcase_create("letter");
    tcase_add_test(tcase, whole_message);
    tcase_add_test(tcase, long_words_are_folded);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
