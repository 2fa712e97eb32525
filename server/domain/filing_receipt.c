/* Receipts of institutions' filings; see filing_receipt.h. */
#include "domain/filing_receipt.h"

#include "base/buf.h"
#include "base/parse.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIGNATURE_TEXT =
        sodium_base64_ENCODED_LEN(SIGNATURE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
};

static const char *const texts[] = {"arrived_at",  "consultation", "digest",
                                    "institution", "key",          "number"};
enum { TEXTS = sizeof texts / sizeof *texts };

bool filing_receipt_is(const json_t *document)
{
    return json_object_get(document, "institution") && json_object_get(document, "digest");
}

/* The members as they stand in the document: one that is spelt in another way than it was signed is
 * false. */
char *filing_receipt_statement(const json_t *document, size_t *length)
{
    json_t *signed_part = json_object();
    json_t *version = json_object_get(document, "version");
    bool ok = json_is_integer(version) && json_object_set(signed_part, "version", version) == 0;
    for (size_t i = 0; ok && i < TEXTS; i++) {
        json_t *text = json_object_get(document, texts[i]);
        ok = json_is_string(text) && json_object_set(signed_part, texts[i], text) == 0;
    }
    char *json = ok ? json_dumps(signed_part, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(signed_part);
    struct buf statement = {0};
    if (!json)
        return NULL;
    buf_text(&statement, "institution-receipt-v1\n");
    buf_text(&statement, json);
    free(json);
    return buf_take(&statement, length);
}

json_t *filing_receipt_document(const struct keys *keys, const struct filing_receipt *receipt)
{
    char arrived[RFC3339_TEXT], digest[2 * DIGEST_BYTES + 1], key[KEY_ID_TEXT];
    char text[SIGNATURE_TEXT];
    unsigned char signature[SIGNATURE_BYTES];
    size_t length = 0;
    format_time(receipt->arrived_us, arrived);
    digest_hex(&receipt->digest, digest);
    keys_id_text(receipt->receipt_key, key);
    json_t *document =
        json_pack("{ss ss ss ss ss ss si}", "arrived_at", arrived, "consultation",
                  receipt->consultation, "digest", digest, "institution", receipt->institution,
                  "key", key, "number", receipt->number, "version", receipt->version);
    char *statement = document ? filing_receipt_statement(document, &length) : NULL;
    bool ok = statement && keys_sign(keys, receipt->receipt_key, statement, length, signature);
    free(statement);
    if (ok) {
        sodium_bin2base64(text, sizeof text, signature, sizeof signature,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        ok = json_object_set_new(document, "signature", json_string(text)) == 0;
    }
    if (ok)
        return document;
    json_decref(document);
    return NULL;
}

enum receipt_verdict filing_receipt_verify(const struct keys *keys, const json_t *document)
{
    unsigned char signature[SIGNATURE_BYTES];
    size_t length = 0, signature_length = 0;
    const char *text = json_string_value(json_object_get(document, "signature"));
    char *statement = text ? filing_receipt_statement(document, &length) : NULL;
    enum receipt_verdict verdict = RECEIPT_UNREADABLE;
    if (statement &&
        sodium_base642bin(signature, sizeof signature, text, strlen(text), NULL, &signature_length,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
        signature_length == sizeof signature) {
        int key = keys_id_read(json_string_value(json_object_get(document, "key")));
        verdict = !keys_has_receipt(keys, key)                           ? RECEIPT_KEY_UNKNOWN
                  : keys_verify(keys, key, statement, length, signature) ? RECEIPT_GENUINE
                                                                         : RECEIPT_FALSE;
    }
    free(statement);
    return verdict;
}
