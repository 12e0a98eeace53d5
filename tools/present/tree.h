/* Rows that name their parents, put below them. */
#ifndef PRESENT_TREE_H
#define PRESENT_TREE_H

#include "present/store.h"

enum { TREE_DEEPEST = 64 }; /* deeper rows are drawn at this depth */

/*
 * Changes an order of all rows so that children follow their parent, siblings in the order they
 * had. `parents` gets for each place in the new order the place of the row under which it is drawn,
 * or SIZE_MAX. A row whose parent is not there is a root; where parents form
 * a circle, one of its rows is made a root; of rows with the same id the first has the children.
 */
void tree_order(const struct store *store, size_t id_slot, size_t parent_slot, size_t *order,
		size_t *parents);

#endif
