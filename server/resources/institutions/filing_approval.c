/* Approval: a coordinator asks for it, an approver who is another person gives or refuses it, each
 * time of exactly one content. */
#include "base/text.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/filing.h"
#include "resources/institutions/two_persons.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, DIGEST, ASKED_AT, OWN, DECIDED_AT, APPROVED, STANDS, NOTE, TWO };
enum { ASKED_BY = TWO + TWO_FIRST, DECIDED_BY = TWO + TWO_SECOND };
enum { NOTE_POINTS = 2000 };

static bool is_of(const struct rows *rows, int row, const struct filing_draft *draft)
{
    size_t length = 0;
    const void *digest = row_bytes(rows, row, DIGEST, &length);
    return length == DIGEST_BYTES && memcmp(digest, draft->digest.bytes, DIGEST_BYTES) == 0;
}

static json_t *moment(const struct request *request, const struct rows *rows, int row, int column)
{
    return row_is_null(rows, row, column)
               ? json_null()
               : wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                                row_time(rows, row, column));
}

static json_t *asking_view(const struct request *request, const struct rows *rows, int row,
                           const struct filing_draft *draft)
{
    bool open = row_is_null(rows, row, DECIDED_AT);
    size_t length = 0;
    struct digest digest = {{0}};
    char text[2 * DIGEST_BYTES + 1];
    const void *bytes = row_bytes(rows, row, DIGEST, &length);
    if (length == DIGEST_BYTES)
        memcpy(digest.bytes, bytes, DIGEST_BYTES);
    digest_hex(&digest, text);
    return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:b, s:s?, s:o, s:s}", "id",
                     row_text(rows, row, ID), "digest", text, "by", row_text(rows, row, ASKED_BY),
                     "at", moment(request, rows, row, ASKED_AT), "own", row_bool(rows, row, OWN),
                     "open", open, "present", is_of(rows, row, draft), "approved",
                     !open && row_bool(rows, row, APPROVED), "stands", row_bool(rows, row, STANDS),
                     "decider", open ? NULL : row_text(rows, row, DECIDED_BY), "decided",
                     moment(request, rows, row, DECIDED_AT), "note", row_text(rows, row, NOTE));
}

/* False: a problem is set. */
static bool askings_read(struct request *request, const struct filing_draft *draft,
                         struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, request->official->id);
    params_int4(&params, draft->consultation->id);
    return desk_run(request, STATEMENT_RESPONSE_FILING_APPROVALS, &params, rows);
}

/* What the newest decision about the present content was: it holds. */
static int present_row(const struct rows *rows, const struct filing_draft *draft, bool open)
{
    int found = -1;
    for (int row = 0; row < rows_count(rows); row++)
        if (is_of(rows, row, draft) && row_is_null(rows, row, DECIDED_AT) == open &&
            (found < 0 || row_time(rows, row, DECIDED_AT) > row_time(rows, found, DECIDED_AT)))
            found = row;
    return found;
}

static json_t *page_view(struct request *request, const struct filing_draft *draft,
                         const struct rows *rows, const struct faults *faults)
{
    const struct official *official = request->official;
    int open = present_row(rows, draft, true), decided = present_row(rows, draft, false);
    bool approved =
        decided >= 0 && row_bool(rows, decided, APPROVED) && row_bool(rows, decided, STANDS);
    bool coordinates = official->member_roles & MEMBER_COORDINATOR;
    bool approves = official->member_roles & MEMBER_APPROVER;
    json_t *list = json_array(), *missing = filing_missing(request, draft);
    for (int row = 0; row < rows_count(rows); row++)
        json_array_append_new(list, asking_view(request, rows, row, draft));
    json_t *page =
        json_pack("{s:s, s:b, s:o, s:o, s:b, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:s}",
                  "digest", draft->digest_text, "approved", approved, "askings",
                  json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null(), "open",
                  open >= 0 ? asking_view(request, rows, open, draft) : json_null(), "may_ask",
                  coordinates && open < 0 && !approved && json_is_null(missing), "may_decide",
                  approves && open >= 0 && !row_bool(rows, open, OWN), "may_withdraw",
                  coordinates && open >= 0, "may_file", approved && (coordinates || approves),
                  "missing", missing, "action", filing_address(request, "/approval"), "see",
                  filing_address(request, "/preview"), "filing", filing_address(request, "/filing"),
                  "back", filing_address(request, ""), "note", form_text(&request->form, "/note"));
    json_decref(list);
    json_object_set_new(page, "persons",
                        approved ? two_persons_view(request, rows, decided, TWO, false)
                                 : json_null());
    if (page && faults)
        json_object_set_new(page, "error", desk_error(request, faults, "/note"));
    return page;
}

