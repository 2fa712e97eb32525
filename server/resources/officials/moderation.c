/* One remark before it may be public: read by a moderator, and decided on. */
#include "resources/officials/moderation.h"

#include "base/parse.h"
#include "base/text.h"
#include "domain/wipe.h"
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEXT_NUMBER, NEXT_PART, NEXT_ORDINAL };

static void params_place(struct params *params, const struct request *request,
                         const struct opened *opened)
{
    params_int4(params, request->official->id);
    params_int4(params, opened->consultation->id);
    params_text(params, opened->place.number);
    params_int2(params, (int)opened->place.part);
    params_int2(params, opened->place.ordinal);
}

static void opened_clear(struct opened *opened)
{
    rows_clear(&opened->rows);
    consultation_release(opened->consultation);
}

/* The remark of the address; the look at it is written down by the same statement. False: a problem
 * is set. *out: opened_clear, whatever comes. */
static bool remark_open(struct request *request, struct opened *out)
{
    struct params params = {0};
    *out = (struct opened){.consultation = catalogue_find(service_of(request)->catalogue,
                                                          request_part(request, "slug"))};
    if (!out->consultation || !remark_place_find(out->consultation, request_part(request, "number"),
                                                 request_part(request, "remark"), &out->place)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    params_place(&params, request, out);
    params_text(&params, request->official->network);
    if (!desk_run(request, STATEMENT_MODERATION_OPEN, &params, &out->rows))
        return false;
    if (rows_count(&out->rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    out->original = row_text(&out->rows, 0, OPEN_ORIGINAL);
    out->found_count = personal_data_find(out->original, out->found, FOUND_MOST);
    return true;
}

/* The next one that waits, if any does. False: a problem is set. */
static bool next_find(struct request *request, const struct opened *opened, struct place *next)
{
    struct params params = {0};
    struct rows rows = {0};
    params_place(&params, request, opened);
    bool ok = desk_run(request, STATEMENT_MODERATION_NEXT, &params, &rows);
    if (!ok || rows_count(&rows) != 1 ||
        !remark_place_of_row(opened->consultation, &rows, 0, NEXT_NUMBER, NEXT_PART, NEXT_ORDINAL,
                             next))
        next->code = NULL;
    rows_clear(&rows);
    return ok;
}

/* `next` NULL: the page has no way on. */
static void remark_show(struct request *request, const struct opened *opened,
                        const struct decision *decision, const struct faults *faults,
                        const char *preview, const struct place *next)
{
    char rest[MODERATION_REST], on[MODERATION_REST];
    remark_place_rest(opened->consultation, &opened->place, rest);
    json_t *page = moderation_view(request, opened, decision, faults, preview);
    if (next && next->code) {
        remark_place_rest(opened->consultation, next, on);
        json_object_set_new(page, "next", desk_address(request, on));
    }
    reply_document(
        request,
        desk_document(request,
                      &(struct desk_page){
                          .status = faults->count ? problem_status(faults->list[0].code) : 200,
                          .template = "official_moderation",
                          .title_key = "moderation.remark",
                          .rest = decision ? NULL : rest,
                          .faults = faults,
                          .page = page}));
}

enum handled moderation_page(struct request *request)
{
    static const struct faults none;
    struct opened opened;
    struct place next;
    if (remark_open(request, &opened) && next_find(request, &opened, &next))
        remark_show(request, &opened, NULL, &none, NULL, &next);
    opened_clear(&opened);
    return HANDLED;
}

static void decision_read(const struct request *request, const struct opened *opened,
                          struct decision *out, struct faults *faults)
{
    const struct form *form = &request->form;
    const char *text = form_value(form, "/text");
    int64_t value;
    out->outcome = moderation_find(form_text(form, "/decision"));
    out->reason = moderation_reason_find(form_value(form, "/reason"));
    if (out->outcome == MODERATIONS)
        faults_add(faults, *form_text(form, "/decision") ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED,
                   0, "/decision");
    if (parse_integer(form_text(form, "/seen"), 0, INT32_MAX, &value))
        out->seen = (int32_t)value;
    else
        faults_add(faults, PROBLEM_CHANGED_MEANWHILE, 0, "/decision");
    if (text && !text_normalise(text, strlen(text), &out->text))
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "/text");
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, "/found") == 0 &&
            parse_integer(form->fields[i].value, 0, (int64_t)opened->found_count - 1, &value))
            out->ticked[value] = true;
}

