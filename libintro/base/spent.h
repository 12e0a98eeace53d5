/*
 * Descriptors that are done with. A listing opens three or four for every process, one after the
 * other: closed together by one close_range(2) they cost less than by a call for each.
 */
#ifndef INTRO_BASE_SPENT_H
#define INTRO_BASE_SPENT_H

enum { INTRO_SPENT_MOST = 16 };

struct intro_spent {
	int fds[INTRO_SPENT_MOST];
	int count;
};

/* Hands a descriptor over to be closed; below 0 is none. */
void intro_spent_add(struct intro_spent *spent, int fd);

/* Closes all of them. */
void intro_spent_close(struct intro_spent *spent);

#endif
