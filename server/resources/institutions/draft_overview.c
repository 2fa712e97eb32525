/* An institution's response as a whole: its sections, who has them and what is missing; its
 * beginning, and its settings. */
#include "domain/receipt.h"
#include "http/reply.h"
#include "represent/markdown.h"
#include "represent/wording.h"
#include "resources/institutions/drafting.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { SECTION, VERSION, STANCE, TEXT, WORDING, CHANGED_BY, CHANGED_AT, LOGIN, NAME, COMMENTS };
enum { OWN = 64 };

/* The row of a section, or -1. */
static int row_of(const struct rows *rows, const char *code)
{
    for (int row = 0; row < rows_count(rows); row++)
        if (strcmp(row_text(rows, row, SECTION), code) == 0)
            return row;
    return -1;
}

static int stance_of(const struct rows *rows, int row)
{
    return row < 0 || row_is_null(rows, row, STANCE) ? STANCE_ABSENT
                                                     : (int)row_int(rows, row, STANCE);
}

static json_t *moment(const struct request *request, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE, us);
}

static size_t words_of(const char *text)
{
    struct markdown *markdown = NULL;
    size_t words = 0;
    if (markdown_parse(text, &markdown) == PROBLEM_NONE)
        words = markdown_words(markdown);
    markdown_free(markdown);
    return words;
}

/* What there is of it, and by whom; adds its words to *all. */
static void written_add(const struct request *request, const struct drafting *drafting,
                        const struct rows *rows, int row, json_t *view, size_t *all)
{
    const char *text = row_text(rows, row, TEXT);
    size_t words = words_of(text);
    *all += words;
    json_object_set_new(view, "stance",
                        section_stance(request, drafting->consultation, stance_of(rows, row)));
    if (*text)
        json_object_set_new(view, "words", wording_count((int64_t)words));
    if (!row_is_null(rows, row, CHANGED_AT)) {
        json_object_set_new(view, "changed", moment(request, row_time(rows, row, CHANGED_AT)));
        json_object_set_new(view, "by", json_string(row_text(rows, row, CHANGED_BY)));
    }
    if (!row_is_null(rows, row, NAME)) {
        json_object_set_new(view, "has", json_string(row_text(rows, row, NAME)));
        json_object_set_new(
            view, "own",
            json_boolean(strcmp(row_text(rows, row, LOGIN), request->official->login) == 0));
    }
    if (row_int(rows, row, COMMENTS))
        json_object_set_new(view, "comments", wording_count(row_int(rows, row, COMMENTS)));
}

static json_t *sections_view(const struct request *request, const struct drafting *drafting,
                             const struct rows *rows, size_t *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sections_count(drafting->consultation); i++) {
        struct section section = section_at(drafting->consultation, i);
        char own[OWN];
        int row = row_of(rows, section.code);
        snprintf(own, sizeof own, "/sections/%s", section.code);
        json_t *view = section_title(request, drafting->consultation, &section);
        json_object_set_new(view, "href", drafting_address(request, drafting, own));
        json_object_set_new(view, "within", json_boolean(section.kind == SECTION_MEASURE));
        if (row >= 0)
            written_add(request, drafting, rows, row, view, words);
        json_array_append_new(list, view);
    }
    return list;
}

static void missing_add(const struct request *request, const struct drafting *drafting,
                        const struct section *section, const char *key, json_t *list)
{
    char own[OWN];
    json_t *title = section_title(request, drafting->consultation, section);
    snprintf(own, sizeof own, "/sections/%s", section->code);
    json_array_append_new(
        list, json_pack("{s:o, s:O, s:o}", "what",
                        wording_string(service_of(request)->pages, request->language, key, title),
                        "name", json_object_get(title, "whole"), "href",
                        drafting_address(request, drafting, own)));
    json_decref(title);
}

/* {list: [{what, name, href}], needed: the first so many stand between this and filing}; null where
 * nothing is missing. */
