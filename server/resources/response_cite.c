/* How a published response is cited; see response_cite.h. */
#include "resources/response_cite.h"

#include "represent/wording.h"
#include "resources/consultation_view.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HONG_KONG_US = 8 * 3600, ADDRESS = 512 };

/* What BibTeX reads as its own is escaped. */
static void bibtex_text(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            buf_text(out, "\\textbackslash ");
        else if (strchr("{}%&#$_", *c))
            buf_format(out, "\\%c", *c);
        else
            buf_byte(out, *c);
    }
}

static json_t *bibtex_of(const struct published *published, const char *title, const char *address,
                         const char date[11])
{
    struct buf out = {0};
    buf_format(&out, "@techreport{%s-%d,\n", published->number, published->version);
    /* In braces of its own: a body has no first and last name. */
    buf_text(&out, "  author = {{");
    bibtex_text(&out, published->name);
    buf_text(&out, "}},\n  title = {");
    bibtex_text(&out, title);
    buf_text(&out, "},\n  institution = {");
    bibtex_text(&out, published->name);
    buf_format(&out, "},\n  number = {%s},\n  note = {Version %d},\n", published->number,
               published->version);
    buf_format(&out, "  year = {%.4s},\n  month = {%.2s},\n  date = {%s},\n", date, date + 5, date);
    buf_format(&out, "  url = {%s}\n}", address);
    char *bibtex = buf_take(&out, NULL);
    json_t *value = json_string(bibtex ? bibtex : "");
    free(bibtex);
    return value;
}

/* That many digits of a date that is written by us. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static json_t *csl_of(const struct published *published, const char *title, const char *address,
                      const char date[11])
{
    json_t *csl =
        json_pack("[{s:o, s:s, s:s, s:[{s:s}], s:s, s:o, s:s, s:{s:[[i, i, i]]}, s:s, s:s}]", "id",
                  json_sprintf("%s-%d", published->number, published->version), "type", "report",
                  "title", title, "author", "literal", published->name, "number", published->number,
                  "version", json_sprintf("%d", published->version), "publisher", published->name,
                  "issued", "date-parts", digits(date, 4), digits(date + 5, 2), digits(date + 8, 2),
                  "language", language_tag(published->language), "URL", address);
    char *text = csl ? json_dumps(csl, JSON_INDENT(2)) : NULL;
    json_t *value = json_string(text ? text : "");
    free(text);
    json_decref(csl);
    return value;
}

json_t *response_cite(const struct request *request, const struct consultation *consultation,
                      const struct published *published)
{
    const struct service *service = service_of(request);
    char rest[PUBLISHED_REST], address[ADDRESS], date[11];
    published_rest(published->number, published->version, rest);
    snprintf(address, sizeof address, "%s/%s/consultations/%s%s", service->base_url,
             language_tag(request->language), consultation->slug, rest);
    format_date((int32_t)((published->filed_us / 1000000 + HONG_KONG_US) / 86400), date);
    json_t *named = json_pack(
        "{s:s, s:s, s:s, s:i, s:s#, s:o, s:s, s:s}", "title",
        consultation->title.body[request->language], "name", published->name, "number",
        published->number, "version", published->version, "year", date, 4, "day",
        wording_moment(service->pages, request->language, MOMENT_DAY, published->filed_us),
        "address", address, "date", date);
    json_t *title = wording_string(service->pages, request->language, "response.title-of", named);
    const char *text = json_string_value(title);
    json_t *cite = text ? json_pack("{s:o, s:o, s:o, s:s}", "words",
                                    wording_string(service->pages, request->language,
                                                   "response.cite-words", named),
                                    "bibtex", bibtex_of(published, text, address, date), "csl",
                                    csl_of(published, text, address, date), "address", address)
                        : NULL;
    json_decref(title);
    json_decref(named);
    return cite;
}
