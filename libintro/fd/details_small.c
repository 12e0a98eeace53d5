/* Kinds of a few lines: eventfd, timerfd, signalfd, pidfd, userfaultfd; terminals and sockets. */
#include "base/number.h"
#include "fd/details.h"
#include "proc/text.h"

/*
 * eventfd-count: fffffffffffffffe
 * eventfd-id: 2
 * eventfd-semaphore: 0
 * The count is hexadecimal. The number came with Linux 5.2, the last line with 6.5.
 */
enum { EVENTFD_COUNT, EVENTFD_ID, EVENTFD_SEMAPHORE };

static const struct intro_detail_line eventfd_lines[] = {
	[EVENTFD_COUNT] = INTRO_DETAIL("eventfd-count:", HEX64, eventfd.count),
	[EVENTFD_ID] = INTRO_DETAIL("eventfd-id:", U64, eventfd.id),
	[EVENTFD_SEMAPHORE] = INTRO_DETAIL("eventfd-semaphore:", BOOL, eventfd.is_semaphore),
};

static void finish_eventfd(struct intro_details *details)
{
	struct intro_eventfd *eventfd = &details->store->eventfd;

	eventfd->has_id = INTRO_SEEN(details, EVENTFD_ID);
	eventfd->has_semaphore = INTRO_SEEN(details, EVENTFD_SEMAPHORE);
	if (INTRO_SEEN(details, EVENTFD_COUNT))
		details->info->eventfd = eventfd;
}

const struct intro_details_kind intro_details_eventfd =
	INTRO_DETAILS_KIND(eventfd_lines, finish_eventfd);

/*
 * clockid: 1
 * ticks: 0
 * settime flags: 01
 * it_value: (99, 999972586)
 * it_interval: (3, 5)
 */
enum { TIMERFD_CLOCK, TIMERFD_TICKS, TIMERFD_FLAGS, TIMERFD_VALUE, TIMERFD_INTERVAL };

#define NS_PER_S UINT64_C(1000000000)

/* "(99, 999972586)" */
static int parse_time(const char *p, const char *end, uint64_t *ret)
{
	uint64_t s, ns;

	if (!INTRO_TAKE_LITERAL(&p, end, "(") || !intro_take_u64(&p, end, &s) ||
	    !INTRO_TAKE_LITERAL(&p, end, ", ") || !intro_take_u64(&p, end, &ns) ||
	    !INTRO_TAKE_LITERAL(&p, end, ")") || p != end || ns >= NS_PER_S ||
	    s > (UINT64_MAX - ns) / NS_PER_S)
		return INTRO_E_FORMAT;
	*ret = s * NS_PER_S + ns;
	return 0;
}

static int parse_timer_value(const char *p, const char *end, struct intro_details *details)
{
	return parse_time(p, end, &details->store->timerfd.value_ns);
}

static int parse_timer_interval(const char *p, const char *end, struct intro_details *details)
{
	return parse_time(p, end, &details->store->timerfd.interval_ns);
}

static int parse_timer_flags(const char *p, const char *end, struct intro_details *details)
{
	uint64_t flags;

	if (!intro_take_octal(&p, end, &flags) || flags > UINT32_MAX || p != end)
		return INTRO_E_FORMAT;
	details->store->timerfd.settime_flags = (unsigned)flags;
	return 0;
}

static const struct intro_detail_line timerfd_lines[] = {
	[TIMERFD_CLOCK] = INTRO_DETAIL("clockid:", I32, timerfd.clock),
	[TIMERFD_TICKS] = INTRO_DETAIL("ticks:", U64, timerfd.ticks),
	[TIMERFD_FLAGS] = INTRO_DETAIL_BY("settime flags:", parse_timer_flags),
	[TIMERFD_VALUE] = INTRO_DETAIL_BY("it_value:", parse_timer_value),
	[TIMERFD_INTERVAL] = INTRO_DETAIL_BY("it_interval:", parse_timer_interval),
};

static void finish_timerfd(struct intro_details *details)
{
	if (details->seen == (1u << (TIMERFD_INTERVAL + 1)) - 1)
		details->info->timerfd = &details->store->timerfd;
}

