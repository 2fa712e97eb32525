#ifndef RESOURCES_INSTITUTIONS_ATTACHMENTS_H
#define RESOURCES_INSTITUTIONS_ATTACHMENTS_H

#include "attachment/keep.h"
#include "attachment/partial.h"
#include "http/request.h"
#include "store/row.h"

/* What the handlers of attachments share. On the desk's thread. */

enum { UPLOAD_PIECE = 8 * 1024 * 1024 }; /* bytes of one piece at the most, as in routes.def */

/* Who asks, as every statement of attachments has it first: a member, or a machine by its key
 * (official->token), where official->id is 0. */
void attachment_who(struct params *params, const struct request *request);

/* Keeps the bytes and attaches them to the draft of whoever asks, in this consultation. `upload`:
 * what they came by in pieces, which is over then; NULL. PROBLEM_NONE: *out says under which name.
 * Else a problem's code, and nothing is attached; PROBLEM_COUNT: a reply is set already. */
enum problem_code attachment_take(struct request *request, const struct attachment_sent *sent,
                                  const struct uuid *upload, struct attachment *out);

/* True if it is the file's own fault, which a form shows beside its field. */
bool attachment_is_fault(enum problem_code code);

#endif
