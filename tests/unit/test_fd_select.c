/* Which descriptors intro fd takes: ports, kinds, slots, files; and what is told of those unseen. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <netinet/in.h>

#include "fd_select.h"

/* ---- ports ---- */

static void check_ports(const char *list, size_t count, int protocol, unsigned first, unsigned last)
{
	struct fd_selection selection = {0};

	assert_int_equal(fd_select_add(&selection, FD_SELECT_PORT, list), 0);
	assert_int_equal(selection.port_count, count);
	assert_int_equal(selection.ports[count - 1].protocol, protocol);
	assert_int_equal(selection.ports[count - 1].first, first);
	assert_int_equal(selection.ports[count - 1].last, last);
	assert_int_equal(fd_select_needs(&selection), FD_NEED(LINK) | FD_NEED(SOCKET));
	fd_select_free(&selection);
}

static void test_ports(void **state)
{
	static const char *const wrong[] = {
		"",    ",",       "0",      "65536", "99999999999999999999",
		"tcp", "tcp:",    "nope:1", "6:80",  "80-",
		"-80", "90-80",   "80x",    "x80",   "tcp:udp:1",
		":80", "80-90-9", "80:1",   "80,,x", "tcp:0",
	};

	(void)state;
	check_ports("443", 1, -1, 443, 443);
	check_ports("tcp:443", 1, IPPROTO_TCP, 443, 443);
	check_ports("UDP:53", 1, IPPROTO_UDP, 53, 53);
	check_ports("8000-8100", 1, -1, 8000, 8100);
	check_ports("80, tcp:1-65535", 2, IPPROTO_TCP, 1, 65535);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct fd_selection selection = {0};

		if (fd_select_add(&selection, FD_SELECT_PORT, wrong[i]) != EXIT_USAGE)
			fail_msg("'%s' is taken for a port", wrong[i]);
		fd_select_free(&selection);
	}
}

static void test_port_matches(void **state)
{
	struct intro_socket socket = {
		.family = AF_INET,
		.protocol = IPPROTO_TCP,
		.local = {.present = true, .port = 443},
		.remote = {.present = true, .port = 50000},
	};
	struct intro_fd fd = {.kind = INTRO_FD_KIND_INET, .socket = &socket};
	struct fd_selection selection = {0};

	(void)state;
	assert_int_equal(fd_select_add(&selection, FD_SELECT_PORT, "400-443,udp:53"), 0);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_PORT, "tcp:50001"), 0);
	assert_true(fd_select_matches(&selection, &fd));
	assert_true(selection.ports[0].seen);
	assert_false(selection.ports[1].seen);
	socket.local.port = 53; /* but it is TCP */
	assert_false(fd_select_matches(&selection, &fd));
	socket.protocol = IPPROTO_UDP;
	assert_true(fd_select_matches(&selection, &fd));
	socket.local.port = 1;
	socket.protocol = IPPROTO_TCP;
	socket.remote.port = 50001;
	assert_true(fd_select_matches(&selection, &fd));
	socket.remote.present = false;
	assert_false(fd_select_matches(&selection, &fd));
	socket = (struct intro_socket){.family = AF_UNIX, .local = {.present = true, .port = 443}};
	assert_false(fd_select_matches(&selection, &fd));
	fd.socket = NULL;
	assert_false(fd_select_matches(&selection, &fd));
	fd_select_free(&selection);
}

/* ---- kinds and slots ---- */

static bool takes_kind(struct fd_selection *selection, enum intro_fd_kind kind)
{
	return fd_select_matches(selection, &(struct intro_fd){.kind = kind});
}

static void test_kinds(void **state)
{
	struct fd_selection selection = {0};

	(void)state;
	assert_true(takes_kind(&selection, INTRO_FD_KIND_UNKNOWN));
	assert_int_equal(fd_select_needs(&selection), 0);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, "pipe epoll"), 0);
	assert_int_equal(fd_select_needs(&selection), FD_NEED(LINK));
	assert_true(takes_kind(&selection, INTRO_FD_KIND_EPOLL));
	assert_true(takes_kind(&selection, INTRO_FD_KIND_PIPE));
	assert_false(takes_kind(&selection, INTRO_FD_KIND_FIFO));
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, "socket"), 0);
	for (int kind = INTRO_FD_KIND_UNIX; kind <= INTRO_FD_KIND_SOCKET; kind++)
		assert_true(takes_kind(&selection, (enum intro_fd_kind)kind));
	assert_int_equal(fd_select_needs(&selection), FD_NEED(LINK));
	assert_false(takes_kind(&selection, INTRO_FD_KIND_REG));
	fd_select_free(&selection);

	selection = (struct fd_selection){0};
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, "inet,reg"), 0);
	assert_int_equal(fd_select_needs(&selection),
			 FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(SOCKET));
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, "inett"), EXIT_USAGE);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, "3"), EXIT_USAGE);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_KIND, " ,"), EXIT_USAGE);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_SLOTS, "cwd,mem"), 0);
	assert_int_equal(selection.slots, INTRO_SLOT_BIT(CWD) | INTRO_SLOT_BIT(MEM));
	assert_int_equal(fd_select_add(&selection, FD_SELECT_SLOTS, "0"), EXIT_USAGE);
	fd_select_free(&selection);
}

