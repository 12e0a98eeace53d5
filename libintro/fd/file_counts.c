/*
 * How many files the system has open, and may have:
 *   file-nr  "2208\t0\t9223372036854775807\n"     nr_open  "1073741816\n"
 */
#include <errno.h>

#include "base/base.h"
#include "base/number.h"
#include "proc/text.h"

#include <intro/fd.h>

#define SMALL_FILE (64u << 10)

static int read_numbers(struct intro *session, const char *path, uint64_t *numbers, unsigned count)
{
	struct intro_buf buf = {0};
	int r = intro_read_record(session, session->proc_fd, path, SMALL_FILE, &buf);
	const char *p = buf.data, *end = buf.data + buf.len;
	unsigned i = 0;

	while (r == 0 && i < count) {
		intro_skip_blanks(&p, end);
		if (!intro_take_u64(&p, end, &numbers[i++]))
			r = -EBADMSG;
	}
	intro_buf_free(&buf);
	if (r == -ENOENT)
		return intro_fail(session, INTRO_E_ABSENT, ENOENT, 0, path, NULL);
	if (r == -EBADMSG)
		return intro_fail(session, INTRO_E_FORMAT, 0, 0, path, NULL);
	return r ? intro_fail(session, intro_code_of_errno(-r), -r, 0, path, NULL) : 0;
}

int intro_file_counts_read(struct intro *session, struct intro_file_counts *ret)
{
	enum { OPEN, UNUSED, MOST, COUNT }; /* the second has been 0 since Linux 2.6 */
	uint64_t files[COUNT], nr_open = 0;
	int r = read_numbers(session, "sys/fs/file-nr", files, COUNT);

	if (r == 0)
		r = read_numbers(session, "sys/fs/nr_open", &nr_open, 1);
	if (r)
		return r;
	if (files[UNUSED] > files[OPEN])
		files[UNUSED] = files[OPEN];
	*ret = (struct intro_file_counts){
		.open = files[OPEN] - files[UNUSED], .most = files[MOST], .nr_open = nr_open};
	return 0;
}
