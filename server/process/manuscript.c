/* Documents by pandoc; see manuscript.h. */
#include "process/manuscript.h"

#include "base/text.h"
#include "process/archive.h"
#include "process/manuscript_lua.h"
#include "process/program.h"

#include <stdlib.h>
#include <unistd.h>

enum { SECONDS = 20, MARKDOWN_MOST = 2 << 20, MEMORY = 1024 << 20, PROCESSES = 32 };

static enum problem_code problem_of(const struct program_result *result)
{
    switch (result->end) {
    case PROGRAM_DONE:
        return PROBLEM_NONE;
    case PROGRAM_FAILED:
        /* A signal, or 251: its word for no memory (GHC's run-time system). */
        return result->status > 128 ? PROBLEM_DOCUMENT_LARGE : PROBLEM_DOCUMENT_UNREADABLE;
    case PROGRAM_TIMED_OUT:
    case PROGRAM_TOO_LONG:
        return PROBLEM_DOCUMENT_LARGE;
    case PROGRAM_NOT_STARTED:
    case PROGRAM_NOT_CONFINED:
        return PROBLEM_UNAVAILABLE;
    }
    return PROBLEM_INTERNAL;
}

enum problem_code manuscript_read(const struct manuscript_reader *reader, int file, char **markdown)
{
    enum archive_kind kind;
    if (!*reader->pandoc)
        return PROBLEM_UNAVAILABLE;
    enum problem_code code = archive_look(file, &kind);
    if (code != PROBLEM_NONE)
        return code;
    const char *const argv[] = {reader->pandoc,
                                "+RTS",
                                "-M512m",
                                "-RTS",
                                "--sandbox",
                                kind == ARCHIVE_DOCX ? "--from=docx" : "--from=odt",
                                "--to=gfm-raw_html",
                                "--wrap=none",
                                "--markdown-headings=atx",
                                "--lua-filter=manuscript.lua",
                                NULL};
    const struct program_file script = {"manuscript.lua", manuscript_lua, sizeof manuscript_lua};
    const struct program program = {.argv = argv,
                                    .files = &script,
                                    .file_count = 1,
                                    .folder = reader->folder,
                                    .input = file,
                                    .output = -1,
                                    .output_most = MARKDOWN_MOST,
                                    .seconds = SECONDS,
                                    .memory = MEMORY,
                                    .processes = PROCESSES,
                                    .unconfined = reader->unconfined};
    struct program_result result;
    program_run(&program, &result);
    code = problem_of(&result);
    if (code == PROBLEM_NONE && !text_normalise(result.output, result.length, markdown))
        code = PROBLEM_DOCUMENT_UNREADABLE;
    free(result.output);
    return code;
}
