/* Checked readers and their writers; see parse.h. */
#include "base/parse.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistr.h>

static int digit_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *out)
{
    bool negative = *text == '-';
    const char *p = text + (negative ? 1 : 0);
    if (!*p)
        return false;
    int64_t value = 0;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *p - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    if (value < least || value > most)
        return false;
    *out = value;
    return true;
}

bool parse_uuid(const char *text, struct uuid *out)
{
    if (strlen(text) != UUID_TEXT)
        return false;
    struct uuid uuid = {0};
    unsigned char any = 0;
    size_t n = 0;
    for (size_t i = 0; i < UUID_TEXT;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-')
                return false;
            continue;
        }
        int high = digit_hex(text[i]), low = digit_hex(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        uuid.bytes[n] = (unsigned char)(high << 4 | low);
        any |= uuid.bytes[n++];
        i += 2;
    }
    if (!any)
        return false;
    *out = uuid;
    return true;
}

void format_uuid(const struct uuid *uuid, char text[UUID_TEXT + 1])
{
    static const char digits[] = "0123456789abcdef";
    char *p = text;
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[uuid->bytes[i] >> 4];
        *p++ = digits[uuid->bytes[i] & 15];
    }
    *p = '\0';
}

/* Reads exactly `count` digits. */
static bool parse_digits(const char **p, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*p)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *p += count;
    *out = value;
    return true;
}

/* Days since 1970 of a civil date (Howard Hinnant's days_from_civil), any year the format can
 * write. */
static int32_t day_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool parse_date_part(const char **p, int32_t *out_day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 0, month = 0, day = 0;
    if (!parse_digits(p, 4, &year) || *(*p)++ != '-' || !parse_digits(p, 2, &month) ||
        *(*p)++ != '-' || !parse_digits(p, 2, &day))
        return false;
    if (month < 1 || month > 12)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > lengths[month - 1] + (month == 2 && leap))
        return false;
    *out_day = day_of(year, month, day);
    return true;
}

static bool parse_clock_part(const char **p, int64_t *out_us)
{
    int hour = 0, minute = 0, second = 0;
    if (!parse_digits(p, 2, &hour) || *(*p)++ != ':' || !parse_digits(p, 2, &minute) ||
        *(*p)++ != ':' || !parse_digits(p, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t us = 0;
    if (**p == '.') {
        int64_t unit = 100000;
        const char *first = ++*p;
        for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
            us += (**p - '0') * unit;
        if (*p == first)
            return false;
    }
    *out_us = (((int64_t)hour * 60 + minute) * 60 + second) * 1000000 + us;
    return true;
}

/* The offset east of UTC in minutes. */
static bool parse_offset(const char **p, int *out_minutes)
{
    char sign = *(*p)++;
    *out_minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    int hour = 0, minute = 0;
    if ((sign != '+' && sign != '-') || !parse_digits(p, 2, &hour) || *(*p)++ != ':' ||
        !parse_digits(p, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *out_minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
    return true;
}

bool parse_time(const char *text, int64_t *out_us)
{
    const char *p = text;
    int32_t day = 0;
    int64_t us = 0;
    int offset = 0;
    if (!parse_date_part(&p, &day) || (*p != 'T' && *p != 't'))
        return false;
    p++;
    if (!parse_clock_part(&p, &us) || !parse_offset(&p, &offset) || *p)
        return false;
    *out_us = (int64_t)day * 86400000000 + us - (int64_t)offset * 60000000;
    return true;
}

/* Four digits, as RFC 3339 has it; strftime's %Y writes year 1 as "1". */
static size_t year_write(const struct tm *tm, char *text)
{
    unsigned year = ((unsigned)tm->tm_year + 1900) % 10000;
    return (size_t)snprintf(text, 5, "%04u", year);
}

void format_time(int64_t us, char text[RFC3339_TEXT])
{
    int64_t seconds = us / 1000000 - (us % 1000000 < 0);
    struct tm tm;
    time_t t = (time_t)seconds;
    gmtime_r(&t, &tm);
    size_t year = year_write(&tm, text);
    strftime(text + year, RFC3339_TEXT - year, "-%m-%dT%H:%M:%SZ", &tm);
}

bool parse_date(const char *text, int32_t *out_day)
{
    const char *p = text;
    int32_t day = 0;
    if (!parse_date_part(&p, &day) || *p)
        return false;
    *out_day = day;
    return true;
}

void format_date(int32_t day, char text[11])
{
    struct tm tm;
    time_t t = (time_t)day * 86400;
    gmtime_r(&t, &tm);
    size_t year = year_write(&tm, text);
    strftime(text + year, 11 - year, "-%m-%d", &tm);
}

bool parse_slug(const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length == 0 || length > most || text[0] == '-' || text[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c != '-' || text[i + 1] == '-'))
            return false;
    }
    return true;
}

bool parse_percent(char *text, size_t *length, bool plus)
{
    size_t out = 0;
    for (size_t i = 0; i < *length; i++) {
        char c = text[i];
        if (c == '%') {
            if (*length - i < 3)
                return false;
            int high = digit_hex(text[i + 1]), low = digit_hex(text[i + 2]);
            if (high < 0 || low < 0 || (high | low) == 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        text[out++] = c;
    }
    text[out] = '\0';
    *length = out;
    return true;
}

bool parse_utf8(const char *bytes, size_t length)
{
    return u8_check((const uint8_t *)bytes, length) == NULL;
}
