/* A mask of CPUs to a list: the input is the mask; the list must hold its bits and no others. */
#include "fuzz/fuzz.h"

#include "base/number.h"
#include "proc/parse.h"

static bool has_cpu(const uint8_t *mask, uint64_t cpu)
{
	return mask[cpu / 8] >> (cpu % 8) & 1;
}

static void check(const char *list, const char *end, const uint8_t *mask, uint64_t count)
{
	uint64_t next = 0; /* CPUs below have been looked at */

	while (list < end) {
		uint64_t first, last;

		REQUIRE(intro_take_u64(&list, end, &first));
		last = first;
		if (list < end && *list == '-') {
			list++;
			REQUIRE(intro_take_u64(&list, end, &last) && last > first);
		}
		REQUIRE(last < count && (list == end || *list == ','));
		list += list < end;
		for (; next < first; next++)
			REQUIRE(!has_cpu(mask, next));
		for (; next <= last; next++)
			REQUIRE(has_cpu(mask, next));
	}
	for (; next < count; next++)
		REQUIRE(!has_cpu(mask, next));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *mask = malloc(size + 1);
	size_t whole = size & ~(sizeof(long) - 1); /* masks are made of longs */

	REQUIRE(mask);
	if (size)
		memcpy(mask, data, size);
	size_t len = intro_format_cpu_list(mask, whole, NULL, 0);
	char *list = malloc(len + 1);
	REQUIRE(list && intro_format_cpu_list(mask, whole, list, len + 1) == len);
	REQUIRE(strlen(list) == len);
	check(list, list + len, (const uint8_t *)mask, whole * 8);
	free(list);
	free(mask);
	return 0;
}
