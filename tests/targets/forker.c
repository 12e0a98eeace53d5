/*
 * Forks and reaps as fast as it can: forker TOTAL ALIVE THREADS TAG. Child number N gives itself
 * the user and group id 100000 + N % 50000, the nice value N % 19, the arguments and at last the
 * name "TAG.N", and with THREADS so many further threads: who reads a row with the name of one
 * child and an id or arguments of another has mixed two processes.
 *
 * ALIVE children exist at any time, so that PIDs come round soon.
 * Prints: ready pid=PID, at the end: done forks=TOTAL; it does not wait.
 */
#include "targets/target.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { MOST = 4096, FIRST_ID = 100000, IDS = 50000, NICE = 19 };

static void *thread(void *unused)
{
	(void)unused;
	target_pause();
}

static void start_threads(long count)
{
	pthread_attr_t attr;
	pthread_t unused;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 16);
	for (long i = 0; i < count; i++)
		if (pthread_create(&unused, &attr, thread, NULL))
			_exit(1);
}

/* The system calls and not the library's functions: those tell all threads, and there are none. */
static _Noreturn void live(long number, long threads, const char *tag, char *arguments, size_t size)
{
	long id = FIRST_ID + number % IDS;
	char name[40]; /* the kernel takes the first 15 bytes */

	snprintf(name, sizeof(name), "%.6s.%ld", tag, number);
	memset(arguments, 0, size);
	memcpy(arguments, name, strlen(name));
	setpriority(PRIO_PROCESS, 0, (int)(number % NICE));
	if (syscall(SYS_setresgid, id, id, id) || syscall(SYS_setresuid, id, id, id))
		_exit(1);
	target_die_with_parent();
	prctl(PR_SET_DUMPABLE, 1); /* the change of ids took that: nobody could look inside */
	prctl(PR_SET_NAME, name);
	start_threads(threads);
	target_pause();
}

int main(int argc, char **argv)
{
	static pid_t children[MOST];
	long total, alive, threads;
	char tag[8] = "";
	size_t size;

	target_die_with_parent();
	if (argc != 5)
		target_die("forker TOTAL ALIVE THREADS TAG");
	total = target_number(argv[1]);
	alive = target_number(argv[2]);
	threads = target_number(argv[3]);
	strncat(tag, argv[4], sizeof(tag) - 1);
	size = (size_t)(argv[4] + strlen(argv[4]) - argv[0]);
	if (alive < 1 || alive > MOST)
		target_die("1 to %d alive", MOST);
	printf("ready pid=%d", getpid());
	target_ready();
	for (long i = 0; i < total + alive; i++) {
		pid_t *child = &children[i % alive];

		if (*child) {
			kill(*child, SIGKILL);
			waitpid(*child, NULL, 0);
			*child = 0;
		}
		if (i >= total)
			continue;
		*child = target_fork();
		if (*child == 0)
			live(i, threads, tag, argv[0], size);
	}
	printf("done forks=%ld\n", total);
	return fflush(stdout) != 0;
}
