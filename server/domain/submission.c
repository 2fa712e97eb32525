/* What a complete submission is: canonical content, digests, release. Reading one is validate.c's.
 */
#include "domain/submission.h"

#include "base/buf.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char content_tag[] = "consultation-content-v1";
static const char commitment_tag[] = "consultation-commitment-v1";

const char *respondent_kind_name(enum respondent_kind kind)
{
    return kind == KIND_ORGANISATION ? "organisation" : "individual";
}

const char *consent_name(enum consent consent)
{
    static const char *const names[] = {
        [CONSENT_NONE] = "none",
        [CONSENT_WITHOUT_NAME] = "without-name",
        [CONSENT_WITH_NAME] = "with-name",
    };
    return names[consent];
}

const char *channel_name(int64_t channel)
{
    static const char *const names[] = {
        [CHANNEL_WEB] = "web",      [CHANNEL_API] = "api",
        [CHANNEL_PAPER] = "paper",  [CHANNEL_COUNTER] = "counter",
        [CHANNEL_EMAIL] = "e-mail", [CHANNEL_TELEPHONE] = "telephone",
    };
    return channel >= CHANNEL_WEB && channel <= CHANNEL_TELEPHONE ? names[channel] : NULL;
}

/* RFC 8785 §3.2.2.2. Of the control characters only TAB and LF can stand in checked text. */
static void add_string(struct buf *out, const char *text)
{
    buf_byte(out, '"');
    for (;;) {
        size_t plain = strcspn(text, "\"\\\n\t");
        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        buf_byte(out, '\\');
        buf_byte(out, *text == '\n' ? 'n' : *text == '\t' ? 't' : *text);
        text++;
    }
    buf_byte(out, '"');
}

/* `"name":` with a comma before it where it is not the first of its object. */
static void add_name(struct buf *out, const char *name)
{
    if (out->length && out->data[out->length - 1] != '{')
        buf_byte(out, ',');
    buf_byte(out, '"');
    buf_text(out, name);
    buf_text(out, "\":");
}

static void add_member(struct buf *out, const char *name, const char *text)
{
    add_name(out, name);
    add_string(out, text);
}

/* Versions have up to three digits, everything else one: no need for printf, which would be most of
 * the work. */
static void add_number(struct buf *out, const char *name, int number)
{
    add_name(out, name);
    if (number >= 100)
        buf_byte(out, (char)('0' + number / 100 % 10));
    if (number >= 10)
        buf_byte(out, (char)('0' + number / 10 % 10));
    buf_byte(out, (char)('0' + number % 10));
}

/* What was said about one measure or question. */
struct said {
    const char *code;
    bool publish;
    int stance; /* STANCE_ABSENT: none */
    int version;
    const char *text; /* NULL: none */
};

static int by_code(const void *left, const void *right)
{
    return strcmp(((const struct said *)left)->code, ((const struct said *)right)->code);
}

static void add_said(struct buf *out, const struct said *said, size_t count, const char *text_name)
{
    buf_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        add_name(out, said[i].code);
        buf_byte(out, '{');
        add_number(out, "publish", said[i].publish);
        if (said[i].text)
            add_member(out, text_name, said[i].text);
        if (said[i].stance != STANCE_ABSENT)
            add_number(out, "stance", said[i].stance);
        add_number(out, "version", said[i].version);
        buf_byte(out, '}');
    }
    buf_byte(out, '}');
}

static const struct remark *remark_of(const struct submission *submission, enum remark_part part,
                                      int ordinal)
{
    for (size_t i = 0; i < submission->remark_count; i++)
        if (submission->remarks[i].part == part && submission->remarks[i].ordinal == ordinal)
            return &submission->remarks[i];
    return NULL;
}

static void add_answers(struct buf *out, const struct submission *submission)
{
    const struct consultation *consultation = submission->consultation;
    struct said said[MEASURES_MOST];
    size_t count = 0;
    for (size_t i = 0; i < consultation->measure_count; i++) {
        const struct measure *measure = &consultation->measures[i];
        int at = measure->ordinal - 1;
        const struct remark *remark = remark_of(submission, REMARK_MEASURE, measure->ordinal);
        if (submission->stances[at] == STANCE_ABSENT && !remark)
            continue;
        said[count++] = (struct said){
            .code = measure->code,
            .publish = !(submission->withheld >> at & 1),
            .stance = submission->stances[at],
            .version = submission->versions[at],
            .text = remark ? remark->text : NULL,
        };
    }
    qsort(said, count, sizeof *said, by_code);
    buf_text(out, "{\"answers\":");
    add_said(out, said, count, "remark");
}

