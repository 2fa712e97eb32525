/* A receipt's number by mail; see number_letter.h. */
#include "resources/number_letter.h"

#include "represent/wording.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* As long as a mail server may be away. */
enum { TRIED_MINUTES = 30 };

static bool say(const struct sending *sending, const char *key, json_t *context, char *out,
                size_t size)
{
    const struct request *request = sending->request;
    json_t *words = wording_string(service_of(request)->pages, request->language, key, context);
    int length = snprintf(out, size, "%s", words ? json_string_value(words) : "");
    json_decref(words);
    return length > 0 && length < (int)size;
}

static bool letter_fill(const struct sending *sending, struct letter *letter)
{
    const struct request *request = sending->request;
    const char *number = sending->entry.receipt.number, *base = service_of(request)->base_url;
    const char *title = sending->consultation->title.body[request->language];
    json_t *context =
        json_pack("{s:s, s:s, s:o}", "number", number, "title", title ? title : "", "address",
                  json_sprintf("%s/%s/receipts/%s", base, language_tag(request->language), number));
    bool ok =
        context &&
        say(sending, "mail.number-subject", context, letter->subject, sizeof letter->subject) &&
        say(sending, "mail.number-text", context, letter->text, sizeof letter->text);
    json_decref(context);
    return ok;
}

enum number_letter number_letter_send(const struct sending *sending)
{
    const struct service *service = service_of(sending->request);
    const struct submission *submission = &sending->submission;
    const unsigned char *name = submission->challenge.bytes;
    struct letter letter = {.to = ""};
    if (!submission->with_proof)
        return NUMBER_LETTER_NONE;
    if (sending->entry.replayed)
        return mail_kept_taken(service->mail, name) ? NUMBER_LETTER_SENT : NUMBER_LETTER_NONE;
    if (!submission->proven) {
        mail_kept_forget(service->mail, name);
        return NUMBER_LETTER_NONE;
    }
    if (!letter_fill(sending, &letter))
        return NUMBER_LETTER_NONE;
    int64_t until_us = clock_monotonic_us(service->clock) + TRIED_MINUTES * INT64_C(60) * 1000000;
    enum mail_kept kept = mail_kept_send(service->mail, name, &letter, until_us);
    sodium_memzero(&letter, sizeof letter);
    switch (kept) {
    case MAIL_KEPT_NOT:
        return NUMBER_LETTER_NONE;
    case MAIL_KEPT_SENT:
        return NUMBER_LETTER_SENT;
    case MAIL_KEPT_FULL:
        return NUMBER_LETTER_FAILED;
    }
    return NUMBER_LETTER_NONE;
}
