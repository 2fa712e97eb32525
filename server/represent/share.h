#ifndef REPRESENT_SHARE_H
#define REPRESENT_SHARE_H

#include "represent/frame.h"

/* What a page says of itself to those who link to it: search engines (canonical address, RFC 6596;
 * languages) and messengers (Open Graph). Any thread. */

/* Puts `share` into the frame's context `out` if the page has an address of its own: {canonical,
 * site, locale, other_locales, alternates: [{tag, href}], fallback, description, image}. Called by
 * page_frame. False: no memory. */
bool share_add(enum language language, const struct frame *frame, json_t *out);

/* Puts `linked` into the frame: the page and the way to it as schema.org has them, and `about`,
 * which is taken over and may be NULL. After page_frame and all crumbs; does nothing for a page
 * that has no `share`, or that search engines are asked not to list. False: no memory. */
bool share_linked(struct document *document, json_t *about);

#endif
