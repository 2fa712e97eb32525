/* Any text as Markdown: refused, or markup that holds only what it may, and whose words are text.
 */
#include "allowed_html.h"
#include "base/parse.h"
#include "represent/markdown.h"
#include "represent/markup.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct markdown *markdown)
{
    static struct pages *pages;
    char error[256] = "";
    if (!pages && !(pages = pages_load(STATIC_FOLDER, error, sizeof error))) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    const struct markdown_place place = {pages, LANGUAGE_EN, LANGUAGE_ZH_HANT, "measure-1-3", 3};
    json_t *value = markdown_markup(markdown, &place);
    char *plain = markdown_plain(markdown);
    if (!value || !plain || !parse_utf8(plain, strlen(plain)) ||
        markdown_words(markdown) > strlen(plain))
        abort();
    if (!allowed_html(markup_text(value), error, sizeof error)) {
        fprintf(stderr, "%s\n%s\n", error, markup_text(value));
        abort();
    }
    json_decref(value);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    struct markdown *markdown = NULL;
    if (markdown_parse(text, &markdown) == PROBLEM_NONE)
        look(markdown);
    markdown_free(markdown);
    free(text);
    return 0;
}
