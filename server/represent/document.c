/* A resource's model; see document.h. */
#include "represent/document.h"

#include <stdlib.h>

struct document *document_new(int status, enum language language)
{
    struct document *document = calloc(1, sizeof *document);
    if (!document)
        return NULL;
    document->status = status;
    document->language = language;
    document->model = json_object();
    if (!document->model) {
        document_free(document);
        return NULL;
    }
    return document;
}

void document_free(struct document *document)
{
    if (!document)
        return;
    json_decref(document->model);
    json_decref(document->page);
    json_decref(document->columns);
    json_decref(document->rows);
    free(document);
}
