/* The officials' figures as tables and as one document; see dashboard_view.h. */
#include "resources/dashboard_view.h"

#include "base/parse.h"
#include "domain/submission.h"

#include <math.h>
#include <string.h>

static const char *const figure_names[FIGURES] = {
    [FIGURE_DAYS] = "days",
    [FIGURE_KINDS] = "kinds",
    [FIGURE_PROOF] = "proof",
    [FIGURE_LANGUAGES] = "languages",
    [FIGURE_CHANNELS] = "channels",
    [FIGURE_DIRECTIONS] = "directions",
    [FIGURE_SUPPORT] = "support",
    [FIGURE_OPPOSITION] = "opposition",
    [FIGURE_DISAGREEMENT] = "disagreement",
    [FIGURE_PRIORITY] = "priority",
};

static const char *const count_names[DASHBOARD_COUNTS] = {"received",   "counted",   "held",
                                                          "superseded", "withdrawn", "set_aside"};

static const char *const cell_names[DASHBOARD_CELLS] = {
    "no_opinion",       "strongly_oppose", "oppose",  "neutral",   "support",
    "strongly_support", "remark_only",     "remarks", "priorities"};

const char *dashboard_figure_name(enum dashboard_figure figure)
{
    return figure_names[figure];
}

enum dashboard_figure dashboard_figure_find(const char *name)
{
    unsigned figure = 0;
    while (figure < FIGURES && strcmp(name, figure_names[figure]) != 0)
        figure++;
    return (enum dashboard_figure)figure;
}

static void names_append(json_t *columns, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_array_append_new(columns, json_string(names[i]));
}

static void counts_row(json_t *rows, const char *name, const int64_t *counts, int count)
{
    json_t *row = json_array();
    json_array_append_new(row, json_string(name));
    for (int i = 0; i < count; i++)
        json_array_append_new(row, json_integer(counts[i]));
    json_array_append_new(rows, row);
}

static void days_rows(const struct dashboard *d, json_t *rows)
{
    for (size_t i = 0; i < d->days; i++) {
        char day[11];
        format_date(d->first_day + (int32_t)i, day);
        counts_row(rows, day, d->by_day[i], DASHBOARD_COUNTS);
    }
}

static void kinds_rows(const struct dashboard *d, json_t *rows)
{
    for (int i = 0; i < KINDS; i++)
        counts_row(rows, respondent_kind_name((enum respondent_kind)(i + 1)), d->by_kind[i],
                   DASHBOARD_COUNTS);
}

static void languages_rows(const struct dashboard *d, json_t *rows)
{
    for (int i = 0; i < LANGUAGES; i++)
        counts_row(rows, language_tag((enum language)i), d->by_language[i], DASHBOARD_COUNTS);
}

static void channels_rows(const struct dashboard *d, json_t *rows)
{
    for (int i = 1; i < CHANNELS; i++)
        counts_row(rows, channel_name(i), d->by_channel[i], DASHBOARD_COUNTS);
}

static void directions_rows(const struct consultation *c, const struct dashboard *d, json_t *rows)
{
    for (size_t i = 0; i < c->direction_count; i++) {
        const struct direction *direction = &c->directions[i];
        int64_t sums[DASHBOARD_CELLS] = {0};
        for (size_t m = 0; m < direction->measures; m++)
            for (int cell = 0; cell < DASHBOARD_CELLS; cell++)
                sums[cell] +=
                    dashboard_cell(d, c->measures[direction->first_measure + m].ordinal, cell);
        counts_row(rows, direction->code, sums, DASHBOARD_CELLS);
    }
}

static json_t *share_of(double value)
{
    return json_real(round(value * 10000) / 10000);
}

static void ranking_rows(const struct consultation *c, const struct dashboard *d,
                         enum dashboard_ranking ranking, json_t *rows)
{
    int ordinals[MEASURES_MOST];
    dashboard_rank(d, ranking, ordinals);
    for (size_t i = 0; i < d->measure_count; i++) {
        double value = 0;
        bool has = dashboard_rank_value(d, ordinals[i], ranking, &value);
        json_t *row = json_array();
        json_array_append_new(row, json_integer((json_int_t)i + 1));
        json_array_append_new(row, json_string(c->measures[ordinals[i] - 1].code));
        json_array_append_new(row, !has                       ? json_null()
                                   : ranking == RANK_PRIORITY ? json_integer((json_int_t)value)
                                                              : share_of(value));
        for (int cell = 0; cell < DASHBOARD_CELLS; cell++)
            json_array_append_new(row, json_integer(dashboard_cell(d, ordinals[i], cell)));
        json_array_append_new(rows, row);
    }
}

static const struct {
    const char *first, *second;
    bool answers; /* else submissions by state */
} heads[FIGURES] = {
    [FIGURE_DAYS] = {"day", NULL, false},
    [FIGURE_KINDS] = {"kind", NULL, false},
    [FIGURE_PROOF] = {"proof", NULL, false},
    [FIGURE_LANGUAGES] = {"language", NULL, false},
    [FIGURE_CHANNELS] = {"channel", NULL, false},
    [FIGURE_DIRECTIONS] = {"direction", NULL, true},
    [FIGURE_SUPPORT] = {"measure", "support_share", true},
    [FIGURE_OPPOSITION] = {"measure", "opposition_share", true},
    [FIGURE_DISAGREEMENT] = {"measure", "disagreement", true},
    [FIGURE_PRIORITY] = {"measure", "marked", true},
};

