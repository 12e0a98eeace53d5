/* Arenas, and the buffer that all output goes through. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "present/arena.h"
#include "present/output.h"

static void test_arena(void **state)
{
	struct arena arena = {0};
	char *texts[200];

	(void)state;
	arena_reset(&arena);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 200; i++) {
			size_t size = (i * 37) % 3000 + (i == 100 ? 1000000 : 0);
			uint64_t *numbers = arena_alloc(&arena, size);

			assert_int_equal((uintptr_t)numbers % _Alignof(max_align_t), 0);
			memset(numbers, 0xff, size);
			texts[i] = arena_printf(&arena, "%zu:%*s", i, (int)(i * 5), "x");
		}
		for (size_t i = 0; i < 200; i++)
			assert_int_equal(strtoul(texts[i], NULL, 10), i);
		assert_int_equal(strlen(texts[199]), 4 + 199 * 5);
		arena_reset(&arena);
	}
	assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	arena_free(&arena);
	assert_null(arena.first);
}

static void check(struct output *output, const char *expected)
{
	assert_int_equal(output->len, strlen(expected));
	assert_memory_equal(output->data, expected, output->len);
	output->len = 0;
}

static void test_numbers(void **state)
{
	struct output output;

	(void)state;
	output_open_memory(&output);
	output_uint(&output, 0);
	check(&output, "0");
	for (uint64_t n = 1, i = 0; i < 20; i++, n *= 10) {
		char expected[32];

		output_uint(&output, n);
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)n);
		check(&output, expected);
		output_uint(&output, n - 1);
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)n - 1);
		check(&output, expected);
	}
	output_int(&output, -1);
	check(&output, "-1");
	output_hex(&output, 0);
	check(&output, "0x0");
	output_hex(&output, UINT64_MAX);
	check(&output, "0xffffffffffffffff");
	output_digits(&output, 7, 3);
	check(&output, "007");
	output_digits(&output, 12345, 3);
	check(&output, "12345");
	output_printf(&output, "%s-%d", "a", 5);
	check(&output, "a-5");
	output_free(&output);
}

/* Pieces of all sizes around that of the buffer arrive whole and in order. */
static void test_buffer(void **state)
{
	int file = memfd_create("output", MFD_CLOEXEC);
	struct output output;
	static char piece[200000], back[200000];
	off_t offset = 0;
	static const size_t sizes[] = {1, 65535, 65536, 2, 65537, 200000, 0, 7, 100000};
	enum { COUNT = sizeof(sizes) / sizeof(sizes[0]) };

	(void)state;
	assert_true(file >= 0);
	output_open(&output, file);
	for (size_t i = 0; i < COUNT; i++) {
		memset(piece, 'a' + (int)i, sizes[i]);
		output_bytes(&output, piece, sizes[i]);
		output_char(&output, '\n');
	}
	assert_int_equal(output_finish(&output), 0);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(pread(file, back, sizes[i], offset), sizes[i]);
		memset(piece, 'a' + (int)i, sizes[i]);
		assert_memory_equal(back, piece, sizes[i]);
		offset += (off_t)sizes[i] + 1;
	}
	assert_int_equal(lseek(file, 0, SEEK_END), offset);
	output_free(&output);
	close(file);
}

/* After the first error nothing is written any more, however much comes. */
static void test_error_is_kept(void **state)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct output output;
	char piece[1000] = "x";

	(void)state;
	assert_true(full >= 0);
	output_open(&output, full);
	for (int i = 0; i < 1000; i++)
		output_bytes(&output, piece, sizeof(piece));
	assert_int_equal(output.os_errno, ENOSPC);
	assert_false(output_flush(&output));
	output_free(&output);
	close(full);
}

static void test_nonblocking(void **state)
{
	int pipes[2];
	struct output output;
	static char piece[300000], back[4096];
	size_t total = 0;

	(void)state;
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(fcntl(pipes[1], F_SETFL, O_NONBLOCK), 0);
	fflush(NULL);
	pid_t writer = fork();

	assert_true(writer >= 0);
	if (writer == 0) {
		close(pipes[0]);
		output_open(&output, pipes[1]);
		output_bytes(&output, piece, sizeof(piece));
		_exit(output_finish(&output));
	}
	close(pipes[1]);
	for (ssize_t len; (len = read(pipes[0], back, sizeof(back))) > 0;)
		total += (size_t)len;
	assert_int_equal(total, sizeof(piece));
	close(pipes[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),       cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_buffer),      cmocka_unit_test(test_error_is_kept),
		cmocka_unit_test(test_nonblocking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
