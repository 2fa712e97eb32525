/* One section: read, typed, looked at before it is saved, and saved. Forms name the version that
 * was read in a hidden field, the page's script in If-Match (RFC 9110 §13.1.1); who comes second is
 * shown both. */
#include "resources/institutions/draft_section.h"

#include "base/parse.h"
#include "http/reply.h"
#include "resources/routes.h"
#include "service.h"

#include <stdlib.h>
#include <string.h>

enum { VERSION, STANCE, TEXT, WORDING, AUTOSAVED, LOGIN, NAME, CHANGED_AT };
enum { VERSION_MOST = 100000000 };

bool section_version_read(struct request *request, const struct drafting *drafting,
                          const struct section *section, int version, struct section_version *out)
{
    struct params params = {0};
    *out = (struct section_version){.stance = STANCE_ABSENT, .text = "", .login = "", .name = ""};
    drafting_params(request, drafting, &params);
    params_text(&params, section->code);
    if (version)
        params_int4(&params, version);
    else
        params_null(&params);
    if (!desk_run(request, STATEMENT_RESPONSE_SECTION_GET, &params, &out->rows))
        return false;
    if (rows_count(&out->rows) != 1) {
        if (version)
            reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return version == 0;
    }
    out->version = (int)row_int(&out->rows, 0, VERSION);
    if (!row_is_null(&out->rows, 0, STANCE))
        out->stance = (int)row_int(&out->rows, 0, STANCE);
    out->wording = (int)row_int(&out->rows, 0, WORDING);
    out->autosaved = row_bool(&out->rows, 0, AUTOSAVED);
    out->changed_us = row_time(&out->rows, 0, CHANGED_AT);
    out->text = row_text(&out->rows, 0, TEXT);
    out->login = row_text(&out->rows, 0, LOGIN);
    out->name = row_text(&out->rows, 0, NAME);
    return true;
}

static void stance_read(const struct request *request, const struct section *section,
                        struct section_typed *out, struct faults *faults)
{
    const char *typed = form_text(&request->form, "/stance");
    int64_t stance;
    if (!*typed)
        return;
    if (section->takes_stance && parse_integer(typed, 0, STANCE_LAST, &stance))
        out->stance = (int)stance;
    else
        faults_add(faults, PROBLEM_UNKNOWN_VALUE, 0, "/stance");
}

void section_typed_read(const struct request *request, const struct section *section,
                        struct section_typed *out, struct faults *faults)
{
    const struct form *form = &request->form;
    int64_t version, wording;
    long over = 0;
    *out = (struct section_typed){.stance = STANCE_ABSENT, .sent = form_text(form, "/text")};
    if (parse_integer(form_text(form, "/version"), 0, VERSION_MOST, &version))
        out->version = (int)version;
    if (section->wording &&
        parse_integer(form_text(form, "/wording"), 1, section->wording, &wording))
        out->wording = (int)wording;
    stance_read(request, section, out, faults);
    enum problem_code problem =
        section_text(section, out->sent, strlen(out->sent), &out->text, &over);
    if (problem != PROBLEM_NONE) {
        faults_add(faults, problem, problem == PROBLEM_TOO_LONG ? section->limit : 0, "/text");
        if (faults->count)
            faults->list[faults->count - 1].over = over;
    }
}

/* As drafting_run; *version: the one that there is now. */
static enum problem_code section_save(struct request *request, const struct drafting *drafting,
                                      const struct section *section,
                                      const struct section_typed *typed, bool autosaved,
                                      int *version)
{
    struct params params = {0};
    drafting_params(request, drafting, &params);
    params_text(&params, section->code);
    params_int4(&params, typed->version);
    if (typed->stance == STANCE_ABSENT)
        params_null(&params);
    else
        params_int2(&params, typed->stance);
    params_text(&params, typed->text);
    if (typed->wording)
        params_int2(&params, typed->wording);
    else
        params_null(&params);
    params_bool(&params, autosaved);
    return drafting_run(request, STATEMENT_RESPONSE_SECTION_SAVE, &params, version);
}

enum handled response_section_page(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct section_version present = {0};
    char etag[24];
    if (drafting_section(request, &drafting, &section) &&
        section_version_read(request, &drafting, &section, 0, &present)) {
        /* Of the section, which a PUT here names in If-Match. */
        snprintf(etag, sizeof etag, "\"%d\"", present.version);
        reply_header(request, MHD_HTTP_HEADER_ETAG, etag);
        section_show(request, &drafting, &section,
                     &(struct section_shown){.status = 200,
                                             .present = &present,
                                             .saved = request_query(request, "saved") != NULL});
    }
    rows_clear(&present.rows);
    drafting_clear(&drafting);
    return HANDLED;
}

