/* What the tests of fdinfo share: a text at a time, and the facts that it gave. */
#ifndef TESTS_UNIT_FDINFO_H
#define TESTS_UNIT_FDINFO_H

#include "unit/exact.h"

#include "fd/fdinfo.h"

/* The lines of an anonymous file. */
#define COMMON "pos:\t0\nflags:\t02000002\nmnt_id:\t17\nino:\t1038\n"

struct parsed {
	struct intro_fdinfo_store store;
	struct intro_fdinfo info;
	char *text; /* the one that texts of `info` lie in */
};

static inline int parse_bytes(struct parsed *parsed, enum intro_fd_kind kind, const char *text,
			      size_t len)
{
	free(parsed->text);
	parsed->text = exact_copy(text, len);
	return intro_parse_fdinfo(exact_text(parsed->text, len), len, kind, &parsed->store,
				  &parsed->info);
}

static inline void parse(struct parsed *parsed, enum intro_fd_kind kind, const char *text)
{
	memset(&parsed->info, 0x55, sizeof(parsed->info));
	if (parse_bytes(parsed, kind, text, strlen(text)) != 0)
		fail_msg("refused: %s", text);
	/* However it is cut, the parser stays inside. */
	for (size_t len = 0; len < strlen(text); len++) {
		struct parsed cut = {0};
		int r = parse_bytes(&cut, kind, text, len);

		if (r != 0 && r != INTRO_E_FORMAT)
			fail_msg("%d of %zu bytes of: %s", r, len, text);
		intro_fdinfo_store_free(&cut.store);
		free(cut.text);
	}
}

static inline void assert_refused(struct parsed *parsed, enum intro_fd_kind kind, const char *text)
{
	struct intro_fdinfo before;

	memset(&parsed->info, 0x55, sizeof(parsed->info));
	before = parsed->info;
	if (parse_bytes(parsed, kind, text, strlen(text)) != INTRO_E_FORMAT)
		fail_msg("taken: %s", text);
	assert_memory_equal(&parsed->info, &before, sizeof(before));
}

static inline void assert_bytes(struct intro_bytes bytes, const char *expected, size_t len)
{
	assert_int_equal(bytes.len, len);
	assert_memory_equal(bytes.data, expected, len);
}

static inline int fdinfo_setup(void **state)
{
	*state = calloc(1, sizeof(struct parsed));
	return *state ? 0 : -1;
}

static inline int fdinfo_teardown(void **state)
{
	struct parsed *parsed = *state;

	intro_fdinfo_store_free(&parsed->store);
	free(parsed->text);
	free(parsed);
	return 0;
}

#define FDINFO_TEST(name) cmocka_unit_test_setup_teardown(name, fdinfo_setup, fdinfo_teardown)

#endif
