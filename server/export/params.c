/* Filters as parameters of the statements of schema/queries/export.sql; see sources.h. */
#include "export/sources.h"

static void filter_int2(struct params *params, const struct submission_filter *filter,
                        enum filter_field field, int value)
{
    if (filter->set & 1u << field)
        params_int2(params, value);
    else
        params_null(params);
}

static void filter_date(struct params *params, const struct submission_filter *filter,
                        enum filter_field field, int32_t day)
{
    if (filter->set & 1u << field)
        params_date(params, day);
    else
        params_null(params);
}

static void filter_text(struct params *params, const struct submission_filter *filter,
                        enum filter_field field, const char *text)
{
    params_text(params, filter->set & 1u << field ? text : NULL);
}

static void terms(struct params *params, const struct word_query *words)
{
    if (!words) {
        params_null(params);
        return;
    }
    array_begin(params, ELEMENT_INT4);
    for (size_t i = 0; i < words->term_count; i++)
        array_int4(params, words->terms[i]);
    array_end(params);
}

void filter_params(const struct consultation *consultation, const struct submission_filter *filter,
                   const struct word_query *words, struct params *params)
{
    const struct measure *measure = filter->set & 1u << FILTER_MEASURE
                                        ? consultation_measure(consultation, filter->measure)
                                        : NULL;
    filter_int2(params, filter, FILTER_MEASURE, measure ? measure->ordinal : 0);
    filter_int2(params, filter, FILTER_STANCE, filter->stance);
    filter_int2(params, filter, FILTER_KIND, (int)filter->kind);
    filter_text(params, filter, FILTER_STATE, filter->state);
    filter_int2(params, filter, FILTER_LANGUAGE, (int)filter->language);
    filter_date(params, filter, FILTER_FROM, filter->from);
    filter_date(params, filter, FILTER_TO, filter->to);
    filter_int2(params, filter, FILTER_MODERATION, (int)filter->moderation);
    terms(params, filter->set & 1u << FILTER_TEXT ? words : NULL);
}

/* As far as the tallies' grain goes. */
void tallies_params(int consultation_id, const struct submission_filter *filter,
                    struct params *params)
{
    params_int4(params, consultation_id);
    filter_text(params, filter, FILTER_MEASURE, filter->measure);
    filter_int2(params, filter, FILTER_KIND, (int)filter->kind);
    filter_int2(params, filter, FILTER_LANGUAGE, (int)filter->language);
    filter_date(params, filter, FILTER_FROM, filter->from);
    filter_date(params, filter, FILTER_TO, filter->to);
}
