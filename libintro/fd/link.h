/* The text of a link /proc/PID/fd/FD to facts. Pure: opens nothing, never reads past its end. */
#ifndef INTRO_FD_LINK_H
#define INTRO_FD_LINK_H

#include <intro/fd.h>

struct intro_link {
	/* PIPE, NS, EPOLL, ... ANON where it has no file; SOCKET of any family; else UNKNOWN. */
	enum intro_fd_kind kind;
	bool is_path; /* begins with '/': a file, or one that the kernel lets look so */
	bool has_ino; /* the text has the number: of pipes, sockets and namespaces */
	uint64_t ino;
	bool may_be_memfd; /* "/memfd:..."; a real file may be called so */
	bool has_suffix;   /* ends with " (deleted)"; a real file may be called so, too */
};

#define INTRO_LINK_SUFFIX " (deleted)"

/*
 * Any text is fine. What does not begin with '/' has no file: a real file that is called
 * `pipe:[1]` shows as "/dir/pipe:[1]".
 */
void intro_parse_link(const char *text, size_t len, struct intro_link *ret);

#endif
