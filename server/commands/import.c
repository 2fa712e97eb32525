/* import: a consultation's document into the database, or only a look at it. */
#include "commands/import.h"
#include "commands/commands.h"
#include "commands/options.h"

#include "base/buf.h"
#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void import_refuse(const char *pointer, const char *words)
{
    fprintf(stderr, "%s: %s\n", *pointer ? pointer : "(the whole)", words);
}

static void print_fault(void *context, const char *pointer, enum problem_code code, long limit)
{
    char words[64];
    (void)context;
    if (limit)
        snprintf(words, sizeof words, "%s (bound %ld)", problem_slug(code), limit);
    else
        snprintf(words, sizeof words, "%s", problem_slug(code));
    import_refuse(pointer, words);
}

static const struct draft_report report = {.fault = print_fault};

json_t *import_read(const char *path)
{
    struct buf bytes = {.limit = DRAFT_BYTES_MOST};
    char block[8192];
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "consultation: %s cannot be read\n", path);
        return NULL;
    }
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(&bytes, block, got);
    json_t *document = NULL;
    if (ferror(file) || !buf_ok(&bytes))
        fprintf(stderr, "consultation: %s cannot be read, or is too long\n", path);
    else
        document = draft_parse(bytes.length ? bytes.data : "", bytes.length, &report);
    fclose(file);
    buf_clear(&bytes);
    return document;
}

/* Of the document and not of the file, so that its layout does not matter. */
static bool digest_document(const json_t *document, struct digest *out)
{
    char *text = json_dumps(document, JSON_COMPACT);
    if (!text)
        return false;
    const struct digest_part whole = {text, strlen(text)};
    digest_parts(NULL, &whole, 1, out);
    free(text);
    return true;
}

static void say_times(const struct imported *imported)
{
    char opens[RFC3339_TEXT], closes[RFC3339_TEXT];
    format_time(imported->opens_us, opens);
    format_time(imported->closes_us, closes);
    printf("opens %s, closes %s\n", opens, closes);
}

/* Names what a draft still lacks, which is why it does not open. */
static void say_missing(const struct draft *draft)
{
    for (size_t i = 0; i < draft->text_count; i++)
        for (int language = 0; language < LANGUAGES; language++)
            if (!draft->texts[i].body[language])
                printf("%s/%s: missing, so the consultation does not open\n",
                       draft->texts[i].pointer, language_tag((enum language)language));
}

static int say_outcome(const struct draft *draft, enum import_outcome outcome,
                       const struct imported *imported)
{
    switch (outcome) {
    case IMPORT_UNCHANGED:
        printf("%s: nothing to change; ", draft->slug);
        break;
    case IMPORT_CREATED:
        printf("%s: imported; ", draft->slug);
        break;
    case IMPORT_REPLACED:
        printf("%s: changed before it has opened; ", draft->slug);
        break;
    case IMPORT_CORRECTED:
        printf("%s: texts corrected: %zu%s", draft->slug, imported->corrected,
               imported->proofs ? ", proofs of identity changed" : "");
        if (imported->new_terms)
            printf(", words explained: %zu", imported->new_terms);
        printf("; ");
        break;
    case IMPORT_REFUSED:
        fprintf(stderr, "consultation: %s was not imported; nothing is changed\n", draft->slug);
        return 1;
    case IMPORT_FAILED:
        fprintf(stderr, "consultation: the database did not take %s; nothing is changed\n",
                draft->slug);
        return 1;
    }
    say_times(imported);
    if (!imported->complete)
        say_missing(draft);
    return 0;
}

static int import_document(const struct options *options, const json_t *document,
                           const struct draft *draft, const char *correction)
{
    struct import import = {
        .draft = draft, .correction = correction, .keys_folder = options->settings.keys_folder};
    struct imported imported = {0};
    import.db = db_new(options->settings.database, DB_OWNER, "consultation import");
    enum import_outcome outcome = import.db && digest_document(document, &import.document_hash)
                                      ? import_run(&import, &imported)
                                      : IMPORT_FAILED;
    db_free(import.db);
    return say_outcome(draft, outcome, &imported);
}

int command_import(int argc, char **argv)
{
    bool check = false, rehearsal = false;
    const char *correction = NULL;
    const struct option_row rows[] = {{.name = "--check", .flag = &check},
                                      {.name = "--rehearsal", .flag = &rehearsal},
                                      {.name = "--correct", .text = &correction}};
    struct options options = {.usage = "import [--check] [--rehearsal] [--correct NOTE] DOCUMENT",
                              .rows = rows,
                              .row_count = sizeof rows / sizeof *rows,
                              .words_least = 1,
                              .words_most = 1};
    if (!options_read(&options, argc, argv))
        return 2;
    if (correction && !*correction) {
        fprintf(stderr, "consultation: --correct wants to know what was corrected\n");
        return 2;
    }
    json_t *document = import_read(options.words[0]);
    struct draft *draft = calloc(1, sizeof *draft);
    int status = 1;
    if (document && draft && draft_check(document, &report) &&
        draft_read(document, rehearsal, &report, draft))
        status = check ? 0 : import_document(&options, document, draft, correction);
    free(draft);
    json_decref(document);
    return status;
}
