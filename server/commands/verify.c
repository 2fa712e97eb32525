/* verify: a receipt and the published keys as files, and nothing else; no server, no database, no
 * secret. */
#include "commands/commands.h"
#include "commands/options.h"
#include "domain/receipt.h"
#include "domain/submission.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static json_t *file_read(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fprintf(stderr, "consultation: %s is no JSON: %s\n", path, error.text);
    return json;
}

static const char *verdict_words(enum receipt_verdict verdict)
{
    switch (verdict) {
    case RECEIPT_GENUINE:
        return "genuine: signed by one of these keys, and unchanged";
    case RECEIPT_FALSE:
        return "not genuine: the signature does not match";
    case RECEIPT_UNREADABLE:
        return "unreadable: something of a receipt is missing";
    case RECEIPT_KEY_UNKNOWN:
        return "not to be told: it names a key that is not among these";
    }
    return "";
}

/* What its holder reads back has the random bytes and the content beside the receipt: do they give
 * its commitment? */
static bool content_fits(const json_t *document, const json_t *receipt)
{
    const json_t *content = json_object_get(document, "content");
    const char *salt_text = json_string_value(json_object_get(document, "salt"));
    const char *stated = json_string_value(json_object_get(receipt, "commitment"));
    unsigned char salt[32];
    size_t length = 0;
    struct digest commitment;
    char hex[2 * DIGEST_BYTES + 1];
    if (!json_is_string(content) || !salt_text) {
        puts("content: not in the file, so not compared with the commitment");
        return true;
    }
    bool ok =
        sodium_hex2bin(salt, sizeof salt, salt_text, strlen(salt_text), NULL, &length, NULL) == 0 &&
        length == sizeof salt;
    if (ok) {
        submission_commitment(salt, json_string_value(content), json_string_length(content),
                              &commitment);
        digest_hex(&commitment, hex);
        ok = stated && strcmp(hex, stated) == 0;
    }
    puts(ok ? "content: it is what the commitment was made of"
            : "content: it is not what the commitment was made of");
    return ok;
}

static int verify(const json_t *set, const json_t *document)
{
    struct receipt_papers papers;
    struct keys *keys = keys_from_jwks(set);
    if (!keys) {
        fprintf(stderr, "consultation: there is no receipt key in the file of keys\n");
        return 2;
    }
    enum receipt_verdict verdict = receipt_verify_papers(keys, document, &papers);
    if (papers.receipt)
        printf("receipt: %s\n", verdict_words(receipt_verify(keys, papers.receipt)));
    if (papers.withdrawal)
        printf("withdrawal: %s\n", verdict_words(receipt_verify(keys, papers.withdrawal)));
    if (papers.receipt && papers.withdrawal && verdict == RECEIPT_FALSE)
        puts("both: not genuine, or not of one submission");
    bool ok = verdict == RECEIPT_GENUINE;
    if (ok && papers.receipt && !papers.withdrawal)
        ok = content_fits(document, papers.receipt);
    keys_free(keys);
    return ok ? 0 : 1;
}

int command_verify(int argc, char **argv)
{
    const char *keys_file = NULL;
    const struct option_row rows[] = {{.name = "--keys", .text = &keys_file}};
    struct options options = {
        .usage = "verify --keys JWKS-FILE RECEIPT-FILE",
        .rows = rows,
        .row_count = sizeof rows / sizeof *rows,
        .words_least = 1,
        .words_most = 1,
        .offline = true,
    };
    if (!options_read(&options, argc, argv))
        return 2;
    if (!keys_file) {
        fprintf(stderr, "consultation: --keys FILE is wanted: the published keys, from "
                        "/.well-known/receipt-keys\n");
        return 2;
    }
    json_t *set = file_read(keys_file);
    json_t *document = set ? file_read(options.words[0]) : NULL;
    int status = document ? verify(set, document) : 2;
    json_decref(document);
    json_decref(set);
    return status;
}
