/* A new submission in the place of an earlier one, for the holder of its code. */
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
