#ifndef RESOURCES_CHALLENGE_FORM_H
#define RESOURCES_CHALLENGE_FORM_H

#include "resources/journey.h"

struct identity_key;

/* Between the identity's step and sending: a code for the address that was given, or a sign-in. */

/* Whether the form is to ask for one: an address where codes are offered, and nobody chose to go on
 * without; or the button that leads to the provider. */
bool challenge_form_wanted(const struct journey *journey, const struct form *form);

/* Asks; the reply is the code's step, or the sign-in's. Takes the form over. False: the journey's
 * faults say why not.
 */
bool challenge_form(struct journey *journey, struct form *form, const struct identity_key *key,
                    enum handled *handled);

#endif
