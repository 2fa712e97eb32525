/* The one-time code after the password, or a recovery code in its place. */
#include "access/totp.h"
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "resources/officials/gate.h"
#include "resources/routes.h"
#include "service.h"

#include <sodium.h>
#include <string.h>

enum { ID, SEALED, MASTER, STEP };

static struct document *code_document(struct request *request, enum problem_code problem)
{
    struct faults faults = {0};
    const struct desk_page page = {
        .status = problem == PROBLEM_NONE ? 200 : problem_status(problem),
        .template = "official_code",
        .title_key = "official.code-title",
        .rest = "/sign-in/code",
        .faults = &faults,
        .page = json_pack("{s:o}", "action", desk_address(request, "/sign-in/code")),
    };
    if (problem != PROBLEM_NONE)
        faults_add(&faults, problem, 0, "/code");
    return desk_document(request, &page);
}

enum handled second_factor_page(struct request *request)
{
    reply_document(request, code_document(request, PROBLEM_NONE));
    return HANDLED;
}

/* The step of the typed code; 0: it is wrong, or was used. False: a problem is set. */
static bool step_find(struct request *request, const char *typed, int64_t *step)
{
    const struct service *service = service_of(request);
    struct totp_secret secret;
    struct params params = {0};
    struct rows rows = {0};
    size_t length = 0;
    *step = 0;
    params_bytes(&params, request->official->session.bytes, DIGEST_BYTES);
    bool ok = desk_run(request, STATEMENT_OFFICIAL_SECRET, &params, &rows);
    if (ok && rows_count(&rows) == 1) {
        const void *sealed = row_bytes(&rows, 0, SEALED, &length);
        int64_t found = 0;
        if (totp_open(service->keys, (int)row_int(&rows, 0, MASTER), (int32_t)row_int(&rows, 0, ID),
                      sealed, length, &secret) &&
            totp_is(&secret, clock_utc_us(service->clock), row_int(&rows, 0, STEP), typed, &found))
            *step = found;
        sodium_memzero(&secret, sizeof secret);
    }
    rows_clear(&rows);
    return ok;
}

static void code_params(const struct request *request, const struct digest *next, int64_t step,
                        const struct digest *recovery, struct params *params)
{
    const struct service *service = service_of(request);
    params_bytes(params, request->official->session.bytes, DIGEST_BYTES);
    params_bytes(params, next->bytes, DIGEST_BYTES);
    if (step)
        params_int8(params, step);
    else
        params_null(params);
    if (recovery)
        params_bytes(params, recovery->bytes, DIGEST_BYTES);
    else
        params_null(params);
    params_text(params, request->official->network);
    params_int4(params, (int32_t)service->settings.session_hours);
}

static void outcome_reply(struct request *request, const char *outcome, const char *ticket)
{
    struct sign_in_figures *figures = &service_of(request)->sign_ins;
    if (outcome && strcmp(outcome, "signed-in") == 0) {
        atomic_fetch_add(&figures->done, 1);
        gate_cookie_set(request, ticket);
        desk_redirect(request, "");
    } else if (outcome && strcmp(outcome, "sign-in-required") == 0) {
        gate_cookie_set(request, NULL);
        reply_problem(request, PROBLEM_SIGN_IN_REQUIRED, NULL);
    } else {
        atomic_fetch_add(&figures->refused, 1);
        reply_document(request, code_document(request, desk_outcome(outcome)));
    }
}

enum handled second_factor_form(struct request *request)
{
    const char *typed = form_text(&request->form, "/code");
    char ticket[TICKET_TEXT];
    struct digest next, recovery;
    struct params params = {0};
    struct rows rows = {0};
    int64_t step = 0;
    bool is_recovery = recovery_read(typed, &recovery);
    if (!is_recovery && !step_find(request, typed, &step))
        return HANDLED;
    ticket_make(service_of(request)->clock, ticket, &next);
    code_params(request, &next, step, is_recovery ? &recovery : NULL, &params);
    if (desk_run(request, STATEMENT_OFFICIAL_SECOND, &params, &rows))
        outcome_reply(request, row_text(&rows, 0, 0), ticket);
    rows_clear(&rows);
    sodium_memzero(ticket, sizeof ticket);
    return HANDLED;
}
