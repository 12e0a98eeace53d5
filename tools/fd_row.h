/* A descriptor as the columns and the groupings of intro fd see it, and where such rows come from. */
#ifndef FD_ROW_H
#define FD_ROW_H

#include <intro/intro.h>

#include "present/listing.h"

/*
 * What a column needs: the sources of a descriptor in the lower bits, above them those of its
 * process, and above these what intro-fd gets by itself.
 */
#define FD_NEED(source) ((uint64_t)INTRO_FD_WANT(source))
#define FD_NEED_TASK_SHIFT 16
#define FD_NEED_TASK(source) (INTRO_WANT(source) << FD_NEED_TASK_SHIFT)
#define FD_NEED_INDEX (UINT64_C(1) << 60) /* who shares it, and who is at the other end */
#define FD_NEED_LOCKS (UINT64_C(1) << 61) /* /proc/locks: who waits */

_Static_assert(INTRO_FD_SOURCE_COUNT <= FD_NEED_TASK_SHIFT, "sources of descriptors come first");
_Static_assert(INTRO_SOURCE_COUNT + FD_NEED_TASK_SHIFT <= 60, "then those of processes");

struct fd_row {
	const struct intro_fd *fd;
	const struct intro_task *task; /* STAT gives comm, OWNER the user; the rest by need */
	struct intro *session;
	struct intro_sockets *sockets;
	struct intro_fd_index *index;    /* FD_NEED_INDEX, else NULL */
	const struct intro_locks *locks; /* FD_NEED_LOCKS; NULL where they cannot be read */
};

static inline const struct intro_fd *fd_of(const void *row)
{
	return ((const struct fd_row *)row)->fd;
}

/* Whether the record has what a source tells. */
#define FD_HAS(fd, source) (((fd)->have & INTRO_FD_WANT(source)) != 0)

/* The rows of all selected descriptors: the functions of a struct row_source. */
struct fd_source;
int fd_source_start(void *source, uint64_t needs, uint64_t first);
int fd_source_next(void *source, const void **row); /* const struct fd_row * */
int fd_source_complete(void *source, uint64_t needs);
void fd_source_errors(void *source, row_error_handler *handler, void *context);
void fd_source_missing(void *source, row_error_handler *handler, void *context);
int fd_source_again(void *source);

#endif
