/*
 * The terminal as a page that is drawn again and again: alternate screen, keys read raw. Whatever
 * ends the program, the terminal is put back as it was.
 */
#ifndef PRESENT_SCREEN_H
#define PRESENT_SCREEN_H

#include <stdbool.h>

#include "present/output.h"

enum screen_event {
	SCREEN_TIMEOUT,
	SCREEN_REFRESH, /* the space bar */
	SCREEN_RESIZED,
	SCREEN_QUIT,
};

bool screen_possible(void);
void screen_open(void);
void screen_close(void);

/* Draws the lines of `page`, as many as fit. */
void screen_draw(struct output *terminal, const struct output *page, size_t height);

enum screen_event screen_wait(double seconds);

#endif
