/* --list-columns: the columns themselves as a listing. */
#ifndef PRESENT_COLUMNS_LIST_H
#define PRESENT_COLUMNS_LIST_H

#include "present/listing_options.h"

/* Writes what there is, in the format that the options say. Returns the exit status. */
int columns_list(const struct listing_tool *tool, const struct listing_private *options);

#endif
