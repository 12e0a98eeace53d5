/*
 * io_uring:
 *   SqMask:	0x7
 *   SqHead:	0
 *   SqTail:	0
 *   ...
 *   SqThread:	-1
 *   SqThreadCpu:	-1
 *   UserFiles:	4
 *       0: pipe:[81983005]
 *       3: /tmp/a\012b
 *   UserBufs:	2
 *       0: 0x56331ca65620/4096
 * Older kernels say nothing of the rings, and do not escape the names of files, which could then
 * look like any line: those before them count once, and UserBufs counts the last time. While the
 * ring is in use there may be no line at all.
 */
#include "fd/details.h"

enum line {
	LINE_SQ_MASK,
	LINE_SQ_HEAD,
	LINE_SQ_TAIL,
	LINE_CQ_MASK,
	LINE_CQ_HEAD,
	LINE_CQ_TAIL,
	LINE_SQ_THREAD,
	LINE_SQ_CPU,
	LINE_FILES,
	LINE_BUFFERS,
};

static const struct intro_detail_line lines[] = {
	[LINE_SQ_MASK] = INTRO_DETAIL("SqMask:", HEX32, ring.sq_mask),
	[LINE_SQ_HEAD] = INTRO_DETAIL("SqHead:", U32, ring.sq_head),
	[LINE_SQ_TAIL] = INTRO_DETAIL("SqTail:", U32, ring.sq_tail),
	[LINE_CQ_MASK] = INTRO_DETAIL("CqMask:", HEX32, ring.cq_mask),
	[LINE_CQ_HEAD] = INTRO_DETAIL("CqHead:", U32, ring.cq_head),
	[LINE_CQ_TAIL] = INTRO_DETAIL("CqTail:", U32, ring.cq_tail),
	[LINE_SQ_THREAD] = INTRO_DETAIL("SqThread:", I32, io_uring.sq_thread),
	[LINE_SQ_CPU] = INTRO_DETAIL("SqThreadCpu:", I32, io_uring.sq_cpu),
	[LINE_FILES] = INTRO_DETAIL("UserFiles:", U32, io_uring.registered_files),
	[LINE_BUFFERS] = {.key = "UserBufs:",
			  .key_len = sizeof("UserBufs:") - 1,
			  .form = INTRO_DETAIL_U32,
			  .repeats = true,
			  .offset =
				  offsetof(struct intro_fdinfo_store, io_uring.registered_buffers)},
};

/* The counters run on and wrap. */
static void finish(struct intro_details *details)
{
	const struct intro_fdinfo_store *store = details->store;
	struct intro_io_uring *io_uring = &details->store->io_uring;

	if (INTRO_SEEN(details, LINE_SQ_MASK))
		io_uring->sq_entries = store->ring.sq_mask + 1;
	if (INTRO_SEEN(details, LINE_CQ_MASK))
		io_uring->cq_entries = store->ring.cq_mask + 1;
	if (INTRO_SEEN(details, LINE_SQ_HEAD) && INTRO_SEEN(details, LINE_SQ_TAIL))
		io_uring->sq_pending = store->ring.sq_tail - store->ring.sq_head;
	if (INTRO_SEEN(details, LINE_CQ_HEAD) && INTRO_SEEN(details, LINE_CQ_TAIL))
		io_uring->cq_pending = store->ring.cq_tail - store->ring.cq_head;
	io_uring->has_sq_thread = INTRO_SEEN(details, LINE_SQ_THREAD) && io_uring->sq_thread > 0;
	if (INTRO_SEEN(details, LINE_FILES))
		details->info->io_uring = io_uring;
}

const struct intro_details_kind intro_details_io_uring = INTRO_DETAILS_KIND(lines, finish);
