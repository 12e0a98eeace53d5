/* /proc/PID/mountinfo: all of its lines, and what its escapes stand for. */
#include "fuzz/fuzz.h"

#include "proc/mountinfo.h"

static void check_unescape(struct intro_bytes bytes)
{
	char *to = malloc(bytes.len);

	REQUIRE(to && bytes.len);
	REQUIRE(intro_mount_unescape(bytes, to) <= bytes.len);
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;

	for (;;) {
		FILLED(struct intro_mount, mount);
		const char *before = p;
		int r = intro_take_mount(&p, end, &mount);

		if (r <= 0)
			REQUIRE_UNTOUCHED(mount);
		if (r == 0)
			break;
		REQUIRE(p > before && p <= end);
		if (r < 0) {
			REQUIRE(r == INTRO_E_FORMAT);
			continue;
		}
		require_inside(mount.root, data, size);
		require_inside(mount.point, data, size);
		require_inside(mount.type, data, size);
		check_unescape(mount.root);
		check_unescape(mount.point);
	}
	REQUIRE(p == end);
	return 0;
}
