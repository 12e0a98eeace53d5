/* The columns of intro fd on records made by hand: the text for people, and the objects as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include <netinet/in.h>

#include "fd_columns.h"
#include "present/json.h"

#define BYTES(text) ((struct intro_bytes){text, strlen(text)})

static struct arena arena;

/* What a column says of a record, as JSON, for the caller to free. */
static void show(const char *name, const struct intro_fd *fd, struct output *output)
{
	const struct fd_row row = {.fd = fd};
	struct value value = value_null();
	size_t count, i = 0;
	const struct column *columns = fd_columns(&count);

	while (i < count && strcmp(columns[i].name, name) != 0)
		i++;
	if (i == count)
		fail_msg("there is no column %s", name);
	columns[i].get(&row, &arena, &value);
	output_open_memory(output);
	json_value(output, &value);
	output_char(output, '\0');
	arena_reset(&arena);
}

static void check_part(const char *name, const struct intro_fd *fd, const char *expected)
{
	struct output output;

	show(name, fd, &output);
	assert_non_null(strstr(output.data, expected));
	output_free(&output);
}

static void check(const char *name, const struct intro_fd *fd, const char *expected)
{
	struct output output;

	show(name, fd, &output);
	assert_string_equal(output.data, expected);
	output_free(&output);
}

/* Every column has a row, and gives null of a record that has nothing but its number. */
static void test_all_columns(void **state)
{
	static const struct intro_fd empty = {.pid = 1, .tid = 1, .slot = INTRO_SLOT_FD, .fd = 3};
	const struct fd_row row = {.fd = &empty};
	size_t count;
	const struct column *columns = fd_columns(&count);

	(void)state;
	assert_true(count > 50 && count < 128);
	for (size_t i = 0; i < count; i++) {
		static const char *const known[] = {"pid", "tid", "fd", "slot", "kind"};
		struct value value = value_null();
		bool is_known = false;

		columns[i].get(&row, &arena, &value);
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			is_known |= strcmp(known[k], columns[i].name) == 0;
		if ((value.kind != VALUE_NULL) != is_known)
			fail_msg("%s: %s", columns[i].name, is_known ? "null" : "not null");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(columns[i].name, columns[j].name);
	}
	arena_reset(&arena);
}

static void test_names(void **state)
{
	struct intro_fd fd = {.have = FD_NEED(LINK),
			      .kind = INTRO_FD_KIND_REG,
			      .link = BYTES("/tmp/a (deleted)"),
			      .name = BYTES("/tmp/a"),
			      .deleted = true};

	(void)state;
	check("detail", &fd, "\"/tmp/a (deleted)\"");
	check("name", &fd, "\"/tmp/a\"");
	check("deleted", &fd, "true");
	fd.kind = INTRO_FD_KIND_MEMFD;
	fd.name = BYTES("/memfd:x");
	check("detail", &fd, "\"/memfd:x\"");
	check("memfd", &fd, "{\"name\":\"x\",\"seals\":null}");
	fd.copy = &(const struct intro_fd_copy){.have = INTRO_FD_COPY_SEALS, .seals = 1};
	check("memfd", &fd, "{\"name\":\"x\",\"seals\":[\"F_SEAL_SEAL\"],\"seals_raw\":\"0x1\"}");
}

static void test_stat(void **state)
{
	struct intro_fd_stat stat = {.mode = S_IFREG | 04755,
				     .has_owner = true,
				     .size = 10,
				     .blocks = 8,
				     .dev_major = 8,
				     .dev_minor = 1};
	struct intro_fd fd = {.stat = &stat};

	(void)state;
	check("dev", &fd, "\"8:1\"");
	check("mode", &fd, "\"4755\"");
	check("size", &fd, "10");
	check("disk_bytes", &fd, "4096");
	check("rdev", &fd, "null");
	stat.dev_major = stat.dev_minor = UINT32_MAX;
	check("dev", &fd, "\"4294967295:4294967295\"");
	stat.dev_major = stat.dev_minor = 0;
	check("dev", &fd, "\"0:0\"");
	stat = (struct intro_fd_stat){.mode = S_IFCHR, .rdev_major = 1, .rdev_minor = 3};
	check("rdev", &fd, "\"1:3\"");
	check("size", &fd, "null");
	check("mode", &fd, "null");
}

/* ---- sockets ---- */

