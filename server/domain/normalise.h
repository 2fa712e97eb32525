#ifndef DOMAIN_NORMALISE_H
#define DOMAIN_NORMALISE_H

/* The rules of each kind of identity, over text that identity.c made compatible (NFKC), plain and
 * trimmed. Each gives the one form, which the caller wipes and frees, or NULL if the text is no
 * such identity (or memory ran out). */
char *email_normalise(const char *text);
char *mobile_normalise(const char *text);
char *hkid_normalise(const char *text);

#endif
