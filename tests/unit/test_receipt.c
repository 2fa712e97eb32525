/* Numbers, codes, the signed statement, and what a verifier says of changed ones. */
#include "domain/filing_receipt.h"
#include "domain/receipt.h"
#include "domain/submission.h"
#include "support/handmade.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char folder[HANDMADE_FOLDER];
static struct keys *keys;

static void setup(void)
{
    keys = handmade_keys(folder);
}

static void teardown(void)
{
    keys_free(keys);
    handmade_keys_remove(folder);
}

static struct receipt sample(void)
{
    struct receipt receipt = {
        .consultation = HANDMADE_SLUG,
        .number = "7H3K9QXW2M",
        .arrived_us = INT64_C(1795600799999999),
        .receipt_key = 1,
        .master = 1,
        .generation = 1,
    };
    memset(receipt.commitment.bytes, 0xab, sizeof receipt.commitment.bytes);
    return receipt;
}

static const struct {
    const char *typed;
    const char *number; /* NULL: refused */
} numbers[] = {
    {"7H3K9QXW2M", "7H3K9QXW2M"},
    {"7h3k9qxw2m", "7H3K9QXW2M"},
    {"7H3K9-QXW2M", "7H3K9QXW2M"},
    {" 7H3K 9QXW 2M ", "7H3K9QXW2M"},
    {"oOiIlL0011", "0011110011"},
    {"7H3K9QXW2", NULL},
    {"7H3K9QXW2MM", NULL},
    {"7H3K9QXW2U", NULL},
    {"", NULL},
    {"7H3K9QXW2\303\251", NULL},
    {"7H3K9_QXW2M", NULL},
    {"7H3K9\302\240QXW2M\r\n", "7H3K9QXW2M"}, /* a no-break space, a line's end */
    {"7H3K9\342\200\223QXW2M", "7H3K9QXW2M"}, /* a dash for the hyphen */
    {"7H3K9\342\200\221QXW2M", "7H3K9QXW2M"}, /* a hyphen that does not break */
    {"7H3K9\342\210\222QXW2M", "7H3K9QXW2M"}, /* a minus sign */
    {"\357\274\227h3k9qxw2m", "7H3K9QXW2M"},  /* a full-width digit */
    {"7H3K9QXW2\357\274\255", "7H3K9QXW2M"},  /* a full-width letter */
    {"7H3K9\343\200\200QXW2M", "7H3K9QXW2M"}, /* an ideographic space */
    {"7H3K9\342\200\230QXW2M", NULL},         /* a quotation mark parts nothing */
    {"7H3K9\377QXW2M", NULL},                 /* not UTF-8 */
    {"7H3K9QXW2\342", NULL},
    {"----------", NULL},
};

START_TEST(numbers_as_typed)
{
    char number[NUMBER_TEXT + 1] = "untouched";
    bool ok = number_read(numbers[_i].typed, number);
    ck_assert(ok == (numbers[_i].number != NULL));
    ck_assert_str_eq(number, ok ? numbers[_i].number : "untouched");
}
END_TEST

START_TEST(numbers_made_are_read)
{
    char one[NUMBER_TEXT + 1], other[NUMBER_TEXT + 1], read[NUMBER_TEXT + 1];
    for (int i = 0; i < 1000; i++) {
        number_make(&clock_system, one);
        number_make(&clock_system, other);
        ck_assert_str_ne(one, other);
        ck_assert(number_read(one, read));
        ck_assert_str_eq(one, read);
    }
}
END_TEST

static void bytes_of_context(void *context, void *bytes, size_t length)
{
    memcpy(bytes, context, length);
}

/* Five bits a character, the first bits first. */
START_TEST(numbers_from_known_bytes)
{
    unsigned char bytes[] = {0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x40};
    const struct clock clock = {.random = bytes_of_context, .context = bytes};
    char number[NUMBER_TEXT + 1];
    number_make(&clock, number);
    ck_assert_str_eq(number, "0123456789");
}
END_TEST

