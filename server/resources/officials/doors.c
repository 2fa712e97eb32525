/* The way from a consultation's dashboard to all work on it; see doors.h. */
#include "resources/officials/doors.h"

#include "represent/wording.h"
#include "resources/officials/moderation.h"
#include "resources/officials/responses.h"
#include "resources/officials/state_view.h"
#include "service.h"

enum { WAITING_MOST = 99 }; /* more are said as "99+" */

#define MAY(role) (1u << ROLE_##role)

/* In the order of the page. */
static const struct door {
    unsigned roles;   /* any of them opens it */
    const char *rest; /* after the consultation's address */
    const char *label;
    bool (*waiting)(struct request *request, int most, int *count); /* NULL: nothing waits there */
} doors[] = {
    {MAY(CLERK), "/entries/new", "entry.title", NULL},
    {MAY(CLERK), "/entries", "entry.list", NULL},
    {MAY(ANALYST), "/submissions", "reading.door", NULL},
    {MAY(MODERATOR), "/remarks", "moderation.title", moderation_waiting},
    {MAY(ANALYST) | MAY(PUBLISHER), "/proposals", "proposal.list-title", state_waiting},
    {MAY(ANALYST), "/held", "held.title", NULL},
    {MAY(ANALYST), "/exports", "export.door", NULL},
    {MAY(ANALYST) | MAY(PUBLISHER), "/responses", "response.list", responses_waiting},
    {MAY(PUBLISHER), "/publication", "publication.title", NULL},
};

static json_t *waiting_text(int count)
{
    if (count == 0)
        return json_null();
    return count > WAITING_MOST ? json_sprintf("%d+", (int)WAITING_MOST) : wording_count(count);
}

json_t *doors_view(struct request *request)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        int count = 0;
        if (!(doors[i].roles & request->official->roles))
            continue;
        if (doors[i].waiting && !doors[i].waiting(request, WAITING_MOST + 1, &count)) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "label",
                                        wording_string(service_of(request)->pages,
                                                       request->language, doors[i].label, NULL),
                                        "href", state_address(request, doors[i].rest), "waiting",
                                        waiting_text(count)));
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}
