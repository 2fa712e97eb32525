/* One generated submission; see rehearse.h. */
#include "commands/rehearse.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DICE_BYTES = 1024, NAME_TEXT = 64, REMARKS_MOST = MEASURES_MOST + QUESTIONS_MOST };
/* Now and then somebody submits twice: a score in two thousand, side by side. */
enum { AGAIN_EVERY = 2000, AGAIN_FROM = 1980, AGAIN_BEFORE = 1000 };

static const int64_t day_us = INT64_C(86400000000);

/* Chances of one place, all drawn at once. */
struct dice {
    unsigned char bytes[DICE_BYTES];
    size_t next;
};

static void dice_init(struct dice *dice, const struct consultation *consultation, uint64_t place)
{
    struct digest seed;
    const struct digest_part parts[] = {{"consultation-rehearsal-v1", 25},
                                        {consultation->slug, strlen(consultation->slug)},
                                        {&place, sizeof place}};
    static_assert(DIGEST_BYTES == randombytes_SEEDBYTES, "a digest seeds the generator");
    digest_parts(NULL, parts, sizeof parts / sizeof *parts, &seed);
    randombytes_buf_deterministic(dice->bytes, sizeof dice->bytes, seed.bytes);
    dice->next = 0;
}

/* 0 to sides - 1; begins again after some hundreds. */
static unsigned roll(struct dice *dice, unsigned sides)
{
    unsigned value = (unsigned)dice->bytes[dice->next] << 8 | dice->bytes[dice->next + 1];
    dice->next = (dice->next + 2) % DICE_BYTES;
    return sides ? value % sides : 0;
}

static bool chance(struct dice *dice, unsigned percent)
{
    return roll(dice, 100) < percent;
}

static unsigned weighed(struct dice *dice, const unsigned char *weights, unsigned count)
{
    unsigned sum = 0, i = 0;
    for (unsigned n = 0; n < count; n++)
        sum += weights[n];
    unsigned left = roll(dice, sum);
    while (i + 1 < count && left >= weights[i])
        left -= weights[i++];
    return i;
}

/* Fewer from day to day; by daylight rather than by night. Those of one crowd came on one day,
 * since many of a day are stored sooner than as many of all days. */
static int64_t moment(struct dice *dice, const struct stage *stage, uint64_t place)
{
    static const unsigned char hours[24] = {2,  1,  1,  1,  1,  1,  2,  4,  8,  12, 13, 12,
                                            14, 13, 11, 11, 11, 11, 12, 13, 15, 15, 11, 6};
    const struct consultation *c = stage->consultation;
    int64_t end_us = stage->now_us < c->closes_us ? stage->now_us : c->closes_us - 1;
    unsigned days = (unsigned)((end_us - c->opens_us) / day_us) + 1;
    struct dice of_crowd;
    dice_init(&of_crowd, c, place / stage->crowd * stage->crowd);
    unsigned day = roll(&of_crowd, days), early = roll(&of_crowd, days);
    if (chance(&of_crowd, 40) && early < day)
        day = early;
    int64_t midnight = c->opens_us + day * day_us; /* Hong Kong's */
    midnight -= (midnight + day_us / 3) % day_us;
    int64_t us = midnight + (int64_t)weighed(dice, hours, 24) * (day_us / 24) +
                 (int64_t)roll(dice, 3600) * 1000000 + (int64_t)roll(dice, 1000) * 1000;
    int64_t first = midnight > c->opens_us ? midnight : c->opens_us;
    int64_t last = midnight + day_us - 1 < end_us ? midnight + day_us - 1 : end_us;
    if (us < first || us > last)
        us = first + (last - first) / 1000 * roll(dice, 1000);
    return us;
}

static bool add_remark(struct submission *out, enum remark_part part, int ordinal, int version,
                       const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        return false;
    out->remarks[out->remark_count++] = (struct remark){.part = part,
                                                        .ordinal = ordinal,
                                                        .publish = out->consent != CONSENT_NONE,
                                                        .version = version,
                                                        .text = copy};
    return true;
}

static bool answer_measures(const struct consultation *c, struct dice *dice, struct submission *out)
{
    /* How measures lean: weights of no opinion, strongly oppose … strongly support. */
    static const unsigned char leanings[][STANCES] = {{6, 3, 6, 15, 38, 32},
                                                      {9, 6, 11, 21, 33, 20},
                                                      {8, 10, 16, 22, 27, 17},
                                                      {12, 4, 8, 28, 30, 18}};
    const unsigned kinds = sizeof leanings / sizeof *leanings;
    bool said = false, ok = true;
    memset(out->stances, STANCE_ABSENT, sizeof out->stances);
    for (size_t i = 0; ok && i < c->measure_count; i++) {
        const struct measure *measure = &c->measures[i];
        bool answers = chance(dice, 75) || (!said && i + 1 == c->measure_count);
        bool remarks = chance(dice, answers ? 6 : 1);
        if (answers)
            out->stances[i] = (unsigned char)weighed(
                dice, leanings[(unsigned)measure->ordinal * 7 % kinds], STANCES);
        if (remarks)
            ok = add_remark(out, REMARK_MEASURE, measure->ordinal, measure->text.version,
                            rehearse_remark(out->language, roll(dice, 1000)));
        if (answers || remarks)
            out->versions[i] = (unsigned char)measure->text.version;
        said = said || answers || remarks;
    }
    return ok;
}

