/* The mounts of a process, read into memory. */
#include "fd/mounts.h"

#include <errno.h>
#include <stdlib.h>

#define MOUNTINFO_LIMIT (64u << 20) /* 100,000 mounts */

void intro_fd_mounts_free(struct intro_fd_mounts *mounts)
{
	intro_buf_free(&mounts->text);
	free(mounts->mounts);
	*mounts = (struct intro_fd_mounts){0};
}

static int add(struct intro_fd_mounts *mounts, const struct intro_mount *mount)
{
	if (mounts->count == mounts->size) {
		size_t size = mounts->size ? mounts->size * 2 : 64;
		struct intro_mount *grown = realloc(mounts->mounts, size * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		mounts->mounts = grown;
		mounts->size = size;
	}
	mounts->mounts[mounts->count++] = *mount;
	return 0;
}

/* In its own place: the text is ours, and what is unescaped is never longer. */
static void unescape(const struct intro_fd_mounts *mounts, struct intro_bytes *bytes)
{
	bytes->len =
		intro_mount_unescape(*bytes, mounts->text.data + (bytes->data - mounts->text.data));
}

int intro_fd_mounts_read(const struct intro *session, int dirfd, const char *path,
			 struct intro_fd_mounts *mounts)
{
	int error = intro_read_file(session, dirfd, path, MOUNTINFO_LIMIT, &mounts->text), r;
	const char *p = mounts->text.data, *end;
	struct intro_mount mount;

	mounts->count = 0;
	if (error)
		return error;
	end = p + mounts->text.len;
	while ((r = intro_take_mount(&p, end, &mount))) {
		if (r < 0)
			continue;
		unescape(mounts, &mount.root);
		unescape(mounts, &mount.point);
		error = add(mounts, &mount);
		if (error)
			return error;
	}
	return 0;
}

const struct intro_mount *intro_fd_mounts_by_id(const struct intro_fd_mounts *mounts, int id)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->mounts[i].id == id)
			return &mounts->mounts[i];
	return NULL;
}
