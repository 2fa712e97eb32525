/* verify: a receipt and the published keys as files, and nothing else; no server, no database, no
 * secret. */
#include "commands/commands.h"
#include "commands/options.h"
#include "domain/receipt.h"

#include <jansson.h>
#include <stdio.h>

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

/* What its holder reads back has the random bytes and the content beside the receipt. */
static void content_say(const struct receipt_papers *papers)
{
    switch (papers->content) {
    case CONTENT_NOT_SHOWN:
        puts("content: not in the file, so not compared with the commitment");
        break;
    case CONTENT_FITS:
        puts("content: it is what the commitment was made of");
        break;
    case CONTENT_OTHER:
        puts("content: it is not what the commitment was made of, or that cannot be told");
        break;
    }
}

/* Of one of the two papers, in the place where `withdrawal` says that it stands. */
static const char *paper_words(const struct keys *keys, const json_t *paper, bool withdrawal)
{
    return verdict_words(receipt_is_withdrawal(paper) == withdrawal ? receipt_verify(keys, paper)
                                                                    : RECEIPT_UNREADABLE);
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
        printf("receipt: %s\n", paper_words(keys, papers.receipt, false));
    if (papers.withdrawal)
        printf("withdrawal: %s\n", paper_words(keys, papers.withdrawal, true));
    if (verdict == RECEIPT_GENUINE || papers.content == CONTENT_OTHER)
        content_say(&papers);
    else if (papers.receipt && papers.withdrawal && verdict == RECEIPT_FALSE)
        puts("both: not genuine, or not of one submission");
    bool ok = verdict == RECEIPT_GENUINE;
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
