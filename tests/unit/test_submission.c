/* What a submission may say: every fault with its code and pointer, and the canonical content. */
#include "domain/identity_key.h"
#include "domain/submission.h"
#include "support/fixture.h"
#include "support/handmade.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct consultation *consultation;
static const struct identity_key key = {.consultation = HANDMADE_SLUG, .bytes = {1, 2, 3}};

static void setup(void)
{
    consultation = handmade_consultation();
}

static void teardown(void)
{
    consultation_release(consultation);
}

static bool read_input(json_t *input, bool amends, struct submission *out, struct faults *faults)
{
    *faults = (struct faults){0};
    return submission_read(consultation, &key, input,
                           amends ? IDENTITY_OF_OTHER : IDENTITY_AS_TAKEN, out, faults);
}

/* One thing changed from a submission known to be good: `value` is JSON, "" takes away, a number
 * repeats 'x' so often. */
static const struct {
    const char *pointer, *value;
    const char *fault; /* pointer of the only fault */
    enum problem_code code;
    long limit;
} wrong[] = {
    {"/kind", "", "/kind", PROBLEM_REQUIRED, 0},
    {"/kind", "1", "/kind", PROBLEM_WRONG_TYPE, 0},
    {"/kind", "null", "/kind", PROBLEM_WRONG_TYPE, 0},
    {"/kind", "\"robot\"", "/kind", PROBLEM_UNKNOWN_VALUE, 0},
    {"/kind", "\"\"", "/kind", PROBLEM_UNKNOWN_VALUE, 0},
    {"/organisation", "", "/organisation", PROBLEM_REQUIRED, 0},
    {"/organisation", "\" \\u3000\"", "/organisation", PROBLEM_REQUIRED, 0},
    {"/organisation", "7", "/organisation", PROBLEM_WRONG_TYPE, 0},
    {"/organisation", "\"a\\u0007b\"", "/organisation", PROBLEM_BAD_TEXT, 0},
    {"/organisation", "#201", "/organisation", PROBLEM_TOO_LONG, 200},
    {"/sector", "\"nowhere\"", "/sector", PROBLEM_UNKNOWN_VALUE, 0},
    {"/sector", "[]", "/sector", PROBLEM_WRONG_TYPE, 0},
    {"/language", "", "/language", PROBLEM_REQUIRED, 0},
    {"/language", "\"fr\"", "/language", PROBLEM_UNKNOWN_VALUE, 0},
    {"/language", "true", "/language", PROBLEM_WRONG_TYPE, 0},
    {"/publication", "", "/publication", PROBLEM_REQUIRED, 0},
    {"/publication", "\"all\"", "/publication", PROBLEM_UNKNOWN_VALUE, 0},
    {"/publication", "{}", "/publication", PROBLEM_WRONG_TYPE, 0},
    {"/identity", "", "/identity", PROBLEM_REQUIRED, 0},
    {"/identity", "\"a@x.example\"", "/identity", PROBLEM_WRONG_TYPE, 0},
    {"/identity/kind", "", "/identity/kind", PROBLEM_REQUIRED, 0},
    {"/identity/kind", "\"passport\"", "/identity/kind", PROBLEM_UNKNOWN_VALUE, 0},
    {"/identity/kind", "\"hkid\"", "/identity/kind", PROBLEM_IDENTITY_KIND, 0},
    {"/identity/kind", "\"mobile\"", "/identity/value", PROBLEM_IDENTITY_INVALID, 0},
    {"/identity/value", "", "/identity/value", PROBLEM_REQUIRED, 0},
    {"/identity/value", "91234567", "/identity/value", PROBLEM_WRONG_TYPE, 0},
    {"/identity/value", "\"nobody\"", "/identity/value", PROBLEM_IDENTITY_INVALID, 0},
    {"/identity/value", "#3000", "/identity/value", PROBLEM_IDENTITY_INVALID, 0},
    {"/identity/name", "\"Chan\"", "/identity/name", PROBLEM_UNKNOWN_FIELD, 0},
    {"/answers", "[]", "/answers", PROBLEM_WRONG_TYPE, 0},
    {"/answers/9-9", "{\"stance\":1}", "/answers/9-9", PROBLEM_UNKNOWN_FIELD, 0},
    {"/answers/1-1", "5", "/answers/1-1", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1", "{}", "/answers/1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/answers/1-1", "{\"version\":1}", "/answers/1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/answers/1-1", "{\"remark\":\" \"}", "/answers/1-1", PROBLEM_NOT_ANSWERED, 0},
    {"/answers/1-1/stance", "6", "/answers/1-1/stance", PROBLEM_UNKNOWN_VALUE, 0},
    {"/answers/1-1/stance", "-1", "/answers/1-1/stance", PROBLEM_UNKNOWN_VALUE, 0},
    {"/answers/1-1/stance", "255", "/answers/1-1/stance", PROBLEM_UNKNOWN_VALUE, 0},
    {"/answers/1-1/stance", "4294967297", "/answers/1-1/stance", PROBLEM_UNKNOWN_VALUE, 0},
    {"/answers/1-1/stance", "4.0", "/answers/1-1/stance", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1/stance", "\"4\"", "/answers/1-1/stance", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1/remark", "1", "/answers/1-1/remark", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1/remark", "#2001", "/answers/1-1/remark", PROBLEM_TOO_LONG, 2000},
    {"/answers/1-1/remark", "\"\\u0085\"", "/answers/1-1/remark", PROBLEM_BAD_TEXT, 0},
    {"/answers/1-1/version", "0", "/answers/1-1/version", PROBLEM_VERSION_UNKNOWN, 0},
    {"/answers/1-1/version", "2", "/answers/1-1/version", PROBLEM_VERSION_UNKNOWN, 0},
    {"/answers/1-1/version", "\"1\"", "/answers/1-1/version", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1/publish", "1", "/answers/1-1/publish", PROBLEM_WRONG_TYPE, 0},
    {"/answers/1-1/name", "1", "/answers/1-1/name", PROBLEM_UNKNOWN_FIELD, 0},
    {"/priorities", "{}", "/priorities", PROBLEM_WRONG_TYPE, 0},
    {"/priorities", "[\"1-1\",\"1-2\",\"1-3\",\"1-4\"]", "/priorities", PROBLEM_TOO_MANY, 3},
    {"/priorities", "[\"1-1\",\"2-1\",\"1-1\"]", "/priorities/2", PROBLEM_DUPLICATE, 0},
    {"/priorities", "[\"1-1\",\"8-1\"]", "/priorities/1", PROBLEM_UNKNOWN_VALUE, 0},
    {"/priorities", "[7]", "/priorities/0", PROBLEM_WRONG_TYPE, 0},
    {"/views", "\"words\"", "/views", PROBLEM_WRONG_TYPE, 0},
    {"/views/4", "{\"text\":\"words\"}", "/views/4", PROBLEM_UNKNOWN_FIELD, 0},
    {"/views/1", "[]", "/views/1", PROBLEM_WRONG_TYPE, 0},
    {"/views/1/text", "", "/views/1/text", PROBLEM_REQUIRED, 0},
    {"/views/1/text", "\"\\n\"", "/views/1", PROBLEM_NOT_ANSWERED, 0},
    {"/views/1/text", "#5001", "/views/1/text", PROBLEM_TOO_LONG, 5000},
    {"/views/1/version", "3", "/views/1/version", PROBLEM_VERSION_UNKNOWN, 0},
    {"/views/1/stance", "3", "/views/1/stance", PROBLEM_UNKNOWN_FIELD, 0},
    {"/extra", "1", "/extra", PROBLEM_UNKNOWN_FIELD, 0},
    {"/state", "\"counted\"", "/state", PROBLEM_UNKNOWN_FIELD, 0},
    {"/a name \xe9\x95\xb7", "1", "", PROBLEM_UNKNOWN_FIELD, 0},
    {"/a~1b", "1", "", PROBLEM_UNKNOWN_FIELD, 0},
};

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

START_TEST(one_fault)
{
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults;
    ck_assert(read_input(input, false, &submission, &faults));
    submission_clear(&submission);
    json_decref(input);

    input = fixture_submission();
    fixture_set(input, wrong[_i].pointer, value_of(wrong[_i].value));
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_uint_eq(faults.count, 1);
    ck_assert_str_eq(problem_slug(faults.list[0].code), problem_slug(wrong[_i].code));
    ck_assert_str_eq(faults.list[0].pointer, wrong[_i].fault);
    ck_assert_int_eq(faults.list[0].limit, wrong[_i].limit);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* As one_fault, of an individual's small submission. */
static const struct {
    const char *pointer, *value, *fault;
    enum problem_code code;
} small[] = {
    {"/organisation", "\"Society\"", "/organisation", PROBLEM_NAME_NOT_ALLOWED},
    {"/publication", "\"with-name\"", "/publication", PROBLEM_NAME_NOT_ALLOWED},
    {"/answers", "", "/answers", PROBLEM_NOTHING_SAID},
    {"/answers", "{}", "/answers", PROBLEM_NOTHING_SAID},
    {"/answers/1-1/publish", "true", "/answers/1-1/publish", PROBLEM_UNKNOWN_VALUE},
};

START_TEST(one_fault_of_an_individual)
{
    json_t *input = fixture_smallest();
    struct submission submission;
    struct faults faults;
    fixture_set(input, small[_i].pointer, value_of(small[_i].value));
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_uint_eq(faults.count, 1);
    ck_assert_str_eq(problem_slug(faults.list[0].code), problem_slug(small[_i].code));
    ck_assert_str_eq(faults.list[0].pointer, small[_i].fault);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* Still right. */
static const struct {
    const char *pointer, *value;
} right[] = {
    {"/kind", "\"individual\""}, /* then without name, see below */
    {"/organisation", "#200"},
    {"/sector", "\"student\""},
    {"/language", "\"zh-Hans\""},
    {"/answers/1-1/remark", "#2000"},
    {"/answers/1-1/remark", "\"\""},
    {"/answers/1-1/remark", "\"line\\r\\nline\\ttab\""},
    {"/answers/1-1/stance", ""},
    {"/answers/1-3", "{\"stance\":0,\"version\":2}"},
    {"/answers/1-3", "{\"stance\":0,\"version\":1}"},
    {"/answers", ""},
    {"/priorities", "[\"1-1\",\"1-2\",\"3-4\"]"},
    {"/priorities", "[]"},
    {"/views/1/text", "#5000"},
    {"/views", "{}"},
    {"/identity", "{\"kind\":\"mobile\",\"value\":\"9123 4567\"}"},
};

START_TEST(still_right)
{
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults;
    fixture_set(input, right[_i].pointer, value_of(right[_i].value));
    if (_i == 0) {
        fixture_set(input, "/organisation", NULL);
        fixture_set(input, "/publication", json_string("without-name"));
    }
    bool ok = read_input(input, false, &submission, &faults);
    ck_assert_msg(ok, "%s at %s", problem_slug(faults.list[0].code), faults.list[0].pointer);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

START_TEST(code_points_are_counted)
{
    json_t *input = fixture_smallest();
    struct submission submission;
    struct faults faults;
    char *text = calloc(1, 4 * 2001 + 1);
    for (int i = 0; i < 2000; i++)
        memcpy(text + 4 * (size_t)i, "\xf0\x9f\x98\x80", 4);
    fixture_set(input, "/answers/1-1/remark", json_string(text));
    ck_assert(read_input(input, false, &submission, &faults));
    submission_clear(&submission);
    strcat(text, "x");
    fixture_set(input, "/answers/1-1/remark", json_string(text));
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_int_eq(faults.list[0].code, PROBLEM_TOO_LONG);
    submission_clear(&submission);
    free(text);
    json_decref(input);
}
END_TEST

START_TEST(all_faults_at_once)
{
    static const char *const pointers[] = {"/kind",       "/publication",    "/answers/1-1/stance",
                                           "/priorities", "/identity/value", "/extra"};
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults;
    fixture_set(input, "/kind", json_string("robot"));
    fixture_set(input, "/publication", json_string("all"));
    fixture_set(input, "/answers/1-1/stance", json_integer(9));
    fixture_set(input, "/priorities", json_object());
    fixture_set(input, "/identity/value", json_string("nobody"));
    fixture_set(input, "/extra", json_null());
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_uint_eq(faults.count, 6);
    for (size_t i = 0; i < faults.count; i++)
        ck_assert_str_eq(faults.list[i].pointer, pointers[i]);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

START_TEST(faults_are_bounded)
{
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults;
    char name[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "/extra%d", i);
        fixture_set(input, name, json_true());
    }
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_uint_eq(faults.count, FAULTS_MOST);
    ck_assert_uint_eq(faults.lost, 1000 - FAULTS_MOST);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

START_TEST(amendments_have_no_identity)
{
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults;
    ck_assert(!read_input(input, true, &submission, &faults));
    ck_assert_uint_eq(faults.count, 1);
    ck_assert_int_eq(faults.list[0].code, PROBLEM_UNKNOWN_FIELD);
    ck_assert_str_eq(faults.list[0].pointer, "/identity");
    submission_clear(&submission);
    fixture_set(input, "/identity", NULL);
    ck_assert(submission_read(consultation, NULL, input, IDENTITY_OF_OTHER, &submission, &faults));
    ck_assert_int_eq(submission.identity_kind, IDENTITY_NONE);
    ck_assert(sodium_is_zero(submission.respondent.bytes, IDENTITY_HASH_BYTES));
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* An official's entry: declared whatever the consultation takes, and on paper by nobody. */
START_TEST(entries_are_declared_or_nobodys)
{
    static const struct {
        enum identity_rule rule;
        bool said, ok;
    } rows[] = {
        {IDENTITY_ATTESTED, true, true},   {IDENTITY_ATTESTED, false, false},
        {IDENTITY_NOT_NEEDED, true, true}, {IDENTITY_NOT_NEEDED, false, true},
        {IDENTITY_AS_TAKEN, true, false},
    };
    consultation->proofs = 1u << PROOF_EMAIL_CODE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *input = fixture_submission();
        struct submission submission;
        struct faults faults = {0};
        if (!rows[i].said)
            fixture_set(input, "/identity", NULL);
        bool ok = submission_read(consultation, &key, input, rows[i].rule, &submission, &faults);
        ck_assert_msg(ok == rows[i].ok, "row %zu: %s", i, faults.list[0].pointer);
        ck_assert_int_eq(submission.identity_kind, rows[i].said ? IDENTITY_EMAIL : IDENTITY_NONE);
        ck_assert(!submission.proven);
        if (!ok)
            ck_assert_str_eq(faults.list[0].pointer, rows[i].said ? "/proof" : "/identity");
        submission_clear(&submission);
        json_decref(input);
    }
}
END_TEST

START_TEST(no_key_no_submission)
{
    json_t *input = fixture_submission();
    struct submission submission;
    struct faults faults = {0};
    ck_assert(!submission_read(consultation, NULL, input, IDENTITY_AS_TAKEN, &submission, &faults));
    ck_assert_int_eq(faults.list[0].code, PROBLEM_UNAVAILABLE);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

START_TEST(identity_is_wiped_when_all_is_right)
{
    json_t *input = fixture_submission();
    const char *value =
        json_string_value(json_object_get(json_object_get(input, "identity"), "value"));
    struct submission submission;
    struct faults faults;
    fixture_set(input, "/extra", json_true());
    ck_assert(!read_input(input, false, &submission, &faults));
    ck_assert_ptr_nonnull(strchr(value, '@'));
    submission_clear(&submission);
    fixture_set(input, "/extra", NULL);
    size_t length = strlen(value);
    ck_assert(read_input(input, false, &submission, &faults));
    ck_assert(sodium_is_zero((const unsigned char *)value, length));
    ck_assert(!sodium_is_zero(submission.respondent.bytes, IDENTITY_HASH_BYTES));
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

START_TEST(everything_is_taken_over)
{
    json_t *input = fixture_submission();
    struct submission s;
    struct faults faults;
    fixture_set(input, "/sector", json_string("finance"));
    fixture_set(input, "/answers/2-1/publish", json_false());
    ck_assert(read_input(input, false, &s, &faults));
    ck_assert_int_eq(s.kind, KIND_ORGANISATION);
    ck_assert_int_eq(s.language, LANGUAGE_EN);
    ck_assert_int_eq(s.consent, CONSENT_WITH_NAME);
    ck_assert_int_eq(s.identity_kind, IDENTITY_EMAIL);
    ck_assert_str_eq(s.organisation, "Society of Testers");
    ck_assert_str_eq(s.sector, "finance");
    for (size_t i = 0; i < MEASURES_MOST; i++) {
        int wanted = i == 0 ? 5 : i == 7 ? 1 : i == 11 ? 0 : STANCE_ABSENT;
        ck_assert_int_eq(s.stances[i], wanted);
        ck_assert_int_eq(s.versions[i], wanted == STANCE_ABSENT ? 0 : 1);
    }
    ck_assert_uint_eq(s.withheld, UINT64_C(1) << 7);
    ck_assert_uint_eq(s.priorities, 1);
    ck_assert_uint_eq(s.remark_count, 2);
    ck_assert_int_eq(s.remarks[0].part, REMARK_MEASURE);
    ck_assert_int_eq(s.remarks[0].ordinal, 1);
    ck_assert_str_eq(s.remarks[0].text, "A remark.");
    ck_assert(s.remarks[0].publish);
    ck_assert_int_eq(s.remarks[1].part, REMARK_QUESTION);
    ck_assert_str_eq(s.remarks[1].text, "A view.");
    submission_clear(&s);
    json_decref(input);
}
END_TEST

START_TEST(without_consent_nothing_is_published)
{
    json_t *input = fixture_submission();
    struct submission s;
    struct faults faults;
    fixture_set(input, "/publication", json_string("none"));
    fixture_set(input, "/answers/1-1/publish", NULL);
    fixture_set(input, "/views/1/publish", NULL);
    ck_assert(read_input(input, false, &s, &faults));
    for (size_t i = 0; i < s.remark_count; i++)
        ck_assert(!s.remarks[i].publish);
    ck_assert_uint_eq(s.withheld, 1u | 1u << 7 | 1u << 11);
    submission_clear(&s);
    json_decref(input);
}
END_TEST

static char *canonical_of(json_t *input, struct submission *submission)
{
    struct faults faults;
    size_t length = 0;
    ck_assert(read_input(input, false, submission, &faults));
    char *canonical = submission_canonical(submission, &length);
    ck_assert_ptr_nonnull(canonical);
    ck_assert_uint_eq(length, strlen(canonical));
    return canonical;
}

START_TEST(canonical_content)
{
    static const char wanted[] =
        "{\"answers\":{\"1-1\":{\"publish\":1,\"remark\":\"Say \\\"\xc3\xa9\\\" \\\\ "
        "or\\n\\t\xe6\x84\x8f\xe8\xa6\x8b\","
        "\"stance\":5,\"version\":1},\"2-1\":{\"publish\":1,\"stance\":1,\"version\":1},"
        "\"3-1\":{\"publish\":1,\"stance\":0,\"version\":1}},\"consultation\":\"five-year-plan-"
        "iti\","
        "\"kind\":\"organisation\",\"language\":\"en\",\"organisation\":\"Society of Testers\","
        "\"priorities\":[\"1-1\"],\"publication\":\"with-name\",\"views\":{\"1\":{\"publish\":1,"
        "\"text\":\"A view.\",\"version\":1}}}";
    json_t *input = fixture_submission();
    struct submission submission;
    fixture_set(input, "/answers/1-1/remark",
                json_string("  Say \"e\xcc\x81\" \\ or\r\n\t\xe6\x84\x8f\xe8\xa6\x8b "));
    char *canonical = canonical_of(input, &submission);
    ck_assert_str_eq(canonical, wanted);
    free(canonical);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* Names are sorted by their bytes, so a tenth measure comes before the second. */
START_TEST(canonical_order_of_codes)
{
    json_t *input = fixture_smallest();
    struct submission submission;
    memcpy(consultation->measures[6].code, "1-10", sizeof "1-10");
    fixture_set(input, "/answers/1-2", json_pack("{si}", "stance", 1));
    fixture_set(input, "/answers/1-10", json_pack("{si}", "stance", 2));
    fixture_set(input, "/priorities", json_pack("[sss]", "1-2", "1-10", "1-1"));
    char *canonical = canonical_of(input, &submission);
    const char *first = strstr(canonical, "\"1-1\":"), *tenth = strstr(canonical, "\"1-10\":");
    const char *second = strstr(canonical, "\"1-2\":");
    ck_assert(first && tenth && second && first < tenth && tenth < second);
    ck_assert_ptr_nonnull(strstr(canonical, "[\"1-1\",\"1-10\",\"1-2\"]"));
    free(canonical);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* What was decided: jansson's compact and sorted form, strings and integers only. */
static void expect_plain_values(json_t *value)
{
    const char *name;
    json_t *member;
    size_t i;
    ck_assert(json_is_object(value) || json_is_array(value) || json_is_string(value) ||
              json_is_integer(value));
    json_object_foreach(value, name, member) expect_plain_values(member);
    json_array_foreach(value, i, member) expect_plain_values(member);
}

START_TEST(canonical_is_what_jansson_writes)
{
    json_t *input = fixture_submission();
    struct submission submission;
    fixture_set(input, "/sector", json_string("student"));
    fixture_set(input, "/priorities", json_pack("[sss]", "3-4", "1-2", "2-1"));
    fixture_set(input, "/views/3", json_pack("{ss}", "text", "\xf0\x9f\x98\x80/\x7e\xe2\x80\x8f"));
    char *canonical = canonical_of(input, &submission);
    json_t *json = json_loads(canonical, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(json);
    expect_plain_values(json);
    char *again = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(again, canonical);
    free(again);
    free(canonical);
    json_decref(json);
    submission_clear(&submission);
    json_decref(input);
}
END_TEST

/* The same document with its members in another order, at every level. */
static json_t *reversed(json_t *value)
{
    if (!json_is_object(value))
        return json_incref(value);
    const char *names[64], *name;
    json_t *member, *out = json_object();
    size_t count = 0;
    json_object_foreach(value, name, member) names[count++] = name;
    while (count-- > 0)
        json_object_set_new(out, names[count], reversed(json_object_get(value, names[count])));
    return out;
}

START_TEST(order_of_members_is_nothing)
{
    json_t *input = fixture_submission();
    fixture_set(input, "/priorities", json_pack("[sss]", "3-4", "1-2", "2-1"));
    char *text = json_dumps(input, JSON_COMPACT);
    json_t *copy = json_loads(text, 0, NULL), *other = reversed(copy);
    struct submission one, two;
    struct faults faults;
    json_object_set_new(other, "priorities", json_pack("[sss]", "2-1", "3-4", "1-2"));
    ck_assert(read_input(copy, false, &one, &faults));
    /* reversed shares its strings: the identity is wiped in both, so it is set anew */
    json_object_set(other, "identity", json_object_get(input, "identity"));
    ck_assert(read_input(other, false, &two, &faults));
    memset(one.salt, 7, sizeof one.salt);
    memset(two.salt, 7, sizeof two.salt);
    ck_assert(submission_seal(&one) && submission_seal(&two));
    ck_assert_mem_eq(&one.content_hash, &two.content_hash, DIGEST_BYTES);
    ck_assert_mem_eq(&one.commitment, &two.commitment, DIGEST_BYTES);
    two.salt[0] = 8;
    ck_assert(submission_seal(&two));
    ck_assert_mem_eq(&one.content_hash, &two.content_hash, DIGEST_BYTES);
    ck_assert_mem_ne(&one.commitment, &two.commitment, DIGEST_BYTES);
    two.respondent.bytes[0] ^= 1;
    ck_assert(submission_seal(&two));
    ck_assert_mem_ne(&one.content_hash, &two.content_hash, DIGEST_BYTES);
    submission_clear(&one);
    submission_clear(&two);
    free(text);
    json_decref(copy);
    json_decref(other);
    json_decref(input);
}
END_TEST

/* Made with Python's hashlib.blake2b over tag, 32 bytes 7, and "{}". */
START_TEST(commitment_is_known)
{
    unsigned char salt[32];
    struct digest digest;
    char hex[2 * DIGEST_BYTES + 1];
    memset(salt, 7, sizeof salt);
    submission_commitment(salt, "{}", 2, &digest);
    digest_hex(&digest, hex);
    ck_assert_str_eq(hex, "0453c088983c06088deb1e570765c26e63b5719cf0116e0ba0545d38bf454020");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("submission");
    TCase *faults = tcase_create("faults"), *content = tcase_create("content");
    tcase_add_checked_fixture(faults, setup, teardown);
    tcase_add_loop_test(faults, one_fault, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(faults, one_fault_of_an_individual, 0, sizeof small / sizeof *small);
    tcase_add_loop_test(faults, still_right, 0, sizeof right / sizeof *right);
    tcase_add_test(faults, code_points_are_counted);
    tcase_add_test(faults, all_faults_at_once);
    tcase_add_test(faults, faults_are_bounded);
    tcase_add_test(faults, amendments_have_no_identity);
    tcase_add_test(faults, entries_are_declared_or_nobodys);
    tcase_add_test(faults, no_key_no_submission);
    tcase_add_test(faults, identity_is_wiped_when_all_is_right);
    tcase_add_checked_fixture(content, setup, teardown);
    tcase_add_test(content, everything_is_taken_over);
    tcase_add_test(content, without_consent_nothing_is_published);
    tcase_add_test(content, canonical_content);
    tcase_add_test(content, canonical_order_of_codes);
    tcase_add_test(content, canonical_is_what_jansson_writes);
    tcase_add_test(content, order_of_members_is_nothing);
    tcase_add_test(content, commitment_is_known);
    suite_add_tcase(suite, faults);
    suite_add_tcase(suite, content);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
