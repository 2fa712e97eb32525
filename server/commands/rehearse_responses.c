/* What made-up institutions say in a rehearsal: words that fit anywhere, are nobody's, and say so
 * themselves; see rehearse.h. */
#include "commands/rehearse.h"

#include "base/clock.h"
#include "domain/response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODIES = 6, SHADES = 3, AGAIN = 0 /* the one that filed twice */ };

/* kind: as institutions.kind. lean: 5 likes nearly all, 1 hardly anything. */
static const struct body {
    const char *slug;
    int kind;
    const char *name[LANGUAGES];
    enum language language;
    unsigned lean;
} bodies[BODIES] = {
    {"demo-harbour-university",
     0,
     {"虛構港灣大學", "Invented Harbour University", "虚构港湾大学"},
     LANGUAGE_ZH_HANT,
     5},
    {"demo-peak-institute",
     1,
     {"虛構山頂研究院", "Invented Peak Research Institute", "虚构山顶研究院"},
     LANGUAGE_EN,
     4},
    {"demo-society-of-engineers",
     2,
     {"虛構工程師學會", "Invented Society of Engineers", "虚构工程师学会"},
     LANGUAGE_ZH_HANT,
     3},
    {"demo-bay-chamber",
     3,
     {"虛構灣區商會", "Invented Bay Chamber of Commerce", "虚构湾区商会"},
     LANGUAGE_ZH_HANS,
     4},
    {"demo-foundry",
     4,
     {"虛構晶圓製造有限公司", "Invented Wafer Foundry Limited", "虚构晶圆制造有限公司"},
     LANGUAGE_EN,
     2},
    {"demo-neighbours",
     5,
     {"虛構鄰里關注會", "Invented Neighbours’ Association", "虚构邻里关注会"},
     LANGUAGE_ZH_HANT,
     2},
};

static const char *const summaries[LANGUAGES] = {
    "## 概要\n\n本文為演練而虛構，並非任何機構的意見。\n\n- 整體方向清晰，宜訂立時間表。\n- "
    "人才和資金要同步到位。\n"
    "- 成效指標應每年公布。\n\n| 範疇 | 優先次序 |\n| --- | --- |\n| 人才 | 高 |\n| 基建 | 中 |\n",
    "## In short\n\nThis text is made up for a rehearsal and is nobody's opinion.\n\n"
    "- The direction is clear; it needs a timetable.\n- Talent and funding have to come together.\n"
    "- Results should be published every year.\n\n| Field | Priority |\n| --- | --- |\n| Talent | "
    "high |\n"
    "| Infrastructure | medium |\n",
    "## 概要\n\n本文为演练而虚构，并非任何机构的意见。\n\n- 整体方向清晰，宜制订时间表。\n- "
    "人才和资金要同步到位。\n"
    "- 成效指标应每年公布。\n\n| 范畴 | 优先次序 |\n| --- | --- |\n| 人才 | 高 |\n| 基建 | 中 |\n",
};

/* Against, between, for. */
static const char *const reasons[LANGUAGES][SHADES] = {
    {"（虛構）現時**人手不足**，倉促推行恐怕影響其他工作。建議先做試點，一年後檢討。",
     "（虛構）方向可取，但成本和效益仍未清楚。宜先公布：\n\n1. 目標；\n2. 預算；\n3. 檢討安排。",
     "（虛構）我們支持這項措施，並可提供*實驗室和實習名額*。建議兩年內落實。"},
    {"(Invented.) There is **not enough staff** for it now, and other work would suffer. Try it in "
     "one "
     "place first, and look again after a year.",
     "(Invented.) The aim is right, but costs and benefits are not clear yet. Publish first:\n\n1. "
     "the "
     "targets;\n2. the budget;\n3. when it is reviewed.",
     "(Invented.) We support this measure and can offer *laboratories and internships*. It could "
     "be in "
     "place within two years."},
    {"（虚构）目前**人手不足**，仓促推行恐怕影响其他工作。建议先做试点，一年后检讨。",
     "（虚构）方向可取，但成本和效益仍未清楚。宜先公布：\n\n1. 目标；\n2. 预算；\n3. 检讨安排。",
     "（虚构）我们支持这项措施，并可提供*实验室和实习名额*。建议两年内落实。"},
};

static const char *const interests[LANGUAGES] = {
    "本機構純屬虛構，沒有任何利益。",
    "This body is made up and has no interests.",
    "本机构纯属虚构，没有任何利益。",
};

static const char *const approvers[LANGUAGES] = {
    "虛構人物，校長（演練）",
    "A made-up person, President (rehearsal)",
    "虚构人物，校长（演练）",
};

/* The same for the same body, measure and round: one near its lean, sometimes none, sometimes no
 * opinion. */
static int stance_of(size_t body, size_t measure, int round)
{
    unsigned chance =
        (unsigned)(body * 31 + measure * 17 + (unsigned)round * 5) * 2654435761u >> 24;
    if (chance % 9 == 0)
        return STANCE_ABSENT;
    if (chance % 13 == 0)
        return STANCE_NO_OPINION;
    int stance = (int)bodies[body].lean + (int)(chance % 3) - 1;
    return stance < STANCE_FIRST ? STANCE_FIRST : stance > STANCE_LAST ? STANCE_LAST : stance;
}

