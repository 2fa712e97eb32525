/* export: officials' exact figures and submissions as files, see export/export.h: one to standard
 * output or a file, or several of one snapshot, with their manifest, to a folder. */
#include "export/export.h"

#include "base/clock.h"
#include "commands/commands.h"
#include "commands/export_output.h"
#include "commands/options.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t progress_us = 200000;
enum { NAME = 64, MIB = 1048576 };

static const char usage[] =
    "export submissions|tallies|codebook SLUG --format csv|ndjson|xlsx [--output FILE]\n"
    "or export submissions|tallies|codebook|all SLUG --folder FOLDER [--format csv|ndjson|xlsx]\n"
    "A folder gets the codebook and manifest.json besides; all its files are of one moment.\n"
    "--filter name=value, as often as wanted: measure, stance (5 to 0), kind, state, language, "
    "from,\n"
    "to (days), moderation (waiting, passed, edited, refused), text; all must hold.\n"
    "The codebook tells what columns and codes mean, and how the apostrophe that protects from\n"
    "formulas in CSV is taken off. NDJSON is exact.\n"
    "Further";

/* Set once, by Ctrl-C. The second one ends the process, which leaves nothing either. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void wait_for_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

struct exporting {
    struct export_terms terms;
    struct export_file files[EXPORT_FILES_MOST];
    bool terminal;    /* standard error is one: progress is shown */
    int64_t shown_us; /* monotonic, of the progress shown last */
    const char *output, *folder;
    struct output outputs[EXPORT_FILES_MOST + 1]; /* the last one the manifest's */
    size_t output_count;
};

static bool show_progress(void *context, const struct export_file *file, int64_t rows,
                          int64_t about)
{
    struct exporting *exporting = context;
    int64_t now_us = exporting->terminal ? clock_monotonic_us(&clock_system) : 0;
    if (exporting->terminal && now_us - exporting->shown_us >= progress_us) {
        char name[EXPORT_FILE_NAME];
        exporting->shown_us = now_us;
        export_file_name(file, name);
        fprintf(stderr, "\r%s: %" PRId64 " rows", name, rows);
        if (file->what == EXPORT_SUBMISSIONS && !exporting->terms.filter.set)
            fprintf(stderr, " of about %" PRId64, about);
    }
    return !stopped;
}

static const char *sentence(enum export_result result)
{
    switch (result) {
    case EXPORT_OK:
        return "";
    case EXPORT_UNKNOWN_CONSULTATION:
        return "there is no such consultation";
    case EXPORT_UNKNOWN_MEASURE:
        return "the consultation has no such measure";
    case EXPORT_WORDS:
        return "text has no word to look for, or too many of them";
    case EXPORT_UNFILTERED:
        return "tallies can be filtered by measure, kind, language, from and to only";
    case EXPORT_DATABASE:
        return "the database could not be asked, or broke off";
    case EXPORT_SPOOL:
        return "the spool folder cannot be written, or is full (spool_folder, spool_mib)";
    case EXPORT_REFUSED:
        return "the file could not be written";
    case EXPORT_CANCELLED:
    case EXPORT_BARRED:
        return "cancelled";
    case EXPORT_MEMORY:
        return "no memory";
    }
    return "";
}

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "consultation: %s: %s; nothing was exported\n", path ? path : "export", why);
    return false;
}

/* Where the next file goes. */
static struct output *next_output(struct exporting *exporting, const char *name)
{
    char path[PATH_MAX] = "";
    struct output *output = &exporting->outputs[exporting->output_count];
    if (exporting->folder)
        snprintf(path, sizeof path, "%s/%s", exporting->folder, name);
    if (!output_open(output, exporting->folder ? path : exporting->output)) {
        complain(exporting->folder ? path : exporting->output, strerror(errno));
        return NULL;
    }
    exporting->output_count++;
    return output;
}

static bool write_files(struct exporting *exporting, struct export *export)
{
    char name[EXPORT_FILE_NAME];
    for (size_t i = 0; i < exporting->terms.file_count; i++) {
        export_file_name(&exporting->files[i], name);
        struct output *output = next_output(exporting, name);
        if (!output)
            return false;
        errno = 0;
        enum export_result result =
            export_write(export, (struct export_sink){output_write, output});
        if (exporting->terminal)
            fputc('\n', stderr);
        if (result != EXPORT_OK)
            return complain(result == EXPORT_REFUSED ? strerror(errno) : NULL, sentence(result));
    }
    return true;
}

static bool write_manifest(struct exporting *exporting, const struct export *export)
{
    if (!exporting->folder)
        return true;
    char *manifest = export_manifest(export);
    struct output *output = manifest ? next_output(exporting, "manifest.json") : NULL;
    bool ok =
        output && output_write(output, manifest, strlen(manifest)) && output_write(output, "\n", 1);
    free(manifest);
    return ok;
}

