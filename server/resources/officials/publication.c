/* The page from which publishers see to a consultation's window, wording and last figures: how it
 * stands, what can be done now, what cannot and why, and what was done. */
#include "resources/officials/publication.h"

#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64 };
enum {
    STATE_NOW,
    STATE_COMPLETE,
    STATE_OPENS,
    STATE_CLOSES,
    STATE_GRACE,
    STATE_ENTRY,
    STATE_FINAL,
    STATE_RELEASES,
    STATE_HELD,
    STATE_UNMODERATED,
    STATE_FINAL_FROM,
    STATE_PROPOSALS
};
enum { ACT_AT, ACT_WHO, ACT_OFFICIAL, ACT_ACTION, ACT_CLOSES, ACT_TEXT, ACT_TEXTS };

static enum publication_stage stage_of(const struct publication_state *state, bool complete)
{
    if (state->final_us)
        return STAGE_FINAL;
    if (!complete)
        return STAGE_DRAFT;
    if (state->now_us < state->opens_us)
        return STAGE_ANNOUNCED;
    return state->now_us < state->closes_us ? STAGE_OPEN : STAGE_CLOSED;
}

bool publication_read(struct request *request, struct publication_state *out)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = (struct publication_state){0};
    params_int4(&params, request->official->consultation_id);
    params_int4(&params, UNMODERATED_MOST);
    bool ok = desk_run(request, STATEMENT_PUBLICATION_STATE, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    }
    if (ok) {
        *out = (struct publication_state){
            .now_us = row_time(&rows, 0, STATE_NOW),
            .opens_us = row_time(&rows, 0, STATE_OPENS),
            .closes_us = row_time(&rows, 0, STATE_CLOSES),
            .grace_us = row_time(&rows, 0, STATE_GRACE),
            .entry_us = row_time(&rows, 0, STATE_ENTRY),
            .final_us = row_is_null(&rows, 0, STATE_FINAL) ? 0 : row_time(&rows, 0, STATE_FINAL),
            .releases = (int)row_int(&rows, 0, STATE_RELEASES),
            .held = row_int(&rows, 0, STATE_HELD),
            .unmoderated = row_int(&rows, 0, STATE_UNMODERATED),
            .final_from_us = row_time(&rows, 0, STATE_FINAL_FROM),
            .proposals = row_int(&rows, 0, STATE_PROPOSALS),
        };
        out->stage = stage_of(out, row_bool(&rows, 0, STATE_COMPLETE));
    }
    rows_clear(&rows);
    return ok;
}

struct consultation *publication_consultation(struct request *request)
{
    struct consultation *consultation =
        catalogue_find_any(service_of(request)->catalogue, request_part(request, "slug"));
    if (!consultation)
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return consultation;
}

void publication_rest(const struct request *request, const char *rest, char out[PUBLICATION_REST])
{
    snprintf(out, PUBLICATION_REST, "/consultations/%s/publication%s",
             request_part(request, "slug"), rest);
}

void publication_show(struct request *request, const char *rest, const struct desk_page *page)
{
    char back[PUBLICATION_REST], action[PUBLICATION_REST];
    struct desk_page own = *page;
    bool is_reply = strcmp(request->method, "POST") == 0;
    publication_rest(request, "", back);
    publication_rest(request, rest, action);
    own.rest = is_reply && !page->rest ? NULL : action;
    json_t *more = json_pack("{s:o, s:o}", "back", desk_address(request, back), "action",
                             desk_address(request, action));
    json_object_update(own.page, more);
    json_decref(more);
    reply_document(request, desk_document(request, &own));
}

void publication_done(struct request *request, const char *done)
{
    char rest[PUBLICATION_REST], query[KEY];
    catalogue_wake(service_of(request)->catalogue);
    snprintf(query, sizeof query, "?done=%s", done);
    publication_rest(request, query, rest);
    desk_redirect(request, rest);
}

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static json_t *moment(const struct request *request, enum moment kind, int64_t utc_us)
{
    return wording_moment(service_of(request)->pages, request->language, kind, utc_us);
}

/* Texts that are missing: {list: [{key, language}]}, or null. False: a problem is set. */
static bool missing_view(struct request *request, json_t **out)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = json_null();
    params_int4(&params, request->official->consultation_id);
    bool ok = desk_run(request, STATEMENT_PUBLICATION_MISSING, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++) {
        char key[KEY];
        snprintf(key, sizeof key, "language.%s",
                 language_tag((enum language)row_int(&rows, row, 1)));
        json_array_append_new(list, json_pack("{s:s, s:o}", "key", row_text(&rows, row, 0),
                                              "language", words(request, key)));
    }
    if (json_array_size(list))
        *out = json_pack("{s:O}", "list", list);
    json_decref(list);
    rows_clear(&rows);
    return ok;
}

/* [{at, who, command, what, closes, text, others}], null where there is none. False: a problem is
 * set. */
