/* PDFs by WeasyPrint; see print.h. */
#include "process/print.h"

#include "process/print_page_py.h"
#include "process/program.h"

enum { SECONDS = 60, MEMORY = 1024 << 20, PROCESSES = 32 };

static enum problem_code problem_of(enum program_end end)
{
    switch (end) {
    case PROGRAM_DONE:
        return PROBLEM_NONE;
    case PROGRAM_TIMED_OUT:
    case PROGRAM_TOO_LONG:
        return PROBLEM_CONTENT_TOO_LARGE;
    case PROGRAM_NOT_STARTED:
    case PROGRAM_NOT_CONFINED:
        return PROBLEM_UNAVAILABLE;
    case PROGRAM_FAILED:
        return PROBLEM_INTERNAL;
    }
    return PROBLEM_INTERNAL;
}

enum problem_code print_page(const struct printer *printer, const char *page, size_t length,
                             int file, size_t *written)
{
    if (!*printer->python)
        return PROBLEM_UNAVAILABLE;
    if (length > PRINT_PAGE_MOST)
        return PROBLEM_CONTENT_TOO_LARGE;
    const char *const argv[] = {printer->python, "-I", "print_page.py", NULL};
    const struct program_file script = {"print_page.py", print_page_py, sizeof print_page_py};
    const struct program program = {.argv = argv,
                                    .files = &script,
                                    .file_count = 1,
                                    .folder = printer->folder,
                                    .input = -1,
                                    .bytes = page,
                                    .length = length,
                                    .output = file,
                                    .output_most = PRINT_PDF_MOST,
                                    .seconds = SECONDS,
                                    .memory = MEMORY,
                                    .processes = PROCESSES,
                                    .unconfined = printer->unconfined};
    struct program_result result;
    program_run(&program, &result);
    *written = result.length;
    return problem_of(result.end);
}
