/*
 * Files of all sorts below an empty directory: fd_files DIR. Prints: ready pid=PID and the
 * descriptors as fd.h says; mapped_ino, mapped_gone_ino (files that are mapped and not open) and
 * cwd_ino.
 */
#include "targets/fd.h"

#include <sys/ioctl.h>

enum {
	PLAIN_SIZE = 10,
	GONE_SIZE = 12345,
	MAPPED_SIZE = 3 * 4096,
};

#define BIG_SIZE ((off_t)5 << 30)
#define BIG_OFFSET (((off_t)4 << 30) + 5)

/* A file of this size, open. */
static int make_file(const char *name, size_t size, int flags)
{
	int fd = fd_open(name, flags | O_CREAT | O_EXCL);

	fd_write(fd, size);
	return fd;
}

static int at_offset(int fd, off_t offset)
{
	if (lseek(fd, offset, SEEK_SET) != offset)
		target_die("lseek");
	return fd;
}

static void regular_files(void)
{
	int fd;

	close(make_file("plain", PLAIN_SIZE, O_WRONLY));
	fd_say("append",
	       at_offset(fd_open("plain", O_RDWR | O_APPEND | O_NONBLOCK | O_CLOEXEC), 4));
	fd_say("read", at_offset(fd_open("plain", O_RDONLY), 7));
	fd_say("write", fd_open("plain", O_WRONLY | O_SYNC | O_NOATIME));
	fd_say("ioctl_only", fd_open("plain", O_ACCMODE)); /* Linux: neither read nor write */
	fd = fd_open("big", O_RDWR | O_CREAT | O_EXCL);
	if (ftruncate(fd, BIG_SIZE))
		target_die("ftruncate");
	fd_say("big", at_offset(fd, BIG_OFFSET));
	fd_say("directory", fd_open(".", O_RDONLY | O_DIRECTORY));
	fd_say_if("tmpfile", open(".", O_RDWR | O_TMPFILE, 0600));
	fd_say("path", fd_open("plain", O_PATH));
	fd_say("path_directory", fd_open(".", O_PATH | O_CLOEXEC));
	if (symlink("plain", "link"))
		target_die("symlink");
	fd_say("path_link", fd_open("link", O_PATH | O_NOFOLLOW));
	fd_say("proc", fd_open("/proc/self/stat", O_RDONLY));
}

static void devices(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), number;

	fd_say("null", fd_open("/dev/null", O_RDWR));
	fd_say("zero", fd_open("/dev/zero", O_RDONLY | O_CLOEXEC));
	if (master < 0 || grantpt(master) || unlockpt(master) || ioctl(master, TIOCGPTN, &number))
		target_die("ptmx");
	fd_say("pty_master", master);
	fd_fact("pty_number", (uintmax_t)number);
	fd_say("pty_slave", ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	fd_say_if("block", open("/dev/loop0", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

static void pipes(void)
{
	int ends[2];

	if (mkfifo("fifo", 0600))
		target_die("mkfifo");
	fd_write(fd_say("fifo", fd_open("fifo", O_RDWR)), 5);
	if (pipe(ends))
		target_die("pipe");
	fd_say("pipe_empty_r", ends[0]);
	fd_say("pipe_empty_w", ends[1]);
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) || fcntl(ends[1], F_SETPIPE_SZ, 16384) != 16384)
		target_die("pipe");
	fd_write(ends[1], 1000);
	fd_write(ends[1], 234);
	fd_say("pipe_full_r", ends[0]);
	fd_say("pipe_full_w", ends[1]);
}

/* A file with such a name; where `gone`, the name is taken away once it is open. */
static void named(const char *key, const char *name, bool gone)
{
	int fd = make_file(name, PLAIN_SIZE, O_RDWR);

	if (gone && unlink(name))
		target_die("unlink");
	fd_say(key, fd);
}

static void names(void)
{
	int fd = make_file("gone", GONE_SIZE, O_RDWR);

	if (unlink("gone"))
		target_die("unlink");
	fd_say("gone", fd);
	fd = make_file("first", PLAIN_SIZE, O_RDWR);
	if (link("first", "second") || unlink("first"))
		target_die("link");
	fd_say("gone_link", fd);
	fd_say("other_link", fd_open("second", O_RDONLY));
	named("suffix", "suffix (deleted)", false);
	named("suffix_gone", "twice (deleted)", true);
	named("like_pipe", "pipe:[1]", false);
	named("like_socket", "socket:[2]", true);
	named("newline", "new\nline", false);
	named("escape", "esc\033[31m", false);
	named("invalid", "bytes\xff\xfe", false);
	named("backslash", "back\\012slash", false);
	named("misleading",
	      "a\xe2\x80\xae"
	      "b",
	      false); /* right-to-left override */
}

static void map_file(const char *name)
{
	int fd = make_file(name, MAPPED_SIZE, O_RDWR);
	struct stat st;
	char key[64];

	if (mmap(NULL, MAPPED_SIZE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ||
	    mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096) == MAP_FAILED || fstat(fd, &st))
		target_die("mmap");
	snprintf(key, sizeof(key), "%s_ino", name);
	fd_fact(key, st.st_ino);
	close(fd);
}

static void other_slots(void)
{
	struct stat st;

	map_file("mapped");
	map_file("mapped_gone");
	if (unlink("mapped_gone") || mkdir("gone_directory", 0700) || chdir("gone_directory") ||
	    rmdir("../gone_directory") || stat(".", &st))
		target_die("a deleted directory");
	fd_fact("cwd_ino", st.st_ino);
}

static void namespaces(void)
{
	static const char *const kinds[] = {"net", "mnt", "user", "pid", "uts", "ipc", "cgroup"};
	char path[64], key[32];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		snprintf(key, sizeof(key), "ns_%s", kinds[i]);
		fd_say(key, fd_open(path, O_RDONLY | O_CLOEXEC));
	}
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_files DIR");
	fd_close_inherited();
	umask(022);
	printf("ready pid=%d", getpid());
	regular_files();
	devices();
	pipes();
	names();
	namespaces();
	other_slots();
	target_ready();
	target_wait();
	return 0;
}
