/* Proposals to change what a submission counts as: the list, one of them, and what becomes of it.
 * Who may do what to whose proposal is decided by the database's functions. */
#include "base/parse.h"
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "resources/officials/state_view.h"
#include "resources/routes.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_PROPOSALS = 50 };

/* {list: […]}, or null; *next: address of the next page, or null. New references. */
static json_t *list_view(const struct request *request, const struct rows *rows, bool open,
                         json_t **next)
{
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows) && row < PAGE_PROPOSALS; row++)
        json_array_append_new(list, state_proposal_view(request, rows, row));
    *next = rows_count(rows) > PAGE_PROPOSALS
                ? json_sprintf("?%sbefore=%s", open ? "" : "show=decided&",
                               row_text(rows, PAGE_PROPOSALS - 1, PROPOSAL_ID))
                : json_null();
    json_t *view = json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null();
    json_decref(list);
    return view;
}

/* False: a problem is set. */
static bool list_read(struct request *request, bool *open, struct uuid *before, bool *has_before)
{
    const char *show = request_query(request, "show"), *from = request_query(request, "before");
    *open = !show || !*show || strcmp(show, "waiting") == 0;
    *has_before = from && *from;
    if (!*open && strcmp(show, "decided") != 0) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/show");
        return false;
    }
    if (*has_before && !parse_uuid(from, before)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/before");
        return false;
    }
    return true;
}

enum handled proposal_list_page(struct request *request)
{
    struct uuid before;
    bool open, has_before;
    struct rows rows = {0};
    if (!list_read(request, &open, &before, &has_before))
        return HANDLED;
    if (desk_record(request, "official-proposals-listed", request->official->consultation_id,
                    json_pack("{s:s}", "show", open ? "waiting" : "decided")) &&
        state_proposals_run(request,
                            &(struct proposals_wanted){.open = &open,
                                                       .before = has_before ? &before : NULL,
                                                       .most = PAGE_PROPOSALS + 1},
                            &rows)) {
        char rest[STATE_REST];
        json_t *next, *list = list_view(request, &rows, open, &next);
        state_rest(request, "/proposals", rest);
        json_t *page =
            json_pack("{s:o, s:b, s:o, s:o}", "here", state_address(request, "/proposals"), "open",
                      open, "proposals", list, "next", next);
        reply_document(
            request, desk_document(request, &(struct desk_page){.status = 200,
                                                                .template = "official_proposals",
                                                                .title_key = "proposal.list-title",
                                                                .rest = rest,
                                                                .page = page}));
    }
    rows_clear(&rows);
    return HANDLED;
}

/* The proposal in the address. False: a problem is set; *rows to be cleared whatever comes. */
static bool proposal_read(struct request *request, struct uuid *id, struct rows *rows)
{
    if (parse_uuid(request_part(request, "proposal"), id)) {
        if (!state_proposals_run(request, &(struct proposals_wanted){.id = id, .most = 1}, rows))
            return false;
        if (rows_count(rows) == 1)
            return true;
    }
    reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return false;
}

/* {decide, withdraw, own, overtaken, taken}: what this official may do with one that waits. New
 * reference. */
static json_t *choices_view(const struct request *request, const struct rows *rows,
                            const struct state_facts *facts)
{
    const struct official *official = request->official;
    bool own = strcmp(row_text(rows, 0, PROPOSAL_PROPOSER), official->login) == 0;
    bool overtaken = strcmp(facts->state, row_text(rows, 0, PROPOSAL_BEFORE)) != 0;
    bool taken = strcmp(row_text(rows, 0, PROPOSAL_WANTED), "counted") == 0 && facts->other_counted;
    bool possible = !overtaken && !taken && !facts->final;
    bool decides = official_has(official, ROLE_PUBLISHER) && !own;
    return json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b}", "decide", decides, "confirmable",
                     possible, "withdraw", own && official_has(official, ROLE_ANALYST), "own", own,
                     "overtaken", overtaken && !facts->final, "taken",
                     taken && !overtaken && !facts->final, "final", facts->final);
}

