#ifndef DOMAIN_GLOSSARY_H
#define DOMAIN_GLOSSARY_H

#include "domain/consultation.h"

/* True if one of the term's forms stands in the text as it is written; a form that begins or ends
 * in a Latin letter or digit is no part of a longer such word. Any thread. */
bool term_occurs(const struct term *term, enum language language, const char *text);

#endif
