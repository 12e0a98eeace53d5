/*
 * Which descriptors are asked for. Lists of one sort are alternatives, different sorts must all
 * hold: `intro fd nginx --port 443,80` is every descriptor of nginx that uses one of the two.
 */
#ifndef FD_SELECT_H
#define FD_SELECT_H

#include "fd_path.h"
#include "processes/choice.h"

enum fd_select_key { /* of the options */
		     FD_SELECT_USER = 'u',
		     FD_SELECT_KIND = 512,
		     FD_SELECT_PORT,
		     FD_SELECT_PATH,
		     FD_SELECT_SLOTS,
};

struct fd_port {
	const char *given; /* "tcp:8000-8100" */
	int protocol;      /* IPPROTO_*; -1: any */
	uint16_t first, last;
	bool seen;
};

struct fd_selection {
	struct process_choice processes; /* its arena has all the lists */
	struct fd_port *ports;
	size_t port_count;
	struct words path_words;
	struct fd_path *paths;
	size_t path_count;
	uint64_t kinds; /* bit by enum intro_fd_kind; 0: all */
	unsigned slots; /* of --slots: INTRO_SLOT_BIT(x) | ...; 0: not given */
};

/* Adds the argument of an option; an operand. 0, or an exit status after a message. */
int fd_select_add(struct fd_selection *selection, int key, const char *argument);
int fd_select_add_operand(struct fd_selection *selection, const char *operand);

/* Resolves names: users and paths. As above. */
int fd_select_prepare(struct fd_selection *selection, struct intro *session);

/*
 * Which slots are listed: those of --slots; else all of the processes and files that were named. Of
 * the whole system it is the descriptors, which are what a listing of that size is looked at for:
 * mapped files alone would be four rows of five.
 */
unsigned fd_select_slots(const struct fd_selection *selection);

/* The sources of a descriptor that must be known to select it. */
uint64_t fd_select_needs(const struct fd_selection *selection);

/* Whether a descriptor is selected by what is not in `processes`; notes which path and port. */
bool fd_select_matches(struct fd_selection *selection, const struct intro_fd *fd);

/* Before another round: nothing has been seen. */
void fd_select_rewind(struct fd_selection *selection);

/* What was named, but has selected nothing: a sentence for each. */
void fd_select_tell_unseen(const struct fd_selection *selection, struct arena *arena,
			   void (*tell)(void *context, const char *message), void *context);

void fd_select_free(struct fd_selection *selection);

#endif
