/* Targets of the links to namespaces. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(uint64_t, value);
	int r = intro_parse_namespace((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	char text[32];
	int len = snprintf(text, sizeof(text), "[%llu", (unsigned long long)value);

	/* It stands there, unless it has leading zeros. */
	REQUIRE(memmem(data, size, text, (size_t)len) || memmem(data, size, "[0", 2));
	return 0;
}
