/* Columns: what only one kind of descriptor has. An object each; null where it is another kind. */
#include <sys/epoll.h>

#include "fd_columns.h"

static struct value number_if(bool condition, uint64_t number)
{
	return condition ? value_uint(number) : value_null();
}

/* ---- epoll, eventfd, timerfd, signalfd, pidfd ---- */

static struct value value_of_target(const struct intro_epoll_target *target, struct arena *arena)
{
	struct fd_object object = fd_object_new(arena, 11);

	fd_object_put(&object, "fd", value_int(target->fd));
	fd_object_put(&object, "events", value_set(target->events, INTRO_NAMES_EPOLL_EVENT));
	fd_object_put(&object, "edge", value_bool((target->events & EPOLLET) != 0));
	fd_object_put(&object, "oneshot", value_bool((target->events & EPOLLONESHOT) != 0));
	fd_object_put(&object, "exclusive", value_bool((target->events & EPOLLEXCLUSIVE) != 0));
	fd_object_put(&object, "wakeup", value_bool((target->events & EPOLLWAKEUP) != 0));
	fd_object_put(&object, "stale",
		      target->is_checked ? value_bool(target->is_stale) : value_null());
	fd_object_put(&object, "target", fd_value_bytes(target->name));
	fd_object_put(&object, "data", value_address(target->data));
	fd_object_put(&object, "ino", number_if(target->has_inode, target->ino));
	fd_object_put(&object, "dev",
		      target->has_inode
			      ? fd_value_device(target->dev_major, target->dev_minor, arena)
			      : value_null());
	return fd_object_value(&object);
}

static void get_epoll(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);
	struct value *items;

	*ret = value_null();
	if (fd->kind != INTRO_FD_KIND_EPOLL || !fd->info)
		return;
	*ret = fd_objects_new(arena, fd->info->epoll_count, &items);
	for (size_t i = 0; i < fd->info->epoll_count; i++)
		items[i] = value_of_target(&fd->info->epoll[i], arena);
}

static void get_eventfd(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->eventfd)
		return;
	object = fd_object_new(arena, 3);
	fd_object_put(&object, "count", value_uint(info->eventfd->count));
	fd_object_put(&object, "semaphore",
		      info->eventfd->has_semaphore ? value_bool(info->eventfd->is_semaphore)
						   : value_null());
	fd_object_put(&object, "id", number_if(info->eventfd->has_id, info->eventfd->id));
	*ret = fd_object_value(&object);
}

static void get_timerfd(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	const struct intro_timerfd *timer;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->timerfd)
		return;
	timer = info->timerfd;
	object = fd_object_new(arena, 4);
	fd_object_put(&object, "clock",
		      fd_value_name(INTRO_NAMES_CLOCK, (uint64_t)timer->clock, arena));
	fd_object_put(&object, "value_ns", value_uint(timer->value_ns));
	fd_object_put(&object, "interval_ns", value_uint(timer->interval_ns));
	fd_object_put(&object, "ticks", value_uint(timer->ticks));
	*ret = fd_object_value(&object);
}

static void get_signalfd(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->signalfd)
		return;
	object = fd_object_new(arena, 1);
	fd_object_put(&object, "signals", value_set(*info->signalfd, INTRO_NAMES_SIGNAL));
	*ret = fd_object_value(&object);
}

/* A process that has ended, or is of another PID namespace, has no PID. */
static void get_pidfd(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->pidfd)
		return;
	object = fd_object_new(arena, 2);
	fd_object_put(&object, "pid", *info->pidfd > 0 ? value_int(*info->pidfd) : value_null());
	fd_object_put(&object, "ended", value_bool(*info->pidfd < 0));
	*ret = fd_object_value(&object);
}

/* ---- inotify and fanotify ---- */

static void get_inotify(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);
	struct value *items;

	*ret = value_null();
	if (fd->kind != INTRO_FD_KIND_INOTIFY || !fd->info)
		return;
	*ret = fd_objects_new(arena, fd->info->watch_count, &items);
	for (size_t i = 0; i < fd->info->watch_count; i++) {
		const struct intro_watch *watch = &fd->info->watches[i];
		struct fd_object object = fd_object_new(arena, 5);

		fd_object_put(&object, "wd", value_int(watch->wd));
		fd_object_put(&object, "path", fd_value_bytes(watch->path));
		fd_object_put(&object, "mask", value_set(watch->mask, INTRO_NAMES_INOTIFY_EVENT));
		fd_object_put(&object, "ino", value_uint(watch->ino));
		fd_object_put(&object, "dev",
			      fd_value_device(watch->dev_major, watch->dev_minor, arena));
		items[i] = fd_object_value(&object);
	}
}

