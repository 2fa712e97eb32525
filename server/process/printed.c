/* PDFs that were made lately; see printed.h. */
#include "process/printed.h"

#include "base/spool.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACES = 64, BYTES_MOST = 256 << 20, FAILURES = 64 };
#define FAILURE_US (5 * INT64_C(60000000))

struct sheet {
    struct digest page;
    int file; /* -1: an empty place */
    uint64_t length, asked;
};

struct failure {
    struct digest page;
    int64_t until_us; /* 0: an empty place */
};

struct printed {
    const char *folder;
    pthread_mutex_t lock;
    bool quiet;
    uint64_t bytes, asked; /* asked: counts, for the order */
    struct sheet sheets[PLACES];
    struct failure failures[FAILURES];
    size_t failed; /* counts: the oldest makes room */
};

struct printed *printed_new(const char *folder)
{
    struct printed *printed = calloc(1, sizeof *printed);
    if (!printed)
        return NULL;
    printed->folder = folder;
    pthread_mutex_init(&printed->lock, NULL);
    for (int i = 0; i < PLACES; i++)
        printed->sheets[i].file = -1;
    return printed;
}

static void sheet_drop(struct printed *printed, struct sheet *sheet)
{
    close(sheet->file);
    printed->bytes -= sheet->length;
    *sheet = (struct sheet){.file = -1};
}

void printed_free(struct printed *printed)
{
    if (!printed)
        return;
    for (int i = 0; i < PLACES; i++)
        if (printed->sheets[i].file >= 0)
            sheet_drop(printed, &printed->sheets[i]);
    pthread_mutex_destroy(&printed->lock);
    free(printed);
}

int printed_file(const struct printed *printed)
{
    return spool_open(printed->folder);
}

static struct sheet *sheet_of(struct printed *printed, const struct digest *page)
{
    for (int i = 0; i < PLACES; i++) {
        struct sheet *sheet = &printed->sheets[i];
        if (sheet->file >= 0 && memcmp(&sheet->page, page, sizeof *page) == 0)
            return sheet;
    }
    return NULL;
}

int printed_find(struct printed *printed, const struct digest *page, uint64_t *length)
{
    int file = -1;
    pthread_mutex_lock(&printed->lock);
    struct sheet *sheet = sheet_of(printed, page);
    if (sheet) {
        sheet->asked = ++printed->asked;
        *length = sheet->length;
        file = fcntl(sheet->file, F_DUPFD_CLOEXEC, 0);
    }
    pthread_mutex_unlock(&printed->lock);
    return file;
}

/* An empty place, or the one whose file was asked for longest ago. */
static struct sheet *sheet_oldest(struct printed *printed, bool empty_too)
{
    struct sheet *oldest = NULL;
    for (int i = 0; i < PLACES; i++) {
        struct sheet *sheet = &printed->sheets[i];
        if (sheet->file < 0 && empty_too)
            return sheet;
        if (sheet->file >= 0 && (!oldest || sheet->asked < oldest->asked))
            oldest = sheet;
    }
    return oldest;
}

void printed_keep(struct printed *printed, const struct digest *page, int file, uint64_t length)
{
    int own = length <= BYTES_MOST ? fcntl(file, F_DUPFD_CLOEXEC, 0) : -1;
    if (own < 0)
        return;
    pthread_mutex_lock(&printed->lock);
    struct sheet *sheet = sheet_of(printed, page);
    if (sheet)
        sheet_drop(printed, sheet);
    while (printed->bytes + length > BYTES_MOST)
        sheet_drop(printed, sheet_oldest(printed, false));
    sheet = sheet_oldest(printed, true);
    if (sheet->file >= 0)
        sheet_drop(printed, sheet);
    *sheet =
        (struct sheet){.page = *page, .file = own, .length = length, .asked = ++printed->asked};
    printed->bytes += length;
    pthread_mutex_unlock(&printed->lock);
}

void printed_fail(struct printed *printed, const struct digest *page, int64_t now_us)
{
    pthread_mutex_lock(&printed->lock);
    printed->failures[printed->failed++ % FAILURES] =
        (struct failure){.page = *page, .until_us = now_us + FAILURE_US};
    pthread_mutex_unlock(&printed->lock);
}

bool printed_failed(struct printed *printed, const struct digest *page, int64_t now_us)
{
    bool failed = false;
    pthread_mutex_lock(&printed->lock);
    for (int i = 0; i < FAILURES && !failed; i++)
        failed = printed->failures[i].until_us > now_us &&
                 memcmp(&printed->failures[i].page, page, sizeof *page) == 0;
    pthread_mutex_unlock(&printed->lock);
    return failed;
}

void printed_quiet(struct printed *printed)
{
    if (!printed)
        return;
    pthread_mutex_lock(&printed->lock);
    printed->quiet = true;
    pthread_mutex_unlock(&printed->lock);
}

bool printed_is_quiet(struct printed *printed)
{
    pthread_mutex_lock(&printed->lock);
    bool quiet = printed->quiet;
    pthread_mutex_unlock(&printed->lock);
    return quiet;
}
