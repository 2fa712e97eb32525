#ifndef DOMAIN_TEXT_TOKENS_H
#define DOMAIN_TEXT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts cut into what is compared, and which of it two have in common; for text_diff.c and
 * text_merge.c, nobody else includes this. Pure functions; any thread. */

struct token {
    const char *text; /* a window into the text */
    size_t length;
    uint32_t hash; /* FNV-1a, so that unlike ones are told apart at a glance */
};

struct tokens {
    size_t count, capacity;
    struct token *list;
    bool *kept; /* the other text has it, too */
};

/* Words, and every other character by itself, into an empty *out: tokens_clear, whatever the
 * outcome. False: no memory. */
bool tokens_words(const char *text, size_t length, struct tokens *out);
/* The same of lines with their ends. */
bool tokens_lines(const char *text, struct tokens *out);
void tokens_clear(struct tokens *tokens);

bool token_is_same(const struct token *a, const struct token *b);

/* Marks in both what they keep. False: no memory. What takes too many changes keeps nothing but its
 * beginning and end. */
bool tokens_compare(struct tokens *a, struct tokens *b);

/* How many from there on are kept, or not kept; *bytes: their lengths' sum. */
size_t tokens_run(const struct tokens *tokens, size_t from, bool kept, size_t *bytes);

#endif
