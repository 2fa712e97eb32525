/* Times and numbers in words; see wording.h. */
#include "represent/wording.h"
#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const int64_t second_us = 1000000;
static const int64_t hong_kong_s = 8 * 3600;

json_t *wording_string(const struct pages *pages, enum language language, const char *key,
                       json_t *context)
{
    struct buf b = {0};
    json_t *value = NULL;
    if (pages_string(pages, language, key, context, &b) && buf_ok(&b))
        value = json_stringn(b.data ? b.data : "", b.length);
    buf_clear(&b);
    return value;
}

/* Floor division: moments before 1970 stay right as well. */
static int64_t seconds_of(int64_t utc_us)
{
    return utc_us / second_us - (utc_us % second_us < 0);
}

static json_t *moment_parts(const struct pages *pages, enum language language,
                            const struct tm *when, bool end)
{
    char month_key[24], clock[40], with_seconds[40];
    snprintf(month_key, sizeof month_key, "month.%d", when->tm_mon + 1);
    snprintf(clock, sizeof clock, "%02d:%02d", end ? 24 : when->tm_hour, when->tm_min);
    snprintf(with_seconds, sizeof with_seconds, "%02d:%02d:%02d", when->tm_hour, when->tm_min,
             when->tm_sec);
    return json_pack("{s:i, s:o, s:i, s:s, s:s}", "year", when->tm_year + 1900, "month",
                     wording_string(pages, language, month_key, NULL), "day", when->tm_mday,
                     "clock", clock, "clock_seconds", with_seconds);
}

static const char *moment_key(enum moment moment)
{
    switch (moment) {
    case MOMENT_DAY:
        return "moment.day";
    case MOMENT_MINUTE:
    case MOMENT_END:
        return "moment.minute";
    case MOMENT_SECOND:
        return "moment.second";
    case MOMENT_UTC:
        return "moment.utc";
    }
    return "moment.minute";
}

json_t *wording_moment(const struct pages *pages, enum language language, enum moment moment,
                       int64_t utc_us)
{
    time_t local = (time_t)(seconds_of(utc_us) + (moment == MOMENT_UTC ? 0 : hong_kong_s));
    struct tm when;
    if (!gmtime_r(&local, &when))
        return NULL;
    bool midnight = moment == MOMENT_END && !when.tm_hour && !when.tm_min && !when.tm_sec;
    if (midnight) {
        local -= 1;
        gmtime_r(&local, &when);
        when.tm_min = 0;
    }
    json_t *parts = moment_parts(pages, language, &when, midnight);
    json_t *text = parts ? wording_string(pages, language, moment_key(moment), parts) : NULL;
    json_decref(parts);
    return text;
}

json_t *wording_moments(const struct pages *pages, enum language language, int64_t utc_us)
{
    char at[RFC3339_TEXT];
    format_time(utc_us, at);
    return json_pack("{s:s, s:o, s:o}", "at", at, "hkt",
                     wording_moment(pages, language, MOMENT_SECOND, utc_us), "utc",
                     wording_moment(pages, language, MOMENT_UTC, utc_us));
}

json_t *wording_count(int64_t count)
{
    char digits[24], text[32];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)llabs((long long)count));
    size_t n = 0;
    if (count < 0)
        text[n++] = '-';
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text[n++] = ',';
        text[n++] = digits[i];
    }
    return json_stringn(text, n);
}

json_t *wording_wait(const struct pages *pages, enum language language, int64_t seconds)
{
    enum { MINUTE = 60, HOUR = 3600, FINE = 2 };
    const char *key = seconds == 1 ? "wait.second" : "wait.seconds";
    int64_t count = seconds;
    if (seconds >= (int64_t)FINE * HOUR) {
        key = "wait.hours";
        count = (seconds + HOUR - 1) / HOUR;
    } else if (seconds >= (int64_t)FINE * MINUTE) {
        key = "wait.minutes";
        count = (seconds + MINUTE - 1) / MINUTE;
    }
    json_t *context = json_pack("{s:o}", "count", wording_count(count));
    json_t *text = wording_string(pages, language, key, context);
    json_decref(context);
    return text;
}

json_t *wording_retry(const struct pages *pages, enum language language, const char *seconds)
{
    int64_t wait_s;
    if (!seconds || !parse_integer(seconds, 0, INT32_MAX, &wait_s))
        return NULL;
    json_t *context = json_pack("{s:o}", "wait", wording_wait(pages, language, wait_s));
    json_t *text = wording_string(pages, language, "problem.retry-after", context);
    json_decref(context);
    return text;
}
