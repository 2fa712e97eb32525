/* What a submission counts as: facts for who decides about it, and the form by which an analyst
 * proposes another state. No answer is shown: whether a submission counts must not depend on what
 * it says. */
#include "base/text.h"
#include "domain/set_aside.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "resources/officials/state_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_POINTS = 500, EARLIER_MOST = 20, KEY = 48 };

/* States as forms name them, and as the database does. */
enum wanted { WANTED_SET_ASIDE, WANTED_COUNTED, WANTED_HELD, WANTED_STATES };
static const char *const wanted_names[WANTED_STATES] = {"set-aside", "counted", "held"};
static const char *const state_names[WANTED_STATES] = {"set aside", "counted", "held"};

/* What was typed; "" for nothing. The note is owned. */
struct typed {
    const char *before, *wanted, *reason;
    const char *state; /* what is wanted, as the database names it; NULL: no such */
    char *note;
};

static enum wanted wanted_find(const char *name)
{
    int i = 0;
    while (i < WANTED_STATES && strcmp(wanted_names[i], name) != 0)
        i++;
    return (enum wanted)i;
}

/* Whether a form can have shown that state. */
static bool is_state(const char *name)
{
    for (int i = 0; i < WANTED_STATES; i++)
        if (strcmp(state_names[i], name) == 0)
            return true;
    return false;
}

/* What may be proposed for a submission in its present state; the database has the last word. */
static bool is_possible(const struct state_facts *facts, enum wanted wanted)
{
    bool aside = strcmp(facts->state, "set aside") == 0, held = strcmp(facts->state, "held") == 0;
    switch (wanted) {
    case WANTED_SET_ASIDE:
        return held || strcmp(facts->state, "counted") == 0;
    case WANTED_COUNTED:
        return (held || aside) && !facts->other_counted;
    case WANTED_HELD:
        return aside && facts->identified;
    case WANTED_STATES:
        break;
    }
    return false;
}

/* {list: [{value, label, checked, first}]}, or null where nothing is possible. `only`: what to
 * propose is no question. New reference. */
static json_t *choices_view(const struct request *request, const struct state_facts *facts,
                            const char *typed, bool *only)
{
    json_t *list = json_array();
    char key[KEY];
    for (int i = 0; i < WANTED_STATES; i++) {
        if (!is_possible(facts, (enum wanted)i))
            continue;
        snprintf(key, sizeof key, "state.to-%s", wanted_names[i]);
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:b, s:b}", "value", wanted_names[i], "label",
                      wording_string(service_of(request)->pages, request->language, key, NULL),
                      "checked", strcmp(typed, wanted_names[i]) == 0, "first",
                      json_array_size(list) == 0));
    }
    *only = json_array_size(list) == 1;
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

static json_t *reasons_view(const struct request *request, const char *typed)
{
    json_t *list = json_array();
    for (int i = 0; i < SET_ASIDE_REASONS; i++) {
        const char *code = set_aside_code((enum set_aside_reason)i);
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:b, s:b}", "value", code, "label",
                                        state_reason_words(request, code, ""), "meaning",
                                        state_reason_words(request, code, "-meaning"), "checked",
                                        strcmp(typed, code) == 0, "first", i == 0));
    }
    return json_pack("{s:o}", "list", list);
}

/* The form; null where nothing may be proposed. New reference. */
static json_t *form_view(const struct request *request, const struct state_facts *facts,
                         const struct typed *typed, const struct faults *faults)
{
    bool only = false;
    json_t *choices = choices_view(request, facts, typed->wanted, &only);
    if (facts->final || json_is_null(choices)) {
        json_decref(choices);
        return json_null();
    }
    bool aside = is_possible(facts, WANTED_SET_ASIDE);
    return json_pack("{s:s, s:b, s:b, s:o, s:o, s:s, s:o, s:{s:o, s:o, s:o}}", "before",
                     facts->state, "only", only, "note_optional", aside && only, "choices", choices,
                     "reasons", aside ? reasons_view(request, typed->reason) : json_null(), "note",
                     typed->note ? typed->note : "", "note_limit", wording_count(NOTE_POINTS),
                     "error", "wanted", desk_error(request, faults, "/wanted"), "reason",
                     desk_error(request, faults, "/reason"), "note",
                     desk_error(request, faults, "/note"));
}

/* What was proposed about it; *open: one waits. New reference, null for nothing; NULL: a problem is
 * set. */
static json_t *earlier_view(struct request *request, const struct state_facts *facts, bool *open)
{
    struct rows rows = {0};
    json_t *view = NULL;
    *open = false;
    if (state_proposals_run(
            request, &(struct proposals_wanted){.number = facts->number, .most = EARLIER_MOST},
            &rows)) {
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++) {
            json_array_append_new(list, state_proposal_view(request, &rows, row));
            *open = *open || row_is_null(&rows, row, PROPOSAL_OUTCOME);
        }
        view = json_array_size(list) ? json_pack("{s:O}", "list", list) : json_null();
        json_decref(list);
    }
    rows_clear(&rows);
    return view;
}

static bool is_officials_own(const char *state)
{
    return strcmp(state, "withdrawn") != 0 && strcmp(state, "superseded") != 0;
}

