/* The public face of the names: finds the set, and leaves the rest to set_format.c and set_parse.c. */
#include <intro/names.h>

#include "names/set.h"

const char *intro_name(enum intro_names set, uint64_t value)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? intro_set_name(found, value) : NULL;
}

int intro_name_parse(enum intro_names set, const char *text, size_t len, uint64_t *ret)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? intro_set_parse(found, text, len, ret) : INTRO_E_INVALID;
}

const char *intro_names_prefix(enum intro_names set)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? found->prefix : "";
}

int intro_names_next(enum intro_names set, size_t *position, struct intro_name *ret)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? intro_set_next(found, position, ret) : 0;
}

int intro_mask_take(enum intro_names set, uint64_t *bits, struct intro_name *ret)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? intro_set_take(found, bits, ret) : 0;
}

size_t intro_mask_format(enum intro_names set, uint64_t bits, char separator, char *buf,
			 size_t size)
{
	const struct intro_name_set *found = intro_set_find(set);

	if (found)
		return intro_set_format(found, bits, separator, buf, size);
	if (size)
		buf[0] = '\0';
	return 0;
}

int intro_mask_parse(enum intro_names set, const char *text, size_t len, uint64_t *ret)
{
	const struct intro_name_set *found = intro_set_find(set);

	return found ? intro_set_parse_mask(found, text, len, ret) : INTRO_E_INVALID;
}
