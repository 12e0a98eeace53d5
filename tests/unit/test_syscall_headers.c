/*
 * The system's headers against our tables: no system call that they know may be missing. (That the
 * numbers are the same is checked when the library is compiled.) The compiler lists the macros.
 */
#include "unit/exact.h"

#include <stdio.h>

#include <intro/names.h>

/* Runs the compiler over a header; NULL if that cannot be done. */
static FILE *list_macros(const char *header)
{
	const char *compiler = getenv("INTRO_CC");
	char command[1024];

	snprintf(command, sizeof(command), "%s -E -dM -include %s -x c /dev/null 2>/dev/null",
		 compiler ? compiler : "cc", header);
	return popen(command, "r");
}

/* Returns how many system calls the header has. */
static unsigned check_header(enum intro_names set, const char *header)
{
	FILE *macros = list_macros(header);
	char line[1024], name[256];
	unsigned count = 0, number;

	if (!macros)
		return 0;
	while (fgets(line, sizeof(line), macros)) {
		if (sscanf(line, "#define __NR_%255s %u", name, &number) != 2)
			continue;
		const char *ours = intro_name(set, number);
		if (!ours || strcmp(ours, name) != 0)
			fail_msg("%s: %u is %s, not %s", header, number, name, ours ? ours : "-");
		count++;
	}
	pclose(macros);
	return count;
}

static void test_x86_64(void **state)
{
	(void)state;
	assert_true(check_header(INTRO_NAMES_SYSCALL_X86_64, "asm/unistd_64.h") > 300);
}

static void test_i386(void **state)
{
	(void)state;
	assert_true(check_header(INTRO_NAMES_SYSCALL_I386, "asm/unistd_32.h") > 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x86_64),
		cmocka_unit_test(test_i386),
	};
	FILE *macros = list_macros("asm/unistd_64.h");
	char line[64];
	bool can = macros && fgets(line, sizeof(line), macros);

	if (macros)
		pclose(macros);
	if (!can) {
		puts("skipped: no compiler that lists the macros of asm/unistd_64.h");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
