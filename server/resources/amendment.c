/* A new submission in the place of an earlier one, for the holder of its code: as JSON, and by the
 * same steps as the first, which hold what it said. */
#include "http/reply.h"
#include "resources/holder.h"
#include "resources/journey.h"
#include "resources/routes.h"
#include "resources/submission_json.h"

enum handled amendment_post(struct request *request)
{
    struct stored stored;
    enum handled handled = HANDLED;
    if (submission_held(request, &stored))
        handled = submission_take(request, stored.consultation, &stored);
    stored_clear(&stored);
    return handled;
}

static void amendment_begin(struct request *request, const struct stored *stored, const char *go)
{
    struct place place = {0};
    struct journey journey;
    if (go)
        place_find(stored->consultation, go, &place);
    if (journey_amend(request, stored, place.measure, &journey)) {
        bool open = journey_time(&journey) == JOURNEY_OPEN;
        reply_document(request,
                       journey_document(&journey, open ? 200 : problem_status(PROBLEM_CLOSED)));
    } else {
        reply_problem(request, PROBLEM_INTERNAL, NULL);
    }
    journey_clear(&journey);
}

enum handled amendment_form(struct request *request)
{
    struct form form = {0};
    struct stored stored;
    if (holder_open(request, &form, &stored)) {
        if (stored.withdrawn || stored.superseded)
            reply_problem(request, stored.withdrawn ? PROBLEM_WITHDRAWN : PROBLEM_SUPERSEDED, NULL);
        else
            amendment_begin(request, &stored, form_value(&form, "/go"));
    }
    stored_clear(&stored);
    form_clear(&form);
    return HANDLED;
}