static void test_operands(void **state)
{
	static const char *const paths[] = {"/", "./1234", "1/", "1/2/3", "a/b", "1,2/x"};
	static const char *const processes[] = {"1234", "1/2", "1/2,3", "nginx", "a.b", "-"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct fd_selection selection = {0};

		assert_int_equal(fd_select_add_operand(&selection, paths[i]), 0);
		assert_int_equal(selection.path_words.count, 1);
		assert_string_equal(selection.path_words.items[0], paths[i]);
		fd_select_free(&selection);
	}
	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
		struct fd_selection selection = {0};

		assert_int_equal(fd_select_add_operand(&selection, processes[i]), 0);
		assert_int_equal(selection.path_words.count, 0);
		assert_true(selection.processes.target_count + selection.processes.names.count > 0);
		fd_select_free(&selection);
	}
}

/* ---- files ---- */

static char directory[64];

static int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/fd_select.XXXXXX");
	if (!mkdtemp(directory) || chdir(directory))
		return -1;
	return mkdir("logs", 0700) || mkdir("logs2", 0700) || symlink("logs", "link") ||
	       mkfifo("logs/fifo", 0600) || link("logs/fifo", "other");
}

static int remove_directory(void **state)
{
	(void)state;
	return unlink("other") || unlink("logs/fifo") || unlink("link") || rmdir("logs") ||
	       rmdir("logs2") || rmdir(directory);
}

/* A descriptor on a file of this name, which may not be there. */
struct opened {
	struct intro_fd fd;
	struct intro_fd_stat stat;
	char name[128];
};

static struct opened *open_name(struct opened *opened, const char *name, bool deleted)
{
	struct statx statx_;

	*opened = (struct opened){.fd = {.have = FD_NEED(LINK), .slot = INTRO_SLOT_FD}};
	snprintf(opened->name, sizeof(opened->name), "%s/%s", name[0] == '/' ? "" : directory,
		 name + (name[0] == '/'));
	opened->fd.name = (struct intro_bytes){opened->name, strlen(opened->name)};
	opened->fd.deleted = deleted;
	if (statx(AT_FDCWD, opened->name, 0, STATX_BASIC_STATS, &statx_))
		return opened;
	opened->stat = (struct intro_fd_stat){
		.dev_major = statx_.stx_dev_major,
		.dev_minor = statx_.stx_dev_minor,
		.ino = statx_.stx_ino,
		.mode = statx_.stx_mode,
		.rdev_major = statx_.stx_rdev_major,
		.rdev_minor = statx_.stx_rdev_minor,
	};
	opened->fd.stat = &opened->stat;
	return opened;
}

static bool matches(const char *given, bool live, const char *name, bool deleted)
{
	struct arena arena = {0};
	struct fd_path path;
	struct opened opened;
	bool result;

	fd_path_find(given, live, &arena, &path);
	result = fd_path_matches(&path, &open_name(&opened, name, deleted)->fd);
	arena_free(&arena);
	return result;
}

static void test_files(void **state)
{
	(void)state;
	assert_true(matches("logs/fifo", true, "logs/fifo", false));
	assert_true(matches("logs/fifo", true, "other", false)); /* one inode */
	assert_true(matches("link/../other", true, "logs/fifo", false));
	assert_false(matches("logs/fifo", true, "logs", false));
	assert_false(matches("logs/fifo", true, "/dev/null", false));
	/* By its number, whatever it is called. */
	assert_true(matches("/dev/null", true, "/dev/null", false));
	assert_false(matches("/dev/null", true, "/dev/zero", false));
}

static void test_directories(void **state)
{
	(void)state;
	assert_true(matches("logs", true, "logs/fifo", false));
	assert_true(matches("logs/", true, "logs", false));
	assert_true(matches("link", true, "logs/gone/far", true));
	assert_false(matches("logs", true, "logs2", false));
	assert_false(matches("logs", true, "logs2/x", true));
	assert_false(matches("logs", true, "other", false)); /* the same inode, but not below it */
	assert_true(matches(".", true, "other", false));
}

