/* A small reader of markup against a list of what is allowed; see allowed_html.h. */
#include "allowed_html.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH = 512, NAME = 32, VALUE = 16384 };

struct reading {
    const char *at;
    char open[DEPTH][NAME];
    size_t depth;
    char *ids; /* each between two line ends */
    size_t ids_length;
    char *error;
    size_t error_size;
};

static const char *const elements[] = {"div", "p",  "h2", "h3",         "h4",    "h5",   "h6",
                                       "em",  "s",  "ul", "strong",     "ol",    "li",   "table",
                                       "tr",  "th", "td", "thead",      "tbody", "code", "pre",
                                       "sup", "a",  "br", "blockquote", "hr",    "bdi"};
static const struct {
    const char *element, *name;
} attributes[] = {
    {"*", "class"},      {"*", "lang"},         {"div", "dir"},      {"div", "role"},
    {"div", "tabindex"}, {"div", "aria-label"}, {"a", "aria-label"}, {"a", "href"},
    {"a", "rel"},        {"th", "scope"},       {"ol", "start"},     {"li", "id"},
    {"sup", "id"},
};

static bool wrong(struct reading *r, const char *what, const char *which)
{
    snprintf(r->error, r->error_size, "%s %s before «%.60s»", what, which, r->at);
    return false;
}

static bool is_element(const char *name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcmp(elements[i], name) == 0)
            return true;
    return false;
}

static bool is_attribute(const char *element, const char *name)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (strcmp(attributes[i].name, name) == 0 &&
            (attributes[i].element[0] == '*' || strcmp(attributes[i].element, element) == 0))
            return true;
    return false;
}

static bool read_name(struct reading *r, char name[NAME])
{
    size_t length = strspn(r->at, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length == 0 || length >= NAME)
        return wrong(r, "no name", "");
    memcpy(name, r->at, length);
    name[length] = '\0';
    r->at += length;
    return true;
}

static bool is_good_address(const char *value)
{
    for (const char *c = value; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return false;
    return value[0] == '#' || strncasecmp(value, "https://", 8) == 0 ||
           strncasecmp(value, "http://", 7) == 0 || strncasecmp(value, "mailto:", 7) == 0;
}

static bool add_id(struct reading *r, const char *id)
{
    char key[NAME * 8];
    if (strlen(id) > NAME * 7)
        return false;
    snprintf(key, sizeof key, "\n%.*s\n", NAME * 7, id);
    if (r->ids && strstr(r->ids, key))
        return wrong(r, "twice the id", id);
    char *more = realloc(r->ids, r->ids_length + strlen(key) + 1);
    if (!more)
        abort();
    r->ids = more;
    memcpy(more + r->ids_length, key, strlen(key) + 1);
    r->ids_length += strlen(key);
    return true;
}

static bool read_attribute(struct reading *r, const char *element, bool *rel)
{
    char name[NAME], value[VALUE];
    if (!read_name(r, name) || strncmp(r->at, "=\"", 2) != 0)
        return wrong(r, "no value of", name);
    r->at += 2;
    size_t length = strcspn(r->at, "\"");
    if (length >= sizeof value || memchr(r->at, '<', length) || memchr(r->at, '>', length))
        return wrong(r, "no good value of", name);
    memcpy(value, r->at, length);
    value[length] = '\0';
    r->at += length;
    if (*r->at != '"' || !is_attribute(element, name))
        return wrong(r, "attribute", name);
    r->at++;
    bool local = strcmp(name, "href") == 0 && value[0] == '#';
    *rel |= local || (strcmp(name, "rel") == 0 && strcmp(value, "nofollow noopener") == 0);
    if (strcmp(name, "href") == 0 && !is_good_address(value))
        return wrong(r, "address", value);
    return strcmp(name, "id") != 0 || add_id(r, value);
}

static bool is_open(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->depth; i++)
        if (strcmp(r->open[i], name) == 0)
            return true;
    return false;
}

static bool read_opening(struct reading *r)
{
    char name[NAME];
    bool rel = false;
    if (!read_name(r, name))
        return false;
    if (!is_element(name) || (strcmp(name, "a") == 0 && is_open(r, "a")))
        return wrong(r, "element", name);
    if (strcmp(name, "p") == 0 && is_open(r, "p"))
        return wrong(r, "paragraph in a paragraph", "");
    while (*r->at == ' ') {
        r->at++;
        if (!read_attribute(r, name, &rel))
            return false;
    }
    if (*r->at != '>' || (strcmp(name, "a") == 0 && !rel))
        return wrong(r, "end of", name);
    r->at++;
    if (strcmp(name, "br") == 0 || strcmp(name, "hr") == 0)
        return true;
    if (r->depth == DEPTH)
        return wrong(r, "too deep", name);
    snprintf(r->open[r->depth++], NAME, "%s", name);
    return true;
}

static bool read_closing(struct reading *r)
{
    char name[NAME];
    if (!read_name(r, name) || *r->at != '>' || r->depth == 0 ||
        strcmp(r->open[r->depth - 1], name) != 0)
        return wrong(r, "closing", "");
    r->at++;
    r->depth--;
    return true;
}

/* Escaped text: no bare quotes, and the references that escaping makes. */
static bool read_text(struct reading *r)
{
    static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    while (*r->at && *r->at != '<') {
        bool known = *r->at != '&';
        for (size_t i = 0; !known && i < sizeof references / sizeof *references; i++)
            known = strncmp(r->at, references[i], strlen(references[i])) == 0;
        if (!known || *r->at == '>')
            return wrong(r, "bare", "character");
        r->at++;
    }
    return true;
}

bool allowed_html(const char *markup, char *error, size_t error_size)
{
    struct reading *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->at = markup;
    r->error = error;
    r->error_size = error_size;
    bool ok = true;
    while (ok && *r->at)
        if (r->at[0] == '<' && r->at[1] == '/') {
            r->at += 2;
            ok = read_closing(r);
        } else if (*r->at == '<') {
            r->at++;
            ok = read_opening(r);
        } else {
            ok = read_text(r);
        }
    if (ok && r->depth)
        ok = wrong(r, "open", r->open[r->depth - 1]);
    free(r->ids);
    free(r);
    return ok;
}
