/*
 * Children (with -T: threads) with chosen scheduling: sched [-T] SPEC...
 * A SPEC is a list of words joined by '/':
 *   other batch idle fifo rr deadline   the policy
 *   nice=N  prio=N  runtime=NS  deadline=NS  period=NS
 *   reset         children start with the default policy
 *   cpu=LIST      affinity: "0", "1", "0+1"
 *   io=CLASS.LEVEL
 * Prints: ready pid=PID 0=ID 1=ID ..., an id for each SPEC; ID is 0 where the kernel refused.
 */
#include "targets/target.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

struct spec {
	struct attr attr;
	bool has_cpus;
	cpu_set_t cpus;
	long ioprio; /* -1: as it is */
};

enum { RESET_ON_FORK = 1, MOST = 64, IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_SHIFT = 13 };

static bool take_policy(const char *word, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t policy;
	} policies[] = {
		{"other", 0}, {"fifo", 1}, {"rr", 2}, {"batch", 3}, {"idle", 5}, {"deadline", 6},
	};

	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		if (strcmp(word, policies[i].name) == 0) {
			*ret = policies[i].policy;
			return true;
		}
	}
	return false;
}

static void take_cpus(char *list, struct spec *spec)
{
	char *rest = NULL;

	CPU_ZERO(&spec->cpus);
	for (char *cpu = strtok_r(list, "+", &rest); cpu; cpu = strtok_r(NULL, "+", &rest))
		CPU_SET((size_t)target_number(cpu), &spec->cpus);
	spec->has_cpus = true;
}

static void take_setting(char *word, struct spec *spec)
{
	char *value = strchr(word, '='), *dot;

	if (!value)
		target_die("no such word: %s", word);
	*value++ = '\0';
	if (strcmp(word, "nice") == 0) {
		spec->attr.nice = (int32_t)target_number(value);
	} else if (strcmp(word, "prio") == 0) {
		spec->attr.priority = (uint32_t)target_number(value);
	} else if (strcmp(word, "runtime") == 0) {
		spec->attr.runtime = (uint64_t)target_number(value);
	} else if (strcmp(word, "deadline") == 0) {
		spec->attr.deadline = (uint64_t)target_number(value);
	} else if (strcmp(word, "period") == 0) {
		spec->attr.period = (uint64_t)target_number(value);
	} else if (strcmp(word, "cpu") == 0) {
		take_cpus(value, spec);
	} else if (strcmp(word, "io") == 0 && (dot = strchr(value, '.')) != NULL) {
		*dot = '\0';
		spec->ioprio = target_number(value) << IOPRIO_CLASS_SHIFT | target_number(dot + 1);
	} else {
		target_die("no such setting: %s", word);
	}
}

static void parse_spec(char *text, struct spec *ret)
{
	char *rest = NULL;

	*ret = (struct spec){.attr.size = sizeof(ret->attr), .ioprio = -1};
	for (char *word = strtok_r(text, "/", &rest); word; word = strtok_r(NULL, "/", &rest)) {
		if (take_policy(word, &ret->attr.policy))
			continue;
		if (strcmp(word, "reset") == 0)
			ret->attr.flags |= RESET_ON_FORK;
		else
			take_setting(word, ret);
	}
}

/* To the calling thread. The policy comes last: a deadline task may not choose its CPUs. */
static bool apply(const struct spec *spec)
{
	if (spec->has_cpus && sched_setaffinity(0, sizeof(spec->cpus), &spec->cpus))
		return false;
	if (spec->ioprio >= 0 && syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, spec->ioprio))
		return false;
	return syscall(SYS_sched_setattr, 0, &spec->attr, 0) == 0;
}

static struct spec specs[MOST];
static int answers[2];

static void answer(int number, bool done)
{
	pid_t message[2] = {number, done ? (pid_t)syscall(SYS_gettid) : 0};

	if (write(answers[1], message, sizeof(message)) != sizeof(message))
		target_die("write");
}

static void *thread(void *number)
{
	int i = (int)(intptr_t)number;

	answer(i, apply(&specs[i]));
	target_pause();
}

static void start(int number, bool threads)
{
	pthread_t unused;

	if (threads) {
		if (pthread_create(&unused, NULL, thread, (void *)(intptr_t)number))
			target_die("pthread_create");
	} else if (target_fork() == 0) {
		thread((void *)(intptr_t)number);
	}
}

int main(int argc, char **argv)
{
	bool threads = argc > 1 && strcmp(argv[1], "-T") == 0;
	int first = threads ? 2 : 1, count = argc - first;
	pid_t ids[MOST] = {0}, message[2];

	target_die_with_parent();
	if (count > MOST || pipe2(answers, O_CLOEXEC))
		target_die("too many, or no pipe");
	for (int i = 0; i < count; i++) {
		parse_spec(argv[first + i], &specs[i]);
		start(i, threads);
	}
	for (int i = 0; i < count; i++) {
		if (read(answers[0], message, sizeof(message)) != sizeof(message))
			target_die("no answer");
		ids[message[0]] = message[1];
	}
	printf("ready pid=%d", getpid());
	for (int i = 0; i < count; i++) {
		printf(" %d=%d", i, ids[i]);
		if (ids[i])
			target_await_state(threads ? getpid() : ids[i], ids[i], "S");
	}
	target_ready();
	target_wait();
	return 0;
}
