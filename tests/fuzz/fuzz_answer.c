/* The answer form as a browser sends it: taken apart, made into the interface's submission,
 * checked. Whatever the bytes, it is either good and can be sealed, or says why not; and what was
 * taken of a form holds nothing but what the interface takes. */
#include "domain/submission.h"
#include "resources/form_input.h"
#include "support/handmade.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct consultation *consultation;
    struct form form = {0};
    if (!consultation)
        consultation = handmade_consultation();
    if (!form_read((const char *)data, size, &form))
        return 0;
    json_t *input = json_object();
    struct faults faults = {0};
    form_take(&form, consultation, form_carried, input, &faults);
    json_object_set_new(input, "language", json_string("en"));
    struct submission submission;
    faults = (struct faults){0};
    bool good = submission_read(consultation, NULL, input, IDENTITY_OF_OTHER, &submission, &faults);
    for (size_t i = 0; i < faults.count; i++)
        if (faults.list[i].code == PROBLEM_UNKNOWN_FIELD)
            abort();
    if (good == (faults.count > 0) || (good && !submission_seal(&submission)))
        abort();
    submission_clear(&submission);
    json_decref(input);
    form_clear(&form);
    return 0;
}
