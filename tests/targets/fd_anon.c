/*
 * Descriptors without a file: fd_anon DIR (an empty directory, to be watched). Prints: ready
 * pid=PID, the descriptors as fd.h says, and what is in them.
 */
#include "targets/fd.h"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

enum { FAR = 100 };

#define ODD_NAME "odd\n\033\xff (deleted)"

static void watch(int epoll, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = {.events = events, .data.u64 = data};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		target_die("EPOLL_CTL_ADD");
}

/* A number far from others, which is to be closed while its open file description lives on. */
static int watch_far(int epoll, uint64_t data)
{
	int kept = eventfd(0, 0), fd = fcntl(kept, F_DUPFD, FAR);

	if (kept < 0 || fd < 0)
		target_die("eventfd");
	watch(epoll, fd, EPOLLIN, data);
	return fd;
}

static void make_epoll(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), stale, reused, ends[2], inner = epoll_create1(0);

	if (epoll < 0 || inner < 0 || pipe(ends))
		target_die("epoll");
	stale = watch_far(epoll, 5);
	reused = watch_far(epoll, 6);
	watch(epoll, fd_say("epoll_level", eventfd(0, 0)), EPOLLIN | EPOLLPRI, 1);
	watch(epoll, fd_say("epoll_edge", ends[0]), EPOLLIN | EPOLLRDHUP | EPOLLET,
	      UINT64_C(0xfedcba9876543210));
	watch(epoll, fd_say("epoll_oneshot", eventfd(0, 0)),
	      EPOLLIN | EPOLLOUT | EPOLLONESHOT | EPOLLWAKEUP, 2);
	watch(epoll, fd_say("epoll_exclusive", ends[1]), EPOLLOUT | EPOLLEXCLUSIVE, 3);
	watch(epoll, fd_say("epoll_inner", inner), EPOLLIN, 4);
	if (close(stale) || dup2(STDERR_FILENO, reused) != reused)
		target_die("close");
	fd_say("epoll", epoll);
	fd_fact("epoll_stale", (uintmax_t)stale);
	fd_fact("epoll_reused", (uintmax_t)reused);
	fd_say("epoll_empty", epoll_create1(0));
}

static void make_timer(const char *key, int clock, int flags, time_t value_s, long interval_ns,
		       int settime_flags)
{
	int fd = fd_say(key, timerfd_create(clock, flags));
	struct timespec now = {0};
	struct itimerspec spec = {.it_interval.tv_nsec = interval_ns};

	if (!value_s)
		return;
	if (settime_flags & TFD_TIMER_ABSTIME && clock_gettime(clock, &now))
		target_die("clock_gettime");
	spec.it_value = (struct timespec){.tv_sec = now.tv_sec + value_s, .tv_nsec = now.tv_nsec};
	if (timerfd_settime(fd, settime_flags, &spec, NULL))
		target_die("timerfd_settime");
}

static void make_counters(void)
{
	sigset_t set;

	fd_say("eventfd", eventfd(42, EFD_CLOEXEC | EFD_NONBLOCK));
	fd_say("eventfd_semaphore", eventfd(3, EFD_SEMAPHORE));
	fd_say("eventfd_zero", eventfd(0, 0));
	make_timer("timer_monotonic", CLOCK_MONOTONIC, TFD_CLOEXEC, 1000, 250 * NS_PER_MS, 0);
	make_timer("timer_realtime", CLOCK_REALTIME, 0, 5000, 0, TFD_TIMER_ABSTIME);
	make_timer("timer_boottime", CLOCK_BOOTTIME, TFD_NONBLOCK, 70000, 0, 0);
	make_timer("timer_off", CLOCK_MONOTONIC, 0, 0, 0, 0);
	sigemptyset(&set);
	fd_say("signalfd_none", signalfd(-1, &set, 0));
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGRTMIN + 5);
	sigaddset(&set, SIGRTMAX);
	fd_say("signalfd", signalfd(-1, &set, SFD_CLOEXEC));
	fd_fact("signal_minimum", (uintmax_t)SIGRTMIN);
}

