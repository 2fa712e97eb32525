/* What generated submissions say: words that fit anywhere and are nobody's; see rehearse.h. */
#include "commands/rehearse.h"

enum { PHRASES = 10, VIEWS = 5 };

static const char *const remarks[LANGUAGES][PHRASES] = {
    [LANGUAGE_ZH_HANT] =
        {
            "方向清楚，希望盡快公布時間表。",
            "請說明如何衡量成效。",
            "希望照顧中小企和初創的需要。",
            "資源應按先後次序分配。",
            "建議定期公布進度。",
            "與其他措施如何配合，可以說得更清楚。",
            "希望多聽取業界和學界的意見。",
            "要留意對基層和年輕人的影響。",
            "可參考其他地方的做法，再按本地情況調整。",
            "支持，但要有足夠人手落實。",
        },
    [LANGUAGE_EN] =
        {
            "Clear direction; please publish a timetable soon.",
            "Please explain how results will be measured.",
            "Keep the needs of smaller firms and start-ups in mind.",
            "Resources should follow priorities.",
            "I suggest publishing progress regularly.",
            "It could be clearer how this fits with the other measures.",
            "Please keep listening to the sectors concerned.",
            "Mind the effect on young people.",
            "Look at what worked elsewhere, then adapt it.",
            "Supportive, provided there is staff to carry it out.",
        },
    [LANGUAGE_ZH_HANS] =
        {
            "方向清楚，希望尽快公布时间表。",
            "请说明如何衡量成效。",
            "希望照顾中小企和初创的需要。",
            "资源应按先后次序分配。",
            "建议定期公布进度。",
            "与其他措施如何配合，可以说得更清楚。",
            "希望多听取业界和学界的意见。",
            "要留意对基层和年轻人的影响。",
            "可参考其他地方的做法，再按本地情况调整。",
            "支持，但要有足够人手落实。",
        },
};

static const char *const views[LANGUAGES][VIEWS] = {
    [LANGUAGE_ZH_HANT] =
        {
            "整體方向可取。\n\n希望每年檢討一次。",
            "建議先選一兩個範疇試行，有成效再推廣。",
            "可考慮稅務優惠、配對資助和更簡單的申請手續。",
            "香港的法律制度和國際聯繫是優勢，應好好運用。",
            "希望各部門之間協調更好，避免重複。",
        },
    [LANGUAGE_EN] =
        {
            "The overall direction is sound.\n\nPlease review it every year.",
            "Start with trials in one or two areas, and extend what works.",
            "Consider tax incentives, matching grants and simpler applications.",
            "Hong Kong's legal system and international links are strengths to build on.",
            "Better co-ordination among departments would avoid duplication.",
        },
    [LANGUAGE_ZH_HANS] =
        {
            "整体方向可取。\n\n希望每年检讨一次。",
            "建议先选一两个范畴试行，有成效再推广。",
            "可考虑税务优惠、配对资助和更简单的申请手续。",
            "香港的法律制度和国际联系是优势，应好好运用。",
            "希望各部门之间协调更好，避免重复。",
        },
};

const char *rehearse_remark(enum language language, unsigned chance)
{
    return remarks[language][chance % PHRASES];
}

const char *rehearse_view(enum language language, unsigned chance)
{
    return views[language][chance % VIEWS];
}

const char *rehearse_organisation(enum language language)
{
    static const char *const names[LANGUAGES] = {[LANGUAGE_ZH_HANT] = "示範機構",
                                                 [LANGUAGE_EN] = "Sample Organisation",
                                                 [LANGUAGE_ZH_HANS] = "示范机构"};
    return names[language];
}
