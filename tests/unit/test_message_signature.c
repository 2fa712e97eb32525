/* server/access: signed requests (RFC 9421) and their Content-Digest (RFC 9530). The vectors are
 * the RFCs' own; what is refused differs in one thing from a request that is good. */
#include "access/content_digest.h"
#include "access/message_signature.h"
#include "support/signer.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LENGTH(list) (sizeof(list) / sizeof *(list))

struct line {
    const char *name, *value;
};

/* The fields of a request; the first without a name ends them. */
static const char *line_of(void *closure, const char *name, size_t nth)
{
    for (const struct line *line = closure; line->name; line++)
        if (strcmp(line->name, name) == 0 && nth-- == 0)
            return line->value;
    return NULL;
}

/* RFC 9421 §B.1.4 */
#define SEED "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"
#define PUBLIC "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="

static unsigned char key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];

static void setup(void)
{
    unsigned char as_printed[crypto_sign_PUBLICKEYBYTES];
    ck_assert_int_ge(sodium_init(), 0);
    signer_key(SEED, key, secret);
    ck_assert_int_eq(sodium_base642bin(as_printed, sizeof as_printed, PUBLIC, strlen(PUBLIC), NULL,
                                       NULL, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    ck_assert_mem_eq(key, as_printed, sizeof key);
}

/* RFC 9421 §B.2, test-request */
#define SHA512_OF_HELLO                                                                            \
    "sha-512=:WZDPaVn/"                                                                            \
    "7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJw"                 \
    "ew==:"

static struct line test_lines[] = {{"host", "example.com"},
                                   {"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
                                   {"content-type", "application/json"},
                                   {"content-digest", SHA512_OF_HELLO},
                                   {"content-length", "18"},
                                   {NULL, NULL}};
static const struct message test_request = {.method = "POST",
                                            .scheme = "https",
                                            .authority = "example.com",
                                            .target = "/foo?param=Value&Pet=dog",
                                            .field = line_of,
                                            .closure = test_lines};

static void base_of(const struct message *message, const char *input, struct buf *out)
{
    struct fault fault;
    struct structured_dictionary *read = structured_read(input, strlen(input));
    ck_assert_ptr_nonnull(read);
    ck_assert(message_signature_base(message, &read->members[0], out, &fault));
    structured_free(read);
}

/* RFC 9421 §2.5, figure 1 */
START_TEST(base_of_the_rfc)
{
    struct buf base = {0};
    base_of(&test_request,
            "sig1=(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-length\" "
            "\"content-type\");created=1618884473;keyid=\"test-key-rsa-pss\"",
            &base);
    ck_assert_str_eq(base.data, "\"@method\": POST\n"
                                "\"@authority\": example.com\n"
                                "\"@path\": /foo\n"
                                "\"content-digest\": " SHA512_OF_HELLO "\n"
                                "\"content-length\": 18\n"
                                "\"content-type\": application/json\n"
                                "\"@signature-params\": (\"@method\" \"@authority\" \"@path\" "
                                "\"content-digest\" \"content-length\" \"content-type\")"
                                ";created=1618884473;keyid=\"test-key-rsa-pss\"");
    buf_clear(&base);
}
END_TEST

/* RFC 9421 §2.2.1 to §2.2.8, §2.1: request, component, the line without its name. */
static const struct {
    const char *method, *scheme, *authority, *target, *component, *value;
} values[] = {
    {"POST", "https", "www.example.com", "/path?param=value", "\"@method\"", "POST"},
    {"POST", "https", "www.example.com", "/path?param=value", "\"@target-uri\"",
     "https://www.example.com/path?param=value"},
    {"POST", "https", "www.example.com", "/path?param=value", "\"@authority\"", "www.example.com"},
    {"POST", "http", "www.example.com", "/path?param=value", "\"@scheme\"", "http"},
    {"POST", "https", "www.example.com", "/path?param=value", "\"@request-target\"",
     "/path?param=value"},
    {"GET", "https", "www.example.com", "https://www.example.com/path?param=value",
     "\"@request-target\"", "https://www.example.com/path?param=value"},
    {"CONNECT", "http", "www.example.com", "www.example.com:80", "\"@request-target\"",
     "www.example.com:80"},
    {"OPTIONS", "https", "www.example.com", "*", "\"@request-target\"", "*"},
    {"GET", "https", "www.example.com", "/path?param=value", "\"@path\"", "/path"},
    {"GET", "https", "www.example.com", "/path?param=value&foo=bar&baz=bat%2Dman", "\"@query\"",
     "?param=value&foo=bar&baz=bat%2Dman"},
    {"POST", "https", "www.example.com", "/path?queryString", "\"@query\"", "?queryString"},
    {"POST", "https", "www.example.com", "/path", "\"@query\"", "?"},
    {"GET", "https", "www.example.com",
     "/path?param=value&foo=bar&baz=batman&qux=", "\"@query-param\";name=\"baz\"", "batman"},
    {"GET", "https", "www.example.com",
     "/path?param=value&foo=bar&baz=batman&qux=", "\"@query-param\";name=\"qux\"", ""},
    {"GET", "https", "www.example.com",
     "/path?param=value&foo=bar&baz=batman&qux=", "\"@query-param\";name=\"param\"", "value"},
#define PARAMETERS                                                                                 \
    "/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace"             \
    "&fa%C3%A7ade%22%3A%20=something"
    {"GET", "https", "www.example.com", PARAMETERS, "\"@query-param\";name=\"var\"",
     "this%20is%20a%20big%0Amultiline%20value"},
    {"GET", "https", "www.example.com", PARAMETERS, "\"@query-param\";name=\"bar\"",
     "with%20plus%20whitespace"},
    {"GET", "https", "www.example.com", PARAMETERS,
     "\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\"", "something"},
    /* RFC 9110 §4.2.3, RFC 9112 §3.2.2 */
    {"GET", "https", "WWW.Example.COM:443", "/", "\"@authority\"", "www.example.com"},
    {"GET", "http", "www.example.com:80", "/", "\"@authority\"", "www.example.com"},
    {"GET", "https", "www.example.com:80", "/", "\"@authority\"", "www.example.com:80"},
    {"GET", "HTTPS", "[::1]:8443", "/a", "\"@target-uri\"", "https://[::1]:8443/a"},
    {"GET", "https", "other.example", "https://www.example.com", "\"@path\"", "/"},
    {"GET", "https", "other.example", "https://www.example.com?q", "\"@target-uri\"",
     "https://www.example.com/?q"},
    /* §2.1 */
    {"GET", "https", "h", "/", "\"host\"", "www.example.com"},
    {"GET", "https", "h", "/", "\"date\"", "Tue, 20 Apr 2021 02:07:56 GMT"},
    {"GET", "https", "h", "/", "\"x-ows-header\"", "Leading and trailing whitespace."},
    {"GET", "https", "h", "/", "\"cache-control\"", "max-age=60, must-revalidate"},
    {"GET", "https", "h", "/", "\"example-dict\"", "a=1,    b=2;x=1;y=2,   c=(a   b   c)"},
    {"GET", "https", "h", "/", "\"x-empty-header\"", ""},
};

static struct line field_lines[] = {{"host", "www.example.com"},
                                    {"date", "Tue, 20 Apr 2021 02:07:56 GMT"},
                                    {"x-ows-header", "  Leading and trailing whitespace.\t "},
                                    {"x-obs-fold-header", "Obsolete\r\n    line folding."},
                                    {"cache-control", "max-age=60"},
                                    {"cache-control", "   must-revalidate"},
                                    {"example-dict", "a=1,    b=2;x=1;y=2,   c=(a   b   c)"},
                                    {"x-empty-header", " "},
                                    {"x-latin", "caf\xe9"},
                                    {NULL, NULL}};

START_TEST(components_of_the_rfc)
{
    char input[256], line[512];
    struct buf base = {0};
    const struct message message = {values[_i].method, values[_i].scheme, values[_i].authority,
                                    values[_i].target, line_of,           field_lines};
    snprintf(input, sizeof input, "s=(%s)", values[_i].component);
    snprintf(line, sizeof line, "%s: %s\n\"@signature-params\": (%s)", values[_i].component,
             values[_i].value, values[_i].component);
    base_of(&message, input, &base);
    ck_assert_str_eq(base.data, line);
    buf_clear(&base);
}
END_TEST

static const struct {
    const char *target, *component;
    enum problem_code code;
} no_values[] = {
    {"/", "\"x-absent\"", PROBLEM_SIGNATURE_WRONG},
    {"/", "\"x-obs-fold-header\"", PROBLEM_SIGNATURE_WRONG},
    {"/", "\"x-latin\"", PROBLEM_SIGNATURE_WRONG},
    {"/", "\"Host\"", PROBLEM_SIGNATURE_MALFORMED},
    {"/", "\"a b\"", PROBLEM_SIGNATURE_MALFORMED},
    {"/", "\"\"", PROBLEM_SIGNATURE_MALFORMED},
    {"/", "host", PROBLEM_SIGNATURE_MALFORMED},
    {"/", "12", PROBLEM_SIGNATURE_MALFORMED},
    {"/", "\"example-dict\";sf", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"example-dict\";key=\"a\"", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"example-dict\";bs", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"host\";tr", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"@method\";req", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"@status\"", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"@signature-params\"", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/", "\"@METHOD\"", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/?a=1", "\"@query-param\"", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/?a=1", "\"@query-param\";name=a", PROBLEM_SIGNATURE_UNSUPPORTED},
    {"/?a=1", "\"@query-param\";name=\"b\"", PROBLEM_SIGNATURE_WRONG},
    {"/?a=1&a=1", "\"@query-param\";name=\"a\"", PROBLEM_SIGNATURE_WRONG},
    {"/?a=%4", "\"@query-param\";name=\"a\"", PROBLEM_SIGNATURE_WRONG},
    {"/?a=%ff", "\"@query-param\";name=\"a\"", PROBLEM_SIGNATURE_WRONG},
    {"/?a=%00", "\"@query-param\";name=\"a\"", PROBLEM_SIGNATURE_WRONG},
    {"/", "\"@query-param\";name=\"a\"", PROBLEM_SIGNATURE_WRONG},
    {"*", "\"@path\"", PROBLEM_SIGNATURE_WRONG},
    {"*", "\"@target-uri\"", PROBLEM_SIGNATURE_WRONG},
    {"https://", "\"@authority\"", PROBLEM_SIGNATURE_WRONG},
    {"https://u@h/", "\"@authority\"", PROBLEM_SIGNATURE_WRONG},
    {"/a\n\"@method\": GET", "\"@path\"", PROBLEM_SIGNATURE_WRONG},
    {"/a b", "\"@path\"", PROBLEM_SIGNATURE_WRONG},
};

START_TEST(what_has_no_value)
{
    char input[256];
    struct buf base = {0};
    struct fault fault;
    const struct message message = {"GET",   "https",    "h", no_values[_i].target,
                                    line_of, field_lines};
    snprintf(input, sizeof input, "s=(%s)", no_values[_i].component);
    struct structured_dictionary *read = structured_read(input, strlen(input));
    ck_assert_ptr_nonnull(read);
    ck_assert(!message_signature_base(&message, &read->members[0], &base, &fault));
    ck_assert_msg(fault.code == no_values[_i].code, "%s: %s", input, problem_slug(fault.code));
    structured_free(read);
    buf_clear(&base);
}
END_TEST

/* Nothing but the parameters: what the RFC's own examples cover. */
static const char *const none[] = {NULL};
static const struct message_policy loose = {.components = none, .age_most = 300, .skew = 60};

static bool is_signed(const struct message *message, const struct message_policy *policy,
                      int64_t now_s, struct fault *fault)
{
    struct message_signature signature;
    if (!message_signature_read(message, policy, now_s, &signature, fault))
        return false;
    bool ok = message_signature_verify(message, &signature, key, fault);
    message_signature_clear(&signature);
    return ok;
}

/* The most lines that a request here has, and room for two more. */
enum { LINES = 12 };

static void add_line(struct line lines[LINES], const char *name, const char *value)
{
    size_t i = 0;
    while (lines[i].name)
        i++;
    ck_assert_uint_lt(i + 1, LINES);
    lines[i] = (struct line){name, value};
}

/* RFC 9421 §B.2.6 */
#define INPUT_B26                                                                                  \
    "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"  \
    ";created=1618884473;keyid=\"test-key-ed25519\""
#define SIGNATURE_B26                                                                              \
    "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBK" \
    "RCw==:"
enum { CREATED = 1618884473 };

START_TEST(signature_of_the_rfc)
{
    struct line lines[LINES] = {{0}};
    char made[256];
    struct fault fault;
    struct message message = test_request;
    memcpy(lines, test_lines, sizeof test_lines);
    add_line(lines, "signature-input", INPUT_B26);
    add_line(lines, "signature", SIGNATURE_B26);
    message.closure = lines;
    ck_assert(is_signed(&message, &loose, CREATED, &fault));
    ck_assert(signer_sign(&test_request, INPUT_B26, secret, made, sizeof made));
    ck_assert_str_eq(made, SIGNATURE_B26);
    message.target = "/Foo?param=Value&Pet=dog";
    ck_assert(!is_signed(&message, &loose, CREATED, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_WRONG);
}
END_TEST

/* RFC 9421 §B.4: on its way a request may change, but not in what is covered. */
static const struct {
    const char *method, *authority, *target, *accept[2];
    bool good;
} changed[] = {
    {"GET", "example.org", "/demo?name1=Value1&Name2=value2", {"application/json", "*/*"}, true},
    {"GET",
     "example.org",
     "/demo?name1=Value1&Name2=value2&param=added",
     {"application/json", "*/*"},
     true},
    {"GET", "example.org", "/demo?name1=Value1&Name2=value2", {"application/json, */*"}, true},
    {"POST", "example.com", "/demo?name1=Value1&Name2=value2", {"application/json", "*/*"}, false},
    {"GET", "example.org", "/demo?name1=Value1&Name2=value2", {"*/*", "application/json"}, false},
};

START_TEST(changes_of_the_rfc)
{
    struct line lines[LINES] = {{0}};
    struct fault fault = {0};
    const struct message message = {changed[_i].method, "https", changed[_i].authority,
                                    changed[_i].target, line_of, lines};
    for (size_t i = 0; i < 2 && changed[_i].accept[i]; i++)
        add_line(lines, "accept", changed[_i].accept[i]);
    add_line(lines, "signature-input",
             "transform=(\"@method\" \"@path\" \"@authority\" \"accept\");created=1618884473"
             ";keyid=\"test-key-ed25519\"");
    add_line(lines, "signature",
             "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6c"
             "pLt2m0pmj3NDA==:");
    ck_assert(is_signed(&message, &loose, CREATED, &fault) == changed[_i].good);
    ck_assert_int_eq(fault.code, changed[_i].good ? PROBLEM_NONE : PROBLEM_SIGNATURE_WRONG);
}
END_TEST

/* A filing as it should be. Each test changes one thing of it, before it is signed or after. */
struct filing {
    struct message message;
    struct line lines[LINES];
    char digest[64], input[1024], signature[256];
};

#define COVERED "\"@method\" \"@target-uri\" \"content-digest\" \"content-type\""
#define PARAMETERS_GOOD ";created=1000000;keyid=\"k1\";alg=\"ed25519\";nonce=\"n\";tag=\"t\""
enum { NOW = 1000010 };

static void filing_make(struct filing *out, const char *input)
{
    *out = (struct filing){.message = {.method = "POST",
                                       .scheme = "https",
                                       .authority = "c.example",
                                       .target = "/v1/filings?x=1",
                                       .field = line_of,
                                       .closure = out->lines}};
    signer_digest("{}", 2, out->digest, sizeof out->digest);
    snprintf(out->input, sizeof out->input, "%s", input);
    add_line(out->lines, "content-type", "application/json");
    add_line(out->lines, "content-digest", out->digest);
    if (!signer_sign(&out->message, input, secret, out->signature, sizeof out->signature))
        snprintf(out->signature, sizeof out->signature, "sig%s", strchr(SIGNATURE_B26, '='));
    add_line(out->lines, "signature-input", out->input);
    add_line(out->lines, "signature", out->signature);
}

static const char good_input[] = "sig=(" COVERED ")" PARAMETERS_GOOD;

START_TEST(filing_is_good)
{
    struct filing filing;
    struct fault fault;
    struct message_signature signature;
    filing_make(&filing, good_input);
    ck_assert(
        message_signature_read(&filing.message, &message_policy_filing, NOW, &signature, &fault));
    ck_assert_str_eq(signature.label, "sig");
    ck_assert_str_eq(signature.key_id, "k1");
    ck_assert_str_eq(signature.nonce, "n");
    ck_assert_str_eq(signature.tag, "t");
    ck_assert_int_eq(signature.created, 1000000);
    ck_assert_int_eq(signature.expires, 0);
    ck_assert(message_signature_verify(&filing.message, &signature, key, &fault));
    unsigned char other[sizeof key];
    memcpy(other, key, sizeof other);
    other[0] ^= 1;
    ck_assert(!message_signature_verify(&filing.message, &signature, other, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_WRONG);
    message_signature_clear(&signature);
    ck_assert_ptr_null(signature.input);
}
END_TEST

/* The address may be covered in several ways. */
START_TEST(addresses)
{
    static const struct {
        const char *target, *covered, *missing;
    } cases[] = {
        {"/v1?x=1", "\"@target-uri\"", NULL},
        {"/v1?x=1", "\"@authority\" \"@request-target\"", NULL},
        {"/v1?x=1", "\"@authority\" \"@path\" \"@query\"", NULL},
        {"/v1", "\"@authority\" \"@path\"", NULL},
        {"/v1?x=1", "\"@authority\" \"@path\"", "@query"},
        {"/v1?x=1", "\"@authority\" \"@query\"", "@path"},
        {"/v1?x=1", "\"@path\" \"@query\"", "@authority"},
        {"/v1?x=1", "\"@request-target\"", "@authority"},
        {"/v1?x=1", "", "@authority"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct filing filing;
        struct fault fault;
        char input[256];
        filing_make(&filing, good_input);
        filing.message.target = cases[i].target;
        snprintf(input, sizeof input, "sig=(\"@method\" %s \"content-digest\" \"content-type\")%s",
                 cases[i].covered, PARAMETERS_GOOD);
        ck_assert(
            signer_sign(&filing.message, input, secret, filing.signature, sizeof filing.signature));
        snprintf(filing.input, sizeof filing.input, "%s", input);
        bool good = is_signed(&filing.message, &message_policy_filing, NOW, &fault);
        ck_assert_msg(good == !cases[i].missing, "%zu", i);
        if (cases[i].missing) {
            ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_INCOMPLETE);
            ck_assert_str_eq(fault.pointer, cases[i].missing);
        }
    }
}
END_TEST

/* What is said rightly signed, and still refused: the whole of Signature-Input. */
static const struct {
    const char *input;
    enum problem_code code;
    const char *pointer;
} refused[] = {
    {"sig=(\"@target-uri\" \"content-digest\" \"content-type\")" PARAMETERS_GOOD,
     PROBLEM_SIGNATURE_INCOMPLETE, "@method"},
    {"sig=(\"@method\" \"@target-uri\" \"content-type\")" PARAMETERS_GOOD,
     PROBLEM_SIGNATURE_INCOMPLETE, "content-digest"},
    {"sig=(\"@method\" \"@target-uri\" \"content-digest\")" PARAMETERS_GOOD,
     PROBLEM_SIGNATURE_INCOMPLETE, "content-type"},
    {"sig=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\";sf)" PARAMETERS_GOOD,
     PROBLEM_SIGNATURE_INCOMPLETE, "content-type"},
    {"sig=()" PARAMETERS_GOOD, PROBLEM_SIGNATURE_INCOMPLETE, "@method"},
    {"sig=(" COVERED ");created=1000000", PROBLEM_SIGNATURE_INCOMPLETE, "keyid"},
    {"sig=(" COVERED ");keyid=\"k1\"", PROBLEM_SIGNATURE_INCOMPLETE, "created"},
    {"sig=(" COVERED ");created=1000000;keyid=\"\"", PROBLEM_SIGNATURE_MALFORMED, "keyid"},
    {"sig=(" COVERED ");created=1000000;keyid=k1", PROBLEM_SIGNATURE_MALFORMED, "keyid"},
    {"sig=(" COVERED ");created=\"1000000\";keyid=\"k1\"", PROBLEM_SIGNATURE_MALFORMED, "created"},
    {"sig=(" COVERED ");created=-1;keyid=\"k1\"", PROBLEM_SIGNATURE_MALFORMED, "created"},
    {"sig=(" COVERED ");created=1000000;expires=soon;keyid=\"k1\"", PROBLEM_SIGNATURE_MALFORMED,
     "expires"},
    {"sig=(" COVERED ");created=1000000;keyid=\"k1\";alg=\"rsa-pss-sha512\"",
     PROBLEM_SIGNATURE_UNSUPPORTED, "alg"},
    {"sig=(" COVERED ");created=1000000;keyid=\"k1\";alg=\"hmac-sha256\"",
     PROBLEM_SIGNATURE_UNSUPPORTED, "alg"},
    {"sig=(" COVERED ");created=999709;keyid=\"k1\"", PROBLEM_SIGNATURE_UNTIMELY, "created"},
    {"sig=(" COVERED ");created=1000071;keyid=\"k1\"", PROBLEM_SIGNATURE_UNTIMELY, "created"},
    {"sig=(" COVERED ");created=1000000;expires=1000010;keyid=\"k1\"", PROBLEM_SIGNATURE_UNTIMELY,
     "expires"},
    {"sig=(" COVERED " \"@method\")" PARAMETERS_GOOD, PROBLEM_SIGNATURE_MALFORMED, "@method"},
    {"sig=(" COVERED " \"content-type\")" PARAMETERS_GOOD, PROBLEM_SIGNATURE_MALFORMED,
     "content-type"},
    {"sig=(" COVERED " \"x-none\")" PARAMETERS_GOOD, PROBLEM_SIGNATURE_WRONG, "x-none"},
    {"sig=(" COVERED " \"@status\")" PARAMETERS_GOOD, PROBLEM_SIGNATURE_UNSUPPORTED, "@status"},
    {"sig=(" COVERED ")" PARAMETERS_GOOD ", sig=()", PROBLEM_SIGNATURE_MALFORMED,
     "Signature-Input"},
    {"sig=(" COVERED ")" PARAMETERS_GOOD ", two=()", PROBLEM_SIGNATURE_MALFORMED,
     "Signature-Input"},
    {"sig=(" COVERED ")" PARAMETERS_GOOD "x y", PROBLEM_SIGNATURE_MALFORMED, "Signature-Input"},
    {"sig=\"@method\"" PARAMETERS_GOOD, PROBLEM_SIGNATURE_MALFORMED, "Signature-Input"},
    {"sig=(" COVERED PARAMETERS_GOOD, PROBLEM_SIGNATURE_MALFORMED, "Signature-Input"},
    {"", PROBLEM_SIGNATURE_MISSING, "Signature-Input"},
    {"gis=(" COVERED ")" PARAMETERS_GOOD, PROBLEM_SIGNATURE_MISSING, "Signature"},
};

START_TEST(refusals)
{
    struct filing filing;
    struct fault fault;
    filing_make(&filing, refused[_i].input);
    memcpy(filing.signature, "sig", 3);
    ck_assert(!is_signed(&filing.message, &message_policy_filing, NOW, &fault));
    ck_assert_msg(fault.code == refused[_i].code, "%s: %s", refused[_i].input,
                  problem_slug(fault.code));
    ck_assert_str_eq(fault.pointer, refused[_i].pointer);
}
END_TEST

START_TEST(times_at_their_bounds)
{
    static const char *const fine[] = {
        "sig=(" COVERED ");created=999710;keyid=\"k1\"",
        "sig=(" COVERED ");created=1000070;keyid=\"k1\"",
        "sig=(" COVERED ");created=1000000;expires=1000011;keyid=\"k1\"",
        "sig=(" COVERED ");created=1000000;keyid=\"k1\";unknown=tok",
    };
    for (size_t i = 0; i < LENGTH(fine); i++) {
        struct filing filing;
        struct fault fault;
        filing_make(&filing, fine[i]);
        ck_assert_msg(is_signed(&filing.message, &message_policy_filing, NOW, &fault), "%s",
                      fine[i]);
    }
}
END_TEST

/* After it was signed: one thing of what is covered. */
START_TEST(one_changed_byte)
{
    static const char *const names[] = {
        "@method",        "@target-uri", "path",  "query", "scheme", "content-type",
        "content-digest", "created",     "keyid", "nonce", "tag",    "signature"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct filing filing;
        struct fault fault;
        filing_make(&filing, good_input);
        ck_assert(is_signed(&filing.message, &message_policy_filing, NOW, &fault));
        char *at = NULL;
        switch (i) {
        case 0:
            filing.message.method = "PUST";
            break;
        case 1:
            filing.message.authority = "d.example";
            break;
        case 2:
            filing.message.target = "/v1/Filings?x=1";
            break;
        case 3:
            filing.message.target = "/v1/filings?x=2";
            break;
        case 4:
            filing.message.scheme = "http";
            break;
        case 5:
            filing.lines[0].value = "application/Json";
            break;
        case 6:
            at = filing.digest + 12;
            break;
        case 7:
            at = strstr(filing.input, "0;");
            break;
        case 8:
            at = strstr(filing.input, "k1");
            break;
        case 9:
            at = strstr(filing.input, "\"n\"") + 1;
            break;
        case 10:
            at = strstr(filing.input, "\"t\"") + 1;
            break;
        default:
            at = filing.signature + 20;
            break;
        }
        if (at)
            *at = *at == 'b' ? 'c' : *at == '0' ? '1' : 'b';
        ck_assert_msg(!is_signed(&filing.message, &message_policy_filing, NOW, &fault), "%s",
                      names[i]);
        ck_assert_msg(fault.code == PROBLEM_SIGNATURE_WRONG, "%s: %s", names[i],
                      problem_slug(fault.code));
        ck_assert_str_eq(fault.pointer, "Signature");
    }
}
END_TEST

START_TEST(signatures_that_are_none)
{
    static const struct {
        const char *signature;
        enum problem_code code;
    } cases[] = {
        {NULL, PROBLEM_SIGNATURE_MISSING},
        {"", PROBLEM_SIGNATURE_MISSING},
        {"gis=:AAAA:", PROBLEM_SIGNATURE_MISSING},
        {"sig=:AAAA:", PROBLEM_SIGNATURE_MALFORMED},
        {"sig=\"AAAA\"", PROBLEM_SIGNATURE_MALFORMED},
        {"sig=:AAAA", PROBLEM_SIGNATURE_MALFORMED},
        {"sig=::, sig=::", PROBLEM_SIGNATURE_MALFORMED},
        {"sig", PROBLEM_SIGNATURE_MALFORMED},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct filing filing;
        struct fault fault;
        filing_make(&filing, good_input);
        filing.lines[3] = cases[i].signature ? (struct line){"signature", cases[i].signature}
                                             : (struct line){NULL, NULL};
        ck_assert(!is_signed(&filing.message, &message_policy_filing, NOW, &fault));
        ck_assert_msg(fault.code == cases[i].code, "%zu: %s", i, problem_slug(fault.code));
        ck_assert_str_eq(fault.pointer, "Signature");
    }
}
END_TEST

/* Of several signatures the one with the tag is taken, and of two with it none. */
START_TEST(tags)
{
    static const char two[] =
        "proxy=(\"@method\");created=5;tag=\"p\", sig=(" COVERED ")" PARAMETERS_GOOD;
    struct message_policy policy = message_policy_filing;
    struct filing filing;
    struct fault fault;
    filing_make(&filing, good_input);
    filing.lines[2].value = two;
    ck_assert(!is_signed(&filing.message, &policy, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_MALFORMED);
    policy.tag = "t";
    ck_assert(is_signed(&filing.message, &policy, NOW, &fault));
    policy.tag = "u";
    ck_assert(!is_signed(&filing.message, &policy, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_MISSING);
    policy.tag = "t";
    filing.lines[2].value = "a=(\"@method\");tag=\"t\", sig=(" COVERED ")" PARAMETERS_GOOD;
    ck_assert(!is_signed(&filing.message, &policy, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_MALFORMED);
    policy = (struct message_policy){.components = none, .age_most = 300, .nonce = true};
    filing_make(&filing, "sig=();created=1000000;keyid=\"k1\"");
    ck_assert(!is_signed(&filing.message, &policy, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_INCOMPLETE);
    ck_assert_str_eq(fault.pointer, "nonce");
}
END_TEST

/* Each bound, and one beyond it. */
START_TEST(sizes)
{
    for (int over = 0; over < 2; over++) {
        struct filing filing;
        struct fault fault;
        char input[1024];
        int at = snprintf(input, sizeof input, "sig=(" COVERED);
        for (int i = 4; i < MESSAGE_COMPONENTS + over; i++)
            at +=
                snprintf(input + at, sizeof input - (size_t)at, " \"@query-param\";name=\"%d\"", i);
        snprintf(input + at, sizeof input - (size_t)at, ");created=1000000;keyid=\"k1\"");
        filing_make(&filing, input);
        ck_assert(!is_signed(&filing.message, &message_policy_filing, NOW, &fault));
        /* there is no such parameter; but that is only asked of a list that is short enough */
        ck_assert_int_eq(fault.code, over ? PROBLEM_SIGNATURE_MALFORMED : PROBLEM_SIGNATURE_WRONG);

        snprintf(input, sizeof input, "sig=(" COVERED ");created=1000000;keyid=\"%0*d\"",
                 MESSAGE_TEXT + over, 1);
        filing_make(&filing, input);
        ck_assert(is_signed(&filing.message, &message_policy_filing, NOW, &fault) == !over);
    }
    static char wide[MESSAGE_BASE], big[STRUCTURED_FIELD + 2];
    struct filing filing;
    struct fault fault;
    memset(wide, 'a', sizeof wide - 1);
    memset(big, ' ', sizeof big - 1);
    filing_make(&filing, good_input);
    filing.lines[0].value = wide;
    ck_assert(!is_signed(&filing.message, &message_policy_filing, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_WRONG);
    filing_make(&filing, good_input);
    memcpy(big, "a=1", 3);
    big[sizeof big - 2] = 'x';
    filing.lines[2].value = big;
    ck_assert(!is_signed(&filing.message, &message_policy_filing, NOW, &fault));
    ck_assert_int_eq(fault.code, PROBLEM_SIGNATURE_MALFORMED);
}
END_TEST

/* RFC 9421 §2.4, §B.2 and RFC 9530 §B: body, field. */
#define HELLO "{\"hello\": \"world\"}"
static const struct {
    const char *body, *field;
    enum problem_code code;
} digests[] = {
    {HELLO, SHA512_OF_HELLO, PROBLEM_NONE},
    {HELLO "\n", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", PROBLEM_NONE},
    {"", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", PROBLEM_NONE},
    {"\"world\"}\n", "sha-256=:jjcgBDWNAtbYUXI37CVG3gRuGOAjaaDRGpIUFsdyepQ=:", PROBLEM_NONE},
    /* §B.6 prints 8B 08 80 for its first bytes; both of its digests are of Brotli's 0B 09 80. */
    {"\x0b\x09\x80" HELLO "\n\x03",
     "sha-256=:d435Qo+nKZ+gLcUHn7GQtQ72hiBVAgqoLsZnZPiTGPk=:, sha-512=:db7fdBbgZMgX1Wb2MjA8zZj+rS"
     "NgfmDCEEXM8qLWfpfoNY0sCpHAzZbj09X1/7HAb7Od5Qfto4QpuBsFbUO3dQ==:",
     PROBLEM_NONE},
    {"{\"title\": \"New Title\"}\n",
     "sha-256=:mEkdbO7Srd9LIOegftO0aBX+VPTVz7/CSHes2Z27gc4=:", PROBLEM_NONE},
    {"{\"message\": \"good dog\"}",
     "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aG"
     "gfLQ==:",
     PROBLEM_NONE},
    /* unknown and weak ones beside a right one, alone, and a right one beside a wrong one */
    {HELLO, "md5=:Sd/dVLAcvNLSq16eXua5uQ==:, " SHA512_OF_HELLO ", future=1", PROBLEM_NONE},
    {HELLO, "md5=:Sd/dVLAcvNLSq16eXua5uQ==:", PROBLEM_DIGEST_MISSING},
    {HELLO, "", PROBLEM_DIGEST_MISSING},
    {HELLO, NULL, PROBLEM_DIGEST_MISSING},
    {HELLO, SHA512_OF_HELLO ", sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
     PROBLEM_DIGEST_WRONG},
    {HELLO "x", SHA512_OF_HELLO, PROBLEM_DIGEST_WRONG},
    {"", SHA512_OF_HELLO, PROBLEM_DIGEST_WRONG},
    {HELLO, "sha-256=:AAAA:, " SHA512_OF_HELLO, PROBLEM_DIGEST_MALFORMED},
    {HELLO, "sha-256=\"RK/0\"", PROBLEM_DIGEST_MALFORMED},
    {HELLO, "sha-256", PROBLEM_DIGEST_MALFORMED},
    {HELLO, "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", PROBLEM_DIGEST_MALFORMED},
    {HELLO, "SHA-512=:AAAA:", PROBLEM_DIGEST_MALFORMED},
    {HELLO, SHA512_OF_HELLO ", " SHA512_OF_HELLO, PROBLEM_DIGEST_MALFORMED},
    {HELLO, SHA512_OF_HELLO ",", PROBLEM_DIGEST_MALFORMED},
};

START_TEST(digests_of_the_rfc)
{
    struct content_digest read;
    struct content_hash hash;
    size_t length = strlen(digests[_i].body);
    ck_assert_int_eq(content_digest_check(digests[_i].field, digests[_i].body, length),
                     digests[_i].code);
    enum problem_code code = content_digest_read(digests[_i].field, &read);
    if (code == PROBLEM_NONE) { /* byte by byte, as it comes */
        content_hash_begin(&hash);
        for (size_t i = 0; i < length; i++)
            content_hash_add(&hash, digests[_i].body + i, 1);
        code = content_hash_check(&hash, &read);
    }
    ck_assert_int_eq(code, digests[_i].code);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("message_signature");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, base_of_the_rfc);
    tcase_add_loop_test(tests, components_of_the_rfc, 0, LENGTH(values));
    tcase_add_loop_test(tests, what_has_no_value, 0, LENGTH(no_values));
    tcase_add_test(tests, signature_of_the_rfc);
    tcase_add_loop_test(tests, changes_of_the_rfc, 0, LENGTH(changed));
    tcase_add_test(tests, filing_is_good);
    tcase_add_test(tests, addresses);
    tcase_add_loop_test(tests, refusals, 0, LENGTH(refused));
    tcase_add_test(tests, times_at_their_bounds);
    tcase_add_test(tests, one_changed_byte);
    tcase_add_test(tests, signatures_that_are_none);
    tcase_add_test(tests, tags);
    tcase_add_test(tests, sizes);
    tcase_add_loop_test(tests, digests_of_the_rfc, 0, LENGTH(digests));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
