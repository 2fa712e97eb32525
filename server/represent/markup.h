#ifndef REPRESENT_MARKUP_H
#define REPRESENT_MARKUP_H

#include "domain/language.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* The only maker of safe markup: values that a template inserts unescaped. One sibling makes them,
 * too: represent/markdown, by represent/markup_maker. */

/* Horizontal bars as SVG, one a value; counts below zero are hidden ones and drawn hatched.
 * `whole`: what the whole width stands for; 0: the greatest of them. `labels` are escaped here.
 * Decorative (aria-hidden): the numbers stand in the table beside it. New reference, NULL: no
 * memory. */
json_t *markup_bars(const char *const *labels, const int64_t *counts, size_t count, int64_t whole);

/* One inline bar of `count` out of `most` for a table cell. */
json_t *markup_bar(int64_t count, int64_t most);

/* A line over days as SVG, one step a day: `values` in any unit, none below zero, at least one
 * above. Decorative as the bars are; it has no words, so that it may be drawn out to any width. */
json_t *markup_line(const int64_t *values, size_t count);

/* Paragraphs from plain text of that language parted by empty lines: <p>…</p>, escaped; Chinese
 * words in English are marked by `lang` (WCAG 3.1.2). */
json_t *markup_paragraphs(const char *text, enum language language);

/* The same of plain text on one line; NULL if that is NULL. */
json_t *markup_words(const char *text, enum language language);

/* Plain text on one line with <mark> around the spans, which are in order and apart; escaped. */
struct search_span; /* domain/search */
json_t *markup_marked(const char *text, const struct search_span *spans, size_t count);

/* `value` as JSON for a <script type="application/ld+json"> element (represent/script_json). New
 * reference; NULL: no memory, or no value. */
json_t *markup_script_json(const json_t *value);

/* A QR code (ISO/IEC 18004, error correction M) of the text as SVG, dark on light in every colour
 * scheme, its quiet zone of four modules within. `label` is what it is, for who does not see it;
 * escaped here. NULL: no memory, or the text is longer than the largest code holds. */
json_t *markup_qr(const char *text, const char *label);

/* The markup of such a value, or NULL if the value is anything else. For represent/template only.
 */
const char *markup_text(const json_t *value);

#endif
