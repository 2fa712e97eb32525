/* A document that was written elsewhere: read by a separate program, shown part by part, and put
 * into the draft where a member says so. Nothing that is there already is replaced unasked. */
#include "base/parse.h"
#include "base/spool.h"
#include "base/text.h"
#include "http/reply.h"
#include "process/archive.h"
#include "process/manuscript.h"
#include "represent/wording.h"
#include "resources/institutions/draft_section.h"
#include "resources/routes.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, FIELD = 64, RETRY_S = 20, VERSION_MOST = 100000000 };

static void import_show(struct request *request, const struct drafting *drafting,
                        const struct faults *faults)
{
    json_t *page =
        json_pack("{s:o, s:o, s:b}", "action", drafting_address(request, drafting, "/import"),
                  "error", faults ? desk_error(request, faults, "/file") : json_null(), "there",
                  *service_of(request)->settings.pandoc != '\0');
    drafting_show(request, drafting,
                  &(struct desk_page){.status = faults ? problem_status(faults->list[0].code) : 200,
                                      .template = "response_import",
                                      .title_key = "draft.import",
                                      .rest = faults ? NULL : "/import",
                                      .faults = faults,
                                      .page = page});
}

enum handled response_import_page(struct request *request)
{
    struct drafting drafting;
    if (drafting_open(request, true, &drafting))
        import_show(request, &drafting, NULL);
    drafting_clear(&drafting);
    return HANDLED;
}

/* The document of the body in a nameless file of its own, at its beginning; -1: none. */
static int document_open(const struct request *request)
{
    const struct upload_file *sent = &request->upload.files[0];
    int file = spool_open(service_of(request)->settings.spool_folder);
    char *piece = malloc(PIECE);
    bool ok = file >= 0 && piece;
    for (uint64_t at = 0; ok && at < sent->length;) {
        uint64_t left = sent->length - at;
        int64_t got = upload_read(&request->upload, sent->start + at, piece,
                                  left < PIECE ? (size_t)left : PIECE);
        ok = got > 0 && write(file, piece, (size_t)got) == got;
        at += ok ? (uint64_t)got : 0;
    }
    free(piece);
    if (ok && lseek(file, 0, SEEK_SET) == 0)
        return file;
    if (file >= 0)
        close(file);
    return -1;
}

/* {code: text}. One at a time: the program takes what a thread and a processor have. NULL: *problem
 * says why. */
static json_t *document_read(struct request *request, const struct consultation *consultation,
                             enum problem_code *problem)
{
    struct service *service = service_of(request);
    const struct manuscript_reader reader = {.pandoc = service->settings.pandoc,
                                             .folder = service->settings.programs_folder,
                                             .unconfined = service->settings.programs_unconfined};
    char *markdown = NULL;
    json_t *sections = NULL;
    *problem = PROBLEM_UNAVAILABLE;
    if (atomic_flag_test_and_set(&service->importing)) {
        desk_retry(request, RETRY_S);
        return NULL;
    }
    int file = document_open(request);
    if (file >= 0)
        *problem = manuscript_read(&reader, file, &markdown);
    atomic_flag_clear(&service->importing);
    if (file >= 0)
        close(file);
    if (*problem == PROBLEM_NONE)
        sections = manuscript_split(consultation, markdown);
    if (*problem == PROBLEM_NONE && !sections)
        *problem = PROBLEM_INTERNAL;
    free(markdown);
    return sections;
}

static void field_of(const struct section *section, const char *part, char name[FIELD])
{
    snprintf(name, FIELD, "/sections/%s/%s", section->code, part);
}

/* What may become of a part. */
static json_t *choices_view(const struct request *request, const char *chosen, bool written)
{
    static const char *const fresh[][2] = {{"replace", "draft.import-put"},
                                           {"leave", "draft.import-leave"}};
    static const char *const beside[][2] = {{"leave", "draft.import-leave"},
                                            {"append", "draft.import-append"},
                                            {"replace", "draft.import-replace"}};
    json_t *list = json_array();
    for (size_t i = 0; i < (written ? 3 : 2); i++) {
        const char *const *choice = written ? beside[i] : fresh[i];
        json_t *label =
            wording_string(service_of(request)->pages, request->language, choice[1], NULL);
        json_array_append_new(list, json_pack("{s:s, s:o, s:b, s:b}", "value", choice[0], "label",
                                              label, "checked", strcmp(choice[0], chosen) == 0,
                                              "first", i == 0));
    }
    return list;
}

