/*
 * Epoll: a line for each target. Before Linux 4.13 it ends behind the data.
 *   tfd:       15 events: c0000019 data:                f  pos:0 ino:40e sdev:10
 * All but the number of the descriptor and the position is hexadecimal.
 */
#include "base/number.h"
#include "fd/details.h"
#include "proc/text.h"

/* "events: c0000019": the key, blanks, the number. */
static bool take_hex(const char **p, const char *end, const char *key, uint64_t most, uint64_t *ret)
{
	intro_skip_blanks(p, end);
	if (!intro_take_bytes(p, end, key, strlen(key)))
		return false;
	intro_skip_blanks(p, end);
	return intro_take_hex(p, end, ret) && *ret <= most;
}

static bool take_registration(const char **p, const char *end, struct intro_epoll_target *target)
{
	uint64_t fd, events;

	if (!intro_take_u64(p, end, &fd) || fd > INT32_MAX ||
	    !take_hex(p, end, "events:", UINT32_MAX, &events) ||
	    !take_hex(p, end, "data:", UINT64_MAX, &target->data))
		return false;
	target->fd = (int)fd;
	target->events = (uint32_t)events;
	intro_skip_blanks(p, end);
	return true;
}

static bool take_inode(const char **p, const char *end, struct intro_epoll_target *target)
{
	uint64_t device;
	int64_t pos;

	if (!INTRO_TAKE_LITERAL(p, end, "pos:") || !intro_take_i64(p, end, &pos) ||
	    !take_hex(p, end, "ino:", UINT64_MAX, &target->ino) ||
	    !take_hex(p, end, "sdev:", UINT32_MAX, &device))
		return false;
	target->has_inode = true;
	intro_details_split_device((uint32_t)device, &target->dev_major, &target->dev_minor);
	intro_skip_blanks(p, end);
	return true;
}

static int parse_target(const char *p, const char *end, struct intro_details *details)
{
	struct intro_fdinfo_store *store = details->store;
	size_t count = details->info->epoll_count;
	struct intro_epoll_target target = {0};

	if (!take_registration(&p, end, &target) || (p < end && !take_inode(&p, end, &target)) ||
	    p != end)
		return INTRO_E_FORMAT;

	struct intro_epoll_target *epoll =
		intro_details_grow(store->epoll, &store->epoll_size, count, sizeof(*epoll));
	if (!epoll)
		return INTRO_E_NOMEM;
	epoll[count] = target;
	store->epoll = epoll;
	details->info->epoll = epoll;
	details->info->epoll_count++;
	return 0;
}

static const struct intro_detail_line lines[] = {
	INTRO_DETAIL_EACH("tfd:", parse_target),
};

const struct intro_details_kind intro_details_epoll = INTRO_DETAILS_KIND(lines, NULL);