START_TEST(code_opens_its_number_only)
{
    struct receipt receipt = sample();
    char code[RECEIPT_CODE_TEXT + 1], again[RECEIPT_CODE_TEXT + 1];
    ck_assert(receipt_code(keys, &receipt, code));
    ck_assert(receipt_code(keys, &receipt, again));
    ck_assert_str_eq(code, again);
    ck_assert_uint_eq(strlen(code), RECEIPT_CODE_TEXT);
    ck_assert(receipt_code_matches(keys, &receipt, code));
    receipt.generation = 2;
    ck_assert(!receipt_code_matches(keys, &receipt, code));
    receipt.generation = 1;
    receipt.number[0] = '8';
    ck_assert(!receipt_code_matches(keys, &receipt, code));
    receipt.number[0] = '7';
    receipt.master = 2;
    ck_assert(!receipt_code_matches(keys, &receipt, code));
    ck_assert(!receipt_code(keys, &receipt, code));
}
END_TEST

/* Made with Python from a master of 32 bytes 7, the check characters among it. */
START_TEST(code_is_known)
{
    char path[64], error[128], code[RECEIPT_CODE_TEXT + 1];
    unsigned char master[32];
    struct receipt receipt = sample();
    memset(master, 7, sizeof master);
    snprintf(path, sizeof path, "%s/master-5", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fchmod(fileno(file), 0600), 0);
    ck_assert_uint_eq(fwrite(master, sizeof master, 1, file), 1);
    fclose(file);
    keys_free(keys);
    keys = keys_load(folder, error, sizeof error);
    receipt.master = 5;
    ck_assert(receipt_code(keys, &receipt, code));
    ck_assert_str_eq(code, "H1869P288ABT");
}
END_TEST

START_TEST(code_as_typed)
{
    struct receipt receipt = sample();
    char code[RECEIPT_CODE_TEXT + 1], typed[32];
    ck_assert(receipt_code(keys, &receipt, code));
    snprintf(typed, sizeof typed, " %.4s-%.4s %.4s", code, code + 4, code + 8);
    for (char *p = typed; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    ck_assert(receipt_code_matches(keys, &receipt, typed));
    ck_assert(!receipt_code_matches(keys, &receipt, ""));
    code[RECEIPT_CODE_TEXT - 1] = '\0';
    ck_assert(!receipt_code_matches(keys, &receipt, code));
}
END_TEST

/* Every character of the code is looked at. */
START_TEST(code_with_one_slip)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct receipt receipt = sample();
    char code[RECEIPT_CODE_TEXT + 1];
    ck_assert(receipt_code(keys, &receipt, code));
    for (size_t i = 0; i < RECEIPT_CODE_TEXT; i++)
        for (const char *c = alphabet; *c; c++) {
            char kept = code[i];
            code[i] = *c;
            ck_assert(receipt_code_matches(keys, &receipt, code) == (*c == kept));
            code[i] = kept;
        }
}
END_TEST

START_TEST(statement_is_canonical)
{
    static const char wanted[] =
        "consultation-receipt-v1\n{\"arrived_at\":\"2026-11-25T09:59:59Z\",\"commitment\":\""
        "abababababababababababababababababababababababababababababababab\","
        "\"consultation\":\"five-year-plan-iti\",\"key_id\":\"receipt-1\","
        "\"number\":\"7H3K9QXW2M\"}";
    struct receipt receipt = sample();
    size_t length = 0;
    char *statement = receipt_statement(&receipt, &length);
    ck_assert_ptr_nonnull(statement);
    ck_assert_str_eq(statement, wanted);
    ck_assert_uint_eq(length, strlen(wanted));
    json_t *json = json_loads(strchr(statement, '\n') + 1, 0, NULL);
    char *again = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(again, strchr(statement, '\n') + 1);
    free(again);
    json_decref(json);
    free(statement);
}
END_TEST

START_TEST(retry_gives_identical_bytes)
{
    struct receipt receipt = sample();
    json_t *one = receipt_document(keys, &receipt), *other = receipt_document(keys, &receipt);
    ck_assert(json_equal(one, other));
    ck_assert_int_eq(receipt_verify(keys, one), RECEIPT_GENUINE);
    json_decref(one);
    json_decref(other);
    receipt.receipt_key = 2;
    ck_assert_ptr_null(receipt_document(keys, &receipt));
}
END_TEST

