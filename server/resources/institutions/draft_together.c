/* Who works on a section, and what they say to each other about it. */
#include "base/parse.h"
#include "base/text.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/draft_section.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, VERSION, NAME, TEXT, SAID_AT, RESOLVED_BY, RESOLVED_AT };
enum { COMMENT_POINTS = 2000, OWN = 96 };

static json_t *moment(const struct request *request, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE, us);
}

static void section_redirect(struct request *request, const struct drafting *drafting,
                             const struct section *section, const char *behind)
{
    char own[OWN];
    snprintf(own, sizeof own, "/sections/%s%s", section->code, behind);
    drafting_redirect(request, drafting, own);
}

enum handled response_assignment_form(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct params params = {0};
    if (drafting_section(request, &drafting, &section)) {
        const char *login = form_text(&request->form, "/member");
        drafting_params(request, &drafting, &params);
        params_text(&params, section.code);
        params_text(&params, *login ? login : NULL);
        enum problem_code problem = drafting_run(request, STATEMENT_RESPONSE_ASSIGN, &params, NULL);
        if (problem == PROBLEM_NONE)
            section_redirect(request, &drafting, &section, "");
        else if (problem != PROBLEM_COUNT)
            reply_problem(request, problem, problem == PROBLEM_UNKNOWN_VALUE ? "/member" : NULL);
    }
    drafting_clear(&drafting);
    return HANDLED;
}

static json_t *comment_view(const struct request *request, const struct drafting *drafting,
                            const struct section *section, const struct rows *rows, int row)
{
    struct uuid id = {0};
    char text[UUID_TEXT + 1], own[OWN + UUID_TEXT];
    size_t length;
    const void *bytes = row_bytes(rows, row, ID, &length);
    if (bytes && length == sizeof id.bytes)
        memcpy(id.bytes, bytes, sizeof id.bytes);
    format_uuid(&id, text);
    snprintf(own, sizeof own, "/sections/%s/comments/%s", section->code, text);
    json_t *view =
        json_pack("{s:s, s:o, s:i, s:s, s:o, s:s}", "id", text, "action",
                  drafting_address(request, drafting, own), "version",
                  (int)row_int(rows, row, VERSION), "who", row_text(rows, row, NAME), "when",
                  moment(request, row_time(rows, row, SAID_AT)), "text", row_text(rows, row, TEXT));
    if (!row_is_null(rows, row, RESOLVED_AT))
        json_object_set_new(view, "done",
                            json_pack("{s:s, s:o}", "who", row_text(rows, row, RESOLVED_BY), "when",
                                      moment(request, row_time(rows, row, RESOLVED_AT))));
    return view;
}

json_t *section_comments(struct request *request, const struct drafting *drafting,
                         const struct section *section, bool open_only)
{
    struct params params = {0};
    struct rows rows = {0};
    json_t *view = NULL;
    int64_t open = 0;
    drafting_params(request, drafting, &params);
    params_text(&params, section->code);
    if (desk_run(request, STATEMENT_RESPONSE_COMMENT_LIST, &params, &rows)) {
        json_t *list = json_array();
        for (int row = 0; row < rows_count(&rows); row++) {
            bool done = !row_is_null(&rows, row, RESOLVED_AT);
            open += !done;
            if (!done || !open_only)
                json_array_append_new(list, comment_view(request, drafting, section, &rows, row));
        }
        view = json_pack("{s:o}", "list", list);
        if (open)
            json_object_set_new(view, "open", wording_count(open));
    }
    rows_clear(&rows);
    return view;
}

