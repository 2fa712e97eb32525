/* Patterns of personal data; see personal_data.h. Each matcher looks at one place of the text, as
 * code points in their usual width, and says how many of them it takes. */
#include "domain/personal_data.h"

#include "domain/personal_address.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

static uint32_t folded(uint32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e)
        return point - 0xff01 + '!';
    if (point == 0x3000 || point == 0x00a0)
        return ' ';
    if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212)
        return '-';
    return point;
}

/* Weights 9 to 1 over two letters (a blank for the first counts 36), six digits and the check
 * digit, A being 10: the sum is a multiple of 11. */
static bool hkid_is_valid(const uint32_t *letters, size_t count, const uint32_t *digits,
                          uint32_t check)
{
    uint32_t first = count == 2 ? upper(letters[0]) - 'A' + 10 : 36;
    uint32_t second = upper(letters[count - 1]) - 'A' + 10;
    uint32_t sum = 9 * first + 8 * second;
    for (uint32_t i = 0; i < 6; i++)
        sum += (7 - i) * (digits[i] - '0');
    sum += upper(check) == 'A' ? 10 : check - '0';
    return sum % 11 == 0;
}

static size_t match_hkid(const struct scan *scan, size_t at)
{
    const uint32_t *p = scan->points + at;
    size_t letters = 0, n = 0;
    while (letters < 2 && is_letter(p[letters]))
        letters++;
    if (!letters || is_word(before(scan, at)))
        return 0;
    n = letters + (p[letters] == ' ' || p[letters] == '-');
    size_t digits = n;
    if (digits_at(scan, at + n, 6) < 6)
        return 0;
    n += 6;
    n += p[n] == ' ' || p[n] == '-';
    bool bracket = p[n] == '(';
    n += bracket;
    uint32_t check = p[n];
    if (!is_digit(check) && upper(check) != 'A')
        return 0;
    n++;
    if (bracket && p[n] == ')')
        n++;
    else if (bracket || is_word(p[n]))
        return 0;
    return hkid_is_valid(p, letters, p + digits, check) ? n : 0;
}

/* "2026-2030" and "20261125" are years and a day, not numbers to ring. */
static bool is_of_years(const uint32_t *first, const uint32_t *second, bool parted)
{
    bool year = (first[0] == '1' && first[1] == '9') || (first[0] == '2' && first[1] == '0');
    bool second_year =
        (second[0] == '1' && second[1] == '9') || (second[0] == '2' && second[1] == '0');
    bool day = second[0] <= '1' && (second[0] == '0' || second[1] <= '2') && second[2] <= '3';
    return year && (parted ? second_year : day);
}

static bool is_amount(const struct scan *scan, size_t at, size_t end)
{
    static const char32_t units[] = U"元萬万億亿蚊%人";
    uint32_t c = before(scan, at);
    bool grouped = c == ',' && is_digit(before(scan, at - 1));
    return c == '$' || grouped || is_in(scan->points[end], units);
}

static size_t match_telephone(const struct scan *scan, size_t at)
{
    const uint32_t *p = scan->points + at;
    size_t n = 0;
    uint32_t c = before(scan, at);
    if (is_word(c) || c == '+' || c == '.' || c == '/')
        return 0;
    bool bracket = p[n] == '(';
    n += bracket;
    n += p[n] == '+';
    bool country = n > bracket || bracket;
    if (p[n] == '8' && p[n + 1] == '5' && p[n + 2] == '2' &&
        (country || !is_digit(p[n + 3]) || digits_at(scan, at + n, 12) == 11)) {
        n += 3;
        n += bracket && p[n] == ')';
        n += p[n] == ' ' || p[n] == '-';
        country = true;
    } else if (country) {
        return 0;
    }
    size_t first = n;
    if (digits_at(scan, at + n, 4) < 4 || p[n] < '2')
        return 0;
    n += 4;
    bool parted = p[n] == ' ' || p[n] == '-';
    n += parted;
    size_t second = n;
    if (digits_at(scan, at + n, 5) != 4)
        return 0;
    n += 4;
    if (is_letter(p[n]) || (p[n] == '.' && is_digit(p[n + 1])) || is_amount(scan, at, at + n))
        return 0;
    return !country && is_of_years(p + first, p + second, parted) ? 0 : n;
}

