/* What could not be read: to stderr if it was named, and kept for JSON. */
#ifndef PRESENT_ROW_ERRORS_H
#define PRESENT_ROW_ERRORS_H

#include "present/listing.h"

/* A row_error_handler; the context is the struct listing. */
void row_errors_take(void *listing, const struct row_error *error);

#endif