const struct intro_details_kind intro_details_timerfd =
	INTRO_DETAILS_KIND(timerfd_lines, finish_timerfd);

/* sigmask:	8000000000000802 */
static const struct intro_detail_line signalfd_lines[] = {
	INTRO_DETAIL("sigmask:", HEX64, signalfd),
};

static void finish_signalfd(struct intro_details *details)
{
	if (details->seen)
		details->info->signalfd = &details->store->signalfd;
}

const struct intro_details_kind intro_details_signalfd =
	INTRO_DETAILS_KIND(signalfd_lines, finish_signalfd);

/*
 * Pid:	3262
 * NSpid:	3262	1
 */
static const struct intro_detail_line pidfd_lines[] = {
	INTRO_DETAIL("Pid:", I32, pidfd),
};

static void finish_pidfd(struct intro_details *details)
{
	if (details->seen)
		details->info->pidfd = &details->store->pidfd;
}

const struct intro_details_kind intro_details_pidfd = INTRO_DETAILS_KIND(pidfd_lines, finish_pidfd);

/*
 * pending:	0
 * total:	0
 * API:	aa:80000000:80000000000001ff
 * The features that are on, then those that there are. Bit 31 of the former is the kernel's own: it
 * tells that the descriptor was set up.
 */
enum { USERFAULTFD_PENDING, USERFAULTFD_TOTAL, USERFAULTFD_API };

#define USERFAULTFD_IS_SET_UP (UINT64_C(1) << 31)

static int parse_api(const char *p, const char *end, struct intro_details *details)
{
	struct intro_userfaultfd *userfaultfd = &details->store->userfaultfd;
	uint64_t all;

	if (!intro_take_hex(&p, end, &userfaultfd->api) || !INTRO_TAKE_LITERAL(&p, end, ":") ||
	    !intro_take_hex(&p, end, &userfaultfd->features) || !INTRO_TAKE_LITERAL(&p, end, ":") ||
	    !intro_take_hex(&p, end, &all) || p != end)
		return INTRO_E_FORMAT;
	userfaultfd->features &= ~USERFAULTFD_IS_SET_UP;
	return 0;
}

static const struct intro_detail_line userfaultfd_lines[] = {
	[USERFAULTFD_PENDING] = INTRO_DETAIL("pending:", U64, userfaultfd.pending),
	[USERFAULTFD_TOTAL] = INTRO_DETAIL("total:", U64, userfaultfd.total),
	[USERFAULTFD_API] = INTRO_DETAIL_BY("API:", parse_api),
};

static void finish_userfaultfd(struct intro_details *details)
{
	if (details->seen == (1u << (USERFAULTFD_API + 1)) - 1)
		details->info->userfaultfd = &details->store->userfaultfd;
}

const struct intro_details_kind intro_details_userfaultfd =
	INTRO_DETAILS_KIND(userfaultfd_lines, finish_userfaultfd);

/*
 * tty-index:	0     the master of /dev/pts/0
 * scm_fds: 3         a UNIX socket
 * The link alone does not tell these kinds.
 */
static int parse_tty_index(const char *p, const char *end, struct intro_details *details)
{
	uint64_t number;

	if (!intro_take_u64(&p, end, &number) || number > INT32_MAX || p != end)
		return INTRO_E_FORMAT;
	details->info->tty_index = (int)number;
	details->info->have |= INTRO_FDINFO_TTY_INDEX;
	return 0;
}

static int parse_scm_fds(const char *p, const char *end, struct intro_details *details)
{
	uint64_t number;

	if (!intro_take_u64(&p, end, &number) || number > UINT32_MAX || p != end)
		return INTRO_E_FORMAT;
	details->info->scm_fds = (uint32_t)number;
	details->info->have |= INTRO_FDINFO_SCM_FDS;
	return 0;
}

static const struct intro_detail_line other_lines[] = {
	INTRO_DETAIL_BY("tty-index:", parse_tty_index),
	INTRO_DETAIL_BY("scm_fds:", parse_scm_fds),
};

const struct intro_details_kind intro_details_other = INTRO_DETAILS_KIND(other_lines, NULL);
