/* A section as its pages show it; see draft_section.h. */
#include "resources/institutions/draft_section.h"

#include "base/text.h"
#include "domain/text_diff.h"
#include "represent/markdown.h"
#include "represent/markup.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN = 96, DRAFTERS_LOGIN = 0, DRAFTERS_NAME };

static json_t *moment(const struct request *request, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE, us);
}

static json_t *address_of(const struct request *request, const struct drafting *drafting,
                          const struct section *section, const char *behind)
{
    char own[OWN];
    snprintf(own, sizeof own, "/sections/%s%s", section->code, behind);
    return drafting_address(request, drafting, own);
}

/* What it is about, to be read beside the draft; null for what is about nothing. */
static json_t *about_view(const struct request *request, const struct consultation *consultation,
                          const struct section *section)
{
    enum language language = request->language;
    const struct direction *direction = NULL;
    const struct text *text = NULL;
    if (section->kind == SECTION_DIRECTION) {
        direction = &consultation->directions[section->index];
        text = &direction->full_title;
    } else if (section->kind == SECTION_MEASURE) {
        text = &consultation->measures[section->index].text;
        direction = &consultation->directions[consultation->measures[section->index].direction];
    } else if (section->kind == SECTION_QUESTION) {
        text = &consultation->questions[section->index].text;
    } else {
        return json_null();
    }
    json_t *view =
        json_pack("{s:s, s:s*}", "text", text->body[language], "note", text->note[language]);
    if (direction) {
        json_object_set_new(view, "direction", json_string(direction->title.body[language]));
        json_object_set_new(view, "background",
                            markup_paragraphs(direction->background.body[language], language));
    }
    return view;
}

json_t *section_stances(const struct request *request, const struct drafting *drafting,
                        const struct section *section, int chosen, const struct faults *faults)
{
    static const int order[] = {5, 4, 3, 2, 1, 0, STANCE_ABSENT};
    if (!section->takes_stance)
        return json_null();
    json_t *options = json_array();
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        char value[4] = "";
        bool none = order[i] == STANCE_ABSENT;
        if (!none)
            snprintf(value, sizeof value, "%d", order[i]);
        json_t *label = none ? wording_string(service_of(request)->pages, request->language,
                                              "draft.no-stance", NULL)
                             : section_stance(request, drafting->consultation, order[i]);
        json_array_append_new(options,
                              json_pack("{s:s, s:o, s:b, s:b}", "value", value, "label", label,
                                        "checked", order[i] == chosen, "first", i == 0));
    }
    return json_pack("{s:o, s:o}", "error",
                     faults ? desk_error(request, faults, "/stance") : json_null(), "options",
                     options);
}

/* {markup, words, error: why it cannot be shown}. */
static json_t *preview_view(const struct request *request, const struct drafting *drafting,
                            const struct section *section, const char *text)
{
    struct markdown *markdown = NULL;
    enum problem_code problem = markdown_parse(text, &markdown);
    char key[64];
    json_t *view = NULL;
    if (problem == PROBLEM_NONE) {
        const struct markdown_place place = {.pages = service_of(request)->pages,
                                             .page = request->language,
                                             .text = drafting->language,
                                             .prefix = section->code,
                                             .heading = 3};
        view = json_pack("{s:o, s:o}", "markup", markdown_markup(markdown, &place), "words",
                         wording_count((int64_t)markdown_words(markdown)));
    } else {
        snprintf(key, sizeof key, "problem.%s.title", problem_slug(problem));
        view = json_pack("{s:o}", "error",
                         wording_string(service_of(request)->pages, request->language, key, NULL));
    }
    markdown_free(markdown);
    return view;
}

/* Who may be given it, for a coordinator. NULL: a reply is set. */
static json_t *drafters_view(struct request *request, const struct drafting *drafting,
                             const char *given)
{
    struct params params = {0};
    struct rows rows = {0};
    json_t *list = json_array();
    drafting_params(request, drafting, &params);
    if (!desk_run(request, STATEMENT_RESPONSE_DRAFTER_LIST, &params, &rows)) {
        json_decref(list);
        list = NULL;
    }
    for (int row = 0; list && row < rows_count(&rows); row++) {
        const char *login = row_text(&rows, row, DRAFTERS_LOGIN);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "login", login, "name",
                                              row_text(&rows, row, DRAFTERS_NAME), "checked",
                                              strcmp(login, given) == 0));
    }
    rows_clear(&rows);
    return list;
}

