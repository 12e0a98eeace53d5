/* -W: the listing again and again. */
#ifndef PRESENT_WATCH_H
#define PRESENT_WATCH_H

#include "present/listing_state.h"

/* Rounds until the user, a signal or broken output ends them. Returns the exit status. */
int watch_run(struct listing *listing);

#endif