/* One part of the document beside what there is. NULL: a reply is set. */
static json_t *part_view(struct request *request, const struct drafting *drafting,
                         const struct section *section, const char *text, const char *chosen,
                         const struct faults *faults)
{
    struct section_version present = {0};
    char name[FIELD];
    json_t *view = NULL;
    if (section_version_read(request, drafting, section, 0, &present)) {
        bool written = *present.text != '\0';
        size_t points = text_points(text);
        bool fits = points <= (size_t)section->limit;
        const char *first = written || !fits ? "leave" : "replace";
        field_of(section, "text", name);
        view = section_title(request, drafting->consultation, section);
        json_object_update_new(
            view,
            json_pack("{s:s, s:o, s:i, s:s, s:o, s:o, s:b}", "text", text, "points",
                      wording_count((int64_t)points), "version", present.version, "present",
                      present.text, "choices",
                      choices_view(request, chosen ? chosen : first, written), "error",
                      faults ? desk_error(request, faults, name) : json_null(), "long", !fits));
        json_object_set_new(view, "most", wording_count(section->limit));
    }
    rows_clear(&present.rows);
    return view;
}

static void review_show(struct request *request, const struct drafting *drafting, json_t *parts,
                        const struct faults *faults, size_t done)
{
    json_t *page = json_pack("{s:o, s:o, s:O}", "action",
                             drafting_address(request, drafting, "/import/sections"), "again",
                             drafting_address(request, drafting, "/import"), "parts", parts);
    if (done)
        json_object_set_new(page, "put", wording_count((int64_t)done));
    drafting_show(request, drafting,
                  &(struct desk_page){.status = faults ? problem_status(faults->list[0].code) : 200,
                                      .template = "response_import_review",
                                      .title_key = "draft.import",
                                      .rest = NULL,
                                      .faults = faults,
                                      .page = page});
}

static void document_show(struct request *request, const struct drafting *drafting,
                          const json_t *sections)
{
    json_t *parts = json_array();
    bool ok = true;
    for (size_t i = 0; ok && i < sections_count(drafting->consultation); i++) {
        struct section section = section_at(drafting->consultation, i);
        const char *text = json_string_value(json_object_get(sections, section.code));
        if (!text || !*text)
            continue;
        json_t *part = part_view(request, drafting, &section, text, NULL, NULL);
        ok = part && json_array_append_new(parts, part) == 0;
    }
    if (ok)
        review_show(request, drafting, parts, NULL, 0);
    json_decref(parts);
}

enum handled response_import_form(struct request *request)
{
    struct drafting drafting;
    struct faults faults = {0};
    enum problem_code problem = PROBLEM_REQUIRED;
    json_t *sections = NULL;
    if (drafting_open(request, true, &drafting)) {
        if (!drafting.open)
            problem = PROBLEM_CLOSED;
        else if (request->upload.count > 0)
            sections = document_read(request, drafting.consultation, &problem);
        if (sections && json_object_size(sections) == 0)
            problem = PROBLEM_NOTHING_SAID;
        if (problem == PROBLEM_NONE) {
            document_show(request, &drafting, sections);
        } else {
            faults_add(&faults, problem, 0, "/file");
            import_show(request, &drafting, &faults);
        }
    }
    json_decref(sections);
    drafting_clear(&drafting);
    return HANDLED;
}

/* What is asked for with one part. */
struct wish {
    struct section section;
    struct section_version present;
    const char *text, *choice;
    char *whole; /* that will be saved; NULL: nothing is */
    int version;
};

