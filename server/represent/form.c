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

/* "Measure 1-3: " for anything below /answers, "Sector: " for /sector; empty where no field is
 * meant. */
static json_t *fault_where(const struct pages *pages, enum language language, const char *pointer)
{
    static const struct {
        const char *prefix, *key;
    } parts[] = {
        {"/answers/", "faults.measure"},
        {"/views/", "faults.question"},
        {"/priorities", "faults.priorities"},
        {"/kind", "faults.kind"},
        {"/organisation", "faults.organisation"},
        {"/sector", "faults.sector"},
        {"/publication", "faults.publication"},
        {"/identity", "faults.identity"},
        {"/proof/", "faults.proof"},
        {"/personal/", "faults.personal"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen(parts[i].prefix);
        if (strncmp(pointer, parts[i].prefix, length) != 0)
            continue;
        const char *code = pointer + length;
        json_t *context = json_pack("{s:s%}", "code", code, strcspn(code, "/"));
        json_t *text = wording_string(pages, language, parts[i].key, context);
        json_decref(context);
        return text;
    }
    return json_string("");
}

static json_t *fault_message(const struct pages *pages, enum language language,
                             const struct fault *fault)
{
    char key[80];
    if (fault->over)
        snprintf(key, sizeof key, "faults.too-long");
    else if (strncmp(fault->pointer, "/personal/", strlen("/personal/")) == 0)
        snprintf(key, sizeof key, "faults.decide");
    else
        snprintf(key, sizeof key, "problem.%s.detail", problem_slug(fault->code));
    json_t *limit = fault->limit ? wording_count(fault->limit) : NULL;
    json_t *over = fault->over ? wording_count(fault->over) : NULL;
    json_t *context = json_pack("{s:o*, s:o*}", "limit", limit, "over", over);
    json_t *text = wording_string(pages, language, key, context);
    json_decref(context);
    return text;
}

json_t *form_faults(const struct pages *pages, enum language language, const struct faults *faults)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        json_t *item = json_pack("{s:s, s:o, s:o, s:o}", "pointer", fault->pointer, "href",
                                 fault_href(fault->pointer), "where",
                                 fault_where(pages, language, fault->pointer), "message",
                                 fault_message(pages, language, fault));
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    if (!list)
        return NULL;
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
