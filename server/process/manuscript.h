#ifndef PROCESS_MANUSCRIPT_H
#define PROCESS_MANUSCRIPT_H

#include "base/problem.h"

#include <jansson.h>
#include <stdbool.h>

struct consultation; /* domain/consultation */

/* What an institution wrote elsewhere: a DOCX or ODT, as Markdown, and shared out over the sections
 * of a response. */

struct manuscript_reader {
    const char *pandoc; /* path; "" if there is none */
    const char *folder; /* as struct program's */
    bool unconfined;
};

/* A document (read from where `file` stands) as Markdown: LF, NFC, no raw HTML, no image, tables
 * simple; at most 2 MiB. (Of an ODT's tables pandoc 2.17 reads neither rows that are marked as a
 * heading nor lists: the page should say so.) PROBLEM_NONE with *markdown, which the caller frees;
 * archive_look's problems; PROBLEM_DOCUMENT_UNREADABLE (pandoc cannot make sense of it),
 * PROBLEM_DOCUMENT_LARGE (takes too long or too much memory, or says too much), PROBLEM_UNAVAILABLE
 * (no pandoc, or it may not be started: the log says why). Blocks for up to twenty seconds: never
 * on an HTTP thread. */
enum problem_code manuscript_read(const struct manuscript_reader *reader, int file,
                                  char **markdown);

/* {section code: its text} of a response, in the order of the manuscript: what stands under a
 * heading that names a measure ("1-3", "Measure 1-3", 「措施 1-3」), a direction or a question, by
 * code, by title or by both, in any language, or one of the other sections. Such a heading is left
 * out where it says no more than that. What stands before the first such heading, or under a
 * heading above the one that was named, becomes "summary". Footnotes go with the text that refers
 * to them. Nothing is lost, and nothing is cut: texts may be longer than their sections take.
 * Pure. New reference; NULL: no memory. */
json_t *manuscript_split(const struct consultation *consultation, const char *markdown);

#endif
