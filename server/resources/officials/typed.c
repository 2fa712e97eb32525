/* What publishers type; see typed.h. */
#include "resources/officials/typed.h"

#include "base/text.h"
#include "domain/window.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 48, NUMBER = 24 };

static void name_of(const char *group, const char *part, char name[NAME])
{
    snprintf(name, NAME, "%s/%s", group, part);
}

static const char *value_of(const struct form *form, const char *group, const char *part)
{
    char name[NAME];
    name_of(group, part, name);
    return form_text(form, name);
}

/* A short value with full-width forms made ASCII, as an input method leaves them; "" if it is none.
 */
static void value_plain(const struct form *form, const char *group, const char *part,
                        char out[NUMBER])
{
    const char *value = value_of(form, group, part);
    char *plain = NULL;
    size_t length = 0;
    *out = '\0';
    if (!text_compatible(value, strlen(value), &plain))
        return;
    const char *trimmed = text_trim(plain, &length);
    if (length < NUMBER)
        snprintf(out, NUMBER, "%.*s", (int)length, trimmed);
    free(plain);
}

static bool moment_read(const struct form *form, const char *group, const char *clock,
                        int64_t *out_us, struct faults *faults)
{
    char day[NUMBER], month[NUMBER], year[NUMBER];
    value_plain(form, group, "day", day);
    value_plain(form, group, "month", month);
    value_plain(form, group, "year", year);
    if (window_fields(year, month, day, clock, out_us))
        return true;
    bool empty = !*day && !*month && !*year;
    faults_add(faults, empty ? PROBLEM_REQUIRED : PROBLEM_DATE_INVALID, 0, "%s/day", group);
    return false;
}

bool typed_moment(const struct form *form, const char *group, int64_t *out_us,
                  struct faults *faults)
{
    int64_t at_us;
    char clock[NUMBER], hours[NUMBER];
    value_plain(form, group, "clock", clock);
    snprintf(hours, sizeof hours, "%s%.22s", strlen(clock) == 4 ? "0" : "", clock);
    if (!moment_read(form, group, "00:00", out_us, faults))
        return false;
    if (window_fields("2026", "1", "1", hours, &at_us))
        return moment_read(form, group, hours, out_us, faults);
    faults_add(faults, PROBLEM_CLOCK_INVALID, 0, "%s/clock", group);
    return false;
}

bool typed_end(const struct form *form, const char *group, int64_t *out_us, struct faults *faults)
{
    if (!moment_read(form, group, "00:00", out_us, faults))
        return false;
    *out_us += WINDOW_DAY_S * INT64_C(1000000);
    return true;
}

/* New, or NULL with a fault. */
static char *text_read(const char *value, int points, const char *name, struct faults *faults)
{
    char *normal = NULL, *out = NULL;
    size_t length = 0;
    if (!text_normalise(value, strlen(value), &normal) || strchr(normal, '\t')) {
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "%s", name);
        free(normal);
        return NULL;
    }
    const char *trimmed = text_trim(normal, &length);
    out = strndup(trimmed, length);
    free(normal);
    size_t long_by = out && text_points(out) > (size_t)points ? text_points(out) : 0;
    if (out && length > 0 && !long_by)
        return out;
    if (long_by)
        faults_add(faults, PROBLEM_TOO_LONG, points, "%s", name);
    else
        faults_add(faults, out ? PROBLEM_REQUIRED : PROBLEM_INTERNAL, 0, "%s", name);
    free(out);
    return NULL;
}

bool typed_texts(const struct form *form, const char *group, int points, struct typed_texts *out,
                 struct faults *faults)
{
    bool whole = true;
    for (int language = 0; language < LANGUAGES; language++) {
        char name[NAME];
        name_of(group, language_tag((enum language)language), name);
        out->text[language] = text_read(form_text(form, name), points, name, faults);
        whole = whole && out->text[language];
    }
    return whole;
}

void typed_texts_clear(struct typed_texts *texts)
{
    for (int language = 0; language < LANGUAGES; language++)
        free(texts->text[language]);
    *texts = (struct typed_texts){0};
}

static json_t *error_of(const struct request *request, const struct faults *faults,
                        const char *group, const char *part)
{
    char name[NAME];
    name_of(group, part, name);
    return faults ? desk_error(request, faults, name) : json_null();
}

json_t *typed_date_view(const struct request *request, const struct form *form,
                        const struct typed_date *date, const struct faults *faults)
{
    const struct pages *pages = service_of(request)->pages;
    struct window_parts parts;
    char day[NUMBER] = "", month[NUMBER] = "", year[NUMBER] = "";
    window_split(date->clock ? date->utc_us : date->utc_us - 1, &parts);
    if (!form && date->utc_us) {
        snprintf(day, sizeof day, "%d", parts.day);
        snprintf(month, sizeof month, "%d", parts.month);
        snprintf(year, sizeof year, "%d", parts.year);
    }
    const char *group = date->group;
    json_t *view =
        json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:o}", "id", group + 1, "name", group,
                  "legend", wording_string(pages, request->language, date->legend_key, NULL),
                  "hint", wording_string(pages, request->language, date->hint_key, NULL), "day",
                  form ? value_of(form, group, "day") : day, "month",
                  form ? value_of(form, group, "month") : month, "year",
                  form ? value_of(form, group, "year") : year, "error",
                  error_of(request, faults, group, "day"));
    if (view && date->clock)
        json_object_set_new(view, "clock",
                            json_pack("{s:s, s:o}", "value",
                                      form ? value_of(form, group, "clock") : parts.clock, "error",
                                      error_of(request, faults, group, "clock")));
    return view;
}

json_t *typed_label(const struct request *request, const char *key, enum language language)
{
    const struct pages *pages = service_of(request)->pages;
    char name[NAME];
    snprintf(name, sizeof name, "language.%s", language_tag(language));
    json_t *context =
        json_pack("{s:o}", "language", wording_string(pages, request->language, name, NULL));
    json_t *label = wording_string(pages, request->language, key, context);
    json_decref(context);
    return label;
}

/* About as many lines as the text takes. */
static int rows_of(const char *value)
{
    size_t rows = 2 + text_points(value) / 50;
    return rows < 4 ? 4 : rows > 16 ? 16 : (int)rows;
}

json_t *typed_texts_view(const struct request *request, const struct form *form, const char *group,
                         const char *label_key, const char *const values[LANGUAGES],
                         const struct faults *faults)
{
    json_t *list = json_array();
    for (int language = 0; language < LANGUAGES; language++) {
        const char *tag = language_tag((enum language)language);
        const char *value = values && values[language] ? values[language] : "";
        char name[NAME];
        name_of(group, tag, name);
        if (form)
            value = form_text(form, name);
        json_array_append_new(
            list,
            json_pack("{s:o, s:s, s:s, s:o, s:s, s:i, s:o}", "id",
                      json_sprintf("%s-%s", group + 1, tag), "name", name, "tag", tag, "label",
                      typed_label(request, label_key, (enum language)language), "value", value,
                      "rows", rows_of(value), "error", error_of(request, faults, group, tag)));
    }
    return list;
}

json_t *typed_carried(const struct form *form)
{
    json_t *list = json_array();
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, "/form_token") != 0 &&
            strcmp(form->fields[i].name, "/go") != 0)
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", form->fields[i].name,
                                                  "value", form->fields[i].value));
    return list;
}

enum typed_go typed_go(const struct form *form)
{
    const char *go = form_text(form, "/go");
    return strcmp(go, "confirm") == 0  ? TYPED_CONFIRM
           : strcmp(go, "change") == 0 ? TYPED_CHANGE
                                       : TYPED_CHECK;
}
