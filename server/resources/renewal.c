/* A lost code renewed by proof of the identity, as JSON: the reply is one and the same word for
 * every number that the proof does not renew. */
#include "http/reply.h"
#include "resources/body.h"
#include "resources/receipt_view.h"
#include "resources/renewing.h"
#include "resources/routes.h"
#include "resources/sending.h"

#include <stdlib.h>

/* What is wrong with the proof alone is its field's. */
static bool proof_fault(enum problem_code problem, struct faults *out)
{
    bool of_code = problem == PROBLEM_PROOF_WRONG || problem == PROBLEM_PROOF_AWAITED ||
                   problem == PROBLEM_CHALLENGE_TRIES;
    *out = (struct faults){0};
    if (!of_code && problem != PROBLEM_CHALLENGE_EXPIRED)
        return false;
    faults_add(out, problem, 0, "%s", of_code ? "/proof/code" : "/proof/challenge");
    return true;
}

/* On the HTTP thread, once the clerk has judged. */
static enum handled renewal_judged(struct request *request)
{
    const struct renewing *renewing = renewing_of(request);
    struct faults faults;
    if (renewing->problem == PROBLEM_NONE) {
        struct document *document = receipt_recorded(request, &renewing->receipt);
        if (document)
            document->status = 200;
        reply_document(request, document);
    } else if (proof_fault(renewing->problem, &faults)) {
        reply_faults(request, PROBLEM_INVALID, &faults);
    } else {
        sending_retry_header(request, renewing->problem, renewing->retry_s);
        reply_problem(request, renewing->problem, NULL);
    }
    return HANDLED;
}

static bool renewal_check(struct request *request, struct renewing *renewing)
{
    enum problem_code problem = sending_key(request, &renewing->key);
    if (problem != PROBLEM_NONE) {
        reply_problem(request, problem, sending_key_header);
        return false;
    }
    json_t *input = body_json(request);
    if (!input)
        return false;
    struct faults *faults = calloc(1, sizeof *faults);
    bool ok = faults && renewal_read(renewing->consultation, input, &renewing->renewal, faults);
    if (!faults)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    else if (!ok)
        reply_faults(request, PROBLEM_INVALID, faults);
    free(faults);
    json_decref(input);
    return ok;
}

enum handled renewal_post(struct request *request)
{
    struct renewing *renewing = renewing_new(request);
    if (!renewing || !renewal_check(request, renewing))
        return HANDLED;
    return renewing_send(renewing, renewal_judged) == HANDLED_LATER ? HANDLED_LATER
                                                                    : renewal_judged(request);
}
