#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

/* A file of the folder that has no name there, for reading and writing: whatever ends the process,
 * nothing is left. Where the file system cannot make one, it loses its name at once. -1: the folder
 * takes none; errno says why. The caller closes it. */
int spool_open(const char *folder);

#endif
