#ifndef DOMAIN_SUBMISSION_H
#define DOMAIN_SUBMISSION_H

#include "base/parse.h"
#include "base/problem.h"
#include "domain/consultation.h"
#include "domain/digest.h"
#include "domain/identity.h"
#include "domain/moderation.h"

#include <jansson.h>

/* The codes below are the database's (schema/migrations): never renumbered. */
enum respondent_kind { KIND_INDIVIDUAL = 1, KIND_ORGANISATION = 2 };
enum channel {
    CHANNEL_WEB = 1,
    CHANNEL_API,
    CHANNEL_PAPER,
    CHANNEL_COUNTER,
    CHANNEL_EMAIL,
    CHANNEL_TELEPHONE
};
/* Who typed in what came by a later channel than API, and what they attest of it. */
enum { ASSISTED_NETWORK = 48 };
struct assisted {
    int32_t official;               /* 0: it came by itself */
    int32_t received_day;           /* since 1970, of Hong Kong */
    char network[ASSISTED_NETWORK]; /* the official's, as the record of acts has it */
};

/* What is asked of an identity: */
enum identity_rule {
    IDENTITY_AS_TAKEN,  /* declared or proven, as the consultation takes it */
    IDENTITY_OF_OTHER,  /* nothing: an amendment has that of what it supersedes */
    IDENTITY_ATTESTED,  /* to be declared, whatever the consultation takes: an official typed it in
                         */
    IDENTITY_NOT_NEEDED /* the same, or nothing */
};

enum { PROOF_CODE = 6 }; /* digits of a code that proves an identity */
enum consent { CONSENT_NONE, CONSENT_WITHOUT_NAME, CONSENT_WITH_NAME };
enum remark_part { REMARK_MEASURE, REMARK_QUESTION };

struct remark {
    enum remark_part part;
    int ordinal;  /* of the measure or question */
    bool publish; /* its author agrees; never true without consent on the submission */
    int version;  /* of the wording read */
    char *text;   /* normalised; owned */
    /* Where submission.moderated: what moderation did. */
    enum moderation moderation;
    const char *moderation_reason; /* a code, static; NULL: none */
    char *published;               /* as it may be shown; owned; NULL: not */
};

/* A complete, checked submission. Holds no identity: that became a respondent_hash before. */
struct submission {
    struct consultation *consultation; /* held */
    struct uuid key;                   /* Idempotency-Key */
    enum respondent_kind kind;
    enum language language;
    enum channel channel;
    struct assisted assisted;
    enum consent consent;
    enum identity_kind identity_kind;
    bool proven, unchallenged;
    bool with_proof; /* the identity is the challenge's, to be judged yet */
    struct uuid challenge;
    char proof_code[PROOF_CODE + 1]; /* as it was given; "": none, the identity is only declared */
    struct respondent_hash respondent;     /* all zero and IDENTITY_NONE: nobody given */
    char *sector;                          /* code or NULL; owned */
    char *organisation;                    /* normalised name or NULL; owned */
    unsigned char stances[MEASURES_MOST];  /* by ordinal - 1: 0–5 or STANCE_ABSENT */
    unsigned char versions[MEASURES_MOST]; /* of the wording read; 0 where nothing was said */
    uint64_t withheld;                     /* bit ordinal - 1: this answer may not be published */
    uint64_t priorities;                   /* bit ordinal - 1 */
    size_t remark_count;
    struct remark *remarks;     /* owned */
    bool moderated;             /* read back: its remarks say what moderation did */
    char supersedes[11];        /* number of the one it amends, or "" */
    int supersedes_generation;  /* of the code that was shown for it */
    int64_t arrived_us;         /* monotonic, of the body's last byte */
    int64_t opened_us;          /* since 1970 UTC: when the form was opened; 0: there was none */
    unsigned char salt[32];     /* the commitment's random bytes */
    struct digest content_hash; /* canonical content and respondent hash: "same content" of a key */
    struct digest commitment;
};

/* Whether that remark may become public, and so is for moderators to read. */
bool remark_is_for_publication(const struct submission *submission, const struct remark *remark);

/* Reads an input document (the API's JSON; forms are made into the same shape) against the
 * consultation, all faults at once. On success *out is whole but for key, channel, arrival, salt
 * and digests (see submission_seal), and the identity's value has been hashed with `key` and wiped
 * in `input` itself; after faults it stays there, for the form that is shown again. With a proof
 * (`with_proof`) the identity is the challenge's and comes when that is judged. An amendment has
 * neither (IDENTITY_OF_OTHER); `key` may then be NULL.
 * *out: submission_clear, whatever the outcome. Any thread. */
bool submission_read(struct consultation *consultation, const struct identity_key *key,
                     json_t *input, enum identity_rule rule, struct submission *out,
                     struct faults *faults);

/* Canonical content (RFC 8785 for ASCII keys, strings and integers), compact and sorted; caller
 * frees. */
char *submission_canonical(const struct submission *submission, size_t *length);

/* Fills content_hash and commitment from salt and canonical content. False: no memory. */
bool submission_seal(struct submission *submission);

/* BLAKE2b-256 over a tag, the 32 random bytes and the canonical content, for whoever checks a
 * commitment. */
void submission_commitment(const unsigned char salt[32], const char *canonical, size_t length,
                           struct digest *out);

/* Words of the codes in documents; static. */
const char *respondent_kind_name(enum respondent_kind kind); /* "individual", "organisation" */
const char *consent_name(enum consent consent); /* "none", "without-name", "with-name" */
const char *channel_name(int64_t channel);      /* "web" … "telephone"; NULL: no such channel */

/* Wipes and releases what it owns, not the struct itself. */
void submission_clear(struct submission *submission);

#endif
