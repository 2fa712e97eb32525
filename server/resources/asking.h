#ifndef RESOURCES_ASKING_H
#define RESOURCES_ASKING_H

#include "domain/proof.h"
#include "domain/receipt.h"
#include "http/form.h"
#include "http/request.h"
#include "http/worker.h"
#include "service.h"
#include "store/row.h"

/* A request for a proof on its way. For a code by mail: a place for the letter, the database's
 * word, the letter. For a sign-in: the provider, the database's word. Lives as the request's
 * `private`; holds an address only until the letter is pushed. */
struct asking {
    struct request *request;
    struct consultation *consultation; /* held */
    struct challenge challenge;
    struct uuid id; /* of the challenge */
    char code[PROOF_CODE + 1];
    char renews[NUMBER_TEXT + 1]; /* receipt whose lost code is to be renewed; "": it is for a
                                     submission */
    enum mail_way way;
    struct job job;
    request_handler next; /* on the HTTP thread, once all is done: builds the reply */
    struct form form;     /* as it was sent, for the page that goes on with it */
    bool form_read;
    /* the outcome */
    enum problem_code problem; /* PROBLEM_NONE: the code is on its way, or a sign-in is awaited */
    int retry_s;               /* for Retry-After; 0: none */
    int64_t expires_us;        /* UTC */
};

/* Makes it the request's. NULL: no memory. `consultation` is held for itself. */
struct asking *asking_new(struct request *request, struct consultation *consultation);
struct asking *asking_of(const struct request *request);

/* The whole way of a checked `challenge`. HANDLED_LATER: `next` will be called. HANDLED:
 * asking->problem says why not, and nothing was replied yet. */
enum handled asking_send(struct asking *asking, request_handler next);

/* asking_visit.c, for asking.c: the same of a sign-in, once the network's share is taken. */
void asking_visit(struct asking *asking);

struct asking *asking_of_job(struct job *job);
/* What both ways of asking say last: the receipt whose code is to be renewed, or null. */
void asking_renews(const struct asking *asking, struct params *params);
/* What both ways of asking read: outcome, expires_at. */
void asking_outcome(struct asking *asking, const struct rows *rows);

#endif
