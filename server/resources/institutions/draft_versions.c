/* The versions of a section: which there are, what changed between two, and an older one made the
 * newest again. */
#include "base/parse.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/institutions/draft_section.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <string.h>

enum { VERSION, STANCE, POINTS, AUTOSAVED, LOGIN, NAME, CHANGED_AT };
enum { PAGE = 50, CHOICES = 200, OWN = 96, VERSION_MOST = 100000000 };

static json_t *moment(const struct request *request, int64_t us)
{
    return wording_moment(service_of(request)->pages, request->language, MOMENT_MINUTE, us);
}

static json_t *version_address(const struct request *request, const struct drafting *drafting,
                               const struct section *section, int version)
{
    char own[OWN];
    snprintf(own, sizeof own, "/sections/%s/versions/%d", section->code, version);
    return drafting_address(request, drafting, own);
}

/* Those before one (0: from the newest). False: a reply is set. */
static bool versions_read(struct request *request, const struct drafting *drafting,
                          const struct section *section, int before, int most, struct rows *rows)
{
    struct params params = {0};
    drafting_params(request, drafting, &params);
    params_text(&params, section->code);
    if (before)
        params_int4(&params, before);
    else
        params_null(&params);
    params_int4(&params, most);
    return desk_run(request, STATEMENT_RESPONSE_VERSION_LIST, &params, rows);
}

static json_t *version_row(const struct request *request, const struct drafting *drafting,
                           const struct section *section, const struct rows *rows, int row)
{
    int version = (int)row_int(rows, row, VERSION);
    int stance = row_is_null(rows, row, STANCE) ? STANCE_ABSENT : (int)row_int(rows, row, STANCE);
    return json_pack(
        "{s:i, s:s, s:o, s:b, s:o, s:o, s:o}", "version", version, "who", row_text(rows, row, NAME),
        "when", moment(request, row_time(rows, row, CHANGED_AT)), "autosaved",
        row_bool(rows, row, AUTOSAVED), "points", wording_count(row_int(rows, row, POINTS)),
        "stance", section_stance(request, drafting->consultation, stance), "href",
        version_address(request, drafting, section, version));
}

enum handled draft_versions_page(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct rows rows = {0};
    int64_t before = 0;
    char own[OWN];
    const char *from = request_query(request, "before");
    if (drafting_section(request, &drafting, &section)) {
        if (from && !parse_integer(from, 1, VERSION_MOST, &before))
            before = 0;
        if (versions_read(request, &drafting, &section, (int)before, PAGE + 1, &rows)) {
            json_t *list = json_array();
            int count = rows_count(&rows);
            for (int row = 0; row < count && row < PAGE; row++)
                json_array_append_new(list, version_row(request, &drafting, &section, &rows, row));
            snprintf(own, sizeof own, "/sections/%s", section.code);
            json_t *page = json_pack("{s:o, s:o}", "section",
                                     section_title(request, drafting.consultation, &section),
                                     "section_href", drafting_address(request, &drafting, own));
            if (count)
                json_object_set_new(page, "versions", json_pack("{s:O}", "list", list));
            snprintf(own, sizeof own, "/sections/%s/versions?before=%d", section.code,
                     count > PAGE ? (int)row_int(&rows, PAGE - 1, VERSION) : 0);
            if (count > PAGE)
                json_object_set_new(page, "older", drafting_address(request, &drafting, own));
            snprintf(own, sizeof own, "/sections/%s/versions", section.code);
            drafting_show(request, &drafting,
                          &(struct desk_page){.status = 200,
                                              .template = "response_versions",
                                              .title_key = "draft.versions",
                                              .rest = own,
                                              .page = page});
            json_decref(list);
        }
    }
    rows_clear(&rows);
    drafting_clear(&drafting);
    return HANDLED;
}

static json_t *side_view(const struct request *request, const struct drafting *drafting,
                         const struct section_version *side)
{
    return json_pack("{s:i, s:s, s:o, s:b, s:o}", "version", side->version, "who", side->name,
                     "when", side->version ? moment(request, side->changed_us) : json_null(),
                     "autosaved", side->autosaved, "stance",
                     section_stance(request, drafting->consultation, side->stance));
}

/* The older one that it is compared with: the one asked for, else the one before it; 0: nothing. */
static int older_of(const struct request *request, const struct rows *rows, int version)
{
    const char *asked = request_query(request, "from");
    int64_t from = 0;
    if (asked && parse_integer(asked, 0, VERSION_MOST, &from))
        return (int)from;
    for (int row = 0; row < rows_count(rows); row++)
        if ((int)row_int(rows, row, VERSION) < version)
            return (int)row_int(rows, row, VERSION);
    return 0;
}

