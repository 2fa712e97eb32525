#ifndef PROCESS_ARCHIVE_H
#define PROCESS_ARCHIVE_H

#include "base/problem.h"

/* What kind of document a ZIP archive holds. */
enum archive_kind { ARCHIVE_DOCX, ARCHIVE_ODT };

enum {
    ARCHIVE_BYTES_MOST = 20 << 20,
    ARCHIVE_ENTRIES_MOST = 2000,
    ARCHIVE_UNPACKED_MOST = 100 << 20, /* bytes of all that is in it */
    ARCHIVE_RATIO_MOST = 200,          /* unpacked to packed, of what is above 1 MiB */
};

/* Reads the directory of an archive (APPNOTE.TXT 6.3 §4.3; no ZIP64, one disk, nothing encrypted)
 * and unpacks nothing: PROBLEM_NONE with *kind; PROBLEM_DOCUMENT_TYPE (no archive, or of something
 * else), PROBLEM_DOCUMENT_LARGE (more, or more in it, than is allowed), PROBLEM_DOCUMENT_UNREADABLE
 * (its directory makes no sense). What it declares may be a lie: whoever unpacks it needs bounds of
 * its own. `file` is read by position. */
enum problem_code archive_look(int file, enum archive_kind *kind);

#endif
