/*
 * /proc/PID/fdinfo/FD: what every descriptor has, then the locks that are held through it, then what
 * is of its kind:
 *   pos:	100
 *   flags:	02112002
 *   mnt_id:	27
 *   ino:	11051170
 *   lock:	1: FLOCK  ADVISORY  WRITE 3216 fe:00:11051170 0 EOF
 *   eventfd-count:                5
 */
#include "fd/fdinfo.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/number.h"
#include "fd/details.h"
#include "proc/parse.h"
#include "proc/text.h"

/* The kernel's own numbers: the C library's O_ACCMODE has another bit. */
#define ACCESS_MASK 03u

void *intro_details_grow(void *list, size_t *size, size_t count, size_t element)
{
	size_t more = *size ? *size * 2 : 16;
	void *grown;

	if (count < *size)
		return list;
	grown = more <= SIZE_MAX / element ? realloc(list, more * element) : NULL;
	if (grown)
		*size = more;
	return grown;
}

void intro_details_split_device(uint32_t sdev, uint32_t *dev_major, uint32_t *dev_minor)
{
	*dev_major = sdev >> 20;
	*dev_minor = sdev & 0xfffff;
}

void intro_fdinfo_store_free(struct intro_fdinfo_store *store)
{
	free(store->locks);
	free(store->epoll);
	free(store->watches);
	intro_buf_free(&store->handles);
	*store = (struct intro_fdinfo_store){0};
}

/* ---- lines of every kind ---- */

/* Some files have positions above 2^63, which show as negative numbers: those of addresses. */
static int parse_pos(const char *p, const char *end, struct intro_details *details)
{
	int64_t pos;

	if (!intro_take_i64(&p, end, &pos) || p != end)
		return INTRO_E_FORMAT;
	details->info->pos = (uint64_t)pos;
	details->info->have |= INTRO_FDINFO_POS;
	return 0;
}

static enum intro_fd_access access_of(uint32_t flags)
{
	static const enum intro_fd_access modes[] = {INTRO_FD_ACCESS_R, INTRO_FD_ACCESS_W,
						     INTRO_FD_ACCESS_RW, INTRO_FD_ACCESS_NONE};

	return flags & O_PATH ? INTRO_FD_ACCESS_PATH : modes[flags & ACCESS_MASK];
}

static int parse_flags(const char *p, const char *end, struct intro_details *details)
{
	struct intro_fdinfo *info = details->info;
	uint64_t flags;

	if (!intro_take_octal(&p, end, &flags) || flags > UINT32_MAX || p != end)
		return INTRO_E_FORMAT;
	info->access = access_of((uint32_t)flags);
	info->cloexec = flags & O_CLOEXEC;
	info->flags = (uint32_t)flags & ~(ACCESS_MASK | (uint32_t)O_CLOEXEC);
	info->have |= INTRO_FDINFO_FLAGS;
	return 0;
}

static int parse_mount_id(const char *p, const char *end, struct intro_details *details)
{
	int64_t id;

	if (!intro_take_i64(&p, end, &id) || id < INT32_MIN || id > INT32_MAX || p != end)
		return INTRO_E_FORMAT;
	details->info->mount_id = (int)id;
	details->info->have |= INTRO_FDINFO_MOUNT_ID;
	return 0;
}

/* Not before Linux 5.14. */
static int parse_ino(const char *p, const char *end, struct intro_details *details)
{
	uint64_t ino;

	if (!intro_take_u64(&p, end, &ino) || p != end)
		return INTRO_E_FORMAT;
	details->info->ino = ino;
	details->info->have |= INTRO_FDINFO_INO;
	return 0;
}

static int parse_lock(const char *p, const char *end, struct intro_details *details)
{
	struct intro_fdinfo_store *store = details->store;
	size_t count = details->info->lock_count;
	struct intro_lock *locks =
		intro_details_grow(store->locks, &store->locks_size, count, sizeof(*locks));

	if (!locks)
		return INTRO_E_NOMEM;
	store->locks = locks;
	int r = intro_parse_lock(p, (size_t)(end - p), &locks[count]);
	if (r < 0)
		return r;
	details->info->locks = locks;
	details->info->lock_count++;
	return 0;
}

static const struct intro_detail_line common_lines[] = {
	INTRO_DETAIL_BY("pos:", parse_pos),         INTRO_DETAIL_BY("flags:", parse_flags),
	INTRO_DETAIL_BY("mnt_id:", parse_mount_id), INTRO_DETAIL_BY("ino:", parse_ino),
	INTRO_DETAIL_EACH("lock:", parse_lock),
};

static const struct intro_details_kind common = INTRO_DETAILS_KIND(common_lines, NULL);

/* ---- any line ---- */

static const struct intro_details_kind *find_kind(enum intro_fd_kind kind)
{
	switch (kind) {
	case INTRO_FD_KIND_EPOLL:
		return &intro_details_epoll;
	case INTRO_FD_KIND_EVENTFD:
		return &intro_details_eventfd;
	case INTRO_FD_KIND_TIMERFD:
		return &intro_details_timerfd;
	case INTRO_FD_KIND_SIGNALFD:
		return &intro_details_signalfd;
	case INTRO_FD_KIND_INOTIFY:
		return &intro_details_inotify;
	case INTRO_FD_KIND_FANOTIFY:
		return &intro_details_fanotify;
	case INTRO_FD_KIND_PIDFD:
		return &intro_details_pidfd;
	case INTRO_FD_KIND_IO_URING:
		return &intro_details_io_uring;
	case INTRO_FD_KIND_BPF:
		return &intro_details_bpf;
	case INTRO_FD_KIND_USERFAULTFD:
		return &intro_details_userfaultfd;
	default:
		return &intro_details_other;
	}
}

