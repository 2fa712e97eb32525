#ifndef RESOURCES_OFFICIALS_ENTRY_H
#define RESOURCES_OFFICIALS_ENTRY_H

#include "resources/journey.h"
#include "resources/sending.h"

/* One answer that came on paper, at a counter, by e-mail or by telephone, as a clerk types it in;
 * shared by entry*.c alone. Confined to its request. */
struct entry_form {
    struct journey journey; /* what was said, faults and problem, as the public form has them */
    enum channel channel;   /* 0: none was named */
    int32_t received_day;   /* since 1970; meant only without a fault of it */
    struct uuid key;        /* of the paper form, or the one below */
    struct uuid made_key;   /* this form's own, for what bears none; carried by it */
    bool is_printed;        /* the key is the paper form's */
    /* As typed; borrowed from the form that was sent or the address. */
    const char *channel_text, *language_text, *key_text, *day, *month, *year, *identity_kind;
    bool without_key;
    char date[3][12]; /* of an address */
};

/* A new form; what stays the same for a whole pile may stand in the address: `channel`,
 * `received_on`, `language`. False: no memory. entry_form_clear in any case. */
bool entry_form_new(struct request *request, struct consultation *consultation,
                    struct entry_form *out);
/* What was sent as request->form, its faults but those of a submission. False: no memory. */
bool entry_form_take(struct request *request, struct consultation *consultation,
                     struct entry_form *out);
void entry_form_clear(struct entry_form *form);

/* All faults. True: none, and *out is whole but for arrival, salt and digests; submission_clear in
 * any case. */
bool entry_form_judge(struct entry_form *form, struct submission *out);

/* The form's page, with its problem or faults. NULL: no memory. */
struct document *entry_form_document(struct entry_form *form, int status);

/* The receipt, to be printed for whoever answered: in the language of the answer. */
struct document *entry_receipt_document(struct request *request, const struct sending *sending);

/* "/consultations/{slug}" and `tail`, as desk_address wants it. */
enum { ENTRY_ADDRESS = 192 };
void entry_address(const struct consultation *consultation, const char *tail,
                   char rest[ENTRY_ADDRESS]);
/* The consultation as a page of officials has it: consultation_view without the way around its
 * public pages. New reference. */
json_t *entry_consultation(const struct request *request, const struct consultation *consultation);

/* Days are Hong Kong's: since 1970, of a moment since 1970 UTC. */
int32_t hong_kong_day(int64_t utc_us);

#endif
