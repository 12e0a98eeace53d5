/* Opening and closing a session, and the facts of the machine that it stands for. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "base/devices.h"
#include "base/ids.h"
#include "base/number.h"
#include "base/tty.h"

#define PROCFS "/proc"
#define SMALL_FILE (64 * 1024)
#define STATUS_LIMIT (4u << 20) /* 65,536 groups and a few thousand CPUs */
#define FIRST_OPTIONS_SIZE (sizeof(size_t) + 2 * sizeof(char *)) /* of 0.1 */
#define NS_PER_SECOND UINT64_C(1000000000)

static int open_root(const char *path, int *ret)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		if (errno == ENOENT)
			return INTRO_E_ABSENT;
		return errno == ENOTDIR ? INTRO_E_INVALID : intro_code_of_errno(errno);
	}
	*ret = fd;
	return 0;
}

static int open_roots(struct intro *session, const char *procfs, const char *sysroot)
{
	struct statfs fs;
	int r = open_root(procfs ? procfs : PROCFS, &session->proc_fd);

	if (r)
		return r;
	r = open_root(sysroot ? sysroot : "/", &session->sysroot_fd);
	if (r)
		return r;
	session->live = fstatfs(session->proc_fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
	session->has_sysroot = sysroot;
	if (sysroot)
		session->id_names = INTRO_ID_NAMES_SYSROOT;
	else if (session->live)
		session->id_names = INTRO_ID_NAMES_SERVICE;
	return 0;
}

int intro_open(const struct intro_open_options *options, struct intro **ret)
{
	struct intro_open_options wanted = {0};
	struct intro *session;
	int r;

	if (options &&
	    intro_options_copy(&wanted, sizeof(wanted), FIRST_OPTIONS_SIZE, options, options->size))
		return INTRO_E_INVALID;
	session = calloc(1, sizeof(*session));
	if (!session)
		return INTRO_E_NOMEM;
	session->proc_fd = session->sysroot_fd = -1;
	session->own_pid_ns = session->fd_dir_has_size = session->has_util_clamp = -1;
	intro_fail(session, 0, 0, 0, NULL, NULL);
	r = open_roots(session, wanted.procfs, wanted.sysroot);
	if (r) {
		int saved = errno;

		intro_close(session);
		errno = saved;
		return r;
	}
	*ret = session;
	return 0;
}

void intro_close(struct intro *session)
{
	if (!session)
		return;
	if (session->proc_fd >= 0)
		close(session->proc_fd);
	if (session->sysroot_fd >= 0)
		close(session->sysroot_fd);
	intro_ids_free(session->users);
	intro_ids_free(session->groups);
	intro_tty_drivers_free(session->tty_drivers);
	intro_devices_free(session->devices);
	free(session->host_name);
	free(session->boot_id);
	free(session);
}

bool intro_is_live(const struct intro *session)
{
	return session->live;
}

/*
 * "NSpid:\t812\n" in the status of "self" has one number for each PID namespace from that of the
 * procfs down to ours: exactly one means that they are the same.
 */
static bool is_own_pid_namespace(struct intro *session)
{
	struct intro_buf buf = {0};
	const char *line, *end;
	uint64_t pid;
	bool own = false;

	if (intro_read_record(session, session->proc_fd, "self/status", STATUS_LIMIT, &buf) == 0) {
		line = strstr(buf.data, "\nNSpid:\t");
		end = buf.data + buf.len;
		if (line) {
			line += strlen("\nNSpid:\t");
			own = intro_take_u64(&line, end, &pid) && *line == '\n';
		}
	}
	intro_buf_free(&buf);
	return own;
}

bool intro_is_own_pid_namespace(struct intro *session)
{
	if (session->own_pid_ns < 0)
		session->own_pid_ns = session->live && is_own_pid_namespace(session);
	return session->own_pid_ns;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_SECOND + (uint64_t)ts.tv_nsec;
}

/* "1234.56 4321.00\n": seconds since boot, with two decimals. */
static bool parse_uptime(const char *text, const char *end, uint64_t *ret)
{
	uint64_t seconds, hundredths;

	if (!intro_take_u64(&text, end, &seconds) || text == end || *text++ != '.')
		return false;
	if (!intro_take_u64(&text, end, &hundredths) || hundredths > 99)
		return false;
	if (seconds > UINT64_MAX / NS_PER_SECOND / 2)
		return false;
	*ret = seconds * NS_PER_SECOND + hundredths * (NS_PER_SECOND / 100);
	return true;
}

/* "\nbtime 1763697600\n": when the machine booted, in seconds since 1970. */
static bool parse_btime(const char *text, const char *end, uint64_t *ret)
{
	const char *line = strstr(text, "\nbtime ");
	uint64_t seconds;

	if (!line)
		return false;
	line += strlen("\nbtime ");
	if (!intro_take_u64(&line, end, &seconds) || seconds > UINT64_MAX / NS_PER_SECOND / 2)
		return false;
	*ret = seconds * NS_PER_SECOND;
	return true;
}

static void read_captured_clock(struct intro *session, struct intro_clock *ret)
{
	struct intro_buf buf = {0};
	uint64_t uptime, boot;

	if (intro_read_file(session, session->proc_fd, "uptime", SMALL_FILE, &buf) == 0 &&
	    parse_uptime(buf.data, buf.data + buf.len, &uptime) &&
	    intro_read_file(session, session->proc_fd, "stat", 16u << 20, &buf) == 0 &&
	    parse_btime(buf.data, buf.data + buf.len, &boot)) {
		ret->uptime_ns = uptime;
		ret->boot_ns = boot;
		ret->now_ns = boot + uptime;
	}
	intro_buf_free(&buf);
}

/*
 * When the machine booted, by the clock of today. The two clocks are not read at the same moment:
 * within a second the first answer stays, so that the start of a process does not waver.
 */
static uint64_t steady_boot_time(struct intro *session, uint64_t boot_ns)
{
	uint64_t before = session->boot_ns;

	if (!before || boot_ns > before + NS_PER_SECOND || before > boot_ns + NS_PER_SECOND)
		session->boot_ns = boot_ns;
	return session->boot_ns;
}

int intro_clock_read(struct intro *session, struct intro_clock *ret)
{
	struct intro_clock clock = {
		.ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK),
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
	};

	if (session->live) {
		clock.uptime_ns = clock_ns(CLOCK_BOOTTIME);
		clock.now_ns = clock_ns(CLOCK_REALTIME);
		clock.boot_ns = steady_boot_time(session, clock.now_ns - clock.uptime_ns);
	} else {
		read_captured_clock(session, &clock);
	}
	*ret = clock;
	return 0;
}

/* The first line of a small file, or NULL. */
static char *read_line(struct intro *session, const char *path)
{
	struct intro_buf buf = {0};
	char *line = NULL;

	if (intro_read_file(session, session->proc_fd, path, SMALL_FILE, &buf) == 0) {
		buf.data[strcspn(buf.data, "\n")] = '\0';
		if (buf.data[0])
			line = strdup(buf.data);
	}
	intro_buf_free(&buf);
	return line;
}

static void read_host(struct intro *session)
{
	if (session->host_read)
		return;
	session->host_read = true;
	session->host_name = read_line(session, "sys/kernel/hostname");
	session->boot_id = read_line(session, "sys/kernel/random/boot_id");
}

const char *intro_host_name(struct intro *session)
{
	read_host(session);
	return session->host_name;
}

const char *intro_boot_id(struct intro *session)
{
	read_host(session);
	return session->boot_id;
}
