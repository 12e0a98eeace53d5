/* Names of open files that look like something else, and of files that have lost theirs. */
#include "unit/fds.h"

#include <linux/mount.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* Opens a file of this name, which is made. */
static int make(struct own *own, const char *name)
{
	int fd = open(own_path(own, name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static void assert_named(struct own *own, int number, const char *name, bool deleted)
{
	const struct intro_fd *fd = own_find(own, number);

	assert_bytes(fd->name, own_path(own, name));
	assert_int_equal(fd->deleted, deleted);
	assert_int_equal(fd->kind, INTRO_FD_KIND_REG);
	assert_stat(fd, number);
}

static void any_bytes(void **state)
{
	static const char *const names[] = {
		"new\nline", "\033[31mred",        "\377\376",     "back\\012slash",
		"pipe:[1]",  "socket:[1]",         "memfd:x",      " ",
		"(deleted)", "anon_inode:inotify", "a (deleted)b", "\342\200\256",
	};
	struct own *own = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd = make(own, names[i]);

		assert_named(own, fd, names[i], false);
		assert_int_equal(unlink(own_path(own, names[i])), 0);
		assert_named(own, fd, names[i], true);
		close(fd);
	}
}

static void a_real_suffix(void **state)
{
	struct own *own = *state;
	int fd = make(own, "x (deleted)"), other = make(own, "x");

	assert_named(own, fd, "x (deleted)", false);
	assert_named(own, other, "x", false);
	assert_int_equal(unlink(own_path(own, "x")), 0);
	assert_named(own, other, "x", true); /* though there is a file of the text of its link */
	assert_named(own, fd, "x (deleted)", false);
	assert_int_equal(unlink(own_path(own, "x (deleted)")), 0);
	assert_named(own, fd, "x (deleted)", true);
	assert_bytes(own_find(own, fd)->link, own_path(own, "x (deleted) (deleted)"));
	close(fd);
	close(other);
}

static void with_another_link(void **state)
{
	struct own *own = *state;
	int fd = make(own, "first"), suffixed;

	assert_int_equal(link(own_path(own, "first"), own_path(own, "second")), 0);
	assert_int_equal(unlink(own_path(own, "first")), 0);
	assert_named(own, fd, "first", true);
	assert_int_equal(own_find(own, fd)->stat->nlink, 1);
	/* Opened by a name with the suffix, of which there are two. */
	assert_int_equal(link(own_path(own, "second"), own_path(own, "y (deleted)")), 0);
	suffixed = make(own, "y (deleted)");
	assert_named(own, suffixed, "y (deleted)", false);
	assert_int_equal(unlink(own_path(own, "y (deleted)")), 0);
	assert_named(own, suffixed, "y (deleted)", true);
	close(suffixed);
	close(fd);
}

static void renamed(void **state)
{
	struct own *own = *state;
	int fd = make(own, "before");

	assert_int_equal(rename(own_path(own, "before"), own_path(own, "z (deleted)")), 0);
	assert_named(own, fd, "z (deleted)", false);
	close(fd);
}

static void directories(void **state)
{
	struct own *own = *state;
	const struct intro_fd *record;
	int fd;

	assert_int_equal(mkdir(own_path(own, "d"), 0700), 0);
	assert_int_equal(mkdir(own_path(own, "d (deleted)"), 0700), 0);
	fd = open(own_path(own, "d"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(rmdir(own_path(own, "d")), 0);
	record = own_find(own, fd);
	assert_true(record->deleted);
	assert_bytes(record->name, own_path(own, "d"));
	close(fd);
	fd = open(own_path(own, "d (deleted)"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	record = own_find(own, fd);
	assert_false(record->deleted);
	assert_bytes(record->name, own_path(own, "d (deleted)"));
	close(fd);
}

static void assert_memfd(struct own *own, int number, const char *name)
{
	const struct intro_fd *fd = own_find(own, number);

	assert_int_equal(fd->kind, INTRO_FD_KIND_MEMFD);
	assert_bytes(fd->name, name);
	assert_false(fd->deleted);
	assert_stat(fd, number);
	close(number);
}

static void memory(void **state)
{
	struct own *own = *state;
	int fd;

	assert_memfd(own, memfd_create("x", MFD_CLOEXEC), "/memfd:x");
	assert_memfd(own, memfd_create("x (deleted)", MFD_CLOEXEC), "/memfd:x (deleted)");
	assert_memfd(own, memfd_create("", MFD_CLOEXEC), "/memfd:");
	fd = memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB);
	if (fd >= 0)
		assert_memfd(own, fd, "/memfd:huge");
}

/* A file system that is mounted nowhere: what lies in its root is called as memfds are. */
static int detached_tmpfs(void)
{
	int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC), mount = -1;

	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	close(fs);
	return mount;
}

static void not_memory(void **state)
{
	struct own *own = *state;
	const struct intro_fd *record;
	int mount = detached_tmpfs(), fd;

	if (mount < 0) {
		print_message("skip: a file system cannot be mounted by this user\n");
		skip();
	}
	fd = openat(mount, "memfd:x", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	record = own_find(own, fd);
	assert_bytes(record->link, "/memfd:x");
	assert_int_equal(record->kind, INTRO_FD_KIND_REG);
	assert_int_equal(unlinkat(mount, "memfd:x", 0), 0);
	record = own_find(own, fd);
	assert_bytes(record->link, "/memfd:x (deleted)");
	assert_int_equal(record->kind, INTRO_FD_KIND_REG);
	assert_true(record->deleted);
	assert_bytes(record->name, "/memfd:x");
	close(fd);
	close(mount);
}

/* ---- mapped files ---- */

/* The record of what is mapped at an address, or NULL. */
static const struct intro_fd *find_mapped(struct intro_fds *fds, const void *address)
{
	const struct intro_fd *fd;

	assert_int_equal(intro_fds_select(fds, getpid(), 0), 0);
	while (intro_fds_next(fds, &fd) > 0)
		if (fd->map_start == (uintptr_t)address)
			return fd;
	return NULL;
}

static void *map(int fd)
{
	void *address;

	assert_int_equal(ftruncate(fd, 4096), 0);
	address = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(address != MAP_FAILED);
	return address;
}

static void mapped(void **state)
{
	static const char *const names[] = {"a", "new\nline", "back\\012slash", "x (deleted)",
					    "both\\012\n (deleted)"};
	struct own *own = *state;
	struct intro_fds *fds = fds_open(own->session, LEAN, 0, INTRO_SLOT_BIT(MEM));

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int number = make(own, names[i]);
		void *address = map(number);
		const struct intro_fd *fd = find_mapped(fds, address);

		assert_non_null(fd);
		assert_int_equal(fd->slot, INTRO_SLOT_MEM);
		assert_int_equal(fd->fd, -1);
		assert_int_equal(fd->kind, INTRO_FD_KIND_REG);
		assert_bytes(fd->name, own_path(own, names[i]));
		assert_false(fd->deleted);
		assert_stat(fd, number);
		assert_int_equal(unlink(own_path(own, names[i])), 0);
		fd = find_mapped(fds, address);
		assert_non_null(fd);
		assert_true(fd->deleted);
		close(number);
		munmap(address, 4096);
	}
	intro_fds_close(fds);
}

/* Each file once, and the program under its own slot alone. */
static void the_program(void **state)
{
	struct own *own = *state;
	struct intro_fds *fds = fds_open(own->session, LEAN, 0, 0);
	const struct intro_fd *fd;
	char program[4096] = "";
	unsigned programs = 0, libraries = 0;

	assert_true(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	assert_int_equal(intro_fds_select(fds, getpid(), 0), 0);
	for (unsigned slot = 0; intro_fds_next(fds, &fd) > 0; slot = fd->slot) {
		assert_true(fd->slot >= slot);
		if (fd->slot == INTRO_SLOT_EXE || fd->slot == INTRO_SLOT_MEM) {
			programs += bytes_are(fd->name, program);
			libraries += memmem(fd->name.data, fd->name.len, "/libc.so", 8) != NULL;
		}
	}
	assert_int_equal(programs, 1);
	assert_int_equal(libraries, 1);
	for (unsigned slot = 0; slot < INTRO_SLOT_COUNT; slot++)
		assert_int_equal(intro_fds_denied(fds, slot), 0);
	intro_fds_close(fds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OWN_TEST(any_bytes),  OWN_TEST(a_real_suffix), OWN_TEST(with_another_link),
		OWN_TEST(renamed),    OWN_TEST(directories),   OWN_TEST(memory),
		OWN_TEST(not_memory), OWN_TEST(mapped),        OWN_TEST(the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