static bool measures_fill(struct response *response, size_t body, int round)
{
    const struct consultation *c = response->consultation;
    enum language language = response->language;
    char code[SECTION_TEXT];
    bool ok = true;
    for (size_t m = 0; ok && m < c->measure_count; m++) {
        int stance = stance_of(body, m, round);
        if (stance == STANCE_ABSENT)
            continue;
        size_t shade = stance == STANCE_NO_OPINION || stance == 3 ? 1 : stance > 3 ? 2 : 0;
        snprintf(code, sizeof code, "measure-%s", c->measures[m].code);
        ok = response_put(response, code, stance, c->measures[m].text.version,
                          (body + m) % 3 == 0 ? NULL : reasons[language][shade]);
    }
    return ok;
}

static char *document_of(struct consultation *consultation, size_t at, const char *number,
                         int round)
{
    const struct body *body = &bodies[at];
    enum language language = body->language;
    struct response response;
    size_t length = 0;
    char *document = NULL;
    bool ok = response_init(&response, consultation);
    snprintf(response.institution, sizeof response.institution, "%s", body->slug);
    snprintf(response.number, sizeof response.number, "%s", number);
    response.language = language;
    response.publish = true;
    ok = ok && measures_fill(&response, at, round) &&
         response_put(&response, "summary", STANCE_ABSENT, 0, summaries[language]) &&
         response_put(&response, "direction-1", body->lean > 3 ? 4 : 3, 1, reasons[language][1]) &&
         response_put(&response, "question-1", STANCE_ABSENT, 1, reasons[language][2]) &&
         response_put(&response, "interests", STANCE_ABSENT, 0, interests[language]) &&
         response_put(&response, "approver", STANCE_ABSENT, 0, approvers[language]);
    if (ok)
        document = response_canonical(&response, &length);
    response_clear(&response);
    return document;
}

static enum db_status body_register(struct db *db, const struct body *body)
{
    struct params params = {0};
    params_text(&params, body->slug);
    params_int2(&params, body->kind);
    params_text(&params, body->name[LANGUAGE_ZH_HANT]);
    params_text(&params, body->name[LANGUAGE_EN]);
    params_text(&params, body->name[LANGUAGE_ZH_HANS]);
    enum db_status status = db_run(db, STATEMENT_REHEARSAL_INSTITUTION, &params, NULL);
    params_clear(&params);
    return status;
}

/* The number of its response. */
static enum db_status body_begin(struct db *db, int consultation_id, const struct body *body,
                                 char number[NUMBER_TEXT + 1])
{
    struct params params = {0};
    struct rows rows = {0};
    number_make(&clock_system, number);
    params_int4(&params, consultation_id);
    params_text(&params, body->slug);
    params_text(&params, number);
    params_int2(&params, (int)body->language);
    enum db_status status = db_run(db, STATEMENT_REHEARSAL_RESPONSE, &params, &rows);
    if (status == DB_OK && row_is_null(&rows, 0, 0))
        status = DB_REFUSED;
    if (status == DB_OK)
        snprintf(number, NUMBER_TEXT + 1, "%s", row_text(&rows, 0, 0));
    rows_clear(&rows);
    params_clear(&params);
    return status;
}

/* Spread over the part of the window that is over. */
static int64_t arrived_at(const struct stage *stage, size_t at, int round)
{
    const struct consultation *c = stage->consultation;
    int64_t end_us = stage->now_us < c->closes_us ? stage->now_us : c->closes_us - 1;
    int64_t span_us = end_us > c->opens_us ? end_us - c->opens_us : 0;
    return c->opens_us + span_us / (2 * BODIES + 1) * (int64_t)(2 * at + (size_t)round);
}

static enum db_status body_file(struct db *db, const struct stage *stage, size_t at, int round,
                                const char *number, int receipt_key)
{
    struct params params = {0};
    char *document = document_of(stage->consultation, at, number, round);
    params_int4(&params, stage->consultation->id);
    params_text(&params, bodies[at].slug);
    params_text(&params, document);
    params_time(&params, arrived_at(stage, at, round));
    params_int2(&params, receipt_key);
    enum db_status status =
        document ? db_run(db, STATEMENT_REHEARSAL_FILE, &params, NULL) : DB_FAULT;
    params_clear(&params);
    free(document);
    return status;
}

enum db_status rehearse_responses(struct db *db, const struct stage *stage, int receipt_key)
{
    enum db_status status = db_begin(db);
    for (size_t at = 0; status == DB_OK && at < BODIES; at++) {
        char number[NUMBER_TEXT + 1];
        status = body_register(db, &bodies[at]);
        if (status == DB_OK)
            status = body_begin(db, stage->consultation->id, &bodies[at], number);
        for (int round = 0; status == DB_OK && round < (at == AGAIN ? 2 : 1); round++)
            status = body_file(db, stage, at, round, number, receipt_key);
    }
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}
