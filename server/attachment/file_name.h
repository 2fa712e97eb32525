#ifndef ATTACHMENT_FILE_NAME_H
#define ATTACHMENT_FILE_NAME_H

enum { FILE_NAME_POINTS = 120, FILE_NAME_TEXT = 4 * FILE_NAME_POINTS + 1 };

/* A name that any system can store and no reader is deceived by, of what was sent, which may be
 * anything: the last part of a path; NFC; without control and format characters (so none that turns
 * the direction of writing), without what Windows forbids, without spaces, dots and hyphens at the
 * ends; no device's name; at most FILE_NAME_POINTS code points. It ends in one of `extensions`
 * ("jpg|jpeg"); another ending is replaced by the first of them. Where nothing is left it is
 * "attachment". Never fails; applied again it changes nothing. Pure. */
void file_name_clean(const char *sent, const char *extensions, char out[FILE_NAME_TEXT]);

#endif
