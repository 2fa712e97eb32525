/* The questions that a consultation invites answers to. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/routes.h"

enum handled question_list(struct request *request)
{
    struct consultation *c = consultation_of(request, 0);
    if (!c)
        return HANDLED;
    json_t *list = json_array();
    for (size_t i = 0; i < c->question_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:i, s:s}", "code", c->questions[i].code,
                                              "version", c->questions[i].text.version, "text",
                                              c->questions[i].text.body[request->language]));
    reply_document(request,
                   consultation_data(request, c,
                                     json_pack("{s:s, s:o}", "language",
                                               language_tag(request->language), "questions", list),
                                     ""));
    consultation_release(c);
    return HANDLED;
}
