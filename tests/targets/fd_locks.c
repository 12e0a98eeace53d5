/*
 * Locks of all sorts, with those who wait for them: fd_locks DIR (empty). Prints: ready pid=PID,
 * the descriptors as fd.h says, and KEY.waiter=PID, a child that asks for what the descriptor KEY
 * keeps from it. Whether it waits already is for the test to see.
 */
#include "targets/fd.h"

#include <sys/file.h>

static void lock(int fd, int command, short type, off_t start, off_t length)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

	if (fcntl(fd, command, &lock))
		target_die("fcntl");
}

static pid_t start_waiter(void (*wait)(void))
{
	pid_t pid = target_fork();

	if (pid)
		return pid;
	wait();
	_exit(1);
}

static void say_waiter(const char *key, pid_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.waiter", key);
	fd_fact(name, (uintmax_t)pid);
}

static void wait_posix(void)
{
	lock(fd_open("posix", O_RDWR), F_SETLKW, F_WRLCK, 5, 11);
}

static void wait_ofd(void)
{
	lock(fd_open("ofd", O_RDWR), F_OFD_SETLKW, F_RDLCK, 0, 1);
}

static void wait_flock(void)
{
	(void)!flock(fd_open("flock", O_RDONLY), LOCK_SH);
}

static void wait_lease(void)
{
	fd_open("lease", O_WRONLY); /* waits for the lease to be given back, 45 s by default */
}

int main(int argc, char **argv)
{
	int posix, ofd, whole, lease, write_lease;

	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_locks DIR");
	fd_close_inherited();
	signal(SIGIO, SIG_IGN);
	posix = fd_open("posix", O_RDWR | O_CREAT);
	lock(posix, F_SETLK, F_RDLCK, 10, 10);
	lock(posix, F_SETLK, F_WRLCK, 100, 0); /* to the end, however long */
	ofd = fd_open("ofd", O_RDWR | O_CREAT);
	lock(ofd, F_OFD_SETLK, F_WRLCK, 0, 100);
	whole = fd_open("flock", O_RDWR | O_CREAT);
	if (flock(whole, LOCK_EX))
		target_die("flock");
	close(fd_open("lease", O_RDWR | O_CREAT));
	lease = fd_open("lease", O_RDONLY);
	write_lease = fd_open("write_lease", O_RDWR | O_CREAT);
	if (fcntl(lease, F_SETLEASE, F_RDLCK) || fcntl(write_lease, F_SETLEASE, F_WRLCK))
		target_die("F_SETLEASE");

	printf("ready pid=%d", getpid());
	fflush(stdout);
	fd_say("posix", posix);
	fd_say("ofd", ofd);
	fd_say("flock", whole);
	fd_say("lease", lease);
	fd_say("write_lease", write_lease);
	fd_say("unlocked", fd_open("unlocked", O_RDWR | O_CREAT));
	fflush(stdout);
	say_waiter("posix", start_waiter(wait_posix));
	say_waiter("ofd", start_waiter(wait_ofd));
	say_waiter("flock", start_waiter(wait_flock));
	say_waiter("lease", start_waiter(wait_lease));
	target_ready();
	target_wait();
	return 0;
}
