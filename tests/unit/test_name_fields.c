/* Fields of several bits in a flag word, on a set made for the purpose. */
#include "unit/exact.h"

#include "names/set.h"

/* Like the flags of open(2): a field of two bits, single bits, and a bit that holds another. */
#define SET mode
#define SET_IS_FLAGS
#define SET_FILE "unit/fields.def"
#include "names/expand.h"

static const struct intro_name_set set = {
	.kind = INTRO_SET_FLAGS,
	.most = UINT64_MAX,
	.prefix = "M_",
	.texts = (const char *)&mode_texts,
	.rows = mode_rows,
};

static void assert_word(uint64_t bits, const char *expected)
{
	char text[256];
	uint64_t back = ~bits;
	size_t len = intro_set_format(&set, bits, '|', text, sizeof(text));

	assert_string_equal(text, expected);
	assert_int_equal(intro_set_parse_mask(&set, text, len, &back), 0);
	assert_true(back == bits);
}

static void test_fields(void **state)
{
	(void)state;
	assert_word(0, "");
	assert_word(1, "M_WRITE");
	assert_word(2, "M_BOTH");
	assert_word(3, "0x3"); /* a value of the field that has no name */
	assert_word(4, "M_APPEND");
	assert_word(0x18, "M_SYNC");
	assert_word(0x10, "0x10");
	assert_word(0x08, "M_DSYNC");
	assert_word(0x7e, "M_BOTH|M_SYNC|M_APPEND|0x60");
	assert_word(0x7f, "M_SYNC|M_APPEND|0x63");
}

static void test_every_word(void **state)
{
	(void)state;
	for (uint64_t bits = 0; bits < 256; bits++) {
		char text[256];
		uint64_t back = ~bits;
		size_t len = intro_set_format(&set, bits, ',', text, sizeof(text));

		assert_int_equal(intro_set_parse_mask(&set, text, len, &back), 0);
		assert_true(back == bits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_every_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
