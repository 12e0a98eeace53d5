/* What the tests of descriptor lists share: a list of this very process, and one record of it. */
#ifndef FDS_H
#define FDS_H

#include "unit/tree.h"

#include <sys/sysmacros.h>

#include <intro/fd.h>

#define LEAN (INTRO_FD_WANT(LINK) | INTRO_FD_WANT(ACCESS) | INTRO_FD_WANT(STAT))
#define FULL ((1u << INTRO_FD_SOURCE_COUNT) - 1)

struct own {
	struct intro *session;
	struct intro_fds *fds;
	char directory[64]; /* for files */
};

static inline struct intro_fds *fds_open(struct intro *session, uint32_t want, uint32_t later,
					 unsigned slots)
{
	struct intro_fds_options options = {
		.size = sizeof(options), .want = want, .want_later = later, .slots = slots};
	struct intro_fds *fds;

	assert_int_equal(intro_fds_open(session, &options, &fds), 0);
	return fds;
}

/* The record of a descriptor of a process, or NULL. */
static inline const struct intro_fd *fds_find(struct intro_fds *fds, pid_t pid, int number)
{
	const struct intro_fd *fd;
	int r;

	assert_int_equal(intro_fds_select(fds, pid, 0), 0);
	while ((r = intro_fds_next(fds, &fd)) > 0)
		if (fd->slot == INTRO_SLOT_FD && fd->fd == number)
			return fd;
	assert_int_equal(r, 0);
	return NULL;
}

/* The record of a descriptor of ours, which must be there. */
static inline const struct intro_fd *own_find(struct own *own, int number)
{
	const struct intro_fd *fd = fds_find(own->fds, getpid(), number);

	assert_non_null(fd);
	assert_int_equal(fd->pid, getpid());
	assert_int_equal(fd->tid, getpid());
	return fd;
}

static inline bool bytes_are(struct intro_bytes bytes, const char *text)
{
	return bytes.data && bytes.len == strlen(text) && !memcmp(bytes.data, text, bytes.len);
}

static inline void assert_bytes(struct intro_bytes bytes, const char *text)
{
	if (!bytes_are(bytes, text))
		fail_msg("%.*s is not %s", (int)bytes.len, bytes.data, text);
}

/* Compares with what fstat(2) says of a descriptor of ours. */
static inline void assert_stat(const struct intro_fd *record, int fd)
{
	const struct intro_fd_stat *stat = record->stat;
	struct stat st;

	assert_non_null(stat);
	assert_true(record->have & INTRO_FD_WANT(STAT));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(stat->dev_major, major(st.st_dev));
	assert_int_equal(stat->dev_minor, minor(st.st_dev));
	assert_int_equal(stat->ino, st.st_ino);
	assert_int_equal(stat->mode & S_IFMT, st.st_mode & S_IFMT);
	assert_int_equal(stat->nlink, st.st_nlink);
	assert_int_equal(stat->size, st.st_size);
	assert_int_equal(stat->blocks, st.st_blocks);
	assert_int_equal(stat->rdev_major, major(st.st_rdev));
	assert_int_equal(stat->rdev_minor, minor(st.st_rdev));
	if (!stat->has_owner)
		return;
	assert_int_equal(stat->mode, st.st_mode);
	assert_int_equal(stat->uid, st.st_uid);
	assert_int_equal(stat->gid, st.st_gid);
}

static inline int own_setup_for(void **state, uint32_t want, uint32_t later)
{
	struct own *own = calloc(1, sizeof(*own));

	if (!own || intro_open(NULL, &own->session))
		return -1;
	own->fds = fds_open(own->session, want, later, INTRO_SLOT_BIT(FD));
	strcpy(own->directory, "/tmp/intro-fds-XXXXXX");
	*state = own;
	return mkdtemp(own->directory) ? 0 : -1;
}

static inline int own_setup(void **state)
{
	return own_setup_for(state, LEAN, FULL);
}

static inline int own_teardown(void **state)
{
	struct own *own = *state;

	intro_fds_close(own->fds);
	intro_close(own->session);
	nftw(own->directory, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(own);
	return 0;
}

static inline const char *own_path(struct own *own, const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", own->directory, name);
	return path;
}

#define OWN_TEST(name) cmocka_unit_test_setup_teardown(name, own_setup, own_teardown)

#endif
