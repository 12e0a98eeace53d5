/* Where a link of a descriptor points: what is said to be in the text is found there. */
#include "fuzz/fuzz.h"

#include "fd/link.h"

static void require_number(const struct intro_link *link, const char *text, size_t size)
{
	const char *bracket = memchr(text, '[', size);

	REQUIRE(bracket && text[size - 1] == ']');
	REQUIRE(link->kind != INTRO_FD_KIND_UNKNOWN && link->kind != INTRO_FD_KIND_ANON);
	REQUIRE(strspn(bracket + 1, "0") > 20 || strtoull(bracket + 1, NULL, 10) == link->ino);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intro_link link;
	char *text = malloc(size + 1);

	REQUIRE(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	memset(&link, 0x55, sizeof(link));
	intro_parse_link((const char *)data, size, &link);
	REQUIRE(link.kind < INTRO_FD_KIND_COUNT);
	REQUIRE(link.is_path == (size && text[0] == '/'));
	REQUIRE(!link.is_path || (link.kind == INTRO_FD_KIND_UNKNOWN && !link.has_ino));
	REQUIRE(link.is_path || (!link.may_be_memfd && !link.has_suffix));
	if (link.has_ino)
		require_number(&link, text, size);
	if (link.has_suffix)
		REQUIRE(!memcmp(text + size - strlen(INTRO_LINK_SUFFIX), INTRO_LINK_SUFFIX,
				strlen(INTRO_LINK_SUFFIX)));
	if (strlen(text) == size && !strcmp(text, "pipe:[1]"))
		REQUIRE(link.kind == INTRO_FD_KIND_PIPE && link.ino == 1);
	free(text);
	return 0;
}
