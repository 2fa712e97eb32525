/* Reading a subcommand's arguments; see options.h. */
#include "commands/options.h"

#include <stdio.h>
#include <string.h>

static const struct option_row *option_find(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->row_count; i++)
        if (strcmp(options->rows[i].name, name) == 0)
            return &options->rows[i];
    return NULL;
}

/* Takes one argument, and the value after it where it has one; gives how many, 0 with a sentence.
 */
static int option_take(struct options *options, const char *name, const char *value, char *error)
{
    const struct option_row *row = option_find(options, name);
    bool wants =
        strcmp(name, "--settings") == 0 || strcmp(name, "--set") == 0 || (row && !row->flag);
    if (wants && !value) {
        snprintf(error, OPTIONS_ERROR, "%s wants a value", name);
        return 0;
    }
    if (strcmp(name, "--settings") == 0)
        return settings_file(&options->settings, value, error, OPTIONS_ERROR) ? 2 : 0;
    if (strcmp(name, "--set") == 0)
        return settings_set(&options->settings, value, error, OPTIONS_ERROR) ? 2 : 0;
    if (row && row->text) {
        *row->text = value;
        return 2;
    }
    if (row && row->many && row->many->count < OPTION_VALUES) {
        row->many->values[row->many->count++] = value;
        return 2;
    }
    if (row && row->many) {
        snprintf(error, OPTIONS_ERROR, "%s is given too often", name);
        return 0;
    }
    if (row && row->flag) {
        *row->flag = true;
        return 1;
    }
    if (strncmp(name, "--", 2) == 0 || options->word_count == options->words_most) {
        snprintf(error, OPTIONS_ERROR, "'%s' was not expected", name);
        return 0;
    }
    options->words[options->word_count++] = name;
    return 1;
}

bool options_read(struct options *options, int argc, char **argv)
{
    char error[OPTIONS_ERROR] = "";
    settings_default(&options->settings);
    options->word_count = 0;
    int taken = 1;
    for (int i = 1; i < argc && taken > 0; i += taken)
        taken = option_take(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL, error);
    bool ok =
        taken > 0 && (options->offline || settings_check(&options->settings, error, sizeof error));
    if (ok && options->word_count < options->words_least) {
        snprintf(error, sizeof error, "something is missing");
        ok = false;
    }
    if (!ok)
        fprintf(stderr,
                "consultation: %s\nusage: consultation %s [--settings FILE] [--set name=value]…\n",
                error, options->usage);
    return ok;
}
