/* Option structs of callers that were built with another version of the headers. */
#include <string.h>

#include "base/base.h"

int intro_options_copy(void *to, size_t to_size, size_t first_size, const void *from,
		       size_t from_size)
{
	const char *bytes = from;

	if (from_size < first_size)
		return INTRO_E_INVALID;
	for (size_t i = to_size; i < from_size; i++)
		if (bytes[i])
			return INTRO_E_INVALID;
	memset(to, 0, to_size);
	memcpy(to, from, from_size < to_size ? from_size : to_size);
	return 0;
}
