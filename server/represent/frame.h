#ifndef REPRESENT_FRAME_H
#define REPRESENT_FRAME_H

#include "represent/page.h"

/* What the frame around a page says; static/pages/frame.mustache. */
struct frame {
    const char *title; /* of the page, plain text; NULL: the string title_key */
    const char *title_key;
    const char *rest; /* the page's address after its language, e.g. "/privacy", "" for the start
                         page; percent-encoded where needed; NULL: there is no such page in another
                         language (a reply to a form) */
    const char
        *form; /* id of the form whose input goes along into another language; NULL: plain links */
    const char *action; /* with `form` or `carried`: address after the language that shows the
                           page again */
    json_t *carried;    /* [{name, value}]: a reply to a form is had in another language by sending
                                 these; borrowed; NULL: not so */
    bool anew;          /* `rest` is the page of the form that this replies to, as it begins */
    const char *json;   /* address of the same as JSON, or NULL */
    const char *base_url; /* scheme and authority; with `rest`, the page says under which address it
                             is known and shared; NULL or "": it does not */
    const char *description; /* one sentence for whoever shows a link to it; NULL: none */
    bool rehearsal;
    bool unlisted; /* not for search engines: forms, receipts, problems, rehearsals */
    bool faulty;   /* shows faults of what was sent */
};

/* Puts `frame` into document->page, which is made if it is NULL. False: no memory or an unknown
 * string. Any thread. */
bool page_frame(const struct pages *pages, struct document *document, const struct frame *frame);

/* The same for a problem: `document->model` is the RFC 9457 document. `path` is the request's,
 * whose other languages are linked to if it was a GET; NULL otherwise. `back`: path of the page
 * that the address belongs to, or NULL. `retry_after`: seconds as text, or NULL. */
bool page_problem(const struct pages *pages, struct document *document, const char *path,
                  const char *back, const char *retry_after);

/* One more step of the way from the start page to this one, after page_frame. Takes no ownership.
 */
bool page_crumb(struct document *document, const char *label, const char *href);

#endif
