/* The rows of intro fd: walks the slots of the processes that are selected. */
#ifndef FD_SOURCE_H
#define FD_SOURCE_H

#include "fd_row.h"
#include "fd_select.h"
#include "processes/walk.h"

struct fd_source {
	struct intro *session;
	const char *procfs; /* NULL: /proc */
	struct fd_selection selection;

	uint64_t needs; /* of the whole run */
	uint64_t first; /* of every row at once */
	struct process_walk walk;
	struct intro_fds *fds;
	struct intro_sockets *sockets;
	struct intro_fd_index *index;
	struct intro_locks *locks;
	struct fd_row row;

	bool in_process;
	bool is_complete; /* all sources of the process at hand have been read */
	bool task_told;   /* and its errors told */
	uint32_t told;  /* sources of descriptors of which an error has been told of this process */
	int told_errno; /* why: one message is enough for people */
	bool is_denied; /* it is counted below */
	size_t slot_count;                /* of the process at hand, whether selected or not */
	size_t process_count, open_count; /* of this round: for the header of a watch */
	size_t denied_count;              /* processes that may not be looked into */
};

/* The lines above a watched table. */
void fd_source_header(void *state, void (*put)(void *context, const char *line), void *context);
void fd_source_close(struct fd_source *source);

#endif
