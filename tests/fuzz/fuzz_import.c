/* A consultation's document, as the importer takes it; what passes its rules can be read. */
#include "domain/draft.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *context, const char *pointer, enum problem_code code, long limit)
{
    size_t *faults = context;
    (void)pointer;
    (void)code;
    (void)limit;
    ++*faults;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct draft draft;
    size_t faults = 0;
    const struct draft_report report = {.fault = count, .context = &faults};
    json_t *document = draft_parse((const char *)data, size, &report);
    if (document && draft_check(document, &report) && !draft_read(document, false, &report, &draft))
        abort();
    if (!document && faults == 0)
        abort();
    json_decref(document);
    return 0;
}