/* As people who say something on all: three measures, apart from each other, in some sentences. */
static bool answer_thoroughly(const struct consultation *c, struct dice *dice,
                              struct submission *out)
{
    enum { REMARKED = 3, SENTENCES = 6, REMARK_BYTES = 1024 };
    bool ok = true;
    memset(out->stances, STANCE_ABSENT, sizeof out->stances);
    size_t first = roll(dice, (unsigned)c->measure_count);
    size_t apart = c->measure_count > REMARKED ? c->measure_count / REMARKED : 1;
    for (size_t i = 0; ok && i < c->measure_count; i++) {
        const struct measure *measure = &c->measures[i];
        size_t from_first = (i + c->measure_count - first) % c->measure_count;
        out->stances[i] = (unsigned char)roll(dice, STANCES);
        out->versions[i] = (unsigned char)measure->text.version;
        if (from_first % apart != 0 || from_first / apart >= REMARKED)
            continue;
        char text[REMARK_BYTES] = "";
        size_t length = 0, sentences = 1 + roll(dice, SENTENCES);
        for (size_t n = 0; n < sentences; n++)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       n && out->language == LANGUAGE_EN ? " " : "",
                                       rehearse_remark(out->language, roll(dice, 1000)));
        ok = add_remark(out, REMARK_MEASURE, measure->ordinal, measure->text.version, text);
    }
    return ok;
}

static bool answer_questions(const struct consultation *c, struct dice *dice,
                             struct submission *out)
{
    bool ok = true;
    for (size_t i = 0; ok && i < c->question_count; i++)
        if (chance(dice, 8))
            ok = add_remark(out, REMARK_QUESTION, c->questions[i].ordinal,
                            c->questions[i].text.version,
                            rehearse_view(out->language, roll(dice, 1000)));
    return ok;
}

/* A few of the measures that were answered matter most. */
static void choose_priorities(const struct consultation *c, struct dice *dice,
                              struct submission *out)
{
    int most = c->limits.priorities;
    for (int n = 0; n < most && c->measure_count; n++) {
        size_t i = roll(dice, (unsigned)c->measure_count);
        if (out->stances[i] != STANCE_ABSENT && chance(dice, 60))
            out->priorities |= UINT64_C(1) << i;
    }
}

static bool introduce(const struct stage *stage, struct dice *dice, uint64_t place,
                      struct submission *out)
{
    static const unsigned char languages[LANGUAGES] = {80, 10, 10}, consents[] = {30, 60, 10};
    const struct consultation *c = stage->consultation;
    out->kind = chance(dice, 5) ? KIND_ORGANISATION : KIND_INDIVIDUAL;
    out->language = (enum language)weighed(dice, languages, LANGUAGES);
    out->channel = chance(dice, 92) ? CHANNEL_WEB : CHANNEL_API;
    out->consent = (enum consent)weighed(dice, consents, sizeof consents);
    out->unchallenged = true;
    out->arrived_us = moment(dice, stage, place);
    if (out->kind == KIND_INDIVIDUAL && out->consent == CONSENT_WITH_NAME)
        out->consent = CONSENT_WITHOUT_NAME;
    if (c->sector_count && chance(dice, 80)) {
        out->sector = strdup(c->sectors[roll(dice, (unsigned)c->sector_count)].code);
        if (!out->sector)
            return false;
    }
    if (out->kind == KIND_INDIVIDUAL)
        return true;
    char name[NAME_TEXT];
    snprintf(name, sizeof name, "%s %llu", rehearse_organisation(out->language),
             (unsigned long long)place + 1);
    out->organisation = strdup(name);
    return out->organisation != NULL;
}

/* An address or number that is nobody's but this place's; now and then that of an earlier place. */
static bool identify(const struct stage *stage, uint64_t place, struct submission *out)
{
    const struct consultation *c = stage->consultation;
    uint64_t person = place;
    if (place % AGAIN_EVERY >= AGAIN_FROM)
        person -= AGAIN_BEFORE;
    char value[NAME_TEXT];
    if (stage->key && c->identity_kinds & 1u << IDENTITY_EMAIL) {
        out->identity_kind = IDENTITY_EMAIL;
        snprintf(value, sizeof value, "rehearsal-%llu@example.org", (unsigned long long)person);
    } else if (stage->key && c->identity_kinds & 1u << IDENTITY_MOBILE) {
        out->identity_kind = IDENTITY_MOBILE;
        snprintf(value, sizeof value, "6%07u", (unsigned)(person % 10000000));
    } else {
        return true;
    }
    return identity_hash(stage->key, c->normalisation, c->id, out->identity_kind, value,
                         &out->respondent) == PROBLEM_NONE;
}

bool rehearse_submission(const struct stage *stage, uint64_t place, struct submission *out)
{
    struct dice dice;
    *out = (struct submission){.consultation = consultation_hold(stage->consultation)};
    out->remarks = calloc(REMARKS_MOST, sizeof *out->remarks);
    dice_init(&dice, stage->consultation, place);
    memcpy(out->key.bytes, dice.bytes + DICE_BYTES - UUID_BYTES, UUID_BYTES);
    randombytes_buf(out->salt, sizeof out->salt);
    bool ok = out->remarks && introduce(stage, &dice, place, out) && identify(stage, place, out) &&
              (stage->thorough ? answer_thoroughly(stage->consultation, &dice, out)
                               : answer_measures(stage->consultation, &dice, out) &&
                                     answer_questions(stage->consultation, &dice, out));
    if (!ok)
        return false;
    choose_priorities(stage->consultation, &dice, out);
    return submission_seal(out);
}
