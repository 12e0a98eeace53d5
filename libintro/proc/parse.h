/*
 * Pure parsers: the text of a /proc file to facts. They open nothing, take text that need not be
 * terminated, never read past its end, and return 0 or INTRO_E_FORMAT (or INTRO_E_NOMEM where
 * they store a list). On failure *ret is untouched unless noted.
 */
#ifndef INTRO_PROC_PARSE_H
#define INTRO_PROC_PARSE_H

#include <intro/lock.h>
#include <intro/task.h>

int intro_parse_stat(const char *text, size_t len, struct intro_stat *ret);

/* Storage for the lists of a status; kept from call to call, and freed by the owner. */
struct intro_status_lists {
	gid_t *groups;
	size_t groups_size; /* in elements */
	pid_t *ns_pids;
	size_t ns_pids_size;
};
void intro_status_lists_free(struct intro_status_lists *lists);

int intro_parse_status(const char *text, size_t len, struct intro_status_lists *lists,
		       struct intro_status *ret);

int intro_parse_statm(const char *text, size_t len, struct intro_statm *ret);
int intro_parse_schedstat(const char *text, size_t len, struct intro_schedstat *ret);
int intro_parse_sched_file(const char *text, size_t len, struct intro_sched_file *ret);
int intro_parse_io(const char *text, size_t len, struct intro_io *ret);
int intro_parse_limits(const char *text, size_t len, struct intro_limits *ret);

/* Sets everything but the abi, which the text does not tell. */
int intro_parse_syscall(const char *text, size_t len, struct intro_syscall *ret);

/* The path to be shown: of the line "0::/path", else of the first line. Empty text: empty path. */
int intro_parse_cgroup(const char *text, size_t len, struct intro_bytes *ret);

/* "/autogroup-12 nice 0\n" */
int intro_parse_autogroup(const char *text, size_t len, struct intro_bytes *name, int *nice);

/* One number in decimal, perhaps followed by a newline: loginuid, oom_score_adj. */
int intro_parse_decimal(const char *text, size_t len, int64_t *ret);

/* "pid:[4026531836]": the number. */
int intro_parse_namespace(const char *text, size_t len, uint64_t *ret);

/*
 * One lock, a line without its newline: of /proc/locks, or of /proc/PID/fdinfo/FD behind "lock:".
 * "1: POSIX  ADVISORY  WRITE 812 08:01:123 0 EOF"
 */
int intro_parse_lock(const char *text, size_t len, struct intro_lock *ret);

/* A CPU mask (as sched_getaffinity gives it, `size` bytes) as a list: "0-3,8". Like snprintf. */
size_t intro_format_cpu_list(const void *mask, size_t size, char *buf, size_t buf_size);

#endif
