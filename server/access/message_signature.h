#ifndef ACCESS_MESSAGE_SIGNATURE_H
#define ACCESS_MESSAGE_SIGNATURE_H

#include "base/buf.h"
#include "base/problem.h"
#include "base/structured_field.h"

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Requests that are signed: HTTP Message Signatures (RFC 9421) by Ed25519, read and verified. In
 * two steps, since who reads the first looks up the key by its id before the second:
 * message_signature_read, message_signature_verify. Any thread; nothing is kept. */

enum {
    MESSAGE_COMPONENTS = 32, /* a signature's */
    MESSAGE_TEXT = 128,      /* bytes of a key id, nonce or tag */
    MESSAGE_BASE = 32768,    /* bytes of what is signed */
};

/* What of a request may be signed, as it was received; borrowed. */
struct message {
    const char *method;
    const char *scheme;    /* of the address that the sender used: "https" behind a front, too */
    const char *authority; /* Host, as it came */
    const char *target;    /* of the request line, not decoded */
    /* The value of the nth line (from 0) of the field of that lower-case name, in the order they
     * came; NULL: there are no more. */
    const char *(*field)(void *closure, const char *name, size_t nth);
    void *closure;
};

/* What a signature must say. */
struct message_policy {
    const char *const *components; /* names that must be covered; ends in NULL */
    bool address;    /* the whole address too: @target-uri; or @authority with @request-target, or
                        with @path and, where there is a query, @query */
    const char *tag; /* takes the signature with this tag; NULL: there must be one signature only */
    int64_t age_most; /* seconds since `created`, which must be there */
    int64_t skew;     /* seconds that `created` may lie ahead of our clock */
    bool nonce;       /* there must be one */
};

/* For filing: method, whole address, content-digest, content-type; 300 s old, 60 s ahead. */
extern const struct message_policy message_policy_filing;

/* A signature that was read. All but `bytes` is as the sender says. */
struct message_signature {
    const char *label;
    const char *key_id; /* never empty */
    const char *nonce;  /* NULL: none */
    const char *tag;    /* NULL: none */
    int64_t created;    /* seconds since 1970 UTC */
    int64_t expires;    /* 0: not given */
    unsigned char bytes[crypto_sign_BYTES];
    const struct structured_member *covered; /* the components */
    struct structured_dictionary *input;     /* owned: what all texts lie in */
};

/* True: the request carries a signature that says what it must; it is not verified yet, and the
 * caller clears it. False: `fault` holds the problem, and as pointer the field, component or
 * parameter that it is about:
 * PROBLEM_SIGNATURE_MISSING, _MALFORMED, _UNSUPPORTED (an algorithm or component that we have not),
 * _INCOMPLETE (does not cover what it must), _UNTIMELY (`created`, `expires`). */
bool message_signature_read(const struct message *message, const struct message_policy *policy,
                            int64_t now_s, struct message_signature *out, struct fault *fault);

/* True: made by the key's owner over this very request. False: PROBLEM_SIGNATURE_WRONG (with a
 * component as pointer: it is not in the request), _UNSUPPORTED or _MALFORMED (one comes twice). */
bool message_signature_verify(const struct message *message,
                              const struct message_signature *signature,
                              const unsigned char key[crypto_sign_PUBLICKEYBYTES],
                              struct fault *fault);

void message_signature_clear(struct message_signature *signature);

/* What is signed (RFC 9421 §2.5): a line for each component that `covered`, an inner list, names,
 * and one for the list itself. `out`: the caller clears, also after false. */
bool message_signature_base(const struct message *message, const struct structured_member *covered,
                            struct buf *out, struct fault *fault);

/* A field's lines, trimmed and joined by ", " (RFC 9421 §2.1), appended. False: none, or bytes
 * that no signature can cover (controls but TAB, non-ASCII). */
bool message_field(const struct message *message, const char *name, struct buf *out);

/* One component's value (RFC 9421 §2.1, §2.2), appended: PROBLEM_NONE. PROBLEM_SIGNATURE_MALFORMED:
 * no name of one; _UNSUPPORTED: we have not this one, or its parameter; _WRONG: the request has it
 * not, or not in a form that can be signed. */
enum problem_code message_component(const struct message *message,
                                    const struct structured_item *component, struct buf *out);

#endif
