/* The list of submissions that officials read: what is asked for, and the walk to a full page; see
 * submission_list.h. */
#include "resources/submission_list.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/search.h"
#include "export/sources.h" /* filter_params */
#include "resources/submission_list_view.h"

#include <stdio.h>
#include <string.h>

enum {
    ROWS = 200,        /* remarks a question: some do not have the words after all */
    PATIENCE_MS = 250, /* then the page is shown as far as it came */
    GLANCE_MS = 120,   /* each side of one submission */
};

static void fault(struct faults *faults, enum problem_code code, const char *name)
{
    faults_add(faults, code, code == PROBLEM_TOO_LONG ? FILTER_POINTS : 0, "/%s", name);
}

static void words_read(struct list_wanted *out, struct faults *faults)
{
    const char *name = submission_filter_name(FILTER_TEXT);
    switch (word_query_read(out->filter.text, &out->words)) {
    case WORDS_READ:
        return;
    case WORDS_NONE:
        fault(faults, PROBLEM_BAD_TEXT, name);
        return;
    case WORDS_TOO_LONG:
        fault(faults, PROBLEM_TOO_LONG, name);
        return;
    case WORDS_TOO_MANY:
        faults_add(faults, PROBLEM_TOO_MANY, WORD_PHRASES_MOST, "/%s", name);
        return;
    case WORDS_NO_MEMORY:
        fault(faults, PROBLEM_INTERNAL, name);
        return;
    }
}

static void way_read(const char *before, const char *after, struct list_wanted *out,
                     struct faults *faults)
{
    if (before && after)
        fault(faults, PROBLEM_MUST_BE_EMPTY, "after");
    else if (before && !number_read(before, out->from))
        fault(faults, PROBLEM_UNKNOWN_VALUE, "before");
    else if (after && !number_read(after, out->from))
        fault(faults, PROBLEM_UNKNOWN_VALUE, "after");
    out->way = before ? LIST_BEFORE : after ? LIST_AFTER : LIST_FIRST;
}

static const char *given(const char *value)
{
    return value && *value ? value : NULL;
}

bool list_wanted_read(const struct consultation *consultation,
                      const char *(*value)(void *context, const char *name), void *context,
                      struct list_wanted *out, struct faults *faults)
{
    size_t before = faults->count + faults->lost;
    *out = (struct list_wanted){0};
    for (int field = 0; field < FILTER_FIELDS; field++) {
        const char *name = submission_filter_name((enum filter_field)field);
        const char *text = given(value(context, name));
        enum problem_code code =
            text ? submission_filter_set(&out->filter, name, text) : PROBLEM_NONE;
        if (code != PROBLEM_NONE)
            fault(faults, code, name);
    }
    if (out->filter.set & 1u << FILTER_MEASURE) {
        const struct measure *measure = consultation_measure(consultation, out->filter.measure);
        out->measure = measure ? measure->ordinal : 0;
        if (!measure)
            fault(faults, PROBLEM_UNKNOWN_VALUE, submission_filter_name(FILTER_MEASURE));
    }
    if (out->filter.set & 1u << FILTER_TEXT)
        words_read(out, faults);
    way_read(given(value(context, "before")), given(value(context, "after")), out, faults);
    return faults->count + faults->lost == before;
}

static bool is_set(const struct list_wanted *wanted, enum filter_field field)
{
    return (wanted->filter.set & 1u << field) != 0;
}

/* Rows are remarks and not submissions. */
static bool of_remarks(const struct list_wanted *wanted)
{
    return is_set(wanted, FILTER_TEXT) || is_set(wanted, FILTER_MODERATION);
}

static enum db_status ask(struct db *db, const struct consultation *consultation,
                          const struct list_wanted *wanted, const char *from, int most,
                          int patience_ms, struct rows *rows)
{
    struct params params = {0};
    params_int4(&params, consultation->id);
    params_text(&params, *from ? from : NULL);
    params_bool(&params, wanted->way == LIST_AFTER);
    filter_params(consultation, &wanted->filter, &wanted->words, &params);
    params_int4(&params, most);
    params_int4(&params, patience_ms);
    enum db_status status = db_ready(db);
    if (status == DB_OK)
        status = db_run(db, STATEMENT_SUBMISSION_LIST_PAGE, &params, rows);
    params_clear(&params);
    return status;
}

/* A page being filled, in the order of the walk. */
struct walk {
    const struct consultation *consultation;
    const struct list_wanted *wanted;
    json_t *list;
    size_t most; /* submissions; 1: and nothing more is looked for */
    int patience_ms;
    char at[NUMBER_TEXT + 1]; /* the last submission that was looked at */
    bool over;                /* nothing more is to be asked */
    bool more;                /* there is at least one more than the page has */
    bool unfinished;
};

/* False: the row does not belong on the page. */
static bool row_fits(const struct walk *walk, const struct rows *rows, int row, json_t **hit)
{
    struct search_span spans[WORD_SPANS_MOST];
    size_t count = 0;
    if (!of_remarks(walk->wanted))
        return true;
    if (is_set(walk->wanted, FILTER_TEXT) &&
        !word_query_match(&walk->wanted->words, row_text(rows, row, LIST_ORIGINAL), spans, &count))
        return false;
    *hit = list_hit_model(walk->consultation, rows, row, spans, count);
    return true;
}

