/* Files of one number. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(int64_t, value);
	int r = intro_parse_decimal((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	char text[32];
	int len = snprintf(text, sizeof(text), "%lld\n", (long long)value);
	int64_t again;

	REQUIRE(!intro_parse_decimal(text, (size_t)len, &again) && again == value);
	return 0;
}
