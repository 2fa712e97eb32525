/* Faults of what was sent, as forms show them; see form.h. */
#include "represent/form.h"
#include "represent/wording.h"

#include <stdio.h>
#include <string.h>

/* "/answers/1-3/remark" → "#answers-1-3-remark"; the id of the field. */
static json_t *fault_href(const char *pointer)
{
    char href[FAULT_POINTER + 16] = "#";
    size_t n = 1;
    for (const char *p = pointer + (*pointer == '/'); *p && n < sizeof href - 1; p++)
        href[n++] = *p == '/' ? '-' : *p;
    href[n] = '\0';
    return json_string(n > 1 ? href : "#answer");
}

/* The parts of a form, in the order in which its pages have them: a summary follows it. `missing`
 * says of a part that is left out what to do, and so names it by itself. */
static const struct part {
    const char *prefix, *where, *missing;
} parts[] = {
    {"/personal/", NULL, NULL}, /* its page alone knows what was found */
    {"/channel", "faults.channel", "faults.channel-missing"},
    {"/received_on", "faults.received-on", "faults.received-on-missing"},
    {"/submission_key", "faults.paper-key", "faults.paper-key-missing"},
    {"/language", "faults.language", "faults.language-missing"},
    {"/answers/", "faults.measure", NULL},
    {"/priorities", "faults.priorities", NULL},
    {"/views/", "faults.question", NULL},
    {"/kind", "faults.kind", "faults.kind-missing"},
    {"/organisation", "faults.organisation", "faults.organisation-missing"},
    {"/sector", "faults.sector", NULL},
    {"/publication", "faults.publication", "faults.publication-missing"},
    {"/identity/kind", "faults.identity", "faults.identity-kind-missing"},
    {"/identity/value", "faults.identity", "faults.identity-value-missing"},
    {"/identity", "faults.identity", NULL},
    {"/proof/", NULL, "faults.proof-missing"}, /* its messages begin with it */
    {"/label", "faults.token-label", NULL},
    {"/scope", "faults.token-scope", NULL},
    {"/days", "faults.token-days", NULL},
    {"/opens/day", "faults.opens", NULL},
    {"/closes/day", "faults.closes", NULL},
    {"/text/zh-Hant", "faults.text-zh-Hant", NULL},
    {"/text/en", "faults.text-en", NULL},
    {"/text/zh-Hans", "faults.text-zh-Hans", NULL},
    {"/note/zh-Hant", "faults.note-zh-Hant", NULL},
    {"/note/en", "faults.note-en", NULL},
    {"/note/zh-Hans", "faults.note-zh-Hans", NULL},
    {"/reason/zh-Hant", "faults.reason-zh-Hant", NULL},
    {"/reason/en", "faults.reason-en", NULL},
    {"/reason/zh-Hans", "faults.reason-zh-Hans", NULL},
    {"/wanted", "faults.wanted", "faults.wanted-missing"},
    {"/public_reason", "faults.reason", "faults.public-reason-missing"},
    {"/reason", "faults.reason", "faults.reason-missing"},
    {"/note", "faults.note", "faults.note-missing"},
    {"/decision", "faults.decision", NULL},
    {"/file", NULL, "faults.file-missing"},
    {"/institution/slug", "faults.institution-slug", NULL},
    {"/institution/zh-Hant", "faults.institution-zh-Hant", NULL},
    {"/institution/en", "faults.institution-en", NULL},
    {"/institution/zh-Hans", "faults.institution-zh-Hans", NULL},
    {"/institution/kind", "faults.institution-kind", NULL},
    {"/institution/domains", "faults.institution-domains", NULL},
    {"/member/name", "faults.member-name", NULL},
    {"/member/login", "faults.member-login", NULL},
    {"/member/parts", "faults.member-parts", "faults.member-parts-missing"},
    {"/verification/note", "faults.verification-note", NULL},
    {"/verification/address", "faults.verification-address", NULL},
    {"/verification/code", "faults.verification-code", NULL},
    {"/key/label", "faults.token-label", NULL},
    {"/key/days", "faults.token-days", NULL},
    {"/key/public", "faults.key-public", NULL},
};