/* The page, with what was wrong with what was typed. A look at a single submission is an act. */
static void state_show(struct request *request, const struct state_facts *facts,
                       const struct typed *typed, const struct faults *faults)
{
    bool open;
    int status = faults->count ? problem_status(faults->list[0].code) : 200;
    char reading[STATE_REST], tail[STATE_REST], rest[STATE_REST];
    if (!desk_record(request, "official-state-read", request->official->consultation_id,
                     json_pack("{s:s}", "number", facts->number)))
        return;
    json_t *earlier = earlier_view(request, facts, &open);
    if (!earlier)
        return;
    snprintf(reading, sizeof reading, "/submissions/%s", facts->number);
    snprintf(tail, sizeof tail, "/submissions/%s/state", facts->number);
    state_rest(request, tail, rest);
    json_t *page = json_pack(
        "{s:o, s:o, s:b, s:b, s:b, s:b, s:o, s:o}", "reading", state_address(request, reading),
        "facts", state_facts_view(request, facts), "final", facts->final, "not_ours",
        !facts->final && !is_officials_own(facts->state), "taken",
        !facts->final && is_officials_own(facts->state) && strcmp(facts->state, "counted") != 0 &&
            facts->other_counted,
        "open", open, "earlier", earlier, "form",
        open && !faults->count ? json_null() : form_view(request, facts, typed, faults));
    reply_document(request,
                   desk_document(request, &(struct desk_page){.status = status,
                                                              .template = "official_state",
                                                              .title_key = "state.title",
                                                              .rest = faults->count ? NULL : rest,
                                                              .faults = faults,
                                                              .page = page}));
}

enum handled submission_state_page(struct request *request)
{
    static const struct typed nothing = {.before = "", .wanted = "", .reason = ""};
    const struct faults none = {0};
    struct state_facts facts;
    if (state_facts_read(request, request_part(request, "number"), &facts))
        state_show(request, &facts, &nothing, &none);
    return HANDLED;
}

static void note_read(const struct request *request, enum wanted wanted, struct typed *out,
                      struct faults *faults)
{
    const char *note = form_text(&request->form, "/note");
    size_t length;
    const char *trimmed = text_trim(note, &length);
    if (!text_normalise(trimmed, length, &out->note))
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "/note");
    else if (text_points(out->note) > NOTE_POINTS)
        faults_add(faults, PROBLEM_TOO_LONG, NOTE_POINTS, "/note");
    else if (!*out->note && (wanted == WANTED_COUNTED || wanted == WANTED_HELD))
        faults_add(faults, PROBLEM_REQUIRED, 0, "/note");
}

static void typed_read(const struct request *request, struct typed *out, struct faults *faults)
{
    *out = (struct typed){.before = form_text(&request->form, "/before"),
                          .wanted = form_text(&request->form, "/wanted"),
                          .reason = form_text(&request->form, "/reason")};
    enum wanted wanted = wanted_find(out->wanted);
    out->state = wanted == WANTED_STATES ? NULL : state_names[wanted];
    if (wanted == WANTED_STATES)
        faults_add(faults, *out->wanted ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/wanted");
    else if (wanted == WANTED_SET_ASIDE && set_aside_find(out->reason) == SET_ASIDE_REASONS)
        faults_add(faults, *out->reason ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/reason");
    else if (wanted != WANTED_SET_ASIDE && *out->reason)
        faults_add(faults, PROBLEM_MUST_BE_EMPTY, 0, "/reason");
    note_read(request, wanted, out, faults);
    if (!faults->count && !is_state(out->before))
        faults_add(faults, PROBLEM_STATE_CHANGED, 0, "/wanted");
}

/* True: it is proposed, and the reply set. False: a fault was added, or a problem set. */
static bool propose(struct request *request, const struct state_facts *facts,
                    const struct typed *typed, struct faults *faults)
{
    struct params params = {0};
    struct rows rows = {0};
    bool done = false;
    params_int4(&params, request->official->id);
    params_int4(&params, request->official->consultation_id);
    params_text(&params, facts->number);
    params_text(&params, typed->before);
    params_text(&params, typed->state);
    params_text(&params, *typed->reason ? typed->reason : NULL);
    params_text(&params, *typed->note ? typed->note : NULL);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_OFFICIAL_STATE_PROPOSE, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        done = outcome && strcmp(outcome, "done") == 0;
        if (done) {
            char tail[STATE_REST], rest[STATE_REST];
            snprintf(tail, sizeof tail, "/proposals/%s?done=proposed", row_text(&rows, 0, 1));
            state_rest(request, tail, rest);
            desk_redirect(request, rest);
        } else {
            faults_add(faults, desk_outcome(outcome), 0, "/wanted");
        }
    }
    rows_clear(&rows);
    return done;
}

enum handled submission_state_form(struct request *request)
{
    struct state_facts facts;
    struct typed typed;
    struct faults faults = {0};
    if (!state_facts_read(request, request_part(request, "number"), &facts))
        return HANDLED;
    typed_read(request, &typed, &faults);
    if (faults.count || (!propose(request, &facts, &typed, &faults) && faults.count))
        state_show(request, &facts, &typed, &faults);
    free(typed.note);
    return HANDLED;
}
