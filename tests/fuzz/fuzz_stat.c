/* /proc/PID/stat. What is read is compared with a simple reader of what follows the last ')'. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

/* The number after `skip` blanks, counted from the last ')'. */
static const char *after_blanks(const char *text, size_t len, unsigned skip)
{
	const char *p = memrchr(text, ')', len), *end = text + len;

	for (; p < end && skip; p++)
		skip -= *p == ' ';
	return skip ? NULL : p;
}

static void compare(const struct intro_stat *stat, const char *text, size_t len)
{
	char copy[64] = "";
	const char *ppid = after_blanks(text, len, 2), *starttime = after_blanks(text, len, 20);

	REQUIRE(ppid && starttime);
	REQUIRE(strtol(ppid, NULL, 10) == stat->ppid);
	strncpy(copy, starttime, sizeof(copy) - 1);
	REQUIRE(strspn(copy, "0") > 20 || strtoull(copy, NULL, 10) == stat->starttime);
	REQUIRE(after_blanks(text, len, stat->fields - 2));
	REQUIRE(!after_blanks(text, len, stat->fields - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_stat, stat);
	int r = intro_parse_stat((const char *)data, size, &stat);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(stat);
		return 0;
	}
	REQUIRE(stat.fields >= 22);
	REQUIRE(stat.comm_len < INTRO_COMM_SIZE && strlen(stat.comm) == stat.comm_len);
	REQUIRE(stat.pid >= 0);

	char *text = malloc(size + 1);
	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	compare(&stat, text, size);
	free(text);
	return 0;
}
