/* Replies kept for the contract's check; see record.h. */
#include "support/record.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void record_reply(const char *method, const char *path, const struct client_reply *reply)
{
    static atomic_int count;
    const char *folder = getenv("RECORD_REPLIES");
    if (!folder || !reply->json)
        return;
    char type[128] = "", name[512];
    client_header(reply, "Content-Type", type, sizeof type);
    /* A file of lines, each a document; with one line only it can be read as if it were one. */
    if (strcmp(type, "application/x-ndjson") == 0)
        return;
    snprintf(name, sizeof name, "%s/%d-%d.json", folder, (int)getpid(),
             atomic_fetch_add(&count, 1));
    json_t *record = json_pack("{s:s, s:s, s:i, s:s, s:O}", "method", method, "path", path,
                               "status", reply->status, "type", type, "body", reply->json);
    if (!record || json_dump_file(record, name, JSON_INDENT(1)) != 0)
        fprintf(stderr, "record: %s could not be written\n", name);
    json_decref(record);
}