static void row_take(struct walk *walk, const struct rows *rows, int row)
{
    const char *number = row_text(rows, row, LIST_NUMBER);
    json_t *hit = NULL;
    if (row_bool(rows, row, LIST_UNFINISHED)) {
        walk->unfinished = walk->over = true;
        snprintf(walk->at, sizeof walk->at, "%s", number);
        return;
    }
    if (!row_fits(walk, rows, row, &hit)) {
        snprintf(walk->at, sizeof walk->at, "%s", number);
        return;
    }
    size_t count = json_array_size(walk->list);
    json_t *last = count ? json_array_get(walk->list, count - 1) : NULL;
    if (!last || strcmp(json_string_value(json_object_get(last, "number")), number) != 0) {
        if (count == walk->most) {
            walk->more = walk->over = true;
            json_decref(hit);
            return;
        }
        last = list_item_model(walk->consultation, rows, row, hit != NULL);
        json_array_append_new(walk->list, last);
    }
    if (hit)
        json_array_append_new(json_object_get(last, "hits"), hit);
    walk->over = walk->most == 1;
    snprintf(walk->at, sizeof walk->at, "%s", number);
}

static enum db_status walk_on(struct db *db, struct walk *walk)
{
    int64_t until_us = clock_monotonic_us(&clock_system) + walk->patience_ms * INT64_C(1000);
    int most = of_remarks(walk->wanted) ? ROWS : (int)walk->most + 1;
    enum db_status status = DB_OK;
    while (status == DB_OK && !walk->over) {
        struct rows rows = {0};
        int64_t left_ms = (until_us - clock_monotonic_us(&clock_system)) / 1000;
        if (left_ms <= 0) {
            walk->unfinished = true;
            break;
        }
        status = ask(db, walk->consultation, walk->wanted, walk->at, most, (int)left_ms, &rows);
        for (int row = 0; status == DB_OK && !walk->over && row < rows_count(&rows); row++)
            row_take(walk, &rows, row);
        walk->over = walk->over || rows_count(&rows) < most;
        rows_clear(&rows);
    }
    return status;
}

static json_t *reversed(const json_t *list)
{
    json_t *out = json_array();
    for (size_t i = json_array_size(list); i > 0; i--)
        json_array_append(out, json_array_get(list, i - 1));
    return out;
}

static json_t *number_of(const json_t *item)
{
    json_t *number = json_object_get(item, "number");
    return number ? json_incref(number) : json_null();
}

/* Where the walk goes on, and where it came from; the second is known without asking: what the page
 * was to lie before or after is there. */
static json_t *page_model(const struct walk *walk)
{
    size_t count = json_array_size(walk->list);
    json_t *first = number_of(json_array_get(walk->list, 0));
    json_t *on = walk->unfinished ? json_string(walk->at)
                 : walk->more     ? number_of(json_array_get(walk->list, count - 1))
                                  : json_null();
    if (walk->wanted->way == LIST_AFTER)
        return json_pack("{s:o, s:o, s:o, s:b}", "submissions", reversed(walk->list), "newer", on,
                         "older", first, "unfinished", walk->unfinished);
    if (walk->wanted->way == LIST_FIRST) {
        json_decref(first);
        first = json_null();
    }
    return json_pack("{s:O, s:o, s:o, s:b}", "submissions", walk->list, "newer", first, "older", on,
                     "unfinished", walk->unfinished);
}

enum db_status list_read(struct db *db, const struct consultation *consultation,
                         const struct list_wanted *wanted, json_t **model)
{
    struct walk walk = {.consultation = consultation,
                        .wanted = wanted,
                        .list = json_array(),
                        .most = LIST_PAGE,
                        .patience_ms = PATIENCE_MS};
    *model = NULL;
    memcpy(walk.at, wanted->from, sizeof walk.at);
    enum db_status status = walk_on(db, &walk);
    if (status == DB_OK)
        *model = page_model(&walk);
    json_decref(walk.list);
    return status == DB_OK && !*model ? DB_FAULT : status;
}

static enum db_status neighbour_find(struct db *db, const struct consultation *consultation,
                                     const struct list_wanted *wanted, struct list_neighbour *out)
{
    struct walk walk = {.consultation = consultation,
                        .wanted = wanted,
                        .list = json_array(),
                        .most = 1,
                        .patience_ms = GLANCE_MS};
    memcpy(walk.at, wanted->from, sizeof walk.at);
    enum db_status status = walk_on(db, &walk);
    const char *number = json_string_value(json_object_get(json_array_get(walk.list, 0), "number"));
    snprintf(out->number, sizeof out->number, "%s", number ? number : "");
    out->unfinished = !number && walk.unfinished;
    json_decref(walk.list);
    return status;
}

enum db_status list_neighbours(struct db *db, const struct consultation *consultation,
                               const struct list_wanted *wanted, const char *number,
                               struct list_neighbour *newer, struct list_neighbour *older)
{
    struct list_wanted one = *wanted;
    snprintf(one.from, sizeof one.from, "%s", number);
    one.way = LIST_AFTER;
    enum db_status status = neighbour_find(db, consultation, &one, newer);
    one.way = LIST_BEFORE;
    return status == DB_OK ? neighbour_find(db, consultation, &one, older) : status;
}
