#ifndef RESOURCES_PASSAGE_H
#define RESOURCES_PASSAGE_H

#include "domain/consultation.h"
#include "http/request.h"

/* The texts of a consultation that people read and publishers may correct, one after the other: its
 * own, its contact details, then each direction's with its measures, then the questions. Any
 * thread. */
struct passage {
    char key[SLUG_MOST + 32]; /* as the database names it: "direction/1/background" */
    const char *label_key;    /* string, with the place {{code}} */
    const char *code;         /* of direction, measure or question; "" */
    const struct text *text;
};

/* The text at that place, from 0; false: there are no more. */
bool passage_at(const struct consultation *consultation, size_t place, struct passage *out);

/* "direction.1.background", as in addresses; false: no text of that name. */
bool passage_named(const struct consultation *consultation, const char *name, struct passage *out);
enum { PASSAGE_NAME = SLUG_MOST + 32 };
void passage_name(const struct passage *passage, char name[PASSAGE_NAME]);

/* "Measure 1-3", in the request's language. New reference. */
json_t *passage_label(const struct request *request, const struct passage *passage);

/* Texts that were corrected: {list: [{label, note: safe markup}]}; NULL if there are none. New
 * reference. */
json_t *corrections_view(const struct request *request, const struct consultation *consultation);

#endif
