/* Public pages before their time, for officials: what the public will read, marked as what it is,
 * never kept, at addresses of its own. */
#include "http/reply.h"
#include "resources/consultation_view.h"
#include "resources/officials/desk.h"
#include "resources/routes.h"
#include "service.h"

/* What has opened has nothing to be seen before. */
static bool is_before(const struct request *request, const struct consultation *consultation)
{
    int64_t now_us = clock_utc_us(service_of(request)->clock);
    return !consultation->complete || consultation_window(consultation, now_us) == WINDOW_BEFORE;
}

static enum handled preview_of(struct request *request, request_handler page)
{
    struct consultation *consultation =
        catalogue_find_any(service_of(request)->catalogue, request_part(request, "slug"));
    bool before = consultation && is_before(request, consultation);
    if (!consultation) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    } else if (!before) {
        json_t *address = consultation_address(request, consultation, "");
        reply_redirect(request, 303, json_string_value(address));
        json_decref(address);
    }
    consultation_release(consultation);
    if (!before)
        return HANDLED;
    request->preview = true;
    return page(request);
}

enum handled preview_consultation_page(struct request *request)
{
    return preview_of(request, consultation_page);
}

enum handled preview_direction_page(struct request *request)
{
    return preview_of(request, direction_page);
}

enum handled preview_measure_page(struct request *request)
{
    return preview_of(request, measure_page);
}

enum handled preview_booklet_page(struct request *request)
{
    return preview_of(request, booklet_page);
}

enum handled preview_glossary_page(struct request *request)
{
    return preview_of(request, glossary_page);
}

enum handled preview_search_page(struct request *request)
{
    return preview_of(request, search_page);
}
