/* institution import: a list of institutions into the register. What is registered is left as it
 * is, for its names and domains are the administrators' to change; so the same file may be imported
 * at every start. */
#include "commands/import.h"
#include "commands/institution.h"
#include "domain/institution.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 1000 };

/* One of the list in a row; texts are the document's. False after a sentence. */
static bool row_read(json_t *item, char domains[OPTION_VALUES][DOMAIN_TEXT],
                     struct institution_row *row)
{
    const char *kind = "";
    json_t *list = NULL;
    int fictitious = 0;
    json_error_t error;
    *row = (struct institution_row){0};
    if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s:{s:s, s:s, s:s !}, s:o, s?b}",
                       "slug", &row->slug, "kind", &kind, "name", "zh-Hant", &row->zh_hant, "en",
                       &row->en, "zh-Hans", &row->zh_hans, "domains", &list, "fictitious",
                       &fictitious) != 0) {
        act_say(error.text);
        return false;
    }
    row->fictitious = fictitious;
    row->kind = (int)institution_kind_find(kind);
    row->domain_count = json_array_size(list);
    bool ok =
        row->kind < INSTITUTION_KINDS && json_is_array(list) && row->domain_count <= OPTION_VALUES;
    for (size_t i = 0; ok && i < row->domain_count; i++) {
        const char *domain = json_string_value(json_array_get(list, i));
        ok = domain && institution_domain(domain, domains[i]);
        row->domains[i] = domains[i];
    }
    if (!ok)
        fprintf(stderr, "consultation: kind or domains of %s are not right\n", row->slug);
    return ok;
}

int institution_import(struct act_run *run)
{
    char domains[OPTION_VALUES][DOMAIN_TEXT];
    json_t *document = import_read(run->options->words[1]);
    size_t count = json_array_size(document), added = 0;
    struct institution_row row;
    bool ok = json_is_array(document) && count <= MOST;
    if (document && !ok)
        act_say("that file is no list of institutions");
    for (size_t i = 0; ok && i < count; i++) /* all are looked at before one is registered */
        ok = row_read(json_array_get(document, i), domains, &row);
    for (size_t i = 0; ok && i < count; i++) {
        ok = row_read(json_array_get(document, i), domains, &row);
        const char *outcome = ok ? institution_register(run, &row) : NULL;
        ok = outcome != NULL;
        added += ok && strcmp(outcome, "done") == 0;
    }
    if (ok)
        printf("institutions: %zu registered, %zu were so before\n", added, count - added);
    json_decref(document);
    return ok ? 0 : 1;
}
