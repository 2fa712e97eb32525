/* Verifies one request as the server does, for tests of signers that are not C. On standard input:
 * {"method", "scheme", "authority", "target", "now", "key" (base 64), "fields": [[name, value], …],
 * "body" (base 64)}. Prints the key's id, or the problem's code and what it is about; or
 * "not-canonical", of a JSON body that the server would write in another way. */
#include "access/content_digest.h"
#include "access/message_signature.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *field_of(void *closure, const char *name, size_t nth)
{
    size_t i;
    const json_t *pair;
    json_array_foreach((json_t *)closure, i,
                       pair) if (strcmp(json_string_value(json_array_get(pair, 0)), name) == 0 &&
                                 nth-- == 0) return json_string_value(json_array_get(pair, 1));
    return NULL;
}

static size_t decode(const char *text, unsigned char *out, size_t room)
{
    size_t length = 0;
    if (!text || sodium_base642bin(out, room, text, strlen(text), NULL, &length, NULL,
                                   sodium_base64_VARIANT_ORIGINAL) != 0)
        abort();
    return length;
}

static bool is_canonical(const unsigned char *bytes, size_t length)
{
    json_t *document = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
    char *text = document ? json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    bool same = text && strlen(text) == length && memcmp(text, bytes, length) == 0;
    free(text);
    json_decref(document);
    return same;
}

static bool verify(const struct message *message, int64_t now, const char *key, const char *body,
                   char *key_id, struct fault *fault)
{
    unsigned char public_half[crypto_sign_PUBLICKEYBYTES];
    struct message_signature signature;
    size_t room = strlen(body) + 1;
    unsigned char *bytes = malloc(room);
    if (!bytes || decode(key, public_half, sizeof public_half) != sizeof public_half)
        abort();
    size_t length = decode(body, bytes, room);
    bool ok = message_signature_read(message, &message_policy_filing, now, &signature, fault);
    if (ok) {
        snprintf(key_id, MESSAGE_TEXT + 1, "%s", signature.key_id);
        ok = message_signature_verify(message, &signature, public_half, fault);
        message_signature_clear(&signature);
    }
    if (ok) {
        fault->code =
            content_digest_check(field_of(message->closure, "content-digest", 0), bytes, length);
        snprintf(fault->pointer, sizeof fault->pointer, "Content-Digest");
        ok = fault->code == PROBLEM_NONE;
    }
    const char *type = field_of(message->closure, "content-type", 0);
    if (ok && strcmp(type, "application/json") == 0 && !is_canonical(bytes, length))
        snprintf(key_id, MESSAGE_TEXT + 1, "not-canonical");
    free(bytes);
    return ok;
}

int main(void)
{
    const char *key = NULL, *body = NULL;
    char key_id[MESSAGE_TEXT + 1];
    struct fault fault = {0};
    struct message message = {.field = field_of};
    json_int_t now = 0;
    json_t *fields = NULL, *request = json_loadf(stdin, 0, NULL);
    if (sodium_init() < 0 ||
        json_unpack(request, "{s:s, s:s, s:s, s:s, s:I, s:s, s:o, s:s}", "method", &message.method,
                    "scheme", &message.scheme, "authority", &message.authority, "target",
                    &message.target, "now", &now, "key", &key, "fields", &fields, "body",
                    &body) != 0)
        return 2;
    message.closure = fields;
    if (verify(&message, now, key, body, key_id, &fault))
        puts(key_id);
    else
        printf("%s %s\n", problem_slug(fault.code), fault.pointer);
    json_decref(request);
    return 0;
}
