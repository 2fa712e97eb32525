/* What a receipt states, signed and verified; see receipt.h. Numbers and codes are number.c's. */
#include "domain/receipt.h"

#include "base/parse.h"
#include "domain/submission.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATEMENT_MOST = 512,
    SIGNATURE_TEXT =
        sodium_base64_ENCODED_LEN(SIGNATURE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
};

static const char arrived_name[] = "arrived_at", withdrawn_name[] = "withdrawn_at";

/* Names in order and values that need no escape: the JSON is canonical (RFC 8785) as it is written.
 */
char *receipt_statement(const struct receipt *receipt, size_t *length)
{
    char arrived[RFC3339_TEXT], commitment[2 * DIGEST_BYTES + 1], key[KEY_ID_TEXT];
    format_time(receipt->arrived_us, arrived);
    digest_hex(&receipt->commitment, commitment);
    keys_id_text(receipt->receipt_key, key);
    char *statement = malloc(STATEMENT_MOST);
    if (!statement)
        return NULL;
    int n = snprintf(statement, STATEMENT_MOST,
                     "consultation-receipt-v1\n{\"arrived_at\":\"%s\",\"commitment\":\"%s\","
                     "\"consultation\":\"%s\",\"key_id\":\"%s\",\"number\":\"%s\"}",
                     arrived, commitment, receipt->consultation, key, receipt->number);
    *length = (size_t)n;
    return statement;
}

char *withdrawal_statement(const struct receipt *receipt, int64_t withdrawn_us, size_t *length)
{
    char withdrawn[RFC3339_TEXT], commitment[2 * DIGEST_BYTES + 1], key[KEY_ID_TEXT];
    format_time(withdrawn_us, withdrawn);
    digest_hex(&receipt->commitment, commitment);
    keys_id_text(receipt->receipt_key, key);
    char *statement = malloc(STATEMENT_MOST);
    if (!statement)
        return NULL;
    int n = snprintf(statement, STATEMENT_MOST,
                     "consultation-withdrawal-v1\n{\"commitment\":\"%s\",\"consultation\":\"%s\","
                     "\"key_id\":\"%s\",\"number\":\"%s\",\"withdrawn_at\":\"%s\"}",
                     commitment, receipt->consultation, key, receipt->number, withdrawn);
    *length = (size_t)n;
    return statement;
}

