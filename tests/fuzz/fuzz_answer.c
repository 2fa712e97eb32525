/* The answer form as a browser sends it: taken apart, made into the interface's submission,
 * checked. Whatever the bytes, it is either good and can be sealed, or says why not; and a
 * submission made of a form holds nothing but what the interface takes. */
#include "domain/identity_key.h"
#include "domain/submission.h"
#include "resources/form_input.h"
#include "support/handmade.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct identity_key key = {.consultation = HANDMADE_SLUG, .bytes = {1, 2, 3}};
    static struct consultation *consultation;
    struct form form = {0};
    if (!consultation)
        consultation = handmade_consultation();
    if (!form_read((const char *)data, size, &form))
        return 0;
    json_t *input = form_input(&form, LANGUAGE_EN);
    form_forget(&form, "/identity/value");
    struct submission submission;
    struct faults faults = {0};
    bool good = submission_read(consultation, &key, input, false, &submission, &faults);
    if (good == (faults.count > 0) || (good && !submission_seal(&submission)))
        abort();
    submission_clear(&submission);
    json_decref(input);
    form_clear(&form);
    return 0;
}
