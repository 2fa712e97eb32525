/* Path and method to a route; see router.h. */
#include "http/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const method_names[METHOD_OTHER] = {
    [METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
    [METHOD_PUT] = "PUT",         [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
    [METHOD_OPTIONS] = "OPTIONS",
};

/* One part of a pattern. */
struct piece {
    const char *text;
    size_t length;
    enum { PIECE_LITERAL, PIECE_VARIABLE, PIECE_LANGUAGE } kind;
};

struct row {
    const struct route *route;
    enum method method;
    unsigned pieces;
    struct piece piece[TARGET_SEGMENTS];
};

struct router {
    size_t count;
    struct row rows[];
};

enum method method_find(const char *name)
{
    for (int m = 0; m < METHOD_OTHER; m++)
        if (strcmp(name, method_names[m]) == 0)
            return (enum method)m;
    return strcmp(name, "TRACE") == 0 || strcmp(name, "CONNECT") == 0 ? METHOD_OTHER : METHODS;
}

static bool row_compile(struct row *row, const struct route *route)
{
    unsigned variables = 0;
    row->route = route;
    row->method = method_find(route->method);
    if (row->method >= METHOD_OTHER || route->pattern[0] != '/')
        return false;
    for (const char *p = route->pattern; p[0] == '/' && p[1];) {
        const char *text = p + 1;
        size_t length = strcspn(text, "/");
        if (row->pieces == TARGET_SEGMENTS)
            return false;
        struct piece *piece = &row->piece[row->pieces++];
        *piece = (struct piece){.text = text, .length = length};
        if (*text == '{') {
            bool language =
                length == strlen("{language}") && strncmp(text, "{language}", length) == 0;
            piece->kind = language ? PIECE_LANGUAGE : PIECE_VARIABLE;
            variables++;
        }
        p = text + length;
    }
    return variables <= PARTS_MOST;
}

static bool row_repeats(const struct router *router, size_t number)
{
    const struct route *route = router->rows[number].route;
    for (size_t i = 0; i < number; i++)
        if (strcmp(router->rows[i].route->pattern, route->pattern) == 0 &&
            strcmp(router->rows[i].route->method, route->method) == 0)
            return true;
    return false;
}

static bool pattern_has(const struct route *route, const char *part)
{
    return strstr(route->pattern, part) != NULL;
}

/* The part of the path after the language or the interface's version. */
static bool path_begins(const char *pattern, const char *first)
{
    size_t length = strlen(first);
    const char *rest = strchr(pattern + 1, '/');
    return rest && strncmp(rest + 1, first, length) == 0 &&
           (rest[1 + length] == '/' || rest[1 + length] == '\0');
}

enum route_side route_side(const struct route *route)
{
    if (path_begins(route->pattern, "institution"))
        return SIDE_INSTITUTION;
    return access_is_official(route->access) || path_begins(route->pattern, "officials")
               ? SIDE_OFFICIALS
               : SIDE_PUBLIC;
}

/* Whether the access column is one of its side's: officials' roles nowhere but on theirs, members'
 * nowhere but on theirs. Both have doors, and pages about oneself. */
static bool access_fits(const struct route *route)
{
    unsigned access = route->access;
    switch (route_side(route)) {
    case SIDE_INSTITUTION:
        return access_is_official(route->access) &&
               (!access_is_role(route->access) ||
                (access & ~(unsigned)(ACCESS_MEMBERS | ACCESS_MACHINE)) == 0);
    case SIDE_OFFICIALS:
        return access_is_official(route->access) && !access_is_institution(route->access);
    case SIDE_PUBLIC:
        break;
    }
    return !access_is_official(route->access);
}

/* Closed by default: what is under officials' and institutions' addresses is theirs, never kept,
 * runs where the gate stands, names the consultation that an official's role is on, and a form
 * carries its token. */
static bool row_is_guarded(const struct route *route)
{
    bool desk = route->run == RUN_DESK || route->run == RUN_PORTER;
    bool page = route->representations & 1u << REPRESENT_PAGE;
    bool form = page && strcmp(route->method, "GET") != 0 && route->access != ACCESS_DOOR;
    if (!access_fits(route))
        return false;
    if (route_side(route) == SIDE_PUBLIC)
        return !desk && !pattern_has(route, "/officials");
    bool somewhere = !access_is_role(route->access) || pattern_has(route, "{slug}") ||
                     access_is_institution(route->access) || route->access == ACCESS_ADMINISTRATOR;
    return desk && somewhere && route->freshness == FRESH_NEVER &&
           route->token == (form ? TOKEN_FORM : TOKEN_NONE);
}

struct router *router_new(const struct route *routes, size_t count, char *error, size_t error_size)
{
    struct router *router = calloc(1, sizeof *router + count * sizeof router->rows[0]);
    if (!router) {
        snprintf(error, error_size, "no memory for the routes");
        return NULL;
    }
    router->count = count;
    for (size_t i = 0; i < count; i++) {
        bool served = row_compile(&router->rows[i], &routes[i]) && !row_repeats(router, i);
        if (!served || !row_is_guarded(&routes[i])) {
            snprintf(error, error_size, "route %s %s %s", routes[i].method, routes[i].pattern,
                     served ? "is not guarded as its access asks"
                            : "cannot be served or stands twice");
            router_free(router);
            return NULL;
        }
    }
    return router;
}

void router_free(struct router *router)
{
    free(router);
}

static enum language language_of(const char *text, size_t length)
{
    for (int l = 0; l < LANGUAGES; l++) {
        const char *tag = language_tag((enum language)l);
        if (strlen(tag) == length && memcmp(tag, text, length) == 0)
            return (enum language)l;
    }
    return LANGUAGES;
}

/* `cut`: bytes of a suffix that the last segment is matched without. */
static bool row_matches(const struct row *row, const struct target *target, size_t cut,
                        struct match *out)
{
    if (row->pieces != target->segments)
        return false;
    unsigned parts = 0;
    out->language = LANGUAGES;
    for (unsigned i = 0; i < row->pieces; i++) {
        const struct piece *piece = &row->piece[i];
        struct segment window = target->segment[i];
        if (i + 1 == row->pieces)
            window.length = (uint16_t)(window.length - cut);
        const char *text = target->path + window.start;
        if (piece->kind == PIECE_LITERAL) {
            if (window.length != piece->length || memcmp(text, piece->text, piece->length) != 0)
                return false;
            continue;
        }
        if (window.length == 0 || window.length >= PART_TEXT)
            return false;
        if (piece->kind == PIECE_LANGUAGE &&
            (out->language = language_of(text, window.length)) == LANGUAGES)
            return false;
        out->part[parts++] = window;
    }
    out->parts = parts;
    out->path_length = target->length - cut;
    return true;
}

/* Which representation the path's last segment asks for by its end. */
static enum representation suffix_of(const struct target *target, size_t *cut)
{
    static const char *const ends[] = {[REPRESENT_JSON] = ".json", [REPRESENT_CSV] = ".csv"};
    for (size_t r = 0; r < sizeof ends / sizeof ends[0]; r++) {
        size_t length = strlen(ends[r]);
        if (target->segments && target->segments <= TARGET_SEGMENTS &&
            target->segment[target->segments - 1].length > length &&
            memcmp(target->path + target->length - length, ends[r], length) == 0) {
            *cut = length;
            return (enum representation)r;
        }
    }
    *cut = 0;
    return REPRESENTATIONS;
}

/* One walk through the table. With a suffix only routes that have that representation are looked
 * at; without, a path that ends like one belongs to routes of plain bytes alone (the names of
 * files). */
static enum routed router_walk(const struct router *router, const struct target *target,
                               enum method method, bool inner, enum representation suffix,
                               size_t cut, struct match *out)
{
    enum routed verdict = ROUTED_NOWHERE;
    for (size_t i = 0; i < router->count; i++) {
        const struct row *row = &router->rows[i];
        const struct route *route = row->route;
        bool plain = route->representations == 1u << REPRESENT_BYTES;
        bool offered =
            suffix < REPRESENTATIONS ? cut ? route->representations & 1u << suffix : plain : true;
        if (!offered || (route->access == ACCESS_INNER) != inner)
            continue;
        struct match match;
        if (!row_matches(row, target, cut, &match))
            continue;
        if (verdict == ROUTED_METHOD &&
            (row->method != method || strcmp(route->pattern, out->route->pattern) != 0))
            continue;
        match.route = route;
        match.number = (unsigned)i;
        match.suffix = cut ? suffix : REPRESENTATIONS;
        *out = match;
        if (row->method == method)
            return ROUTED;
        verdict = ROUTED_METHOD;
    }
    return verdict;
}

enum routed router_find(const struct router *router, const struct target *target,
                        enum method method, bool inner, struct match *out)
{
    size_t cut = 0;
    if (target->asterisk || target->segments > TARGET_SEGMENTS)
        return ROUTED_NOWHERE;
    if (method == METHOD_HEAD)
        method = METHOD_GET;
    enum representation suffix = suffix_of(target, &cut);
    enum routed routed = router_walk(router, target, method, inner, suffix, cut, out);
    if (routed == ROUTED_NOWHERE && cut)
        routed = router_walk(router, target, method, inner, suffix, 0, out);
    return routed;
}

size_t router_above(const struct router *router, const struct target *target)
{
    struct target above = *target;
    if (above.segments > TARGET_SEGMENTS)
        return 0;
    for (; above.segments > 0; above.segments--) {
        struct segment last = above.segment[above.segments - 1];
        struct match match;
        above.length = (size_t)last.start + last.length;
        if (router_walk(router, &above, METHOD_GET, false, REPRESENTATIONS, 0, &match) == ROUTED &&
            match.route->representations & 1u << REPRESENT_PAGE)
            return above.length;
    }
    return 0;
}

void router_allow(const struct router *router, const struct match *match, bool inner,
                  char allow[ALLOW_TEXT])
{
    unsigned methods = 1u << METHOD_OPTIONS;
    for (size_t i = 0; i < router->count; i++) {
        const struct row *row = &router->rows[i];
        if (strcmp(row->route->pattern, match->route->pattern) != 0 ||
            (row->route->access == ACCESS_INNER) != inner)
            continue;
        methods |= 1u << row->method;
        if (row->method == METHOD_GET)
            methods |= 1u << METHOD_HEAD;
    }
    size_t at = 0;
    allow[0] = '\0';
    for (int m = 0; m < METHOD_OTHER; m++)
        if (methods & 1u << m)
            at += (size_t)snprintf(allow + at, ALLOW_TEXT - at, "%s%s", at ? ", " : "",
                                   method_names[m]);
}