static void test_ip_sockets(void **state)
{
	struct intro_socket socket = {
		.have = INTRO_SOCKET_STATE,
		.family = AF_INET,
		.type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.state = INTRO_SOCKET_ESTABLISHED,
		.local = {.present = true, .ip = {127, 0, 0, 1}, .port = 80},
		.remote = {.present = true, .ip = {10, 0, 0, 2}, .port = 4711},
	};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_INET, .socket = &socket};

	(void)state;
	check("detail", &fd, "\"tcp 127.0.0.1:80 -> 10.0.0.2:4711 ESTABLISHED\"");
	check("remote_port", &fd, "4711");
	check("backlog", &fd, "null");
	socket.state = INTRO_SOCKET_LISTEN;
	socket.local = (struct intro_socket_address){.present = true, .port = 443};
	socket.remote = (struct intro_socket_address){.present = true};
	socket.have |= INTRO_SOCKET_LISTENER;
	socket.backlog = 511;
	check("detail", &fd, "\"tcp *:443 LISTEN 0/511\"");
	check("accept_queue", &fd, "0");
	check("recv_q", &fd, "null");
	check("remote_port", &fd, "null");
	socket = (struct intro_socket){
		.have = INTRO_SOCKET_STATE,
		.family = AF_INET,
		.type = SOCK_DGRAM,
		.protocol = IPPROTO_UDP,
		.state = INTRO_SOCKET_CLOSE,
		.local = {.present = true, .port = 53},
	};
	check("detail", &fd, "\"udp *:53\"");
}

static void test_other_sockets(void **state)
{
	struct intro_socket socket = {
		.family = AF_UNIX,
		.type = SOCK_STREAM,
		.protocol = -1,
		.local = {.present = true, .path = BYTES("/run/x.sock")},
	};
	struct intro_fd fd = {.have = FD_NEED(LINK),
			      .kind = INTRO_FD_KIND_UNIX,
			      .name = BYTES("socket:[7]"),
			      .socket = &socket};

	(void)state;
	check("detail", &fd, "\"unix /run/x.sock stream\"");
	check("protocol", &fd, "null");
	socket.have = INTRO_SOCKET_STATE | INTRO_SOCKET_LISTENER;
	socket.state = INTRO_SOCKET_LISTEN;
	socket.accept_queue = 2;
	socket.backlog = 5;
	check("detail", &fd, "\"unix /run/x.sock stream LISTEN 2/5\"");
	check_part("socket", &fd, "\"pending\":[],");
	socket.have = INTRO_SOCKET_STATE; /* as files tell it: nobody knows who waits */
	check_part("socket", &fd, "\"pending\":null,");
	socket = (struct intro_socket){.family = AF_UNIX, .type = SOCK_DGRAM, .protocol = -1};
	check("detail", &fd, "\"unix dgram\"");
	socket = (struct intro_socket){.family = AF_NETLINK, .type = SOCK_RAW, .protocol = 0};
	check("detail", &fd, "\"netlink route\"");
	fd.socket = NULL;
	check("detail", &fd, "\"socket:[7]\"");
	check("socket", &fd, "null");
}

/* ---- anonymous files ---- */

static void test_counters(void **state)
{
	struct intro_eventfd eventfd = {.count = 5, .has_semaphore = true, .is_semaphore = true};
	struct intro_timerfd timerfd = {.clock = CLOCK_MONOTONIC, .value_ns = 3200000000};
	uint64_t signals = 1u << 1 | 1u << 14;
	struct intro_fdinfo info = {.eventfd = &eventfd};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_EVENTFD, .info = &info};

	(void)state;
	check("detail", &fd, "\"count 5 semaphore\"");
	check("eventfd", &fd, "{\"count\":5,\"semaphore\":true,\"id\":null}");
	check("timerfd", &fd, "null");
	info = (struct intro_fdinfo){.timerfd = &timerfd};
	fd.kind = INTRO_FD_KIND_TIMERFD;
	check("detail", &fd, "\"monotonic in 3.20s\"");
	timerfd.interval_ns = 1000000000;
	timerfd.ticks = 2;
	check("detail", &fd, "\"monotonic in 3.20s every 1.00s, fired 2\"");
	check("timerfd", &fd,
	      "{\"clock\":\"CLOCK_MONOTONIC\",\"value_ns\":3200000000,\"interval_ns\":1000000000,"
	      "\"ticks\":2}");
	timerfd = (struct intro_timerfd){.clock = CLOCK_REALTIME};
	check("detail", &fd, "\"realtime not armed\"");
	info = (struct intro_fdinfo){.signalfd = &signals};
	fd.kind = INTRO_FD_KIND_SIGNALFD;
	check("detail", &fd, "\"SIGINT SIGTERM\"");
	check("signalfd", &fd, "{\"signals\":[\"SIGINT\",\"SIGTERM\"],\"signals_raw\":\"0x4002\"}");
}

static void test_pidfd(void **state)
{
	pid_t pid = 12;
	struct intro_fdinfo info = {.pidfd = &pid};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_PIDFD, .info = &info};

	(void)state;
	check("detail", &fd, "\"pid 12\"");
	check("pidfd", &fd, "{\"pid\":12,\"ended\":false}");
	pid = -1;
	check("detail", &fd, "\"ended\"");
	check("pidfd", &fd, "{\"pid\":null,\"ended\":true}");
	pid = 0;
	check("detail", &fd, "\"of another PID namespace\"");
	check("pidfd", &fd, "{\"pid\":null,\"ended\":false}");
}