static json_t *missing_view(const struct request *request, const struct drafting *drafting,
                            const struct rows *rows)
{
    json_t *needed = json_array(), *wanted = json_array();
    bool says = false;
    for (size_t i = 0; i < sections_count(drafting->consultation); i++) {
        struct section section = section_at(drafting->consultation, i);
        int row = row_of(rows, section.code);
        bool text = row >= 0 && *row_text(rows, row, TEXT);
        bool stance = stance_of(rows, row) != STANCE_ABSENT;
        bool about = section.kind == SECTION_DIRECTION || section.kind == SECTION_MEASURE ||
                     section.kind == SECTION_QUESTION;
        says |= about && (text || stance);
        if (section.required && !text)
            missing_add(request, drafting, &section, "draft.missing-text", needed);
        else if (section.kind == SECTION_MEASURE && !text && !stance)
            missing_add(request, drafting, &section, "draft.missing-both", wanted);
        else if (section.takes_stance && text && !stance)
            missing_add(request, drafting, &section, "draft.missing-stance", wanted);
        else if (section.takes_stance && stance && !text)
            missing_add(request, drafting, &section, "draft.missing-reasons", wanted);
    }
    size_t count = json_array_size(needed) + json_array_size(wanted);
    json_t *view = json_pack("{s:b, s:b, s:o}", "nothing_said", !says, "none", says && count == 0,
                             "count", wording_count((int64_t)count));
    if (json_array_size(needed))
        json_object_set_new(view, "needed", json_pack("{s:O}", "list", needed));
    if (json_array_size(wanted))
        json_object_set_new(view, "wanted", json_pack("{s:O}", "list", wanted));
    json_decref(needed);
    json_decref(wanted);
    return view;
}

/* [{value, label, checked, first}] of the three languages. */
static json_t *languages_view(const struct request *request, const char *chosen)
{
    json_t *list = json_array();
    for (int l = 0; l < LANGUAGES; l++) {
        char key[32];
        const char *tag = language_tag((enum language)l);
        snprintf(key, sizeof key, "language.%s", tag);
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:b, s:b}", "value", tag, "label",
                      wording_string(service_of(request)->pages, request->language, key, NULL),
                      "checked", strcmp(tag, chosen) == 0, "first", l == 0));
    }
    return list;
}

static const struct {
    const char *name, *own;
} ways[] = {{"preview_href", "/preview"}, {"attachments", "/attachments"}, {"import", "/import"},
            {"approval", "/approval"},    {"settings", "/settings"},       {"action", ""}};

static json_t *ways_view(const struct request *request, const struct drafting *drafting)
{
    json_t *view = json_object();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        json_object_set_new(view, ways[i].name, drafting_address(request, drafting, ways[i].own));
    return view;
}

/* Not begun yet: whoever may write begins it in one of the languages. */
static void begin_show(struct request *request, const struct drafting *drafting,
                       const struct faults *faults)
{
    const char *chosen = form_value(&request->form, "/language");
    json_t *page = json_pack(
        "{s:o, s:o, s:o, s:b}", "action", drafting_address(request, drafting, ""), "languages",
        languages_view(request, chosen ? chosen : language_tag(request->language)), "error",
        faults ? desk_error(request, faults, "/language") : json_null(), "coming",
        consultation_window(drafting->consultation, clock_utc_us(service_of(request)->clock)) ==
            WINDOW_BEFORE);
    drafting_show(request, drafting,
                  &(struct desk_page){.status = faults ? 422 : 200,
                                      .template = "response_begin",
                                      .title_key = "draft.title",
                                      .rest = faults ? NULL : "",
                                      .faults = faults,
                                      .page = page});
}

enum handled response_overview_page(struct request *request)
{
    struct drafting drafting;
    struct params params = {0};
    struct rows rows = {0};
    size_t words = 0;
    if (drafting_open(request, false, &drafting) && !*drafting.number) {
        begin_show(request, &drafting, NULL);
    } else if (*drafting.number) {
        drafting_params(request, &drafting, &params);
        if (desk_run(request, STATEMENT_RESPONSE_SECTION_LIST, &params, &rows)) {
            json_t *page = ways_view(request, &drafting);
            json_object_set_new(page, "sections", sections_view(request, &drafting, &rows, &words));
            json_object_set_new(page, "missing", missing_view(request, &drafting, &rows));
            json_object_set_new(page, "words_all", wording_count((int64_t)words));
            json_object_set_new(page, "closes",
                                wording_moment(service_of(request)->pages, request->language,
                                               MOMENT_END, drafting.consultation->closes_us));
            json_object_set_new(page, "publish", json_boolean(drafting.publish));
            drafting_show(request, &drafting,
                          &(struct desk_page){.status = 200,
                                              .template = "response_overview",
                                              .title_key = "draft.title",
                                              .rest = "",
                                              .page = page});
        }
    }
    rows_clear(&rows);
    drafting_clear(&drafting);
    return HANDLED;
}

