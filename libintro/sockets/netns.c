/*
 * A netlink socket in another network namespace. A socket belongs to the namespace of the thread
 * that makes it, for ever: a thread that lives as long as this takes enters the other namespace,
 * and the caller's own never changes.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "sockets/netlink.h"

#define STACK_SIZE ((size_t)PTHREAD_STACK_MIN + 64 * 1024)

struct errand {
	int netns_fd;
	int result;
};

static void *run(void *argument)
{
	struct errand *errand = argument;

	errand->result = setns(errand->netns_fd, CLONE_NEWNET) ? -errno : intro_diag_open();
	return NULL;
}

static int run_in_thread(struct errand *errand)
{
	pthread_attr_t attr;
	pthread_t thread;
	int error = pthread_attr_init(&attr);

	if (error)
		return -error;
	error = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (error) {
		pthread_attr_destroy(&attr);
		return -error;
	}
	error = pthread_create(&thread, &attr, run, errand);
	pthread_attr_destroy(&attr);
	if (error)
		return -error;
	error = pthread_join(thread, NULL);
	return error ? -error : errand->result;
}

int intro_diag_open_in(int netns_fd)
{
	struct errand errand = {.netns_fd = netns_fd, .result = -EINVAL};
	sigset_t all, before;
	int r;

	/* The program's signals are not for a thread that it does not know. */
	sigfillset(&all);
	r = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (r)
		return -r;
	r = run_in_thread(&errand);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}
