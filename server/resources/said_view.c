/* What a submission says, for its page; see said_view.h. */
#include "resources/said_view.h"

#include "represent/wording.h"
#include "service.h"

#include <stdio.h>

static json_t *word(const struct request *request, const char *prefix, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s%s", prefix, name);
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static const struct remark *remark_of(const struct submission *submission, enum remark_part part,
                                      int ordinal)
{
    for (size_t i = 0; i < submission->remark_count; i++)
        if (submission->remarks[i].part == part && submission->remarks[i].ordinal == ordinal)
            return &submission->remarks[i];
    return NULL;
}

/* What moderation did with it, {waiting | passed | edited | refused: true, reason, text}; NULL
 * where it is not to be published, or nothing is known. */
static json_t *moderation_of(const struct request *request, const struct submission *submission,
                             const struct remark *remark)
{
    if (!remark || !submission->moderated || !remark_is_for_publication(submission, remark))
        return NULL;
    json_t *view = json_pack("{s:b}", moderation_name(remark->moderation), 1);
    if (remark->moderation_reason)
        json_object_set_new(view, "reason",
                            word(request, "moderation.reason-", remark->moderation_reason));
    if (remark->moderation == MODERATION_EDITED)
        json_object_set_new(view, "text", json_string(remark->published));
    return view;
}

/* One measure's answer; NULL where nothing was said about it. */
static json_t *answer_of(const struct request *request, const struct submission *submission,
                         const struct measure *measure)
{
    const struct consultation *consultation = submission->consultation;
    int at = measure->ordinal - 1, stance = submission->stances[at];
    bool priority = submission->priorities >> at & 1;
    const struct remark *remark = remark_of(submission, REMARK_MEASURE, measure->ordinal);
    if (stance == STANCE_ABSENT && !remark && !priority)
        return NULL;
    bool withheld = submission->consent != CONSENT_NONE && submission->withheld >> at & 1;
    const char *label =
        stance <= STANCE_LAST ? consultation->stance_labels[stance].body[request->language] : NULL;
    return json_pack("{s:s, s:s, s:s*, s:s*, s:b, s:b, s:o*}", "code", measure->code, "text",
                     measure->text.body[request->language], "stance", label, "remark",
                     remark ? remark->text : NULL, "withheld", withheld, "priority", priority,
                     "moderation", moderation_of(request, submission, remark));
}

static json_t *directions_of(const struct request *request, const struct submission *submission)
{
    const struct consultation *consultation = submission->consultation;
    json_t *directions = json_array();
    for (size_t i = 0; i < consultation->direction_count; i++) {
        const struct direction *direction = &consultation->directions[i];
        json_t *answers = json_array();
        for (size_t m = 0; m < direction->measures; m++) {
            json_t *answer = answer_of(request, submission,
                                       &consultation->measures[direction->first_measure + m]);
            if (answer)
                json_array_append_new(answers, answer);
        }
        if (json_array_size(answers))
            json_array_append_new(directions,
                                  json_pack("{s:s, s:s, s:O}", "code", direction->code, "title",
                                            direction->title.body[request->language], "answers",
                                            answers));
        json_decref(answers);
    }
    return directions;
}

/* NULL if no question was answered. */
static json_t *views_of(const struct request *request, const struct submission *submission)
{
    const struct consultation *consultation = submission->consultation;
    json_t *list = json_array();
    for (size_t i = 0; i < consultation->question_count; i++) {
        const struct question *question = &consultation->questions[i];
        const struct remark *view = remark_of(submission, REMARK_QUESTION, question->ordinal);
        if (view)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:b, s:o*}", "text",
                                question->text.body[request->language], "view", view->text,
                                "withheld", submission->consent != CONSENT_NONE && !view->publish,
                                "moderation", moderation_of(request, submission, view)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return NULL;
}

json_t *said_view(const struct request *request, const struct submission *submission)
{
    const struct sector *sector =
        submission->sector ? consultation_sector(submission->consultation, submission->sector)
                           : NULL;
    return json_pack(
        "{s:o, s:s*, s:s*, s:o, s:o, s:o, s:o*}", "kind",
        word(request, "kind.", respondent_kind_name(submission->kind)), "organisation",
        submission->organisation, "sector", sector ? sector->label.body[request->language] : NULL,
        "language", word(request, "language.", language_tag(submission->language)), "publication",
        word(request, "answer.publication-", consent_name(submission->consent)), "directions",
        directions_of(request, submission), "views", views_of(request, submission));
}
