#ifndef DOMAIN_PERSONAL_SCAN_H
#define DOMAIN_PERSONAL_SCAN_H

#include "domain/personal_data.h"

#include <stdbool.h>
#include <stdint.h>
#include <uchar.h>

/* A text as those who look for personal data in it read it: code points in their usual width, with
 * zeros behind the last one, so that a matcher may look a little beyond it. */
struct scan {
    const uint32_t *points;
    size_t count;
    size_t from; /* nothing before it belongs to a finding any more */
};

struct match {
    enum personal_kind kind;
    size_t at, length; /* points */
};

static inline bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_upper(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_letter(uint32_t c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool is_word(uint32_t c)
{
    return is_digit(c) || is_letter(c);
}

static inline bool is_han(uint32_t c)
{
    return c >= 0x4e00 && c <= 0x9fff;
}

static inline uint32_t upper(uint32_t c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* The list is of ASCII or of Chinese characters, ended by 0. */
static inline bool is_in(uint32_t c, const char32_t *list)
{
    for (; *list; list++)
        if (c == *list)
            return true;
    return false;
}

static inline uint32_t before(const struct scan *scan, size_t at)
{
    return at > 0 ? scan->points[at - 1] : 0;
}

static inline size_t digits_at(const struct scan *scan, size_t at, size_t most)
{
    size_t n = 0;
    while (n < most && is_digit(scan->points[at + n]))
        n++;
    return n;
}

#endif