/* {name, own, action and members for who may change it}. False: a reply is set. */
static bool given_add(struct request *request, const struct drafting *drafting,
                      const struct section *section, json_t *page)
{
    enum { SECTION = 0, LOGIN = 7, NAME = 8 };
    struct params params = {0};
    struct rows rows = {0};
    const char *login = "", *name = "";
    drafting_params(request, drafting, &params);
    bool ok = desk_run(request, STATEMENT_RESPONSE_SECTION_LIST, &params, &rows);
    for (int row = 0; ok && row < rows_count(&rows); row++)
        if (strcmp(row_text(&rows, row, SECTION), section->code) == 0 &&
            !row_is_null(&rows, row, LOGIN)) {
            login = row_text(&rows, row, LOGIN);
            name = row_text(&rows, row, NAME);
        }
    if (ok) {
        json_t *given = json_pack("{s:s, s:b}", "name", name, "own",
                                  strcmp(login, request->official->login) == 0);
        json_t *members = drafting->directs ? drafters_view(request, drafting, login) : NULL;
        ok = members || !drafting->directs;
        if (members)
            json_object_set_new(given, "change",
                                json_pack("{s:o, s:o, s:b}", "action",
                                          address_of(request, drafting, section, "/assignment"),
                                          "members", members, "nobody", !*login));
        json_object_set_new(page, "given", given);
    }
    rows_clear(&rows);
    return ok;
}

static void neighbour_add(const struct request *request, const struct drafting *drafting, size_t at,
                          const char *name, json_t *page)
{
    if (at >= sections_count(drafting->consultation))
        return;
    struct section section = section_at(drafting->consultation, at);
    json_t *title = section_title(request, drafting->consultation, &section);
    json_object_set_new(title, "href", address_of(request, drafting, &section, ""));
    json_object_set_new(page, name, title);
}

/* Who saved what there is, and when. */
static json_t *saved_view(const struct request *request, const struct section_version *present)
{
    return present->version == 0
               ? json_null()
               : json_pack("{s:i, s:s, s:o, s:b}", "version", present->version, "by", present->name,
                           "when", moment(request, present->changed_us), "autosaved",
                           present->autosaved);
}

static json_t *form_view(const struct request *request, const struct drafting *drafting,
                         const struct section *section, const struct section_shown *shown)
{
    const struct section_typed *typed = shown->typed;
    const struct section_version *present = shown->present;
    const char *base = typed ? form_text(&request->form, "/base") : present->text;
    json_t *error = shown->faults ? desk_error(request, shown->faults, "/text") : json_null();
    return json_pack("{s:i, s:i, s:s, s:{s:s, s:o}, s:o}", "version",
                     typed ? typed->version : present->version, "wording",
                     typed && typed->wording ? typed->wording : section->wording, "base", base,
                     "text", "value", typed ? typed->sent : present->text, "error", error, "stance",
                     section_stances(request, drafting, section,
                                     typed ? typed->stance : present->stance, shown->faults));
}

static const char *hint_key(enum section_kind kind)
{
    switch (kind) {
    case SECTION_SUMMARY:
        return "draft.hint-summary";
    case SECTION_DIRECTION:
    case SECTION_MEASURE:
        return "draft.hint-reasons";
    case SECTION_QUESTION:
        return "draft.hint-question";
    case SECTION_EVIDENCE:
        return "draft.hint-evidence";
    case SECTION_INTERESTS:
        return "draft.hint-interests";
    case SECTION_APPROVER:
    case SECTION_KINDS:
        break;
    }
    return "draft.hint-approver";
}

/* What the editor and the conflict have in common. */
static json_t *page_of(const struct request *request, const struct drafting *drafting,
                       const struct section *section)
{
    const struct consultation *consultation = drafting->consultation;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "section",
                     section_title(request, consultation, section), "about",
                     about_view(request, consultation, section), "action",
                     address_of(request, drafting, section, ""), "versions",
                     address_of(request, drafting, section, "/versions"), "hint",
                     wording_string(service_of(request)->pages, request->language,
                                    hint_key(section->kind), NULL),
                     "most", section->limit, "limit", wording_count(section->limit), "short",
                     json_boolean(section->kind == SECTION_APPROVER));
}

/* What a member reads who may not write it now. */
static void read_add(const struct request *request, const struct drafting *drafting,
                     const struct section *section, const struct section_shown *shown, json_t *page)
{
    json_t *read = preview_view(request, drafting, section, shown->present->text);
    json_object_set_new(read, "empty", json_boolean(!*shown->present->text));
    json_object_set_new(read, "stance",
                        section_stance(request, drafting->consultation, shown->present->stance));
    /* Somebody who was writing at the close keeps it. */
    if (shown->typed)
        json_object_set_new(read, "unsaved", json_string(shown->typed->sent));
    json_object_set_new(page, "read", read);
}