/* It was not saved: shows why, with what was typed. */
static void refusal_show(struct request *request, const struct drafting *drafting,
                         const struct section *section, const struct section_version *present,
                         const struct section_typed *typed, enum problem_code problem)
{
    struct faults faults = {0};
    faults_add(&faults, problem, 0, "/text");
    section_show(request, drafting, section,
                 &(struct section_shown){.status = problem_status(problem),
                                         .present = present,
                                         .typed = typed,
                                         .faults = &faults});
}

static void section_answer(struct request *request, const struct drafting *drafting,
                           const struct section *section, const struct section_typed *typed,
                           const struct faults *faults, bool preview)
{
    struct section_version present = {0};
    enum problem_code problem = PROBLEM_NONE;
    if (!preview && !faults->count)
        problem = section_save(request, drafting, section, typed, false, NULL);
    if (problem == PROBLEM_COUNT)
        return;
    if (!preview && !faults->count && problem == PROBLEM_NONE) {
        char own[64];
        snprintf(own, sizeof own, "/sections/%s?saved=1", section->code);
        drafting_redirect(request, drafting, own);
        return;
    }
    if (section_version_read(request, drafting, section, 0, &present)) {
        if (problem == PROBLEM_PRECONDITION_FAILED)
            section_conflict_show(request, drafting, section, &present, typed);
        else if (problem != PROBLEM_NONE)
            refusal_show(request, drafting, section, &present, typed, problem);
        else
            section_show(request, drafting, section,
                         &(struct section_shown){.status = faults->count ? 422 : 200,
                                                 .present = &present,
                                                 .typed = typed,
                                                 .faults = faults,
                                                 .preview = preview});
    }
    rows_clear(&present.rows);
}

static enum handled section_post(struct request *request, bool preview)
{
    struct drafting drafting;
    struct section section;
    struct section_typed typed = {0};
    struct faults faults = {0};
    if (drafting_section(request, &drafting, &section)) {
        section_typed_read(request, &section, &typed, &faults);
        section_answer(request, &drafting, &section, &typed, &faults, preview);
    }
    free(typed.text);
    drafting_clear(&drafting);
    return HANDLED;
}

enum handled response_section_form(struct request *request)
{
    return section_post(request, false);
}

/* Nothing is kept: what was typed, and how it would look. */
enum handled response_section_preview(struct request *request)
{
    return section_post(request, true);
}

/* One strong entity tag of ours. A list, a weak one or one of another form names nothing that there
 * is, and `*` not what was read: a save says which version it follows. */
static enum problem_code match_read(const struct request *request, int *version)
{
    const char *match = request_header(request, MHD_HTTP_HEADER_IF_MATCH);
    char digits[12];
    int64_t value;
    if (!match || strcmp(match, "*") == 0)
        return PROBLEM_PRECONDITION_REQUIRED;
    size_t length = strlen(match);
    if (length < 3 || length - 2 >= sizeof digits || match[0] != '"' || match[length - 1] != '"')
        return PROBLEM_PRECONDITION_FAILED;
    snprintf(digits, sizeof digits, "%.*s", (int)(length - 2), match + 1);
    if (!parse_integer(digits, 0, VERSION_MOST, &value))
        return PROBLEM_PRECONDITION_FAILED;
    *version = (int)value;
    return PROBLEM_NONE;
}

/* What is kept is not what was sent (its line ends, NFC), so the reply bears no entity tag (RFC
 * 9110 §9.3.4) but says which version it became. */
enum handled response_section_put(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct section_typed typed = {0};
    struct faults faults = {0};
    char body[48];
    int version = 0;
    if (drafting_section(request, &drafting, &section)) {
        section_typed_read(request, &section, &typed, &faults);
        enum problem_code problem = match_read(request, &typed.version);
        if (problem == PROBLEM_NONE && faults.count)
            problem = faults.list[0].code;
        if (problem == PROBLEM_NONE)
            problem = section_save(request, &drafting, &section, &typed, true, &version);
        if (problem == PROBLEM_NONE) {
            int length = snprintf(body, sizeof body, "{\"version\":%d}", version);
            reply_bytes(request, 200, "application/json", body, (size_t)length);
        } else if (problem != PROBLEM_COUNT) {
            reply_problem(request, problem,
                          problem == PROBLEM_PRECONDITION_FAILED ||
                                  problem == PROBLEM_PRECONDITION_REQUIRED
                              ? MHD_HTTP_HEADER_IF_MATCH
                              : "/text");
        }
    }
    free(typed.text);
    drafting_clear(&drafting);
    return HANDLED;
}
