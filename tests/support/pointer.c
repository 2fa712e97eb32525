/* JSON Pointers over jansson values; see client.h and fixture.h. */
#include "support/client.h"
#include "support/fixture.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 128 };

/* The next token of a pointer, unescaped (~1 is /, ~0 is ~); NULL at the end. */
static const char *pointer_token(const char *pointer, char token[TOKEN_BYTES])
{
    if (*pointer != '/')
        return NULL;
    size_t n = 0;
    for (pointer++; *pointer && *pointer != '/' && n < TOKEN_BYTES - 1; pointer++) {
        char c = *pointer;
        if (c == '~' && (pointer[1] == '0' || pointer[1] == '1'))
            c = *++pointer == '1' ? '/' : '~';
        token[n++] = c;
    }
    token[n] = '\0';
    return pointer;
}

json_t *json_at(json_t *root, const char *pointer)
{
    char token[TOKEN_BYTES];
    while (root && (pointer = pointer_token(pointer, token)))
        root = json_is_array(root) ? json_array_get(root, strtoul(token, NULL, 10))
                                   : json_object_get(root, token);
    return root;
}

void fixture_set(json_t *root, const char *pointer, json_t *value)
{
    char token[TOKEN_BYTES];
    pointer = pointer_token(pointer, token);
    while (pointer && *pointer) {
        json_t *inner = json_object_get(root, token);
        if (!inner) {
            inner = json_object();
            json_object_set_new(root, token, inner);
        }
        root = inner;
        pointer = pointer_token(pointer, token);
    }
    if (json_is_array(root) && strcmp(token, "-") == 0)
        json_array_append_new(root, value);
    else if (value)
        json_object_set_new(root, token, value);
    else
        json_object_del(root, token);
}
