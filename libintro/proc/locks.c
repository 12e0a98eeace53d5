/* All file locks of the system: /proc/locks. */
#include <errno.h>
#include <stdlib.h>

#include "base/base.h"
#include "proc/parse.h"
#include "proc/text.h"

#define LOCKS_FILE "locks"
#define LOCKS_LIMIT (256u << 20)

struct intro_locks {
	size_t count;
	struct intro_lock all[];
};

static size_t count_lines(const struct intro_buf *buf)
{
	const char *p = buf->data, *end = p + buf->len, *line, *stop;
	size_t count = 0;

	while (intro_take_line(&p, end, &line, &stop))
		count++;
	return count;
}

static int parse(struct intro *session, const struct intro_buf *buf, struct intro_locks *locks)
{
	const char *p = buf->data, *end = p + buf->len, *line, *stop;

	while (intro_take_line(&p, end, &line, &stop)) {
		int r = intro_parse_lock(line, (size_t)(stop - line), &locks->all[locks->count]);

		if (r < 0) {
			intro_fail(session, r, 0, 0, LOCKS_FILE, "a line is no lock");
			session->error.line = locks->count + 1;
			session->error.offset = (uint64_t)(line - buf->data);
			return r;
		}
		locks->count++;
	}
	return 0;
}

static int make(struct intro *session, const struct intro_buf *buf, struct intro_locks **ret)
{
	struct intro_locks *locks =
		calloc(1, sizeof(*locks) + count_lines(buf) * sizeof(locks->all[0]));
	int r;

	if (!locks)
		return intro_fail(session, INTRO_E_NOMEM, ENOMEM, 0, LOCKS_FILE, NULL);
	r = parse(session, buf, locks);
	if (r < 0) {
		free(locks);
		return r;
	}
	*ret = locks;
	return 0;
}

int intro_locks_open(struct intro *session, struct intro_locks **ret)
{
	struct intro_buf buf = {0};
	int r = intro_read_file(session, session->proc_fd, LOCKS_FILE, LOCKS_LIMIT, &buf);

	if (r == -ENOENT)
		r = intro_fail(session, INTRO_E_ABSENT, ENOENT, 0, LOCKS_FILE, NULL);
	else if (r == -EBADMSG)
		r = intro_fail(session, INTRO_E_FORMAT, 0, 0, LOCKS_FILE, "not a regular file");
	else if (r < 0)
		r = intro_fail(session, intro_code_of_errno(-r), -r, 0, LOCKS_FILE, NULL);
	else
		r = make(session, &buf, ret);
	intro_buf_free(&buf);
	return r;
}

void intro_locks_close(struct intro_locks *locks)
{
	free(locks);
}

const struct intro_lock *intro_locks_all(const struct intro_locks *locks, size_t *count)
{
	*count = locks->count;
	return locks->all;
}