/* LANGUAGES, with a fault, where none is chosen. */
static enum language language_typed(const struct request *request, struct faults *faults)
{
    const char *tag = form_text(&request->form, "/language");
    for (int l = 0; l < LANGUAGES; l++)
        if (strcmp(language_tag((enum language)l), tag) == 0)
            return (enum language)l;
    faults_add(faults, *tag ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/language");
    return LANGUAGES;
}

enum handled response_begin_form(struct request *request)
{
    struct drafting drafting;
    struct params params = {0};
    struct faults faults = {0};
    char number[NUMBER_TEXT + 1];
    if (drafting_open(request, false, &drafting)) {
        enum language language = language_typed(request, &faults);
        number_make(service_of(request)->clock, number);
        drafting_params(request, &drafting, &params);
        params_int2(&params, (int)language);
        params_text(&params, number);
        params_text(&params, request->official->network);
        enum problem_code problem = PROBLEM_COUNT;
        if (faults.count)
            begin_show(request, &drafting, &faults);
        else
            problem = drafting_run(request, STATEMENT_RESPONSE_OPEN, &params, NULL);
        params_clear(&params);
        if (problem == PROBLEM_NONE)
            drafting_redirect(request, &drafting, "");
        else if (problem != PROBLEM_COUNT)
            reply_problem(request, problem, NULL);
    }
    drafting_clear(&drafting);
    return HANDLED;
}

static void settings_show(struct request *request, const struct drafting *drafting,
                          const struct faults *faults)
{
    const char *language = form_value(&request->form, "/language");
    const char *publish = form_value(&request->form, "/publish");
    bool yes = publish ? strcmp(publish, "1") == 0 : drafting->publish;
    json_t *page = json_pack(
        "{s:o, s:o, s:o, s:b, s:o}", "action", drafting_address(request, drafting, "/settings"),
        "languages",
        languages_view(request, language ? language : language_tag(drafting->language)), "error",
        faults ? desk_error(request, faults, "/language") : json_null(), "publish", yes,
        "publish_error", faults ? desk_error(request, faults, "/publish") : json_null());
    drafting_show(request, drafting,
                  &(struct desk_page){.status = faults ? 422 : 200,
                                      .template = "response_settings",
                                      .title_key = "draft.settings",
                                      .rest = faults ? NULL : "/settings",
                                      .faults = faults,
                                      .page = page});
}

enum handled response_settings_page(struct request *request)
{
    struct drafting drafting;
    if (drafting_open(request, true, &drafting))
        settings_show(request, &drafting, NULL);
    drafting_clear(&drafting);
    return HANDLED;
}

enum handled response_settings_form(struct request *request)
{
    struct drafting drafting;
    struct params params = {0};
    struct faults faults = {0};
    if (drafting_open(request, true, &drafting)) {
        const char *publish = form_text(&request->form, "/publish");
        enum language language = language_typed(request, &faults);
        if (strcmp(publish, "0") != 0 && strcmp(publish, "1") != 0)
            faults_add(&faults, *publish ? PROBLEM_UNKNOWN_VALUE : PROBLEM_REQUIRED, 0, "/publish");
        drafting_params(request, &drafting, &params);
        params_int2(&params, (int)language);
        params_bool(&params, *publish == '1');
        params_text(&params, request->official->network);
        enum problem_code problem = PROBLEM_COUNT;
        if (faults.count)
            settings_show(request, &drafting, &faults);
        else
            problem = drafting_run(request, STATEMENT_RESPONSE_SETTINGS, &params, NULL);
        params_clear(&params);
        if (problem == PROBLEM_NONE)
            drafting_redirect(request, &drafting, "");
        else if (problem != PROBLEM_COUNT)
            reply_problem(request, problem, NULL);
    }
    drafting_clear(&drafting);
    return HANDLED;
}
