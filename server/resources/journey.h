#ifndef RESOURCES_JOURNEY_H
#define RESOURCES_JOURNEY_H

#include "domain/personal_data.h"
#include "domain/sealed_form.h"
#include "domain/submission.h"
#include "http/form.h"
#include "http/request.h"
#include "resources/stored.h"

/* One respondent's way through the form, as far as one request sees it: what was sent from a step
 * becomes state, and a step is shown. The full way leads over a list of tasks; the quick one from
 * one measure straight to the end. Confined to its request's HTTP thread; makes no query. */

enum step {
    STEP_TASKS,
    STEP_DIRECTION,
    STEP_MEASURE,
    STEP_PRIORITIES,
    STEP_VIEWS,
    STEP_ABOUT,
    STEP_CHECK,
    STEP_IDENTITY,
    STEP_CODE,    /* that was sent to the address given: only with a challenge */
    STEP_SIGN_IN, /* at the provider, which shows a code: only with a challenge */
    STEP_SAVED,   /* kept under a return code, which is shown */
    STEPS
};

/* A step, and which direction or measure it is about. */
struct place {
    enum step step;
    const struct direction *direction; /* of STEP_DIRECTION and STEP_MEASURE */
    const struct measure *measure;     /* of STEP_MEASURE */
};

enum { PLACE_TEXT = 24 };

/* A piece of personal data somewhere in what was written, named once wherever it stands. */
struct finding {
    enum personal_kind kind;
    char *text;                  /* owned */
    char pointer[FAULT_POINTER]; /* of the first field it stands in */
};
enum { FINDINGS_MOST = 40 };

/* Whether the form may still be sent. */
enum journey_time { JOURNEY_BEFORE, JOURNEY_OPEN, JOURNEY_GRACE, JOURNEY_OVER };

struct journey {
    struct request *request;
    struct consultation *consultation; /* the caller's */
    struct form_state state;
    enum sealed_form_outcome sealed; /* what became of the state that was sent along */
    const char *sent_state;          /* that state, the form's; NULL: a new form */
    struct place sent_place;         /* the step it was sent from */
    struct place place;
    const struct measure *quick;   /* the measure of the quick way; NULL: the full way */
    char challenge[UUID_TEXT + 1]; /* of a step where a code is typed, carried; "": none */
    bool send_number;              /* the receipt's number is wanted by mail; carried by the form */
    int64_t saved_until_us;        /* of STEP_SAVED; 0: it was kept before */
    bool from_check;               /* a step opened to change it, which leads back there */
    bool judged;                   /* faults of this step's fields are shown */
    struct faults faults;
    enum problem_code problem; /* of the whole; PROBLEM_NONE: none */
    size_t finding_count;      /* still to be decided on */
    struct finding findings[FINDINGS_MOST];
};

/* A new form, at the list of tasks or at one measure (NULL: the list). False: no memory. */
bool journey_new(struct request *request, struct consultation *consultation,
                 const struct measure *quick, struct journey *out);
/* A new form that holds what the stored submission says, to take its place: at the list of tasks,
 * or at one measure (NULL: the list) and from there to the check. False: no memory. */
bool journey_amend(struct request *request, const struct stored *stored,
                   const struct measure *measure, struct journey *out);
/* What was sent from a step, taken into its state: a state that cannot be opened is begun anew with
 * what this step holds. False: no memory. journey_clear in any case. */
bool journey_take(struct request *request, struct consultation *consultation,
                  const struct form *form, struct journey *out);
void journey_clear(struct journey *journey);

enum journey_time journey_time(const struct journey *journey);

/* Goes where the button that was pressed leads: on to the next step if this one's fields are right,
 * back, or to any other. Nothing pressed (another language): stays. */
void journey_go(struct journey *journey, const struct form *form);

/* All faults but those of the identity, into journey->faults. True: none. */
bool journey_judge(struct journey *journey);

/* The answers as a whole submission in the request's language, without the identity. New reference;
 * NULL: no memory. */
json_t *journey_input(const struct journey *journey);

/* The page of the step; that of the one it was sent from, if there is more than a form can carry;
 * or, outside the window, one that says so. NULL: no memory. */
struct document *journey_document(struct journey *journey, int status);

/* journey_steps.c: the table of steps. */
const char *step_template(enum step step);
const char *step_title_key(enum step step);
bool step_is_proof(enum step step); /* a code is typed there */
/* The names of a step's fields, "*" standing for every code; NULL at the end. A measure's are
 * written with its code by place_field. */
const char *const *step_fields(enum step step);
void place_field(const struct place *place, const char *pattern, char name[FAULT_POINTER]);
/* "measure-1-3" and back; false: no such place. */
void place_name(const struct place *place, char text[PLACE_TEXT]);
bool place_find(const struct consultation *consultation, const char *text, struct place *out);
struct place place_next(const struct journey *journey);
struct place place_back(const struct journey *journey);
struct place place_of_measure(const struct consultation *consultation,
                              const struct measure *measure);

/* journey_personal.c: what looks like personal data and was not decided on, into the journey's
 * findings; and what was decided, out of the form. */
void journey_find(struct journey *journey);
void journey_decide(struct journey *journey, const struct form *form);
void journey_mask_all(struct journey *journey);

/* journey_view_*.c: what a step's template reads. False: no memory. */
struct journey_view {
    const struct journey *journey;
    json_t *faults; /* as form_faults gives; NULL: none */
    json_t *page;
};
bool view_tasks(const struct journey_view *view);
bool view_direction(const struct journey_view *view);
bool view_measure(const struct journey_view *view);
bool view_priorities(const struct journey_view *view);
bool view_views(const struct journey_view *view);
bool view_about(const struct journey_view *view);
bool view_check(const struct journey_view *view);
bool view_identity(const struct journey_view *view);
bool view_sign_in(const struct journey_view *view);
bool view_code(const struct journey_view *view);
bool view_saved(const struct journey_view *view);
bool step_view(const struct journey_view *view);

#endif