static bool is_local(uint32_t c)
{
    return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

static size_t match_email(const struct scan *scan, size_t at)
{
    const uint32_t *p = scan->points + at;
    size_t n = 0, top = 0, labels = 0;
    if (!is_word(p[0]) || is_local(before(scan, at)))
        return 0;
    while (is_local(p[n]))
        n++;
    if (p[n++] != '@')
        return 0;
    for (;; n++) {
        size_t start = n;
        bool letters = true;
        for (; is_word(p[n]) || (p[n] == '-' && is_word(p[n + 1])); n++)
            letters = letters && is_letter(p[n]);
        if (n == start)
            break;
        labels++;
        if (labels > 1 && letters && n - start >= 2)
            top = n;
        if (p[n] != '.')
            break;
    }
    return top;
}

static bool match_at(const struct scan *scan, size_t at, struct match *out)
{
    static const struct {
        enum personal_kind kind;
        size_t (*match)(const struct scan *scan, size_t at);
    } matchers[] = {
        {PERSONAL_EMAIL, match_email},
        {PERSONAL_HKID, match_hkid},
        {PERSONAL_TELEPHONE, match_telephone},
        {PERSONAL_ADDRESS, personal_address_english},
    };
    uint32_t c = scan->points[at];
    if (is_han(c))
        return personal_address_chinese(scan, at, out);
    if (!is_word(c) && c != '+' && c != '(')
        return false;
    for (size_t i = 0; i < sizeof matchers / sizeof *matchers; i++) {
        size_t length = matchers[i].match(scan, at);
        if (length) {
            *out = (struct match){matchers[i].kind, at, length};
            return true;
        }
    }
    return false;
}

/* Code points in their usual width, and the byte at which each begins. */
static size_t points_read(const char *text, size_t length, uint32_t *points, size_t *bytes)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++) {
        ucs4_t point = 0;
        int n = u8_mbtouc(&point, (const uint8_t *)text + at, length - at);
        points[count] = folded(point);
        bytes[count] = at;
        at += (size_t)n;
    }
    bytes[count] = length;
    return count;
}

size_t personal_data_find(const char *text, struct personal_finding *out, size_t most)
{
    /* Matchers look a little beyond the end: zeros stand there. */
    enum { BEYOND = 80 };
    size_t length = strlen(text), found = 0;
    uint32_t *points = calloc(length + BEYOND, sizeof *points);
    size_t *bytes = calloc(length + 1, sizeof *bytes);
    if (points && bytes) {
        struct scan scan = {.points = points, .count = points_read(text, length, points, bytes)};
        struct match match;
        for (size_t at = 0; at < scan.count && found < most; at++) {
            if (!match_at(&scan, at, &match))
                continue;
            out[found++] = (struct personal_finding){
                match.kind, bytes[match.at], bytes[match.at + match.length] - bytes[match.at]};
            scan.from = match.at + match.length;
            at = scan.from - 1;
        }
    }
    if (points)
        sodium_memzero(points, (length + BEYOND) * sizeof *points);
    free(points);
    free(bytes);
    return found;
}

const char *personal_kind_name(enum personal_kind kind)
{
    switch (kind) {
    case PERSONAL_HKID:
        return "hkid";
    case PERSONAL_TELEPHONE:
        return "telephone";
    case PERSONAL_EMAIL:
        return "email";
    case PERSONAL_ADDRESS:
        return "address";
    case PERSONAL_KINDS:
        break;
    }
    return "";
}