static void approval_show(struct request *request, const struct filing_draft *draft, int status,
                          const struct faults *faults)
{
    struct rows rows = {0};
    if (askings_read(request, draft, &rows))
        filing_show(request, draft->consultation,
                    &(struct desk_page){.status = status,
                                        .template = "filing_approval",
                                        .title_key = "filing.approval",
                                        .rest = status == 200 ? "/approval" : NULL,
                                        .faults = faults,
                                        .page = page_view(request, draft, &rows, faults)});
    rows_clear(&rows);
}

enum handled filing_approval_page(struct request *request)
{
    struct filing_draft draft;
    if (filing_draft_read(request, &draft))
        approval_show(request, &draft, 200, NULL);
    filing_draft_clear(&draft);
    return HANDLED;
}

/* Runs what gives an outcome, and leads back to the page. */
static void act(struct request *request, enum statement statement, struct params *params)
{
    struct rows rows = {0};
    char rest[FILING_REST];
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = rows_count(&rows) ? row_text(&rows, 0, 0) : NULL;
        if (outcome && strcmp(outcome, "done") == 0) {
            filing_rest(request, "/approval", rest);
            desk_redirect(request, rest);
        } else {
            reply_problem(request, desk_outcome(outcome), NULL);
        }
    }
    rows_clear(&rows);
}

static void act_params(struct params *params, const struct request *request,
                       const struct consultation *consultation)
{
    params_int4(params, request->official->id);
    params_text(params, request->official->network);
    params_int4(params, consultation->id);
}

enum handled filing_ask_form(struct request *request)
{
    struct filing_draft draft;
    struct params params = {0};
    if (filing_draft_read(request, &draft) && filing_is_as_seen(request, &draft)) {
        if (draft.missing.count) {
            approval_show(request, &draft, 422, NULL);
        } else {
            act_params(&params, request, draft.consultation);
            params_bytes(&params, draft.digest.bytes, DIGEST_BYTES);
            act(request, STATEMENT_RESPONSE_FILING_ASK, &params);
        }
    }
    filing_draft_clear(&draft);
    return HANDLED;
}

/* The note as it is kept; NULL after a fault. Caller frees. */
static char *note_read(const struct request *request, bool wanted, struct faults *faults)
{
    const char *typed = form_text(&request->form, "/note");
    char *note = NULL;
    size_t length = 0;
    if (!text_normalise(typed, strlen(typed), &note)) {
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "/note");
        return NULL;
    }
    const char *first = text_trim(note, &length);
    memmove(note, first, length);
    note[length] = '\0';
    if (wanted && length == 0)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/note");
    else if (text_points(note) > NOTE_POINTS)
        faults_add(faults, PROBLEM_TOO_LONG, NOTE_POINTS, "/note");
    else
        return note;
    free(note);
    return NULL;
}

enum handled filing_decision_form(struct request *request)
{
    struct filing_draft draft;
    struct params params = {0};
    struct faults faults = {0};
    struct uuid id;
    bool yes = strcmp(form_text(&request->form, "/go"), "approve") == 0;
    if (filing_draft_read(request, &draft) && filing_is_as_seen(request, &draft)) {
        char *note = note_read(request, !yes, &faults);
        if (!parse_uuid(form_text(&request->form, "/approval"), &id)) {
            reply_problem(request, PROBLEM_PROPOSAL_OVER, NULL);
        } else if (!note) {
            approval_show(request, &draft, 422, &faults);
        } else {
            act_params(&params, request, draft.consultation);
            params_uuid(&params, &id);
            params_bytes(&params, draft.digest.bytes, DIGEST_BYTES);
            params_bool(&params, yes);
            params_text(&params, note);
            act(request, STATEMENT_RESPONSE_FILING_DECIDE, &params);
        }
        free(note);
    }
    filing_draft_clear(&draft);
    return HANDLED;
}

enum handled filing_asking_end_form(struct request *request)
{
    struct consultation *consultation = filing_consultation(request);
    struct params params = {0};
    struct uuid id;
    if (consultation && !parse_uuid(form_text(&request->form, "/approval"), &id)) {
        reply_problem(request, PROBLEM_PROPOSAL_OVER, NULL);
    } else if (consultation) {
        act_params(&params, request, consultation);
        params_uuid(&params, &id);
        act(request, STATEMENT_RESPONSE_FILING_WITHDRAW, &params);
    }
    consultation_release(consultation);
    return HANDLED;
}
