/* Challenges for programs that take part; a page brings its form's own along. */
#include "domain/proof_of_work.h"

#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"
#include "resources/sending.h"

enum handled proof_of_work_get(struct request *request)
{
    const struct service *service = service_of(request);
    struct consultation *consultation = consultation_announced(request, 0);
    if (!consultation)
        return HANDLED;
    struct uuid key;
    enum problem_code problem = sending_key(request, &key);
    if (problem != PROBLEM_NONE) {
        reply_problem(request, problem, sending_key_header);
    } else {
        json_t *challenge =
            proof_of_work_challenge(service->keys, service->clock, consultation->slug, &key,
                                    service->settings.proof_of_work_most);
        struct document *document = challenge ? document_new(200, request->language) : NULL;
        if (document)
            json_object_update(document->model, challenge);
        reply_document(request, document);
        json_decref(challenge);
    }
    consultation_release(consultation);
    return HANDLED;
}