static const struct {
    const char *name, *value; /* value NULL: taken away */
    enum receipt_verdict verdict;
} changes[] = {
    {"consultation", "another-plan", RECEIPT_FALSE},
    {"consultation", "Another", RECEIPT_UNREADABLE},
    {"consultation", NULL, RECEIPT_UNREADABLE},
    {"number", "7H3K9QXW2N", RECEIPT_FALSE},
    {"number", "7h3k9qxw2m", RECEIPT_UNREADABLE},
    {"number", NULL, RECEIPT_UNREADABLE},
    {"arrived_at", "2026-11-25T10:40:00Z", RECEIPT_FALSE},
    {"arrived_at", "2026-11-25T18:39:59+08:00", RECEIPT_UNREADABLE},
    {"arrived_at", "yesterday", RECEIPT_UNREADABLE},
    {"arrived_at", NULL, RECEIPT_UNREADABLE},
    {"commitment", "bbababababababababababababababababababababababababababababababab",
     RECEIPT_FALSE},
    {"commitment", "ABababababababababababababababababababababababababababababababab",
     RECEIPT_UNREADABLE},
    {"commitment", "abab", RECEIPT_UNREADABLE},
    {"commitment", NULL, RECEIPT_UNREADABLE},
    {"key_id", "receipt-7", RECEIPT_KEY_UNKNOWN},
    {"key_id", "master-1", RECEIPT_KEY_UNKNOWN},
    {"key_id", NULL, RECEIPT_UNREADABLE},
    {"signature", "AAAA", RECEIPT_UNREADABLE},
    {"signature", NULL, RECEIPT_UNREADABLE},
    {"signature",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
     RECEIPT_FALSE},
    {"links", "more", RECEIPT_GENUINE},
};

START_TEST(changed_documents)
{
    struct receipt receipt = sample();
    json_t *document = receipt_document(keys, &receipt);
    if (changes[_i].value)
        json_object_set_new(document, changes[_i].name, json_string(changes[_i].value));
    else
        json_object_del(document, changes[_i].name);
    ck_assert_int_eq(receipt_verify(keys, document), changes[_i].verdict);
    json_decref(document);
}
END_TEST

START_TEST(not_a_document)
{
    ck_assert_int_eq(receipt_verify(keys, NULL), RECEIPT_UNREADABLE);
    json_t *list = json_array();
    ck_assert_int_eq(receipt_verify(keys, list), RECEIPT_UNREADABLE);
    json_decref(list);
}
END_TEST

START_TEST(withdrawals)
{
    static const char wanted[] =
        "consultation-withdrawal-v1\n{\"commitment\":\"abababababababababababababababababababab"
        "abababababababababababab\",\"consultation\":\"five-year-plan-iti\",\"key_id\":"
        "\"receipt-1\",\"number\":\"7H3K9QXW2M\",\"withdrawn_at\":\"2026-11-25T10:00:00Z\"}";
    const int64_t at_us = INT64_C(1795600800123456);
    struct receipt receipt = sample(), other = sample();
    struct receipt_papers papers;
    size_t length = 0;
    char *statement = withdrawal_statement(&receipt, at_us, &length);
    ck_assert_uint_eq(length, strlen(wanted));
    ck_assert_str_eq(statement, wanted);
    free(statement);
    json_t *document = withdrawal_document(keys, &receipt, at_us);
    json_t *again = withdrawal_document(keys, &receipt, at_us);
    json_t *recorded = receipt_document(keys, &receipt);
    ck_assert(json_equal(document, again));
    ck_assert_int_eq(receipt_verify_papers(keys, NULL, &papers), RECEIPT_UNREADABLE);
    json_t *nothing = json_array();
    ck_assert_int_eq(receipt_verify_papers(keys, nothing, &papers), RECEIPT_UNREADABLE);
    json_decref(nothing);
    ck_assert_int_eq(receipt_verify(keys, document), RECEIPT_GENUINE);
    ck_assert_int_eq(receipt_verify_papers(keys, document, &papers), RECEIPT_GENUINE);
    ck_assert(papers.withdrawal == document && !papers.receipt);
    ck_assert_int_eq(receipt_verify_papers(keys, recorded, &papers), RECEIPT_GENUINE);
    ck_assert(papers.receipt == recorded && !papers.withdrawal);
    json_t *both = json_pack("{s:O, s:O}", "receipt", recorded, "withdrawal", document);
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_GENUINE);
    ck_assert(papers.receipt == recorded && papers.withdrawal == document);
    /* Neither passes for the other, and another submission's is not this one's. */
    json_object_set(both, "receipt", document);
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_UNREADABLE);
    json_object_set(both, "receipt", recorded);
    json_object_set(both, "withdrawal", recorded);
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_UNREADABLE);
    other.number[0] = '8';
    json_object_set_new(both, "withdrawal", withdrawal_document(keys, &other, at_us));
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_FALSE);
    json_object_set(document, "arrived_at", json_object_get(document, "withdrawn_at"));
    json_object_del(document, "withdrawn_at");
    ck_assert_int_eq(receipt_verify(keys, document), RECEIPT_FALSE);
    json_object_set_new(again, "withdrawn_at", json_string("2026-11-25T10:00:01Z"));
    ck_assert_int_eq(receipt_verify(keys, again), RECEIPT_FALSE);
    json_decref(both);
    json_decref(recorded);
    json_decref(document);
    json_decref(again);
}
END_TEST

