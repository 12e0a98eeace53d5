/*
 * A merge sort of classes: descriptors that are equal become one class, so that those that follow
 * are compared with one of them only. It ends after as many steps as there are nodes, whatever the
 * answers are, as each step takes at least one away.
 */
#include "fd/ofd.h"

struct sorter {
	intro_ofd_compare_fn *compare;
	void *context;
	bool failed;
};

/* Takes the leader out of its class; the next of the class, or the next class, takes its place. */
static struct intro_ofd_node *drop_leader(struct intro_ofd_node *leader)
{
	struct intro_ofd_node *heir = leader->next;

	leader->known = false;
	leader->next = NULL;
	if (!heir)
		return leader->next_class;
	heir->last = leader->last;
	heir->next_class = leader->next_class;
	return heir;
}

/* Nodes of `a` have lower ids than those of `b`: the lists stay in order. */
static struct intro_ofd_node *merge(struct sorter *sorter, struct intro_ofd_node *a,
				    struct intro_ofd_node *b)
{
	struct intro_ofd_node *head = NULL, **tail = &head;

	while (a && b) {
		int r = sorter->compare(sorter->context, a->id, b->id);

		if (r == INTRO_OFD_NO_ORDER) {
			sorter->failed = true;
			return NULL;
		} else if (r == INTRO_OFD_FIRST_GONE) {
			a = drop_leader(a);
		} else if (r == INTRO_OFD_SECOND_GONE) {
			b = drop_leader(b);
		} else if (r <= 0) {
			if (r == 0) {
				a->last->next = b;
				a->last = b->last;
				b = b->next_class;
			}
			*tail = a;
			tail = &a->next_class;
			a = a->next_class;
		} else {
			*tail = b;
			tail = &b->next_class;
			b = b->next_class;
		}
	}
	*tail = a ? a : b;
	return head;
}

static struct intro_ofd_node *sort(struct sorter *sorter, struct intro_ofd_node *nodes,
				   size_t count)
{
	struct intro_ofd_node *a, *b;

	if (count == 1)
		return nodes;
	a = sort(sorter, nodes, count / 2);
	if (sorter->failed)
		return NULL;
	b = sort(sorter, nodes + count / 2, count - count / 2);
	if (sorter->failed)
		return NULL;
	return merge(sorter, a, b);
}

/* Compares each of a class with its leader once more: what differs now is not known. */
static void settle(struct sorter *sorter, struct intro_ofd_node *leader)
{
	struct intro_ofd_node *node = leader->next, *last = leader;

	while (node) {
		struct intro_ofd_node *next = node->next;
		int r = sorter->compare(sorter->context, leader->id, node->id);

		if (r == INTRO_OFD_FIRST_GONE && last == leader) {
			leader->known = false;
			leader->next = NULL;
			leader = last = node;
		} else if (r == 0) {
			last->next = node;
			last = node;
			node->leader = leader;
		} else {
			node->known = false;
			node->next = NULL;
		}
		node = next;
	}
	leader->leader = leader;
	last->next = NULL;
}

void intro_ofd_sort(struct intro_ofd_node *nodes, size_t count, intro_ofd_compare_fn *compare,
		    void *context)
{
	struct sorter sorter = {.compare = compare, .context = context};
	struct intro_ofd_node *classes = NULL;

	for (size_t i = 0; i < count; i++) {
		nodes[i].known = true;
		nodes[i].leader = nodes[i].last = &nodes[i];
		nodes[i].next = nodes[i].next_class = NULL;
	}
	if (count)
		classes = sort(&sorter, nodes, count);
	for (; classes; classes = classes->next_class)
		settle(&sorter, classes);
	for (size_t i = 0; i < count && sorter.failed; i++) {
		nodes[i].known = false;
		nodes[i].next = NULL;
	}
}
