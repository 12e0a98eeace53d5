/*
 * Descriptors that are made up, for tests of the groups of intro fd: what the modes ask of the
 * source of rows, of the index and of the sockets is answered from arrays here.
 */
#ifndef TESTS_UNIT_FD_FAKE_H
#define TESTS_UNIT_FD_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "fd_group.h"
#include "present/json.h"
#include "present/output.h"

/* ---- what the modes ask ---- */

/* A descriptor as the index has it. */
struct fake_holder {
	uint64_t ino;
	int ofd; /* equal: one open file description */
	struct intro_fd_holder holder;
};

struct intro_fd_index {
	const struct fake_holder *all;
	size_t count;
	int denied;
	uint64_t master_ino, slave_ino; /* a terminal: each is the other end of the other */
	struct intro_fd_holder answer[64];
};

struct intro_sockets {
	const struct intro_socket *all;
	size_t count;
	uint64_t answer[16];
};

static inline size_t collect(struct intro_fd_index *index, uint64_t ino, int ofd)
{
	size_t found = 0;

	for (size_t i = 0; i < index->count; i++)
		if (ino ? index->all[i].ino == ino : index->all[i].ofd == ofd)
			index->answer[found++] = index->all[i].holder;
	return found;
}

int intro_fd_index_inode(struct intro_fd_index *index, uint32_t dev_major, uint32_t dev_minor,
			 uint64_t ino, const struct intro_fd_holder **ret, size_t *count)
{
	(void)dev_major;
	(void)dev_minor;
	*ret = index->answer;
	*count = collect(index, ino, 0);
	return 1;
}

int intro_fd_index_denied(const struct intro_fd_index *index)
{
	return index->denied;
}

/* What the kernel says of any descriptor. */
static int hung_up = INTRO_E_DENIED;

int intro_fd_hung_up(struct intro *session, pid_t pid, int fd, uint64_t ino)
{
	(void)session;
	(void)pid;
	(void)fd;
	(void)ino;
	return hung_up;
}

int intro_fd_index_ofd(struct intro_fd_index *index, const struct intro_fd *fd,
		       struct intro_fd_holder *ret, const struct intro_fd_holder **holders,
		       size_t *count)
{
	size_t found = 0;

	for (size_t i = 0; i < index->count; i++) {
		const struct intro_fd_holder *holder = &index->all[i].holder;

		if (holder->pid == fd->pid && holder->fd == fd->fd && index->all[i].ofd)
			found = collect(index, 0, index->all[i].ofd);
	}
	if (!found)
		return 0;
	if (ret)
		*ret = index->answer[0];
	if (holders)
		*holders = index->answer;
	if (count)
		*count = found;
	return 1;
}

int intro_fd_index_peers(struct intro_fd_index *index, const struct intro_fd *fd,
			 const struct intro_fd_holder **ret, size_t *count)
{
	*ret = index->answer;
	*count = 0;
	if (fd->stat && fd->stat->ino == index->master_ino)
		*count = collect(index, index->slave_ino, 0);
	else if (fd->stat && fd->stat->ino == index->slave_ino)
		*count = collect(index, index->master_ino, 0);
	return 1;
}

/* Asked by the columns of single descriptors, which are linked, too. */
int intro_fd_index_ends(struct intro_fd_index *index, const struct intro_fd *fd, size_t *readers,
			size_t *writers)
{
	(void)index;
	(void)fd;
	(void)readers;
	(void)writers;
	return 0;
}

int intro_sockets_find(struct intro_sockets *sockets, int process_fd, uint64_t ino,
		       const struct intro_socket **ret)
{
	(void)process_fd;
	for (size_t i = 0; i < sockets->count; i++) {
		if (sockets->all[i].ino == ino) {
			*ret = &sockets->all[i];
			return 1;
		}
	}
	return 0;
}

size_t intro_sockets_peers(struct intro_sockets *sockets, const struct intro_socket *socket,
			   const uint64_t **ret)
{
	size_t found = 0;

	for (size_t i = 0; i < sockets->count; i++)
		if (sockets->all[i].ino == socket->peer_ino ||
		    sockets->all[i].peer_ino == socket->ino)
			sockets->answer[found++] = sockets->all[i].ino;
	*ret = sockets->answer;
	return found;
}

size_t intro_socket_address_format(const struct intro_socket *socket,
				   const struct intro_socket_address *address, char *buf,
				   size_t size)
{
	const uint8_t *ip = address->ip;

	if (socket->family == AF_UNIX)
		return (size_t)snprintf(buf, size, "%.*s", (int)address->path.len,
					address->path.data);
	return (size_t)snprintf(buf, size, "%u.%u.%u.%u:%u", ip[0], ip[1], ip[2], ip[3],
				address->port);
}

int intro_file_counts_read(struct intro *session, struct intro_file_counts *ret)
{
	(void)session;
	*ret = (struct intro_file_counts){.open = 250, .most = 1000, .nr_open = 1u << 20};
	return 0;
}

/* ---- the rows ---- */

enum { MOST_ROWS = 64 };