/* As its holder reads it back: what lies beside the signed papers is vouched for, or not genuine.
 */
START_TEST(content_beside)
{
    static const char content[] = "{\"said\":\"no\"}", other[] = "{\"said\":\"yes\"}";
    static const char salt_text[] =
        "0707070707070707070707070707070707070707070707070707070707070707";
    unsigned char salt[32];
    struct receipt receipt = sample();
    struct receipt_papers papers;
    memset(salt, 7, sizeof salt);
    submission_commitment(salt, content, strlen(content), &receipt.commitment);
    json_t *both = json_pack("{s:o, s:s, s:s}", "receipt", receipt_document(keys, &receipt), "salt",
                             salt_text, "content", content);
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_GENUINE);
    ck_assert_int_eq(papers.content, CONTENT_FITS);
    /* A receipt of a withdrawal beside it changes nothing of that. */
    for (int i = 0; i < 2; i++) {
        json_object_set_new(both, "content", json_string(other));
        ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_FALSE);
        ck_assert_int_eq(papers.content, CONTENT_OTHER);
        json_object_set_new(both, "content", json_object());
        ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_FALSE);
        json_object_set_new(both, "content", json_string(content));
        ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_GENUINE);
        json_object_set_new(both, "withdrawal",
                            withdrawal_document(keys, &receipt, INT64_C(1795600800123456)));
    }
    json_object_del(both, "salt");
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_FALSE);
    json_object_del(both, "content");
    ck_assert_int_eq(receipt_verify_papers(keys, both, &papers), RECEIPT_GENUINE);
    ck_assert_int_eq(papers.content, CONTENT_NOT_SHOWN);
    json_decref(both);
}
END_TEST

static struct filing_receipt filing_sample(void)
{
    struct filing_receipt receipt = {
        .consultation = HANDMADE_SLUG,
        .institution = "harbour-university",
        .number = "7H3K9QXW2M",
        .version = 2,
        .arrived_us = INT64_C(1795600799999999),
        .receipt_key = 1,
    };
    memset(receipt.digest.bytes, 0xab, sizeof receipt.digest.bytes);
    return receipt;
}

/* Members in order, and a retry gives the same bytes and the same signature. */
START_TEST(a_filing_is_stated)
{
    struct filing_receipt receipt = filing_sample();
    json_t *document = filing_receipt_document(keys, &receipt);
    json_t *again = filing_receipt_document(keys, &receipt);
    size_t length = 0;
    char *statement = filing_receipt_statement(document, &length);
    ck_assert_str_eq(
        statement,
        "institution-receipt-v1\n{\"arrived_at\":\"2026-11-25T09:59:59Z\",\"consultation\":"
        "\"" HANDMADE_SLUG "\",\"digest\":"
        "\"abababababababababababababababababababababababababababababababab\","
        "\"institution\":\"harbour-university\",\"key\":\"receipt-1\","
        "\"number\":\"7H3K9QXW2M\",\"version\":2}");
    ck_assert_uint_eq(strlen(statement), length);
    ck_assert(json_equal(document, again));
    ck_assert(filing_receipt_is(document));
    ck_assert_int_eq(filing_receipt_verify(keys, document), RECEIPT_GENUINE);
    free(statement);
    json_decref(again);
    json_decref(document);
}
END_TEST

