/* The officials' figures as drawings; see dashboard_view.h. */
#include "represent/drawing.h"
#include "represent/markup.h"
#include "resources/dashboard_view.h"

#include <stdlib.h>

/* What is drawn of a row: the share in hundredths of a percent, or the first number after the name;
 * of answers, all of them. Below zero: there is none. */
static int64_t drawn(enum dashboard_figure figure, const json_t *row)
{
    const json_t *value = json_array_get(row, dashboard_figure_is_ranking(figure) ? 2 : 1);
    if (figure == FIGURE_DIRECTIONS)
        return dashboard_answers_of(row, 1);
    if (json_is_real(value))
        return (int64_t)(json_real_value(value) * 10000 + 0.5);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static int64_t *values_of(enum dashboard_figure figure, const json_t *table)
{
    const json_t *rows = json_object_get(table, "rows");
    size_t count = json_array_size(rows);
    int64_t *values = calloc(count + 1, sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        values[i] = drawn(figure, json_array_get(rows, i));
    return values;
}

/* Shares are drawn as parts of all, so that two charts can be compared. */
static int64_t whole_of(enum dashboard_figure figure)
{
    return dashboard_figure_is_ranking(figure) && figure != FIGURE_PRIORITY ? 10000 : 0;
}

json_t *dashboard_chart(enum dashboard_figure figure, const json_t *table,
                        const char *const *labels)
{
    size_t count = json_array_size(json_object_get(table, "rows"));
    int64_t *values = values_of(figure, table);
    if (!values)
        return NULL;
    json_t *chart = figure == FIGURE_DAYS ? markup_line(values, count)
                                          : markup_bars(labels, values, count, whole_of(figure));
    free(values);
    return chart;
}

void dashboard_chart_file(enum dashboard_figure figure, const json_t *table,
                          struct drawing *drawing, struct buf *out)
{
    int64_t *values = values_of(figure, table);
    drawing->line = figure == FIGURE_DAYS;
    drawing->count = json_array_size(json_object_get(table, "rows"));
    drawing->values = values;
    drawing->most = whole_of(figure);
    if (values)
        drawing_write(drawing, out);
    else
        out->failed = true;
    drawing->values = NULL;
    free(values);
}
