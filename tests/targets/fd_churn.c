/*
 * Opens and closes without a pause, files, pipes and sockets at the same numbers, while children
 * end: fd_churn DIR (empty). Each file has a size, status flags and an offset of its own, and so
 * can be told from what else was at that number. Prints: ready pid=PID files=N, and of each file
 * fileI=INO; the file I has I + 1 kilobytes, and its descriptors O_APPEND and an offset of I + 1.
 */
#include "targets/fd.h"

#include <poll.h>
#include <sys/eventfd.h>

enum { FILES = 8, SLOTS = 16, LOW = 10, TURNS_PER_LOOK = 64, TURNS_PER_CHILD = 512 };

static int file(unsigned i)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "file%u", i);
	fd = fd_open(name, O_RDWR | O_APPEND | O_CLOEXEC);
	if (lseek(fd, i + 1, SEEK_SET) < 0)
		target_die("lseek");
	return fd;
}

/* Takes over the descriptor at a number, and with it what was there before. */
static void put(int fd, unsigned slot)
{
	if (fd < 0 || dup3(fd, (int)(LOW + slot), fd & 1 ? O_CLOEXEC : 0) < 0)
		target_die("dup3");
	close(fd);
}

/* As random as is wanted here, and the same in each run. */
static unsigned random_below(unsigned limit)
{
	static uint32_t state = 1;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

/* Nothing that is put at a number says what comes next there. */
static void turn(unsigned n)
{
	unsigned slot = random_below(SLOTS), what = random_below(6);
	int pair[2];

	switch (what) {
	case 0:
	case 1:
		put(file(random_below(FILES)), slot);
		break;
	case 2:
		if (pipe2(pair, O_NONBLOCK))
			target_die("pipe");
		put(pair[0], slot);
		put(pair[1], (slot + 1) % SLOTS);
		break;
	case 3:
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
			target_die("socketpair");
		put(pair[0], slot);
		put(pair[1], (slot + 3) % SLOTS);
		break;
	case 4:
		put(eventfd(n, 0), slot);
		break;
	default:
		close((int)(LOW + slot));
	}
}

static bool is_told_to_end(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&input, 1, 0) != 0;
}

static void child_of_a_moment(void)
{
	pid_t pid = target_fork();

	if (!pid)
		_exit(0);
	if (waitpid(pid, NULL, 0) != pid)
		target_die("waitpid");
}

int main(int argc, char **argv)
{
	char name[32];

	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_churn DIR");
	fd_close_inherited();
	printf("ready pid=%d files=%d", getpid(), FILES);
	for (unsigned i = 0; i < FILES; i++) {
		struct stat st;
		int fd;

		snprintf(name, sizeof(name), "file%u", i);
		fd = fd_open(name, O_RDWR | O_CREAT);
		fd_write(fd, (i + 1) * 1024);
		if (fstat(fd, &st))
			target_die("fstat");
		close(fd);
		fd_fact(name, st.st_ino);
	}
	target_ready();
	for (unsigned n = 0; n % TURNS_PER_LOOK || !is_told_to_end(); n++) {
		turn(n);
		if (n % TURNS_PER_CHILD == 0)
			child_of_a_moment();
	}
	return 0;
}
