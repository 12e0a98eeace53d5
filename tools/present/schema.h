/* --print-schema: the JSON Schema of a tool's listing, from its columns. */
#ifndef PRESENT_SCHEMA_H
#define PRESENT_SCHEMA_H

#include "present/listing.h"
#include "present/output.h"

/* Writes the schema (draft 2020-12) of the document and of its rows, into memory. */
void schema_write(struct output *output, const struct listing_tool *tool);

#endif
