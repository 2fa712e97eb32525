/* What an institutional response may say: its sections in order, every fault with its code and
 * pointer, and bytes that anybody can digest. */
#include "domain/response.h"
#include "support/fixture.h"
#include "support/handmade.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct consultation *consultation;

static void setup(void)
{
    consultation = handmade_consultation();
}

static void teardown(void)
{
    consultation_release(consultation);
}

static const char sample[] =
    "{\"format\":\"institutional-response-v1\",\"consultation\":\"" HANDMADE_SLUG "\","
    "\"institution\":\"harbour\",\"number\":\"7H3K9QXW2M\",\"language\":\"en\",\"publish\":1,"
    "\"sections\":{"
    "\"summary\":{\"text\":\"# In short\\n\\nWe agree.\"},"
    "\"direction-2\":{\"stance\":4,\"version\":1},"
    "\"measure-1-3\":{\"stance\":0,\"text\":\"Words of 香港.\",\"version\":2},"
    "\"question-1\":{\"text\":\"Yes\",\"version\":1},"
    "\"interests\":{\"text\":\"None.\"},"
    "\"approver\":{\"text\":\"A. Person, President\"}},"
    "\"attachments\":[{\"name\":\"b.pdf\",\"media_type\":\"application/pdf\",\"bytes\":12,"
    "\"sha256\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"},"
    "{\"name\":\"a.png\",\"media_type\":\"image/png\",\"bytes\":1073741824,"
    "\"sha256\":\"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}]}";

/* SHA-256 of the canonical form of the above, as sha256sum says of it. */
static const char sample_digest[] =
    "8c3485d8fc68ddb5d474df7c44df93718a11440b7191e8235470c8ef5c32fc80";

