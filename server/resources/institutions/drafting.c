/* What the pages of a response have in common; see drafting.h. */
#include "resources/institutions/drafting.h"

#include "http/reply.h"
#include "represent/wording.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER, LANGUAGE, PUBLISH, CREATED_AT, PARTS, STATE };

void drafting_params(const struct request *request, const struct drafting *drafting,
                     struct params *params)
{
    params_int4(params, request->official->id);
    params_int4(params, drafting->consultation->id);
}

static void drafting_take(struct drafting *out, const struct rows *rows)
{
    unsigned roles = (unsigned)row_int(rows, 0, PARTS);
    out->open = strcmp(row_text(rows, 0, STATE), "open") == 0;
    out->writes = out->open && roles & (MEMBER_COORDINATOR | MEMBER_DRAFTER);
    out->directs = out->open && roles & MEMBER_COORDINATOR;
    if (row_is_null(rows, 0, NUMBER))
        return;
    snprintf(out->number, sizeof out->number, "%s", row_text(rows, 0, NUMBER));
    out->language = (enum language)row_int(rows, 0, LANGUAGE);
    out->publish = row_bool(rows, 0, PUBLISH);
}

bool drafting_open(struct request *request, bool begun, struct drafting *out)
{
    struct params params = {0};
    struct rows rows = {0};
    char rest[DRAFTING_REST];
    *out = (struct drafting){.consultation = catalogue_find(service_of(request)->catalogue,
                                                            request_part(request, "slug"))};
    if (!out->consultation) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    drafting_params(request, out, &params);
    bool ok = desk_run(request, STATEMENT_RESPONSE_GET, &params, &rows);
    if (ok && rows_count(&rows) != 1) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        ok = false;
    }
    if (ok)
        drafting_take(out, &rows);
    rows_clear(&rows);
    if (ok && begun && !*out->number) {
        drafting_rest(out, "", rest);
        desk_redirect(request, rest);
        ok = false;
    }
    return ok;
}

void drafting_clear(struct drafting *drafting)
{
    consultation_release(drafting->consultation);
}

bool drafting_section(struct request *request, struct drafting *out, struct section *section)
{
    if (!drafting_open(request, true, out))
        return false;
    size_t at = section_find(out->consultation, request_part(request, "section"));
    if (at == SIZE_MAX) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    *section = section_at(out->consultation, at);
    return true;
}

void drafting_rest(const struct drafting *drafting, const char *own, char rest[DRAFTING_REST])
{
    snprintf(rest, DRAFTING_REST, "/consultations/%s%s", drafting->consultation->slug, own);
}

void drafting_redirect(struct request *request, const struct drafting *drafting, const char *own)
{
    char rest[DRAFTING_REST];
    drafting_rest(drafting, own, rest);
    desk_redirect(request, rest);
}

json_t *drafting_address(const struct request *request, const struct drafting *drafting,
                         const char *own)
{
    char rest[DRAFTING_REST];
    drafting_rest(drafting, own, rest);
    return desk_address(request, rest);
}

void drafting_show(struct request *request, const struct drafting *drafting,
                   const struct desk_page *page)
{
    char rest[DRAFTING_REST];
    struct desk_page shown = *page;
    const struct consultation *consultation = drafting->consultation;
    json_object_set_new(shown.page, "consultation",
                        json_pack("{s:s, s:b}", "title",
                                  consultation->title.body[request->language], "rehearsal",
                                  consultation->rehearsal));
    json_object_set_new(shown.page, "response",
                        json_pack("{s:s, s:s, s:b, s:b, s:b, s:o}", "number", drafting->number,
                                  "language", language_tag(drafting->language), "open",
                                  drafting->open, "writes", drafting->writes, "directs",
                                  drafting->directs, "home",
                                  drafting_address(request, drafting, "")));
    if (page->rest) {
        drafting_rest(drafting, page->rest, rest);
        shown.rest = rest;
    }
    reply_document(request, desk_document(request, &shown));
}

enum problem_code drafting_run(struct request *request, enum statement statement,
                               struct params *params, int *version)
{
    struct rows rows = {0};
    enum problem_code problem = PROBLEM_COUNT;
    if (desk_run(request, statement, params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        bool done = outcome && (strcmp(outcome, "done") == 0 || strcmp(outcome, "unchanged") == 0);
        problem = done ? PROBLEM_NONE : desk_outcome(outcome);
        if (version)
            *version = (int)row_int(&rows, 0, 1);
    }
    rows_clear(&rows);
    return problem;
}

static const char *title_key(enum section_kind kind)
{
    switch (kind) {
    case SECTION_SUMMARY:
        return "draft.summary";
    case SECTION_DIRECTION:
        return "draft.direction";
    case SECTION_MEASURE:
        return "draft.measure";
    case SECTION_QUESTION:
        return "draft.question";
    case SECTION_EVIDENCE:
        return "draft.evidence";
    case SECTION_INTERESTS:
        return "draft.interests";
    case SECTION_APPROVER:
    case SECTION_KINDS:
        break;
    }
    return "draft.approver";
}

json_t *section_title(const struct request *request, const struct consultation *consultation,
                      const struct section *section)
{
    const struct pages *pages = service_of(request)->pages;
    enum language language = request->language;
    const char *about = NULL, *code = strchr(section->code, '-');
    json_t *context = json_pack("{s:s}", "code", code ? code + 1 : "");
    json_t *label = wording_string(pages, language, title_key(section->kind), context);
    json_decref(context);
    if (section->kind == SECTION_DIRECTION)
        about = consultation->directions[section->index].title.body[language];
    else if (section->kind == SECTION_MEASURE)
        about = consultation->measures[section->index].text.body[language];
    else if (section->kind == SECTION_QUESTION)
        about = consultation->questions[section->index].text.body[language];
    json_t *whole =
        about ? json_sprintf("%s – %s", json_string_value(label), about) : json_incref(label);
    return json_pack("{s:s, s:o, s:s?, s:s, s:o}", "code", section->code, "label", label, "about",
                     about, "name", about ? about : json_string_value(label), "whole", whole);
}

json_t *section_stance(const struct request *request, const struct consultation *consultation,
                       int stance)
{
    return stance == STANCE_ABSENT
               ? json_null()
               : json_string(consultation->stance_labels[stance].body[request->language]);
}
