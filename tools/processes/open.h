/* Opening the session of a tool, and what JSON says around the rows. */
#ifndef PROCESSES_OPEN_H
#define PROCESSES_OPEN_H

#include <intro/intro.h>

#include "present/listing.h"

/*
 * Opens /proc or the tree `procfs`, with users from `sysroot`/etc; either may be NULL. 0, or an
 * exit status after a message.
 */
int processes_open(const char *procfs, const char *sysroot, struct intro **ret);

void processes_meta(struct intro *session, struct listing_meta *ret);

#endif
