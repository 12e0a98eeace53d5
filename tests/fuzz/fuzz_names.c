/*
 * Names to values: the input is a text, and every set has to make something of it. Whatever is
 * understood is written again, and must then be understood in the same way.
 */
#include "fuzz/fuzz.h"

static void check_word(enum intro_names set, const char *text, size_t len)
{
	uint64_t bits = 77, back = 0;
	int r = intro_mask_parse(set, text, len, &bits);

	if (r < 0) {
		REQUIRE(r == INTRO_E_ABSENT || r == INTRO_E_LIMIT);
		REQUIRE(bits == 77);
		return;
	}
	size_t needed = intro_mask_format(set, bits, '|', NULL, 0);
	char *written = malloc(needed + 1);
	REQUIRE(written && intro_mask_format(set, bits, '|', written, needed + 1) == needed);
	REQUIRE(strlen(written) == needed);
	REQUIRE(!intro_mask_parse(set, written, needed, &back) && back == bits);
	free(written);
}

static void check_name(enum intro_names set, const char *text, size_t len)
{
	uint64_t value = 77, back = 0;
	int r = intro_name_parse(set, text, len, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_ABSENT || r == INTRO_E_LIMIT);
		REQUIRE(value == 77);
		return;
	}
	const char *name = intro_name(set, value);
	if (!name)
		return; /* a number */
	REQUIRE(!intro_name_parse(set, name, strlen(name), &back));
	/* Two letters stand for "dead". */
	REQUIRE(back == value || (set == INTRO_NAMES_STATE && value == 'x' && back == 'X'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int set = 0; set < INTRO_NAMES_COUNT; set++) {
		check_name((enum intro_names)set, (const char *)data, size);
		check_word((enum intro_names)set, (const char *)data, size);
	}
	return 0;
}
