/*
 * One thread with signals in every stage: signals WORD...
 *   block=N  ignore=N  catch=N
 *   thread=N     made pending for the thread (blocked before, or it would be delivered)
 *   process=N    made pending for the process
 *   queue=N      queued for the process, as often as it is said
 * Prints: ready pid=PID blocked=HEX pending=HEX, as the program sees itself: pending has both
 * kinds. Bit n - 1 stands for the signal n.
 */
#include "targets/target.h"

#include <sys/syscall.h>

enum { MASK_BYTES = 8 };

static void handler(int number)
{
	(void)number;
}

/* The C library keeps some signals for itself: hence the system calls. */
static void block(long number)
{
	uint64_t mask = UINT64_C(1) << (number - 1);

	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, MASK_BYTES))
		target_die("block %ld", number);
}

static void dispose(int number, void (*disposition)(int))
{
	struct sigaction action = {.sa_handler = disposition};

	if (sigaction(number, &action, NULL))
		target_die("sigaction %d", number);
}

static void obey(char *word)
{
	char *value = strchr(word, '=');
	long number;

	if (!value)
		target_die("no such word: %s", word);
	*value++ = '\0';
	number = target_number(value);
	if (strcmp(word, "block") == 0)
		block(number);
	else if (strcmp(word, "ignore") == 0)
		dispose((int)number, SIG_IGN);
	else if (strcmp(word, "catch") == 0)
		dispose((int)number, handler);
	else if (strcmp(word, "thread") == 0)
		syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
	else if (strcmp(word, "process") == 0)
		kill(getpid(), (int)number);
	else if (strcmp(word, "queue") == 0)
		sigqueue(getpid(), (int)number, (union sigval){.sival_int = 1});
	else
		target_die("no such word: %s", word);
}

int main(int argc, char **argv)
{
	uint64_t blocked = 0, pending = 0;

	target_die_with_parent();
	for (int i = 1; i < argc; i++)
		obey(argv[i]);
	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, MASK_BYTES) ||
	    syscall(SYS_rt_sigpending, &pending, MASK_BYTES))
		target_die("cannot see my signals");
	printf("ready pid=%d blocked=%llx pending=%llx", getpid(), (unsigned long long)blocked,
	       (unsigned long long)pending);
	target_ready();
	target_wait();
	return 0;
}
