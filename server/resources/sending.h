#ifndef RESOURCES_SENDING_H
#define RESOURCES_SENDING_H

#include "http/form.h"
#include "http/request.h"
#include "http/worker.h"
#include "intake/queue.h"
#include "service.h"

/* A submission on its way from a request to the writer and back. Lives as the request's `private`;
 * owned like the request. */
struct sending {
    struct entry entry;
    struct submission submission;
    struct request *request;
    request_handler next; /* on the HTTP thread, once the writer is done: builds the reply */
    struct job job; /* looks for the receipt of a repeated submission when the network's share is
                       used up */
    struct consultation *consultation; /* held; for pages */
    struct form form;                  /* as it was sent, for the page that shows it again */
    bool form_read;
    bool is_kept;       /* the form is kept under a return code, to be erased once recorded */
    struct digest kept; /* what finds it */
    int retry_s;        /* for Retry-After; 0: none */
    enum problem_code refusal; /* said unless its key and content have a receipt already */
};

/* Makes it the request's. NULL: no memory. `consultation` is held for itself. */
struct sending *sending_new(struct request *request, struct consultation *consultation);
struct sending *sending_of(const struct request *request);
struct sending *sending_of_job(struct job *job);

/* Reads the request's Idempotency-Key. What is wrong with it is that header's. */
enum problem_code sending_key(const struct request *request, struct uuid *key);
extern const char sending_key_header[];

/* Judges the solution of a proof-of-work for the consultation and the submission's key, and marks
 * the submission unchallenged unless it is right. `payload` NULL: none was sent, which is nobody's
 * fault. */
enum problem_code sending_prove(struct sending *sending, const char *payload);

/* The whole way of a checked submission but for its key and channel: judges the network's share,
 * seals it, finds a place in the queue, suspends the request and hands it over. Of one with a
 * `refusal` it only looks whether it was recorded before. HANDLED_LATER: `next` will be called,
 * with the outcome in entry.problem. HANDLED: entry.problem says why not, and nothing was replied
 * yet. */
enum handled sending_push(struct sending *sending, request_handler next);
/* The same for what an official typed in, whose network has no share to use up: a counter's
 * computers stand behind one address. Also from the desk's thread. */
enum handled sending_push_entered(struct sending *sending, request_handler next);

/* The same way for a withdrawal by the code's holder; `stored` is not kept, but its receipt is the
 * entry's. With no place in the queue `next` replies at once. */
struct stored;
enum handled sending_withdraw(struct request *request, const struct stored *stored,
                              request_handler next);

/* What became of it. One that was withdrawn before is what was asked for, and gets the same receipt
 * of its withdrawal: the reply to the first request may have been lost. */
enum problem_code sending_withdrawn(const struct sending *sending);

/* Retry-After, where another try makes sense; before the reply of a problem. */
void sending_retry_header(struct request *request, enum problem_code problem, int retry_s);

/* What that header says, as a sentence for the page of it. New reference; NULL: there is none. */
json_t *sending_retry_words(const struct request *request);

#endif
