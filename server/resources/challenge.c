/* Asking for a code or a sign-in that proves an identity, as JSON. The reply is the same whoever
 * asks about whom: nothing of it tells whether somebody took part, or whether the mailbox exists.
 */
#include "http/reply.h"
#include "resources/asking.h"
#include "resources/body.h"
#include "resources/consultation_view.h"
#include "resources/renewing.h"
#include "resources/routes.h"
#include "resources/sending.h"
#include "resources/sign_in.h"

#include <stdio.h>
#include <stdlib.h>

/* The address to sign in at, of a challenge that awaits it. False: there is none. */
static bool sign_in_say(const struct request *request, json_t *model)
{
    const struct asking *asking = asking_of(request);
    struct buf address = {0};
    if (asking->challenge.identity_kind != IDENTITY_OPENID)
        return true;
    bool ok = sign_in_address(service_of(request), asking->consultation, asking->challenge.language,
                              &asking->id, &address) &&
              json_object_set_new(model, "sign_in", json_string(address.data)) == 0;
    buf_clear(&address);
    return ok;
}

/* On the HTTP thread, once the letter waits to be sent, or the sign-in is awaited. */
static enum handled challenge_asked(struct request *request)
{
    const struct asking *asking = asking_of(request);
    if (asking->problem != PROBLEM_NONE) {
        sending_retry_header(request, asking->problem, asking->retry_s);
        reply_problem(request, asking->problem, "/identity");
        return HANDLED;
    }
    char id[UUID_TEXT + 1], expires[RFC3339_TEXT];
    format_uuid(&asking->id, id);
    format_time(asking->expires_us, expires);
    struct document *document = document_new(202, request->language);
    if (document) {
        json_object_set_new(document->model, "challenge", json_string(id));
        json_object_set_new(document->model, "expires_at", json_string(expires));
    }
    if (document && !sign_in_say(request, document->model)) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}

static bool challenge_check(struct request *request, struct asking *asking, json_t *input)
{
    const struct identity_key *key =
        keys_identity_of(service_of(request)->keys, asking->consultation);
    struct faults *faults = calloc(1, sizeof *faults);
    bool ok = false;
    if (!faults || !key)
        reply_problem(request, key ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE, NULL);
    else if (!(ok = challenge_read(asking->consultation, key, input, request->language,
                                   &asking->challenge, faults)))
        reply_faults(request, PROBLEM_INVALID, faults);
    free(faults);
    return ok;
}

/* `renews`: number of the receipt whose lost code is to be renewed, or "". */
static enum handled challenge_take(struct request *request, struct consultation *consultation,
                                   const char *renews)
{
    struct asking *asking = asking_new(request, consultation);
    if (!asking) {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
        return HANDLED;
    }
    snprintf(asking->renews, sizeof asking->renews, "%s", renews);
    json_t *input = body_json(request);
    if (!input)
        return HANDLED;
    bool ok = challenge_check(request, asking, input);
    json_decref(input);
    if (!ok)
        return HANDLED;
    return asking_send(asking, challenge_asked) == HANDLED_LATER ? HANDLED_LATER
                                                                 : challenge_asked(request);
}

enum handled challenge_post(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 0);
    if (!consultation)
        return HANDLED;
    enum handled handled = challenge_take(request, consultation, "");
    consultation_release(consultation);
    return handled;
}

enum handled challenge_post_renewal(struct request *request)
{
    struct receipt receipt;
    struct consultation *consultation = renewing_consultation(request, &receipt);
    if (!consultation)
        return HANDLED;
    enum handled handled = challenge_take(request, consultation, receipt.number);
    consultation_release(consultation);
    return handled;
}