/* The page of the proposal in the address; `problem` NONE: nothing was refused. A look at a single
 * submission is an act. */
static void proposal_show(struct request *request, enum problem_code problem)
{
    struct uuid id;
    struct rows rows = {0};
    struct state_facts facts;
    const char *done = request_query(request, "done");
    if (proposal_read(request, &id, &rows) &&
        state_facts_read(request, row_text(&rows, 0, PROPOSAL_NUMBER), &facts) &&
        desk_record(request, "official-proposal-read", request->official->consultation_id,
                    json_pack("{s:s, s:s}", "proposal", row_text(&rows, 0, PROPOSAL_ID), "number",
                              facts.number))) {
        struct faults faults = {0};
        char tail[STATE_REST], rest[STATE_REST];
        bool waits = row_is_null(&rows, 0, PROPOSAL_OUTCOME);
        if (problem != PROBLEM_NONE)
            faults_add(&faults, problem, 0, "/go");
        snprintf(tail, sizeof tail, "/proposals/%s", row_text(&rows, 0, PROPOSAL_ID));
        state_rest(request, tail, rest);
        json_t *page = json_pack(
            "{s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "list", state_address(request, "/proposals"),
            "facts", state_facts_view(request, &facts), "proposal",
            state_proposal_view(request, &rows, 0), "may",
            waits ? choices_view(request, &rows, &facts) : json_null(), "proposed",
            done && strcmp(done, "proposed") == 0, "done", done && strcmp(done, "1") == 0,
            "analyst", official_has(request->official, ROLE_ANALYST));
        reply_document(request, desk_document(request, &(struct desk_page){
                                                           .status = problem == PROBLEM_NONE
                                                                         ? 200
                                                                         : problem_status(problem),
                                                           .template = "official_proposal",
                                                           .title_key = "proposal.title",
                                                           .rest = faults.count ? NULL : rest,
                                                           .faults = &faults,
                                                           .page = page}));
    }
    rows_clear(&rows);
}

enum handled proposal_page(struct request *request)
{
    proposal_show(request, PROBLEM_NONE);
    return HANDLED;
}

/* Runs an act on the proposal in the address that gives done or why not; shows the proposal. */
static void act(struct request *request, enum statement statement, const bool *confirmed)
{
    struct uuid id;
    struct params params = {0};
    struct rows rows = {0};
    if (!parse_uuid(request_part(request, "proposal"), &id)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return;
    }
    params_int4(&params, request->official->id);
    params_int4(&params, request->official->consultation_id);
    params_uuid(&params, &id);
    if (confirmed)
        params_bool(&params, *confirmed);
    params_text(&params, request->official->network);
    if (desk_run(request, statement, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        char tail[STATE_REST], rest[STATE_REST];
        snprintf(tail, sizeof tail, "/proposals/%s?done=1", request_part(request, "proposal"));
        state_rest(request, tail, rest);
        if (outcome && strcmp(outcome, "done") == 0)
            desk_redirect(request, rest);
        else if (outcome && strcmp(outcome, "not-found") == 0)
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        else
            proposal_show(request, desk_outcome(outcome));
    }
    rows_clear(&rows);
}

enum handled proposal_decision_form(struct request *request)
{
    const char *go = form_text(&request->form, "/go");
    bool confirmed = strcmp(go, "confirm") == 0;
    if (confirmed || strcmp(go, "reject") == 0)
        act(request, STATEMENT_OFFICIAL_STATE_DECIDE, &confirmed);
    else
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/go");
    return HANDLED;
}

enum handled proposal_withdrawal_form(struct request *request)
{
    act(request, STATEMENT_OFFICIAL_STATE_WITHDRAW, NULL);
    return HANDLED;
}
