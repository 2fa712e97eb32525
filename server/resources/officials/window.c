/* When a consultation opens and closes: set before it opens, put off while it is open. Typed,
 * looked at, then done. */
#include "domain/window.h"

#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/publication.h"
#include "resources/officials/typed.h"
#include "resources/routes.h"
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_POINTS = 1000, SEEN = 48 };
static const int64_t latest_us = INT64_C(8000000000000000); /* after any year that is accepted */

/* What was typed, checked; moments that are not right are 0. */
struct wanted {
    int64_t opens_us, closes_us;
    struct typed_texts reasons;
};

/* Once it has opened only the close moves. */
static bool is_extension(const struct publication_state *state)
{
    return state->stage != STAGE_DRAFT && state->stage != STAGE_ANNOUNCED;
}

static void wanted_read(const struct form *form, bool extension, struct wanted *out,
                        struct faults *faults)
{
    if (!extension)
        typed_moment(form, "/opens", &out->opens_us, faults);
    typed_end(form, "/closes", &out->closes_us, faults);
    if (extension)
        typed_texts(form, "/reason", REASON_POINTS, &out->reasons, faults);
}

/* The window that a form was made for, which comes back with it. */
static void seen_text(const struct publication_state *state, char text[SEEN])
{
    snprintf(text, SEEN, "%" PRId64 " %" PRId64, state->opens_us, state->closes_us);
}

static bool seen_read(const char *text, int64_t *opens_us, int64_t *closes_us)
{
    char first[SEEN];
    size_t length = strcspn(text, " ");
    if (!text[length] || length >= sizeof first)
        return false;
    snprintf(first, sizeof first, "%.*s", (int)length, text);
    return parse_integer(first, 0, latest_us, opens_us) &&
           parse_integer(text + length + 1, 0, latest_us, closes_us);
}

static json_t *moment(const struct request *request, enum moment kind, int64_t utc_us)
{
    return wording_moment(service_of(request)->pages, request->language, kind, utc_us);
}

/* {opens, closes, seen}: as it is now. New reference. */
static json_t *present_view(const struct request *request, const struct publication_state *state)
{
    char seen[SEEN];
    seen_text(state, seen);
    return json_pack("{s:o, s:o, s:s}", "opens", moment(request, MOMENT_MINUTE, state->opens_us),
                     "closes", moment(request, MOMENT_END, state->closes_us), "seen", seen);
}

/* The form, empty or with what was typed. */
static void form_show(struct request *request, const struct publication_state *state, int status,
                      const struct form *form, const struct faults *faults)
{
    bool extension = is_extension(state);
    const struct typed_date opens = {"/opens", "publication.opens", "publication.opens-hint", true,
                                     state->opens_us};
    const struct typed_date closes = {
        "/closes", extension ? "publication.new-end" : "publication.closes",
        "publication.closes-hint", false, extension ? 0 : state->closes_us};
    json_t *page =
        json_pack("{s:o, s:b, s:o}", "present", present_view(request, state), "extension",
                  extension, "closes", typed_date_view(request, form, &closes, faults));
    if (extension)
        json_object_set_new(page, "reasons",
                            json_pack("{s:o}", "list",
                                      typed_texts_view(request, form, "/reason",
                                                       "publication.reason", NULL, faults)));
    else
        json_object_set_new(page, "opens", typed_date_view(request, form, &opens, faults));
    publication_show(request, "/window",
                     &(struct desk_page){.status = status,
                                         .template = "official_window",
                                         .title_key = extension ? "publication.extend"
                                                                : "publication.set-window",
                                         .faults = faults,
                                         .is_looked_at = true,
                                         .page = page});
}

/* What would be done, to be looked at. */
static void check_show(struct request *request, const struct publication_state *state,
                       const struct wanted *wanted)
{
    bool extension = is_extension(state);
    const char *const reasons[LANGUAGES] = {wanted->reasons.text[0], wanted->reasons.text[1],
                                            wanted->reasons.text[2]};
    json_t *page =
        json_pack("{s:o, s:b, s:o, s:o}", "present", present_view(request, state), "extension",
                  extension, "closes", moment(request, MOMENT_END, wanted->closes_us), "carried",
                  typed_carried(&request->form));
    if (extension)
        json_object_set_new(page, "reasons",
                            json_pack("{s:o}", "list",
                                      typed_texts_view(request, NULL, "/reason",
                                                       "publication.reason", reasons, NULL)));
    else
        json_object_set_new(page, "opens", moment(request, MOMENT_MINUTE, wanted->opens_us));
    publication_show(request, "/window",
                     &(struct desk_page){.status = 200,
                                         .template = "official_window_check",
                                         .title_key = extension ? "publication.check-extension"
                                                                : "publication.check-window",
                                         .is_looked_at = true,
                                         .page = page});
}

