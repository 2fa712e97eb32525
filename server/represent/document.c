/* A resource's model; see document.h. */
#include "represent/document.h"

#include <stdarg.h>
#include <stdio.h>
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
    free(document->alternate);
    free(document);
}

bool document_say(struct document *document, json_t *model)
{
    if (!model)
        return false;
    json_decref(document->model);
    document->model = model;
    return true;
}

bool document_alternate(struct document *document, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    free(document->alternate);
    document->alternate = length < 0 ? NULL : text;
    return document->alternate != NULL;
}
