#ifndef PROCESS_PRINT_H
#define PROCESS_PRINT_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* A finished page as a PDF, by WeasyPrint. */

struct printer {
    const char *python; /* path of a Python that has WeasyPrint; "" if there is none */
    const char *folder; /* as struct program's */
    bool unconfined;
};

enum { PRINT_PAGE_MOST = 8 << 20, PRINT_PDF_MOST = 32 << 20 };

/* `page`: HTML in UTF-8 with its style within; `lang` on its root, a <title>, and alternative texts
 * become the PDF's (tagged, PDF/UA-1). Nothing that it names is fetched but data: addresses. The
 * PDF is written to `file` from where that stands; its length in *written. PROBLEM_NONE;
 * PROBLEM_CONTENT_TOO_LARGE (the page or the PDF is larger than the above, or takes too long);
 * PROBLEM_UNAVAILABLE (no printer, or it may not be started: the log says why);
 * PROBLEM_INTERNAL. On a problem the file may hold a part. Seconds of one core: never on an HTTP
 * thread; the page is the same for everybody, so make it once. */
enum problem_code print_page(const struct printer *printer, const char *page, size_t length,
                             int file, size_t *written);

#endif
