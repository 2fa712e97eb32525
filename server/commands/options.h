#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "settings.h"

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MOST = 4, OPTIONS_ERROR = 512 };

/* Values of an option that may be given more than once. */
enum { OPTION_VALUES = 16 };
struct option_values {
    size_t count;
    const char *values[OPTION_VALUES];
};

/* One option of a subcommand: "--name", which sets *flag, or "--name TEXT", which sets *text or
 * adds to *many. */
struct option_row {
    const char *name;
    bool *flag;
    const char **text;
    struct option_values *many;
};

/* What every subcommand takes besides its own options: --settings FILE, --set name=value, and
 * words. */
struct options {
    const char *usage; /* "import [--check] DOCUMENT" */
    const struct option_row *rows;
    size_t row_count;
    size_t words_least, words_most; /* at most WORDS_MOST */
    bool offline;                   /* needs no database: the settings are not checked */
    struct settings settings;       /* filled, checked */
    const char *words[WORDS_MOST];  /* filled */
    size_t word_count;
};

/* Fills `options` and what its rows point to. False, with a sentence and the usage on standard
 * error: exit with 2. */
bool options_read(struct options *options, int argc, char **argv);

#endif
