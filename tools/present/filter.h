/* Rows chosen by SQL expressions over the columns, evaluated by SQLite. */
#ifndef PRESENT_FILTER_H
#define PRESENT_FILTER_H

#include "present/listing.h"

struct filter;

/* Compiles an expression. Returns 0, or an exit status after a message that points at the place. */
int filter_new(const struct listing_tool *tool, const char *expression, struct filter **ret);

/* The sources of the columns that the expression reads. */
uint64_t filter_needs(const struct filter *filter);

/* 1: the row is wanted; 0: it is not; or the negative of an exit status after a message. */
int filter_matches(struct filter *filter, const void *row);

void filter_free(struct filter *filter);

#endif
