#ifndef RESOURCES_NUMBER_LETTER_H
#define RESOURCES_NUMBER_LETTER_H

#include "resources/sending.h"

/* The number of a receipt, without its code, by mail to the address that was proven: where it was
 * asked for with the proof's code, and only once the submission is recorded. */

enum number_letter {
    NUMBER_LETTER_NONE,  /* not asked for, as far as this server knows */
    NUMBER_LETTER_SENT,  /* on its way, or was at the first time */
    NUMBER_LETTER_FAILED /* no place among what waits */
};

/* After the writer recorded it. Never waits: a letter that finds no place is not sent. On the HTTP
 * thread. */
enum number_letter number_letter_send(const struct sending *sending);

#endif