/* False: a reply is set. */
static bool wish_read(struct request *request, const struct drafting *drafting, struct wish *wish,
                      struct faults *faults)
{
    char name[FIELD], text_name[FIELD];
    int64_t version = 0;
    field_of(&wish->section, "version", name);
    if (parse_integer(form_text(&request->form, name), 0, VERSION_MOST, &version))
        wish->version = (int)version;
    field_of(&wish->section, "choice", name);
    wish->choice = form_text(&request->form, name);
    field_of(&wish->section, "text", text_name);
    wish->text = form_text(&request->form, text_name);
    bool append = strcmp(wish->choice, "append") == 0;
    if (!append && strcmp(wish->choice, "replace") != 0)
        return true;
    if (!section_version_read(request, drafting, &wish->section, 0, &wish->present))
        return false;
    struct buf whole = {0};
    if (append && *wish->present.text)
        buf_format(&whole, "%s\n\n", wish->present.text);
    buf_text(&whole, wish->text);
    enum problem_code problem = PROBLEM_INTERNAL;
    if (buf_ok(&whole))
        problem = section_text(&wish->section, whole.data, whole.length, &wish->whole, NULL);
    if (problem == PROBLEM_NONE && wish->present.version != wish->version)
        problem = PROBLEM_CHANGED_MEANWHILE;
    if (problem != PROBLEM_NONE)
        faults_add(faults, problem, problem == PROBLEM_TOO_LONG ? wish->section.limit : 0, "%s",
                   text_name);
    buf_clear(&whole);
    return true;
}

/* Its stance stays as it is. False: a reply is set, or a fault says why it was not. */
static bool wish_save(struct request *request, const struct drafting *drafting, struct wish *wish,
                      struct faults *faults)
{
    struct params params = {0};
    char name[FIELD];
    drafting_params(request, drafting, &params);
    params_text(&params, wish->section.code);
    params_int4(&params, wish->version);
    if (wish->present.stance == STANCE_ABSENT)
        params_null(&params);
    else
        params_int2(&params, wish->present.stance);
    params_text(&params, wish->whole);
    if (wish->section.wording)
        params_int2(&params, wish->section.wording);
    else
        params_null(&params);
    params_bool(&params, false);
    enum problem_code problem =
        drafting_run(request, STATEMENT_RESPONSE_SECTION_SAVE, &params, NULL);
    field_of(&wish->section, "text", name);
    if (problem != PROBLEM_NONE && problem != PROBLEM_COUNT)
        faults_add(faults,
                   problem == PROBLEM_PRECONDITION_FAILED ? PROBLEM_CHANGED_MEANWHILE : problem, 0,
                   "%s", name);
    return problem == PROBLEM_NONE;
}

/* Those that are not in the draft, once more. */
static void wishes_show(struct request *request, const struct drafting *drafting,
                        struct wish *wishes, size_t count, const struct faults *faults, size_t done)
{
    json_t *parts = json_array();
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        if (!*wishes[i].text)
            continue;
        json_t *part = part_view(request, drafting, &wishes[i].section, wishes[i].text,
                                 wishes[i].choice, faults);
        ok = part && json_array_append_new(parts, part) == 0;
    }
    if (ok)
        review_show(request, drafting, parts, faults, done);
    json_decref(parts);
}

static void wishes_answer(struct request *request, const struct drafting *drafting,
                          struct wish *wishes, size_t count)
{
    struct faults faults = {0};
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        wishes[i].section = section_at(drafting->consultation, i);
        if (!wish_read(request, drafting, &wishes[i], &faults))
            return;
    }
    for (size_t i = 0; faults.count == 0 && i < count; i++) {
        if (!wishes[i].whole)
            continue;
        bool saved = wish_save(request, drafting, &wishes[i], &faults);
        if (!saved && faults.count == 0)
            return;
        if (saved) {
            wishes[i].text = "";
            done++;
        }
    }
    if (faults.count)
        wishes_show(request, drafting, wishes, count, &faults, done);
    else
        drafting_redirect(request, drafting, "");
}

enum handled response_import_sections(struct request *request)
{
    struct drafting drafting;
    if (drafting_open(request, true, &drafting)) {
        size_t count = sections_count(drafting.consultation);
        struct wish *wishes = calloc(count, sizeof *wishes);
        if (wishes)
            wishes_answer(request, &drafting, wishes, count);
        else
            reply_problem(request, PROBLEM_INTERNAL, NULL);
        for (size_t i = 0; wishes && i < count; i++) {
            rows_clear(&wishes[i].present.rows);
            free(wishes[i].whole);
        }
        free(wishes);
    }
    drafting_clear(&drafting);
    return HANDLED;
}