static void make_watches(void)
{
	int fd = inotify_init1(IN_CLOEXEC);

	close(fd_open("watched", O_WRONLY | O_CREAT));
	close(fd_open("new\nline", O_WRONLY | O_CREAT));
	fd_say("inotify", fd);
	fd_fact("watch_directory", (uintmax_t)inotify_add_watch(fd, ".", IN_CREATE | IN_DELETE));
	fd_fact("watch_file",
		(uintmax_t)inotify_add_watch(fd, "watched", IN_MODIFY | IN_CLOSE_WRITE));
	fd_fact("watch_newline",
		(uintmax_t)inotify_add_watch(fd, "new\nline", IN_ATTRIB | IN_ONESHOT));
	fd_say("inotify_empty", inotify_init1(IN_NONBLOCK));
	fd = fd_say_if("fanotify", fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY));
	if (fd < 0)
		return;
	if (fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN | FAN_CLOSE_WRITE, AT_FDCWD, "watched") ||
	    fanotify_mark(fd, FAN_MARK_ADD, FAN_MODIFY | FAN_EVENT_ON_CHILD, AT_FDCWD, ".") ||
	    fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY,
			  FAN_OPEN, AT_FDCWD, "new\nline"))
		target_die("FAN_MARK_INODE");
	fd_fact("fanotify_mount", !fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MOUNT,
						 FAN_CLOSE_NOWRITE, AT_FDCWD, "/dev/shm"));
	fd_fact("fanotify_filesystem", !fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
						      FAN_ACCESS, AT_FDCWD, "/dev/shm"));
	fd_say_if("fanotify_fid", fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDWR));
}

static void make_processes(void)
{
	pid_t live = target_fork(), ended;

	if (!live)
		target_pause();
	ended = target_fork();
	if (!ended)
		_exit(0);
	fd_fact("pidfd_live_pid", (uintmax_t)live);
	fd_say("pidfd_live", (int)syscall(SYS_pidfd_open, live, 0));
	fd_say("pidfd_ended", (int)syscall(SYS_pidfd_open, ended, 0));
	if (waitpid(ended, NULL, 0) != ended)
		target_die("waitpid");
}

static void make_memory(void)
{
	int fd = memfd_create(ODD_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, 8192) || lseek(fd, 100, SEEK_SET) != 100 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
		target_die("memfd");
	fd_say("memfd", fd);
	fd_fact_bytes("memfd_name", ODD_NAME, strlen(ODD_NAME));
	fd_say("memfd_plain", memfd_create("plain", 0)); /* cannot be sealed: F_SEAL_SEAL */
}

static void make_io_uring(void)
{
	struct io_uring_params params = {.flags = IORING_SETUP_CQSIZE, .cq_entries = 64};
	int files[3] = {STDIN_FILENO, STDERR_FILENO, -1};
	int fd = fd_say_if("io_uring", (int)syscall(SYS_io_uring_setup, 8, &params));

	if (fd < 0)
		return;
	if (syscall(SYS_io_uring_register, fd, IORING_REGISTER_FILES, files, 3))
		target_die("IORING_REGISTER_FILES");
	fd_fact("io_uring_sq", params.sq_entries);
	fd_fact("io_uring_cq", params.cq_entries);
}

static void make_by_privilege(void)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 16, .max_entries = 7};
	struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr program = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				  .insn_cnt = 2,
				  .insns = (uintptr_t)nothing,
				  .license = (uintptr_t) "GPL"};
	struct perf_event_attr event = {.size = sizeof(event),
					.type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_TASK_CLOCK,
					.disabled = 1,
					.exclude_kernel = 1};
	struct bpf_map_info info = {0};
	union bpf_attr ask = {.info = {.info_len = sizeof(info), .info = (uintptr_t)&info}};
	int fd = fd_say_if("bpf_map", (int)syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)));

	if (fd >= 0) {
		ask.info.bpf_fd = (uint32_t)fd;
		if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &ask, sizeof(ask)))
			target_die("BPF_OBJ_GET_INFO_BY_FD");
		fd_fact("bpf_map_id", info.id);
	}
	fd_say_if("bpf_program", (int)syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof(program)));
	fd_say_if("perf", (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
	fd_say_if("userfaultfd", (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]))
		target_die("usage: fd_anon DIR");
	fd_close_inherited();
	printf("ready pid=%d", getpid());
	fflush(stdout); /* or children would have it in their buffers */
	make_processes();
	make_epoll();
	make_counters();
	make_watches();
	make_memory();
	make_io_uring();
	make_by_privilege();
	target_ready();
	target_wait();
	return 0;
}