struct fake {
	struct fd_row rows[MOST_ROWS];
	struct intro_fd fds[MOST_ROWS];
	struct intro_fd_stat stats[MOST_ROWS];
	struct intro_task tasks[MOST_ROWS];
	size_t count, next;
	uint64_t needs;
	int denied; /* this row has an error; -1: none */
	int fails;  /* the negative of an exit status at the end */
	struct intro_fd_index index;
	struct intro_sockets sockets;
	struct fd_mode_source source;
	struct arena arena;
};

int fd_source_start(void *source, uint64_t needs, uint64_t first)
{
	struct fake *fake = source;

	assert_true(needs == first);
	fake->needs = needs;
	return 0;
}

/* The row given last is overwritten, so that whoever keeps a pointer into it is caught. */
int fd_source_next(void *source, const void **row)
{
	struct fake *fake = source;
	static struct fd_row current;
	static struct intro_fd fd;
	static struct intro_task task;

	memset(&current, 0xa5, sizeof(current));
	memset(&fd, 0xa5, sizeof(fd));
	memset(&task, 0xa5, sizeof(task));
	if (fake->next == fake->count)
		return fake->fails;
	fd = fake->fds[fake->next];
	task = fake->tasks[fake->next];
	current = fake->rows[fake->next++];
	current.fd = &fd;
	current.task = &task;
	*row = &current;
	return 1;
}

void fd_source_errors(void *source, row_error_handler *handler, void *context)
{
	struct fake *fake = source;
	char message[] = "cannot read fdinfo: Permission denied";
	struct row_error error = {
		.pid = 7, .what = "fdinfo", .os_errno = EACCES, .message = message, .named = true};

	if ((int)fake->next - 1 == fake->denied)
		handler(context, &error);
	memset(message, 0, sizeof(message));
}

void fd_source_missing(void *source, row_error_handler *handler, void *context)
{
	struct row_error error = {.pid = 99, .what = "pid", .message = "no such process"};

	(void)source;
	handler(context, &error);
}

int fd_source_again(void *source)
{
	((struct fake *)source)->next = 0;
	return 0;
}

static inline struct fake *begin(const struct fd_mode *mode)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	fake->denied = -1;
	fake->source = (struct fd_mode_source){.mode = mode, .source = fake};
	return fake;
}

static inline void end(struct fake *fake)
{
	fd_mode_close(&fake->source);
	arena_free(&fake->arena);
	free(fake);
}

/* A descriptor of a process; of slots that have no number fd is -1. */
static inline struct intro_fd *put(struct fake *fake, pid_t pid, const char *comm, int fd,
				   enum intro_fd_kind kind, const char *name)
{
	size_t i = fake->count++;
	struct intro_task *task = &fake->tasks[i];
	struct intro_fd *record = &fake->fds[i];

	assert_true(i < MOST_ROWS);
	task->pid = task->tid = pid;
	task->have = INTRO_WANT(STAT) | INTRO_WANT(OWNER);
	task->stat.comm_len =
		(unsigned)snprintf(task->stat.comm, sizeof(task->stat.comm), "%s", comm);
	record->pid = record->tid = pid;
	record->fd = fd;
	record->slot = fd < 0 ? INTRO_SLOT_CWD : INTRO_SLOT_FD;
	record->kind = kind;
	record->name = (struct intro_bytes){name, strlen(name)};
	fake->rows[i] = (struct fd_row){.index = &fake->index, .sockets = &fake->sockets};
	return record;
}

/* The same with an inode. */
static inline struct intro_fd_stat *put_inode(struct fake *fake, pid_t pid, const char *comm,
					      int fd, enum intro_fd_kind kind, const char *name,
					      uint64_t ino)
{
	struct intro_fd *record = put(fake, pid, comm, fd, kind, name);
	struct intro_fd_stat *stat = &fake->stats[fake->count - 1];

	*stat = (struct intro_fd_stat){
		.dev_major = 8, .dev_minor = 1, .ino = ino, .mode = S_IFREG | 0600};
	record->stat = stat;
	return stat;
}

static inline void put_socket(struct fake *fake, pid_t pid, const char *comm, int fd,
			      const struct intro_socket *socket)
{
	put_inode(fake, pid, comm, fd, INTRO_FD_KIND_UNIX, "socket:[x]", socket->ino);
	fake->fds[fake->count - 1].socket = socket;
}

static inline void start(struct fake *fake)
{
	assert_int_equal(fd_mode_start(&fake->source, 0, 0), 0);
	assert_true(fake->needs == fake->source.mode->needs);
}

/* The next row as JSON of these columns, with spaces between them; "" at the end. */
static inline const char *next(struct fake *fake, const char *columns)
{
	const struct fd_mode *mode = fake->source.mode;
	struct output output;
	const void *row;
	const char *text;

	if (fd_mode_next(&fake->source, &row) <= 0)
		return "";
	output_open_memory(&output);
	for (const char *name = columns; *name;) {
		size_t len = strcspn(name, " "), i = 0;
		struct value value = value_null();

		while (i < mode->column_count && (strncmp(mode->columns[i].name, name, len) != 0 ||
						  mode->columns[i].name[len]))
			i++;
		assert_true(i < mode->column_count);
		mode->columns[i].get(row, &fake->arena, &value);
		if (name != columns)
			output_char(&output, ' ');
		json_value(&output, &value);
		name += len + strspn(name + len, " ");
	}
	text = arena_copy(&fake->arena, output.data, output.len);
	output_free(&output);
	return text;
}

#endif
