/* Consultations of a test's own; see draft.h. */
#include "support/draft.h"

#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORDS_BEFORE = 9, WORDS_MOST = 16 };

json_t *draft_sample(const char *slug)
{
    json_t *document =
        json_load_file(SOURCE_FOLDER "/tests/data/consultations/sample.json", 0, NULL);
    ck_assert_ptr_nonnull(document);
    json_object_set_new(document, "slug", json_string(slug));
    return document;
}

int draft_command(const struct scene *scene, const char *subcommand, const char *const words[],
                  char said[DRAFT_SAID])
{
    char database[256], keys[256];
    snprintf(database, sizeof database, "database=%s", scene->options.conninfo);
    snprintf(keys, sizeof keys, "keys_folder=%s", scene->options.keys_folder);
    const char *argv[WORDS_BEFORE + WORDS_MOST] = {
        "sh",    "-c", "exec \"$0\" \"$@\" 2>&1", SERVER_BINARY, subcommand, "--set", database,
        "--set", keys};
    for (size_t i = 0; words && words[i] && i < WORDS_MOST - 1; i++)
        argv[WORDS_BEFORE + i] = words[i];
    return process_run(said, DRAFT_SAID, argv);
}

int draft_import(const struct scene *scene, const json_t *document, const char *first,
                 const char *second, char said[DRAFT_SAID])
{
    char path[] = "/tmp/draft-XXXXXX";
    const char *words[4] = {0};
    size_t count = 0;
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(json_dumpfd(document, file, 0), 0);
    close(file);
    if (first)
        words[count++] = first;
    if (second)
        words[count++] = second;
    words[count] = path;
    int status = draft_command(scene, "import", words, said);
    unlink(path);
    return status;
}
