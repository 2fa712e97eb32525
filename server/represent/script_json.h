#ifndef REPRESENT_SCRIPT_JSON_H
#define REPRESENT_SCRIPT_JSON_H

#include "base/buf.h"

#include <jansson.h>

/* JSON that may stand inside <script type="application/ld+json">: such an element is data, which no
 * Content-Security-Policy runs, but the HTML parser looks for its end in the raw text (HTML Living
 * Standard, "Restrictions for contents of script elements"). So < > & are written as \u003c and the
 * like, and with them U+2028 and U+2029. They can occur within strings only, so it stays the same
 * JSON. Appends; false: no memory, or a value that JSON cannot say. Any thread. */
bool script_json(const json_t *value, struct buf *out);

#endif