static void add_views(struct buf *out, const struct submission *submission)
{
    const struct consultation *consultation = submission->consultation;
    struct said said[QUESTIONS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        const struct remark *remark = remark_of(submission, REMARK_QUESTION, question->ordinal);
        if (remark)
            said[count++] = (struct said){
                .code = question->code,
                .publish = remark->publish,
                .stance = STANCE_ABSENT,
                .version = remark->version,
                .text = remark->text,
            };
    }
    qsort(said, count, sizeof *said, by_code);
    buf_text(out, ",\"views\":");
    add_said(out, said, count, "text");
}

static void add_priorities(struct buf *out, const struct submission *submission)
{
    const struct consultation *consultation = submission->consultation;
    struct said said[MEASURES_MOST];
    size_t count = 0;
    for (size_t i = 0; i < consultation->measure_count; i++)
        if (submission->priorities >> (consultation->measures[i].ordinal - 1) & 1)
            said[count++] = (struct said){.code = consultation->measures[i].code};
    qsort(said, count, sizeof *said, by_code);
    buf_text(out, ",\"priorities\":[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_byte(out, ',');
        add_string(out, said[i].code);
    }
    buf_byte(out, ']');
}

/* Members in their sorted order; the publish marks are integers, so that strings and integers are
 * all there is. */
char *submission_canonical(const struct submission *submission, size_t *length)
{
    struct buf out = {0};
    add_answers(&out, submission);
    add_member(&out, "consultation", submission->consultation->slug);
    add_member(&out, "kind", respondent_kind_name(submission->kind));
    add_member(&out, "language", language_tag(submission->language));
    if (submission->organisation)
        add_member(&out, "organisation", submission->organisation);
    add_priorities(&out, submission);
    add_member(&out, "publication", consent_name(submission->consent));
    if (submission->sector)
        add_member(&out, "sector", submission->sector);
    if (*submission->supersedes)
        add_member(&out, "supersedes", submission->supersedes);
    add_views(&out, submission);
    buf_byte(&out, '}');
    return buf_take(&out, length);
}

void submission_commitment(const unsigned char salt[32], const char *canonical, size_t length,
                           struct digest *out)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)commitment_tag,
                              sizeof commitment_tag - 1);
    crypto_generichash_update(&state, salt, 32);
    crypto_generichash_update(&state, (const unsigned char *)canonical, length);
    crypto_generichash_final(&state, out->bytes, DIGEST_BYTES);
    sodium_memzero(&state, sizeof state);
}

bool submission_seal(struct submission *submission)
{
    size_t length = 0;
    char *canonical = submission_canonical(submission, &length);
    if (!canonical)
        return false;
    const unsigned char kind = (unsigned char)submission->identity_kind;
    const struct digest_part parts[] = {
        {content_tag, sizeof content_tag - 1},
        {canonical, length},
        {&kind, 1},
        {submission->respondent.bytes, IDENTITY_HASH_BYTES},
    };
    digest_parts(NULL, parts, sizeof parts / sizeof *parts, &submission->content_hash);
    submission_commitment(submission->salt, canonical, length, &submission->commitment);
    sodium_memzero(canonical, length);
    free(canonical);
    return true;
}

static void text_free(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
}

bool remark_is_for_publication(const struct submission *submission, const struct remark *remark)
{
    bool withheld =
        remark->part == REMARK_MEASURE && submission->withheld >> (remark->ordinal - 1) & 1;
    return submission->consent != CONSENT_NONE && remark->publish && !withheld;
}

void submission_clear(struct submission *submission)
{
    for (size_t i = 0; i < submission->remark_count; i++) {
        text_free(submission->remarks[i].text);
        text_free(submission->remarks[i].published);
    }
    free(submission->remarks);
    text_free(submission->sector);
    text_free(submission->organisation);
    consultation_release(submission->consultation);
    sodium_memzero(submission, sizeof *submission);
}