void section_show(struct request *request, const struct drafting *drafting,
                  const struct section *section, const struct section_shown *shown)
{
    size_t at = section_find(drafting->consultation, section->code);
    const struct section_typed *typed = shown->typed;
    const char *text = !typed ? shown->present->text : typed->text ? typed->text : typed->sent;
    json_t *page = page_of(request, drafting, section);
    json_t *comments = section_comments(request, drafting, section, true);
    json_t *look = preview_view(request, drafting, section, text);
    json_t *title = json_incref(json_object_get(json_object_get(page, "section"), "whole"));
    bool ok = comments && given_add(request, drafting, section, page);
    json_object_set_new(page, "comments", comments ? comments : json_null());
    json_object_set_new(page, "comments_href", address_of(request, drafting, section, "/comments"));
    json_object_set_new(page, "preview_action", address_of(request, drafting, section, "/preview"));
    json_object_set_new(page, "saved", saved_view(request, shown->present));
    json_object_set_new(page, "done", json_boolean(shown->saved && shown->present->version));
    json_object_set_new(page, "points", wording_count((int64_t)text_points(text)));
    json_object_set_new(page, "look", look);
    json_object_set_new(page, "looked", json_boolean(shown->preview));
    neighbour_add(request, drafting, at - 1, "previous", page);
    neighbour_add(request, drafting, at + 1, "next", page);
    if (drafting->writes)
        json_object_set_new(page, "form", form_view(request, drafting, section, shown));
    else
        read_add(request, drafting, section, shown, page);
    char own[OWN];
    snprintf(own, sizeof own, "/sections/%s", section->code);
    if (ok)
        drafting_show(request, drafting,
                      &(struct desk_page){.status = shown->status,
                                          .template = "response_section",
                                          .title = json_string_value(title),
                                          .rest = typed ? NULL : own,
                                          .faults = shown->faults,
                                          .page = page});
    else
        json_decref(page);
    json_decref(title);
}

json_t *section_changes(const char *old, const char *new)
{
    static const char *const names[] = {
        [DIFF_SAME] = "same", [DIFF_DELETED] = "gone", [DIFF_INSERTED] = "come"};
    struct text_diff diff;
    json_t *view = NULL;
    if (text_diff(old, new, &diff)) {
        json_t *parts = json_array();
        for (size_t i = 0; i < diff.count; i++)
            json_array_append_new(parts, json_pack("{s:s%}", names[diff.parts[i].kind],
                                                   diff.parts[i].text, diff.parts[i].length));
        view = json_pack("{s:b, s:o}", "same", strcmp(old, new) == 0, "parts", parts);
    }
    text_diff_clear(&diff);
    return view;
}

void section_conflict_show(struct request *request, const struct drafting *drafting,
                           const struct section *section, const struct section_version *present,
                           const struct section_typed *typed)
{
    const char *base_sent = form_text(&request->form, "/base");
    char *base = NULL;
    if (section_text(section, base_sent, strlen(base_sent), &base, NULL) != PROBLEM_NONE)
        base = strdup("");
    char *both = base ? text_merge(base, typed->text, present->text) : NULL;
    struct faults faults = {0};
    faults_add(&faults, PROBLEM_CHANGED_MEANWHILE, 0, "/text");
    json_t *page = page_of(request, drafting, section);
    json_t *form =
        json_pack("{s:i, s:i, s:s, s:{s:s, s:n}, s:o}", "version", present->version, "wording",
                  typed->wording ? typed->wording : section->wording, "base", present->text, "text",
                  "value", both ? both : typed->text, "error", "stance",
                  section_stances(request, drafting, section, typed->stance, NULL));
    json_object_set_new(page, "form", form);
    json_object_set_new(page, "both", json_boolean(both != NULL));
    json_object_set_new(page, "saved", saved_view(request, present));
    json_object_set_new(page, "theirs", section_changes(base ? base : "", present->text));
    json_object_set_new(page, "yours", section_changes(base ? base : "", typed->text));
    json_object_set_new(page, "base", json_string(base ? base : ""));
    json_object_set_new(page, "between", section_changes(present->text, typed->text));
    json_object_set_new(page, "yours_text", json_string(typed->text));
    json_object_set_new(page, "theirs_stance",
                        section_stance(request, drafting->consultation, present->stance));
    json_object_set_new(page, "yours_stance",
                        section_stance(request, drafting->consultation, typed->stance));
    json_object_set_new(page, "takes_stance", json_boolean(section->takes_stance));
    drafting_show(request, drafting,
                  &(struct desk_page){.status = 409,
                                      .template = "response_conflict",
                                      .title_key = "draft.conflict",
                                      .rest = NULL,
                                      .faults = &faults,
                                      .page = page});
    free(base);
    free(both);
}
