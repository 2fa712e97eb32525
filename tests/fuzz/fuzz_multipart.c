/* Any bytes as a form with a file: read whole or refused, and every value is text that ends. */
#include "http/multipart.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;
    if (multipart_read("multipart/form-data; boundary=x", (const char *)data, size, &form)) {
        assert(form.count <= MULTIPART_PARTS_MOST);
        for (size_t i = 0; i < form.count; i++)
            assert(strlen(form.fields[i].name) + strlen(form.fields[i].value) <= size);
        form_clear(&form);
    }
    assert(form.count == 0 && !form.memory);
    return 0;
}
