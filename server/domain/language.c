/* Languages, their tags, and the choice among them; see language.h. */
#include "domain/language.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const tags[LANGUAGES] = {
    [LANGUAGE_ZH_HANT] = "zh-Hant",
    [LANGUAGE_EN] = "en",
    [LANGUAGE_ZH_HANS] = "zh-Hans",
};

const char *language_tag(enum language language)
{
    return tags[language];
}

enum language language_find(const char *tag)
{
    for (int language = 0; language < LANGUAGES; language++)
        if (strcmp(tags[language], tag) == 0)
            return (enum language)language;
    return LANGUAGES;
}

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

/* True if the language range (RFC 4647 §2.1) has this subtag, which may be its first. */
static bool range_has(const char *range, size_t length, const char *subtag)
{
    size_t wanted = strlen(subtag);
    for (const char *p = range; p < range + length;) {
        const char *hyphen = memchr(p, '-', (size_t)(range + length - p));
        size_t part = (size_t)((hyphen ? hyphen : range + length) - p);
        if (part == wanted && strncasecmp(p, subtag, part) == 0)
            return true;
        p += part + 1;
    }
    return false;
}

/* What a range asks for; LANGUAGES if it is none of ours. */
static enum language range_language(const char *range, size_t length)
{
    size_t first = 0;
    while (first < length && range[first] != '-')
        first++;
    if (first == 2 && strncasecmp(range, "en", 2) == 0)
        return LANGUAGE_EN;
    if ((first == 1 && *range == '*') || (first == 3 && strncasecmp(range, "yue", 3) == 0))
        return LANGUAGE_ZH_HANT;
    if (first != 2 || strncasecmp(range, "zh", 2) != 0)
        return LANGUAGES;
    if (range_has(range, length, "Hant"))
        return LANGUAGE_ZH_HANT;
    bool simplified = range_has(range, length, "Hans") || range_has(range, length, "CN") ||
                      range_has(range, length, "SG");
    return simplified ? LANGUAGE_ZH_HANS : LANGUAGE_ZH_HANT;
}

/* The weight after a range in thousandths (RFC 9110 §12.4.2); a malformed one counts for nothing.
 */
static int range_weight(const char *p)
{
    p = skip_space(p);
    if (*p != ';')
        return 1000;
    p = skip_space(p + 1);
    if ((*p != 'q' && *p != 'Q') || p[1] != '=' || (p[2] != '0' && p[2] != '1'))
        return 0;
    int weight = (p[2] - '0') * 1000;
    if (p[3] == '.') {
        int unit = 100;
        for (p += 4; unit > 0 && *p >= '0' && *p <= '9'; p++, unit /= 10)
            weight += (*p - '0') * unit;
    }
    return weight > 1000 ? 0 : weight;
}

enum language language_match(const char *header)
{
    enum language best = LANGUAGE_ZH_HANT;
    int best_weight = 0;
    for (const char *p = header; p && *p;) {
        p = p + strspn(p, " \t,");
        size_t length = strcspn(p, " \t;,");
        enum language language = range_language(p, length);
        int weight = range_weight(p + length);
        if (language != LANGUAGES && weight > best_weight) {
            best = language;
            best_weight = weight;
        }
        p += strcspn(p, ",");
    }
    return best;
}
