/* Where members of an institution begin: the consultations that it may respond to. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>

enum { CONSULTATIONS_MOST = 100 };

static json_t *consultation_card(const struct request *request,
                                 const struct consultation *consultation)
{
    char rest[128];
    snprintf(rest, sizeof rest, "/consultations/%s", consultation->slug);
    return json_pack("{s:s, s:b, s:o}", "title", consultation->title.body[request->language],
                     "rehearsal", consultation->rehearsal, "href", desk_address(request, rest));
}

/* {list: […]}, or null where there is none. A made-up institution takes part in rehearsals, any
 * other one in none: no opinion is put in a real body's mouth. */
static json_t *consultations_view(const struct request *request)
{
    struct consultation *all[CONSULTATIONS_MOST];
    size_t count = catalogue_all(service_of(request)->catalogue, all, CONSULTATIONS_MOST);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (all[i]->rehearsal == request->official->fictitious)
            json_array_append_new(list, consultation_card(request, all[i]));
        consultation_release(all[i]);
    }
    if (json_array_size(list))
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

enum handled institution_home_page(struct request *request)
{
    reply_document(request,
                   desk_document(request, &(struct desk_page){
                                              .status = 200,
                                              .template = "institution_home",
                                              .title_key = "institution.home",
                                              .rest = "",
                                              .page = json_pack("{s:o}", "consultations",
                                                                consultations_view(request)),
                                          }));
    return HANDLED;
}