static json_t *choices_view(const struct request *request, const struct rows *rows, int version,
                            int chosen)
{
    json_t *list = json_array();
    for (int row = 0; row < rows_count(rows); row++) {
        int other = (int)row_int(rows, row, VERSION);
        if (other != version)
            json_array_append_new(list, json_pack("{s:i, s:s, s:o, s:b}", "version", other, "who",
                                                  row_text(rows, row, NAME), "when",
                                                  moment(request, row_time(rows, row, CHANGED_AT)),
                                                  "checked", other == chosen));
    }
    return list;
}

static void version_show(struct request *request, const struct drafting *drafting,
                         const struct section *section, int version, const struct faults *faults)
{
    struct section_version is = {0}, was = {0};
    struct rows rows = {0};
    char own[OWN];
    if (section_version_read(request, drafting, section, version, &is) &&
        versions_read(request, drafting, section, 0, CHOICES, &rows)) {
        int from = older_of(request, &rows, version);
        int newest = rows_count(&rows) ? (int)row_int(&rows, 0, VERSION) : 0;
        if (from == 0)
            was = (struct section_version){
                .stance = STANCE_ABSENT, .text = "", .login = "", .name = ""};
        if (from == 0 || section_version_read(request, drafting, section, from, &was)) {
            snprintf(own, sizeof own, "/sections/%s/versions", section->code);
            json_t *page = json_pack(
                "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:i}", "section",
                section_title(request, drafting->consultation, section), "list",
                drafting_address(request, drafting, own), "action",
                version_address(request, drafting, section, version), "is",
                side_view(request, drafting, &is), "was", side_view(request, drafting, &was),
                "changes", section_changes(was.text, is.text), "choices",
                choices_view(request, &rows, version, from), "text", is.text, "older",
                version < newest, "newest", newest);
            json_object_set_new(page, "stance_changed", json_boolean(is.stance != was.stance));
            snprintf(own, sizeof own, "/sections/%s/versions/%d", section->code, version);
            drafting_show(request, drafting,
                          &(struct desk_page){.status = faults ? 409 : 200,
                                              .template = "response_version",
                                              .title_key = "draft.difference",
                                              .rest = faults ? NULL : own,
                                              .faults = faults,
                                              .page = page});
        }
    }
    rows_clear(&rows);
    rows_clear(&is.rows);
    rows_clear(&was.rows);
}

/* As drafting_section, and the version of the address. */
static bool version_open(struct request *request, struct drafting *drafting,
                         struct section *section, int *version)
{
    int64_t value;
    if (!drafting_section(request, drafting, section))
        return false;
    if (!parse_integer(request_part(request, "version"), 1, VERSION_MOST, &value)) {
        reply_problem(request, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    *version = (int)value;
    return true;
}

enum handled draft_version_page(struct request *request)
{
    struct drafting drafting;
    struct section section;
    int version;
    if (version_open(request, &drafting, &section, &version))
        version_show(request, &drafting, &section, version, NULL);
    drafting_clear(&drafting);
    return HANDLED;
}

enum handled draft_version_restore(struct request *request)
{
    struct drafting drafting;
    struct section section;
    struct params params = {0};
    struct faults faults = {0};
    char own[OWN];
    int version;
    int64_t newest = -1;
    if (version_open(request, &drafting, &section, &version)) {
        if (!parse_integer(form_text(&request->form, "/newest"), 1, VERSION_MOST, &newest))
            newest = 0;
        drafting_params(request, &drafting, &params);
        params_text(&params, section.code);
        params_int4(&params, version);
        params_int4(&params, (int32_t)newest);
        enum problem_code problem =
            drafting_run(request, STATEMENT_RESPONSE_SECTION_RESTORE, &params, NULL);
        snprintf(own, sizeof own, "/sections/%s?saved=1", section.code);
        if (problem == PROBLEM_NONE) {
            drafting_redirect(request, &drafting, own);
        } else if (problem == PROBLEM_PRECONDITION_FAILED) {
            faults_add(&faults, PROBLEM_CHANGED_MEANWHILE, 0, "/newest");
            version_show(request, &drafting, &section, version, &faults);
        } else if (problem != PROBLEM_COUNT) {
            reply_problem(request, problem, NULL);
        }
    }
    drafting_clear(&drafting);
    return HANDLED;
}
