/* What a stranger's machine sends with a request: the first line is Signature-Input, the second
 * Signature, the third Content-Digest, the fourth the target, the rest a header field. Whatever it
 * is, nobody's signature is ever good, what is read lies within its bounds, and a dictionary that
 * was read is read again from what is written of it. */
#include "access/content_digest.h"
#include "access/message_signature.h"
#include "base/buf.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 5 };
static const char *const names[LINES] = {"signature-input", "signature", "content-digest", "target",
                                         "x-field"};

static const char *line_of(void *closure, const char *name, size_t nth)
{
    char *const *lines = closure;
    for (size_t i = 0; i < LINES; i++)
        if (strcmp(names[i], name) == 0)
            return nth ? NULL : lines[i];
    return NULL;
}

static void rewrite(const char *text)
{
    struct buf once = {0}, twice = {0};
    struct structured_dictionary *read = structured_read(text, strlen(text));
    if (read && read->count && read->members[0].item.value.kind == STRUCTURED_LIST) {
        buf_text(&once, "a=");
        structured_write_list(&once, &read->members[0]);
        struct structured_dictionary *again = structured_read(once.data, once.length);
        if (!again)
            abort();
        buf_text(&twice, "a=");
        structured_write_list(&twice, &again->members[0]);
        if (once.length != twice.length || memcmp(once.data, twice.data, once.length) != 0)
            abort();
        structured_free(again);
    }
    structured_free(read);
    buf_clear(&once);
    buf_clear(&twice);
}

static void verify(const struct message *message)
{
    static const char *const none[] = {NULL};
    static const struct message_policy loose = {
        .components = none, .age_most = INT64_C(1) << 50, .skew = INT64_C(1) << 50};
    static const unsigned char key[crypto_sign_PUBLICKEYBYTES] = {1, 2, 3};
    struct message_signature signature;
    struct fault fault = {0};
    if (message_signature_read(message, &loose, 1, &signature, &fault)) {
        if (!*signature.key_id || strlen(signature.key_id) > MESSAGE_TEXT ||
            signature.covered->item_count > MESSAGE_COMPONENTS || signature.created <= 0)
            abort();
        if (message_signature_verify(message, &signature, key, &fault))
            abort();
        message_signature_clear(&signature);
    }
    if (fault.code == PROBLEM_NONE || !memchr(fault.pointer, '\0', sizeof fault.pointer))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1), *lines[LINES] = {0}, *rest = text;
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    for (size_t i = 0; i < LINES && rest; i++) {
        lines[i] = rest;
        rest = strchr(rest, '\n');
        if (rest && i + 1 < LINES)
            *rest++ = '\0';
    }
    const struct message message = {.method = "POST",
                                    .scheme = "https",
                                    .authority = "c.example",
                                    .target = lines[3] ? lines[3] : "/",
                                    .field = line_of,
                                    .closure = lines};
    verify(&message);
    for (size_t i = 0; i < 3 && lines[i]; i++)
        rewrite(lines[i]);
    if (content_digest_check(lines[2], "never this body", 15) == PROBLEM_NONE)
        abort();
    free(text);
    return 0;
}