enum { PARTS = sizeof parts / sizeof *parts };

/* Its place in `parts`; PARTS for what belongs to none. */
static size_t fault_part(const struct fault *fault)
{
    size_t i = 0;
    while (i < PARTS && strncmp(fault->pointer, parts[i].prefix, strlen(parts[i].prefix)) != 0)
        i++;
    return i;
}

static const char *missing_key(const struct fault *fault)
{
    size_t part = fault_part(fault);
    return part < PARTS && fault->code == PROBLEM_REQUIRED ? parts[part].missing : NULL;
}

/* "Measure 1-3: " for anything below /answers, "Sector: " for /sector; empty where no field is
 * meant, or the message names it. */
static json_t *fault_where(const struct pages *pages, enum language language,
                           const struct fault *fault)
{
    size_t part = fault_part(fault);
    if (part == PARTS || !parts[part].where || missing_key(fault))
        return json_string("");
    const char *code = fault->pointer + strlen(parts[part].prefix);
    json_t *context = json_pack("{s:s%}", "code", code, strcspn(code, "/"));
    json_t *text = wording_string(pages, language, parts[part].where, context);
    json_decref(context);
    return text;
}

static json_t *fault_message(const struct pages *pages, enum language language,
                             const struct fault *fault)
{
    char key[80];
    if (fault->over)
        snprintf(key, sizeof key, "faults.too-long");
    else if (strncmp(fault->pointer, "/personal/", strlen("/personal/")) == 0)
        snprintf(key, sizeof key, "faults.decide");
    else if (fault->code == PROBLEM_SIGN_IN_WRONG && strcmp(fault->pointer, "/present") == 0)
        snprintf(key, sizeof key, "faults.present-wrong"); /* whose account it is, is known there */
    else if (missing_key(fault))
        snprintf(key, sizeof key, "%s", missing_key(fault));
    else
        snprintf(key, sizeof key, "problem.%s.detail", problem_slug(fault->code));
    json_t *limit = fault->limit ? wording_count(fault->limit) : NULL;
    json_t *over = fault->over ? wording_count(fault->over) : NULL;
    json_t *context = json_pack("{s:o*, s:o*}", "limit", limit, "over", over);
    json_t *text = wording_string(pages, language, key, context);
    json_decref(context);
    return text;
}

static json_t *fault_item(const struct pages *pages, enum language language,
                          const struct fault *fault)
{
    return json_pack("{s:s, s:o, s:o, s:o}", "pointer", fault->pointer, "href",
                     fault_href(fault->pointer), "where", fault_where(pages, language, fault),
                     "message", fault_message(pages, language, fault));
}

json_t *form_faults(const struct pages *pages, enum language language, const struct faults *faults)
{
    /* What belongs to no field, as that nothing was said at all, comes first. */
    json_t *list = json_array();
    bool ok = list;
    for (size_t rank = 0; ok && rank <= PARTS; rank++) {
        size_t part = rank ? rank - 1 : PARTS;
        for (size_t i = 0; ok && i < faults->count; i++)
            if (fault_part(&faults->list[i]) == part)
                ok =
                    json_array_append_new(list, fault_item(pages, language, &faults->list[i])) == 0;
    }
    if (!ok) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:o, s:o}", "count", wording_count((int64_t)(faults->count + faults->lost)),
                     "list", list);
}

json_t *form_fault(const json_t *faults, const char *pointer)
{
    const json_t *list = json_object_get(faults, "list");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *fault = json_array_get(list, i);
        if (!strcmp(json_string_value(json_object_get(fault, "pointer")), pointer))
            return json_object_get(fault, "message");
    }
    return NULL;
}

json_t *form_field(const json_t *faults, const char *pointer, const char *value)
{
    return json_pack("{s:s, s:O*}", "value", value ? value : "", "error",
                     form_fault(faults, pointer));
}