/* All get their names at the end, the manifest last: a folder that has it is whole. */
static bool keep_files(struct exporting *exporting)
{
    size_t kept = 0;
    while (kept < exporting->output_count && output_keep(&exporting->outputs[kept]))
        kept++;
    if (kept == exporting->output_count)
        return true;
    complain(exporting->outputs[kept].path, strerror(errno));
    while (kept-- > 0)
        unlink(exporting->outputs[kept].path);
    return false;
}

static bool run(struct exporting *exporting, struct db *db)
{
    struct export *export = NULL;
    enum export_result result = export_open(db, &exporting->terms, &export);
    if (result != EXPORT_OK)
        return complain(exporting->terms.slug, sentence(result));
    bool ok = write_files(exporting, export) && write_manifest(exporting, export);
    result = export_close(export);
    if (ok && result != EXPORT_OK)
        ok = complain(NULL, sentence(result));
    ok = ok && keep_files(exporting);
    for (size_t i = 0; i < exporting->output_count; i++)
        output_close(&exporting->outputs[i]);
    return ok;
}

/* A folder is made for the files, and goes again if they are not whole. */
static int export_to(struct exporting *exporting, const struct settings *settings)
{
    struct db *db = db_new(settings->database, DB_EXPORTER, "consultation-export");
    if (exporting->folder && mkdir(exporting->folder, 0700) != 0) {
        complain(exporting->folder, strerror(errno));
        db_free(db);
        return 1;
    }
    wait_for_signals();
    bool ok = db && run(exporting, db);
    if (exporting->folder && !ok)
        rmdir(exporting->folder);
    db_free(db);
    return ok ? 0 : 1;
}

static bool is_wanted(const char *name, const char *wanted)
{
    return !wanted || strcmp(name, wanted) == 0;
}

static void add_file(struct exporting *exporting, enum export_what what, enum export_format format)
{
    exporting->files[exporting->terms.file_count++] =
        (struct export_file){.what = what, .format = format};
}

/* Workbooks come last: their reading ends when they are packed. */
static bool choose_files(struct exporting *exporting, const char *what, const char *format)
{
    const char *wanted = strcmp(what, "all") == 0 ? NULL : what;
    for (int f = 0; f < EXPORT_FORMATS; f++)
        for (int w = 0; w < EXPORT_CODEBOOK; w++)
            if (is_wanted(export_what_name((enum export_what)w), wanted) &&
                is_wanted(export_format_name((enum export_format)f), format))
                add_file(exporting, (enum export_what)w, (enum export_format)f);
    bool codebook = wanted && strcmp(wanted, export_what_name(EXPORT_CODEBOOK)) == 0;
    if (exporting->folder)
        add_file(exporting, EXPORT_CODEBOOK, EXPORT_CSV);
    for (int f = 0; codebook && !exporting->folder && f < EXPORT_FORMATS; f++)
        if (is_wanted(export_format_name((enum export_format)f), format))
            add_file(exporting, EXPORT_CODEBOOK, (enum export_format)f);
    return exporting->terms.file_count >= (exporting->folder && !codebook ? 2 : 1) &&
           (exporting->folder || exporting->terms.file_count == 1);
}

static bool read_filters(struct submission_filter *filter, const struct option_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        char name[NAME];
        size_t length = strcspn(values->values[i], "=");
        const char *value = values->values[i] + length;
        snprintf(name, sizeof name, "%.*s", (int)length, values->values[i]);
        enum problem_code problem =
            *value ? submission_filter_set(filter, name, value + 1) : PROBLEM_UNKNOWN_VALUE;
        if (problem == PROBLEM_NONE)
            continue;
        fprintf(stderr, "consultation: --filter %s: %s\n", values->values[i],
                problem_slug(problem));
        return false;
    }
    return true;
}

int command_export(int argc, char **argv)
{
    const char *format = NULL;
    struct option_values filters = {0};
    struct exporting *exporting = calloc(1, sizeof *exporting);
    if (!exporting)
        return 1;
    const struct option_row rows[] = {{.name = "--format", .text = &format},
                                      {.name = "--output", .text = &exporting->output},
                                      {.name = "--folder", .text = &exporting->folder},
                                      {.name = "--filter", .many = &filters}};
    struct options options = {
        .usage = usage, .rows = rows, .row_count = 4, .words_least = 2, .words_most = 2};
    int status = 2;
    if (options_read(&options, argc, argv)) {
        bool both = exporting->output && exporting->folder;
        exporting->terminal = isatty(STDERR_FILENO) == 1;
        exporting->terms =
            (struct export_terms){.slug = options.words[1],
                                  .spool = {.folder = options.settings.spool_folder,
                                            .bytes_most = options.settings.spool_mib * MIB,
                                            .sheet_rows = SHEET_ROWS},
                                  .files = exporting->files,
                                  .progress = show_progress,
                                  .context = exporting};
        if (both || !choose_files(exporting, options.words[0], format))
            fprintf(stderr, "usage: consultation %s\n", usage);
        else if (read_filters(&exporting->terms.filter, &filters))
            status = export_to(exporting, &options.settings);
    }
    free(exporting);
    return status;
}
