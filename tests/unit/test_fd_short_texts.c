/* Short texts of other ends and sharers stop after some and count the rest; the lists have them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd_columns.h"

enum { WRITERS = 40, SHOWN = 16 };

static struct value cell(const struct fd_row *row, const char *name, struct arena *arena)
{
	size_t count;
	const struct column *columns = fd_columns(&count);
	struct value value = {0};

	for (size_t i = 0; i < count; i++)
		if (strcmp(columns[i].name, name) == 0)
			columns[i].get(row, arena, &value);
	return value;
}

static void assert_short(const struct value *list, const char *last)
{
	const struct value *item = &list->list.items[SHOWN];

	assert_int_equal(list->kind, VALUE_LIST);
	assert_int_equal(list->list.count, SHOWN + 1);
	assert_int_equal(list->list.rest, strtol(last, NULL, 10));
	assert_int_equal(item->text.len, strlen(last));
	assert_memory_equal(item->text.data, last, strlen(last));
}

static void check(struct fd_row *row, int reader)
{
	struct arena arena = {0};
	struct value value;

	if (row->fd->fd == reader) {
		value = cell(row, "peers", &arena);
		assert_int_equal(value.list.count, WRITERS);
		value = cell(row, "peer", &arena);
		assert_short(&value, "+24 more");
	} else {
		value = cell(row, "peer", &arena);
		assert_int_equal(value.list.count, 1);
		value = cell(row, "shared_with", &arena);
		assert_int_equal(value.list.count, WRITERS - 1);
		value = cell(row, "sharers", &arena);
		assert_short(&value, "+23 more");
	}
	arena_free(&arena);
}

static void test_many_writers(void **state)
{
	uint32_t want = INTRO_FD_WANT(LINK) | INTRO_FD_WANT(ACCESS) | INTRO_FD_WANT(STAT);
	struct intro_fds_options options = {
		.size = sizeof(options), .want = want, .slots = INTRO_SLOT_BIT(FD)};
	struct fd_row row = {0};
	struct intro_fds *fds;
	bool is_ours[1024] = {false}; /* there may be others between them */
	int ends[2], seen = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	is_ours[ends[0]] = is_ours[ends[1]] = true;
	for (int i = 1; i < WRITERS; i++) {
		int fd = dup(ends[1]);

		assert_in_range(fd, 0, 1023);
		is_ours[fd] = true;
	}
	assert_int_equal(intro_open(NULL, &row.session), 0);
	assert_int_equal(intro_sockets_open(row.session, &row.sockets), 0);
	options.sockets = row.sockets;
	assert_int_equal(intro_fd_index_open(row.session, row.sockets, &row.index), 0);
	assert_int_equal(intro_fds_open(row.session, &options, &fds), 0);
	assert_int_equal(intro_fds_select(fds, getpid(), 0), 0);
	while (intro_fds_next(fds, &row.fd) > 0)
		if (row.fd->fd < 1024 && is_ours[row.fd->fd]) {
			check(&row, ends[0]);
			seen++;
		}
	assert_int_equal(seen, WRITERS + 1);
	intro_fds_close(fds);
	intro_fd_index_close(row.index);
	intro_sockets_close(row.sockets);
	intro_close(row.session);
	for (int fd = 0; fd < 1024; fd++)
		if (is_ours[fd])
			close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_many_writers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
