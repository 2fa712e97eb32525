#ifndef RESOURCES_OFFICIALS_CRUMBS_H
#define RESOURCES_OFFICIALS_CRUMBS_H

#include "http/request.h"
#include "represent/document.h"

/* The way from an official's own start page to this one: the consultation of the address, and what
 * of it the page belongs to. On pages of officials that are about a consultation; on others
 * nothing. After page_frame; of the request's thread. False: no memory, or an unknown string. */
bool crumbs_add(const struct request *request, struct document *document);

#endif