static json_t *sample_input(void)
{
    json_t *input = json_loads(sample, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(input);
    return input;
}

static bool read_input(json_t *input, struct response *out, struct faults *faults)
{
    *faults = (struct faults){0};
    return response_read(consultation, "harbour", "7H3K9QXW2M", input, out, faults);
}

/* "" takes away, "#7" is seven times 'x', else JSON. */
static json_t *value_of(const char *text)
{
    if (*text == '#') {
        size_t length = strtoul(text + 1, NULL, 10);
        char *many = calloc(1, length + 1);
        memset(many, 'x', length);
        json_t *value = json_string(many);
        free(many);
        return value;
    }
    return *text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
}

static const char *const order[] = {
    "summary",     "direction-1", "measure-1-1", "measure-1-2", "measure-1-3",
    "measure-1-4", "measure-1-5", "measure-1-6", "measure-1-7", "direction-2",
    "measure-2-1", "measure-2-2", "measure-2-3", "measure-2-4", "direction-3",
    "measure-3-1", "measure-3-2", "measure-3-3", "measure-3-4", "question-1",
    "question-2",  "question-3",  "evidence",    "interests",   "approver",
};

START_TEST(sections_stand_in_order)
{
    ck_assert_uint_eq(sections_count(consultation), sizeof order / sizeof *order);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        ck_assert_str_eq(section_at(consultation, i).code, order[i]);
        ck_assert_uint_eq(section_find(consultation, order[i]), i);
    }
    static const char *const none[] = {"",           "direction-4", "measure-1-8", "measure-1",
                                       "question-0", "Summary",     "measure-01-1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_uint_eq(section_find(consultation, none[i]), SIZE_MAX);
}
END_TEST

START_TEST(a_section_knows_its_rules)
{
    static const struct {
        const char *code;
        bool takes_stance, required;
        int limit, wording;
    } rules[] = {
        {"summary", false, true, 10000, 0},     {"direction-1", true, false, 20000, 1},
        {"measure-1-3", true, false, 20000, 2}, {"question-3", false, false, 20000, 1},
        {"evidence", false, false, 10000, 0},   {"interests", false, true, 5000, 0},
        {"approver", false, true, 300, 0},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct section section =
            section_at(consultation, section_find(consultation, rules[i].code));
        ck_assert_int_eq(section.takes_stance, rules[i].takes_stance);
        ck_assert_int_eq(section.required, rules[i].required);
        ck_assert_int_eq(section.limit, rules[i].limit);
        ck_assert_int_eq(section.wording, rules[i].wording);
    }
}
END_TEST

/* A correction of any of a direction's three texts is a new version of what is answered. */
START_TEST(a_direction_has_the_version_of_all_its_texts)
{
    struct direction *direction = &consultation->directions[1];
    direction->title.version = 1;
    direction->full_title.version = 3;
    direction->background.version = 2;
    ck_assert_int_eq(section_at(consultation, 9).wording, 4);
}
END_TEST

static const struct {
    const char *typed, *kept; /* NULL: refused */
} texts[] = {
    {"one\r\ntwo\rthree\n", "one\ntwo\nthree"},
    {"    code\n\n", "    code"},
    {" \n\t ", ""},
    {"", ""},
    {"e\xcc\x81", "\xc3\xa9"},
    {"bell\x07", NULL},
    {"\xff", NULL},
    {"\xed\xa0\x80", NULL}, /* a surrogate */
    {"next\xc2\x85line", NULL},
};

START_TEST(texts_are_kept_in_one_form)
{
    struct section section = section_at(consultation, 0);
    char *text = NULL;
    enum problem_code code =
        section_text(&section, texts[_i].typed, strlen(texts[_i].typed), &text, NULL);
    ck_assert_int_eq(code, texts[_i].kept ? PROBLEM_NONE : PROBLEM_BAD_TEXT);
    if (texts[_i].kept)
        ck_assert_str_eq(text, texts[_i].kept);
    free(text);
}
END_TEST

START_TEST(a_million_characters_are_too_many)
{
    struct section section = section_at(consultation, 0);
    char *text = NULL, *many = malloc(1000000);
    long over = 0;
    memset(many, 'x', 1000000);
    ck_assert_int_eq(section_text(&section, many, 1000000, &text, &over), PROBLEM_TOO_LONG);
    ck_assert_int_eq(over, 990000);
    ck_assert_ptr_null(text);
    free(many);
}
END_TEST

/* One thing changed from a document known to be good. */
static const struct {
    const char *pointer, *value;
    const char *fault;
    enum problem_code code;
    long limit;
} wrong[] = {
    {"/format", "", "/format", PROBLEM_REQUIRED, 0},
    {"/format", "\"institutional-response-v2\"", "/format", PROBLEM_UNKNOWN_VALUE, 0},
    {"/consultation", "\"another\"", "/consultation", PROBLEM_UNKNOWN_VALUE, 0},
    {"/institution", "\"peak\"", "/institution", PROBLEM_UNKNOWN_VALUE, 0},
    {"/institution", "7", "/institution", PROBLEM_WRONG_TYPE, 0},
    {"/number", "\"7H3K9QXW2N\"", "/number", PROBLEM_UNKNOWN_VALUE, 0},
    {"/language", "\"fr\"", "/language", PROBLEM_UNKNOWN_VALUE, 0},
    {"/publish", "true", "/publish", PROBLEM_WRONG_TYPE, 0},
    {"/publish", "2", "/publish", PROBLEM_UNKNOWN_VALUE, 0},
    {"/publish", "", "/publish", PROBLEM_REQUIRED, 0},
    {"/extra", "1", "/extra", PROBLEM_UNKNOWN_FIELD, 0},
    {"/a~1b", "1", "", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections", "[]", "/sections", PROBLEM_WRONG_TYPE, 0},
    {"/sections/measure-9-9", "{\"stance\":1}", "/sections/measure-9-9", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections/measure-1-1", "4", "/sections/measure-1-1", PROBLEM_WRONG_TYPE, 0},
    {"/sections/measure-1-1", "{}", "/sections/measure-1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/sections/measure-1-1", "{\"version\":1}", "/sections/measure-1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/sections/measure-1-1", "{\"text\":\" \"}", "/sections/measure-1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/sections/measure-1-3/stance", "6", "/sections/measure-1-3/stance", PROBLEM_UNKNOWN_VALUE, 0},
    {"/sections/measure-1-3/stance", "-1", "/sections/measure-1-3/stance", PROBLEM_UNKNOWN_VALUE,
     0},
    {"/sections/measure-1-3/stance", "4294967300", "/sections/measure-1-3/stance",
     PROBLEM_UNKNOWN_VALUE, 0},
    {"/sections/measure-1-3/stance", "4.0", "/sections/measure-1-3/stance", PROBLEM_WRONG_TYPE, 0},
    {"/sections/measure-1-3/stance", "null", "/sections/measure-1-3/stance", PROBLEM_WRONG_TYPE, 0},
    {"/sections/measure-1-3/version", "3", "/sections/measure-1-3/version", PROBLEM_VERSION_UNKNOWN,
     0},
    {"/sections/measure-1-3/version", "0", "/sections/measure-1-3/version", PROBLEM_VERSION_UNKNOWN,
     0},
    {"/sections/measure-1-3/text", "#20001", "/sections/measure-1-3/text", PROBLEM_TOO_LONG, 20000},
    {"/sections/measure-1-3/text", "\"\\u0000\"", NULL, PROBLEM_NONE, 0}, /* no JSON for us */
    {"/sections/measure-1-3/text", "\"a\\u0007\"", "/sections/measure-1-3/text", PROBLEM_BAD_TEXT,
     0},
    {"/sections/summary/stance", "3", "/sections/summary/stance", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections/summary/version", "1", "/sections/summary/version", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections/question-1/stance", "3", "/sections/question-1/stance", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections/summary/html", "\"x\"", "/sections/summary/html", PROBLEM_UNKNOWN_FIELD, 0},
    {"/sections/summary", "", "/sections/summary", PROBLEM_REQUIRED, 0},
    {"/sections/interests", "", "/sections/interests", PROBLEM_REQUIRED, 0},
    {"/sections/approver", "", "/sections/approver", PROBLEM_REQUIRED, 0},
    {"/sections/approver/text", "#301", "/sections/approver/text", PROBLEM_TOO_LONG, 300},
    {"/attachments", "{}", "/attachments", PROBLEM_WRONG_TYPE, 0},
    {"/attachments/0", "\"b.pdf\"", "/attachments/0", PROBLEM_WRONG_TYPE, 0},
    {"/attachments/0/name", "", "/attachments/0/name", PROBLEM_REQUIRED, 0},
    {"/attachments/0/name", "\"../b.pdf\"", "/attachments/0/name", PROBLEM_BAD_TEXT, 0},
    {"/attachments/0/name", "\"..\"", "/attachments/0/name", PROBLEM_BAD_TEXT, 0},
    {"/attachments/0/name", "\"c:\\\\b.pdf\"", "/attachments/0/name", PROBLEM_BAD_TEXT, 0},
    {"/attachments/0/name", "\"b\\n.pdf\"", "/attachments/0/name", PROBLEM_BAD_TEXT, 0},
    {"/attachments/0/name", "\"\"", "/attachments/0/name", PROBLEM_BAD_TEXT, 0},
    {"/attachments/0/name", "#121", "/attachments/0/name", PROBLEM_TOO_LONG, 120},
    {"/attachments/0/name", "\"a.png\"", "/attachments/1/name", PROBLEM_DUPLICATE, 0},
    {"/attachments/0/media_type", "\"text/html\"", "/attachments/0/media_type",
     PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/bytes", "0", "/attachments/0/bytes", PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/bytes", "1073741825", "/attachments/0/bytes", PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/sha256", "\"00\"", "/attachments/0/sha256", PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/sha256",
     "\"0011223344556677 8899aabbccddeeff00112233445566778899aabbccddeeff\"",
     "/attachments/0/sha256", PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/sha256",
     "\"FF112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"",
     "/attachments/0/sha256", PROBLEM_UNKNOWN_VALUE, 0},
    {"/attachments/0/path", "\"/etc\"", "/attachments/0/path", PROBLEM_UNKNOWN_FIELD, 0},
};

/* As fixture_set, which knows no places of an array. */
static void sample_set(json_t *input, const char *pointer, json_t *value)
{
    static const char first[] = "/attachments/0";
    json_t *list = json_object_get(input, "attachments");
    size_t length = sizeof first - 1;
    if (strncmp(pointer, first, length) != 0)
        fixture_set(input, pointer, value);
    else if (pointer[length])
        fixture_set(json_array_get(list, 0), pointer + length, value);
    else
        json_array_set_new(list, 0, value);
}

START_TEST(one_fault)
{
    json_t *input = sample_input(), *value = value_of(wrong[_i].value);
    struct response response;
    struct faults faults;
    if (wrong[_i].fault) {
        sample_set(input, wrong[_i].pointer, value);
        ck_assert(!read_input(input, &response, &faults));
        ck_assert_str_eq(faults.list[0].pointer, wrong[_i].fault);
        ck_assert_str_eq(problem_slug(faults.list[0].code), problem_slug(wrong[_i].code));
        ck_assert_int_eq(faults.list[0].limit, wrong[_i].limit);
        ck_assert_uint_eq(faults.count, 1);
        response_clear(&response);
    } else {
        ck_assert_ptr_null(value);
    }
    json_decref(input);
}
END_TEST

START_TEST(many_faults_at_once)
{
    json_t *input = sample_input();
    struct response response;
    struct faults faults;
    for (int i = 0; i < 200; i++) {
        char pointer[40];
        snprintf(pointer, sizeof pointer, "/sections/measure-9-%d", i);
        fixture_set(input, pointer, json_object());
    }
    fixture_set(input, "/language", json_integer(1));
    ck_assert(!read_input(input, &response, &faults));
    ck_assert_str_eq(faults.list[0].pointer, "/language");
    ck_assert_uint_eq(faults.count + faults.lost, 201);
    response_clear(&response);
    json_decref(input);
}
END_TEST

/* Only what is said of the plan makes a response. */
START_TEST(something_is_said_of_the_plan)
{
    json_t *input = sample_input();
    struct response response;
    struct faults faults;
    fixture_set(input, "/sections/direction-2", NULL);
    fixture_set(input, "/sections/measure-1-3", NULL);
    fixture_set(input, "/sections/question-1", NULL);
    ck_assert(!read_input(input, &response, &faults));
    ck_assert_uint_eq(faults.count, 1);
    ck_assert_int_eq(faults.list[0].code, PROBLEM_NOTHING_SAID);
    response_clear(&response);
    json_decref(input);
}
END_TEST

static char *canonical_of(json_t *input, struct digest *digest)
{
    struct response response;
    struct faults faults;
    size_t length = 0;
    ck_assert(read_input(input, &response, &faults));
    char *text = response_canonical(&response, &length);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), length);
    response_digest(text, length, digest);
    response_clear(&response);
    json_decref(input);
    return text;
}

/* Whatever the order of members and the spelling of what is sent, one document comes of it; and of
 * that the same again. */
START_TEST(one_document_of_one_response)
{
    struct digest digest, again;
    char hex[2 * DIGEST_BYTES + 1];
    char *text = canonical_of(sample_input(), &digest);
    digest_hex(&digest, hex);
    ck_assert_str_eq(hex, sample_digest);

    char *twice = canonical_of(json_loads(text, 0, NULL), &again);
    ck_assert_str_eq(twice, text);
    free(twice);

    json_t *input = sample_input();
    json_t *swapped = json_pack("[OO]", json_array_get(json_object_get(input, "attachments"), 1),
                                json_array_get(json_object_get(input, "attachments"), 0));
    fixture_set(input, "/attachments", swapped);
    fixture_set(input, "/number", NULL);
    fixture_set(input, "/sections/summary/text", json_string("# In short\r\n\r\nWe agree.\r\n"));
    twice = canonical_of(input, &again);
    ck_assert_str_eq(twice, text);
    free(twice);
    free(text);
}
END_TEST

/* What is built from a draft's rows is what a machine would have sent. */
START_TEST(a_draft_makes_the_same_document)
{
    struct response response;
    struct digest digest, sha256 = {{0}};
    size_t length = 0;
    char *text = canonical_of(sample_input(), &digest);
    ck_assert(response_init(&response, consultation));
    strcpy(response.institution, "harbour");
    strcpy(response.number, "7H3K9QXW2M");
    response.language = LANGUAGE_EN;
    response.publish = true;
    ck_assert(response_put(&response, "approver", STANCE_ABSENT, 0, "A. Person, President"));
    ck_assert(response_put(&response, "summary", STANCE_ABSENT, 0, "# In short\n\nWe agree."));
    ck_assert(response_put(&response, "interests", STANCE_ABSENT, 0, "None."));
    ck_assert(response_put(&response, "question-1", STANCE_ABSENT, 1, "Yes"));
    ck_assert(response_put(&response, "question-2", STANCE_ABSENT, 1, ""));
    ck_assert(response_put(&response, "measure-1-3", STANCE_NO_OPINION, 2, "Words of 香港."));
    ck_assert(response_put(&response, "direction-2", 4, 1, NULL));
    ck_assert(!response_put(&response, "direction-9", 4, 1, NULL));
    ck_assert(!response_attach(&response, "c.html", "text/html", 1, &sha256));
    for (int i = 0; i < DIGEST_BYTES; i++)
        sha256.bytes[i] = (unsigned char)(i % 16 * 0x11);
    ck_assert(response_attach(&response, "b.pdf", "application/pdf", 12, &sha256));
    sha256.bytes[0] = 0xff;
    ck_assert(response_attach(&response, "a.png", "image/png", 1073741824, &sha256));
    char *made = response_canonical(&response, &length);
    ck_assert_str_eq(made, text);
    response_clear(&response);
    free(made);
    free(text);
}
END_TEST

static Suite *response_suite(void)
{
    Suite *suite = suite_create("response");
    TCase *tcase = tcase_create("response");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, sections_stand_in_order);
    tcase_add_test(tcase, a_section_knows_its_rules);
    tcase_add_test(tcase, a_direction_has_the_version_of_all_its_texts);
    tcase_add_loop_test(tcase, texts_are_kept_in_one_form, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_test(tcase, a_million_characters_are_too_many);
    tcase_add_loop_test(tcase, one_fault, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tcase, many_faults_at_once);
    tcase_add_test(tcase, something_is_said_of_the_plan);
    tcase_add_test(tcase, one_document_of_one_response);
    tcase_add_test(tcase, a_draft_makes_the_same_document);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(response_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
