/* What the pipeline does with values beside writing them: keep, compare. */
#ifndef PRESENT_VALUE_OPS_H
#define PRESENT_VALUE_OPS_H

#include "present/arena.h"
#include "present/value.h"

/* A copy that lives as long as the arena. */
struct value value_copy(struct arena *arena, const struct value *value);

/* A total order: numbers by size, texts bytewise, null after everything. */
int value_compare(const struct value *a, const struct value *b);

#endif
