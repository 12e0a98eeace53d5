/*
 * A process with any name and any arguments. The arguments are simply those that it is started
 * with; the rest comes in the environment, in hexadecimal:
 *   TARGET_COMM   the name of the thread
 *   TARGET_TITLE  written over the arguments, as programs do that change their title
 *   TARGET_NO_ARGUMENTS  anything: the kernel is told that there are none
 * Prints: ready pid=PID
 */
#include "targets/target.h"

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	target_die("not a hexadecimal digit");
}

/* NUL-terminated, but may hold others. */
static char *unhex(const char *hex, size_t *len)
{
	char *bytes;

	*len = strlen(hex) / 2;
	bytes = malloc(*len + 1);
	if (!bytes)
		target_die("malloc");
	for (size_t i = 0; i < *len; i++)
		bytes[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	bytes[*len] = '\0';
	return bytes;
}

/* A field of its own stat file, counted from 1 as in proc(5). */
static unsigned long stat_field(int wanted)
{
	char text[4096], *p;
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	if (n <= 0)
		target_die("cannot read stat");
	text[n] = '\0';
	p = strrchr(text, ')');
	for (int field = 2; p && field < wanted; field++)
		p = strchr(p + 1, ' ');
	if (!p)
		target_die("stat is too short");
	return strtoul(p, NULL, 10);
}

enum { ARG_START = 48, ARG_END = 49 };

/* The whole layout at once, which needs no capability. */
static void forget_arguments(void)
{
	struct prctl_mm_map map = {
		.start_code = stat_field(26),
		.end_code = stat_field(27),
		.start_stack = stat_field(28),
		.start_data = stat_field(45),
		.end_data = stat_field(46),
		.start_brk = stat_field(47),
		.brk = (uintptr_t)sbrk(0),
		.arg_start = stat_field(ARG_START),
		.arg_end = stat_field(ARG_START),
		.env_start = stat_field(50),
		.env_end = stat_field(51),
		.exe_fd = (uint32_t)-1,
	};

	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0))
		target_die("PR_SET_MM_MAP");
}

int main(void)
{
	const char *comm = getenv("TARGET_COMM"), *title = getenv("TARGET_TITLE");
	bool no_arguments = getenv("TARGET_NO_ARGUMENTS") != NULL;
	size_t len;

	target_die_with_parent();
	if (comm) {
		char *name = unhex(comm, &len);

		if (prctl(PR_SET_NAME, name))
			target_die("PR_SET_NAME");
		free(name);
	}
	if (title) {
		char *start = (char *)stat_field(ARG_START), *end = (char *)stat_field(ARG_END);
		char *bytes = unhex(title, &len);

		if (len > (size_t)(end - start))
			target_die("the title is longer than the arguments");
		memset(start, 0, (size_t)(end - start));
		memcpy(start, bytes, len);
		free(bytes);
	}
	if (no_arguments)
		forget_arguments();
	printf("ready pid=%d", getpid());
	target_ready();
	target_wait();
	return 0;
}
