/*
 * Children in every state that one can bring about: state ROLE...
 *   run        spins                                  R
 *   sleep      in pause(2)                            S
 *   disk       waits for its vfork child              D   (disk_child=PID: in pause)
 *   stop       stopped by SIGSTOP                     T
 *   traced     stopped by its tracer, the target      t
 *   seized     runs with a tracer, in pause           S
 *   zombie     ended and not reaped                   Z
 *   leader     main thread ended, another lives       Z   (leader_thread=TID: in pause)
 *   stepchild  traced by its own child (stepchild_tracer=PID), in pause
 * Prints: ready pid=PID ROLE=PID ...
 */
#include "targets/target.h"

#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

static volatile unsigned spins;

enum place { DISK_CHILD, LEADER_THREAD, STEPCHILD_TRACER };

static void start_run(void)
{
	pid_t pid = target_fork();

	if (pid == 0)
		for (;;)
			spins++;
	target_await_state(pid, 0, "R");
	printf(" run=%d", pid);
}

static void start_sleep(void)
{
	pid_t pid = target_fork();

	if (pid == 0)
		target_pause();
	target_await_state(pid, 0, "S");
	printf(" sleep=%d", pid);
}

/* The vfork child shares the memory of its parent, which the kernel keeps in state D meanwhile. */
static void start_disk(void)
{
	pid_t pid = target_fork(), child;

	if (pid == 0) {
		pid_t inner = vfork();

		if (inner == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			target_board[DISK_CHILD] = (pid_t)syscall(SYS_getpid);
			for (;;)
				syscall(SYS_pause);
		}
		_exit(1);
	}
	child = target_board_await(DISK_CHILD);
	target_await_state(pid, 0, "D");
	target_await_state(child, 0, "S");
	printf(" disk=%d disk_child=%d", pid, child);
}

static void start_stop(void)
{
	pid_t pid = target_fork();

	if (pid == 0) {
		raise(SIGSTOP);
		target_pause();
	}
	target_await_state(pid, 0, "T");
	printf(" stop=%d", pid);
}

static void start_traced(void)
{
	pid_t pid = target_fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		target_pause();
	}
	target_await_state(pid, 0, "t");
	printf(" traced=%d", pid);
}

static void start_seized(void)
{
	pid_t pid = target_fork();

	if (pid == 0)
		target_pause();
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		target_die("PTRACE_SEIZE");
	target_await_state(pid, 0, "S");
	printf(" seized=%d", pid);
}

static void start_zombie(void)
{
	pid_t pid = target_fork();

	if (pid == 0)
		_exit(7);
	target_await_state(pid, 0, "Z");
	printf(" zombie=%d", pid);
}

static void *outlive(void *unused)
{
	(void)unused;
	target_board[LEADER_THREAD] = (pid_t)syscall(SYS_gettid);
	target_pause();
}

static void start_leader(void)
{
	pid_t pid = target_fork(), thread;

	if (pid == 0) {
		pthread_t other;

		if (pthread_create(&other, NULL, outlive, NULL))
			target_die("pthread_create");
		pthread_exit(NULL);
	}
	thread = target_board_await(LEADER_THREAD);
	target_await_state(pid, pid, "Z");
	target_await_state(pid, thread, "S");
	printf(" leader=%d leader_thread=%d", pid, thread);
}

static void start_stepchild(void)
{
	pid_t pid = target_fork(), tracer;

	if (pid == 0) {
		pid_t child = target_fork();

		if (child == 0) {
			if (ptrace(PTRACE_SEIZE, getppid(), NULL, NULL))
				target_die("PTRACE_SEIZE");
			target_board[STEPCHILD_TRACER] = getpid();
			target_pause();
		}
		target_pause();
	}
	tracer = target_board_await(STEPCHILD_TRACER);
	target_await_state(pid, 0, "S");
	target_await_state(tracer, 0, "S");
	printf(" stepchild=%d stepchild_tracer=%d", pid, tracer);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*start)(void);
	} roles[] = {
		{"run", start_run},       {"sleep", start_sleep},   {"disk", start_disk},
		{"stop", start_stop},     {"traced", start_traced}, {"seized", start_seized},
		{"zombie", start_zombie}, {"leader", start_leader}, {"stepchild", start_stepchild},
	};
	enum { COUNT = sizeof(roles) / sizeof(roles[0]) };

	target_die_with_parent();
	target_board_open();
	setvbuf(stdout, NULL, _IOFBF, 4096); /* children must not print what stands in there */
	printf("ready pid=%d", getpid());
	for (int i = 1; i < argc; i++) {
		int role = 0;

		while (role < COUNT && strcmp(roles[role].name, argv[i]) != 0)
			role++;
		if (role == COUNT)
			target_die("no such role: %s", argv[i]);
		roles[role].start();
	}
	target_ready();
	target_wait();
	return 0;
}
