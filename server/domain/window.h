#ifndef DOMAIN_WINDOW_H
#define DOMAIN_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* A consultation's window: half-open, in microseconds since 1970 UTC, thought of in Hong Kong time,
 * which has been UTC+8 all year since 1979. Pure functions. */
struct window_span {
    int64_t opens_us, closes_us;
};

/* The window of a consultation that names none: from the minute of `now_us` to 24:00 Hong Kong time
 * ending the same calendar date two months later, clamped to that month's last day. */
struct window_span window_default(int64_t now_us);

/* A rehearsal's: as the default, but open since so many days. */
struct window_span window_rehearsal(int64_t now_us, int days_back);

/* A minute in Hong Kong time in the one form a consultation's document may have,
 * 2026-11-24T09:00:00+08:00, year 2000 to 2099. False and *out untouched otherwise. */
bool window_moment(const char *text, int64_t *out_us);

/* The same from a form's fields: whole numbers, and a clock as 09:30. */
bool window_fields(const char *year, const char *month, const char *day, const char *clock,
                   int64_t *out_us);
/* What the fields of a moment say, "09:30" of its clock. Years 2000 to 2099. */
struct window_parts {
    int year, month, day;
    char clock[6];
};
void window_split(int64_t utc_us, struct window_parts *out);
/* A day's length: it ends at 24:00, as no clock is changed. */
enum { WINDOW_DAY_S = 86400 };

#endif