/* One member changed, "" taken away. */
static const struct {
    const char *name, *value;
    enum receipt_verdict verdict;
} filing_changes[] = {
    {"arrived_at", "\"2026-11-25T10:00:00Z\"", RECEIPT_FALSE},
    {"arrived_at", "\"2026-11-25T09:59:59+00:00\"", RECEIPT_FALSE},
    {"consultation", "\"another\"", RECEIPT_FALSE},
    {"institution", "\"another\"", RECEIPT_FALSE},
    {"number", "\"7H3K9QXW2N\"", RECEIPT_FALSE},
    {"version", "3", RECEIPT_FALSE},
    {"version", "\"2\"", RECEIPT_UNREADABLE},
    {"version", "2.0", RECEIPT_UNREADABLE},
    {"digest", "\"ab\"", RECEIPT_FALSE},
    {"digest", "7", RECEIPT_UNREADABLE},
    {"key", "\"receipt-9\"", RECEIPT_KEY_UNKNOWN},
    {"key", "\"identity\"", RECEIPT_KEY_UNKNOWN},
    {"signature", "\"AAAA\"", RECEIPT_UNREADABLE},
    {"signature", "", RECEIPT_UNREADABLE},
    {"number", "", RECEIPT_UNREADABLE},
    {"note", "\"passed over\"", RECEIPT_GENUINE},
};

START_TEST(changed_filing)
{
    struct filing_receipt receipt = filing_sample();
    json_t *document = filing_receipt_document(keys, &receipt);
    if (*filing_changes[_i].value)
        json_object_set_new(document, filing_changes[_i].name,
                            json_loads(filing_changes[_i].value, JSON_DECODE_ANY, NULL));
    else
        json_object_del(document, filing_changes[_i].name);
    ck_assert_int_eq(filing_receipt_verify(keys, document), filing_changes[_i].verdict);
    json_decref(document);
}
END_TEST

/* Neither kind of receipt can be shown as the other. */
START_TEST(a_filing_is_no_submission)
{
    struct filing_receipt filed = filing_sample();
    struct receipt recorded = sample();
    struct receipt_papers papers;
    json_t *document = filing_receipt_document(keys, &filed);
    json_t *other = receipt_document(keys, &recorded);
    ck_assert(!filing_receipt_is(other));
    ck_assert_int_eq(filing_receipt_verify(keys, other), RECEIPT_UNREADABLE);
    ck_assert_int_eq(receipt_verify_papers(keys, document, &papers), RECEIPT_UNREADABLE);
    json_decref(document);
    json_decref(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receipt");
    TCase *number = tcase_create("number"), *code = tcase_create("code");
    TCase *statement = tcase_create("statement");
    tcase_add_loop_test(number, numbers_as_typed, 0, sizeof numbers / sizeof *numbers);
    tcase_add_test(number, numbers_made_are_read);
    tcase_add_test(number, numbers_from_known_bytes);
    tcase_add_checked_fixture(code, setup, teardown);
    tcase_add_test(code, code_opens_its_number_only);
    tcase_add_test(code, code_is_known);
    tcase_add_test(code, code_as_typed);
    tcase_add_test(code, code_with_one_slip);
    tcase_add_checked_fixture(statement, setup, teardown);
    tcase_add_test(statement, statement_is_canonical);
    tcase_add_test(statement, retry_gives_identical_bytes);
    tcase_add_loop_test(statement, changed_documents, 0, sizeof changes / sizeof *changes);
    tcase_add_test(statement, not_a_document);
    tcase_add_test(statement, withdrawals);
    tcase_add_test(statement, content_beside);
    tcase_add_test(statement, a_filing_is_stated);
    tcase_add_loop_test(statement, changed_filing, 0,
                        sizeof filing_changes / sizeof *filing_changes);
    tcase_add_test(statement, a_filing_is_no_submission);
    suite_add_tcase(suite, number);
    suite_add_tcase(suite, code);
    suite_add_tcase(suite, statement);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