static void comments_show(struct request *request, const struct drafting *drafting,
                          const struct section *section, const struct faults *faults)
{
    struct section_version present = {0};
    char own[OWN];
    snprintf(own, sizeof own, "/sections/%s/comments", section->code);
    json_t *comments = section_comments(request, drafting, section, false);
    if (comments && section_version_read(request, drafting, section, 0, &present)) {
        char section_own[OWN];
        snprintf(section_own, sizeof section_own, "/sections/%s", section->code);
        json_t *page =
            json_pack("{s:o, s:O, s:o, s:o, s:i, s:{s:s, s:o}}", "section",
                      section_title(request, drafting->consultation, section), "comments", comments,
                      "action", drafting_address(request, drafting, own), "section_href",
                      drafting_address(request, drafting, section_own), "version", present.version,
                      "text", "value", faults ? form_text(&request->form, "/text") : "", "error",
                      faults ? desk_error(request, faults, "/text") : json_null());
        drafting_show(
            request, drafting,
            &(struct desk_page){.status = faults ? problem_status(faults->list[0].code) : 200,
                                .template = "response_comments",
                                .title_key = "draft.comments",
                                .rest = faults ? NULL : own,
                                .faults = faults,
                                .page = page});
    }
    rows_clear(&present.rows);
    json_decref(comments);
}

enum handled response_comments_page(struct request *request)
{
    struct drafting drafting;
    struct section section;
    if (drafting_section(request, &drafting, &section))
        comments_show(request, &drafting, &section, NULL);
    drafting_clear(&drafting);
    return HANDLED;
}

/* New, or NULL with a fault. */
static char *comment_typed(const struct request *request, struct faults *faults)
{
    const char *sent = form_text(&request->form, "/text");
    char *normal = NULL, *text = NULL;
    size_t length = 0;
    if (!text_normalise(sent, strlen(sent), &normal)) {
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "/text");
        return NULL;
    }
    const char *trimmed = text_trim(normal, &length);
    text = strndup(trimmed, length);
    free(normal);
    if (text && length > 0 && text_points(text) <= COMMENT_POINTS)
        return text;
    if (length == 0)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/text");
    else
        faults_add(faults, PROBLEM_TOO_LONG, COMMENT_POINTS, "/text");
    free(text);
    return NULL;
}

enum handled response_comments_form(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct params params = {0};
    struct faults faults = {0};
    int64_t version = 0;
    if (drafting_section(request, &drafting, &section)) {
        enum problem_code problem = PROBLEM_NONE;
        char *text = comment_typed(request, &faults);
        if (!parse_integer(form_text(&request->form, "/version"), 0, INT32_MAX, &version))
            version = 0;
        if (text) {
            drafting_params(request, &drafting, &params);
            params_text(&params, section.code);
            params_int4(&params, (int32_t)version);
            params_text(&params, text);
            problem = drafting_run(request, STATEMENT_RESPONSE_COMMENT_SAY, &params, NULL);
        }
        if (text && problem != PROBLEM_NONE && problem != PROBLEM_COUNT)
            faults_add(&faults, problem, 0, "/text");
        if (faults.count)
            comments_show(request, &drafting, &section, &faults);
        else if (problem == PROBLEM_NONE)
            section_redirect(request, &drafting, &section, "/comments");
        free(text);
    }
    drafting_clear(&drafting);
    return HANDLED;
}

enum handled response_comment_form(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct params params = {0};
    struct uuid id;
    if (drafting_section(request, &drafting, &section)) {
        enum problem_code problem = PROBLEM_NOT_FOUND;
        if (parse_uuid(request_part(request, "comment"), &id)) {
            drafting_params(request, &drafting, &params);
            params_text(&params, section.code);
            params_uuid(&params, &id);
            params_bool(&params, strcmp(form_text(&request->form, "/done"), "1") == 0);
            problem = drafting_run(request, STATEMENT_RESPONSE_COMMENT_RESOLVE, &params, NULL);
        }
        if (problem == PROBLEM_NONE)
            section_redirect(request, &drafting, &section, "/comments");
        else if (problem != PROBLEM_COUNT)
            reply_problem(request, problem, NULL);
    }
    drafting_clear(&drafting);
    return HANDLED;
}