static void test_epoll(void **state)
{
	struct intro_epoll_target targets[20] = {
		{.fd = 4, .events = EPOLLIN | EPOLLET | EPOLLONESHOT, .data = 16},
		{.fd = 5, .is_checked = true, .is_stale = true},
	};
	struct intro_fdinfo info = {.epoll = targets, .epoll_count = 1};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_EPOLL, .info = &info};

	(void)state;
	check("detail", &fd, "\"1 descriptor: 4\"");
	check("epoll", &fd,
	      "[{\"fd\":4,\"events\":[\"EPOLLIN\",\"EPOLLONESHOT\",\"EPOLLET\"],"
	      "\"events_raw\":\"0xc0000001\",\"edge\":true,\"oneshot\":true,\"exclusive\":false,"
	      "\"wakeup\":false,\"stale\":null,\"target\":null,\"data\":\"0x10\",\"ino\":null,"
	      "\"dev\":null}]");
	info.epoll_count = 2;
	check("detail", &fd, "\"2 descriptors: 4 5, 1 stale\"");
	info.epoll_count = 20;
	check("detail", &fd, "\"20 descriptors: 4 5 0 0 0 0 0 0 0 0 0 0 ..., 1 stale\"");
	info.epoll_count = 0;
	check("detail", &fd, "\"0 descriptors\"");
	check("epoll", &fd, "[]");
}

static void test_watches(void **state)
{
	struct intro_watch watches[] = {
		{.wd = 1, .ino = 9, .dev_major = 8, .mask = 2, .path = BYTES("/etc")},
		{.wd = 2, .ino = 10, .dev_major = 8, .dev_minor = 1, .mask = 2},
	};
	struct intro_fdinfo info = {.watches = watches, .watch_count = 2};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_INOTIFY, .info = &info};

	(void)state;
	check("detail", &fd, "\"2 watches: /etc ...\"");
	check("inotify", &fd,
	      "[{\"wd\":1,\"path\":\"/etc\",\"mask\":[\"IN_MODIFY\"],\"mask_raw\":\"0x2\","
	      "\"ino\":9,\"dev\":\"8:0\"},"
	      "{\"wd\":2,\"path\":null,\"mask\":[\"IN_MODIFY\"],\"mask_raw\":\"0x2\",\"ino\":10,"
	      "\"dev\":\"8:1\"}]");
	check("fanotify", &fd, "null");
	fd.kind = INTRO_FD_KIND_FANOTIFY;
	info.watch_count = 1;
	watches[0] = (struct intro_watch){.what = INTRO_WATCH_MOUNT, .mount_id = 29, .mask = 0x20};
	check("detail", &fd, "\"1 mark\"");
	check("fanotify", &fd,
	      "[{\"what\":\"mount\",\"path\":null,\"mask\":[\"FAN_OPEN\"],\"mask_raw\":\"0x20\","
	      "\"ignored\":[],\"ignored_raw\":\"0x0\",\"ino\":null,\"dev\":null,\"mount_id\":29,"
	      "\"mark_flags\":\"0x0\"}]");
}

static void test_pipe(void **state)
{
	struct intro_fd_copy copy = {.have = INTRO_FD_COPY_BUFFERED | INTRO_FD_COPY_CAPACITY,
				     .buffered = 4096,
				     .capacity = 65536};
	struct intro_fd fd = {
		.have = FD_NEED(LINK), .kind = INTRO_FD_KIND_PIPE, .name = BYTES("pipe:[5]")};

	(void)state;
	check("detail", &fd, "\"pipe:[5]\"");
	check("pipe", &fd,
	      "{\"ino\":null,\"readers\":null,\"writers\":null,\"buffered\":null,\"capacity\":"
	      "null}");
	fd.copy = &copy;
	check("detail", &fd, "\"4.0K of 64.0K buffered\"");
}

static void test_locks(void **state)
{
	struct intro_lock lock = {.type = INTRO_LOCK_OFD,
				  .mode = INTRO_LOCK_WRITE,
				  .pid = -1,
				  .start = 5,
				  .end = INTRO_LOCK_EOF};
	struct intro_fdinfo info = {.locks = &lock, .lock_count = 1};
	struct intro_fd fd = {.info = &info};

	(void)state;
	check("locks", &fd,
	      "[{\"type\":\"ofd\",\"mode\":\"write\",\"mandatory\":false,\"start\":5,\"end\":null,"
	      "\"pid\":null,\"waiters\":null}]");
	check("lock", &fd, "[\"ofd write 5-\"]");
	lock.end = 9;
	check("lock", &fd, "[\"ofd write 5-9\"]");
	lock = (struct intro_lock){.type = INTRO_LOCK_FLOCK, .end = INTRO_LOCK_EOF};
	check("lock", &fd, "[\"flock read\"]");
	info.lock_count = 0;
	check("locks", &fd, "[]");
	check("lock", &fd, "null");
}

static int free_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_columns),   cmocka_unit_test(test_names),
		cmocka_unit_test(test_stat),          cmocka_unit_test(test_ip_sockets),
		cmocka_unit_test(test_other_sockets), cmocka_unit_test(test_counters),
		cmocka_unit_test(test_pidfd),         cmocka_unit_test(test_epoll),
		cmocka_unit_test(test_watches),       cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_locks),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
