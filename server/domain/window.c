/* Windows by the calendar of Hong Kong; see window.h. */
#include "domain/window.h"

#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HONG_KONG_S = 8 * 3600, DAY_S = WINDOW_DAY_S, MINUTE_S = 60, WINDOW_MONTHS = 2 };

static const int64_t second_us = 1000000;

static int64_t floor_to(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

static int month_days(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month] + (month == 1 && leap);
}

struct window_span window_default(int64_t now_us)
{
    int64_t opens_s = floor_to(now_us, MINUTE_S * second_us) / second_us;
    time_t local = (time_t)(opens_s + HONG_KONG_S);
    struct tm tm;
    gmtime_r(&local, &tm);
    int month = tm.tm_mon + WINDOW_MONTHS;
    tm.tm_year += month / 12;
    tm.tm_mon = month % 12;
    int last = month_days(tm.tm_year + 1900, tm.tm_mon);
    struct tm end = {.tm_year = tm.tm_year,
                     .tm_mon = tm.tm_mon,
                     .tm_mday = tm.tm_mday < last ? tm.tm_mday : last};
    int64_t closes_s = (int64_t)timegm(&end) + DAY_S - HONG_KONG_S;
    return (struct window_span){opens_s * second_us, closes_s * second_us};
}

struct window_span window_rehearsal(int64_t now_us, int days_back)
{
    struct window_span span = window_default(now_us);
    span.opens_us -= (int64_t)days_back * DAY_S * second_us;
    return span;
}

bool window_moment(const char *text, int64_t *out_us)
{
    static const char shape[] = "20NN-NN-NNTNN:NN:00+08:00";
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] != 'N' && text[i] != shape[i])
            return false;
    return parse_time(text, out_us);
}

bool window_fields(const char *year, const char *month, const char *day, const char *clock,
                   int64_t *out_us)
{
    int64_t y, m, d;
    char text[48];
    if (!parse_integer(year, 2000, 2099, &y) || !parse_integer(month, 1, 12, &m) ||
        !parse_integer(day, 1, 31, &d) || strlen(clock) != 5)
        return false;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%s:00+08:00", (int)y, (int)m, (int)d, clock);
    return window_moment(text, out_us);
}

void window_split(int64_t utc_us, struct window_parts *out)
{
    time_t local = (time_t)(floor_to(utc_us, second_us) / second_us + HONG_KONG_S);
    struct tm tm;
    gmtime_r(&local, &tm);
    *out = (struct window_parts){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, ""};
    snprintf(out->clock, sizeof out->clock, "%02u:%02u", (unsigned)tm.tm_hour % 24,
             (unsigned)tm.tm_min % 60);
}
