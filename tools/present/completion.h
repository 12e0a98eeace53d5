/* Data for shell completions: one tool's options, columns, views. */
#ifndef PRESENT_COMPLETION_H
#define PRESENT_COMPLETION_H

#include "present/listing.h"
#include "present/output.h"

/* What completions/intro.bash explains at its top. */
void completion_for_bash(struct output *output, const struct listing_tool *tool);

#endif
