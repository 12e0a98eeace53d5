/* /proc/PID/schedstat. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_schedstat, value);
	int r = intro_parse_schedstat((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	char text[96];
	int len = snprintf(text, sizeof(text), "%llu %llu %llu", (unsigned long long)value.run_ns,
			   (unsigned long long)value.wait_ns, (unsigned long long)value.timeslices);

	/* Written again it can only become shorter: by zeros and a newline. */
	REQUIRE((size_t)len <= size);
	FILLED(struct intro_schedstat, again);
	REQUIRE(!intro_parse_schedstat(text, (size_t)len, &again));
	REQUIRE(memcmp(&again, &again_before, sizeof(again)) != 0);
	REQUIRE(!memcmp(&again, &value, sizeof(again)));
	return 0;
}