static struct value value_of_mark(const struct intro_watch *mark, struct arena *arena)
{
	static const char *const words[] = {
		[INTRO_WATCH_INODE] = "inode",
		[INTRO_WATCH_MOUNT] = "mount",
		[INTRO_WATCH_FILESYSTEM] = "filesystem",
	};
	bool is_mount = mark->what == INTRO_WATCH_MOUNT;
	struct fd_object object = fd_object_new(arena, 8);

	fd_object_put(&object, "what", value_string(words[mark->what]));
	fd_object_put(&object, "path", fd_value_bytes(mark->path));
	fd_object_put(&object, "mask", value_set(mark->mask, INTRO_NAMES_FANOTIFY_EVENT));
	fd_object_put(&object, "ignored",
		      value_set(mark->ignored_mask, INTRO_NAMES_FANOTIFY_EVENT));
	fd_object_put(&object, "ino", number_if(mark->what == INTRO_WATCH_INODE, mark->ino));
	fd_object_put(&object, "dev",
		      is_mount ? value_null()
			       : fd_value_device(mark->dev_major, mark->dev_minor, arena));
	fd_object_put(&object, "mount_id", is_mount ? value_int(mark->mount_id) : value_null());
	fd_object_put(&object, "mark_flags", value_address(mark->mark_flags));
	return fd_object_value(&object);
}

static void get_fanotify(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);
	struct value *items;

	*ret = value_null();
	if (fd->kind != INTRO_FD_KIND_FANOTIFY || !fd->info)
		return;
	*ret = fd_objects_new(arena, fd->info->watch_count, &items);
	for (size_t i = 0; i < fd->info->watch_count; i++)
		items[i] = value_of_mark(&fd->info->watches[i], arena);
}

/* ---- memfd, io_uring, bpf, userfaultfd ---- */

static void get_memfd(const void *row, struct arena *arena, struct value *ret)
{
	static const char prefix[] = "/memfd:";
	const struct intro_fd *fd = fd_of(row);
	struct intro_bytes name = fd->name;
	struct fd_object object;
	bool has_seals = fd->copy && (fd->copy->have & INTRO_FD_COPY_SEALS);

	*ret = value_null();
	if (fd->kind != INTRO_FD_KIND_MEMFD)
		return;
	if (name.data && name.len >= sizeof(prefix) - 1) {
		name.data += sizeof(prefix) - 1;
		name.len -= sizeof(prefix) - 1;
	}
	object = fd_object_new(arena, 2);
	fd_object_put(&object, "name", fd_value_bytes(name));
	fd_object_put(&object, "seals",
		      has_seals ? value_set(fd->copy->seals, INTRO_NAMES_SEAL) : value_null());
	*ret = fd_object_value(&object);
}

static void get_io_uring(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	const struct intro_io_uring *ring;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->io_uring)
		return;
	ring = info->io_uring;
	object = fd_object_new(arena, 8);
	fd_object_put(&object, "sq_entries", value_uint(ring->sq_entries));
	fd_object_put(&object, "cq_entries", value_uint(ring->cq_entries));
	fd_object_put(&object, "sq_pending", value_uint(ring->sq_pending));
	fd_object_put(&object, "cq_pending", value_uint(ring->cq_pending));
	fd_object_put(&object, "registered_files", value_uint(ring->registered_files));
	fd_object_put(&object, "registered_buffers", value_uint(ring->registered_buffers));
	fd_object_put(&object, "sq_thread",
		      ring->has_sq_thread ? value_int(ring->sq_thread) : value_null());
	fd_object_put(&object, "sq_cpu",
		      ring->has_sq_thread ? value_int(ring->sq_cpu) : value_null());
	*ret = fd_object_value(&object);
}

static void put_bpf_map(struct fd_object *object, const struct intro_bpf *bpf, struct arena *arena)
{
	fd_object_put(object, "type", fd_value_name(INTRO_NAMES_BPF_MAP_TYPE, bpf->type, arena));
	fd_object_put(object, "key_size", value_uint(bpf->key_size));
	fd_object_put(object, "value_size", value_uint(bpf->value_size));
	fd_object_put(object, "max_entries", value_uint(bpf->max_entries));
	fd_object_put(object, "map_flags", value_address(bpf->flags));
	fd_object_put(object, "memlock", value_uint(bpf->memlock));
}