/* That of a chroot need not be one. */
static bool is_root_a_mount(void)
{
	struct statx stx;

	return statx(AT_FDCWD, "/", 0, STATX_TYPE, &stx) == 0 &&
	       (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void test_mounts(void **state)
{
	struct stat root, proc;

	(void)state;
	assert_true(matches("/", true, "/", false));
	if (stat("/", &root) || stat("/proc", &proc) || root.st_dev == proc.st_dev ||
	    !is_root_a_mount())
		skip();
	assert_true(matches("/proc", true, "/proc/version", false));
	assert_false(matches("/proc", true, "/", false));
	assert_false(matches("/", true, "/proc/version", false));
}

static void test_absent_files(void **state)
{
	(void)state;
	assert_true(matches("logs/gone", true, "logs/gone", true));
	assert_true(matches("link/gone", true, "logs/gone", true));
	assert_true(matches("gone", true, "gone", true));
	assert_true(matches("/gone", true, "/gone", true));
	assert_true(matches("/no/such/directory", true, "/no/such/directory", true));
	assert_false(matches("logs/gone", true, "logs/gone/x", true));
	assert_false(matches("logs/gon", true, "logs/gone", true));
}

/* The files of a captured tree are not those of this system: names must do. */
static void test_captured_files(void **state)
{
	(void)state;
	assert_true(matches("/dev/null", false, "/dev/null", false));
	assert_true(matches("/var/log", false, "/var/log/x", false));
	assert_true(matches("/var/log//", false, "/var/log", true));
	assert_true(matches("/", false, "/x", false));
	assert_false(matches("/var/log", false, "/var/logs", false));
	assert_false(matches("logs", false, "logs/fifo", false));
}

static void test_bound_sockets(void **state)
{
	struct intro_socket socket = {.have = INTRO_SOCKET_VFS, .vfs_ino = 7, .vfs_dev_minor = 1};
	struct intro_fd fd = {.socket = &socket};
	struct fd_path path = {.what = FD_PATH_SOCKET, .ino = 7, .dev_minor = 1, .name = "/x"};

	(void)state;
	assert_true(fd_path_matches(&path, &fd));
	assert_int_equal(fd_path_needs(&path), FD_NEED(LINK) | FD_NEED(STAT) | FD_NEED(SOCKET));
	socket.have = 0;
	assert_false(fd_path_matches(&path, &fd));
	socket.have = INTRO_SOCKET_VFS;
	socket.vfs_dev_minor = 2;
	assert_false(fd_path_matches(&path, &fd));
}

/* ---- what has not been seen ---- */

static void collect(void *context, const char *message)
{
	strcat(strcat(context, message), "\n");
}

static void test_unseen(void **state)
{
	struct fd_selection selection = {0};
	struct arena arena = {0};
	struct intro *session;
	struct opened opened;
	char told[512] = "";

	(void)state;
	assert_int_equal(intro_open(NULL, &session), 0);
	assert_int_equal(fd_select_add_operand(&selection, "logs/fifo"), 0);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_PATH, "./logs"), 0);
	assert_int_equal(fd_select_add(&selection, FD_SELECT_PATH, "gone"), 0);
	assert_int_equal(fd_select_prepare(&selection, session), 0);
	/* The file and its directory have both been seen. */
	assert_true(fd_select_matches(&selection, &open_name(&opened, "logs/fifo", false)->fd));
	fd_select_tell_unseen(&selection, &arena, collect, told);
	assert_string_equal(told,
			    "no such file, and no process has one of that name open: 'gone'\n");
	/* Those that were not asked for may have it open: nothing is said of them. */
	fd_select_rewind(&selection);
	told[0] = '\0';
	assert_int_equal(fd_select_add(&selection, FD_SELECT_PORT, "udp:53"), 0);
	fd_select_tell_unseen(&selection, &arena, collect, told);
	assert_string_equal(
		told, "no selected socket has the port udp:53\n"
		      "nothing selected has it open: 'logs/fifo'\n"
		      "nothing selected has it open: './logs'\n"
		      "no such file, and nothing selected has one of that name open: 'gone'\n");
	selection.path_count = 0;
	told[0] = '\0';
	fd_select_tell_unseen(&selection, &arena, collect, told);
	assert_string_equal(told, "no socket has the port udp:53\n");
	fd_select_free(&selection);
	arena_free(&arena);
	intro_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),          cmocka_unit_test(test_port_matches),
		cmocka_unit_test(test_kinds),          cmocka_unit_test(test_operands),
		cmocka_unit_test(test_files),          cmocka_unit_test(test_directories),
		cmocka_unit_test(test_mounts),         cmocka_unit_test(test_absent_files),
		cmocka_unit_test(test_captured_files), cmocka_unit_test(test_bound_sockets),
		cmocka_unit_test(test_unseen),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
