/* Accepting, reading back and withdrawing what a respondent sends, as JSON. */
#include "http/reply.h"
#include "resources/body.h"
#include "resources/consultation_view.h"
#include "resources/number_letter.h"
#include "resources/proof.h"
#include "resources/receipt_view.h"
#include "resources/routes.h"
#include "resources/sending.h"
#include "resources/submission_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The header or field that a problem of the whole submission speaks of; NULL: none. */
static const char *field_of(enum problem_code problem)
{
    if (problem == PROBLEM_KEY_REUSED)
        return sending_key_header;
    if (problem == PROBLEM_PROOF_OF_WORK_WRONG || problem == PROBLEM_PROOF_OF_WORK_EXPIRED)
        return "/proof_of_work";
    return NULL;
}

/* On the HTTP thread, once the writer has answered. */
static enum handled submission_taken(struct request *request)
{
    const struct sending *sending = sending_of(request);
    const struct entry *entry = &sending->entry;
    struct faults faults;
    if (proof_faults(sending, &faults)) {
        reply_faults(request, PROBLEM_INVALID, &faults);
        return HANDLED;
    }
    if (entry->problem != PROBLEM_NONE) {
        sending_retry_header(request, entry->problem, sending->retry_s);
        reply_problem(request, entry->problem, field_of(entry->problem));
        return HANDLED;
    }
    char address[64];
    receipt_address(entry->receipt.number, address);
    reply_header(request, "Location", address);
    struct document *document = receipt_recorded(request, &entry->receipt);
    enum number_letter letter = number_letter_send(sending);
    if (document && letter != NUMBER_LETTER_NONE)
        json_object_set_new(document->model, "number_letter",
                            json_string(letter == NUMBER_LETTER_SENT ? "on-its-way" : "not-sent"));
    reply_document(request, document);
    return HANDLED;
}

/* The language of the words that were read, where the body does not say: the request's. */
static void language_complete(const struct request *request, json_t *input)
{
    if (json_is_object(input) && !json_object_get(input, "language"))
        json_object_set_new(input, "language", json_string(language_tag(request->language)));
}

static bool submission_check(struct request *request, struct sending *sending, json_t *input,
                             const struct stored *amends)
{
    const struct identity_key *key =
        keys_identity_of(service_of(request)->keys, sending->consultation);
    struct faults *faults = calloc(1, sizeof *faults);
    if (!faults || (!key && !amends)) {
        enum problem_code problem = key || amends ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE;
        sending_retry_header(request, problem, 0);
        reply_problem(request, problem, NULL);
        free(faults);
        return false;
    }
    language_complete(request, input);
    bool ok = submission_read(sending->consultation, key, input,
                              amends ? IDENTITY_OF_OTHER : IDENTITY_AS_TAKEN, &sending->submission,
                              faults);
    if (!ok)
        reply_faults(request, PROBLEM_INVALID, faults);
    free(faults);
    return ok;
}

enum handled submission_take(struct request *request, struct consultation *consultation,
                             const struct stored *amends)
{
    struct uuid key;
    enum problem_code problem = sending_key(request, &key);
    if (problem != PROBLEM_NONE) {
        reply_problem(request, problem, sending_key_header);
        return HANDLED;
    }
    json_t *input = body_json(request);
    if (!input)
        return HANDLED;
    struct sending *sending = sending_new(request, consultation);
    bool ok = sending && submission_check(request, sending, input, amends);
    if (ok) {
        sending->submission.key = key;
        sending->submission.channel = CHANNEL_API;
        sending->refusal =
            sending_prove(sending, json_string_value(json_object_get(input, "proof_of_work")));
    }
    json_decref(input);
    if (!sending)
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    if (!ok)
        return HANDLED;
    if (amends) {
        memcpy(sending->submission.supersedes, amends->receipt.number, NUMBER_TEXT + 1);
        sending->submission.supersedes_generation = amends->receipt.generation;
    }
    if (proof_send(sending, submission_taken) == HANDLED_LATER)
        return HANDLED_LATER;
    return submission_taken(request);
}

enum handled submission_post(struct request *request)
{
    struct consultation *consultation = consultation_announced(request, 0);
    if (!consultation)
        return HANDLED;
    enum handled handled = submission_take(request, consultation, NULL);
    consultation_release(consultation);
    return handled;
}

/* `Authorization: Receipt <code>` (the scheme in any case, RFC 9110 §11.1); NULL if there is none
 * such. */
static const char *code_of(const struct request *request)
{
    static const char scheme[] = "Receipt ";
    const char *header = request_header(request, "Authorization");
    if (!header || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return NULL;
    return header + sizeof scheme - 1;
}

bool submission_held(struct request *request, struct stored *out)
{
    const char *code = code_of(request);
    int retry_s = 0;
    *out = (struct stored){0};
    enum problem_code problem =
        code ? stored_open(request, request->parts[0], code, out, &retry_s) : PROBLEM_UNAUTHORIZED;
    if (problem == PROBLEM_NONE)
        return true;
    if (problem == PROBLEM_UNAUTHORIZED)
        reply_header(request, "WWW-Authenticate", "Receipt");
    sending_retry_header(request, problem, retry_s);
    reply_problem(request, problem,
                  problem == PROBLEM_UNAUTHORIZED || problem == PROBLEM_CODE_WRONG ? "Authorization"
                                                                                   : NULL);
    return false;
}

enum handled submission_get(struct request *request)
{
    struct stored stored;
    if (submission_held(request, &stored))
        reply_document(request, receipt_stored(request, &stored));
    stored_clear(&stored);
    return HANDLED;
}

static enum handled submission_withdrawn(struct request *request)
{
    const struct sending *sending = sending_of(request);
    const struct entry *entry = &sending->entry;
    enum problem_code problem = sending_withdrawn(sending);
    if (problem != PROBLEM_NONE) {
        sending_retry_header(request, problem, 0);
        reply_problem(request, problem, NULL);
        return HANDLED;
    }
    char at[RFC3339_TEXT];
    format_time(entry->withdrawn_us, at);
    struct document *document = document_new(200, request->language);
    json_t *withdrawal =
        withdrawal_document(service_of(request)->keys, &entry->receipt, entry->withdrawn_us);
    if (!document_say(document, json_pack("{s:s, s:s, s:o}", "number", entry->number,
                                          "withdrawn_at", at, "withdrawal", withdrawal))) {
        document_free(document);
        document = NULL;
    }
    reply_document(request, document);
    return HANDLED;
}

enum handled submission_delete(struct request *request)
{
    struct stored stored;
    enum handled handled = HANDLED;
    if (submission_held(request, &stored))
        handled = sending_withdraw(request, &stored, submission_withdrawn);
    stored_clear(&stored);
    return handled;
}
