/* /proc/PID/limits. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_limits, value);
	int r = intro_parse_limits((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	REQUIRE(value.have < 1u << INTRO_RLIMIT_COUNT);
	for (unsigned i = 0; i < INTRO_RLIMIT_COUNT; i++) {
		if (!(value.have & 1u << i))
			REQUIRE(value.limit[i].soft == 0 && value.limit[i].hard == 0);
	}
	return 0;
}