static bool acts_view(struct request *request, json_t **out)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = json_null();
    params_int4(&params, request->official->consultation_id);
    bool ok = desk_run(request, STATEMENT_PUBLICATION_ACTS, &params, &rows);
    json_t *list = json_array();
    for (int row = 0; ok && row < rows_count(&rows); row++) {
        int64_t texts = row_int(&rows, row, ACT_TEXTS);
        json_array_append_new(
            list,
            json_pack("{s:o, s:s, s:b, s:o, s:o, s:s?, s:o}", "at",
                      moment(request, MOMENT_MINUTE, row_time(&rows, row, ACT_AT)), "who",
                      row_text(&rows, row, ACT_WHO), "command", !row_bool(&rows, row, ACT_OFFICIAL),
                      "what", desk_act(request, row_text(&rows, row, ACT_ACTION)), "closes",
                      row_is_null(&rows, row, ACT_CLOSES)
                          ? json_null()
                          : moment(request, MOMENT_END, row_time(&rows, row, ACT_CLOSES)),
                      "text", row_text(&rows, row, ACT_TEXT), "others",
                      texts > 1 ? wording_count(texts - 1) : json_null()));
    }
    if (json_array_size(list))
        *out = json_pack("{s:O}", "list", list);
    json_decref(list);
    rows_clear(&rows);
    return ok;
}

static const char *const stage_keys[] = {[STAGE_DRAFT] = "publication.draft",
                                         [STAGE_ANNOUNCED] = "publication.announced",
                                         [STAGE_OPEN] = "publication.open",
                                         [STAGE_CLOSED] = "publication.closed",
                                         [STAGE_FINAL] = "publication.is-final"};

/* What may be done at which stage; NULL for why: it may be done. */
static const struct act {
    const char *rest, *heading_key, *lead_key;
    const char *why_keys[STAGE_FINAL + 1];
} acts[] = {
    {"/window",
     "publication.set-window",
     "publication.set-window-lead",
     {[STAGE_OPEN] = "publication.why-opened",
      [STAGE_CLOSED] = "publication.why-opened",
      [STAGE_FINAL] = "publication.why-opened"}},
    {"/window",
     "publication.extend",
     "publication.extend-lead",
     {"publication.why-not-open", "publication.why-not-open", NULL, "publication.why-closed",
      "publication.why-closed"}},
    {"/texts",
     "publication.correct",
     "publication.correct-lead",
     {"publication.why-imported", "publication.why-imported"}},
    {"/final-release",
     "publication.final",
     "publication.final-lead",
     {"publication.why-not-open", "publication.why-not-open", "publication.why-open", NULL,
      "publication.why-final"}},
};

/* [{heading, href and lead | why}]. New reference. */
static json_t *acts_possible(const struct request *request, enum publication_stage stage)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        const char *why = acts[i].why_keys[stage];
        char rest[PUBLICATION_REST];
        publication_rest(request, acts[i].rest, rest);
        json_t *item = json_pack("{s:o}", "heading", words(request, acts[i].heading_key));
        json_object_set_new(item, why ? "why" : "href",
                            why ? words(request, why) : desk_address(request, rest));
        if (!why)
            json_object_set_new(item, "lead", words(request, acts[i].lead_key));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *state_view(const struct request *request, const struct consultation *consultation,
                          const struct publication_state *state)
{
    json_t *view = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "label", words(request, stage_keys[state->stage]),
        "opens", moment(request, MOMENT_MINUTE, state->opens_us), "closes",
        moment(request, MOMENT_END, state->closes_us), "entry",
        moment(request, MOMENT_END, state->entry_us), "final",
        state->final_us ? moment(request, MOMENT_MINUTE, state->final_us) : json_null(), "releases",
        wording_count(state->releases), "releases_json",
        state->releases ? json_sprintf("/v1/consultations/%s/releases", consultation->slug)
                        : json_null());
    if (consultation->publication.after_close)
        json_object_set_new(view, "after_close", json_true());
    char preview[PUBLICATION_REST];
    snprintf(preview, sizeof preview, "/consultations/%s/preview", consultation->slug);
    if (state->stage < STAGE_OPEN)
        json_object_set_new(view, "preview", desk_address(request, preview));
    if (state->stage != STAGE_DRAFT)
        json_object_set_new(view, "public", consultation_address(request, consultation, ""));
    return view;
}

/* What was just done, in words; null for a word that is none of ours. New reference. */
static json_t *done_view(const struct request *request)
{
    static const char *const done[][2] = {
        {"window", "publication.done-window"},
        {"extension", "publication.done-extension"},
        {"final-release", "publication.done-final"},
        {"correction", "publication.done-correction"},
    };
    const char *word = request_query(request, "done");
    for (size_t i = 0; word && i < sizeof done / sizeof *done; i++)
        if (strcmp(word, done[i][0]) == 0)
            return words(request, done[i][1]);
    return json_null();
}

static void publication_fill(struct request *request, const struct consultation *consultation)
{
    struct publication_state state;
    json_t *missing = NULL, *history = NULL;
    if (publication_read(request, &state) && missing_view(request, &missing) &&
        acts_view(request, &history)) {
        json_t *page = json_pack("{s:o, s:O, s:o, s:O, s:o}", "state",
                                 state_view(request, consultation, &state), "missing", missing,
                                 "possible", acts_possible(request, state.stage), "acts", history,
                                 "done", done_view(request));
        json_t *extensions = extensions_view(request, consultation);
        if (extensions)
            json_object_set_new(page, "extensions", extensions);
        publication_show(request, "",
                         &(struct desk_page){.status = 200,
                                             .template = "official_publication",
                                             .title_key = "publication.title",
                                             .page = page});
    }
    json_decref(missing);
    json_decref(history);
}

enum handled publication_page(struct request *request)
{
    struct consultation *consultation = publication_consultation(request);
    if (consultation)
        publication_fill(request, consultation);
    consultation_release(consultation);
    return HANDLED;
}