/* The place of a line in the table of the kind, or how many there are. */
static size_t find_line(const struct intro_details_kind *kind, const char *line, const char *stop)
{
	size_t len = (size_t)(stop - line), i;

	for (i = 0; i < kind->line_count; i++)
		if (len >= kind->lines[i].key_len &&
		    !memcmp(line, kind->lines[i].key, kind->lines[i].key_len))
			break;
	return i;
}

static bool take_number(const char **p, const char *end, uint64_t greatest, uint64_t *ret)
{
	return intro_take_u64(p, end, ret) && *ret <= greatest;
}

static bool take_hex(const char **p, const char *end, uint64_t greatest, uint64_t *ret)
{
	const char *digits = *p;

	if (INTRO_TAKE_LITERAL(&digits, end, "0x"))
		*p = digits;
	return intro_take_hex(p, end, ret) && *ret <= greatest;
}

/* A number in one of the forms, as 64 bits. */
static bool take_value(const char **p, const char *end, uint8_t form, uint64_t *ret)
{
	int64_t i;

	switch (form) {
	case INTRO_DETAIL_U32:
		return take_number(p, end, UINT32_MAX, ret);
	case INTRO_DETAIL_U64:
		return take_number(p, end, UINT64_MAX, ret);
	case INTRO_DETAIL_BOOL:
		return take_number(p, end, 1, ret);
	case INTRO_DETAIL_HEX32:
		return take_hex(p, end, UINT32_MAX, ret);
	case INTRO_DETAIL_HEX64:
		return take_hex(p, end, UINT64_MAX, ret);
	case INTRO_DETAIL_I32:
		if (!intro_take_i64(p, end, &i) || i < INT32_MIN || i > INT32_MAX)
			return false;
		*ret = (uint64_t)i;
		return true;
	default:
		return false;
	}
}

static int parse_value(const struct intro_detail_line *line, const char *p, const char *end,
		       struct intro_details *details)
{
	void *target = (char *)details->store + line->offset;
	uint64_t value;

	if (line->form == INTRO_DETAIL_BYTES) {
		*(struct intro_bytes *)target =
			(struct intro_bytes){.data = p, .len = (size_t)(end - p)};
		return 0;
	}
	if (!take_value(&p, end, line->form, &value))
		return INTRO_E_FORMAT;
	intro_skip_blanks(&p, end);
	if (p != end)
		return INTRO_E_FORMAT;
	if (line->form == INTRO_DETAIL_BOOL)
		*(bool *)target = value;
	else if (line->form == INTRO_DETAIL_U64 || line->form == INTRO_DETAIL_HEX64)
		*(uint64_t *)target = value;
	else if (line->form == INTRO_DETAIL_I32)
		*(int32_t *)target = (int32_t)(int64_t)value;
	else
		*(uint32_t *)target = (uint32_t)value;
	return 0;
}

/* 1: the line is of this kind; 0: it is not; INTRO_E_*. */
static int parse_line(const struct intro_details_kind *kind, const char *p, const char *end,
		      uint32_t *seen, struct intro_details *details)
{
	size_t i = find_line(kind, p, end);

	if (i == kind->line_count)
		return 0;
	const struct intro_detail_line *line = &kind->lines[i];
	if ((*seen >> i & 1) && !line->repeats)
		return 1;
	*seen |= UINT32_C(1) << i;
	p += line->key_len;
	intro_skip_blanks(&p, end);
	int r = line->form == INTRO_DETAIL_OWN ? line->parse(p, end, details)
					       : parse_value(line, p, end, details);
	return r < 0 ? r : 1;
}

/*
 * The lines that every kind has stand before all others: behind those, they would be forged (in the
 * name of a file that some kind shows).
 */
static int parse_lines(const char *text, size_t len, const struct intro_details_kind *kind,
		       struct intro_details *details)
{
	const char *p = text, *end = text + len, *line, *stop;
	uint32_t seen_common = 0;

	while (intro_take_line(&p, end, &line, &stop)) {
		int r = 0;

		if (!details->seen)
			r = parse_line(&common, line, stop, &seen_common, details);
		if (r == 0)
			r = parse_line(kind, line, stop, &details->seen, details);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What is stored in place: lists begin anew by their counts. */
static void clear_details(struct intro_fdinfo_store *store)
{
	store->handles.len = 0;
	store->eventfd = (struct intro_eventfd){0};
	store->timerfd = (struct intro_timerfd){0};
	store->signalfd = 0;
	store->pidfd = 0;
	store->io_uring = (struct intro_io_uring){0};
	store->bpf = (struct intro_bpf){0};
	store->userfaultfd = (struct intro_userfaultfd){0};
}

int intro_parse_fdinfo(const char *text, size_t len, enum intro_fd_kind kind,
		       struct intro_fdinfo_store *store, struct intro_fdinfo *ret)
{
	const struct intro_details_kind *found = find_kind(kind);
	struct intro_fdinfo info = {0};
	struct intro_details details = {.text_len = len, .store = store, .info = &info};
	int r;

	clear_details(store);
	r = parse_lines(text, len, found, &details);
	if (r < 0)
		return r;
	if (found->finish)
		found->finish(&details);
	*ret = info;
	return 0;
}
