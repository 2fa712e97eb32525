/* Finding the parts of a consultation, its window, and its end; see consultation.h. */
#include "domain/consultation.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum window consultation_window(const struct consultation *consultation, int64_t utc_us)
{
    if (utc_us < consultation->opens_us)
        return WINDOW_BEFORE;
    return utc_us < consultation->closes_us ? WINDOW_OPEN : WINDOW_CLOSED;
}

const struct direction *consultation_direction(const struct consultation *consultation,
                                               const char *code)
{
    for (size_t i = 0; i < consultation->direction_count; i++)
        if (strcmp(consultation->directions[i].code, code) == 0)
            return &consultation->directions[i];
    return NULL;
}

const struct measure *consultation_measure(const struct consultation *consultation,
                                           const char *code)
{
    for (size_t i = 0; i < consultation->measure_count; i++)
        if (strcmp(consultation->measures[i].code, code) == 0)
            return &consultation->measures[i];
    return NULL;
}

const struct question *consultation_question(const struct consultation *consultation,
                                             const char *code)
{
    for (size_t i = 0; i < consultation->question_count; i++)
        if (strcmp(consultation->questions[i].code, code) == 0)
            return &consultation->questions[i];
    return NULL;
}

const struct sector *consultation_sector(const struct consultation *consultation, const char *code)
{
    for (size_t i = 0; i < consultation->sector_count; i++)
        if (strcmp(consultation->sectors[i].code, code) == 0)
            return &consultation->sectors[i];
    return NULL;
}

const char *contact_part_name(enum contact_part part)
{
    switch (part) {
    case CONTACT_POST:
        return "post";
    case CONTACT_ADDRESS:
        return "address";
    case CONTACT_TELEPHONE:
        return "telephone";
    case CONTACT_EMAIL:
        return "email";
    case CONTACT_PARTS:
        break;
    }
    return "";
}

const char *proof_kind_name(enum proof_kind kind)
{
    static const char *const names[PROOF_KINDS] = {
        [PROOF_NONE] = "none",
        [PROOF_DECLARED] = "declared",
        [PROOF_EMAIL_CODE] = "email-code",
        [PROOF_OPENID] = "openid",
    };
    return names[kind];
}

struct consultation *consultation_hold(struct consultation *consultation)
{
    if (consultation)
        atomic_fetch_add_explicit(&consultation->references, 1, memory_order_relaxed);
    return consultation;
}

void consultation_release(struct consultation *consultation)
{
    if (!consultation ||
        atomic_fetch_sub_explicit(&consultation->references, 1, memory_order_acq_rel) != 1)
        return;
    json_decref(consultation->release);
    arena_free(consultation->memory);
    free(consultation);
}
