/* Fields of forms at the desk; see fields.h. */
#include "resources/officials/fields.h"

#include "base/text.h"
#include "http/reply.h"
#include "represent/wording.h"
#include "resources/officials/desk.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_TEXT = 48, MEMBER_NAME_MOST = 100 };

static json_t *say(const struct request *request, const char *key)
{
    return wording_string(service_of(request)->pages, request->language, key, NULL);
}

/* "/member/login" → "member-login", as the summary of faults has it (represent/form.c). */
static void id_of(const char *name, char id[ID_TEXT])
{
    snprintf(id, ID_TEXT, "%s", name + 1);
    for (char *p = id; *p; p++)
        if (*p == '/')
            *p = '-';
}

static const char *typed(const struct request *request, const char *name, const char *otherwise)
{
    const char *value = form_value(&request->form, name);
    return value ? value : otherwise ? otherwise : "";
}

json_t *desk_field(const struct request *request, const struct faults *faults,
                   const struct desk_field *field)
{
    char id[ID_TEXT], described[2 * ID_TEXT + 16] = "";
    json_t *error = faults ? desk_error(request, faults, field->name) : json_null();
    id_of(field->name, id);
    if (field->hint_key)
        snprintf(described, sizeof described, "%s-hint", id);
    if (json_is_string(error))
        snprintf(described + strlen(described), sizeof described - strlen(described), "%s%s-error",
                 *described ? " " : "", id);
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:s?, s:b, s:b}", "id", id, "name",
                     field->name, "label", say(request, field->label_key), "hint",
                     field->hint_key ? say(request, field->hint_key) : json_null(), "value",
                     typed(request, field->name, field->value), "error", error, "described",
                     *described ? json_string(described) : json_null(), "tag", field->tag, "area",
                     field->area, "digits", field->digits);
}

json_t *desk_fields(const struct request *request, const struct faults *faults,
                    const struct desk_field *fields, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, desk_field(request, faults, &fields[i]));
    return json_pack("{s:o}", "list", list);
}

char *desk_text(const struct request *request, const char *name, size_t most, bool needed,
                struct faults *faults)
{
    const char *value = form_text(&request->form, name);
    size_t length = strlen(value);
    const char *trimmed = text_trim(value, &length);
    char *text = NULL;
    if (!text_normalise(trimmed, length, &text))
        faults_add(faults, PROBLEM_BAD_TEXT, 0, "%s", name);
    else if (needed && !*text)
        faults_add(faults, PROBLEM_REQUIRED, 0, "%s", name);
    else if (text_points(text) > most)
        faults_add(faults, PROBLEM_TOO_LONG, (long)most, "%s", name);
    else
        return text;
    free(text);
    return NULL;
}

static json_t *part_label(const struct request *request, int part)
{
    char key[48];
    snprintf(key, sizeof key, "institution.part-%s", member_role_name(part));
    return say(request, key);
}

json_t *desk_parts(const struct request *request, const struct faults *faults, unsigned checked)
{
    json_t *list = json_array();
    bool sent = request->form.count > 0;
    for (int part = 0; part < MEMBER_ROLES; part++) {
        char name[48], id[ID_TEXT], hint[64];
        snprintf(name, sizeof name, "/member/parts/%s", member_role_name(part));
        snprintf(hint, sizeof hint, "institution.part-%s-meaning", member_role_name(part));
        id_of(part ? name : "/member/parts", id);
        bool on = sent ? form_value(&request->form, name) != NULL
                       : (checked & (unsigned)member_role_bit(part)) != 0;
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:b}", "id", id, "name", name,
                                              "label", part_label(request, part), "hint",
                                              say(request, hint), "checked", on));
    }
    return json_pack("{s:o, s:o}", "error",
                     faults ? desk_error(request, faults, "/member/parts") : json_null(), "list",
                     list);
}

unsigned desk_parts_read(const struct request *request, struct faults *faults)
{
    unsigned roles = 0;
    for (int part = 0; part < MEMBER_ROLES; part++) {
        char name[48];
        snprintf(name, sizeof name, "/member/parts/%s", member_role_name(part));
        if (form_value(&request->form, name))
            roles |= (unsigned)member_role_bit(part);
    }
    if (!roles)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/member/parts");
    return roles;
}

json_t *desk_parts_view(const struct request *request, unsigned roles)
{
    json_t *list = json_array();
    for (int part = 0; part < MEMBER_ROLES; part++)
        if (roles & (unsigned)member_role_bit(part))
            json_array_append_new(list, json_pack("{s:o}", "label", part_label(request, part)));
    return json_pack("{s:o}", "list", list);
}

/* As the database's rule officials_login has it. */
static bool is_login(const char *text)
{
    return parse_slug(text, LOGIN_MOST) && strlen(text) >= 2 && *text >= 'a' && *text <= 'z';
}

bool desk_invited_read(const struct request *request, struct desk_invited *out,
                       struct faults *faults)
{
    size_t before = faults->count;
    out->login = form_text(&request->form, "/member/login");
    if (!*out->login)
        faults_add(faults, PROBLEM_REQUIRED, 0, "/member/login");
    else if (!is_login(out->login))
        faults_add(faults, PROBLEM_LOGIN_INVALID, 0, "/member/login");
    out->name = desk_text(request, "/member/name", MEMBER_NAME_MOST, true, faults);
    out->roles = desk_parts_read(request, faults);
    return faults->count == before;
}

json_t *desk_invited_view(const struct request *request, const struct faults *faults,
                          unsigned roles)
{
    static const struct desk_field fields[] = {
        {.name = "/member/name",
         .label_key = "institution.member-name",
         .hint_key = "institution.member-name-hint"},
        {.name = "/member/login",
         .label_key = "official.login",
         .hint_key = "institution.member-login-hint"},
    };
    return json_pack("{s:o, s:o}", "fields",
                     desk_fields(request, faults, fields, sizeof fields / sizeof *fields), "parts",
                     desk_parts(request, faults, roles));
}

void desk_link_show(struct request *request, const char *side, const char *title_key,
                    const char *login, const char *ticket, const char *back)
{
    json_t *page =
        json_pack("{s:s, s:b, s:o, s:o, s:o}", "login", login, "member",
                  strcmp(side, "institution") == 0, "title", say(request, title_key), "link",
                  json_sprintf("%s/%s/%s/set-up#%s", service_of(request)->base_url,
                               language_tag(request->language), side, ticket),
                  "back", desk_address(request, back));
    reply_document(request, desk_document(request, &(struct desk_page){.status = 200,
                                                                       .template = "official_link",
                                                                       .title_key = title_key,
                                                                       .page = page}));
}
