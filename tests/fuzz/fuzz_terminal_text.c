/* Any bytes for a terminal: nothing that it obeys comes out, and in both locales it is UTF-8. */
#include "fuzz/fuzz.h"

#include "present/terminal_text.h"
#include "present/utf8.h"

static bool is_obeyed(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
	       code == 0xfeff || code == 0xad;
}

static void check(const char *s, size_t len, unsigned flags)
{
	struct output output;

	output_open_memory(&output);
	terminal_text(&output, s, len, flags);
	REQUIRE(output.len >= len);
	for (size_t i = 0; i < output.len;) {
		uint32_t code;
		int n = utf8_decode(output.data + i, output.len - i, &code);

		REQUIRE(n > 0 && !is_obeyed(code));
		REQUIRE(flags & TERMINAL_UTF8 || code < 0x80);
		REQUIRE(!(flags & TERMINAL_COMMA) || code != ',');
		i += (size_t)n;
	}
	output_free(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (unsigned flags = 0; flags < 16; flags++)
		check((const char *)data, size, flags);
	return 0;
}
