/*
 * One process with chosen credentials: creds WORD..., done in the order given:
 *   groups=1+2+3  gid=REAL+EFFECTIVE+SAVED  uid=REAL+EFFECTIVE+SAVED  fsgid=N  fsuid=N
 *   umask=0NNN  caps=HEX (effective, inheritable)  ambient=N  unbound=N (drops it from the
 *   bounding set)  keep (capabilities over a change of uid)  no_new_privs  dumpable=N
 *   filter  strict (seccomp; to be the last)
 * Prints: ready pid=PID
 */
#include "targets/target.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MOST_GROUPS = 64 };

static size_t numbers(char *list, long *ret, size_t most)
{
	char *rest = NULL;
	size_t count = 0;

	for (char *word = strtok_r(list, "+", &rest); word; word = strtok_r(NULL, "+", &rest)) {
		if (count == most)
			target_die("too many numbers");
		ret[count++] = target_number(word);
	}
	return count;
}

static void set_groups(char *list)
{
	long ids[MOST_GROUPS];
	gid_t groups[MOST_GROUPS];
	size_t count = numbers(list, ids, MOST_GROUPS);

	for (size_t i = 0; i < count; i++)
		groups[i] = (gid_t)ids[i];
	if (setgroups(count, groups))
		target_die("setgroups");
}

static void set_ids(bool users, char *list)
{
	long ids[3];

	if (numbers(list, ids, 3) != 3)
		target_die("three ids are wanted");
	if (users ? setresuid((uid_t)ids[0], (uid_t)ids[1], (uid_t)ids[2])
		  : setresgid((gid_t)ids[0], (gid_t)ids[1], (gid_t)ids[2]))
		target_die("cannot take these ids");
}

static void set_capabilities(const char *hex)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	uint64_t mask = strtoull(hex, NULL, 16);

	if (syscall(SYS_capget, &header, data))
		target_die("capget");
	for (int i = 0; i < 2; i++) {
		data[i].effective = (uint32_t)(mask >> 32 * i);
		data[i].inheritable = data[i].effective;
	}
	if (syscall(SYS_capset, &header, data))
		target_die("capset");
}

static void set_filter(void)
{
	struct sock_filter allow = {.code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW};
	struct sock_fprog program = {.len = 1, .filter = &allow};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		target_die("PR_SET_SECCOMP");
}

static void must(int result, const char *what)
{
	if (result)
		target_die("%s", what);
}

/* Words with a value. */
static void set(const char *name, char *value)
{
	if (strcmp(name, "groups") == 0)
		set_groups(value);
	else if (strcmp(name, "uid") == 0)
		set_ids(true, value);
	else if (strcmp(name, "gid") == 0)
		set_ids(false, value);
	else if (strcmp(name, "fsuid") == 0)
		setfsuid((uid_t)target_number(value));
	else if (strcmp(name, "fsgid") == 0)
		setfsgid((gid_t)target_number(value));
	else if (strcmp(name, "umask") == 0)
		umask((mode_t)target_number(value));
	else if (strcmp(name, "caps") == 0)
		set_capabilities(value);
	else if (strcmp(name, "ambient") == 0)
		must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, target_number(value), 0, 0), name);
	else if (strcmp(name, "unbound") == 0)
		must(prctl(PR_CAPBSET_DROP, target_number(value)), name);
	else if (strcmp(name, "dumpable") == 0)
		must(prctl(PR_SET_DUMPABLE, target_number(value)), name);
	else
		target_die("no such setting: %s", name);
}

static bool strict; /* from then on only read, write and exit are allowed */

static void obey(char *word)
{
	char *value = strchr(word, '=');

	if (value) {
		*value++ = '\0';
		set(word, value);
	} else if (strcmp(word, "keep") == 0) {
		must(prctl(PR_SET_KEEPCAPS, 1), word);
	} else if (strcmp(word, "no_new_privs") == 0) {
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), word);
	} else if (strcmp(word, "filter") == 0) {
		set_filter();
	} else if (strcmp(word, "strict") == 0) {
		strict = true;
	} else {
		target_die("no such word: %s", word);
	}
}

int main(int argc, char **argv)
{
	char buf[64];
	int len;

	for (int i = 1; i < argc; i++)
		obey(argv[i]);
	target_die_with_parent();
	len = snprintf(buf, sizeof(buf), "ready pid=%d\n", getpid());
	if (strict)
		must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), "PR_SET_SECCOMP");
	if (write(STDOUT_FILENO, buf, (size_t)len) != len)
		target_die("write");
	target_wait();
	syscall(SYS_exit, 0);
	return 0;
}
