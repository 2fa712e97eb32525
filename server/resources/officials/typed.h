#ifndef RESOURCES_OFFICIALS_TYPED_H
#define RESOURCES_OFFICIALS_TYPED_H

#include "resources/officials/desk.h"

/* What publishers type: moments by day, month and year, and texts in every language; and their
 * forms, as templates read them. On the desk's thread. */

/* The moment that "/opens/day" … "/opens/year" and "/opens/clock" say; without a clock the end of
 * that day, 24:00. False: a fault was added, at its day. `group` as "/opens". */
bool typed_moment(const struct form *form, const char *group, int64_t *out_us,
                  struct faults *faults);
bool typed_end(const struct form *form, const char *group, int64_t *out_us, struct faults *faults);

/* One text in every language, "/reason/en" and so on: normalised, without space at its ends. */
struct typed_texts {
    char *text[LANGUAGES]; /* NULL: not there, and a fault says so */
};
/* False: faults were added. In either case the caller clears. */
bool typed_texts(const struct form *form, const char *group, int points, struct typed_texts *out,
                 struct faults *faults);
void typed_texts_clear(struct typed_texts *texts);

/* Fields of a moment as official_date.mustache reads them: {id, name, legend, hint, day, month,
 * year, clock (absent without one), error, wrong}; from `form`, or from a moment if that is NULL.
 * New reference. */
struct typed_date {
    const char *group;                 /* "/closes" */
    const char *legend_key, *hint_key; /* strings */
    bool clock;
    int64_t utc_us; /* where there is no form; of one without a clock its end */
};
json_t *typed_date_view(const struct request *request, const struct form *form,
                        const struct typed_date *date, const struct faults *faults);

/* Fields of a text as official_texts.mustache reads them: [{id, name, tag, label, value, rows,
 * error}]; `label_key`: a string with the place {{language}}. From `form`, or from `values` if that
 * is NULL. New reference. */
json_t *typed_texts_view(const struct request *request, const struct form *form, const char *group,
                         const char *label_key, const char *const values[LANGUAGES],
                         const struct faults *faults);

/* A string with the place {{language}}, of that language's name. New reference. */
json_t *typed_label(const struct request *request, const char *key, enum language language);

/* [{name, value}] of a form's own fields, to be sent once more. New reference. */
json_t *typed_carried(const struct form *form);

/* What the button of a form says. */
enum typed_go { TYPED_CHECK, TYPED_CHANGE, TYPED_CONFIRM };
enum typed_go typed_go(const struct form *form);

#endif
