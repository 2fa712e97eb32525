/* A request's body as JSON; see body.h. */
#include "resources/body.h"

#include "http/reply.h"

json_t *body_json(struct request *request)
{
    const char *bytes = request->body.data ? request->body.data : "";
    json_t *json = json_loadb(bytes, request->body.length, JSON_REJECT_DUPLICATES, NULL);
    buf_clear(&request->body);
    if (!json)
        reply_problem(request, PROBLEM_MALFORMED, NULL);
    return json;
}
