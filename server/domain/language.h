#ifndef DOMAIN_LANGUAGE_H
#define DOMAIN_LANGUAGE_H

/* The languages of the service, in the order of the address prefixes and of the database's codes.
 */
enum language { LANGUAGE_ZH_HANT, LANGUAGE_EN, LANGUAGE_ZH_HANS, LANGUAGES };

/* BCP 47 tag, as in addresses, `lang` attributes and documents: "zh-Hant", "en", "zh-Hans". Static.
 */
const char *language_tag(enum language language);

/* Exact tag to language; LANGUAGES if there is none such. */
enum language language_find(const char *tag);

/* Best match for an Accept-Language value (RFC 9110 §12.5.4, lookup of RFC 4647): zh-TW, zh-HK,
 * zh-MO and zh read as zh-Hant; zh-CN and zh-SG as zh-Hans. zh-Hant when nothing matches or
 * `header` is NULL. */
enum language language_match(const char *header);

#endif
