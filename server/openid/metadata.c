/* A provider's own document; see metadata.h. */
#include "openid/metadata.h"

#include "openid/fetch.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static bool is_secure(const char *address)
{
    return strncmp(address, "https://", 8) == 0;
}

/* A provider with a certificate sends nobody, no secret and no question of ours anywhere without:
 * else its document could point into this machine. */
static bool address_read(const json_t *document, const char *name, const char *issuer,
                         char out[METADATA_ADDRESS])
{
    const char *address = json_string_value(json_object_get(document, name));
    return address && fetch_takes(address) && (is_secure(address) || !is_secure(issuer)) &&
           snprintf(out, METADATA_ADDRESS, "%s", address) < METADATA_ADDRESS;
}

/* A list that is not there says what the specification has for that case. */
static bool list_has(const json_t *document, const char *name, const char *word, bool unsaid)
{
    const json_t *list = json_object_get(document, name);
    if (!list)
        return unsaid;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *value = json_string_value(json_array_get(list, i));
        if (value && strcmp(value, word) == 0)
            return true;
    }
    return false;
}

static const char *document_read(const json_t *document, const char *issuer, struct metadata *out)
{
    static const char ways[] = "token_endpoint_auth_methods_supported";
    const char *named = json_string_value(json_object_get(document, "issuer"));
    if (!named || strcmp(named, issuer) != 0)
        return "issuer";
    if (!address_read(document, "authorization_endpoint", issuer, out->authorization))
        return "authorization_endpoint";
    if (!address_read(document, "token_endpoint", issuer, out->token))
        return "token_endpoint";
    if (!address_read(document, "jwks_uri", issuer, out->keys))
        return "jwks_uri";
    if (!list_has(document, "response_types_supported", "code", false))
        return "response_types_supported";
    /* Silence is no refusal: many a provider takes S256 and does not say so (RFC 8414 §2). */
    if (!list_has(document, "code_challenge_methods_supported", "S256", true))
        return "code_challenge_methods_supported";
    out->secret_in_body = !list_has(document, ways, "client_secret_basic", true);
    if (out->secret_in_body && !list_has(document, ways, "client_secret_post", false))
        return ways;
    out->names_itself =
        json_is_true(json_object_get(document, "authorization_response_iss_parameter_supported"));
    return NULL;
}

const char *metadata_read(const char *bytes, size_t length, const char *issuer,
                          struct metadata *out)
{
    *out = (struct metadata){.authorization = ""};
    json_t *document = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    const char *fault = document ? document_read(document, issuer, out) : "document";
    json_decref(document);
    return fault;
}