static void put_bpf_prog(struct fd_object *object, const struct intro_bpf *bpf, struct arena *arena)
{
	fd_object_put(object, "type", fd_value_name(INTRO_NAMES_BPF_PROG_TYPE, bpf->type, arena));
	fd_object_put(object, "tag", fd_value_bytes(bpf->tag));
	fd_object_put(object, "jited", value_bool(bpf->is_jited));
	fd_object_put(object, "memlock", value_uint(bpf->memlock));
}

static void get_bpf(const void *row, struct arena *arena, struct value *ret)
{
	static const char *const words[] = {
		[INTRO_BPF_MAP] = "map",
		[INTRO_BPF_PROG] = "prog",
		[INTRO_BPF_LINK] = "link",
		[INTRO_BPF_OTHER] = "other",
	};
	const struct intro_fdinfo *info = fd_of(row)->info;
	const struct intro_bpf *bpf;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->bpf)
		return;
	bpf = info->bpf;
	object = fd_object_new(arena, 8);
	fd_object_put(&object, "what", value_string(words[bpf->what]));
	fd_object_put(&object, "id", number_if(bpf->what != INTRO_BPF_OTHER, bpf->id));
	if (bpf->what == INTRO_BPF_MAP) {
		put_bpf_map(&object, bpf, arena);
	} else if (bpf->what == INTRO_BPF_PROG) {
		put_bpf_prog(&object, bpf, arena);
	} else if (bpf->what == INTRO_BPF_LINK) {
		fd_object_put(&object, "type", fd_value_bytes(bpf->type_name));
		fd_object_put(&object, "prog_id", value_uint(bpf->prog_id));
	}
	*ret = fd_object_value(&object);
}

static void get_userfaultfd(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fdinfo *info = fd_of(row)->info;
	struct fd_object object;

	*ret = value_null();
	if (!info || !info->userfaultfd)
		return;
	object = fd_object_new(arena, 4);
	fd_object_put(&object, "pending", value_uint(info->userfaultfd->pending));
	fd_object_put(&object, "total", value_uint(info->userfaultfd->total));
	fd_object_put(&object, "api", value_address(info->userfaultfd->api));
	fd_object_put(&object, "features", value_address(info->userfaultfd->features));
	*ret = fd_object_value(&object);
}

#define NEED_INFO (FD_NEED(LINK) | FD_NEED(DETAILS))
#define NEED_TARGETS (NEED_INFO | FD_NEED(TARGETS))

static const struct column table[] = {
	{"epoll", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_TARGETS, get_epoll, NULL, 0, NULL,
	 "what an epoll watches: descriptors, events, and whether they are still there"},
	{"eventfd", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_eventfd, NULL, 0, NULL,
	 "count, whether it is a semaphore, id"},
	{"timerfd", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_timerfd, NULL, 0, NULL,
	 "clock, time until it fires (0: not armed), interval, expirations not read yet"},
	{"signalfd", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_signalfd, NULL, 0, NULL,
	 "signals that it takes"},
	{"inotify", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_TARGETS, get_inotify, NULL, 0, NULL,
	 "watches: path where it can be found, events, inode"},
	{"fanotify", NULL, COLUMN_LIST, UNIT_NONE, 0, NEED_TARGETS, get_fanotify, NULL, 0, NULL,
	 "marks: inode, mount or file system, events"},
	{"pidfd", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_pidfd, NULL, 0, NULL,
	 "process that it stands for; null where that is of another PID namespace or has ended"},
	{"memfd", NULL, COLUMN_OBJECT, UNIT_NONE, 0, FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(COPY),
	 get_memfd, NULL, 0, NULL, "name and seals"},
	{"io_uring", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_io_uring, NULL, 0, NULL,
	 "sizes of the rings, entries that wait, registered files and buffers, thread"},
	{"bpf", NULL, COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_bpf, NULL, 0, NULL,
	 "map, program or link: id, type and sizes"},
	{"userfaultfd", "UFFD", COLUMN_OBJECT, UNIT_NONE, 0, NEED_INFO, get_userfaultfd, NULL, 0,
	 NULL, "faults that wait, of all that there are"},
};

FD_GROUP(kinds, table);
