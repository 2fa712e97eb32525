#ifndef RESOURCES_INSTITUTIONS_DRAFT_SECTION_H
#define RESOURCES_INSTITUTIONS_DRAFT_SECTION_H

#include "resources/institutions/drafting.h"

/* One section as it is read, and as it is typed. On the desk's thread. */

/* A version of a section; strings live with the rows. */
struct section_version {
    struct rows rows;
    int version; /* 0: nothing was written yet */
    int stance;  /* 0–5, or STANCE_ABSENT */
    int wording; /* version that was read; 0: none */
    bool autosaved;
    int64_t changed_us;
    const char *text, *login, *name; /* "" where there is none */
};

/* `version` 0: the newest, or an empty one. False: a reply is set. *out: rows_clear(&out->rows),
 * whatever the outcome. */
bool section_version_read(struct request *request, const struct drafting *drafting,
                          const struct section *section, int version, struct section_version *out);

/* What a form brought. */
struct section_typed {
    int version; /* that was read */
    int stance;
    int wording;
    char *text;       /* as it is kept; NULL: it cannot be, and a fault says so. Owned */
    const char *sent; /* as it was sent */
};
/* Adds faults. The caller frees out->text. */
void section_typed_read(const struct request *request, const struct section *section,
                        struct section_typed *out, struct faults *faults);

/* {error, options: [{value, label, checked, first}]}; null for a section that has no stance. New
 * reference. */
json_t *section_stances(const struct request *request, const struct drafting *drafting,
                        const struct section *section, int chosen, const struct faults *faults);

/* The editor, or what is written where this member may not write. `typed` NULL: as it is. */
struct section_shown {
    int status;
    const struct section_version *present;
    const struct section_typed *typed;
    const struct faults *faults;
    bool preview, saved;
};
void section_show(struct request *request, const struct drafting *drafting,
                  const struct section *section, const struct section_shown *shown);

/* The text of somebody who came second, beside what was saved meanwhile: 409. */
void section_conflict_show(struct request *request, const struct drafting *drafting,
                           const struct section *section, const struct section_version *present,
                           const struct section_typed *typed);

/* {parts: [{same | gone | come: text}], same: nothing changed}: what changed. New reference. */
json_t *section_changes(const char *old, const char *new);

/* {list: [{id, version, who, when, text, done: {who, when}}], open (how many, as text; absent:
 * none)}; `open_only`: without those that are done with. NULL: a reply is set. New reference. */
json_t *section_comments(struct request *request, const struct drafting *drafting,
                         const struct section *section, bool open_only);

#endif
