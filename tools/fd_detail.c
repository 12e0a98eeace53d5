/* What a descriptor is, in a few words for people: what matters depends on its kind. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "fd_columns.h"
#include "present/human.h"

/* Texts are gathered here; rows come by the ten thousand, and few of them are long. */
struct detail {
	char text[512];
	size_t len;
};

static void add_bytes(struct detail *detail, const char *data, size_t len)
{
	size_t room = sizeof(detail->text) - detail->len;

	if (len > room)
		len = room;
	memcpy(detail->text + detail->len, data, len);
	detail->len += len;
}

static void add(struct detail *detail, const char *text)
{
	add_bytes(detail, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void addf(struct detail *detail, const char *format,
						       ...)
{
	char text[128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	add(detail, text);
}

static void add_value(struct detail *detail, struct value value)
{
	if (value.kind == VALUE_TEXT)
		add_bytes(detail, value.text.data, value.text.len);
	else if (value.kind == VALUE_UINT)
		addf(detail, "%llu", (unsigned long long)value.natural);
}

static void add_human(struct detail *detail, void (*write)(struct output *, uint64_t), uint64_t n)
{
	struct output output;

	output_open_memory(&output);
	write(&output, n);
	add_bytes(detail, output.data, output.len);
	output_free(&output);
}

/* ---- sockets ---- */

/* "tcp 127.0.0.1:80 -> 10.0.0.2:4711 ESTABLISHED", "unix /run/x.sock stream" */
static void socket_of_ip(struct detail *detail, const struct intro_socket *socket,
			 struct arena *arena)
{
	struct value local = fd_socket_address(socket, &socket->local, arena);
	struct value remote = fd_socket_address(socket, &socket->remote, arena);

	add_value(detail, fd_socket_protocol(socket, arena));
	add(detail, " ");
	if (local.kind == VALUE_NULL)
		add(detail, "not bound");
	else
		add_value(detail, local);
	if (remote.kind != VALUE_NULL && socket->state != INTRO_SOCKET_LISTEN) {
		add(detail, " -> ");
		add_value(detail, remote);
	}
}

static void socket_of_unix(struct detail *detail, const struct intro_socket *socket,
			   struct arena *arena)
{
	struct value local = fd_socket_address(socket, &socket->local, arena);
	struct value remote = fd_socket_address(socket, &socket->remote, arena);

	add(detail, "unix");
	if (local.kind != VALUE_NULL) {
		add(detail, " ");
		add_value(detail, local);
	}
	if (remote.kind != VALUE_NULL) {
		add(detail, " -> ");
		add_value(detail, remote);
	}
	if (socket->type >= 0) {
		add(detail, " ");
		add_value(detail,
			  fd_value_name(INTRO_NAMES_SOCKET_TYPE, (uint64_t)socket->type, arena));
	}
}

static void socket_of_another(struct detail *detail, const struct intro_socket *socket,
			      struct arena *arena)
{
	struct value protocol = fd_socket_protocol(socket, arena);
	struct value local = fd_socket_address(socket, &socket->local, arena);

	add_value(detail,
		  fd_value_name(INTRO_NAMES_SOCKET_FAMILY, (uint64_t)socket->family, arena));
	if (protocol.kind != VALUE_NULL) {
		add(detail, " ");
		add_value(detail, protocol);
	}
	if (local.kind != VALUE_NULL) {
		add(detail, " ");
		add_value(detail, local);
	}
}

static bool detail_of_socket(struct detail *detail, const struct intro_fd *fd, struct arena *arena)
{
	const struct intro_socket *socket = fd->socket;
	bool is_datagram;

	if (!socket || socket->family < 0)
		return false;
	if (socket->family == AF_INET || socket->family == AF_INET6)
		socket_of_ip(detail, socket, arena);
	else if (socket->family == AF_UNIX)
		socket_of_unix(detail, socket, arena);
	else
		socket_of_another(detail, socket, arena);
	/* Of what has no connections, the state says whether it was given an address to send to. */
	is_datagram = socket->type == SOCK_DGRAM || socket->type == SOCK_RAW ||
		      (socket->family == AF_UNIX && socket->state != INTRO_SOCKET_LISTEN);
	if ((socket->have & INTRO_SOCKET_STATE) && !is_datagram) {
		add(detail, " ");
		add_value(detail, fd_socket_state(socket, arena));
	}
	if (socket->have & INTRO_SOCKET_LISTENER)
		addf(detail, " %u/%u", socket->accept_queue, socket->backlog);
	return true;
}

/* ---- what is not a file ---- */

static bool detail_of_epoll(struct detail *detail, const struct intro_fdinfo *info)
{
	enum { SHOWN = 12 };
	size_t stale = 0;

	addf(detail, "%zu descriptor%s", info->epoll_count, info->epoll_count == 1 ? "" : "s");
	for (size_t i = 0; i < info->epoll_count; i++) {
		stale += info->epoll[i].is_checked && info->epoll[i].is_stale;
		if (i < SHOWN)
			addf(detail, "%s %d", i == 0 ? ":" : "", info->epoll[i].fd);
	}
	if (info->epoll_count > SHOWN)
		add(detail, " ...");
	if (stale > 0)
		addf(detail, ", %zu stale", stale);
	return true;
}

static bool detail_of_eventfd(struct detail *detail, const struct intro_fdinfo *info)
{
	if (!info->eventfd)
		return false;
	addf(detail, "count %llu", (unsigned long long)info->eventfd->count);
	if (info->eventfd->has_semaphore && info->eventfd->is_semaphore)
		add(detail, " semaphore");
	return true;
}

/* "monotonic in 3.20s every 1.00s" */
static bool detail_of_timerfd(struct detail *detail, const struct intro_fdinfo *info)
{
	const struct intro_timerfd *timer = info->timerfd;
	const char *clock;

	if (!timer)
		return false;
	clock = intro_name(INTRO_NAMES_CLOCK, (uint64_t)timer->clock);
	for (const char *p = clock ? clock + strlen("CLOCK_") : ""; *p; p++)
		addf(detail, "%c", *p == '_' ? '-' : *p | 0x20);
	if (!clock)
		addf(detail, "clock %d", timer->clock);
	if (timer->value_ns) {
		add(detail, " in ");
		add_human(detail, human_ns, timer->value_ns);
	}
	if (timer->interval_ns) {
		add(detail, " every ");
		add_human(detail, human_ns, timer->interval_ns);
	}
	if (!timer->value_ns && !timer->interval_ns)
		add(detail, " not armed");
	if (timer->ticks)
		addf(detail, ", fired %llu", (unsigned long long)timer->ticks);
	return true;
}

static bool detail_of_signalfd(struct detail *detail, const struct intro_fdinfo *info)
{
	char signals[256];

	if (!info->signalfd)
		return false;
	intro_mask_format(INTRO_NAMES_SIGNAL, *info->signalfd, ' ', signals, sizeof(signals));
	add(detail, signals);
	return true;
}

static bool detail_of_watches(struct detail *detail, const struct intro_fdinfo *info,
			      const char *word)
{
	enum { SHOWN = 4 };
	size_t shown = 0;

	addf(detail, "%zu %s%s", info->watch_count, word,
	     info->watch_count == 1       ? ""
	     : strcmp(word, "watch") == 0 ? "es"
					  : "s");
	for (size_t i = 0; i < info->watch_count && shown < SHOWN; i++) {
		if (!info->watches[i].path.data)
			continue;
		add(detail, shown++ == 0 ? ": " : " ");
		add_bytes(detail, info->watches[i].path.data, info->watches[i].path.len);
	}
	if (shown > 0 && shown < info->watch_count)
		add(detail, " ...");
	return true;
}

static bool detail_of_pidfd(struct detail *detail, const struct intro_fdinfo *info)
{
	if (!info->pidfd)
		return false;
	if (*info->pidfd > 0)
		addf(detail, "pid %d", *info->pidfd);
	else
		add(detail, *info->pidfd < 0 ? "ended" : "of another PID namespace");
	return true;
}

static bool detail_of_io_uring(struct detail *detail, const struct intro_fdinfo *info)
{
	const struct intro_io_uring *ring = info->io_uring;

	if (!ring)
		return false;
	addf(detail, "%u + %u entries", ring->sq_entries, ring->cq_entries);
	if (ring->registered_files)
		addf(detail, ", %u files", ring->registered_files);
	if (ring->registered_buffers)
		addf(detail, ", %u buffers", ring->registered_buffers);
	if (ring->has_sq_thread)
		addf(detail, ", thread %d", ring->sq_thread);
	return true;
}

static bool detail_of_bpf(struct detail *detail, const struct intro_fdinfo *info,
			  struct arena *arena)
{
	const struct intro_bpf *bpf = info->bpf;

	if (!bpf || bpf->what == INTRO_BPF_OTHER)
		return false;
	switch (bpf->what) {
	case INTRO_BPF_MAP:
		addf(detail, "map %u ", bpf->id);
		add_value(detail, fd_value_name(INTRO_NAMES_BPF_MAP_TYPE, bpf->type, arena));
		addf(detail, " %u entries", bpf->max_entries);
		break;
	case INTRO_BPF_PROG:
		addf(detail, "prog %u ", bpf->id);
		add_value(detail, fd_value_name(INTRO_NAMES_BPF_PROG_TYPE, bpf->type, arena));
		break;
	default:
		addf(detail, "link %u ", bpf->id);
		add_bytes(detail, bpf->type_name.data, bpf->type_name.len);
		addf(detail, " of prog %u", bpf->prog_id);
	}
	return true;
}

static bool detail_of_info(struct detail *detail, const struct intro_fd *fd, struct arena *arena)
{
	if (!fd->info)
		return false;
	switch (fd->kind) {
	case INTRO_FD_KIND_EPOLL:
		return detail_of_epoll(detail, fd->info);
	case INTRO_FD_KIND_EVENTFD:
		return detail_of_eventfd(detail, fd->info);
	case INTRO_FD_KIND_TIMERFD:
		return detail_of_timerfd(detail, fd->info);
	case INTRO_FD_KIND_SIGNALFD:
		return detail_of_signalfd(detail, fd->info);
	case INTRO_FD_KIND_INOTIFY:
		return detail_of_watches(detail, fd->info, "watch");
	case INTRO_FD_KIND_FANOTIFY:
		return detail_of_watches(detail, fd->info, "mark");
	case INTRO_FD_KIND_PIDFD:
		return detail_of_pidfd(detail, fd->info);
	case INTRO_FD_KIND_IO_URING:
		return detail_of_io_uring(detail, fd->info);
	case INTRO_FD_KIND_BPF:
		return detail_of_bpf(detail, fd->info, arena);
	case INTRO_FD_KIND_USERFAULTFD:
		if (fd->info->userfaultfd)
			addf(detail, "%llu faults wait",
			     (unsigned long long)fd->info->userfaultfd->pending);
		return fd->info->userfaultfd != NULL;
	default:
		return false;
	}
}

/* "4.0K of 64K buffered" */
static bool detail_of_pipe(struct detail *detail, const struct intro_fd *fd)
{
	const uint32_t both = INTRO_FD_COPY_BUFFERED | INTRO_FD_COPY_CAPACITY;

	if (fd->kind != INTRO_FD_KIND_PIPE || !fd->copy || (fd->copy->have & both) != both)
		return false;
	add_human(detail, human_bytes, fd->copy->buffered);
	add(detail, " of ");
	add_human(detail, human_bytes, fd->copy->capacity);
	add(detail, " buffered");
	return true;
}

/* ---- the column ---- */

/* A name may be long: it is not gathered. A memfd has no name that could be deleted. */
static struct value name_of(const struct intro_fd *fd)
{
	if (!FD_HAS(fd, LINK) || !fd->name.data)
		return value_null();
	if (!fd->deleted || fd->kind == INTRO_FD_KIND_MEMFD || fd->kind == INTRO_FD_KIND_ANON)
		return fd_value_bytes(fd->name);
	return fd_value_bytes(fd->link);
}

void fd_get_detail(const void *row, struct arena *arena, struct value *ret)
{
	const struct intro_fd *fd = fd_of(row);
	struct detail detail = {.len = 0};

	if (detail_of_socket(&detail, fd, arena) || detail_of_info(&detail, fd, arena) ||
	    detail_of_pipe(&detail, fd))
		*ret = value_bytes(arena_copy(arena, detail.text, detail.len), detail.len);
	else
		*ret = name_of(fd);
}
