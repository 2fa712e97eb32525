/* A client's side of the proof-of-work; see solver.h. */
#include "support/solver.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

json_int_t solver_number(const json_t *challenge)
{
    json_int_t most = json_integer_value(json_object_get(challenge, "maxnumber"));
    for (json_int_t number = 0; number <= most; number++) {
        unsigned char hash[crypto_hash_sha256_BYTES];
        char attempt[256], hex[2 * sizeof hash + 1];
        int length =
            snprintf(attempt, sizeof attempt, "%s%lld", text_of(challenge, "salt"), number);
        crypto_hash_sha256(hash, (const unsigned char *)attempt, (unsigned long long)length);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        if (strcmp(hex, text_of(challenge, "challenge")) == 0)
            return number;
    }
    return -1;
}

json_t *solver_solution(const json_t *challenge, json_int_t number)
{
    return json_pack("{s:s, s:s, s:I, s:s, s:s}", "algorithm", text_of(challenge, "algorithm"),
                     "challenge", text_of(challenge, "challenge"), "number", number, "salt",
                     text_of(challenge, "salt"), "signature", text_of(challenge, "signature"));
}

char *solver_payload(json_t *solution)
{
    enum { VARIANT = sodium_base64_VARIANT_ORIGINAL };
    char *json = json_dumps(solution, JSON_COMPACT);
    size_t size = sodium_base64_ENCODED_LEN(strlen(json), VARIANT);
    char *payload = malloc(size);
    sodium_bin2base64(payload, size, (const unsigned char *)json, strlen(json), VARIANT);
    free(json);
    json_decref(solution);
    return payload;
}
