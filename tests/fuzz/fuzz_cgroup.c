/* /proc/PID/cgroup. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_bytes, value);
	int r = intro_parse_cgroup((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	require_inside(value, data, size);
	REQUIRE(!value.len || !memchr(value.data, '\n', value.len));
	return 0;
}
