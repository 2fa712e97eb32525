#ifndef RESOURCES_RENEWING_H
#define RESOURCES_RENEWING_H

#include "domain/proof.h"
#include "http/request.h"
#include "http/worker.h"
#include "resources/stored.h"
#include "service.h"

/* A lost code on its way to a new one: the proof is judged, and the code's generation raised, by
 * the clerk's thread. Whatever the proof is, the database has its challenge. Lives as the request's
 * `private`. */
struct renewing {
    struct job job;
    struct request *request;
    request_handler next;              /* on the HTTP thread, with the outcome in `problem` */
    struct consultation *consultation; /* held */
    struct receipt receipt;            /* with the new code's generation, once there is one */
    struct uuid key;                   /* of the form that the challenge was asked for by */
    struct renewal renewal;
    bool sign_in;              /* its page said so, which goes on with it after a wrong code */
    enum problem_code problem; /* NONE; NOT_RENEWED: whatever the number is of; PROOF_WRONG,
                                  PROOF_AWAITED, CHALLENGE_EXPIRED, CHALLENGE_TRIES,
                                  TOO_MANY_REQUESTS with retry_s, UNAVAILABLE, INTERNAL */
    int retry_s;
};

/* The receipt that the path's {number} names, and its consultation, which the caller releases. NULL
 * after a reply: there is none such, or no database. With a worker's database. */
struct consultation *renewing_consultation(struct request *request, struct receipt *receipt);

/* Makes it the request's, with the receipt that the path's {number} names and its consultation.
 * NULL after a reply, as above. With a worker's database. */
struct renewing *renewing_new(struct request *request);
struct renewing *renewing_of(const struct request *request);

/* Judges the bounds of the number and the network, and hands it to the clerk. HANDLED_LATER: `next`
 * will be called. HANDLED: `problem` says why not, and nothing was replied yet. */
enum handled renewing_send(struct renewing *renewing, request_handler next);

#endif
