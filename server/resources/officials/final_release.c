/* The final release: what it fixes for ever and what still waits is said first, then it is made. */
#include "http/reply.h"
#include "publish/release.h"
#include "represent/wording.h"
#include "resources/officials/publication.h"
#include "resources/routes.h"
#include "service.h"

#include <string.h>

/* A recount of a million submissions takes half a minute. */
enum { FINAL_MS = 300000 };

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

static void check_show(struct request *request, const struct publication_state *state, int status,
                       const struct faults *faults)
{
    static const struct faults none = {0};
    publication_show(
        request, "/final-release",
        &(struct desk_page){
            .status = status,
            .template = "official_final_release",
            .title_key = "publication.final",
            .rest = "/final-release", /* nothing is typed that a reply could lose */
            .faults = faults,
            .page = json_pack("{s:o, s:o, s:o}", "waiting", waiting_view(request, state), "error",
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

enum handled final_release_page(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    if (consultation && publication_read(request, &state) && is_due(request, &state))
        check_show(request, &state, 200, NULL);
    consultation_release(consultation);
    return HANDLED;
}

/* What is final must add up. False: a problem is set. */
static bool adds_up(struct request *request, struct db *db)
{
    struct params params = {0};
    struct rows rows = {0};
    params_int4(&params, request->official->consultation_id);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_FINAL_RELEASE_AGREES, &params, &rows);
    bool agrees = status == DB_OK && row_bool(&rows, 0, 0);
    if (status != DB_OK)
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
    else if (!agrees)
        reply_problem(request, PROBLEM_TALLIES_DIFFER, NULL);
    params_clear(&params);
    rows_clear(&rows);
    return agrees;
}

static void release_on(struct request *request, const struct consultation *consultation,
                       struct db *db)
{
    struct release_made made;
    if (!adds_up(request, db))
        return;
    switch (release_make_final(db, consultation, request->official->id, request->official->network,
                               &made)) {
    case RELEASE_MADE:
        publication_done(request, "final-release");
        break;
    case RELEASE_NOT_DUE:
        reply_problem(request, desk_outcome(made.refusal), NULL);
        break;
    case RELEASE_FAILED:
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
        break;
    }
}

/* On a connection of its own, on which a statement may take longer than anybody else's may. */
static void release_do(struct request *request, const struct consultation *consultation)
{
    struct db *db =
        db_new(service_of(request)->settings.database, DB_OFFICIAL, "consultation-final");
    if (db) {
        db_set_timeout(db, FINAL_MS);
        release_on(request, consultation, db);
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    db_free(db);
}

enum handled final_release_form(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    struct faults faults = {0};
    if (consultation && publication_read(request, &state) && is_due(request, &state)) {
        json_t *waiting = waiting_view(request, &state);
        if (json_is_object(waiting) && strcmp(form_text(&request->form, "/sure"), "yes") != 0)
            faults_add(&faults, PROBLEM_NOT_SURE, 0, "/sure");
        json_decref(waiting);
        if (faults.count)
            check_show(request, &state, problem_status(PROBLEM_NOT_SURE), &faults);
        else
            release_do(request, consultation);
    }
    consultation_release(consultation);
    return HANDLED;
}
