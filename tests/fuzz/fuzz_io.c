/* /proc/PID/io. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_io, value);
	int r = intro_parse_io((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	/* All seven lines were there. */
	REQUIRE(memmem(data, size, "cancelled_write_bytes: ", 23));
	REQUIRE(memmem(data, size, "rchar: ", 7));
	return 0;
}
