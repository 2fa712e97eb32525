/* Problems as RFC 9457 documents, in the reader's language. */
#include "http/reply.h"
#include "http/state.h"
#include "represent/page.h"

#include <stdio.h>

/* problem.<code>.<part> of the strings; the code itself where there are none. `context`: values
 * named in the words. */
static json_t *problem_words(const struct request *request, enum problem_code code,
                             const char *part, json_t *context)
{
    const struct pages *pages = request->http->daemon->options.pages;
    const char *slug = problem_slug(code);
    char key[64];
    struct buf words = {0};
    snprintf(key, sizeof key, "problem.%s.%s", slug, part);
    bool said =
        pages && pages_string(pages, request->language, key, context, &words) && buf_ok(&words);
    json_t *value =
        said ? json_stringn(words.data ? words.data : "", words.length) : json_string(slug);
    buf_clear(&words);
    return value;
}

static json_t *problem_fault(const struct request *request, const struct fault *fault)
{
    json_t *limit = fault->limit ? json_pack("{s:I}", "limit", (json_int_t)fault->limit) : NULL;
    json_t *words = problem_words(request, fault->code, "detail", limit);
    json_t *error = json_pack("{s:s, s:s, s:o}", "code", problem_slug(fault->code), "pointer",
                              fault->pointer, "detail", words);
    if (error && limit)
        json_object_update(error, limit);
    json_decref(limit);
    return error;
}

static json_t *problem_errors(const struct request *request, const struct faults *faults)
{
    json_t *errors = json_array();
    for (size_t i = 0; i < faults->count; i++)
        json_array_append_new(errors, problem_fault(request, &faults->list[i]));
    return errors;
}

json_t *problem_document(const struct request *request, enum problem_code code, const char *field,
                         const struct faults *faults)
{
    const char *slug = problem_slug(code);
    json_t *problem =
        json_pack("{s:o, s:o, s:i, s:o, s:s}", "type", json_sprintf("/problems/%s", slug), "title",
                  problem_words(request, code, "title", NULL), "status", problem_status(code),
                  "detail", problem_words(request, code, "detail", NULL), "code", slug);
    if (problem)
        json_object_set_new(problem, "instance", json_string(request->id));
    if (problem && field)
        json_object_set_new(problem, "field", json_string(field));
    if (problem && faults)
        json_object_set_new(problem, "errors", problem_errors(request, faults));
    return problem;
}
