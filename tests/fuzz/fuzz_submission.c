/* A submission's JSON, as the interface takes it: parsed, checked, and if good sealed. */
#include "domain/identity_key.h"
#include "domain/submission.h"
#include "support/handmade.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct identity_key key = {.consultation = HANDMADE_SLUG, .bytes = {1, 2, 3}};
    static struct consultation *consultation;
    if (!consultation)
        consultation = handmade_consultation();
    json_t *input = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (!input)
        return 0;
    struct submission submission;
    struct faults faults = {0};
    bool good = submission_read(consultation, &key, input, IDENTITY_AS_TAKEN, &submission, &faults);
    /* What is refused says why; what is not can be stored. */
    if (good == (faults.count > 0) || (good && !submission_seal(&submission)))
        abort();
    submission_clear(&submission);
    json_decref(input);
    return 0;
}
