/* /proc/PID/autogroup. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_bytes, name);
	FILLED(int, nice);
	int r = intro_parse_autogroup((const char *)data, size, &name, &nice);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(name);
		REQUIRE_UNTOUCHED(nice);
		return 0;
	}
	require_inside(name, data, size);
	REQUIRE(name.len && name.data[0] == '/' && !memchr(name.data, ' ', name.len));
	REQUIRE(nice >= -20 && nice <= 19);
	return 0;
}
