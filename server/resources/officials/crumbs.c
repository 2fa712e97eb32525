/* Where an official's page lies; see crumbs.h. */
#include "resources/officials/crumbs.h"

#include "represent/frame.h"
#include "represent/wording.h"
#include "service.h"

#include <string.h>

/* Pages of a consultation that have pages under them: by their addresses after the consultation's.
 */
static const struct {
    const char *folder, *title_key;
} parts[] = {
    {"/publication", "publication.title"}, {"/submissions", "reading.title"},
    {"/remarks", "moderation.title"},      {"/proposals", "proposal.list-title"},
    {"/exports", "export.title"},          {"/entries", "entry.list"},
    {"/responses", "response.list"},
};

/* The first `length` bytes of the page's own address. */
static bool add(const struct request *request, struct document *document, json_t *label,
                size_t length)
{
    json_t *href = json_stringn(request->path, length);
    bool ok =
        label && href && page_crumb(document, json_string_value(label), json_string_value(href));
    json_decref(href);
    json_decref(label);
    return ok;
}

static json_t *words(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

static bool part_add(const struct request *request, struct document *document, const char *rest)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen(parts[i].folder);
        if (strncmp(rest, parts[i].folder, length) == 0 && rest[length] == '/')
            return add(request, document, words(request, parts[i].title_key),
                       (size_t)(rest - request->path) + length);
    }
    return true;
}

bool crumbs_add(const struct request *request, struct document *document)
{
    static const char folder[] = "/consultations/";
    const char *slug = request_part(request, "slug");
    const char *at = strstr(request->path, folder);
    if (route_side(request->route) != SIDE_OFFICIALS || !slug || !at)
        return true;
    struct consultation *consultation = catalogue_find_any(service_of(request)->catalogue, slug);
    const char *rest = at + strlen(folder) + strlen(slug);
    bool ok = add(request, document, words(request, "official.home"), (size_t)(at - request->path));
    if (ok && consultation && *rest == '/')
        ok = add(request, document, json_string(consultation->title.body[request->language]),
                 (size_t)(rest - request->path)) &&
             part_add(request, document, rest);
    consultation_release(consultation);
    return ok;
}
