/* What changes on a consultation, told as it happens to an official's open dashboard. */
#include "http/reply.h"
#include "resources/officials/desk.h"
#include "resources/officials/watch.h"
#include "resources/routes.h"
#include "service.h"

enum { PLACES_AGAIN_S = 60 };

enum handled official_event_feed(struct request *request)
{
    if (!watch_join(service_of(request)->watch, request, request->official->consultation_id)) {
        desk_retry(request, PLACES_AGAIN_S);
        reply_problem(request, PROBLEM_UNAVAILABLE, NULL);
    }
    return HANDLED;
}
