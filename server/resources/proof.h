#ifndef RESOURCES_PROOF_H
#define RESOURCES_PROOF_H

#include "resources/sending.h"

/* Proof of an identity on a submission's way: judged by the database before it is queued. */

/* Whether that proof can be given now: by the consultation's setting, for codes because mail
 * can be sent, for sign-ins because there is a provider. Any thread. */
bool proof_is_offered(const struct service *service, const struct consultation *consultation,
                      enum proof_kind kind);

/* As sending_push, for a submission with or without proof. What the proof lacks is in
 * entry.problem then: see proof_faults. */
enum handled proof_send(struct sending *sending, request_handler next);

/* True if entry.problem is about one field of the proof; it is then the one fault of `out`. */
bool proof_faults(const struct sending *sending, struct faults *out);

/* The hash of the client's network under this server's own key, made at its start. */
void proof_prefix(const struct service *service, const char *address, struct digest *out);

/* Says, without saying whose, that an identity is asked about uncommonly often. */
void proof_alarm(struct service *service, const struct consultation *consultation);

#endif
