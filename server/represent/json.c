/* Document to JSON; see writer.h. */
#include "represent/writer.h"

/* Shares have three decimals; six digits write them as they are meant, not as they are stored. */
enum { REAL_DIGITS = 6 };

static int json_to_buf(const char *bytes, size_t length, void *context)
{
    struct buf *out = context;
    buf_add(out, bytes, length);
    return buf_ok(out) ? 0 : -1;
}

bool write_json(const struct document *document, struct buf *out)
{
    return json_dump_callback(document->model, json_to_buf, out,
                              JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) == 0;
}
