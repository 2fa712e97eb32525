/* The final release: what it fixes for ever and what still waits is said first, then it is made. */
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/publication.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

/* One of a few submissions is made by then; a recount of a million takes a minute, and whoever
 * asked for that looks how it stands. */
enum { AT_ONCE_MS = 2000 };

/* What waits, and would wait in vain: {held, unmoderated, proposals, entry}, each absent where
 * nothing does; null where nothing does at all. New reference. */
static json_t *waiting_view(const struct request *request, const struct publication_state *state)
{
    json_t *view = json_object();
    if (state->held)
        json_object_set_new(view, "held", wording_count(state->held));
    if (state->unmoderated)
        json_object_set_new(view, "unmoderated",
                            json_pack("{s:o, s:b}", "count", wording_count(state->unmoderated),
                                      "more", state->unmoderated >= UNMODERATED_MOST));
    if (state->proposals)
        json_object_set_new(view, "proposals", wording_count(state->proposals));
    if (state->now_us < state->entry_us)
        json_object_set_new(view, "entry",
                            wording_moment(service_of(request)->pages, request->language,
                                           MOMENT_END, state->entry_us));
    if (json_object_size(view))
        return view;
    json_decref(view);
    return json_null();
}

/* How the one that was asked for stands: {state, tag, going, made, why, started}, or null. New
 * reference. */
static json_t *making_view(const struct request *request, const struct final_view *view)
{
    static const struct {
        const char *key, *tag;
    } states[] = {[FINAL_GOING] = {"publication.making", "yellow"},
                  [FINAL_MADE] = {"publication.made", "green"},
                  [FINAL_REFUSED] = {"publication.not-made", "red"}};
    const struct pages *pages = service_of(request)->pages;
    char key[80];
    if (view->state == FINAL_UNKNOWN)
        return json_null();
    json_t *out =
        json_pack("{s:o, s:s, s:b, s:b, s:o}", "state",
                  wording_string(pages, request->language, states[view->state].key, NULL), "tag",
                  states[view->state].tag, "going", view->state == FINAL_GOING, "made",
                  view->state == FINAL_MADE, "started",
                  wording_moment(pages, request->language, MOMENT_SECOND, view->started_us));
    if (view->state == FINAL_REFUSED) {
        snprintf(key, sizeof key, "problem.%s.detail", problem_slug(view->why));
        json_object_set_new(out, "why", wording_string(pages, request->language, key, NULL));
    }
    return out;
}

static void check_show(struct request *request, const struct publication_state *state, int status,
                       const struct faults *faults)
{
    static const struct faults none = {0};
    const struct final_view view =
        finals_view(service_of(request)->finals, request->official->consultation_id);
    publication_show(
        request, "/final-release",
        &(struct desk_page){
            .status = status,
            .template = "official_final_release",
            .title_key = "publication.final",
            .rest = "/final-release", /* nothing is typed that a reply could lose */
            .faults = faults,
            .page = json_pack("{s:o, s:o, s:o, s:o}", "making", making_view(request, &view),
                              "waiting", waiting_view(request, state), "error",
                              desk_error(request, faults ? faults : &none, "/sure"), "not_yet",
                              state->now_us < state->final_from_us
                                  ? wording_moment(service_of(request)->pages, request->language,
                                                   MOMENT_SECOND, state->final_from_us)
                                  : json_null())});
}

/* Whether it may be made at this stage; else a reply is set. What arrived in time may still be on
 * its way into the database: then the page says from when on. */
static bool is_due(struct request *request, const struct publication_state *state)
{
    if (state->stage == STAGE_FINAL)
        reply_problem(request, PROBLEM_FINAL, NULL);
    else if (state->stage != STAGE_CLOSED)
        reply_problem(request, PROBLEM_NOT_CLOSED, NULL);
    else if (state->now_us < state->final_from_us)
        check_show(request, state, problem_status(PROBLEM_NOT_SETTLED), NULL);
    else
        return true;
    return false;
}

/* Whether it is being made, or was made by whoever asks how it stands. */
static bool is_followed(const struct request *request, const struct publication_state *state)
{
    enum final_state known =
        finals_view(service_of(request)->finals, request->official->consultation_id).state;
    return known == FINAL_GOING || (known == FINAL_MADE && state->stage == STAGE_FINAL);
}

enum handled final_release_page(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    if (consultation && publication_read(request, &state) &&
        (is_followed(request, &state) || is_due(request, &state)))
        check_show(request, &state, 200, NULL);
    consultation_release(consultation);
    return HANDLED;
}

static void release_do(struct request *request, struct consultation *consultation)
{
    struct finals *finals = service_of(request)->finals;
    char rest[PUBLICATION_REST];
    if (!finals_make(finals, consultation, request->official)) {
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        return;
    }
    const struct final_view view = finals_wait(finals, consultation->id, AT_ONCE_MS);
    publication_rest(request, "/final-release", rest);
    if (view.state == FINAL_MADE)
        publication_done(request, "final-release");
    else if (view.state == FINAL_REFUSED)
        reply_problem(request, view.why, NULL);
    else
        desk_redirect(request, rest);
}

/* Whoever asks for it once more is shown how the one that is being made stands. */
static void release_answer(struct request *request, struct consultation *consultation,
                           const struct publication_state *state)
{
    struct faults faults = {0};
    json_t *waiting = waiting_view(request, state);
    if (json_is_object(waiting) && strcmp(form_text(&request->form, "/sure"), "yes") != 0)
        faults_add(&faults, PROBLEM_NOT_SURE, 0, "/sure");
    json_decref(waiting);
    if (faults.count)
        check_show(request, state, problem_status(PROBLEM_NOT_SURE), &faults);
    else
        release_do(request, consultation);
}

enum handled final_release_form(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    if (consultation && publication_read(request, &state) && is_due(request, &state))
        release_answer(request, consultation, &state);
    consultation_release(consultation);
    return HANDLED;
}
