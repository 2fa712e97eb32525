/* A form's body: what is taken are so many pairs of UTF-8 texts as were sent, and no more than are
 * allowed. */
#include "base/parse.h"
#include "http/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;
    if (!form_read((const char *)data, size, &form))
        return 0;
    if (form.count > FORM_FIELDS_MOST)
        abort();
    for (size_t i = 0; i < form.count; i++) {
        const struct field *field = &form.fields[i];
        if (!parse_utf8(field->name, strlen(field->name)) ||
            !parse_utf8(field->value, strlen(field->value)))
            abort();
        if (!form_value(&form, field->name))
            abort();
    }
    form_clear(&form);
    return 0;
}
