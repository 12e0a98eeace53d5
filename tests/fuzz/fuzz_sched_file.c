/* /proc/PID/sched. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILLED(struct intro_sched_file, value);
	int r = intro_parse_sched_file((const char *)data, size, &value);

	if (r < 0) {
		REQUIRE(r == INTRO_E_FORMAT);
		REQUIRE_UNTOUCHED(value);
		return 0;
	}
	REQUIRE(value.have <= 0xff);
	if (!(value.have & INTRO_SCHED_FILE_SUM_EXEC))
		REQUIRE(value.sum_exec_ns == 0);
	if (!(value.have & INTRO_SCHED_FILE_PRIO))
		REQUIRE(value.prio == 0);
	return 0;
}
