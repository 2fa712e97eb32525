/* Content negotiation; see negotiate.h. */
#include "http/negotiate.h"

#include <string.h>
#include <strings.h>

enum { WEIGHT_FULL = 1000 };

/* One element of a comma-separated list of tokens with parameters. */
struct element {
    const char *name;
    size_t length;
    int weight; /* thousandths */
};

static const char *skip_space(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* qvalue (RFC 9110 §12.4.2); what cannot be read is 0, that is, not acceptable. */
static int weight_read(const char *p)
{
    if (*p != '0' && *p != '1')
        return 0;
    int weight = (*p++ - '0') * WEIGHT_FULL;
    if (*p == '.') {
        p++;
        for (int unit = WEIGHT_FULL / 10; unit > 0 && *p >= '0' && *p <= '9'; unit /= 10)
            weight += (*p++ - '0') * unit;
    }
    return weight > WEIGHT_FULL ? WEIGHT_FULL : weight;
}

/* The end of a parameter or element, not fooled by a quoted string. */
static const char *skip_to(const char *p, const char *ends)
{
    bool quoted = false;
    for (; *p && (quoted || !strchr(ends, *p)); p++) {
        if (quoted && *p == '\\' && p[1])
            p++;
        else if (*p == '"')
            quoted = !quoted;
    }
    return p;
}

/* Takes the next element off *list; false at the end. Empty elements are passed over. */
static bool element_next(const char **list, struct element *out)
{
    const char *p = *list;
    while (*p == ',' || *p == ' ' || *p == '\t')
        p++;
    if (!*p)
        return false;
    *out = (struct element){.name = p, .length = strcspn(p, ";, \t"), .weight = WEIGHT_FULL};
    p = skip_to(p, ";,");
    while (*p == ';') {
        p = skip_space(p + 1);
        if ((p[0] == 'q' || p[0] == 'Q') && p[1] == '=')
            out->weight = weight_read(p + 2);
        p = skip_to(p, ";,");
    }
    *list = p;
    return true;
}

static bool element_is(const struct element *element, const char *name)
{
    return strlen(name) == element->length &&
           strncasecmp(element->name, name, element->length) == 0;
}

/* How exactly an element of Accept names a media type: 0 not at all, 1 everything, 2 by its kind, 3
 * itself. */
static int media_matches(const struct element *element, const char *type)
{
    if (element_is(element, type))
        return 3;
    const char *slash = strchr(type, '/');
    size_t kind = (size_t)(slash - type) + 1;
    if (element->length == kind + 1 && element->name[kind] == '*' &&
        strncasecmp(element->name, type, kind) == 0)
        return 2;
    return element_is(element, "*/*") ? 1 : 0;
}

/* Weight of one media type: the most exact element decides (RFC 9110 §12.5.1). */
static int media_weight(const char *accept, const char *type)
{
    struct element element;
    int best = 0, weight = 0;
    while (element_next(&accept, &element)) {
        int exact = media_matches(&element, type);
        if (exact > best) {
            best = exact;
            weight = element.weight;
        }
    }
    return weight;
}

enum representation negotiate_representation(const char *accept, unsigned offered,
                                             enum representation preferred)
{
    static const char *const types[] = {
        [REPRESENT_JSON] = "application/json",
        [REPRESENT_CSV] = "text/csv",
        [REPRESENT_PAGE] = "text/html",
    };
    if (offered & 1u << REPRESENT_BYTES)
        return REPRESENT_BYTES;
    if (!accept || strcmp(accept, "*/*") == 0)
        return preferred;
    enum representation best = REPRESENTATIONS;
    int most = 0;
    for (int r = 0; r < REPRESENT_BYTES; r++) {
        if (!(offered & 1u << r))
            continue;
        int weight = media_weight(accept, types[r]);
        if (weight > most || (weight == most && weight > 0 && r == (int)preferred)) {
            most = weight;
            best = (enum representation)r;
        }
    }
    return best;
}

const char *encoding_name(enum encoding encoding)
{
    static const char *const names[ENCODINGS] = {
        [ENCODING_GZIP] = "gzip", [ENCODING_BROTLI] = "br"};
    return names[encoding];
}

enum encoding negotiate_encoding(const char *accept_encoding)
{
    if (!accept_encoding)
        return ENCODING_IDENTITY;
    int weights[ENCODINGS] = {
        [ENCODING_IDENTITY] = 1, [ENCODING_GZIP] = -1, [ENCODING_BROTLI] = -1};
    int any = 0;
    struct element element;
    while (element_next(&accept_encoding, &element)) {
        if (element_is(&element, "br"))
            weights[ENCODING_BROTLI] = element.weight;
        else if (element_is(&element, "gzip") || element_is(&element, "x-gzip"))
            weights[ENCODING_GZIP] = element.weight;
        else if (element_is(&element, "identity"))
            weights[ENCODING_IDENTITY] = element.weight;
        else if (element_is(&element, "*"))
            any = element.weight;
    }
    enum encoding best = ENCODING_IDENTITY;
    for (int e = ENCODING_GZIP; e < ENCODINGS; e++) {
        int weight = weights[e] < 0 ? any : weights[e];
        if (weight > 0 && weight >= weights[best])
            best = (enum encoding)e;
        weights[e] = weight;
    }
    return best;
}

bool negotiate_unchanged(const char *if_none_match, const char *etag)
{
    if (!if_none_match)
        return false;
    const char *p = skip_space(if_none_match);
    if (p[0] == '*')
        return true;
    size_t length = strlen(etag);
    while (*p) {
        p += strspn(p, ", \t");
        if (p[0] == 'W' && p[1] == '/')
            p += 2;
        if (strncmp(p, etag, length) == 0)
            return true;
        p = skip_to(p, ",");
    }
    return false;
}