static void rows_fill(const struct consultation *c, const struct dashboard *d,
                      enum dashboard_figure figure, json_t *rows)
{
    switch (figure) {
    case FIGURE_DAYS:
        days_rows(d, rows);
        return;
    case FIGURE_KINDS:
        kinds_rows(d, rows);
        return;
    case FIGURE_PROOF:
        counts_row(rows, "declared", d->by_proof[false], DASHBOARD_COUNTS);
        counts_row(rows, "proven", d->by_proof[true], DASHBOARD_COUNTS);
        return;
    case FIGURE_LANGUAGES:
        languages_rows(d, rows);
        return;
    case FIGURE_CHANNELS:
        channels_rows(d, rows);
        return;
    case FIGURE_DIRECTIONS:
        directions_rows(c, d, rows);
        return;
    case FIGURE_SUPPORT:
    case FIGURE_OPPOSITION:
    case FIGURE_DISAGREEMENT:
    case FIGURE_PRIORITY:
        ranking_rows(c, d, (enum dashboard_ranking)(figure - FIGURE_SUPPORT), rows);
        return;
    case FIGURES:
        return;
    }
}

json_t *dashboard_table(const struct consultation *consultation, const struct dashboard *dashboard,
                        enum dashboard_figure figure)
{
    json_t *columns = json_array(), *rows = json_array();
    if (heads[figure].second)
        json_array_append_new(columns, json_string("rank"));
    json_array_append_new(columns, json_string(heads[figure].first));
    if (heads[figure].second)
        json_array_append_new(columns, json_string(heads[figure].second));
    if (heads[figure].answers)
        names_append(columns, cell_names, DASHBOARD_CELLS);
    else
        names_append(columns, count_names, DASHBOARD_COUNTS);
    rows_fill(consultation, dashboard, figure, rows);
    return json_pack("{s:o, s:o}", "columns", columns, "rows", rows);
}

int64_t dashboard_answers_of(const json_t *row, size_t first)
{
    int64_t sum = 0;
    for (size_t cell = 0; cell <= DASHBOARD_REMARK_ONLY; cell++)
        sum += json_integer_value(json_array_get(row, first + cell));
    return sum;
}

static json_t *objects_of(const json_t *table)
{
    const json_t *columns = json_object_get(table, "columns");
    json_t *list = json_array(), *row;
    size_t i;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        json_t *object = json_object();
        for (size_t column = 0; column < json_array_size(columns); column++)
            json_object_set(object, json_string_value(json_array_get(columns, column)),
                            json_array_get(row, column));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *counts_model(const int64_t counts[DASHBOARD_COUNTS])
{
    json_t *model = json_object();
    for (int i = 0; i < DASHBOARD_COUNTS; i++)
        json_object_set_new(model, count_names[i], json_integer(counts[i]));
    return model;
}

/* Answers with a stance, without an opinion, or with a remark alone. */
static int64_t answers_of(const struct dashboard *d, size_t measure, enum dashboard_age age)
{
    int64_t sum = 0;
    for (int cell = 0; cell <= DASHBOARD_REMARK_ONLY; cell++)
        sum += d->cells[measure][age][cell];
    return sum;
}

static json_t *day_model(const struct dashboard *d, enum dashboard_age age)
{
    static const int64_t none[DASHBOARD_COUNTS] = {0};
    int64_t place = (int64_t)d->today - (int64_t)age - d->first_day, answers = 0;
    json_t *model = counts_model(place >= 0 && place < (int64_t)d->days ? d->by_day[place] : none);
    char day[11];
    format_date(d->today - (int32_t)age, day);
    for (size_t i = 0; i < d->measure_count; i++)
        answers += answers_of(d, i, age);
    json_object_set_new(model, "day", json_string(day));
    json_object_set_new(model, "answers", json_integer(answers));
    return model;
}

static json_t *since_yesterday(const struct consultation *c, const struct dashboard *d)
{
    json_t *measures = json_array();
    for (size_t i = 0; i < d->measure_count; i++)
        json_array_append_new(measures,
                              json_pack("{s:s, s:I, s:I}", "measure", c->measures[i].code, "today",
                                        (json_int_t)answers_of(d, i, AGE_TODAY), "yesterday",
                                        (json_int_t)answers_of(d, i, AGE_YESTERDAY)));
    return json_pack("{s:o, s:o, s:o}", "today", day_model(d, AGE_TODAY), "yesterday",
                     day_model(d, AGE_YESTERDAY), "measures", measures);
}

json_t *dashboard_model(const struct consultation *consultation, const struct dashboard *dashboard)
{
    json_t *figures = json_object();
    char at[RFC3339_TEXT], today[11];
    for (int figure = 0; figure < FIGURES; figure++) {
        json_t *table = dashboard_table(consultation, dashboard, (enum dashboard_figure)figure);
        json_object_set_new(figures, figure_names[figure], objects_of(table));
        json_decref(table);
    }
    format_time(dashboard->at_us, at);
    format_date(dashboard->today, today);
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "consultation", consultation->slug, "at", at,
                     "today", today, "submissions", counts_model(dashboard->all), "since_yesterday",
                     since_yesterday(consultation, dashboard), "figures", figures);
}
