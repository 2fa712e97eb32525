#ifndef REPRESENT_MARKDOWN_H
#define REPRESENT_MARKDOWN_H

#include "base/problem.h"
#include "represent/page.h"

#include <jansson.h>
#include <stddef.h>

/* A section of an institutional response: Markdown (CommonMark 0.29 with GFM's tables and
 * strikethrough, and footnotes), parsed once and then shown. Never raw HTML, never an image.
 * A parsed text is read by one thread at a time. */

enum {
    MARKDOWN_BYTES_MOST = 100000, /* above any section's limit of 20,000 code points */
    MARKDOWN_NODES_MOST = 50000,
    MARKDOWN_DEPTH_MOST = 40,
    MARKDOWN_ADDRESS_MOST = 2000, /* bytes of a link's address; a longer one is no link */
};

struct markdown;

/* PROBLEM_NONE with *out, which the caller frees; else PROBLEM_TOO_LONG, PROBLEM_TOO_COMPLEX (more
 * parts, deeper nesting or more work than is allowed), PROBLEM_BAD_TEXT (not UTF-8) or
 * PROBLEM_INTERNAL (no memory). Takes less than half a second whatever the text is. `text` is
 * copied. Any thread. */
enum problem_code markdown_parse(const char *text, struct markdown **out);
void markdown_free(struct markdown *markdown);

/* Where it will stand. */
struct markdown_place {
    const struct pages *pages; /* for the words that are ours */
    enum language page;        /* whose words these are */
    enum language text;        /* language of the text */
    const char *prefix;        /* of ids: [a-z0-9-], unique on the page for each text, as
                                  "measure-1-3" */
    int heading;               /* level of the text's highest headings, 2 to 6; those below nest
                                  without a gap, none deeper than 6 */
};

/* Safe markup (represent/markup). New reference, NULL: no memory, or a word is missing. */
json_t *markdown_markup(const struct markdown *markdown, const struct markdown_place *place);

/* What it says without markup, a line a block; caller frees. For counting, searching, excerpts,
 * descriptions. NULL: no memory. */
char *markdown_plain(const struct markdown *markdown);

/* Words as an institution counts them: "字／words" (text_words) of what markdown_plain says; 0
 * without memory. */
size_t markdown_words(const struct markdown *markdown);

#endif
