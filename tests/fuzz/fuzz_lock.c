/* A file lock. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_lock, lock);
	int r = intro_parse_lock((const char *)data, size, &lock);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(lock);
		return 0;
	}
	REQUIRE(lock.type <= INTRO_LOCK_UNKNOWN && lock.mode <= INTRO_LOCK_NONE);
	REQUIRE(lock.start <= lock.end);
	REQUIRE(lock.depth < size);
	REQUIRE(lock.has_inode || (!lock.ino && !lock.dev_major && !lock.dev_minor));
	return 0;
}