/* What is left, as somebody deleted words from it and ticked others. */
static void removals_read(const struct opened *opened, struct decision *decision,
                          struct faults *faults)
{
    enum problem_code problem = PROBLEM_NONE;
    if (decision->text)
        problem = removals_of_edit(opened->original, decision->text, &decision->removals);
    if (problem == PROBLEM_NONE && decision->outcome == MODERATION_PASSED) {
        if (decision->removals.count)
            faults_add(faults, PROBLEM_WORDS_REMOVED, 0, "/text");
        return;
    }
    for (size_t i = 0; problem == PROBLEM_NONE && i < opened->found_count; i++)
        if (decision->ticked[i] &&
            !removals_add_bytes(&decision->removals, opened->original, opened->found[i].at,
                                opened->found[i].length))
            problem = PROBLEM_TOO_MANY;
    if (problem == PROBLEM_NONE && !decision->removals.count)
        problem = PROBLEM_NOTHING_REMOVED;
    else if (problem == PROBLEM_NONE &&
             removals_leave_nothing(opened->original, &decision->removals))
        problem = PROBLEM_NOTHING_LEFT;
    if (problem != PROBLEM_NONE)
        faults_add(faults, problem, problem == PROBLEM_TOO_MANY ? REMOVALS_MOST : 0, "/text");
}

/* What does not go together. */
static void decision_judge(const struct request *request, const struct opened *opened,
                           struct decision *decision, struct faults *faults)
{
    bool needs_reason =
        decision->outcome == MODERATION_EDITED || decision->outcome == MODERATION_REFUSED;
    if (decision->outcome == MODERATION_PASSED || decision->outcome == MODERATION_EDITED)
        removals_read(opened, decision, faults);
    if (needs_reason && !decision->reason)
        faults_add(faults,
                   *form_text(&request->form, "/reason") ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED,
                   0, "/reason");
}

/* On to the next one that waits, to the queue if none does; what was put back stays before one. */
static void go_on(struct request *request, const struct opened *opened, enum moderation outcome)
{
    struct place next = opened->place;
    char rest[MODERATION_REST], last[PLACE_TEXT];
    if (outcome != MODERATION_WAITING && !next_find(request, opened, &next))
        return;
    if (next.code)
        remark_place_rest(opened->consultation, &next, rest);
    else
        snprintf(rest, sizeof rest, "/consultations/%s/remarks", opened->consultation->slug);
    remark_place_text(&opened->place, last);
    size_t n = strlen(rest);
    snprintf(rest + n, sizeof rest - n, "?done=%s&last=%s", moderation_name(outcome), last);
    desk_redirect(request, rest);
}

/* Shows how it stands now, and keeps what was typed. */
static void show_refusal(struct request *request, const struct decision *decision,
                         enum problem_code problem)
{
    struct opened now;
    struct faults faults = {0};
    faults_add(&faults, problem, 0, "/decision");
    if (remark_open(request, &now))
        remark_show(request, &now, decision, &faults, NULL, NULL);
    opened_clear(&now);
}

static void decide(struct request *request, const struct opened *opened,
                   const struct decision *decision)
{
    struct params params = {0};
    struct rows rows = {0};
    char removed[REMOVALS_TEXT];
    removals_text(&decision->removals, removed);
    params_place(&params, request, opened);
    params_int4(&params, decision->seen);
    params_int2(&params, (int)decision->outcome);
    params_text(&params, decision->reason);
    params_text(&params, decision->outcome == MODERATION_EDITED ? removed : NULL);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_MODERATION_DECIDE, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        bool done = outcome && strcmp(outcome, "done") == 0;
        enum problem_code problem = done ? PROBLEM_NONE : desk_outcome(outcome);
        if (done)
            go_on(request, opened, decision->outcome);
        else if (problem_status(problem) == 409)
            show_refusal(request, decision, problem);
        else
            reply_problem(request, problem, NULL);
    }
    rows_clear(&rows);
}

static void show_preview(struct request *request, const struct opened *opened,
                         const struct decision *decision, const struct faults *faults)
{
    char *preview = removals_apply(opened->original, &decision->removals);
    remark_show(request, opened, decision, faults, faults->count ? NULL : preview, NULL);
    wipe_free(preview);
}

enum handled moderation_form(struct request *request)
{
    struct opened opened;
    struct decision decision = {0};
    struct faults faults = {0};
    bool previews = strcmp(form_text(&request->form, "/go"), "preview") == 0;
    if (remark_open(request, &opened)) {
        decision_read(request, &opened, &decision, &faults);
        if (previews) {
            faults = (struct faults){0};
            decision.removals = (struct removals){0};
            if (decision.outcome != MODERATION_WAITING)
                decision.outcome = MODERATION_EDITED;
            removals_read(&opened, &decision, &faults);
            show_preview(request, &opened, &decision, &faults);
        } else {
            decision_judge(request, &opened, &decision, &faults);
            if (faults.count)
                remark_show(request, &opened, &decision, &faults, NULL, NULL);
            else
                decide(request, &opened, &decision);
        }
    }
    wipe_free(decision.text);
    opened_clear(&opened);
    return HANDLED;
}
