#ifndef ALLOWED_HTML_H
#define ALLOWED_HTML_H

#include <stdbool.h>
#include <stddef.h>

/* Whether markup made of somebody's Markdown holds nothing but the elements and attributes that it
 * may, each attribute's value as it may be, every element closed where it should be, no id twice,
 * no link in a link. A reader of its own, which shares nothing with the writer. False with what is
 * wrong in `error`. */
bool allowed_html(const char *markup, char *error, size_t error_size);

#endif
