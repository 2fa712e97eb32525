#ifndef DOMAIN_PERSONAL_ADDRESS_H
#define DOMAIN_PERSONAL_ADDRESS_H

#include "domain/personal_scan.h"

/* Street addresses in a text. Pure functions. */

/* "Flat A, 12/F", "Room 1203, 12/F, …", or a street, beginning at `at`: how many points it takes;
 * 0: none. */
size_t personal_address_english(const struct scan *scan, size_t at);

/* "彌敦道100號12樓", "皇后大道中九十九號"; "富善邨善鄰樓1203室". `at` is the street's or the
 * building's last character; what it finds begins before that. */
bool personal_address_chinese(const struct scan *scan, size_t at, struct match *out);

#endif
