/* The form by which administrators register an institution and change what it is. */
#include "access/official.h"
#include "base/parse.h"
#include "http/reply.h"
#include "resources/institutions/body.h"
#include "resources/officials/desk.h"
#include "resources/officials/fields.h"
#include "resources/officials/institutions.h"
#include "resources/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 200, DOMAINS_MOST = 16, DOMAINS_BYTES = 8192 };

static const char *const name_pointers[LANGUAGES] = {
    [LANGUAGE_ZH_HANT] = "/institution/zh-Hant",
    [LANGUAGE_EN] = "/institution/en",
    [LANGUAGE_ZH_HANS] = "/institution/zh-Hans",
};

static json_t *kinds_view(const struct request *request, int stored)
{
    const char *typed = form_value(&request->form, "/institution/kind");
    json_t *list = json_array();
    for (int kind = 0; kind < INSTITUTION_KINDS; kind++) {
        const char *name = institution_kind_name((enum institution_kind)kind);
        json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "value", name, "label",
                                              body_kind(request, kind), "selected",
                                              typed ? strcmp(typed, name) == 0 : kind == stored));
    }
    return list;
}

json_t *institution_fields(const struct request *request, const struct faults *faults,
                           const struct rows *rows, const char *domains)
{
    static const char *const labels[LANGUAGES] = {"institution.name-zh-Hant", "institution.name-en",
                                                  "institution.name-zh-Hans"};
    struct desk_field fields[LANGUAGES + 2];
    size_t count = 0;
    if (!rows)
        fields[count++] = (struct desk_field){.name = "/institution/slug",
                                              .label_key = "institution.slug",
                                              .hint_key = "institution.slug-hint"};
    for (int i = 0; i < LANGUAGES; i++)
        fields[count++] =
            (struct desk_field){.name = name_pointers[i],
                                .label_key = labels[i],
                                .value = rows ? row_text(rows, 0, BODY_NAMES + i) : NULL,
                                .tag = language_tag((enum language)i)};
    fields[count++] = (struct desk_field){.name = "/institution/domains",
                                          .label_key = "institution.domains",
                                          .hint_key = "institution.domains-hint",
                                          .value = domains};
    int kind = rows ? (int)row_int(rows, 0, BODY_KIND) : INSTITUTION_KIND_UNIVERSITY;
    return json_pack("{s:o, s:{s:o, s:o}}", "fields", desk_fields(request, faults, fields, count),
                     "kinds", "error",
                     faults ? desk_error(request, faults, "/institution/kind") : json_null(),
                     "list", kinds_view(request, kind));
}

/* What was typed, checked. */
struct wanted {
    int kind;
    char *names[LANGUAGES]; /* owned */
    size_t domain_count;
    char domains[DOMAINS_MOST][DOMAIN_TEXT];
};

static void wanted_clear(struct wanted *wanted)
{
    for (int i = 0; i < LANGUAGES; i++)
        free(wanted->names[i]);
}

/* Between commas, spaces or on lines of their own, as people paste them. */
static void domains_read(const char *typed, struct wanted *out, struct faults *faults)
{
    static const char between[] = " \t\r\n,;";
    for (const char *p = typed + strspn(typed, between); *p; p += strspn(p, between)) {
        char domain[2 * DOMAIN_TEXT];
        size_t length = strcspn(p, between);
        snprintf(domain, sizeof domain, "%.*s", (int)length, p);
        p += length;
        if (out->domain_count == DOMAINS_MOST) {
            faults_add(faults, PROBLEM_TOO_MANY, DOMAINS_MOST, "/institution/domains");
            return;
        }
        if (length >= sizeof domain ||
            !institution_domain(domain, out->domains[out->domain_count++])) {
            faults_add(faults, PROBLEM_DOMAIN_INVALID, 0, "/institution/domains");
            return;
        }
    }
}

static void wanted_read(const struct request *request, struct wanted *out, struct faults *faults)
{
    for (int i = 0; i < LANGUAGES; i++)
        out->names[i] = desk_text(request, name_pointers[i], NAME_MOST, true, faults);
    out->kind = (int)institution_kind_find(form_text(&request->form, "/institution/kind"));
    if (out->kind == INSTITUTION_KINDS)
        faults_add(faults, PROBLEM_UNKNOWN_VALUE, 0, "/institution/kind");
    domains_read(form_text(&request->form, "/institution/domains"), out, faults);
}

/* By whom, which, kind, names, domains: what both statements begin with. */
static void wanted_params(const struct request *request, const char *slug,
                          const struct wanted *wanted, struct params *params)
{
    params_int4(params, request->official->id);
    params_text(params, slug);
    params_int2(params, wanted->kind);
    for (int i = 0; i < LANGUAGES; i++)
        params_text(params, wanted->names[i]);
    array_begin(params, ELEMENT_TEXT);
    for (size_t i = 0; i < wanted->domain_count; i++)
        array_text(params, wanted->domains[i]);
    array_end(params);
}

static void institution_register(struct request *request, const char *slug,
                                 const struct wanted *wanted)
{
    struct params params = {0};
    struct rows rows = {0};
    struct faults faults = {0};
    char rest[INSTITUTION_REST];
    wanted_params(request, slug, wanted, &params);
    params_bool(&params, form_value(&request->form, "/institution/fictitious") != NULL);
    params_text(&params, request->official->network);
    if (desk_run(request, STATEMENT_INSTITUTION_REGISTER, &params, &rows)) {
        const char *outcome = row_text(&rows, 0, 0);
        if (outcome && strcmp(outcome, "done") == 0) {
            snprintf(rest, sizeof rest, "/institutions/%s?done=1", slug);
            desk_redirect(request, rest);
        } else {
            faults_add(&faults, desk_outcome(outcome), 0, "/institution/slug");
            institution_list_show(request, &faults);
        }
    }
    rows_clear(&rows);
}

enum handled institution_register_form(struct request *request)
{
    const char *slug = form_text(&request->form, "/institution/slug");
    struct wanted wanted = {0};
    struct faults faults = {0};
    if (!*slug)
        faults_add(&faults, PROBLEM_REQUIRED, 0, "/institution/slug");
    else if (!parse_slug(slug, INSTITUTION_SLUG - 1) || strlen(slug) < 2)
        faults_add(&faults, PROBLEM_SLUG_INVALID, 0, "/institution/slug");
    wanted_read(request, &wanted, &faults);
    if (faults.count)
        institution_list_show(request, &faults);
    else
        institution_register(request, slug, &wanted);
    wanted_clear(&wanted);
    return HANDLED;
}

enum handled institution_form(struct request *request)
{
    struct wanted wanted = {0};
    struct faults faults = {0};
    struct params params = {0};
    wanted_read(request, &wanted, &faults);
    if (faults.count) {
        institution_show(request, &faults);
    } else {
        wanted_params(request, request_part(request, "institution"), &wanted, &params);
        params_text(&params, request->official->network);
        if (institution_act(request, STATEMENT_INSTITUTION_CHANGE, &params, "/institution"))
            institution_done(request);
    }
    wanted_clear(&wanted);
    return HANDLED;
}
