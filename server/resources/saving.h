#ifndef RESOURCES_SAVING_H
#define RESOURCES_SAVING_H

#include "domain/saved_form.h"
#include "http/form.h"
#include "http/request.h"
#include "http/worker.h"
#include "service.h"
#include "store/db.h"

/* A form on its way to where it is kept, or back, or to its end, by the clerk's thread. Lives as
 * the request's `private`; owned like the request. Codes and what they open are wiped with it. */
enum saving_act { SAVING_PUT, SAVING_GET, SAVING_ERASE };

struct saving {
    struct job job;
    struct request *request;
    request_handler next; /* on the HTTP thread, with the outcome in `problem` */
    enum saving_act act;
    struct consultation *consultation; /* held; of the form. NULL: not known (yet) */
    struct form form;                  /* as it was sent */
    bool form_read;
    char code[RETURN_CODE_TEXT + 1];
    unsigned char *sealed; /* owned; PUT */
    size_t sealed_length;
    struct form_state state;   /* GET: what came back */
    int64_t expires_us;        /* PUT, GET: until when it is kept */
    enum problem_code problem; /* NONE; RETURN_CODE_WRONG (nothing is kept under that code),
                                  TOO_MANY_REQUESTS with retry_s, SAVED_FORMS_FULL, UNAVAILABLE,
                                  NOT_OPEN, CLOSED, INTERNAL */
    int retry_s;
};

/* Makes it the request's. NULL: no memory. */
struct saving *saving_new(struct request *request);
struct saving *saving_of(const struct request *request);

/* Judges the network's share and hands it to the clerk. HANDLED_LATER: `next` will be called.
 * HANDLED: `problem` says why not, and nothing was replied yet. */
enum handled saving_send(struct saving *saving, enum saving_act act, request_handler next);

/* Of what was sent in: erases it in its own time, if there is room for that; else it expires. */
void saving_forget(struct service *service, const struct digest *find);

#endif
