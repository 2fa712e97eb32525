#ifndef RESOURCES_OFFICIALS_FILTERS_H
#define RESOURCES_OFFICIALS_FILTERS_H

#include "http/request.h"
#include "resources/submission_list.h"

/* The filters of officials' lists of submissions: read from an address and written into addresses,
 * as a form, in words, and as the record of acts has them. On the desk's thread; all that is given
 * back is a new reference, or NULL: no memory. */

/* As list_wanted_read, from the request's query. */
bool filters_read(const struct request *request, const struct consultation *consultation,
                  struct list_wanted *out, struct faults *faults);

/* "?measure=1-1&text=…": those that are set but `without` (FILTER_FIELDS: none is left out), then
 * `name`, if it is not NULL, with `number`. "" if there is nothing. */
json_t *filters_query(const struct submission_filter *filter, enum filter_field without,
                      const char *name, const char *number);

/* The form, with what was typed, right or wrong:
 *
 *   text     {value, error}
 *   selects  [{id, label, error, groups: [{group: head or null, options: [{value, name,
 * chosen}]}]}] days     [{id, label, value, error}] open     something that is folded away on a
 * small screen is wrong */
json_t *filters_form(const struct request *request, const struct consultation *consultation,
                     const struct faults *faults);

/* The faults of filters_read as pages sum them up: {list: [{href, where, message}]}. */
json_t *filters_faults(const struct request *request, const struct faults *faults);

/* What is set, in words, and where it is not: {list: [{name, value, href}]}, or null. `action`: the
 * list's address. */
json_t *filters_words(const struct request *request, const struct consultation *consultation,
                      const struct submission_filter *filter, const char *action);

/* For the record of acts, which is kept for ever: {filters: {name: value}, filtered_by: [name]}.
 * Nothing of what respondents said, which they can take back, nor what somebody looked for, which
 * may be a name: filters on that are only named, since the record says as well which submissions
 * they found. */
json_t *filters_record(const struct submission_filter *filter);

#endif
