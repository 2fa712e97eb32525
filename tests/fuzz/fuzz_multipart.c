/* Any bytes as a form with a file: read whole or refused, and every value is text that ends. The
 * same bytes in a file, where each file is a stretch of it. */
#include "http/multipart.h"
#include "http/upload.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void in_a_file(const uint8_t *data, size_t size)
{
    static int file = -1;
    struct form form;
    if (file < 0)
        file = memfd_create("body", MFD_CLOEXEC);
    struct upload upload = {.file = file, .length = size};
    assert(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    if (upload_read_form("multipart/form-data; boundary=x", &upload, &form)) {
        assert(form.count <= UPLOAD_FIELDS_MOST && upload.count <= UPLOAD_FILES_MOST);
        for (size_t i = 0; i < form.count; i++)
            assert(strlen(form.fields[i].name) + strlen(form.fields[i].value) <= size);
        for (size_t i = 0; i < upload.count; i++) {
            assert(upload.files[i].start <= size);
            assert(upload.files[i].length <= size - upload.files[i].start);
            assert(strlen(upload.files[i].name) + strlen(upload.files[i].field) <= size);
        }
        form_clear(&form);
    }
    assert(form.count == 0 && !form.memory);
}

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
    in_a_file(data, size);
    return 0;
}
