/*
 * Which of some descriptors share an open file description: a merge sort by an order that only the
 * kernel knows.
 */
#ifndef INTRO_FD_OFD_H
#define INTRO_FD_OFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <intro/macros.h>

/*
 * An answer is below, equal to or above 0 as of any order, or one of these. It need not be
 * consistent with others: descriptors close and are used again meanwhile.
 */
enum {
	INTRO_OFD_FIRST_GONE = 2, /* the first of the two can no longer be compared */
	INTRO_OFD_SECOND_GONE,
	INTRO_OFD_NO_ORDER, /* nothing can be compared */
};
typedef int intro_ofd_compare_fn(void *context, uint32_t a, uint32_t b);

struct intro_ofd_node {
	uint32_t id;                   /* of the caller, ascending */
	bool known;                    /* result */
	struct intro_ofd_node *leader; /* result: the first that has the same, perhaps itself */
	struct intro_ofd_node *next;   /* result: the next that has */
	/* While it is sorted: of a leader. */
	struct intro_ofd_node *last, *next_class;
};

/*
 * Sets the results of all nodes. Whatever is said to be equal has been compared with its leader
 * when all was sorted, and was equal then; what could not be compared is not known. At most
 * n * log2(n) + n comparisons, and three for each that is gone.
 */
void intro_ofd_sort(struct intro_ofd_node *nodes, size_t count, intro_ofd_compare_fn *compare,
		    void *context);

#endif
