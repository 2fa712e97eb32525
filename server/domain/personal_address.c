/* Patterns of addresses; see personal_address.h. */
#include "domain/personal_address.h"

/* Length of the word at `at` if it is one of the list's, whatever its case. */
static size_t word_at(const struct scan *scan, size_t at, const char *const *list)
{
    for (; *list; list++) {
        size_t n = 0;
        while ((*list)[n] && upper(scan->points[at + n]) == upper((unsigned char)(*list)[n]))
            n++;
        if (!(*list)[n] && !is_word(scan->points[at + n]))
            return n;
    }
    return 0;
}

/* "12A Nathan Road": a number, one to four names, a kind of street. */
static size_t match_road(const struct scan *scan, size_t at)
{
    static const char *const roads[] = {
        "road", "street",   "avenue",  "lane",   "terrace", "drive",     "path",  "rd", "st",
        "ave",  "crescent", "circuit", "square", "praya",   "boulevard", "close", NULL};
    const uint32_t *p = scan->points + at;
    size_t n = digits_at(scan, at, 5);
    if (!n || n == 5 || is_word(before(scan, at)))
        return 0;
    n += is_upper(p[n]) && !is_word(p[n + 1]);
    if (p[n] == '-' && is_digit(p[n + 1]))
        n += 1 + digits_at(scan, at + n + 1, 4);
    for (int words = 0; words < 5; words++) {
        size_t gap = p[n] == ',' ? 1 : 0;
        if (p[n + gap] != ' ')
            return 0;
        n += gap + 1;
        size_t road = words ? word_at(scan, at + n, roads) : 0;
        if (road)
            return n + road;
        if (!is_upper(p[n]))
            return 0;
        while (is_word(p[n]) || p[n] == '\'')
            n++;
    }
    return 0;
}

static size_t floor_at(const struct scan *scan, size_t at)
{
    static const char *const floors[] = {"/f",       " floor",   "st floor", "nd floor",
                                         "rd floor", "th floor", NULL};
    size_t digits = digits_at(scan, at, 3);
    size_t floor = digits ? word_at(scan, at + digits, floors) : 0;
    return floor ? digits + floor : 0;
}

/* From the floor on, the street may follow in the same line: "12/F, Hope House, 3 Queen's Road". */
static size_t with_road(const struct scan *scan, size_t at, size_t length)
{
    enum { REACH = 60 };
    for (size_t i = length; i < length + REACH; i++) {
        uint32_t c = scan->points[at + i];
        if (c == 0 || c == '\n')
            break;
        size_t road = is_digit(c) ? match_road(scan, at + i) : 0;
        if (road)
            return i + road;
    }
    return length;
}

size_t personal_address_english(const struct scan *scan, size_t at)
{
    static const char *const rooms[] = {"flat", "room", "rm", "unit", NULL};
    const uint32_t *p = scan->points + at;
    if (is_word(before(scan, at)))
        return 0;
    size_t n = match_road(scan, at);
    if (n)
        return n;
    n = floor_at(scan, at);
    if (n) {
        size_t whole = with_road(scan, at, n);
        return whole > n ? whole : 0;
    }
    n = word_at(scan, at, rooms);
    if (!n || p[n] != ' ')
        return 0;
    size_t name = 0;
    n++;
    while (name < 5 && is_word(p[n + name]))
        name++;
    if (!name || is_word(p[n + name]))
        return 0;
    n += name;
    while (p[n] == ',' || p[n] == ' ')
        n++;
    size_t floor = floor_at(scan, at + n);
    return floor ? with_road(scan, at, n + floor) : 0;
}

static const char32_t numerals[] = U"一二三四五六七八九十百零〇";

static size_t number_at(const struct scan *scan, size_t at)
{
    size_t n = 0;
    while (n < 6 && (is_word(scan->points[at + n]) || scan->points[at + n] == '-' ||
                     is_in(scan->points[at + n], numerals)))
        n++;
    bool begins = n && scan->points[at] != '-';
    return begins && n < 6 ? n : 0;
}

/* How many Chinese characters before `at` name the place: up to `most`, back to a word that leads
 * to it. */
static size_t name_before(const struct scan *scan, size_t at, size_t most)
{
    static const char32_t leads[] = U"在於于住是至到從从址的和及與与往去";
    size_t n = 0;
    while (n < most && at - n > scan->from && is_han(scan->points[at - n - 1]) &&
           !is_in(scan->points[at - n - 1], leads))
        n++;
    return n;
}

/* Rooms, floors and blocks that follow: to the last such word within reach. */
static size_t with_rooms(const struct scan *scan, size_t at)
{
    enum { REACH = 24 };
    static const char32_t parts[] = U"室樓楼座層层廈厦閣阁";
    size_t end = at;
    for (size_t i = at; i < at + REACH; i++) {
        uint32_t c = scan->points[i];
        if (!is_han(c) && !is_word(c) && c != ' ' && c != '-')
            break;
        if (is_in(c, parts) && (is_word(scan->points[i - 1]) ||
                                is_in(scan->points[i - 1], numerals) || is_in(c, U"廈厦閣阁")))
            end = i + 1;
    }
    return end;
}

bool personal_address_chinese(const struct scan *scan, size_t at, struct match *out)
{
    static const char32_t streets[] = U"道路街里徑径巷坊", sides[] = U"東东南西北中";
    static const char32_t buildings[] = U"邨村苑園园廈厦樓楼閣阁座";
    static const char32_t numbered[] = U"號号", rooms[] = U"座樓楼室層层";
    bool street = is_in(scan->points[at], streets), building = is_in(scan->points[at], buildings);
    if (!street && !building)
        return false;
    size_t name = name_before(scan, at, street ? 4 : 6), n = at + 1;
    n += street && is_in(scan->points[n], sides);
    n += scan->points[n] == ' ';
    size_t number = number_at(scan, n);
    n += number;
    n += scan->points[n] == ' ';
    if (!name || !number || !is_in(scan->points[n], street ? numbered : rooms))
        return false;
    size_t end = with_rooms(scan, n + 1);
    *out = (struct match){PERSONAL_ADDRESS, at - name, end - (at - name)};
    return true;
}