/* What the database would refuse as well, said before it is asked. */
static void wanted_judge(const struct publication_state *state, const struct wanted *wanted,
                         struct faults *faults)
{
    bool extension = is_extension(state);
    int64_t from_us = extension ? state->closes_us : wanted->opens_us;
    const int64_t year_us = 366 * WINDOW_DAY_S * INT64_C(1000000);
    if (faults->count)
        return;
    if (!extension && wanted->opens_us <= state->now_us)
        faults_add(faults, PROBLEM_DATE_PAST, 0, "/opens/day");
    else if (wanted->closes_us <= from_us)
        faults_add(faults, PROBLEM_DATE_NOT_LATER, 0, "/closes/day");
    else if (wanted->closes_us - from_us > year_us)
        faults_add(faults, PROBLEM_DATE_TOO_LATE, 0, "/closes/day");
}

/* Where a refusal of the database belongs in the form. */
static const char *refusal_pointer(enum problem_code code)
{
    return code == PROBLEM_DATE_PAST ? "/opens/day" : "/closes/day";
}

/* The database's word; NULL: a problem is set. *rows: the caller clears. */
static const char *window_do(struct request *request, bool extension, const struct wanted *wanted,
                             struct rows *rows)
{
    int64_t opened_us = 0, closed_us = 0;
    struct params params = {0};
    if (!seen_read(form_text(&request->form, "/seen"), &opened_us, &closed_us)) {
        reply_problem(request, PROBLEM_UNKNOWN_VALUE, "/seen");
        return NULL;
    }
    params_int4(&params, request->official->id);
    params_text(&params, request->official->network);
    params_int4(&params, request->official->consultation_id);
    if (!extension) {
        params_time(&params, opened_us);
        params_time(&params, closed_us);
        params_time(&params, wanted->opens_us);
        params_time(&params, wanted->closes_us);
    } else {
        params_time(&params, closed_us);
        params_time(&params, wanted->closes_us);
        array_begin(&params, ELEMENT_TEXT);
        for (int language = 0; language < LANGUAGES; language++)
            array_text(&params, wanted->reasons.text[language]);
        array_end(&params);
    }
    bool ok = desk_run(request, extension ? STATEMENT_WINDOW_EXTEND : STATEMENT_WINDOW_SET, &params,
                       rows);
    return ok ? row_text(rows, 0, 0) : NULL;
}

/* Does it, or shows the form again with why not. */
static void window_confirm(struct request *request, struct publication_state *state,
                           const struct wanted *wanted)
{
    struct rows rows = {0};
    struct faults faults = {0};
    bool extension = is_extension(state);
    const char *outcome = window_do(request, extension, wanted, &rows);
    if (outcome && strcmp(outcome, "done") == 0) {
        publication_done(request, extension ? "extension" : "window");
    } else if (outcome && publication_read(request, state)) {
        enum problem_code code = desk_outcome(outcome);
        faults_add(&faults, code, 0, "%s", refusal_pointer(code));
        form_show(request, state, problem_status(code), &request->form, &faults);
    }
    rows_clear(&rows);
}

/* Whether the window can be moved at all now; else the reply is set. */
static bool is_movable(struct request *request, const struct publication_state *state)
{
    if (state->stage < STAGE_CLOSED)
        return true;
    reply_problem(request, PROBLEM_CLOSED, NULL);
    return false;
}

enum handled window_page(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    if (consultation && publication_read(request, &state) && is_movable(request, &state))
        form_show(request, &state, 200, NULL, NULL);
    consultation_release(consultation);
    return HANDLED;
}

static void window_answer(struct request *request, struct publication_state *state)
{
    struct faults faults = {0};
    struct wanted wanted = {0};
    enum typed_go go = typed_go(&request->form);
    wanted_read(&request->form, is_extension(state), &wanted, &faults);
    wanted_judge(state, &wanted, &faults);
    if (go == TYPED_CHANGE)
        form_show(request, state, 200, &request->form, NULL);
    else if (faults.count)
        form_show(request, state, 422, &request->form, &faults);
    else if (go == TYPED_CHECK)
        check_show(request, state, &wanted);
    else
        window_confirm(request, state, &wanted);
    typed_texts_clear(&wanted.reasons);
}

enum handled window_form(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    struct publication_state state;
    if (consultation && publication_read(request, &state) && is_movable(request, &state))
        window_answer(request, &state);
    consultation_release(consultation);
    return HANDLED;
}