/* The statement's members and its signature; takes `statement` over. */
static json_t *signed_document(const struct keys *keys, const struct receipt *receipt,
                               char *statement, size_t length, const char *time_name, int64_t at_us)
{
    unsigned char signature[SIGNATURE_BYTES];
    bool ok = statement && keys_sign(keys, receipt->receipt_key, statement, length, signature);
    free(statement);
    if (!ok)
        return NULL;
    char at[RFC3339_TEXT], commitment[2 * DIGEST_BYTES + 1], key[KEY_ID_TEXT];
    char text[SIGNATURE_TEXT];
    format_time(at_us, at);
    digest_hex(&receipt->commitment, commitment);
    keys_id_text(receipt->receipt_key, key);
    sodium_bin2base64(text, sizeof text, signature, sizeof signature,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return json_pack("{ss ss ss ss ss ss}", "consultation", receipt->consultation, "number",
                     receipt->number, time_name, at, "commitment", commitment, "key_id", key,
                     "signature", text);
}

json_t *receipt_document(const struct keys *keys, const struct receipt *receipt)
{
    size_t length = 0;
    char *statement = receipt_statement(receipt, &length);
    return signed_document(keys, receipt, statement, length, arrived_name, receipt->arrived_us);
}

json_t *withdrawal_document(const struct keys *keys, const struct receipt *receipt,
                            int64_t withdrawn_us)
{
    size_t length = 0;
    char *statement = withdrawal_statement(receipt, withdrawn_us, &length);
    return signed_document(keys, receipt, statement, length, withdrawn_name, withdrawn_us);
}

static bool time_read(const char *text, int64_t *out)
{
    char again[RFC3339_TEXT];
    if (!parse_time(text, out))
        return false;
    format_time(*out, again);
    return strcmp(again, text) == 0;
}

/* `at`: of the member that `time_name` names. */
static bool document_read(const json_t *document, const char *time_name, struct receipt *receipt,
                          int64_t *at_us, unsigned char signature[SIGNATURE_BYTES])
{
    const char *const names[] = {"consultation", "number", time_name,
                                 "commitment",   "key_id", "signature"};
    const char *values[6];
    for (size_t i = 0; i < 6; i++)
        if (!(values[i] = json_string_value(json_object_get(document, names[i]))))
            return false;
    size_t length = 0;
    char number[NUMBER_TEXT + 1];
    if (!parse_slug(values[0], SLUG_MOST) || !number_read(values[1], number) ||
        strcmp(number, values[1]) != 0 || !time_read(values[2], at_us) ||
        !digest_of_hex(values[3], &receipt->commitment) ||
        sodium_base642bin(signature, SIGNATURE_BYTES, values[5], strlen(values[5]), NULL, &length,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    snprintf(receipt->consultation, sizeof receipt->consultation, "%s", values[0]);
    memcpy(receipt->number, number, sizeof number);
    receipt->receipt_key = keys_id_read(values[4]); /* 0: no name of ours, an unknown key */
    return length == SIGNATURE_BYTES;
}

bool receipt_is_withdrawal(const json_t *document)
{
    return json_object_get(document, withdrawn_name) && !json_object_get(document, arrived_name);
}

enum receipt_verdict receipt_verify(const struct keys *keys, const json_t *document)
{
    struct receipt receipt = {0};
    unsigned char signature[SIGNATURE_BYTES];
    bool withdrawal = receipt_is_withdrawal(document);
    int64_t at_us = 0;
    if (!document_read(document, withdrawal ? withdrawn_name : arrived_name, &receipt, &at_us,
                       signature))
        return RECEIPT_UNREADABLE;
    if (!keys_has_receipt(keys, receipt.receipt_key))
        return RECEIPT_KEY_UNKNOWN;
    size_t length = 0;
    receipt.arrived_us = at_us;
    char *statement = withdrawal ? withdrawal_statement(&receipt, at_us, &length)
                                 : receipt_statement(&receipt, &length);
    bool genuine =
        statement && keys_verify(keys, receipt.receipt_key, statement, length, signature);
    free(statement);
    return genuine ? RECEIPT_GENUINE : RECEIPT_FALSE;
}

static bool same_submission(const json_t *receipt, const json_t *withdrawal)
{
    static const char *const names[] = {"consultation", "number", "commitment"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_equal(json_object_get(receipt, names[i]), json_object_get(withdrawal, names[i])))
            return false;
    return true;
}

/* Content that nothing vouches for is no better than another's: without the random bytes beside it,
 * anybody may have written it there. */
static bool content_fits(const json_t *document, const json_t *paper)
{
    const json_t *content = json_object_get(document, "content");
    const char *salt_text = json_string_value(json_object_get(document, "salt"));
    unsigned char salt[32];
    size_t length = 0;
    struct digest commitment, stated;
    if (!json_is_string(content) || !salt_text ||
        sodium_hex2bin(salt, sizeof salt, salt_text, strlen(salt_text), NULL, &length, NULL) != 0 ||
        length != sizeof salt ||
        !digest_of_hex(json_string_value(json_object_get(paper, "commitment")), &stated))
        return false;
    submission_commitment(salt, json_string_value(content), json_string_length(content),
                          &commitment);
    sodium_memzero(salt, sizeof salt);
    return memcmp(commitment.bytes, stated.bytes, sizeof stated.bytes) == 0;
}

/* `verdict`: of the signed papers. */
static enum receipt_verdict content_judge(enum receipt_verdict verdict, const json_t *document,
                                          struct receipt_papers *papers)
{
    if (verdict != RECEIPT_GENUINE || !json_object_get(document, "content"))
        return verdict;
    bool fits = content_fits(document, papers->receipt ? papers->receipt : papers->withdrawal);
    papers->content = fits ? CONTENT_FITS : CONTENT_OTHER;
    return fits ? RECEIPT_GENUINE : RECEIPT_FALSE;
}

/* As receipt_verify_papers, without the content. */
static enum receipt_verdict papers_verify(const struct keys *keys,
                                          const struct receipt_papers *papers)
{
    enum receipt_verdict verdict = RECEIPT_GENUINE;
    if (!papers->receipt && !papers->withdrawal)
        return RECEIPT_UNREADABLE; /* no document at all */
    if (papers->receipt)
        verdict = receipt_is_withdrawal(papers->receipt) ? RECEIPT_UNREADABLE
                                                         : receipt_verify(keys, papers->receipt);
    if (verdict != RECEIPT_GENUINE || !papers->withdrawal)
        return verdict;
    if (!receipt_is_withdrawal(papers->withdrawal))
        return RECEIPT_UNREADABLE;
    verdict = receipt_verify(keys, papers->withdrawal);
    bool apart = papers->receipt && !same_submission(papers->receipt, papers->withdrawal);
    return verdict == RECEIPT_GENUINE && apart ? RECEIPT_FALSE : verdict;
}

enum receipt_verdict receipt_verify_papers(const struct keys *keys, const json_t *document,
                                           struct receipt_papers *out)
{
    const json_t *receipt = json_object_get(document, "receipt");
    const json_t *withdrawal = json_object_get(document, "withdrawal");
    bool bare = !json_is_object(receipt) && !json_is_object(withdrawal);
    *out = (struct receipt_papers){.receipt = json_is_object(receipt) ? receipt : NULL,
                                   .withdrawal = json_is_object(withdrawal) ? withdrawal : NULL};
    if (bare && receipt_is_withdrawal(document))
        out->withdrawal = document;
    else if (bare)
        out->receipt = document;
    return content_judge(papers_verify(keys, out), document, out);
}
