/*
 * The details of a kind of descriptor: which lines its fdinfo may have, and where they go. To add a
 * line: a row in the kind's table. To add a kind: a table, and its place in fdinfo.c.
 */
#ifndef INTRO_FD_DETAILS_H
#define INTRO_FD_DETAILS_H

#include "fd/fdinfo.h"

/* What the parsers of one text share. */
struct intro_details {
	size_t text_len;
	struct intro_fdinfo_store *store;
	struct intro_fdinfo *info;
	uint32_t seen; /* lines of the kind, by their place in the table */
};

enum intro_detail_form {
	INTRO_DETAIL_U32, /* decimal */
	INTRO_DETAIL_U64,
	INTRO_DETAIL_I32,
	INTRO_DETAIL_BOOL,
	INTRO_DETAIL_HEX32, /* with 0x before it or without */
	INTRO_DETAIL_HEX64,
	INTRO_DETAIL_BYTES, /* the rest of the line */
	INTRO_DETAIL_OWN,   /* has a function for it */
};

/*
 * The first line with a key counts, and later ones are passed over: some kinds show names of files,
 * which old kernels do not escape. `repeats`: each line counts.
 */
struct intro_detail_line {
	const char *key; /* what the line begins with: "ticks:" */
	uint8_t key_len;
	uint8_t form;
	bool repeats;
	uint16_t offset; /* in the store; not of OWN */
	/* OWN: what is behind the key and blanks. 0, INTRO_E_FORMAT, INTRO_E_NOMEM. */
	int (*parse)(const char *p, const char *end, struct intro_details *details);
};

struct intro_details_kind {
	const struct intro_detail_line *lines;
	size_t line_count;
	/* After the last line: sets what `seen` allows. May be NULL. */
	void (*finish)(struct intro_details *details);
};

/* clang-format off */
#define INTRO_DETAIL(key, form, member)                                                            \
	{key, sizeof(key) - 1, INTRO_DETAIL_##form, false,                                         \
	 offsetof(struct intro_fdinfo_store, member), NULL}
#define INTRO_DETAIL_BY(key, function) {key, sizeof(key) - 1, INTRO_DETAIL_OWN, false, 0, function}
#define INTRO_DETAIL_EACH(key, function) {key, sizeof(key) - 1, INTRO_DETAIL_OWN, true, 0, function}
#define INTRO_DETAILS_KIND(lines, finish) {lines, sizeof(lines) / sizeof(*(lines)), finish}
/* clang-format on */

/*
 * Room for one more element in a list of `count`: the list, perhaps elsewhere, or NULL where
 * memory has run out, and then the list is as it was.
 */
void *intro_details_grow(void *list, size_t *size, size_t count, size_t element);

/* "fe00000" behind "sdev:": a device as the kernel has it in memory. */
void intro_details_split_device(uint32_t sdev, uint32_t *dev_major, uint32_t *dev_minor);

/* Whether a line of the kind, by its place in the table, was there. */
#define INTRO_SEEN(details, line) ((details)->seen >> (line)&1)

extern const struct intro_details_kind intro_details_epoll, intro_details_eventfd,
	intro_details_timerfd, intro_details_signalfd, intro_details_inotify,
	intro_details_fanotify, intro_details_pidfd, intro_details_io_uring, intro_details_bpf,
	intro_details_userfaultfd, intro_details_other;

#endif
