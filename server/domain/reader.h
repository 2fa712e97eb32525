#ifndef DOMAIN_READER_H
#define DOMAIN_READER_H

#include "domain/submission.h"

/* How a document is read against tables of fields; shared by validate.c, validate_said.c and
 * validate_identity.c, which read submissions, and by response_read.c, whose reader begins with
 * this one. Pointers are those of the input, which are also the form fields' names. */

/* What is being said about one measure or question. */
struct said {
    enum remark_part part;
    int ordinal;
    int current; /* version of the wording shown now: none can have been read that is newer */
    int limit;   /* code points of the text */
    int stance, version;
    bool publish;
    char *text; /* owned until it becomes a remark */
};

struct reader {
    struct consultation *consultation;
    const struct identity_key *key;
    enum identity_rule rule;
    struct submission *out;
    struct faults *faults;
    size_t faulty;             /* faults so far */
    bool unpublished;          /* the whole is not to be published, as was said in so many words */
    bool tried;                /* something was said, if only wrongly */
    char place[FAULT_POINTER]; /* pointer to the object being read, "" at the top */
    struct said *said;
    json_t *identity_value;
    bool send_number; /* of a request for a code */
    char *address;    /* PROOF_ADDRESS bytes that take what was typed, in its one form; NULL: not
                         wanted */
};

struct field {
    const char *name;
    bool required;
    bool says; /* holds what the respondent has to say */
    void (*read)(struct reader *reader, const char *name, json_t *value);
};

/* Reads every member by its field; one that is missing though required, or has no field, is a
 * fault. */
void reader_object(struct reader *reader, json_t *object, const struct field *fields, size_t count);

/* A fault at a member of the object being read, "" for the object itself. */
void reader_fault(struct reader *reader, enum problem_code code, long limit, const char *name);
void reader_fault_unknown(struct reader *reader, const char *name);

/* Goes down into a member; gives what reader_leave takes to come up again. */
size_t reader_enter(struct reader *reader, const char *name);
void reader_leave(struct reader *reader, size_t back);

/* The value's string; NULL after a fault. */
const char *reader_string(struct reader *reader, const char *name, json_t *value);
/* Index of the value's word in the list; -1 after a fault. */
int reader_word(struct reader *reader, const char *name, json_t *value, const char *const *words,
                size_t count);
/* Normalised and trimmed, the caller's; NULL after a fault, or without one if only white space was
 * written. */
char *reader_text(struct reader *reader, const char *name, json_t *value, int limit);

/* Without faults: wipes the identity in the input itself. */
void reader_wipe(struct reader *reader);

/* Readers of validate_identity.c, and what they leave to the end: an identity or its proof, as the
 * consultation takes them. */
void read_identity(struct reader *reader, const char *name, json_t *value);
void read_proof(struct reader *reader, const char *name, json_t *value);
void check_identity(struct reader *reader, const json_t *input);

/* Of validate.c. */
void read_language(struct reader *reader, const char *name, json_t *value);

/* Readers of validate_said.c. */
void read_answers(struct reader *reader, const char *name, json_t *value);
void read_views(struct reader *reader, const char *name, json_t *value);
void read_priorities(struct reader *reader, const char *name, json_t *value);

#endif
