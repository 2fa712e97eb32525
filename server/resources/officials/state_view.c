/* What officials see of a submission whose state they decide on; see state_view.h. */
#include "resources/officials/state_view.h"

#include "domain/set_aside.h"
#include "domain/submission.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64 };
enum {
    STATE,
    REASON,
    ARRIVED_AT,
    KIND,
    PROVEN,
    LANGUAGE,
    CHANNEL,
    IDENTIFIED,
    OTHER_COUNTED,
    FINAL
};

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

void state_rest(const struct request *request, const char *rest, char out[STATE_REST])
{
    snprintf(out, STATE_REST, "/consultations/%s%s", request_part(request, "slug"), rest);
}

json_t *state_address(const struct request *request, const char *rest)
{
    char whole[STATE_REST];
    state_rest(request, rest, whole);
    return desk_address(request, whole);
}

bool state_facts_read(struct request *request, const char *number, struct state_facts *out)
{
    struct params params = {0};
    struct rows rows = {0};
    *out = (struct state_facts){0};
    if (!number_read(number, out->number)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    params_int4(&params, request->official->consultation_id);
    params_text(&params, out->number);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_STATE_FACTS, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    }
    if (ok) {
        const char *reason = row_text(&rows, 0, REASON);
        snprintf(out->state, sizeof out->state, "%s", row_text(&rows, 0, STATE));
        snprintf(out->reason, sizeof out->reason, "%s", reason ? reason : "");
        out->arrived_us = row_time(&rows, 0, ARRIVED_AT);
        out->kind = (int)row_int(&rows, 0, KIND);
        out->proven = row_bool(&rows, 0, PROVEN);
        out->language = (int)row_int(&rows, 0, LANGUAGE);
        out->channel = (int)row_int(&rows, 0, CHANNEL);
        out->identified = row_bool(&rows, 0, IDENTIFIED);
        out->other_counted = row_bool(&rows, 0, OTHER_COUNTED);
        out->final = row_bool(&rows, 0, FINAL);
    }
    rows_clear(&rows);
    return ok;
}

json_t *state_words(const struct request *request, const char *state)
{
    char key[KEY];
    snprintf(key, sizeof key, "reconciliation.%s",
             strcmp(state, "set aside") == 0 ? "set-aside" : state);
    return words(request, key);
}

json_t *state_reason_words(const struct request *request, const char *code, const char *more)
{
    char key[KEY];
    snprintf(key, sizeof key, "set-aside.%s%s", code, more);
    return words(request, key);
}

json_t *state_facts_view(const struct request *request, const struct state_facts *facts)
{
    static const char *const channels[] = {"",        "web",    "api",      "paper",
                                           "counter", "e-mail", "telephone"};
    char kind[KEY], language[KEY], channel[KEY], rest[KEY];
    snprintf(kind, sizeof kind, "kind.%s",
             facts->kind == KIND_ORGANISATION ? "organisation" : "individual");
    snprintf(language, sizeof language, "language.%s",
             language_tag((enum language)facts->language));
    snprintf(channel, sizeof channel, "dashboard.%s",
             channels[facts->channel > 0 && facts->channel < 7 ? facts->channel : 1]);
    snprintf(rest, sizeof rest, "/submissions/%s/state", facts->number);
    bool aside = strcmp(facts->state, "set aside") == 0 &&
                 set_aside_find(facts->reason) != SET_ASIDE_REASONS;
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number", facts->number, "state",
        state_words(request, facts->state), "reason",
        aside ? state_reason_words(request, facts->reason, "") : json_null(), "arrived",
        wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                       facts->arrived_us),
        "kind", words(request, kind), "identity",
        words(request, !facts->identified ? "state.no-identity"
                       : facts->proven    ? "dashboard.proven"
                                          : "dashboard.declared"),
        "language", words(request, language), "channel", words(request, channel), "other",
        !facts->identified
            ? json_null()
            : words(request, facts->other_counted ? "state.other-counted" : "state.other-none"),
        "href", state_address(request, rest));
}

bool state_proposals_run(struct request *request, const struct proposals_wanted *wanted,
                         struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, request->official->consultation_id);
    if (wanted->id)
        params_uuid(&params, wanted->id);
    else
        params_null(&params);
    params_text(&params, wanted->number);
    if (wanted->open)
        params_bool(&params, *wanted->open);
    else
        params_null(&params);
    if (wanted->before)
        params_uuid(&params, wanted->before);
    else
        params_null(&params);
    params_int4(&params, wanted->most);
    return desk_run(request, STATEMENT_OFFICIAL_STATE_PROPOSALS, &params, rows);
}

bool state_waiting(struct request *request, int most, int *count)
{
    const bool open = true;
    struct rows rows = {0};
    bool ok = state_proposals_run(request, &(struct proposals_wanted){.open = &open, .most = most},
                                  &rows);
    *count = ok ? rows_count(&rows) : 0;
    rows_clear(&rows);
    return ok;
}

static json_t *moment(const struct request *request, const struct rows *rows, int row, int column)
{
    if (row_is_null(rows, row, column))
        return json_null();
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE,
                          row_time(rows, row, column));
}

json_t *state_proposal_view(const struct request *request, const struct rows *rows, int row)
{
    char rest[KEY], key[KEY];
    const char *outcome = row_text(rows, row, PROPOSAL_OUTCOME);
    const char *reason = row_text(rows, row, PROPOSAL_REASON);
    snprintf(rest, sizeof rest, "/proposals/%s", row_text(rows, row, PROPOSAL_ID));
    snprintf(key, sizeof key, "proposal.%s", outcome ? outcome : "");
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:s?, s:s, s:o, s:o, s:b, s:o, s:s?, s:o}",
                     "id", row_text(rows, row, PROPOSAL_ID), "href", state_address(request, rest),
                     "number", row_text(rows, row, PROPOSAL_NUMBER), "before",
                     state_words(request, row_text(rows, row, PROPOSAL_BEFORE)), "wanted",
                     state_words(request, row_text(rows, row, PROPOSAL_WANTED)), "reason",
                     reason ? state_reason_words(request, reason, "") : json_null(), "note",
                     row_text(rows, row, PROPOSAL_NOTE), "proposer",
                     row_text(rows, row, PROPOSAL_PROPOSER), "proposed",
                     moment(request, rows, row, PROPOSAL_PROPOSED_AT), "expires",
                     moment(request, rows, row, PROPOSAL_EXPIRES_AT), "waiting", outcome == NULL,
                     "outcome", outcome ? words(request, key) : json_null(), "decider",
                     row_text(rows, row, PROPOSAL_DECIDER), "decided",
                     moment(request, rows, row, PROPOSAL_DECIDED_AT));
}
