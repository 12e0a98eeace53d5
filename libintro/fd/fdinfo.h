/*
 * The text of /proc/PID/fdinfo/FD to facts. Pure: opens nothing, takes text that need not be
 * terminated, never reads past its end.
 */
#ifndef INTRO_FD_FDINFO_H
#define INTRO_FD_FDINFO_H

#include <intro/fd.h>

#include "base/buf.h"

/* Where lists and details are stored; kept from call to call, and freed by the owner. */
struct intro_fdinfo_store {
	struct intro_lock *locks;
	size_t locks_size; /* in elements, as the others */
	struct intro_epoll_target *epoll;
	size_t epoll_size;
	struct intro_watch *watches;
	size_t watches_size;
	struct intro_buf handles; /* the bytes of the watches' file handles */
	struct intro_eventfd eventfd;
	struct intro_timerfd timerfd;
	uint64_t signalfd;
	pid_t pidfd;
	struct intro_io_uring io_uring;
	struct { /* of io_uring, as they stand in the text */
		uint32_t sq_mask, sq_head, sq_tail, cq_mask, cq_head, cq_tail;
	} ring;
	struct intro_bpf bpf;
	struct intro_userfaultfd userfaultfd;
};
void intro_fdinfo_store_free(struct intro_fdinfo_store *store);

/*
 * `kind` is what the link told: it decides which details there may be. Texts of the result lie in
 * `text` or in `store`. 0, INTRO_E_FORMAT, INTRO_E_NOMEM. Lines that are not known are passed over.
 */
int intro_parse_fdinfo(const char *text, size_t len, enum intro_fd_kind kind,
		       struct intro_fdinfo_store *store, struct intro_fdinfo *ret);

#endif
