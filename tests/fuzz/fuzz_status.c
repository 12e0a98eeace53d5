/* /proc/PID/status, with lists that are kept from one parse to the next. */
#include "fuzz/fuzz.h"

#include "proc/parse.h"

static void check(const struct intro_status *status, const uint8_t *data, size_t size)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < status->group_count; i++)
		sum += status->groups[i];
	for (size_t i = 0; i < status->ns_pid_count; i++) {
		REQUIRE(status->ns_pids[i] >= 0);
		sum += (uint64_t)status->ns_pids[i];
	}
	REQUIRE(sum <= UINT64_C(0xffffffff) * (status->group_count + status->ns_pid_count));
	REQUIRE(status->group_count + status->ns_pid_count <= size);
	require_inside(status->cpus_allowed, data, size);
	require_inside(status->mems_allowed, data, size);
	if (status->have & INTRO_STATUS_MEMORY)
		REQUIRE(status->vm_rss % 1024 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char other[] = "Groups:\t1 2 3\nNSpid:\t7\n";
	struct intro_status_lists lists = {0};

	for (int i = 0; i < 2; i++) {
		FILLED(struct intro_status, status);
		int r = intro_parse_status((const char *)data, size, &lists, &status);

		if (r < 0) {
			REQUIRE(r == INTRO_E_FORMAT);
			REQUIRE_UNTOUCHED(status);
		} else {
			check(&status, data, size);
		}
		REQUIRE(!intro_parse_status(other, sizeof(other) - 1, &lists, &status));
		REQUIRE(status.group_count == 3 && status.groups[2] == 3);
		REQUIRE(status.ns_pid_count == 1 && status.ns_pids[0] == 7);
	}
	intro_status_lists_free(&lists);
	return 0;
}
